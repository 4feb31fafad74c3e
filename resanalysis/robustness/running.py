"""The headline table under every drawn reading and every other choice, in one call."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from resanalysis.model import Study, input_error
from resanalysis.model.displays import frame_html, list_facts, write_grid
from resanalysis.robustness.choices import try_choices
from resanalysis.robustness.counting import TextCounter
from resanalysis.robustness.measures import MEASURES, find_differences
from resanalysis.robustness.readings import Drawn, Progress, count_readings
from resanalysis.robustness.verdicts import judge
from resanalysis.shift.laying import name_topics


@dataclass(frozen=True)
class Robustness:
    """Whether the findings of a study survive.

    Attributes
    ----------
    verdicts : DataFrame
        Table `robustness`: a row per measure and topic.
    choices : DataFrame
        Table `choices`: the headline and the same under every other choice.
    readings : DataFrame
        Table `readings`: the same under every drawn reading of the redline.
    unit : str
        Unit of the headline.
    """

    verdicts: pd.DataFrame
    choices: pd.DataFrame
    readings: pd.DataFrame
    unit: str

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by their names in the data dictionary."""
        return {
            "robustness": self.verdicts,
            "choices": self.choices,
            "readings": self.readings,
        }

    def _repr_html_(self) -> str:
        """Return the verdicts counted by measure, for a notebook."""
        return _draw_verdicts(self)


def assess_robustness(
    study: Study,
    *,
    unit: str = "clause",
    draws: int = 2000,
    unmarked: bool = True,
    seed: int = 0,
    progress: Progress | None = None,
) -> Robustness:
    """Ask of every topic's change whether it keeps its sign under other readings and choices.

    Three differences are asked: of the *count*, of the *rate* per 100 units, and of the *share* of
    all topic assignments.

    *Readings* have weights and are drawn. Each place of the redline with several readings, and so
    each decision that its reader called uncertain, is drawn by itself by the weights in
    `alternatives` (of an uncertain decision two to one, a convention); a decision called certain
    stands. A run that nothing speaks against has no other reading on record, only the confidence
    with which such text stood in both versions of other laws; with `unmarked` it is struck as a
    whole, line breaks aside, with one minus that confidence, from either version with equal
    chances. This errs on the side of doubt: the confidence was measured by characters and before
    any reader had looked. As striking takes words away and never adds any, totals shrink, and a
    headline may lie at the edge of the readings or beyond it. That errors of different places have
    nothing to do with each other is an assumption.

    *Choices* have no weights and are tried one at a time, all else as in the study: another unit;
    words that jieba guesses (HMM, in tokens); core terms only; terms inside other topics' longer
    ones; terms in titles of cited instruments left out; other thresholds of alignment (which never
    change a difference in all, only whether it counts as added or edited: see `add` to `mod_loss`);
    the reference coding in place of the codebook, where there is one of all clauses; the preamble
    left out; each term and each rule left out; each pair of clauses left out.

    Parameters
    ----------
    study : Study
        The study; its own options make the headline.
    unit : {"clause", "character", "token", "matched"}
        Unit of the headline.
    draws : int
        Number of readings.
    unmarked : bool
        Whether runs that only a confidence speaks against take part in the readings.
    seed : int
        Seed of the draws.
    progress : callable, optional
        Called with `choices` or `readings`, the number done and the number of all (0: not known).

    Returns
    -------
    Robustness
        Three tables. In `verdicts`, by measure and topic:

        - `value`: the headline; positive = grew
        - `reading_low`, `reading_high`: 2.5 and 97.5 % quantiles over the readings
        - `same_sign`: part of the readings with the headline's sign; empty where that is 0.
          `same_sign_places`: the same with unmarked runs left as they are
        - `choice_low`, `choice_high`: least and greatest value under any choice, the headline
          among them; counts and rates of other units are left out, as they do not compare
        - `choices_kept`, `choices_tried`, `choices_moving`: choices that keep the sign; all; and
          those under which the value is another. Most choices leave out a term or a clause that a
          topic has nothing to do with; they move its share only by the sum of all
        - `matters_most`: the choice that moves the value furthest
        - `reversed_by`: the choices that turn its sign round
        - `verdict`: *fragile* where a choice turns the sign round; *robust* where 95 % of the
          readings and every choice keep it; *undecided* otherwise. Zero is no sign: what is 0 in
          the headline is undecided, and a choice that gives 0 does not keep a sign.

    Raises
    ------
    InputError
        When the tags or the shift of the study are not those of its codebook and options.
    ValueError
        When `unit` is something else or `draws` is below 0.

    Notes
    -----
    A share may turn its sign round although the topic's own clauses do not: left without the term
    that made it grow, a topic stands still, and falls in share because others grow. Read the
    verdict on the count beside the one on the share, and `account_shift`.

    The choices are a multiverse analysis [1]_ whose branches are taken one at a time and not in all
    their combinations. A verdict says nothing about choices that were not tried.

    References
    ----------
    .. [1] S. Steegen, F. Tuerlinckx, A. Gelman and W. Vanpaemel (2016), Increasing Transparency
       Through a Multiverse Analysis, Perspectives on Psychological Science 11(5): 702-712.

    Examples
    --------
    >>> from resanalysis.study import run_study
    >>> found = assess_robustness(run_study("tests/data/small", draws=0), draws=20)
    >>> sorted(set(found.verdicts["verdict"]))
    ['fragile', 'robust', 'undecided']
    """
    if draws < 0:
        raise ValueError(f"draws={draws}; give 0 or more")
    counter = TextCounter(study, unit)
    _check_study(study, counter, unit)
    choices = try_choices(study, unit, progress=progress)
    drawn = count_readings(
        study, counter, draws=draws, seed=seed, unmarked=unmarked, progress=progress
    )
    readings = _tabulate(study, drawn)
    places = find_differences(drawn.places_old, drawn.places_new)
    verdicts = judge(choices, readings, places, drawn.model)
    return Robustness(verdicts, choices, readings, unit)


def _draw_verdicts(found: Robustness) -> str:
    """Return HTML: how many topics have which verdict, by measure."""
    head = [f"{name} {verdict}" for verdict, name in _VERDICTS.items()]
    counts = Counter(zip(found.verdicts["measure"], found.verdicts["verdict"], strict=True))
    rows = [
        (f"{_MEASURES[measure]} {measure}", *(counts[measure, verdict] for verdict in _VERDICTS))
        for measure in MEASURES
    ]
    facts = {
        "单位 unit": found.unit,
        "选择 choices": str(len(found.choices[["choice", "option"]].drop_duplicates()) - 1),
        "读法 readings": str(found.readings["reading"].nunique()),
    }
    title = "主题数 topics by verdict"
    return frame_html(write_grid(title, ["差异 difference", *head], rows) + list_facts("", facts))


_VERDICTS = {"robust": "稳健", "undecided": "未定", "fragile": "脆弱"}
_MEASURES = {"count": "条数", "rate": "比率", "share": "份额"}


def _check_study(study: Study, counter: TextCounter, unit: str) -> None:
    """Refuse a study whose tables were not made by its codebook and options."""
    name_topics(study.tags, study.codebook)
    rows = study.shift[(study.shift["unit"] == unit) & (study.shift["breakdown"] == "total")]
    for version, text in (("old", study.old_text), ("new", study.new_text)):
        counted = dict(
            zip([topic.id for topic in study.codebook.topics], counter.count(text), strict=False)
        )
        stated = dict(zip(rows["topic"], rows[f"n_{version}"], strict=True))
        if odd := [topic for topic in counted if counted[topic] != stated.get(topic)]:
            raise input_error(
                study.corpus.id,
                f"{version} version",
                f"the study's table `shift` is not what its codebook and options give: {odd[0]} "
                f"counts {counted[odd[0]]}, not {stated.get(odd[0])}",
                "Run the study again",
            )


def _tabulate(study: Study, drawn: Drawn) -> pd.DataFrame:
    """Return the table `readings`."""
    topics = [topic.id for topic in study.codebook.topics]
    draws = len(drawn.old)
    columns = {"n_old": drawn.old[:, :-1], "n_new": drawn.new[:, :-1]}
    columns |= find_differences(drawn.old, drawn.new)
    return pd.DataFrame(
        {
            "corpus": study.corpus.id,
            "reading": np.repeat(np.arange(1, draws + 1), len(topics)),
            "topic": topics * draws,
            **{name: values.ravel() for name, values in columns.items()},
        }
    ).astype({"corpus": "str", "topic": "str"})
