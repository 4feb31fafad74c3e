"""The panel of `explore_readings`."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets

from resanalysis.explore.marking import MARKS
from resanalysis.explore.readings import ReadingTrial, TriedReadings
from resanalysis.explore.widgets.controls import choose_one, make_button, wide, write_hint
from resanalysis.explore.wording import check_language, word
from resanalysis.model import Language, Op, Study
from resanalysis.model.displays import frame_html
from resanalysis.redline import Run
from resanalysis.review import find_places, rank_places
from resanalysis.review.places import PlaceChoice, UncertainPlace

_ELEMENTS: dict[Op, str] = {"delete": "del", "insert": "ins"}


class ReadingPanel:
    """Which reading is chosen for each uncertain place, and what the study counts then.

    Attributes
    ----------
    study : Study
        The study.
    choices : dict of int
        Readings chosen other than those in force, by place.
    tried : TriedReadings
        What is shown.
    box : ipywidgets.VBox
        All controls.
    place : ipywidgets.Dropdown
        The place.
    reading : ipywidgets.RadioButtons
        Its readings.
    everything : ipywidgets.Checkbox
        Whether all topics are shown.
    reset : ipywidgets.Button
        Puts the readings in force back everywhere.
    sentences, result : ipywidgets.HTML
        The place under each reading; what is counted.
    """

    tried: TriedReadings

    def __init__(self, study: Study, language: Language) -> None:
        check_language(language)
        self.study = study
        self.choices: dict[str, int] = {}
        self._language = language
        self._is_filling = False
        self._trial = ReadingTrial(study)
        found = find_places(study)
        self._places = {place.group: place for place in found}
        ranks = rank_places(study, places=found)
        options = [
            (self._name_place(group, effect), group)
            for group, effect in zip(ranks["group"], ranks["effect"], strict=True)
        ]
        self.place = choose_one(self._word("place"), options)
        self.reading = ipywidgets.RadioButtons(
            options=[], description=self._word("reading"), layout=wide()
        )
        self.everything = ipywidgets.Checkbox(description=self._word("all topics"), indent=False)
        self.reset = make_button(self._word("reset"), self._on_reset)
        self.sentences, self.result = (ipywidgets.HTML(layout=wide()) for _ in range(2))
        self.box = ipywidgets.VBox([write_hint("readings hint", language), *self._lay_out()])
        self.place.observe(self._on_place, names="value")
        self.reading.observe(self._on_reading, names="value")
        self.everything.observe(self._show, names="value")
        self._on_place()
        self._show()

    def _lay_out(self) -> list[Any]:
        if not self._places:
            return [ipywidgets.HTML(escape(self._word("no places"))), self.result]
        last = ipywidgets.HBox([self.reset, self.everything])
        return [self.place, self.sentences, self.reading, last, self.result]

    def _word(self, name: str, **values: object) -> str:
        return word(name, self._language, **values)

    def _name_place(self, group: str, effect: float) -> str:
        place = self._places[group]
        text = "".join(text for text, inside in place.excerpt if inside).strip()
        short = text if len(text) <= 24 else f"{text[:24]}…"
        line = self._word("line", n=place.line)
        return f"{line} · {self._word('effect')} {effect:.1f} · {' '.join(short.split())} [{group}]"

    # --- what a choice does ---

    def _on_place(self, _: dict[str, Any] | None = None) -> None:
        if not self._places:
            return
        place = self._places[self.place.value]
        self._is_filling = True  # another place, but no other reading
        self.reading.options = [(self._name_reading(c), c.reading) for c in place.choices]
        self.reading.value = self.choices.get(place.group, place.choices[0].reading)
        self._is_filling = False
        self.sentences.value = self._draw_place(place)

    def _on_reading(self, change: dict[str, Any]) -> None:
        if self._is_filling or change["new"] is None:
            return
        self.choices[self.place.value] = change["new"]
        if change["new"] == 1:
            del self.choices[self.place.value]
        self._show()

    def _on_reset(self, _: ipywidgets.Button) -> None:
        self.choices.clear()
        self._on_place()
        self._show()

    def _show(self, _: dict[str, Any] | None = None) -> None:
        self.tried = self._trial.count(
            self.choices, everything=self.everything.value, language=self._language
        )
        self.result.value = self.tried.html

    # --- what is shown ---

    def _name_reading(self, choice: PlaceChoice) -> str:
        force = f" · {self._word('in force')}" if choice.reading == 1 else ""
        return f"{choice.reading} · {self._word('weight')} {choice.weight:.2f}{force}"

    def _draw_place(self, place: UncertainPlace) -> str:
        rows = "".join(
            f'<tr><th scope="row">{choice.reading}</th><td lang="zh-Hans">'
            f"{' … '.join(''.join(map(_mark_run, part)) for part in choice.parts)}</td></tr>"
            for choice in place.choices
        )
        return frame_html(f"<table>{rows}</table>", style=MARKS, language=self._language)


def _mark_run(run: Run) -> str:
    element = _ELEMENTS.get(run.op)
    text = escape(run.text).replace("\n", "<br>")
    return f"<{element}>{text}</{element}>" if element else text
