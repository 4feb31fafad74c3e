"""What is wrong with an input, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, with its place and its remedy."""

    severity: Severity
    file: str
    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{self.severity}: {where}: {self.what}. {self.remedy}"


class InputError(ValueError):
    """The input is at fault; carries every problem found, not only the first.

    Attributes
    ----------
    problems : tuple of Problem
        All problems, in the order of their places.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        # By default the message would be pickled in place of the problems.
        return type(self), (self.problems,)


def input_error(file: str | Path, place: str, what: str, remedy: str) -> InputError:
    """Return an `InputError` that carries one problem."""
    return InputError([Problem("error", str(file), place, what, remedy)])
