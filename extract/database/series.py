"""Counts over time: who said how many, of which days, in which articles, and who says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Figure:
    """One statement of a number by one source, however many articles pass it on.

    `first` and `last` are the days at which it stood or over which it was summed; `disputed` says what excludes it.
    """

    category: str
    place: str | None
    source: str | None
    first: date | None
    last: date | None
    value: float | None
    low: float | None
    high: float | None
    comparator: str
    aggregation: str | None
    counted: str | None
    articles: tuple[str, ...]
    facts: tuple[str, ...]
    disputed: tuple[str, ...] = ()

    @property
    def point(self) -> float:
        """Where it stands on an axis: its value, or else the bound or the middle of the bounds."""
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        return self.value if self.value is not None else sum(bounds) / len(bounds)

    @property
    def is_open_above(self) -> bool:
        """Whether it says at least so many."""
        return self.value is None and self.high is None

    @property
    def is_open_below(self) -> bool:
        """Whether it says at most so many."""
        return self.value is None and self.low is None

    @property
    def is_open(self) -> bool:
        """Whether the text leaves one of its bounds open."""
        return self.is_open_above or self.is_open_below
