"""Cross-validation over families: nothing is tested by what was trained on its relatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from tqdm import tqdm

from benchmarks.recovery.documents import Document, Fit
from benchmarks.recovery.outcomes import Outcome, recover_document

Transform = Callable[[Document], Document]
"""A document → the same two versions flattened in another way."""


def split_families(documents: Sequence[Document], folds: int | None) -> list[list[Document]]:
    """Return the documents in groups of whole families.

    Parameters
    ----------
    documents : sequence of Document
    folds : int, optional
        Number of groups, of about equally many characters; None makes each family a group.

    Examples
    --------
    >>> ones = [Document(str(i), "ab"[i % 2], "", "甲", "=") for i in range(4)]
    >>> [[one.id for one in fold] for fold in split_families(ones, None)]
    [['0', '2'], ['1', '3']]
    """
    families: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        families[document.family].append(document)
    if folds is None:
        return list(families.values())
    groups: list[list[Document]] = [[] for _ in range(min(folds, len(families)))]
    largest = sorted(families.values(), key=_count, reverse=True)
    for family in largest:
        min(groups, key=_count).extend(family)
    return groups


def _count(documents: Sequence[Document]) -> int:
    return sum(len(document.text) for document in documents)


def cross_validate(
    documents: Sequence[Document],
    fit: Fit,
    transforms: Mapping[str, Transform],
    *,
    folds: int | None = None,
    train: Transform | None = None,
) -> dict[str, list[Outcome]]:
    """Return the outcomes of all documents, each from a recoverer that never saw its family.

    Parameters
    ----------
    documents : sequence of Document
    fit : Fit
        Called once per fold with the documents of all other folds.
    transforms : mapping of str to Transform
        Names and layouts in which each document is tested.
    folds : int, optional
        As for `split_families`.
    train : Transform, optional
        Layout of the documents trained on; as they are by default.

    Returns
    -------
    dict
        Name of the transform → outcomes in the order of `documents`.
    """
    order = {document.id: i for i, document in enumerate(documents)}
    found: dict[str, list[Outcome]] = {name: [] for name in transforms}
    groups = split_families(documents, folds)
    for fold in tqdm(groups, desc="folds", disable=None, leave=False):
        tested = {document.id for document in fold}
        known = [document for document in documents if document.id not in tested]
        recover = fit([train(document) for document in known] if train else known)
        for name, transform in transforms.items():
            found[name] += [recover_document(transform(document), recover) for document in fold]
    for outcomes in found.values():
        outcomes.sort(key=lambda outcome: order[outcome.document.id])
    return found


def recover_all(
    documents: Sequence[Document], fit: Fit, transforms: Mapping[str, Transform]
) -> dict[str, list[Outcome]]:
    """Return the outcomes of one recoverer that is trained on nothing, as `cross_validate` does."""
    recover = fit([])
    return {
        name: [
            recover_document(transform(document), recover)
            for document in tqdm(documents, desc=name, disable=None, leave=False)
        ]
        for name, transform in transforms.items()
    }
