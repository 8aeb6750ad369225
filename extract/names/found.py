"""What has been found so far: mentions that don't overlap, and the tokens that they take."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from spacy.tokens import Doc

from extract.names.extent import starts_upper
from extract.names.mention import Mention

_CLOSED = frozenset({"NORP", "LAW", "WORK_OF_ART", "PRODUCT", "LANGUAGE"})
_CAPITALISED = 0.6
_FEWEST_WORDS = 3


class Found:
    """The mentions found so far, none overlapping, and which tokens are taken."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.mentions: list[Mention] = []
        self._taken: dict[int, Mention] = {}
        self.text = doc.text
        self.closed = {i for ent in doc.ents if ent.label_ in _CLOSED for i in range(ent.start, ent.end)}

    def add(self, new: Mention) -> bool:
        """Takes a mention in, unless another stands there."""
        if any(i in self._taken for i in range(new.first, new.last)):
            return False
        self.mentions.append(new)
        self._taken.update(dict.fromkeys(range(new.first, new.last), new))
        return True

    def drop(self, old: Mention) -> None:
        """Takes a mention out."""
        self.mentions.remove(old)
        for i in range(old.first, old.last):
            self._taken.pop(i, None)

    def at(self, i: int) -> Mention | None:
        """The mention that token `i` belongs to."""
        return self._taken.get(i)

    def within(self, first: int, last: int) -> list[Mention]:
        """The mentions that overlap the tokens, in order."""
        return list({id(m): m for i in range(first, last) if (m := self._taken.get(i))}.values())

    def is_headline(self, i: int) -> bool:
        """Whether token `i` stands in a line of capitalised words."""
        return any(first <= i < last for first, last in self._headlines)

    @cached_property
    def _headlines(self) -> list[tuple[int, int]]:
        return list(headlines(self.doc))

    def ordered(self) -> list[Mention]:
        """The mentions in the order of the text."""
        return sorted(self.mentions, key=lambda m: m.first)


def headlines(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yields the lines, as tokens, most of whose words of four letters and more are capitalised."""
    first = 0
    for i in range(len(doc) + 1):
        if i == len(doc) or "\n" in doc[i].text:
            long = [t for t in doc[first:i] if t.is_alpha and len(t) > 3]
            if len(long) >= _FEWEST_WORDS and sum(map(starts_upper, long)) > _CAPITALISED * len(long):
                yield first, i
            first = i + 1
