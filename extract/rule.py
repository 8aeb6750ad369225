"""A rule is a value with a name: it can be listed, tested, cited in a fact's `by`, and switched off."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, a pattern that finds candidates, and a production that reads one or declines it with None.

    What `pattern` is (a compiled regex, token patterns, a lexicon's key) is each room's own affair: the room
    compiles its rules once and scans a text once for all of them.
    """

    name: str
    pattern: Any
    produce: Callable[..., Any]


class Reading(Protocol):
    """What a rule read: it covers characters `start` to `end`."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


R = TypeVar("R", bound=Reading)


def longest(readings: Iterable[R]) -> Iterator[R]:
    """Yields the readings that no longer one overlaps, in order of the text; of equals the first named wins.

    >>> from types import SimpleNamespace as N
    >>> [(r.start, r.end) for r in longest([N(start=3, end=9), N(start=0, end=4), N(start=9, end=10)])]
    [(3, 9), (9, 10)]
    """
    covered = SortedIntervals()
    by_length = sorted(readings, key=lambda r: r.start - r.end)
    yield from sorted((r for r in by_length if covered.add(r.start, r.end)), key=lambda r: r.start)


class SortedIntervals:
    """Half-open intervals that don't overlap, in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> bool:
        """Takes the interval in, unless it overlaps one that is there."""
        at = bisect_right(self._starts, start)
        if (at and self._ends[at - 1] > start) or (at < len(self._starts) and self._starts[at] < end):
            return False
        self._starts.insert(at, start)
        self._ends.insert(at, end)
        return True
