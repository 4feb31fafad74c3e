"""The benchmark of recovery: what counts as right, kinds of change, folds, layouts, tables."""

import doctest
import json
import pkgutil
from importlib import import_module
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import benchmarks.recovery
from benchmarks.recovery import training
from benchmarks.recovery.__main__ import main
from benchmarks.recovery.baselines import keep_all, read_numbers
from benchmarks.recovery.calibration import (
    draw_calibration,
    measure_auroc,
    measure_ece,
    tabulate_calibration,
)
from benchmarks.recovery.crossval import cross_validate, split_families
from benchmarks.recovery.documents import (
    SIGNS,
    Document,
    find_lines,
    read_documents,
    split_runs,
    take_version,
)
from benchmarks.recovery.equivalence import _Search, align_labellings
from benchmarks.recovery.growth import time_growth
from benchmarks.recovery.kinds import find_kinds
from benchmarks.recovery.measures import (
    score_documents,
    summarise,
    tabulate_claims,
    tabulate_kinds,
)
from benchmarks.recovery.numbering import find_slips, is_clean
from benchmarks.recovery.outcomes import Outcome, recover_document
from benchmarks.recovery.report import make_tables, write_json
from benchmarks.recovery.transforms import coarsen, flip
from resanalysis.model import InputError
from resanalysis.redline import Redline, Run, join_runs

OPS = {sign: op for op, sign in SIGNS.items()}


def document(markup: str, *, name: str = "a", family: str = "f") -> Document:
    """Return a document whose marks are written `[-old-]` and `[+new+]`."""
    text, ops, sign = [], [], "="
    rest = markup
    while rest:
        if rest[:2] in ("[-", "[+"):
            sign, rest = rest[1], rest[2:]
        elif rest[:2] in ("-]", "+]"):
            sign, rest = "=", rest[2:]
        else:
            text.append(rest[0])
            ops.append(sign)
            rest = rest[1:]
    return Document(name, family, "", "".join(text), "".join(ops))


def recover_as(ops: str):  # type: ignore[no-untyped-def]
    """Return a recoverer that answers with the given labelling."""

    def recover(text: str) -> Redline:
        runs = [Run(text[a:b], OPS[sign]) for a, b, sign in split_runs(ops)]  # type: ignore[arg-type]
        return join_runs(runs, rule="oracle")

    return recover


def both(text: str, ops: str) -> tuple[str, str]:
    return take_version(text, ops, "old"), take_version(text, ops, "new")


labelled = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.text("甲乙", min_size=n, max_size=n),
        st.text("=-+", min_size=n, max_size=n),
        st.text("=-+", min_size=n, max_size=n),
    )
)
documents = st.lists(
    st.tuples(st.text("甲乙a)\t。\n", min_size=1, max_size=6), st.sampled_from("=-+")),
    min_size=1,
    max_size=12,
).map(
    lambda runs: Document(
        "a", "a", "", "".join(t for t, _ in runs), "".join(s * len(t) for t, s in runs)
    )
)

# --- labellings that give the same two texts ------------------------------------------------------


@given(labelled)
def test_nearest_labelling_is_best_of_all_that_give_the_same_texts(
    example: tuple[str, str, str],
) -> None:
    text, predicted, truth = example
    found = align_labellings(text, predicted, truth)
    rivals = [
        "".join(ops) for ops in product("=-+", repeat=len(text))
        if both(text, "".join(ops)) == both(text, predicted)
    ]  # fmt: skip
    score = max(sum(a == b != "=" for a, b in zip(ops, truth, strict=True)) for ops in rivals)
    assert both(text, found.ops) == both(text, predicted)
    assert sum(a == b != "=" for a, b in zip(found.ops, truth, strict=True)) == score


@given(labelled)
def test_each_claim_answers_for_one_character_of_the_same_operation(
    example: tuple[str, str, str],
) -> None:
    text, predicted, truth = example
    found = align_labellings(text, predicted, truth)
    assert sorted(found.partners) == list(range(len(text)))
    assert [found.ops[partner] for partner in found.partners] == list(predicted)


@given(
    st.lists(st.tuples(st.text("甲乙丙丁", min_size=1, max_size=12), st.sampled_from("==-+")),
             min_size=2, max_size=10),
    st.integers(0, 10**6),
)  # fmt: skip
def test_regions_lose_nothing(runs: list[tuple[str, str]], seed: int) -> None:
    text = "".join(part for part, _ in runs)
    truth = "".join(sign * len(part) for part, sign in runs)
    rng = np.random.default_rng(seed)
    predicted = "".join(
        "=-+"[rng.integers(3)] * len(part) if rng.random() < 0.3 else sign * len(part)
        for part, sign in runs
    )
    found = align_labellings(text, predicted, truth).ops
    whole = _Search(text, predicted, truth).run()
    score = [sum(a == b != "=" for a, b in zip(ops, truth, strict=True)) for ops in (found, whole)]
    assert score[0] == score[1]


def test_a_deletion_that_slides_is_right() -> None:
    doc = document("甲[-乙甲-]。")
    table = recover_document(doc, recover_as("--==")).characters
    assert table["right"].tolist() == [True] * 4


def test_a_line_that_slides_over_its_label_is_right() -> None:
    doc = document("[+第六条\t甲。\n+]第[-六-][+七+]条\t乙。\n")
    slid = "=" + "+" * 7 + doc.ops[8:]
    assert both(doc.text, slid) == both(doc.text, doc.ops)
    assert recover_document(doc, recover_as(slid)).characters["right"].all()


def test_another_pair_of_texts_is_wrong_even_if_one_version_fits() -> None:
    doc = document("甲[-乙-]丙。")
    table = recover_document(doc, recover_as("=+==")).characters
    assert table["right"].tolist() == [True, False, True, True]


def test_a_slide_far_from_another_error_is_still_right() -> None:
    doc = document("甲[-乙甲-]" + "丙" * 50 + "[-丁-]戊己")
    ops = "--=" + "=" * 50 + "=+="
    table = recover_document(doc, recover_as(ops)).characters
    claims = table[table["op"] != "="]
    assert claims["right"].tolist() == [True, True, False]


# --- kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("[-e-][+d+])\t甲乙；\n", "merged label"),
        ("第[-十-][+十一+]条\t甲乙。\n", "merged label"),
        ("[+a)\t+]甲乙。\n", "lone label"),
        ("甲。\n[-b)\t乙；\n-]", "labelled clause"),
        ("甲。\n[+乙丙丁。\n+]", "unlabelled clause"),
        ("a)\t甲[-乙-][+丙+]。\n", "substitution"),
        ("a)\t甲[+乙+]丙。\n", "insertion"),
        ("a)\t甲[-乙-]丙。\n", "deletion"),
        ("甲[-\n-]乙。\n", "line break"),
    ],
)
def test_each_kind_of_change_is_told(markup: str, kind: str) -> None:
    doc = document(markup)
    assert {k for k in find_kinds(doc.text, doc.ops) if k} == {kind}


def test_a_clause_that_slides_into_its_neighbour_is_a_whole_clause() -> None:
    text = "第一条\t甲。\n第二条\t乙。\n"
    ops = "=" + "+" * 7 + "=" * 6
    kinds = find_kinds(text, ops)
    assert {kinds[i] for i in range(len(ops)) if ops[i] != "="} == {"labelled clause"}


@given(documents)
def test_every_changed_character_has_a_kind_and_no_other(doc: Document) -> None:
    kinds = find_kinds(doc.text, doc.ops)
    assert [kind is None for kind in kinds] == [sign == "=" for sign in doc.ops]


# --- measures -------------------------------------------------------------------------------------


def score(doc: Document, ops: str) -> pd.Series:  # type: ignore[type-arg]
    return score_documents([recover_document(doc, recover_as(ops))]).iloc[0]


def test_precision_recall_and_f1_count_characters() -> None:
    row = score(document("甲[-乙丙-]丁[+戊己+]庚。"), "=--+===+")
    assert (row["changed"], row["claimed"], row["right"]) == (4, 4, 2)
    assert (row["precision"], row["recall"], row["f1"]) == (0.5, 0.5, 0.5)


@given(documents)
def test_the_truth_itself_scores_one_and_naive_is_never_more(doc: Document) -> None:
    row = score(doc, doc.ops)
    assert row["f1"] == row["f1_naive"] == 1.0
    assert row["both_exact"] == row["both_lines"] == len(find_lines(doc.text))


@given(labelled)
def test_naive_is_a_lower_bound(example: tuple[str, str, str]) -> None:
    text, predicted, truth = example
    row = score(Document("a", "a", "", text, truth), predicted)
    assert row["f1_naive"] <= row["f1"] <= row["f1_either"]


def test_exchanged_versions_are_right_but_for_their_order() -> None:
    row = score(document("甲[-乙-][+丙+]丁。"), "=+-==")
    assert (row["f1"], row["f1_either"]) == (0.0, 1.0)


def test_exact_lines_are_counted_for_each_version() -> None:
    doc = document("甲。\n[+乙。\n+]丙[-丁-]戊。\n")
    row = score(doc, "===" + "+++" + "=+===")
    assert (row["old_exact"], row["old_lines"]) == (1, 2)
    assert (row["new_exact"], row["new_lines"]) == (2, 3)
    assert (row["both_exact"], row["both_lines"]) == (2, 3)
    assert (row["changed_exact"], row["changed_lines"]) == (1, 2)


def test_bootstrap_interval_holds_the_median_and_repeats() -> None:
    docs = [document(f"甲[-{'乙' * n}-]丙。", name=str(n), family="fg"[n % 2]) for n in range(1, 9)]
    outcomes = [recover_document(d, recover_as("=-" + "=" * (len(d.text) - 2))) for d in docs]
    scores = score_documents(outcomes)
    one, two = summarise(scores, seed=3), summarise(scores, seed=3)
    assert one == two
    assert one["median_f1_low"] < one["median_f1"] < one["median_f1_high"]
    assert one["median_f1"] == pytest.approx(np.median([2 / (1 + n) for n in range(1, 9)]))


def test_recall_by_kind_and_precision_by_rule() -> None:
    doc = document("a)\t甲[-乙-]丙[-丁-][+戊+]己。\n")
    characters = recover_document(doc, recover_as("======-++==")).characters
    kinds = tabulate_kinds(characters).set_index("kind")
    assert kinds.loc["deletion", ["changes", "whole", "recall"]].tolist() == [1, 0, 0]
    assert kinds.loc["substitution", ["changes", "whole", "recall"]].tolist() == [2, 1, 1]
    assert kinds.loc["substitution", "precision"] == pytest.approx(2 / 3)
    rules = tabulate_claims(characters, "rule").set_index("rule")
    assert rules.loc["oracle", ["claimed", "right"]].tolist() == [3, 2]


# --- calibration ----------------------------------------------------------------------------------


def claims(confidence: list[float], right: list[bool]) -> pd.DataFrame:
    return pd.DataFrame({"op": "-", "confidence": confidence, "right": right})


def test_bins_are_equal_in_width_and_weighted_by_characters() -> None:
    table = tabulate_calibration(claims([0.3, 0.95, 0.95, 1.0], [False, True, True, False]))
    assert table["claimed"].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 3]
    assert table["right"].iloc[9] == pytest.approx(2 / 3)
    # |.3 - 0| once, |.9667 - .6667| three times
    assert measure_ece(table) == pytest.approx((0.3 + 3 * 0.3) / 4)


def test_kept_text_is_no_claim() -> None:
    table = claims([0.5, 0.9], [True, False])
    kept = pd.DataFrame({"op": "=", "confidence": [0.1], "right": [True]})
    assert tabulate_calibration(pd.concat([table, kept]))["claimed"].sum() == 2


def test_auroc_is_the_share_of_pairs_in_order_with_ties_half() -> None:
    # pairs of right (.9, .5) and wrong (.5, .1): 1, 1, .5, 1
    assert measure_auroc(claims([0.9, 0.5, 0.5, 0.1], [True, True, False, False])) == 3.5 / 4
    assert np.isnan(measure_auroc(claims([0.9], [True])))


def test_calibration_figure_shows_the_filled_bins() -> None:
    from matplotlib import pyplot as plt

    table = tabulate_calibration(claims([0.35, 0.95, 0.95], [False, True, True]))
    ax = draw_calibration(table)
    assert ax.lines[1].get_xydata().tolist() == [[0.35, 0.0], [0.95, 1.0]]  # type: ignore[union-attr]
    plt.close("all")


# --- documents, folds, layouts --------------------------------------------------------------------


def write_folder(folder: Path, *, manifest: bool = True) -> Path:
    """Write three small redlines, two of one family."""
    texts = {
        "01": "a)\t甲乙；\nb)\t丙丁；\n{--c)\t戊己；\n--}{--d--}{++c++})\t庚辛。\n",
        "02": "第一条\t甲。\n{++第二条\t乙。\n++}第{--二--}{++三++}条\t丙{--丁--}{++戊++}。\n",
        "03": "a)\t甲；\nc)\t乙。\n{--丙--}",
    }
    for name, markup in texts.items():
        (folder / f"{name}.critic.txt").write_text(markup, "utf-8")
    if manifest:
        rows = "id,law,family,numbering\n01,x,p,itu\n02,y,p,native\n03,z,q,itu\n"
        (folder / "manifest.csv").write_text(rows, "utf-8")
    return folder


def test_documents_carry_truth_family_and_numbering(tmp_path: Path) -> None:
    first, *_, last = read_documents(write_folder(tmp_path))
    assert (first.id, first.family, first.numbering, last.family) == ("01", "p", "itu", "q")
    assert take_version(first.text, first.ops, "new") == "a)\t甲乙；\nb)\t丙丁；\nc)\t庚辛。\n"


def test_without_manifest_each_document_is_its_own_family(tmp_path: Path) -> None:
    found = read_documents(write_folder(tmp_path, manifest=False))
    assert [doc.family for doc in found] == ["01", "02", "03"]


def test_all_malformed_files_are_named(tmp_path: Path) -> None:
    write_folder(tmp_path)
    for name in ("01", "03"):
        (tmp_path / f"{name}.critic.txt").write_text("甲{--乙", "utf-8")
    with pytest.raises(InputError) as caught:
        read_documents(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {
        "01.critic.txt",
        "03.critic.txt",
    }


def test_a_document_that_the_manifest_lacks_is_named(tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "04.critic.txt").write_text("甲", "utf-8")
    with pytest.raises(InputError, match="04"):
        read_documents(tmp_path)


def test_no_family_is_tested_by_what_was_trained_on_it() -> None:
    docs = [document("甲[-乙-]。", name=str(n), family=str(n // 2)) for n in range(6)]
    seen: list[set[str]] = []

    def fit(known):  # type: ignore[no-untyped-def]
        families = {doc.family for doc in known}
        seen.append(families)
        return keep_all

    found = cross_validate(docs, fit, {"plain": lambda doc: doc})["plain"]
    assert [outcome.document.id for outcome in found] == [doc.id for doc in docs]
    assert seen == [{"1", "2"}, {"0", "2"}, {"0", "1"}]


def test_training_documents_may_be_laid_out_otherwise_than_tested_ones() -> None:
    docs = [document("甲[-乙-][+丙+]。", name=name, family=name) for name in "ab"]
    trained: list[str] = []

    def fit(known):  # type: ignore[no-untyped-def]
        trained.extend(doc.text for doc in known)
        return keep_all

    found = cross_validate(docs, fit, {"plain": lambda doc: doc}, train=flip)["plain"]
    assert trained == ["甲丙乙。"] * 2
    assert {outcome.document.text for outcome in found} == {"甲乙丙。"}


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(2, 4))
def test_folds_hold_whole_families_and_all_documents(sizes: list[int], folds: int) -> None:
    docs = [
        Document(f"{i}{j}", str(i), "", "甲" * size, "=" * size)
        for i, size in enumerate(sizes)
        for j in range(2)
    ]
    groups = split_families(docs, folds)
    assert len(groups) == min(folds, len(sizes))
    assert sorted(doc.id for group in groups for doc in group) == sorted(doc.id for doc in docs)
    homes = [{doc.family for doc in group} for group in groups]
    assert sum(len(home) for home in homes) == len(sizes)


def test_flip_puts_insertions_first() -> None:
    doc = flip(document("甲[-乙-][+丙+]丁[+戊+]。\n[-己。\n-][+庚。\n+]"))
    assert doc.text == "甲丙乙丁戊。\n庚。\n己。\n"
    assert doc.ops == "=+-=+==" + "+++" + "---"


def test_flip_leaves_a_clause_before_a_changed_label() -> None:
    doc = document("[-13\t甲。\n-][+6\t+]乙。\n")
    assert flip(doc) == doc


def test_coarse_joins_near_changes_of_one_line_only() -> None:
    doc = document("[-e-][+d+])\t甲[-乙-]丙[+丁+]戊己庚[-辛-]。\n[-壬-]癸。\n")
    coarse = coarsen(doc, gap=3)
    assert coarse.text == "ed)\t甲乙丙丙丁戊己庚辛。\n壬癸。\n"
    assert coarse.ops == "-+===" + "--++" + "===-==" + "-==="


@given(documents, st.floats(0, 1), st.integers(0, 12))
def test_layouts_keep_both_versions(doc: Document, share: float, gap: int) -> None:
    for other in (flip(doc, share=share), coarsen(doc, gap=gap)):
        assert both(other.text, other.ops) == both(doc.text, doc.ops)


# --- clean numbering ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("第一条\t甲：\na)\t乙；\nb)\t丙。\n第二条\t丁：\na)\t戊；\nb)\t己。\n", []),
        ("第一章\t甲\n1\t乙。\n2\t丙。\n第二章\t丁\n3\t戊。\n", []),
        ("第一章\t甲\n1\t乙。\n2\t丙。\n第二章\t丁\n4\t戊。\n", [5]),
        ("h)\t甲；\n", [1]),
        ("a)\t甲；\nb)\t乙：\ni)\t丙；\nii)\t丁；\nc)\t戊。\n", []),
        ("第一条　甲。\n第三条　乙。\n", [2]),
        ("第一章\t甲\n第一节\t乙\n第一条\t丙。\n第二章\t丁\n第一节\t戊\n第二条\t己。\n", []),
    ],
)
def test_slips_of_one_version(text: str, slips: list[int]) -> None:
    assert find_slips(text) == slips


def test_letters_before_a_letter_i_are_not_taken_for_numerals() -> None:
    assert find_slips("".join(f"{letter})\t甲；\n" for letter in "abcdefghij")) == []


def test_a_document_is_clean_when_both_versions_are() -> None:
    assert is_clean(document("a)\t甲；\n[-b)\t乙；\n-][-c-][+b+])\t丙。\n"))
    assert not is_clean(document("a)\t甲；\n[-b)\t乙；\n-]c)\t丙。\n"))


# --- baselines, tables, command -------------------------------------------------------------------


def test_baselines_keep_all_or_read_numbers_only() -> None:
    doc = document("a)\t甲；\n[-b)\t乙；\n-][-c-][+b+])\t丙2014[-年-]2022年。\n")
    assert keep_all(doc.text).text("old") == keep_all(doc.text).text("new") == doc.text
    numbers = read_numbers(doc.text)
    assert numbers.source == doc.text
    assert numbers.text("old") == doc.text.replace("cb)", "c)")
    assert numbers.text("new") == doc.text.replace("b)\t乙；\n", "").replace("cb)", "b)")


def test_a_redline_of_another_text_is_refused() -> None:
    with pytest.raises(RuntimeError, match="give the text back"):
        recover_document(document("甲乙"), lambda _: keep_all("甲"))


def test_rates_count_candidates_that_give_both_texts() -> None:
    right = Document("a", "a", "", "1\t甲2014年2022年乙。\n", "===-----+++++===")
    wrong = Document("b", "b", "", "1\t甲2014年2022年乙。\n", "================")
    assert training.count_rules([right], list)["glued_years"] == (1, 1)
    assert training.count_rules([right, wrong], list)["glued_years"] == (1, 2)


def test_lines_of_one_version_are_not_looked_at_for_rates() -> None:
    deleted = Document("a", "a", "", "1\t甲2014年2022年乙。\n", "-" * 16)
    assert training.count_rules([deleted], list) == {}


def test_growth_doubles_the_text_up_to_the_longest() -> None:
    table = time_growth([document("甲乙丙。\n")], keep_all, longest=50_000)
    assert table["characters"].tolist() == [12_500, 25_000, 50_000]
    assert (table["seconds"] > 0).all()


def test_tables_are_the_same_on_every_run(tmp_path: Path) -> None:
    docs = read_documents(write_folder(tmp_path))

    def run() -> str:
        outcomes = [recover_document(doc, read_numbers) for doc in docs]
        outcomes = [Outcome(o.document, o.redline, o.characters, 1.0) for o in outcomes]
        return write_json(make_tables({"recovered": outcomes}, clean=["01"], seed=1))

    assert run() == run()


def test_command_writes_tables_json_and_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path)
    numbers, figure = tmp_path / "numbers.json", tmp_path / "calibration.png"
    arguments = [str(tmp_path), "--markdown", "--transform", "flipped", "--json", str(numbers)]
    assert main([*arguments, "--figure", str(figure)]) == 0
    printed = capsys.readouterr().out
    assert "| merged label" in printed
    rows = json.loads(numbers.read_text("utf-8"))["summary"]
    assert [row["row"] for row in rows][:2] == ["recovered", "flipped"]
    assert "baseline: all kept" in [row["row"] for row in rows]
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_command_measures_a_fit_by_cross_validation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path)
    fit = "benchmarks.recovery.baselines:fit_shipped"
    assert main([str(tmp_path), "--fit", fit, "--folds", "families"]) == 0
    assert "recovered, clean numbering" in capsys.readouterr().out


def test_command_names_what_is_wrong_with_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no *.critic.txt files" in capsys.readouterr().err


@pytest.mark.parametrize("fit", ["no_such_module:fit", "benchmarks.recovery:no_such", "nothing"])
def test_command_refuses_a_fit_it_cannot_import(
    fit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([str(write_folder(tmp_path)), "--fit", fit])
    assert caught.value.code == 2
    assert "MODULE:FUNCTION" in capsys.readouterr().err


def test_examples_in_docstrings_run() -> None:
    modules = [
        import_module(found.name)
        for found in pkgutil.iter_modules(benchmarks.recovery.__path__, "benchmarks.recovery.")
        if not found.name.endswith("__main__")
    ]
    results = [doctest.testmod(module) for module in modules]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) > 10


# --- training ------------------------------------------------------------------------------------


def make_laws() -> list[Document]:
    """Return invented laws in which the paragraphs of deleted articles are deleted."""
    laws = []
    for k in range(4):
        parts = []
        old = new = 0
        for number in range(12):
            dead = (number + k) % 4 == 0
            old, new = old + 1, new + (not dead)
            label = str(old) if dead or old == new else f"{old}{new}"
            sign = "-" if dead else "="
            marks = (
                sign * len(label)
                if dead or old == new
                else "-" * len(str(old)) + "+" * len(str(new))
            )
            body = f"\t第{number}条的内容由第{k}号文件规定。\n本款规定由主管部门负责解释并实施。\n"
            parts.append((label + body, marks + sign * len(body)))
        text, ops = ("".join(column) for column in zip(*parts, strict=True))
        laws.append(Document(str(k), str(k), "", text, ops))
    return laws


def test_the_grown_forest_answers_as_the_library_that_grew_it() -> None:
    from sklearn.ensemble import RandomForestClassifier

    laws = make_laws()
    rows, answers = training.collect_examples(laws, list)
    forest = training.grow_forest(laws, list)
    model = RandomForestClassifier(
        training.TREES,
        max_leaf_nodes=training.LEAVES,
        min_samples_leaf=training.LEAST,
        max_features=training.SHARE,
        random_state=0,
    ).fit(np.array(rows), answers)
    shares = dict(zip(model.classes_, model.predict_proba(np.array(rows)).T, strict=True))
    for column, op in enumerate(("delete", "equal", "insert")):
        expected = shares.get(op, np.zeros(len(rows)))
        assert forest.predict(np.array(rows))[:, column] == pytest.approx(expected, abs=0.002)


def test_what_is_learnt_from_some_laws_serves_another() -> None:
    *known, unseen = make_laws()
    recover = training.fit(known)
    redline = recover(unseen.text)
    claimed = "".join(
        {"equal": "=", "delete": "-", "insert": "+"}[op] * len(text)
        for op, text in zip(redline.segments["op"], redline.segments["text"], strict=True)
    )
    paragraphs = [i for i, char in enumerate(unseen.text) if char == "本"]
    assert [claimed[i] for i in paragraphs] == [unseen.ops[i] for i in paragraphs]
