"""Where a name begins and ends: titles, determiners, possessive marks, quotation marks, descriptions stay outside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Token

from extract.names.mention import COMPOUND_PARTS, ORGANISATION, PERSON
from extract.names.words import words

_POSSESSIVES = frozenset({"'s", "’s", "'S", "’S", "'", "’", "`s", "´s"})
_SEPARATORS = frozenset({",", ";", "/", "|", "&", "and", "or", "•", "–", "—", "versus", "vs", "vs."})
_GIVEN_NAMES = frozenset({"christian", "german"})
ALSO_BODIES = frozenset({
    "guard", "justice", "publisher", "broadcaster", "partisan", "presenter", "champion", "member",
})  # fmt: skip
_MAX_NAME = 14
_MAX_CANDIDATE = 40
_FEW = 3
_MAX_WIDE = 5
_ACRONYM = 6


def pieces(doc: Doc, first: int, last: int, type_: str) -> Iterator[tuple[int, int]]:
    """Yields the names in tokens `first` to `last`: one, several where a list was taken for one name, or none."""
    for part in _split(doc, first, last, type_):
        if part[1] - part[0] <= _MAX_CANDIDATE:
            start, end = trim(doc, *part, type_)
            if end - start <= _MAX_NAME and is_name(doc, start, end) and not _is_office(doc, end, type_):
                yield start, end


def trim(doc: Doc, first: int, last: int, type_: str) -> tuple[int, int]:
    """The bounds without what is no part of the name; empty where nothing is left."""
    cut = _Cut(doc, first, last, type_)
    if type_ == ORGANISATION:
        cut.first = _after_description(doc, _after_base(doc, first, last), last)
        cut.last = _before_title(doc, cut.first, last)
    while cut.first < cut.last:
        if cut.right_falls_off():
            cut.last -= 1
        elif cut.left_falls_off():
            cut.first += 1
        else:
            break
    return cut.first, cut.last


def plain(token: Token) -> str:
    """The token in lower case without full stops, as the word lists write it."""
    return token.lower_.replace(".", "") if "." in token.lower_ else token.lower_


def is_possessive(token: Token) -> bool:
    """Whether the token is the mark of a possessive, split off its noun."""
    return token.text in _POSSESSIVES


def starts_upper(token: Token) -> bool:
    """Whether the token starts as a name does: an upper-case letter, or a letter of a script without case."""
    char = token.text[0]
    return char.isupper() or (char.isalpha() and char.lower() == char.upper())


def _split(doc: Doc, first: int, last: int, type_: str) -> Iterator[tuple[int, int]]:
    start = first
    for i in range(first, last):
        if doc[i].is_space or (type_ == PERSON and _separates(doc, i, last)) or _ends_owner(doc, i, last, type_):
            yield start, i
            start = i + 1
    yield start, last


def _separates(doc: Doc, i: int, last: int) -> bool:
    if doc[i].lower_ not in _SEPARATORS:
        return False
    return i + 1 >= last or doc[i + 1].lower_ not in words().suffixes


def _ends_owner(doc: Doc, i: int, last: int, type_: str) -> bool:
    """Whether a possessive mark inside a name of a person or place parts two names ("Ukraine's Crimea")."""
    return type_ != ORGANISATION and i < last - 1 and is_possessive(doc[i])


def _after_description(doc: Doc, first: int, last: int) -> int:
    """The start of "Gazeta Wyborcza" in "Warsaw daily Gazeta Wyborcza": after a common noun for organisations."""
    for i in range(last - 2, first, -1):
        if doc[i].is_lower and doc[i].lower_ in words().org_nouns and starts_upper(doc[i + 1]):
            return i + 1
    return first


def _after_base(doc: Doc, first: int, last: int) -> int:
    """The start of a name behind where it is: "Kesh-based Road Union", in one token or in three."""
    if last - first > 1 and "-" in doc[first].text and doc[first].text.rpartition("-")[2] in COMPOUND_PARTS:
        return first + 1
    for i in range(first + 2, min(first + 5, last - 1)):
        if doc[i - 1].text == "-" and doc[i].lower_ in COMPOUND_PARTS:
            return i + 1
    return first


def _before_title(doc: Doc, first: int, last: int) -> int:
    """The end of "U.N." in "U.N. High Commissioner": the title is a person's, the acronym the organisation's."""
    if last - first < 2 or not doc[first].text.isupper() or len(doc[first]) > _ACRONYM:
        return last
    heads = [plain(doc[i]) for i in range(first + 1, min(first + 4, last))]
    return first + 1 if heads[0] in words().titles and set(heads) & words().roles else last


class _Cut:
    """A name on its way to its bounds: what stands at its ends, and whether that falls off."""

    __slots__ = ("doc", "first", "last", "type")

    def __init__(self, doc: Doc, first: int, last: int, type_: str) -> None:
        self.doc = doc
        self.first = first
        self.last = last
        self.type = type_

    def right_falls_off(self) -> bool:
        token = self.doc[self.last - 1]
        if is_possessive(token) or token.is_space:
            return True
        if not any(c.isalnum() for c in token.text):
            return token.text != ")" or not self._has("(")
        if self._is_single() or self._is_hyphenated():
            return False
        if self.type != ORGANISATION:
            return token.text.islower() and token.lower_ not in words().places
        if token.text.islower():
            return self._names_without_right() and not self._needs_right()
        return self._trails() and self._names_without_right()

    def left_falls_off(self) -> bool:
        token, lists = self.doc[self.first], words()
        word = plain(token)
        if token.is_space or is_possessive(token):
            return True
        if not any(c.isalnum() for c in token.text):
            return token.text != "(" or not self._has(")")
        if word in lists.determiners:
            return not self._is_the_hague()
        return not self._is_single() and self._is_before_name(token, word)

    def _is_before_name(self, token: Token, word: str) -> bool:
        if word in {"ngo", "ngos"} or (word in words().openers and self.type != ORGANISATION and self._may_open(token)):
            return True
        if token.text.islower():
            return self.type != PERSON or word not in words().particles
        if self.type == PERSON:
            return word in words().titles or (word in words().demonyms and word not in _GIVEN_NAMES)
        return self.type == ORGANISATION and self._is_nation_of_body(word)

    def _may_open(self, token: Token) -> bool:
        """Whether the capital tells nothing, or is none: Nor Aziza is a name within a sentence."""
        before = self.doc[token.i - 1].text if token.i else "\n"
        return self.type != PERSON or token.is_sent_start or not token.text.istitle() or not before[0].isalnum()

    def _is_single(self) -> bool:
        return self.last - self.first == 1

    def _has(self, mark: str) -> bool:
        return any(self.doc[i].text == mark for i in range(self.first, self.last))

    def _is_hyphenated(self) -> bool:
        """Whether the last word hangs on the one before by a hyphen: "jong" in "Seong-jong"."""
        doc, i = self.doc, self.last - 1
        return (
            i - self.first > 1 and doc[i - 1].text == "-" and not doc[i - 1].whitespace_ and not doc[i - 2].whitespace_
        )

    def _needs_right(self) -> bool:
        """Whether the name is none without its last word: "International Crisis group"."""
        return self.doc[self.first].lower_ in {"international", "national"} and self.last - self.first < _MAX_WIDE

    def _trails(self) -> bool:
        """Whether the last word is no part of it: "Ryanair Flight", an office as in "Observer Editor"."""
        token = self.doc[self.last - 1]
        word = plain(token)
        if word in words().trailers:
            return self.last - self.first <= _FEW
        return word in words().roles and word not in ALSO_BODIES and token.text.istitle()

    def _names_without_right(self) -> bool:
        """Whether what is left without the last word is a proper name, not only adjectives of nations."""
        left = (self.doc[i] for i in range(self.first, self.last - 1))
        return any(starts_upper(t) and plain(t) not in _adjectives() for t in left)

    def _is_the_hague(self) -> bool:
        return [t.text for t in self.doc[self.first : self.last]] == ["The", "Hague"]

    def _is_nation_of_body(self, word: str) -> bool:
        """Whether the name begins with a nation that a state body's name leaves out: "Uzbek Supreme Court"."""
        if word not in words().demonyms or word in words().faiths:
            return False
        return plain(self.doc[self.first + 1]) in words().bodies


_ISMS = ("ism", "isms", "ists", "oist", "xist", "nist", "alist")  # "Maoists", "Castroism"
_SHORTEST_ISM = 6


@cache
def _adjectives() -> frozenset[str]:
    return words().demonyms | words().determiners


def is_name(doc: Doc, first: int, last: int) -> bool:
    """Whether the tokens may be a proper name: capitals, and more than nations, days and titles."""
    named = [doc[i] for i in range(first, last) if any(c.isalpha() for c in doc[i].text)]
    if not any(starts_upper(t) or any(c.isupper() for c in t.text) for t in named):
        return False
    if is_mark(doc, first, last) or _is_membership(doc, first) or _is_bare_title(doc, first, last):
        return False
    return not _names_nothing([plain(t) for t in named if not t.is_lower])


def _is_bare_title(doc: Doc, first: int, last: int) -> bool:
    """Whether the word is a title and no name: "the Queen", "the Crown Prince"; the cut may have left it alone."""
    if last - first > 1 or first == 0 or plain(doc[first]) not in words().titles:
        return False
    return doc[first - 1].lower_ == "the" or plain(doc[first - 1]) in words().titles


def _is_office(doc: Doc, end: int, type_: str) -> bool:
    """Whether an organisation's last word is what one person is: "National Security Adviser"."""
    word = plain(doc[end - 1])
    return type_ == ORGANISATION and word in words().roles and word not in ALSO_BODIES


def is_mark(doc: Doc, first: int, last: int) -> bool:
    """Whether the tokens are a mark of the layout ("[Photo]"), a hashtag, a handle or a currency sign."""
    before = doc[first - 1].text if first else ""
    after = doc[last].text if last < len(doc) else ""
    if (before == "[" and after == "]") or before in {"#", "@"}:
        return True
    return doc[first].text[0] in "#@" or "$" in doc[last - 1].text


_BOARDS = [["board", "of", members] for members in ("directors", "trustees", "governors", "management", "regents")]


def _is_membership(doc: Doc, first: int) -> bool:
    """Whether the words are "Parliament" in "Member of Parliament", or "Board of Directors"."""
    if first < _FEW - 1 or doc[first - 1].lower_ != "of":
        return [doc[i].lower_ for i in range(first, min(first + 3, len(doc)))] in _BOARDS
    return doc[first - 2].lower_ in {"member", "members"} and doc[first].lower_ in {"parliament", "congress"}


def _is_people(word: str) -> bool:
    """Whether the word is a people's or a movement's followers': "Hondurans", "Belarusians", "Castroism"."""
    if word.endswith("ians") or (len(word) > _SHORTEST_ISM and word.endswith(_ISMS)):
        return True
    return word.endswith("s") and word[:-1] in words().demonyms


def _names_nothing(parts: list[str]) -> bool:
    """Whether the words are adjectives of nations, days, feasts, titles and the like, and nothing else."""
    lists = words()
    if not parts:
        return True
    people = parts[-1] in lists.demonyms or parts[-1].endswith("landers")
    if people and parts[-1] not in _GIVEN_NAMES and len(parts) < _FEW:
        return True
    if len(parts) == 1 and _is_people(parts[0]):
        return True
    if len(parts) > 1 and all(p in lists.titles or p in lists.roles for p in parts):
        return True
    return all(p in lists.demonyms or p in lists.never or p in lists.openers for p in parts)
