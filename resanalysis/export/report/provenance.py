"""What made the page, how to cite it, and the rights of the text."""

from __future__ import annotations

import json
import re

from resanalysis.export.report.parts import show
from resanalysis.model import Language, Study

AUTHORS = "The resanalysis authors"
TITLE = "resanalysis: how the thematic emphasis of a policy resolution shifted between two versions"
YEAR = "2026"
"""As CITATION.cff gives them; the version is that of the study."""

_PLAIN: dict[Language, str] = {
    "zh": "{authors}（{year}）：{title}，{version}版［计算机软件］。编码本 {codebook} {edition}"
    "（SHA-256 {hash}）。文本：《{text}》，{body}第{number}号决议，{old}与{new}（{files}）；"
    "{origin}。",
    "en": "{authors} ({year}). {title} (version {version}) [Computer software]. Codebook "
    "{codebook} {edition} (SHA-256 {hash}). Text: “{text}”, {body}, Resolution {number}, {old} and "
    "{new} ({files}); {origin}.",
}
_NOTE = (
    "Codebook {codebook} {edition} (SHA-256 {hash}); text: {text}, {body}, Resolution {number}, "
    "{old} and {new} ({files}); {origin}"
)
_FACTS: dict[str, dict[Language, str]] = {
    "resanalysis": {"zh": "resanalysis 版本", "en": "resanalysis, version"},
    "codebook": {"zh": "编码本", "en": "codebook"},
    "files": {"zh": "文本", "en": "text"},
    "reading": {"zh": "词条范围", "en": "terms"},
    "origin": {"zh": "版本来源", "en": "the versions"},
}
_READINGS: dict[str, dict[Language, str]] = {
    "broad": {"zh": "核心与外围词条", "en": "core and peripheral"},
    "strict": {"zh": "仅核心词条", "en": "core only"},
}


def cite_plain(study: Study, language: Language) -> str:
    """Return what to cite as a paragraph: the software, the codebook, the text."""
    return _PLAIN[language].format(
        authors=AUTHORS, title=TITLE, year=YEAR, **_cited(study, language)
    )


def cite_bibtex(study: Study) -> str:
    """Return what to cite as an entry of BibTeX, in English."""
    cited = {name: _escape_tex(value) for name, value in _cited(study, "en").items()}
    version = cited["version"]
    fields = {
        "author": f"{{{AUTHORS}}}",
        "title": f"{{{TITLE}}}",
        "year": YEAR,
        "version": version,
        "note": _NOTE.format(**cited),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    key = re.sub(r"\W+", "-", f"resanalysis-{version}")
    return f"@software{{{key},\n{lines}}}"


def _cited(study: Study, language: Language) -> dict[str, str]:
    corpus, book = study.corpus, study.codebook
    return {
        "version": str(study.provenance["resanalysis"]),
        "codebook": book.id,
        "edition": book.version,
        "hash": book.sha256[:12],
        "text": corpus.title[language],
        "body": corpus.body[language],
        "number": corpus.number,
        "old": corpus.old.label(language),
        "new": corpus.new.label(language),
        "files": _name_files(study, language),
        "origin": corpus.describe_origin(language),
    }


def _name_files(study: Study, language: Language) -> str:
    between = "、" if language == "zh" else ", "
    return between.join(
        f"{source.name}, SHA-256 {source.sha256[:12]}" for source in study.corpus.sources.values()
    )


def _escape_tex(text: str) -> str:
    r"""Return text for a field of BibTeX.

    >>> _escape_tex("R&D {50 %}")
    'R\\&D \\{50 \\%\\}'
    """
    return re.sub(r"([&%$#_{}])", r"\\\1", text.replace("\\", "/"))


def write_facts(study: Study, language: Language) -> str:
    """Return what made the page, as a list of terms."""
    provenance, book = study.provenance, study.codebook
    reading = str(provenance["options"]["reading"])
    facts = {
        "resanalysis": str(provenance["resanalysis"]),
        "codebook": f"{book.id} {book.version}, SHA-256 {book.sha256}",
        "files": ", ".join(
            f"{source.name}, SHA-256 {source.sha256}" for source in study.corpus.sources.values()
        ),
        "reading": _READINGS[reading][language],
        "origin": study.corpus.describe_origin(language),
    }
    return "\n".join(
        f"<dt>{_FACTS[name][language]}</dt><dd>{show(value)}</dd>" for name, value in facts.items()
    )


def write_record(study: Study) -> str:
    """Return the whole record of the run as JSON."""
    return show(json.dumps(study.provenance, ensure_ascii=False, indent=2))
