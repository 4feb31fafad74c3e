"""The two versions side by side (修订对照表) as a table, and on disk in every format."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from resanalysis.export.comparison_html import write_html
from resanalysis.export.comparison_word import write_docx
from resanalysis.export.pairs import VERSIONS, ClauseText, compare_pairs
from resanalysis.export.paper import make_comparison_table, write_excel, write_latex
from resanalysis.model import LANGUAGES, Language, Study

_COMPARED = ("id", "marker", "text", "topics")
_MARKS = {"old": ("{--", "--}"), "new": ("{++", "++}")}


def compare_clauses(study: Study, *, language: Language = "zh") -> pd.DataFrame:
    """Return the two-column table of old and new clauses (修订对照表) with their topics.

    Returns
    -------
    DataFrame
        One row per 1:1 pair or orphan, in the order of `pairs`: `change`, `heading`, `old_id`,
        `old_marker`, `old_text`, `old_topics`, and the same for `new`. Topics are labels joined by
        `、` (Chinese) or `; ` (English).
    """
    labels = {topic.id: topic.label[language] for topic in study.codebook.topics}
    joint = "、" if language == "zh" else "; "
    rows = []
    for pair in compare_pairs(study):
        row = {"change": pair.change, "heading": pair.heading}
        for version, side in zip(VERSIONS, (pair.old, pair.new), strict=True):
            row |= {
                f"{version}_id": side.clause_id if side else "",
                f"{version}_marker": side.marker if side else "",
                f"{version}_text": side.text if side else "",
                f"{version}_topics": joint.join(labels[t] for t in side.topics) if side else "",
            }
        rows.append(row)
    columns = [f"{version}_{name}" for version in VERSIONS for name in _COMPARED]
    return pd.DataFrame(rows, columns=["change", "heading", *columns])


def write_comparison(study: Study, folder: str | Path) -> list[Path]:
    """Write the 对照表 as Word, HTML, LaTeX and Excel in Chinese and English, and as CSV.

    Those but the CSV are `comparison-zh` and `comparison-en`: one row per pair of clauses, deleted
    characters struck through, inserted ones underlined, uncertain ones with a dotted underline (in
    Excel in italics), footnotes below their clause, the topics of each row. `comparison.csv` has
    the columns of `compare_clauses`, the flags of each pair, both texts in CriticMarkup
    (`old_marked`, `new_marked`), and whether a text has uncertain characters (`old_uncertain`,
    `new_uncertain`); topics and flags in it are in Chinese and by key. The same study gives the
    same bytes.

    Parameters
    ----------
    study : Study
        The study.
    folder : str or Path
        Where to write; made if missing.

    Returns
    -------
    list of Path
        The nine files.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in LANGUAGES:
        path = folder / f"comparison-{language}.docx"
        path.write_bytes(write_docx(study, language=language))
        paths.append(path)
        path = folder / f"comparison-{language}.html"
        path.write_text(write_html(study, language=language), "utf-8", newline="\n")
        paths.append(path)
        table = make_comparison_table(study, language=language)
        path = folder / f"comparison-{language}.tex"
        path.write_text(write_latex(table), "utf-8", newline="\n")
        paths.append(path)
        path = folder / f"comparison-{language}.xlsx"
        path.write_bytes(write_excel(table))
        paths.append(path)
    path = folder / "comparison.csv"
    _add_marks(compare_clauses(study), study).to_csv(
        path, index=False, encoding="utf-8-sig", lineterminator="\n"
    )
    return [*paths, path]


def _add_marks(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the table of clauses with flags, marked texts and whether they are uncertain."""
    pairs = compare_pairs(study)
    added = {"flags": [" ".join(pair.flags) for pair in pairs]}
    for version in VERSIONS:
        sides = [pair.old if version == "old" else pair.new for pair in pairs]
        added[f"{version}_marked"] = [_mark_text(side, *_MARKS[version]) for side in sides]
        added[f"{version}_uncertain"] = [
            str(bool(side and any(run.is_uncertain for run in side.runs))) for side in sides
        ]
    return table.assign(**added)


def _mark_text(side: ClauseText | None, opening: str, closing: str) -> str:
    """Return a clause's text with its changed characters in CriticMarkup."""
    if side is None:
        return ""
    text = "".join(
        f"{opening}{run.text}{closing}" if run.is_changed else run.text for run in side.runs
    )
    return text.replace(closing + opening, "")
