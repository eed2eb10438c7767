"""What is computed from a word: kept for names of the directory alone.

Words about people live only in encrypted records, so a typed word is remembered for one search at
most. The names of accounts are no secret of a concern; they are kept until the directory changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Final, Generic, TypeVar, cast

Found = TypeVar("Found")
MOST_KEPT: Final = 65536
"""Words of names for which a result is kept."""

_forgotten: ContextVar[dict[tuple[object, str], object] | None] = ContextVar(
    "_forgotten", default=None
)
"""What the search under way has computed of typed words."""
_keeps: ContextVar[bool] = ContextVar("_keeps", default=False)
_forgetting: list[Callable[[], None]] = []


class Remembered(Generic[Found]):
    """A pure function of a text; results are kept for names of the directory alone."""

    def __init__(self, compute: Callable[[str], Found]) -> None:
        self.compute = compute
        self.of_names: dict[str, Found] = {}
        update_wrapper(self, compute)
        _forgetting.append(self.of_names.clear)

    def __call__(self, text: str) -> Found:
        """Return the result; nothing typed outlives the search under way."""
        if text in self.of_names:
            return self.of_names[text]
        searched = _forgotten.get()
        if _keeps.get():
            if len(self.of_names) >= MOST_KEPT:
                self.of_names.clear()
            self.of_names[text] = found = self.compute(text)
            return found
        if searched is None:
            return self.compute(text)
        key = (self, text)
        if key not in searched:
            searched[key] = self.compute(text)
        return cast("Found", searched[key])


@contextmanager
def one_search() -> Iterator[None]:
    """Remember what is computed of typed words until this search ends."""
    if _forgotten.get() is not None:
        yield
        return
    token = _forgotten.set({})
    try:
        yield
    finally:
        _forgotten.reset(token)


@contextmanager
def names_of_the_directory() -> Iterator[None]:
    """Keep what is computed meanwhile: these are names of accounts, and nothing typed."""
    token = _keeps.set(True)
    try:
        yield
    finally:
        _keeps.reset(token)


def forget_names() -> None:
    """Forget the names of a directory that has changed."""
    for forget in _forgetting:
        forget()
