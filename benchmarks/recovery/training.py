"""Rates of the rules and the forest of paragraphs, from revision pairs whose marks are known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.recovery.documents import SIGNS, Document, Recover, take_version
from resanalysis.redline import recover_versions
from resanalysis.redline.inference.numbering import read_numbering
from resanalysis.redline.inference.paragraphs import FEATURES, describe_paragraphs
from resanalysis.redline.inference.places import PROVEN, Place, find_extent, split_lines
from resanalysis.redline.inference.proposals import find_rewritings, find_wordings, propose_places
from resanalysis.redline.inference.trained import CLASSES, Forest, Trained, build_forest

TREES, LEAVES, LEAST, SHARE = 120, 80, 3, 0.2
"""Trees of the forest, leaves of a tree, examples in a leaf, share of the features tried."""

Cut = Callable[[str], list[str]]


def fit(documents: Sequence[Document]) -> Recover:
    """Return a recoverer that learnt from these documents only."""
    from resanalysis.pipeline import make_segmenter

    cut = make_segmenter(()).cut
    trained = train(documents, cut)
    return lambda text: recover_versions(text, cut=cut, trained=trained)


def train(documents: Sequence[Document], cut: Cut) -> Trained:
    """Return rates and forest measured on the documents."""
    forest = grow_forest(documents, cut)
    rules = count_rules(documents, cut)
    bare = Trained(rules, (1, 1), count_exchanged(documents), forest)
    return replace(bare, kept=count_kept(documents, cut, bare))


def collect_examples(
    documents: Sequence[Document], cut: Cut
) -> tuple[list[list[float]], list[str]]:
    """Return what the forest is asked about every paragraph, and the right answers."""
    rows: list[list[float]] = []
    answers: list[str] = []
    names = {sign: op for op, sign in SIGNS.items()}
    for document in documents:
        lines = split_lines(document.text)
        texts = [line for _, line in lines]
        before = "equal"
        traces = [len(found) for found in find_wordings(lines, cut)]
        described = describe_paragraphs(texts, read_numbering(document.text), traces)
        for paragraph in described:
            start, line = lines[paragraph.line]
            counts = Counter(document.ops[start : start + len(line)])
            sign, number = counts.most_common(1)[0]
            answer = names[sign] if number == len(line) else "equal"
            if paragraph.fixed:
                answer = "equal"
            after = [float(not paragraph.first and before == op) for op in CLASSES]
            rows.append([float(paragraph.first), *after, *paragraph.values])
            answers.append(answer)
            before = answer
    return rows, answers


def grow_forest(documents: Sequence[Document], cut: Cut) -> Forest:
    """Return a random forest, rounded for the file it is kept in."""
    from sklearn.ensemble import RandomForestClassifier

    rows, answers = collect_examples(documents, cut)
    model = RandomForestClassifier(
        TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST,
        max_features=SHARE,
        random_state=0,
    ).fit(np.array(rows), answers)
    found = [CLASSES.index(op) for op in model.classes_]
    trees = []
    for estimator in model.estimators_:
        tree = estimator.tree_
        shares = np.zeros((tree.node_count, len(CLASSES)))
        shares[:, found] = tree.value[:, 0, :]
        shares /= shares.sum(axis=1, keepdims=True)
        trees.append(
            {
                "feature": np.where(tree.feature >= 0, tree.feature, -1).tolist(),
                "threshold": [float(f"{x:.9g}") for x in tree.threshold],
                "left": tree.children_left.tolist(),
                "right": tree.children_right.tolist(),
                "shares": [[round(float(x), 3) for x in row] for row in shares],
            }
        )
    return build_forest(FEATURES, trees)


def count_rules(documents: Sequence[Document], cut: Cut) -> dict[str, tuple[int, int]]:
    """Return how often the first candidate of each rule gave the true two texts, of how many.

    Lines that stand in one version only are left out: there nothing is looked for.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for document in documents:
        lines = split_lines(document.text)
        for candidate in find_rewritings(lines, len(document.text)):
            counts["rewritten_lines"][0] += all(
                set(document.ops[a:b]) == {SIGNS[op]} for a, b, op in candidate[0]
            )
            counts["rewritten_lines"][1] += 1
        for (start, line), found in zip(lines, find_wordings(lines, cut), strict=True):
            if not line or set(document.ops[start : start + len(line)]) in ({"-"}, {"+"}):
                continue
            taken = bytearray(len(line))
            for rule, candidate in found:
                begin, end = candidate[0][0][0], candidate[0][-1][1]
                if any(taken[begin - start : end - start]):
                    continue
                taken[begin - start : end - start] = b"\1" * (end - begin)
                said = "".join(SIGNS[op] * (b - a) for a, b, op in candidate[0])
                counts[rule][0] += _same(document, begin, end, said)
                counts[rule][1] += 1
    return {rule: (right, places) for rule, (right, places) in sorted(counts.items())}


def _same(document: Document, begin: int, end: int, said: str) -> bool:
    text, truth = document.text[begin:end], document.ops[begin:end]
    return all(
        take_version(text, said, version) == take_version(text, truth, version)
        for version in ("old", "new")
    )


def count_exchanged(documents: Sequence[Document]) -> tuple[int, int]:
    """Return how many lines directly after one of the other version are right, of how many."""
    right = lines = 0
    for document in documents:
        for place in read_numbering(document.text, exchanged=0.5).places:
            for span in place.readings[0].spans:
                if span.op != "equal" and PROVEN / 2 <= span.confidence <= 0.5:
                    lines += 1
                    right += set(document.ops[span.start : span.end]) == {SIGNS[span.op]}
    return right, lines


def count_kept(documents: Sequence[Document], cut: Cut, trained: Trained) -> tuple[int, int]:
    """Return how many characters that no place covers stand in both versions, of how many."""
    right = characters = 0
    for document in documents:
        covered = bytearray(len(document.text))
        for place in propose_places(document.text, cut=cut, trained=trained):
            _cover(covered, place)
        for op, taken in zip(document.ops, covered, strict=True):
            characters += not taken
            right += not taken and op == "="
    return right, characters


def _cover(covered: bytearray, place: Place) -> None:
    if place.rule == "numbering":
        for span in place.readings[0].spans:
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    else:
        begin, end = find_extent(place)
        covered[begin:end] = b"\1" * (end - begin)


def write_forest(forest: Forest) -> dict[str, Any]:
    """Return the forest as plain lists, for JSON."""
    return {
        "features": list(forest.features),
        "trees": [
            {
                "feature": tree.feature.tolist(),
                "threshold": tree.threshold.tolist(),
                "left": tree.left.tolist(),
                "right": tree.right.tolist(),
                "shares": tree.shares.tolist(),
            }
            for tree in forest.trees
        ],
    }
