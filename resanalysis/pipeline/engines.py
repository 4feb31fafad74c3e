"""The two engines: what does the work of cutting and of finding terms."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from types import ModuleType

Engine = Literal["python", "rust"]
"""`python`: jieba and a search of our own, the reference. `rust`: rjieba and ahocorasick_rs, which
give the same tokens and tags many times faster; the extra `fast` of this package installs them."""


def check_engine(engine: str) -> None:
    """Raise a `ValueError` when there is no such engine."""
    if engine not in ("python", "rust"):
        raise ValueError(f"engine is 'python' or 'rust', not {engine!r}")


def import_fast(name: str) -> ModuleType:
    """Return a module of the engine in Rust, or say how to install it."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            f"{name} is not installed: install resanalysis with its extra `fast`"
            " (pip install 'resanalysis[fast]'), or use engine='python', which gives the same"
        ) from None
