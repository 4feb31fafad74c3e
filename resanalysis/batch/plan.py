"""Which texts make which part of a dataset, kept on disk so that a run goes on where it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resanalysis.batch.dataset import PLAN, drop_part, is_dataset, list_parts, write_arrow
from resanalysis.batch.texts import Text
from resanalysis.model import input_error

if TYPE_CHECKING:
    from resanalysis.batch.working import Settings

MOST_TEXTS = 256
MOST_WORK = 2_000_000
"""Most texts and bytes of a part: so much is lost when a run is killed, and held in memory."""

WORK = {"flattened": 4, "folder": 4, "word": 4, "editions": 1, "criticmarkup": 1}
"""How much more work a byte is than one of clean text, roughly."""


@dataclass(frozen=True)
class Part:
    """Texts of one body whose rows stand together in the dataset."""

    number: int
    body: str
    texts: tuple[Text, ...]


def plan_parts(out: Path, texts: Sequence[Text], settings: Settings) -> list[Part]:
    """Return the parts of a dataset for these texts, and write them down.

    Parts of an earlier run stay as they are where their texts do; a part with a text that is
    gone or has changed no longer counts. New texts make new parts.

    Raises
    ------
    InputError
        When the dataset was made with other settings, or its plan cannot be read.
    """
    earlier = _read_plan(out, settings)
    by_id = {text.id: text for text in texts}
    parts = []
    for part in earlier:
        now = tuple(
            by_id[text.id]
            for text in part.texts
            if text.id in by_id and by_id[text.id].body == part.body
        )
        if now != part.texts:
            drop_part(out, part.number)
        if now:
            parts.append(Part(part.number, part.body, now))
    placed = {text.id for part in parts for text in part.texts}
    first = max((part.number for part in earlier), default=-1) + 1
    fresh = [text for text in texts if text.id not in placed]
    parts += [
        Part(number, group[0].body, tuple(group))
        for number, group in enumerate(_divide(fresh), start=first)
    ]
    if parts != earlier or not is_dataset(out):
        _write_plan(out, parts, settings)
    return parts


def _divide(texts: Sequence[Text]) -> Iterator[list[Text]]:
    """Give runs of texts of one body, each of so much work that little is lost when it is."""
    group: list[Text] = []
    work = 0
    for text in texts:
        more = text.size * WORK[text.kind]
        if group and (
            text.body != group[0].body or len(group) == MOST_TEXTS or work + more > MOST_WORK
        ):
            yield group
            group, work = [], 0
        group.append(text)
        work += more
    if group:
        yield group


def _write_plan(out: Path, parts: Sequence[Part], settings: Settings) -> None:
    """Write the plan so that it is all there or as it was before."""
    import pyarrow as pa

    rows = [
        {"part": part.number, "text": json.dumps(asdict(text), ensure_ascii=False)}
        for part in parts
        for text in part.texts
    ]
    schema = pa.schema([("part", pa.int64()), ("text", pa.string())])
    about = {"settings": json.dumps(settings.describe(), ensure_ascii=False)}
    table = pa.Table.from_pylist(rows, schema=schema.with_metadata(about))
    partial = out / f".{PLAN}.partial"
    try:
        write_arrow(table, partial)
        partial.replace(out / PLAN)
    finally:
        partial.unlink(missing_ok=True)


def _read_plan(out: Path, settings: Settings) -> list[Part]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = out / PLAN
    if not path.is_file():
        _refuse_full(out)
        return []
    try:
        table = pq.read_table(path)
        made = json.loads((table.schema.metadata or {})[b"settings"])
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        what = "cannot be read, is damaged or is no plan of a batch"
        raise input_error(path, "", what, "Name a new folder with --out") from error
    _compare_settings(out, made, settings.describe())
    groups: dict[int, list[Text]] = {}
    for row in table.to_pylist():
        groups.setdefault(row["part"], []).append(_make_text(json.loads(row["text"])))
    return [Part(number, group[0].body, tuple(group)) for number, group in groups.items()]


def _make_text(record: Mapping[str, Any]) -> Text:
    given = {field.name: record[field.name] for field in fields(Text)}
    given["files"] = tuple(given["files"])
    given["encodings"] = tuple(map(tuple, given["encodings"]))
    return Text(**given)


def _refuse_full(out: Path) -> None:
    """Refuse a folder with anything in it that is no dataset."""
    if out.is_dir() and any(not path.name.startswith(".") for path in out.iterdir()):
        raise input_error(
            out, "", "is a folder with other things in it", "Name a new folder with --out"
        )
    if out.exists() and not out.is_dir():
        raise input_error(out, "", "is a file", "Name a new folder with --out")


def _compare_settings(out: Path, made: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    names = [name for name in wanted if made.get(name) != wanted[name]]
    if names:
        raise input_error(
            out,
            ", ".join(names),
            "; ".join(
                f"{name} was {made.get(name)!r} and is now {wanted[name]!r}" for name in names
            ),
            "A dataset is made in one way throughout: use the same, or name a new folder with"
            " --out",
        )


def left_to_do(out: Path, parts: Sequence[Part]) -> list[Part]:
    """Return the parts that do not count yet."""
    done = set(list_parts(out))
    return [part for part in parts if part.number not in done]
