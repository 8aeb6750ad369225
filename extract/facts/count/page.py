"""What the room knows of one article, built once: its text, its sentences, and where earlier rooms stood."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from spacy.tokens import Doc, Token

from extract.fact import Comparator, CountKind
from extract.facts.count.normalise import Numeral
from extract.room import Draft, columns_of, text_of
from extract.syntax import has_parse

NAMES = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "LAW"})


class Intervals:
    """Stretches of characters, asked for overlap."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._stretches = sorted(stretches)
        self._starts = [start for start, _ in self._stretches]
        self._reach: list[int] = []
        reach = 0
        for _, end in self._stretches:
            reach = max(reach, end)
            self._reach.append(reach)

    def overlap(self, start: int, end: int) -> bool:
        """Whether any stretch overlaps characters `start` to `end`."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reach[before - 1] > start

    def around(self, start: int, end: int) -> tuple[int, int] | None:
        """A stretch that overlaps, the last to start."""
        for at in range(bisect_left(self._starts, end) - 1, max(-1, bisect_left(self._starts, start) - 3), -1):
            if at >= 0 and self._stretches[at][1] > start:
                return self._stretches[at]
        return None


@dataclass(slots=True)
class Candidate:
    """A number on its way to a fact: `start` to `end` is the span with its signs, `numeral` what it was read from."""

    start: int
    end: int
    numeral: Numeral
    rule: str
    kind: CountKind = "cardinal"
    unit: str | None = None
    high: Decimal | None = None
    comparator: Comparator = "exact"
    negative: bool = False
    first: int = 0
    last: int = 0
    left: str = ""
    right: str = ""
    counted: tuple[int, int] | None = None
    head: int | None = None
    partitive: bool = False
    compound: bool = False
    category: str | None = None
    evidence: str = ""
    draft: Draft | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> Decimal:
        """The number that was read."""
        return self.numeral.value or Decimal(0)


class Page:
    """One article as the room of counts sees it."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = text_of(doc)
        self.starts = columns_of(doc).starts
        self._lower = columns_of(doc).lower
        self.parsed = has_parse(doc)
        drafts = doc._.drafts
        self.dates: list[Draft] = drafts.get("date", [])
        self.date_marks = Intervals((d.start, d.end) for d in self.dates)
        self.names = Intervals(_mentions(drafts))
        self.persons = Intervals(_mentions({"person": drafts.get("person", [])}))
        self.ents = Intervals((e.start_char, e.end_char) for e in doc.ents if e.label_ in NAMES)
        self._date_firsts = [d.first for d in self.dates]
        self._sentences = [s.start for s in doc.sents] if doc.has_annotation("SENT_START") else [0]
        self.places = sorted(
            ((m["start"], m["end"], d) for d in drafts.get("place", []) for m in d.fields.get("mentions", ())),
            key=lambda place: place[:2],
        )
        self._place_starts = [start for start, _, _ in self.places]
        self.dated: list[Numeral] = []
        self.memory: dict[Any, Any] = {}

    def token_at(self, char: int) -> int:
        """The index of the token that holds a character, or the last before it."""
        return max(0, bisect_right(self.starts, char) - 1)

    def token_from(self, char: int) -> int:
        """The index of the first token that starts at a character or after it."""
        return bisect_left(self.starts, char)

    def sentence(self, token: int) -> tuple[int, int]:
        """First token of the sentence around a token, and the first after it."""
        at = bisect_right(self._sentences, token)
        start = self._sentences[at - 1] if at else 0
        return start, self._sentences[at] if at < len(self._sentences) else len(self.doc)

    def sentence_number(self, token: int) -> int:
        """Which sentence of the article a token stands in."""
        return bisect_right(self._sentences, token)

    def dates_within(self, first: int, last: int) -> list[Draft]:
        """The dates that start in tokens `first` to `last`."""
        return self.dates[bisect_left(self._date_firsts, first) : bisect_left(self._date_firsts, last)]

    def places_within(self, start: int, end: int) -> list[tuple[int, int, Draft]]:
        """The mentions of places that start in characters `start` to `end`."""
        at = bisect_left(self._place_starts, start)
        return self.places[at : bisect_left(self._place_starts, end)]

    def in_date(self, token: Token) -> bool:
        """Whether a date covers the token."""
        return self.date_marks.overlap(token.idx, token.idx + len(token))

    def word(self, at: int) -> str:
        """The lower-case word of a token, or nothing outside the article."""
        return self._lower[at] if 0 <= at < len(self._lower) else ""


def _mentions(drafts: dict[str, list[Draft]]) -> Iterator[tuple[int, int]]:
    for type_ in ("person", "organisation", "place"):
        for draft in drafts.get(type_, []):
            for mention in draft.fields.get("mentions", ()):
                yield mention["start"], mention["end"]
