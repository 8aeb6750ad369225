"""What the text says a person is: titles and nouns before the name, appositions, "X of ORG", "X, who heads ORG"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from extract.names.extent import is_possessive, plain
from extract.names.mention import ORGANISATION, PERSON, Mention
from extract.names.words import words

_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ"})
_PREPOSITIONS = frozenset({"of", "for", "at", "with", "from", "in", "to"})
_COPULAS = frozenset({"is", "was", "became", "remains", "becomes"})
_LEADS = frozenset({
    "head", "lead", "found", "co-found", "chair", "run", "direct", "edit", "own", "manage", "represent", "join",
})  # fmt: skip
_DETERMINERS = frozenset({"a", "an", "the", "its", "their", "his", "her", "one"})
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Role:
    """Tokens `first` to `last` (exclusive) say what a person is; the mention of the organisation among them."""

    first: int
    last: int
    organisation: Mention | None


class Roles:
    """Reads roles off the words around the mentions of persons."""

    def __init__(self, doc: Doc, mentions: list[Mention]) -> None:
        self.doc = doc
        self._starting = {m.first: m for m in mentions}
        self._ending = {m.last: m for m in mentions}
        self._persons = {i for m in mentions if m.type == PERSON for i in range(m.first, m.last)}

    def of(self, person: Mention) -> Iterator[Role]:
        """Yields the roles told at one mention of a person."""
        yield from self._before(person)
        yield from self._head_before_comma(person)
        yield from self._after(person)

    def _before(self, person: Mention) -> Iterator[Role]:
        """Yields "Polish journalist" before a name, "Viasna's founder" with the possessor."""
        noun = person.first
        first = self._walk_left(noun)
        if first < noun and self._names_a_role(first, noun):
            yield self._role(first, noun)

    def _walk_left(self, end: int) -> int:
        first, floor = end, max(end - _LONGEST, 0)
        while first > floor and not (first < len(self.doc) and self.doc[first].is_sent_start):
            named = self._ending.get(first)
            if named and named.type != PERSON and first < end:
                first = named.first
            elif self._joins(first, end):
                first -= 1
            else:
                break
        while first < end and (plain(self.doc[first]) in _DETERMINERS or self.doc[first].is_punct):
            first += 1
        return first

    def _joins(self, first: int, end: int) -> bool:
        token = self.doc[first - 1]
        if token.i in self._persons:
            return False
        if token.text == "-" or is_possessive(token):
            return first < end
        if token.is_alpha and first < end and self.doc[first].text == "-":
            return True
        if token.lower_ == "of":
            return first < end and first > 1 and _is_role_noun(self.doc[first - 2])
        return (token.pos_ in _NOMINAL and token.is_alpha) or plain(token) in words().titles

    def _names_a_role(self, first: int, last: int) -> bool:
        """Whether the last word that is no "of" phrase is a noun for what people are."""
        nouns = [self.doc[i] for i in range(first, last)]
        for i, token in enumerate(nouns):
            if token.lower_ == "of":
                nouns = nouns[:i]
                break
        return bool(nouns) and _is_role_noun(nouns[-1])

    def _head_before_comma(self, person: Mention) -> Iterator[Role]:
        """Yields "head of Viasna" in "the head of Viasna, Ales Bialiatski, ..."."""
        doc, comma, after = self.doc, person.first - 1, person.last
        if comma < 1 or doc[comma].text != "," or after >= len(doc) or doc[after].text not in {",", "."}:
            return
        first = comma
        named = self._ending.get(comma)
        if named and named.type == ORGANISATION and doc[named.first - 1].lower_ in {*_DETERMINERS, *_PREPOSITIONS}:
            first = named.first - (2 if doc[named.first - 1].lower_ in _DETERMINERS else 1)
            first = first if doc[first].lower_ in _PREPOSITIONS else comma
        if first < 1 or not _is_role_noun(doc[first - 1]):
            return
        start = self._walk_left(first)
        if start < first and start > 0 and (doc[start - 1].lower_ in _DETERMINERS or is_possessive(doc[first - 2])):
            yield self._role(start, comma)

    def _after(self, person: Mention) -> Iterator[Role]:
        doc, i = self.doc, person.last
        if i >= len(doc):
            return
        if doc[i].lower_ in {"of", "from"} and (named := self._organisation_at(i + 1)):
            yield Role(named.first, named.last, named)
        if doc[i].lower_ in _COPULAS:
            yield from self._noun_phrases(i + 1)
        if doc[i].text == ",":
            i = self._after_age(i + 1)
            if i < len(doc) and doc[i].lower_ == "who":
                yield from self._led(i + 1)
            else:
                yield from self._noun_phrases(i)

    def _after_age(self, i: int) -> int:
        """The index after "62," or itself."""
        doc = self.doc
        if i + 1 < len(doc) and doc[i].like_num and doc[i + 1].text == ",":
            return i + 2
        return i

    def _led(self, i: int) -> Iterator[Role]:
        """Yields "heads BYSOL" in "X, who heads BYSOL"."""
        doc = self.doc
        if i < len(doc) and doc[i].lower_ in _COPULAS:
            yield from self._noun_phrases(i + 1)
        elif i < len(doc) and doc[i].lemma_.lower() in _LEADS and (named := self._organisation_at(i + 1)):
            yield Role(i, named.last, named)

    def _organisation_at(self, i: int) -> Mention | None:
        """The organisation that begins at token `i`, or after a determiner or a few lower-case words there."""
        for at in range(i, min(i + 5, len(self.doc))):
            named = self._starting.get(at)
            if named:
                return named if named.type == ORGANISATION else None
            if not self.doc[at].is_lower and self.doc[at].lower_ not in _DETERMINERS:
                return None
        return None

    def _noun_phrases(self, i: int) -> Iterator[Role]:
        """Yields the coordinated noun phrases for what people are that begin at token `i`."""
        for _ in range(3):
            found = self._noun_phrase(i)
            if found is None:
                return
            yield found
            i = found.last
            if i >= len(self.doc) or self.doc[i].lower_ not in {"and", ","}:
                return
            i += 1 if self.doc[i].lower_ == "and" or self.doc[i + 1 : i + 2].text != "and" else 2

    def _noun_phrase(self, i: int) -> Role | None:
        doc = self.doc
        while i < len(doc) and (doc[i].lower_ in _DETERMINERS or (doc[i].like_num and doc[i].lower_ != "one")):
            i += 1
        last = self._walk_right(i)
        noun = next((k for k in range(last - 1, i - 1, -1) if _is_role_noun(doc[k])), None)
        if noun is None or any(doc[k].pos_ in {"NOUN", "PROPN"} for k in range(noun + 1, last)):
            return None
        if last in self._starting and self._starting[last].type == PERSON:
            return None
        return self._role(i, self._with_phrase(noun + 1))

    def _walk_right(self, i: int) -> int:
        last, end = i, min(i + _LONGEST, len(self.doc))
        while last < end:
            named = self._starting.get(last)
            if named and named.type == PERSON:
                break
            token = self.doc[last]
            inside = token.text == "-" or is_possessive(token)
            if named and named.last <= end:
                last = named.last
            elif inside or token.pos_ in _NOMINAL or (token.pos_ == "VERB" and token.tag_ in {"VBN", "VBG"}):
                last += 1
            else:
                break
        return last

    def _with_phrase(self, last: int) -> int:
        """The end with "of the ORGANISATION or PLACE" after the noun."""
        doc = self.doc
        if last < len(doc) and doc[last].lower_ in _PREPOSITIONS:
            for at in range(last + 1, min(last + 6, len(doc))):
                named = self._starting.get(at)
                if named:
                    return named.last if named.type != PERSON else last
                if doc[at].lower_ not in _DETERMINERS and doc[at].pos_ not in _NOMINAL:
                    break
        return last

    def _role(self, first: int, last: int) -> Role:
        named = (self._starting.get(i) for i in range(first, last))
        return Role(first, last, next((m for m in named if m and m.type == ORGANISATION), None))


def _is_role_noun(token: Token) -> bool:
    word = plain(token)
    if word in words().honorifics:
        return False
    if word in words().roles or word in words().titles:
        return True
    return "-" in word and word.rsplit("-", 1)[-1] in words().roles
