"""The panel of `explore_terms`."""

from __future__ import annotations

import re
from typing import Any

import ipywidgets

from resanalysis.explore.terms import TriedTerms, describe_terms, try_terms
from resanalysis.explore.widgets.controls import (
    ask_words,
    choose_one,
    find_first_topic,
    list_topics,
    make_button,
    wide,
    write_hint,
)
from resanalysis.explore.wording import check_language, word
from resanalysis.model import Language, Study

_BETWEEN = re.compile("[,，、;；]")


class TermPanel:
    """Which words a topic has, and what they count.

    Attributes
    ----------
    study : Study
        The study.
    tried : TriedTerms
        What is shown.
    box : ipywidgets.VBox
        All controls.
    topic : ipywidgets.Dropdown
        The topic.
    ticks : dict of ipywidgets.Checkbox
        Terms, rules and exclusions of the topic that stand in a counted clause, by word; a tick
        keeps one.
    also, excluding : ipywidgets.Text
        Words to be added, separated by commas.
    reset : ipywidgets.Button
        Puts the topic back as it is in the codebook.
    result : ipywidgets.HTML
        What changed.
    """

    tried: TriedTerms

    def __init__(self, study: Study, language: Language) -> None:
        check_language(language)
        self.study = study
        self._language = language
        self._is_filling = False
        self.ticks: dict[str, ipywidgets.Checkbox] = {}
        topics = list_topics(study, language)
        self.topic = choose_one(self._word("topic"), topics, value=find_first_topic(study))
        hint = self._word("own placeholder")
        self.also = ask_words(self._word("own terms"), hint)
        self.excluding = ask_words(self._word("own exclusions"), hint)
        self.reset = make_button(self._word("reset"), self._on_reset)
        self._grid = ipywidgets.Box(
            layout=ipywidgets.Layout(
                display="grid",
                grid_template_columns="repeat(auto-fill, minmax(15em, 1fr))",
                width="98%",
            )
        )
        self.result = ipywidgets.HTML(layout=wide())
        self.result.layout.max_width = "none"
        children = [self.topic, self._grid, self.also, self.excluding, self.reset, self.result]
        self.box = ipywidgets.VBox([write_hint("terms hint", language), *children])
        self.topic.observe(self._on_topic, names="value")
        for field in (self.also, self.excluding):
            field.observe(self._show, names="value")
        self._on_topic()

    def _word(self, name: str) -> str:
        return word(name, self._language)

    def _on_topic(self, _: dict[str, Any] | None = None) -> None:
        self._is_filling = True  # the controls change one after another; count once
        self.also.value = self.excluding.value = ""
        topic = self.study.codebook.topic(self.topic.value)
        self.ticks = {
            name: ipywidgets.Checkbox(
                value=True,
                description=f"{name} · {self._word(tier)} {old} | {new}",
                indent=False,
                layout=ipywidgets.Layout(width="auto"),
            )
            for name, tier, old, new in describe_terms(self.study, topic)
            if old or new
        }
        for tick in self.ticks.values():
            tick.observe(self._show, names="value")
        self._grid.children = tuple(self.ticks.values())
        self._is_filling = False
        self._show()

    def _on_reset(self, _: ipywidgets.Button) -> None:
        self._is_filling = True
        for tick in self.ticks.values():
            tick.value = True
        self.also.value = self.excluding.value = ""
        self._is_filling = False
        self._show()

    def _show(self, _: dict[str, Any] | None = None) -> None:
        if self._is_filling:
            return
        self.tried = try_terms(
            self.study,
            self.topic.value,
            without=[name for name, tick in self.ticks.items() if not tick.value],
            also=_split(self.also.value),
            excluding=_split(self.excluding.value),
            language=self._language,
        )
        self.result.value = self.tried.html


def _split(words: str) -> list[str]:
    return [name.strip() for name in _BETWEEN.split(words) if name.strip()]
