"""One reader for every form of redline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from resanalysis.model import Form, InputError, Problem, Source, Version, input_error
from resanalysis.redline.difference.versions import diff_versions
from resanalysis.redline.known.version import recover_known
from resanalysis.redline.marks.criticmarkup import read_criticmarkup
from resanalysis.redline.recover import recover_versions
from resanalysis.redline.segments import Redline
from resanalysis.redline.word import read_word, read_word_text


def read_redline(
    form: Form,
    sources: Sequence[Source],
    *,
    cut: Callable[[str], list[str]],
    decisions: str | None = None,
    known: Mapping[Version, str] | None = None,
    corpus: str = "",
    names: Sequence[str] = (),
    decisions_name: str = "decisions.critic.txt",
    known_name: str = "",
) -> Redline:
    r"""Return the two versions inside a redline of any form.

    Parameters
    ----------
    form : {"flattened", "criticmarkup", "word", "editions"}
        Kind of redline.
    sources : sequence of Source
        Its file; for `editions` the clean old and the clean new text.
    cut : callable
        Segments a Chinese string into words whose concatenation is the string.
    decisions : str, optional
        A flattened text in CriticMarkup with readers' decisions.
    known : dict of str, optional
        One version's text by role (`old` or `new`); the other one follows from a flattened text.
    corpus : str
        Id written into the tables.
    names : sequence of str
        Paths of the sources, for messages; their names when left out.
    decisions_name, known_name : str
        File names of the decisions and of the known version, for messages.

    Returns
    -------
    Redline
        Segments, alternatives and notes.

    Raises
    ------
    InputError
        When a file is at fault, when decisions or a known version are given beside a form whose
        versions are not in doubt, or both of them beside a flattened text.

    Examples
    --------
    >>> from resanalysis.model import Source
    >>> source = Source("a.critic.txt", "{--2014--}{++2022++}年\n", "")
    >>> redline = read_redline("criticmarkup", [source], cut=list)
    >>> redline.text("old"), redline.text("new")
    ('2014年\n', '2022年\n')
    """
    names = names or [source.name for source in sources]
    if form != "flattened":
        _refuse_evidence(names, decisions, known, decisions_name)
    elif decisions is not None and known:
        raise input_error(
            decisions_name,
            "",
            "decisions and a known version do not go together",
            "Leave one of them out: with a known version nothing is decided by hand",
        )
    if form == "editions":
        return _compare_clean(sources, names, cut, corpus)
    (source,), (name,) = sources, names
    if form == "word":
        return read_word(source.data, name=name, corpus=corpus)
    if form == "criticmarkup":
        return read_criticmarkup(source.text, name=name, corpus=corpus)

    def recover(text: str) -> Redline:
        return recover_versions(
            text, cut=cut, decisions=decisions, corpus=corpus, decisions_name=decisions_name
        )

    if not known:
        return recover(source.text)
    ((version, whole),) = known.items()
    return recover_known(
        source.text,
        whole,
        version=version,
        propose=recover,
        cut=cut,
        corpus=corpus,
        name=known_name or f"{version} version",
    )


def read_clean_text(source: Source, *, name: str = "") -> str:
    """Return the text of a clean file, plain or Word; a Word file's changes are an error."""
    if not source.is_word:
        return source.text
    return read_word_text(source.data, name=name or source.name)


def _refuse_evidence(
    names: Sequence[str],
    decisions: str | None,
    known: Mapping[Version, str] | None,
    decisions_name: str,
) -> None:
    """Raise an `InputError` when decisions or a known version come with an exact form."""
    problems = []
    exact = f"the versions of {' and '.join(names)} are not in doubt"
    if decisions is not None:
        what, remedy = (
            f"decisions go with a flattened text only: {exact}",
            "Leave the decisions out",
        )
        problems.append(Problem("error", decisions_name, "", what, remedy))
    if known:
        what = f"a known version goes with a flattened text only: {exact}"
        problems.append(Problem("error", names[0], "", what, "Leave the known version out"))
    if problems:
        raise InputError(problems)


def _compare_clean(
    sources: Sequence[Source],
    names: Sequence[str],
    cut: Callable[[str], list[str]],
    corpus: str,
) -> Redline:
    """Return the redline of a clean old and a clean new text."""
    problems: list[Problem] = []
    texts: list[str] = []
    for source, name in zip(sources, names, strict=True):
        try:
            text = read_clean_text(source, name=name)
        except InputError as error:
            problems += error.problems
            continue
        if not text.strip():
            problems.append(
                Problem("error", name, "", "there is no text in it", "Give the whole edition")
            )
        texts.append(text)
    if problems:
        raise InputError(problems)
    old, new = texts
    return diff_versions(old, new, cut=cut, corpus=corpus)
