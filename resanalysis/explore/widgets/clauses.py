"""The panel of `explore_clauses`."""

from __future__ import annotations

from typing import Any

import ipywidgets

from resanalysis.explore.clauses import SHOWN, ClauseList, list_parts, show_clauses
from resanalysis.explore.widgets.controls import (
    choose_button,
    choose_one,
    choose_several,
    find_first_topic,
    list_topics,
    wide,
    write_hint,
)
from resanalysis.explore.wording import check_language, word
from resanalysis.export.pairs import CHANGES
from resanalysis.model import Language, Study


class ClausePanel:
    """Which clauses are shown, and with what marks.

    Attributes
    ----------
    study : Study
        The study.
    found : ClauseList
        What is shown.
    box : ipywidgets.VBox
        All controls.
    topics : ipywidgets.SelectMultiple
        Topics; none chosen stands for all.
    version : ipywidgets.ToggleButtons
        `old`, `new` or `both`.
    part, change : ipywidgets.Dropdown
        Only this part, only this change; empty for all.
    result : ipywidgets.HTML
        The clauses.
    """

    found: ClauseList

    def __init__(self, study: Study, language: Language) -> None:
        check_language(language)
        self.study = study
        self._language = language
        first = (find_first_topic(study),)
        self.topics = choose_several(self._word("topics"), list_topics(study, language), first)
        versions = [(self._word(name), name) for name in SHOWN]
        self.version = choose_button(self._word("version"), versions, "new")
        everything = (self._word("all"), "")
        parts = [(self._word(part), part) for part in list_parts(study)]
        self.part = choose_one(self._word("part"), [everything, *parts])
        changes = [(f"{name[language]} {symbol}", symbol) for symbol, name in CHANGES.items()]
        self.change = choose_one(self._word("change"), [everything, *changes])
        self.result = ipywidgets.HTML(layout=wide())
        self.result.layout.max_width = "none"
        controls = [self.topics, self.version, self.part, self.change]
        hint = write_hint("clauses hint", language)
        self.box = ipywidgets.VBox([hint, *controls, self.result])
        for control in controls:
            control.observe(self._show, names="value")
        self._show()

    def _word(self, name: str) -> str:
        return word(name, self._language)

    def _show(self, _: dict[str, Any] | None = None) -> None:
        self.found = show_clauses(
            self.study,
            topics=self.topics.value or None,
            version=self.version.value,
            part=self.part.value or None,
            change=self.change.value or None,
            language=self._language,
        )
        self.result.value = self.found.html
