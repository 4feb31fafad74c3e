"""What was measured and learnt on real revision pairs and ships with the package."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resanalysis.model import Op

CLASSES: tuple[Op, ...] = ("delete", "equal", "insert")
"""What a forest tells apart, in the order of its probabilities."""


@dataclass(frozen=True)
class Tree:
    """A decision tree as parallel arrays, one entry per node; node 0 is the root.

    Attributes
    ----------
    feature : array of int
        Feature a node asks for; -1 at a leaf.
    threshold : array of float
        A value at or below it goes left.
    left, right : array of int
        The nodes to go on to.
    shares : array of float, nodes x 3
        Shares of `CLASSES` among the examples that reached the node.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class Forest:
    """Decision trees whose mean tells how probable deleted, in both and inserted are.

    Attributes
    ----------
    features : tuple of str
        Names of the features, in the order of the columns asked for.
    trees : tuple of Tree
        The trees.

    References
    ----------
    Breiman, L. (2001). Random forests. Machine Learning 45, 5-32.
    """

    features: tuple[str, ...]
    trees: tuple[Tree, ...]

    def predict(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probabilities of `CLASSES`, one row per row of `values`."""
        total = np.zeros((len(values), len(CLASSES)))
        rows = np.arange(len(values))
        for tree in self.trees:
            node = np.zeros(len(values), dtype=np.int64)
            while (inner := tree.feature[node] >= 0).any():
                asked = np.where(inner, tree.feature[node], 0)
                low = values[rows, asked] <= tree.threshold[node]
                onward = np.where(low, tree.left[node], tree.right[node])
                node = np.where(inner, onward, node)
            total += tree.shares[node]
        return total / len(self.trees)


@dataclass(frozen=True)
class Trained:
    """Rates of rules and the forest of paragraphs, measured on the same revision pairs.

    Attributes
    ----------
    rules : dict of (right, places)
        How often each rule of wording was right.
    kept : (right, characters)
        Of the characters left as standing in both versions, how many did.
    exchanged : (right, lines)
        Of the labelled lines that directly follow one of the other version, how many went as a
        whole with their label.
    forest : Forest
        For paragraphs without a label.
    """

    rules: Mapping[str, tuple[int, int]]
    kept: tuple[int, int]
    exchanged: tuple[int, int]
    forest: Forest

    def rate(self, rule: str) -> float:
        """Return the rule's rate, drawn towards the rate of all rules by the weight of two."""
        right, places = self.rules.get(rule, (0, 0))
        all_right, all_places = (sum(rate[i] for rate in self.rules.values()) for i in (0, 1))
        common = (all_right + 1) / (all_places + 2)
        return (right + 2 * common) / (places + 2)

    @property
    def kept_rate(self) -> float:
        """One minus the rate of changes that leave no trace."""
        right, characters = self.kept
        return (right + 1) / (characters + 2)

    @property
    def exchanged_rate(self) -> float:
        """Share of exchanged lines that went as a whole with their label."""
        right, lines = self.exchanged
        return (right + 1) / (lines + 2)


@cache
def read_trained() -> Trained:
    """Return what ships with the package (`data/recovery.toml`, `data/paragraphs.json`)."""
    data = resources.files("resanalysis").joinpath("data")
    rates = tomllib.loads(data.joinpath("recovery.toml").read_text("utf-8"))
    forest = json.loads(data.joinpath("paragraphs.json").read_text("utf-8"))
    return Trained(
        rules={name: (rate["right"], rate["places"]) for name, rate in rates["rules"].items()},
        kept=(rates["kept"]["right"], rates["kept"]["characters"]),
        exchanged=(rates["exchanged"]["right"], rates["exchanged"]["lines"]),
        forest=build_forest(forest["features"], forest["trees"]),
    )


def build_forest(features: Sequence[str], trees: Sequence[Mapping[str, Any]]) -> Forest:
    """Return a forest from plain lists, as `paragraphs.json` holds them."""
    return Forest(
        tuple(features),
        tuple(
            Tree(
                np.array(tree["feature"], dtype=np.int64),
                np.array(tree["threshold"], dtype=np.float64),
                np.array(tree["left"], dtype=np.int64),
                np.array(tree["right"], dtype=np.int64),
                np.array(tree["shares"], dtype=np.float64),
            )
            for tree in trees
        ),
    )
