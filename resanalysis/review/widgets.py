"""The review by clicking: ipywidgets around a session, for JupyterLab."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets

from resanalysis.model import InputError, Op, Version
from resanalysis.redline import Run
from resanalysis.review.places import PlaceChoice, UncertainPlace
from resanalysis.review.session import ReviewSession

# Colours with enough contrast on white and on dark pages; the fonts are those of the page.
_STYLE = """<style>
.review-text {line-height: 1.7; white-space: pre-wrap;}
.review-text td, .review-text th {padding: 4px 10px; text-align: left; vertical-align: top;
  white-space: pre-wrap; border-bottom: 1px solid #8884;}
.review-text mark {background: #ffe08a; color: #000;}
.review-text del {background: #f6c9c2; color: #000; text-decoration: none;}
.review-text ins {background: #c4dcf5; color: #000; text-decoration: none;}
</style>"""
_TAGS: dict[Op, str] = {"delete": "del", "insert": "ins"}
_BY_HAND = 0  # value of the button for markup of one's own; readings count from 1


def review_widget(
    folder: str | Path, *, coder: str, codebook_path: str | Path | None = None
) -> ipywidgets.VBox:
    """Return a widget with which a person decides the uncertain places of a corpus by clicking.

    Every click on *Decide* and *Undo* goes through a `ReviewSession` and is on disk at once.

    Parameters
    ----------
    folder : str or Path
        The corpus folder; its decisions file is written.
    coder : str
        Who decides, as written into the file.
    codebook_path : str or Path, optional
        Codebook for the ranking instead of the packaged general one.

    Returns
    -------
    ipywidgets.VBox
        To be shown as the last expression of a cell. Its attribute `panel` is the `ReviewPanel`.

    Raises
    ------
    InputError
        When the corpus is at fault, holds no flattened text, or no coder is named.
    """
    panel = ReviewPanel(ReviewSession(folder, coder=coder, codebook_path=codebook_path))
    panel.box.panel = panel
    return panel.box


class ReviewPanel:
    """The controls of a review, and what they do.

    Attributes
    ----------
    session : ReviewSession
        The review.
    at : int
        Position of the place shown, from 0; the number of places when all were seen.
    box : ipywidgets.VBox
        All controls.
    choice : ipywidgets.RadioButtons
        The readings; value 0 stands for markup of one's own.
    markup : ipywidgets.Textarea
        The place and text around it in CriticMarkup.
    sure : ipywidgets.ToggleButtons
        `certain` or `uncertain`.
    reason : ipywidgets.Text
        Why.
    decide, skip, back, undo : ipywidgets.Button
        What can be done.
    progress : ipywidgets.IntProgress
        Places decided.
    heading, excerpt, sentences, message : ipywidgets.HTML
        What is shown.
    """

    def __init__(self, session: ReviewSession) -> None:
        self.session = session
        self.at = 0
        self._groups = list(session.places)
        self._build()
        self._show()

    # --- controls ---

    def _build(self) -> None:
        self.progress = ipywidgets.IntProgress(
            value=0, min=0, max=max(len(self._groups), 1), layout=_wide()
        )
        self.heading, self.excerpt, self.sentences, self.message = (
            ipywidgets.HTML(layout=_wide()) for _ in range(4)
        )
        self.choice = ipywidgets.RadioButtons(options=[("", 1)], layout=_wide())
        self.markup = ipywidgets.Textarea(rows=4, layout=_wide())
        self.sure = ipywidgets.ToggleButtons(options=["certain", "uncertain"])
        self.reason = ipywidgets.Text(placeholder="理由 · Reason", layout=_wide())
        self.decide = _button("决定 Decide", self._on_decide, "primary")
        self.skip = _button("跳过 Skip", self._on_skip)
        self.back = _button("返回 Back", self._on_back)
        self.undo = _button("撤销 Undo", self._on_undo, "warning")
        self.choice.observe(self._on_choice, names="value")
        self._controls = [self.choice, self.markup, self.sure, self.reason, self.decide, self.skip]
        self.box = ipywidgets.VBox(
            [
                ipywidgets.HTML(_STYLE),
                self.progress,
                self.heading,
                self.excerpt,
                self.sentences,
                self.choice,
                self.markup,
                self.sure,
                self.reason,
                ipywidgets.HBox([self.decide, self.skip, self.back, self.undo]),
                self.message,
            ]
        )

    @property
    def place(self) -> UncertainPlace | None:
        """The place shown; None when all were seen."""
        return self.session.places[self._groups[self.at]] if self.at < len(self._groups) else None

    def _show(self) -> None:
        """Show the place we stand at, with nothing chosen for the person but reading 1."""
        place = self.place
        self.progress.value = len(self.session.decided)
        self.back.disabled = self.at == 0
        for control in self._controls:
            control.disabled = place is None
        self.sure.value = "certain"
        self.reason.value = ""
        self._show_markup(place, by_hand=False)
        if place is None:
            done = f"{len(self.session.decided)} / {len(self._groups)}"
            self.heading.value = f"<b>已到末尾 · No further place.</b> 已决定 Decided: {done}"
            self.excerpt.value = self.sentences.value = ""
            self.choice.options = [("", 1)]
            return
        self.heading.value = self._describe(place)
        self.excerpt.value = _text(_mark_excerpt(place))
        self.sentences.value = _text(_tabulate(place.choices))
        options = [(_name(choice), choice.reading) for choice in place.choices]
        self.choice.options = [*options, ("自行标注 · mark it yourself", _BY_HAND)]
        self.choice.value = place.choices[0].reading

    def _show_markup(self, place: UncertainPlace | None, *, by_hand: bool) -> None:
        self.markup.value = place.context if place else ""
        self.markup.layout.display = "flex" if by_hand else "none"

    def _describe(self, place: UncertainPlace) -> str:
        rank = self.session.ranks.loc[self.at]
        parts = [
            f"<b>{self.at + 1} / {len(self._groups)}</b>",
            f"第{place.line}行 line {place.line}",
            escape(place.group),
            place.certainty,
            f"影响 effect {rank['effect']:.2f}",
        ]
        if rank["topics"]:
            parts.append(f"主题 topics: {escape(rank['topics'].replace('+', ', '))}")
        if rank["turns"]:
            parts.append(f"可能反转 may turn: {escape(rank['turns'].replace('+', ', '))}")
        if place.group in self.session.decided:
            parts.append("<b>已决定 decided</b>")
        return " · ".join(parts)

    # --- what a click does ---

    def _on_choice(self, change: dict[str, Any]) -> None:
        self._show_markup(self.place, by_hand=change["new"] == _BY_HAND)

    def _on_decide(self, _: ipywidgets.Button) -> None:
        place = self.place
        if place is None:
            return
        by_hand = self.choice.value == _BY_HAND
        try:
            self.session.decide(
                place.group,
                reading=None if by_hand else self.choice.value,
                markup=self.markup.value if by_hand else None,
                sure=self.sure.value,
                reason=self.reason.value,
            )
        except (InputError, OSError) as error:
            self._say(str(error), wrong=True)
            return
        self.at += 1
        self._show()
        self._say(f"已保存 Saved: {place.group} → {self.session.path.name}")

    def _on_skip(self, _: ipywidgets.Button) -> None:
        self.at = min(self.at + 1, len(self._groups))
        self._show()
        self._say("")

    def _on_back(self, _: ipywidgets.Button) -> None:
        self.at = max(self.at - 1, 0)
        self._show()
        self._say("")

    def _on_undo(self, _: ipywidgets.Button) -> None:
        try:
            group = self.session.undo()
        except (InputError, OSError) as error:
            self._say(str(error), wrong=True)
            return
        if group in self._groups:
            self.at = self._groups.index(group)
        self._show()
        self._say(f"已撤销 Taken back: {group}" if group else "没有可撤销的 Nothing to take back")

    def _say(self, text: str, *, wrong: bool = False) -> None:
        colour = "#b3261e" if wrong else "inherit"
        self.message.value = f"<span style='color: {colour}'>{escape(text)}</span>"


# --- what is shown ------------------------------------------------------------------------------


def _wide() -> ipywidgets.Layout:
    return ipywidgets.Layout(width="98%")  # one for each: hiding one must not hide the others


def _button(label: str, action: Any, style: str = "") -> ipywidgets.Button:
    button = ipywidgets.Button(description=label, button_style=style)
    button.on_click(action)
    return button


def _name(choice: PlaceChoice) -> str:
    force = "，现行 · in force" if choice.reading == 1 else ""
    return f"读法 reading {choice.reading} ({choice.weight:.2f}){force}"


def _text(html: str) -> str:
    return f"<div class='review-text'>{html}</div>"


def _mark_excerpt(place: UncertainPlace) -> str:
    return "".join(
        f"<mark>{escape(text)}</mark>" if inside and text.strip() else escape(text)
        for text, inside in place.excerpt
    ).strip("\n")


def _tabulate(choices: Iterable[PlaceChoice]) -> str:
    """Return the readings as rows of the two resulting sentences, what changed highlighted."""
    rows = "".join(
        f"<tr><th>{choice.reading}</th><td>{_sentence(choice, 'old')}</td>"
        f"<td>{_sentence(choice, 'new')}</td></tr>"
        for choice in choices
    )
    return f"<table><tr><th></th><th>旧版 old</th><th>新版 new</th></tr>{rows}</table>"


def _sentence(choice: PlaceChoice, version: Version) -> str:
    other = "insert" if version == "old" else "delete"
    parts = ("".join(_run(run) for run in part if run.op != other) for part in choice.parts)
    shown = " … ".join(part.strip("\n") for part in parts if part.strip())
    return shown or "<i>（无 nothing）</i>"


def _run(run: Run) -> str:
    tag = _TAGS.get(run.op)
    return f"<{tag}>{escape(run.text)}</{tag}>" if tag else escape(run.text)
