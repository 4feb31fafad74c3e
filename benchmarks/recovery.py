"""How well flattened redlines are recovered: `python -m benchmarks.recovery FOLDER [--rates]`.

FOLDER holds `*.critic.txt` files with the true marks. A character counts as right when its
operation is the true one; labellings that give the same two texts by sliding along equal
characters are counted as wrong, so the figures are lower bounds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

import pandas as pd

from resanalysis.pipeline import make_segmenter
from resanalysis.redline import read_marks, recover_versions


def _true_ops(text: str, marks: list) -> list[str]:  # type: ignore[type-arg]
    ops = ["equal"] * len(text)
    for mark in marks:
        ops[mark.start : mark.end] = [mark.op] * (mark.end - mark.start)
    return ops


def _versions(text: str, ops: list[str]) -> tuple[str, str]:
    pairs = list(zip(text, ops, strict=True))
    return (
        "".join(c for c, op in pairs if op != "insert"),
        "".join(c for c, op in pairs if op != "delete"),
    )


def measure(folder: Path) -> tuple[pd.DataFrame, dict[str, list[int]], list[int]]:
    """Return the table of documents, the rates of the rules and of kept text."""
    cut = make_segmenter(()).cut
    rows = []
    rules: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    kept = [0, 0]
    for path in sorted(folder.glob("*.critic.txt")):
        text, marks = read_marks(path.read_text("utf-8"), name=path.name)
        truth = _true_ops(text, marks)
        began = time.perf_counter()
        redline = recover_versions(text, cut=cut)
        seconds = time.perf_counter() - began
        ops: list[str] = []
        for segment in redline.segments.itertuples():
            ops += [segment.op] * len(segment.text)
        for group, place in redline.segments.query("group != ''").groupby("group"):
            a, b = place["start"].min(), place["end"].max()
            same = _versions(text[a:b], ops[a:b]) == _versions(text[a:b], truth[a:b])
            rule = str(group).split(":")[0]
            rules[rule][0] += same
            rules[rule][1] += 1
        plain = [i for i, op in enumerate(ops) if op == "equal"]
        kept[0] += sum(truth[i] == "equal" for i in plain)
        kept[1] += len(plain)
        claimed = [i for i, op in enumerate(ops) if op != "equal"]
        right = sum(truth[i] == ops[i] for i in claimed)
        changed = sum(op != "equal" for op in truth)
        precision, recall = right / max(len(claimed), 1), right / max(changed, 1)
        rows.append(
            {
                "document": path.name.split(".")[0],
                "characters": len(text),
                "changed": changed,
                "claimed": len(claimed),
                "precision": precision,
                "recall": recall,
                "f1": 2 * precision * recall / max(precision + recall, 1e-9),
                "seconds_per_10000": seconds * 10_000 / len(text),
                "right": right,
            }
        )
    return pd.DataFrame(rows), dict(rules), kept


def main() -> int:
    """Print the table, or the rates of the rules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rates", action="store_true", help="print the rates of rules as TOML")
    options = parser.parse_args()
    table, rules, kept = measure(options.folder)
    if table.empty:
        print(f"{options.folder}: no *.critic.txt files", file=sys.stderr)
        return 1
    if options.rates:
        for rule, (right, places) in sorted(rules.items()):
            print(f"{rule} = {{ right = {right}, places = {places} }}")
        print(f"[kept]\nright = {kept[0]}\ncharacters = {kept[1]}")
        return 0
    print(table.drop(columns="right").round(3).to_string(index=False))
    precision = table["right"].sum() / table["claimed"].sum()
    recall = table["right"].sum() / table["changed"].sum()
    print(f"all: precision {precision:.3f} recall {recall:.3f}", end=" ")
    print(f"f1 {2 * precision * recall / (precision + recall):.3f}", end="; ")
    print(f"median of documents: f1 {statistics.median(table['f1']):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
