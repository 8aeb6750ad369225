"""The article's text cut into pieces, each with the facts that cover it, for underlines that may overlap."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

LANES = 5  # underlines drawn below each other; more facts than that on a word share the last


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that belongs to a fact."""

    start: int
    end: int
    fact: str
    type: str
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under the same marks, with the class of each underline: `l0-person`."""

    text: Markup
    facts: tuple[str, ...]
    lanes: tuple[str, ...]


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text in pieces: joined, they are the text.

    >>> [(str(p.text), p.lanes) for p in pieces("a b", [Mark(0, 1, "f", "person"), Mark(0, 3, "g", "event")])]
    [('a', ('l0-person', 'l1-event')), (' b', ('l1-event',))]
    """
    laid = _in_lanes(marks)
    starting: dict[int, list[tuple[Mark, int]]] = {}
    ending: dict[int, list[tuple[Mark, int]]] = {}
    for one in laid:
        starting.setdefault(one[0].start, []).append(one)
        ending.setdefault(one[0].end, []).append(one)
    covering: dict[tuple[Mark, int], None] = {}
    cuts = sorted({0, len(text), *starting, *ending})
    found: list[Piece] = []
    for start, end in pairwise(cuts):
        for one in ending.get(start, ()):
            covering.pop(one, None)
        covering |= dict.fromkeys(starting.get(start, ()))
        over = sorted(covering, key=lambda one: (one[0].end - one[0].start, one[1]))
        facts = tuple(dict.fromkeys(mark.fact for mark, _ in over))
        lanes = tuple(dict.fromkeys(f"l{lane}-{mark.type}" for mark, lane in over))
        found.append(Piece(shown(text[start:end]), facts, lanes))
    return found


def shown(text: str) -> Markup:
    """The text escaped; a carriage return as a reference, which a browser would otherwise take out of the count."""
    return Markup(str(escape(text)).replace("\r", "&#13;"))  # noqa: S704 - escaped


def _in_lanes(marks: Iterable[Mark]) -> list[tuple[Mark, int]]:
    """Each mark with its lane: short ones nearest to the text, none on one that it overlaps while lanes last."""
    lanes: list[list[tuple[int, int]]] = [[] for _ in range(LANES)]
    laid = []
    for mark in sorted(set(marks), key=lambda m: (m.end - m.start, m.start, m.fact)):
        lane = next((n for n, taken in enumerate(lanes) if _is_free(taken, mark)), LANES - 1)
        insort(lanes[lane], (mark.start, mark.end))
        laid.append((mark, lane))
    return laid


def _is_free(taken: list[tuple[int, int]], mark: Mark) -> bool:
    at = bisect_left(taken, (mark.end, 0))
    return at == 0 or taken[at - 1][1] <= mark.start
