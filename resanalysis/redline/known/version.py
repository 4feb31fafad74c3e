"""A flattened text plus one known version: what is outside it is proven, the rest follows."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from resanalysis.model import Op, Version
from resanalysis.redline.known.ambiguity import Ambiguity, find_ambiguities
from resanalysis.redline.known.claims import Claims
from resanalysis.redline.known.embedding import Lattice, find_windows, sweep, trace
from resanalysis.redline.known.misfit import SpaceDifference, adapt_spaces, describe_misfit
from resanalysis.redline.segments import Redline, make_redline


@dataclass(frozen=True)
class Embedding:
    """Where a known version stands in a flattened text.

    Attributes
    ----------
    version : {"old", "new"}
        The version that is known.
    inside : tuple of (int, int)
        Spans of the text that are the known version, in order; what is outside them is text of the
        other version only.
    ambiguous : tuple of Ambiguity
        Stretches into which the known version fits in several ways about as well.
    spaces : tuple of SpaceDifference
        White space in which the known version differs from the text; the text's own is kept.
    """

    version: Version
    inside: tuple[tuple[int, int], ...]
    ambiguous: tuple[Ambiguity, ...]
    spaces: tuple[SpaceDifference, ...] = ()


def embed_version(
    text: str,
    known: str,
    *,
    version: Version,
    cut: Callable[[str], list[str]],
    proposed: Sequence[Op] | None = None,
    name: str = "known version",
) -> Embedding:
    """Return where `known` stands in `text`: the embedding that leaves the fewest runs outside.

    Of embeddings with as many runs, the one is taken whose runs begin at edges of words and of
    lines and that agrees best with `proposed`.

    Parameters
    ----------
    text : str
        The flattened text.
    known : str
        The whole of one version. It may differ from the text in white space.
    version : {"old", "new"}
        Which version `known` is.
    cut : callable
        Segments a Chinese string into words whose concatenation is the string.
    proposed : sequence of {"equal", "delete", "insert"}, optional
        What is otherwise believed of each character of the text.
    name : str
        File name of the known version, for messages.

    Raises
    ------
    InputError
        When the known version is not in the text: with every place, what the text lacks there and
        how to mend it.

    Notes
    -----
    Dynamic programming over the places that each character can take between its earliest and its
    latest embedding. Real texts leave few such places, so that time and memory grow with their
    length; where a character has more than `embedding.PLACES` of them only the first, the last and
    those that continue a run are tried, and the best embedding may be missed.

    Examples
    --------
    >>> embedding = embed_version("20142022年釜山", "2022年釜山", version="new", cut=list)
    >>> embedding.inside
    ((4, 11),)
    """
    windows = find_windows(text, known)
    spaces: list[SpaceDifference] = []
    if windows is None:
        known, spaces = _adapt(text, known, version, name)
        windows = find_windows(text, known)
        if windows is None:
            raise RuntimeError("white space was adapted wrongly")
    lattice = Lattice(text, known, version=version, cut=cut, proposed=proposed)
    states = sweep(lattice, windows)
    path = trace(states)
    ambiguous = find_ambiguities(lattice, states, path)
    return Embedding(version, tuple(_spans(path)), tuple(ambiguous), tuple(spaces))


def _adapt(text: str, known: str, version: Version, name: str) -> tuple[str, list[SpaceDifference]]:
    """Return the known version with the white space of the text, and where that differs."""
    text_at = array("q", (i for i, char in enumerate(text) if not char.isspace()))
    known_at = array("q", (i for i, char in enumerate(known) if not char.isspace()))
    squeezed, wanted = "".join(text[i] for i in text_at), "".join(known[i] for i in known_at)
    windows = find_windows(squeezed, wanted)
    if windows is None:
        raise describe_misfit(text, known, version=version, name=name)
    lattice = Lattice(squeezed, wanted, version=version, cut=list, proposed=None)
    path = array("q", (text_at[i] for i in trace(sweep(lattice, windows))))
    return adapt_spaces(text, known, path, known_at)


def _spans(path: Iterable[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for i in path:
        if spans and spans[-1][1] == i:
            spans[-1] = (spans[-1][0], i + 1)
        else:
            spans.append((i, i + 1))
    return spans


# --- both versions --------------------------------------------------------------------------------


def recover_known(
    text: str,
    known: str,
    *,
    version: Version,
    propose: Callable[[str], Redline],
    cut: Callable[[str], list[str]],
    corpus: str = "",
    name: str = "known version",
) -> Redline:
    r"""Return both versions inside a flattened text of which one is known.

    What stands outside the known version is text of the other version only. Of what stands inside
    it, the text does not say whether the other version has it too: there the machine's proposals
    are used, as far as the known version bears them out.

    - A label's number beside another one outside, and a number, bracket or title beside another
      one outside, are replaced by it.
    - Of each place that the machine proposes, the reading is taken that puts the same characters
      outside the known version as it does itself, with deletions and insertions exchanged if need
      be. A place none of whose readings does is dropped.
    - Of what is left, a line beside a line outside that rewords it is replaced by it, and so is a
      phrase beside such a phrase.

    Parameters
    ----------
    text, known, version, cut, name
        As in `embed_version`.
    propose : callable
        Gives the machine's redline of the text, such as `recover_versions` with its `cut`.
    corpus : str
        Id written into the tables.

    Returns
    -------
    Redline
        Text outside the known version is `proven`, of rule `known-version`, but where the known
        version fits in several ways that give different texts: there the readings are
        `alternatives`. The redline's text of `version` is `known`, save for white space in which
        the two sources differ; the notes say where.

    Raises
    ------
    InputError
        As in `embed_version`.

    Examples
    --------
    >>> from resanalysis.redline.recover import recover_versions
    >>> redline = recover_known("在20142022年，甲和丙。\n", "在2014年，甲。\n", version="old",
    ...                         propose=lambda text: recover_versions(text, cut=list), cut=list)
    >>> redline.text("old"), redline.text("new")
    ('在2014年，甲。\n', '在2022年，甲和丙。\n')
    """
    machine = propose(text)
    proposed: list[Op] = []
    for op, length in zip(machine.segments["op"], machine.segments["text"].str.len(), strict=True):
        proposed += [op] * length
    embedding = embed_version(text, known, version=version, cut=cut, proposed=proposed, name=name)
    claims = Claims(text, version, embedding.inside, machine)
    claims.take_replaced_units()
    dropped = claims.take_places(machine)
    claims.take_reworded(cut)
    several = claims.take_ambiguities(embedding.ambiguous)
    notes = _write_notes(embedding, dropped, several, len(claims.runs))
    return make_redline(text, claims.rows(), claims.alternatives, notes=notes, corpus=corpus)


def _write_notes(embedding: Embedding, dropped: int, several: int, runs: int) -> list[str]:
    version = embedding.version
    fits = len(embedding.ambiguous)
    notes = [
        f"The {version} version is known: {runs} runs of the text are proven to be of the other"
        f" version only; into {fits} stretches it fits in more than one way, {several} of which"
        " give different texts"
    ]
    if dropped:
        notes.append(f"{dropped} proposed places contradict the known {version} version")
    notes += [
        f"White space differs at line {space.line} of the known {version} version: it has"
        f" {space.known!r}, the text {space.text!r}, which is kept"
        for space in embedding.spaces
    ]
    return notes
