"""What has been found so far: mentions that don't overlap, and the tokens that they take."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from spacy.tokens import Doc

from extract.names.mention import PERSON, Mention, mention
from extract.room import Declined, columns_of, text_of

_CLOSED = frozenset({"NORP", "LAW", "WORK_OF_ART", "PRODUCT", "LANGUAGE"})
_CAPITALISED = 0.6
_FEWEST_WORDS = 3


class Found:
    """The mentions found so far, none overlapping, and which tokens are taken."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = text_of(doc)
        columns = columns_of(doc)
        self.words, self.lower, self.starts = columns.words, columns.lower, columns.starts
        self.declined: list[Declined] = []
        self._by_first: dict[int, Mention] = {}
        self._taken: dict[int, Mention] = {}
        self.closed = {i for ent in doc.ents if ent.label_ in _CLOSED for i in range(ent.start, ent.end)}

    @property
    def mentions(self) -> Collection[Mention]:
        """The mentions, in no order."""
        return self._by_first.values()

    def add(self, new: Mention) -> bool:
        """Takes a mention in, unless another stands there."""
        if any(i in self._taken for i in range(new.first, new.last)):
            return False
        self._by_first[new.first] = new
        self._taken.update(dict.fromkeys(range(new.first, new.last), new))
        return True

    def drop(self, old: Mention) -> None:
        """Takes a mention out."""
        del self._by_first[old.first]
        for i in range(old.first, old.last):
            del self._taken[i]

    def decline(self, old: Mention, reason: str) -> None:
        """Takes a mention out, and says why."""
        self.drop(old)
        self.declined.append(Declined(old.type, old.start, old.end, old.rule, reason))

    def put(self, first: int, last: int, like: Mention, **changes: object) -> Mention:
        """Puts one mention over the tokens in the place of all that stand there."""
        for old in self.within(first, last):
            self.drop(old)
        settings = {"label": like.label, "confidence": like.confidence, **changes}
        type_ = str(settings.pop("type", like.type))
        new = mention(self.doc, first, last, type_, str(settings.pop("rule", like.rule)), **settings)
        self.add(new)
        return new

    def at(self, i: int) -> Mention | None:
        """The mention that token `i` belongs to."""
        return self._taken.get(i)

    def within(self, first: int, last: int) -> list[Mention]:
        """The mentions that overlap the tokens, in order."""
        return list({id(m): m for i in range(first, last) if (m := self._taken.get(i))}.values())

    def is_headline(self, i: int) -> bool:
        """Whether token `i` stands in a line of capitalised words."""
        return i in self._headlines

    @cached_property
    def _headlines(self) -> frozenset[int]:
        return frozenset(i for first, last in headlines(self.words) for i in range(first, last))

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The last words of the persons' names."""
        return frozenset(m.key.rsplit(" ", 1)[-1] for m in self.mentions if m.type == PERSON)

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """The words that the text has in lower case."""
        return frozenset(word for word in self.words if word.islower())

    def ordered(self) -> list[Mention]:
        """The mentions in the order of the text."""
        return sorted(self.mentions, key=lambda m: m.first)


def headlines(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """Yields the lines, as tokens, most of whose words of four letters and more are capitalised.

    >>> list(headlines(["Storm", "Hits", "Northern", "Coast", "\\n", "It", "rained", "for", "three", "days", "there"]))
    [(0, 4)]
    """
    first = 0
    for end in (*[i for i, word in enumerate(tokens) if "\n" in word], len(tokens)):
        long = [word for word in tokens[first:end] if len(word) > 3 and word.isalpha()]
        if len(long) >= _FEWEST_WORDS and sum([not word[0].islower() for word in long]) > _CAPITALISED * len(long):
            yield first, end
        first = end + 1
