"""Counting: gold against found, paired one to one; precision, recall, F1, and shares of the matched that are right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

_WORD = re.compile(r"\w+")
_LITTLE = frozenset({"the", "a", "an", "of", "and", "s", "his", "her", "their"})


class Extended(Protocol):
    """Something that covers characters `start` to `end`."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


G = TypeVar("G", bound=Extended)
F = TypeVar("F", bound=Extended)


def overlaps(one: Extended, other: Extended) -> bool:
    """Whether they share a character."""
    return one.start < other.end and other.start < one.end


def shares_half(one: Extended, other: Extended) -> bool:
    """Whether they share at least half of the longer one."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 2 * shared >= max(one.end - one.start, other.end - other.start)


def have_word_in_common(one: str | None, other: str | None) -> bool:
    """Whether they have a word in common that isn't a little one.

    >>> have_word_in_common("the political prisoners", "Prisoners"), have_word_in_common("the court", "the police")
    (True, False)
    """
    return not _words(one).isdisjoint(_words(other))


def pairs(gold: Sequence[G], found: Sequence[F], is_match: Callable[[G, F], bool]) -> list[tuple[G, F]]:
    """Pairs of one gold and one found each, those of the same extent first, in the order of gold."""
    paired: list[tuple[G, F]] = []
    free_gold, free_found = list(gold), list(found)
    for same_extent in (True, False):
        for mark in list(free_gold):
            for candidate in free_found:
                is_same = (mark.start, mark.end) == (candidate.start, candidate.end)
                if is_same >= same_extent and is_match(mark, candidate):
                    paired.append((mark, candidate))
                    free_gold.remove(mark)
                    free_found.remove(candidate)
                    break
    return paired


@dataclass(slots=True)
class Measure:
    """Hits of so many found and so many in gold; F1 in percent."""

    hits: int = 0
    found: int = 0
    gold: int = 0

    def add(self, hits: int, found: int, gold: int) -> None:
        """Adds an article's."""
        self.hits += hits
        self.found += found
        self.gold += gold

    @property
    def precision(self) -> float:
        """Of what was found, the percentage that is right."""
        return 100 * self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of what gold has, the percentage that was found."""
        return 100 * self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        return 200 * self.hits / (self.found + self.gold) if self.found + self.gold else 0.0

    def as_json(self) -> dict[str, Any]:
        """Precision, recall, F1 to a tenth, and the number in gold."""
        rounded = {"p": round(self.precision, 1), "r": round(self.recall, 1), "f1": round(self.f1, 1)}
        return {**rounded, "gold": self.gold}


@dataclass(slots=True)
class Share:
    """So many right of so many asked."""

    right: int = 0
    asked: int = 0

    def as_json(self) -> dict[str, Any]:
        """The percentage that is right, to a tenth, and how many were asked."""
        return {"accuracy": round(100 * self.right / self.asked, 1) if self.asked else 0.0, "of": self.asked}


@dataclass(slots=True)
class Scores:
    """Measures and shares by name, and what was missed or wrong, by type."""

    measures: dict[str, Measure] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, hits: int, found: int, gold: int) -> None:
        """Adds an article's hits to a measure."""
        self.measures.setdefault(name, Measure()).add(hits, found, gold)

    def ask(self, name: str, *, is_right: bool) -> None:
        """Adds an answer to a share."""
        share = self.shares.setdefault(name, Share())
        share.asked += 1
        share.right += is_right

    def fault(self, type_: str, line: str) -> None:
        """Notes what was missed, or is wrong."""
        self.faults.setdefault(type_, []).append(line)

    def numbers(self) -> dict[str, float]:
        """One number a name: a measure's F1, a share's percentage."""
        shares = {name: share.as_json()["accuracy"] for name, share in self.shares.items()}
        return {name: round(measure.f1, 1) for name, measure in self.measures.items()} | shares

    def as_json(self) -> dict[str, dict[str, Any]]:
        """All of it, JSON-shaped."""
        both: dict[str, Measure | Share] = {**self.measures, **self.shares}
        return {name: one.as_json() for name, one in both.items()}


def _words(text: str | None) -> set[str]:
    return {word for word in _WORD.findall((text or "").lower()) if word not in _LITTLE}
