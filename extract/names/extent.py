"""Where a name begins and ends: titles, determiners, possessive marks, quotation marks and descriptions stay outside."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from extract.names.mention import ORGANISATION, PERSON, PLACE
from extract.names.words import words

_POSSESSIVES = frozenset({"'s", "’s", "'S", "’S", "'", "’", "`s", "´s"})
_SEPARATORS = frozenset({",", ";", "/", "|", "&", "and", "or", "•", "–", "—", "-LRB-", "versus", "vs", "vs."})
_GIVEN_NAMES = frozenset({"christian", "german"})
_ALSO_BODIES = frozenset(
    {"guard", "justice", "publisher", "broadcaster", "partisan", "presenter", "champion", "member"}
)
_MAX_NAME = 14
_FEW = 3
_MAX_WIDE = 5
_ACRONYM = 6


def pieces(doc: Doc, first: int, last: int, type_: str) -> Iterator[tuple[int, int]]:
    """Yields the names in tokens `first` to `last`: one, several where a list was taken for one name, or none."""
    for start, end in _split(doc, first, last, type_):
        start, end = trim(doc, start, end, type_)
        if end - start <= _MAX_NAME and is_name(doc, start, end) and not _is_office(doc, end, type_):
            yield start, end


def trim(doc: Doc, first: int, last: int, type_: str) -> tuple[int, int]:
    """The bounds without what is no part of the name; empty where nothing is left."""
    if type_ == ORGANISATION:
        last = _before_title(doc, first, last)
    while last > first:
        before = first, last
        last = _trim_right(doc, first, last, type_)
        first = _trim_left(doc, first, last, type_)
        if (first, last) == before:
            break
    return first, last


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
        token = doc[i]
        if token.is_space or (type_ == PERSON and _separates(doc, i, last)) or _ends_owner(doc, i, first, last, type_):
            yield start, i
            start = i + 1
    yield start, last


def _separates(doc: Doc, i: int, last: int) -> bool:
    if doc[i].lower_ not in _SEPARATORS:
        return False
    follower = doc[i + 1].lower_ if i + 1 < last else ""
    return follower not in words().suffixes


def _ends_owner(doc: Doc, i: int, first: int, last: int, type_: str) -> bool:
    """Whether a possessive mark inside a name of a person or place parts two names ("Ukraine's Crimea")."""
    return type_ != ORGANISATION and first < i < last - 1 and is_possessive(doc[i])


def _trim_right(doc: Doc, first: int, last: int, type_: str) -> int:
    while last > first and _falls_off_right(doc, first, last, type_):
        last -= 1
    return last


def _falls_off_right(doc: Doc, first: int, last: int, type_: str) -> bool:
    token = doc[last - 1]
    if is_possessive(token) or token.is_space:
        return True
    if last - first > 2 and _is_hyphenated(doc, last - 1):
        return False
    if not any(c.isalnum() for c in token.text):
        return token.text != ")" or not _opens_inside(doc, first, last)
    if type_ == ORGANISATION and last - first > 1 and _trails(doc, first, last):
        return _name_without(doc, first, last - 1)
    if type_ == ORGANISATION:
        return token.text.islower() and _name_without(doc, first, last - 1) and not _opens_widely(doc, first, last)
    return token.text.islower() and token.lower_ not in words().places and last - first > 1


def _before_title(doc: Doc, first: int, last: int) -> int:
    """The end of "U.N." in "U.N. High Commissioner": an acronym, then a title, is the organisation of one who has it."""
    if last - first < 2 or not doc[first].text.isupper() or len(doc[first]) > _ACRONYM:
        return last
    tail = [plain(doc[i]) for i in range(first + 1, last) if starts_upper(doc[i])]
    heads = [plain(doc[i]) for i in range(first + 1, min(first + 4, last))]
    return first + 1 if tail and heads[0] in words().titles and set(heads) & words().roles else last


def _trails(doc: Doc, first: int, last: int) -> bool:
    """Whether the last word is a common noun after a short name ("Ryanair Flight"), or an office ("Observer Editor")."""
    word = plain(doc[last - 1])
    if word in words().trailers:
        return last - first <= _FEW
    return word in words().roles and word not in _ALSO_BODIES and doc[last - 1].text.istitle()


def _is_hyphenated(doc: Doc, i: int) -> bool:
    """Whether the token hangs on the one before by a hyphen: "jong" in "Seong-jong"."""
    return doc[i - 1].text == "-" and not doc[i - 1].whitespace_ and not doc[i - 2].whitespace_


def _opens_widely(doc: Doc, first: int, last: int) -> bool:
    """Whether the name needs its last word: "International Crisis group"."""
    return doc[first].lower_ in {"international", "national"} and last - first < _MAX_WIDE


def _opens_inside(doc: Doc, first: int, last: int) -> bool:
    return any(doc[i].text == "(" for i in range(first, last))


def _name_without(doc: Doc, first: int, last: int) -> bool:
    """Whether what is left is a proper name: more than adjectives of nations and articles."""
    adjectives = words().demonyms | words().determiners
    return any(starts_upper(doc[i]) and plain(doc[i]) not in adjectives for i in range(first, last))


def _trim_left(doc: Doc, first: int, last: int, type_: str) -> int:
    while first < last and _falls_off_left(doc, first, last, type_):
        first += 1
    return first


def _falls_off_left(doc: Doc, first: int, last: int, type_: str) -> bool:
    token, lists = doc[first], words()
    word = plain(token)
    if token.is_space or is_possessive(token):
        return True
    if not any(c.isalnum() for c in token.text):
        return token.text != "(" or not _closes_inside(doc, first, last)
    if last - first > 1 and word in lists.openers and type_ != ORGANISATION:
        return True
    if word in {"ngo", "ngos"} and last - first > 1:
        return True
    if word in lists.determiners and not (word == "the" and _is_the_hague(doc, first, last)):
        return True
    if last - first > 1 and token.text.islower():
        return not (type_ == PERSON and word in lists.particles)
    return last - first > 1 and _LEFT[type_](doc, first, last)


def _closes_inside(doc: Doc, first: int, last: int) -> bool:
    return any(doc[i].text == ")" for i in range(first, last - 1))


def _is_the_hague(doc: Doc, first: int, last: int) -> bool:
    return last - first == 2 and doc[first].text == "The" and doc[first + 1].lower_ == "hague"


def _is_title(doc: Doc, first: int, last: int) -> bool:
    word = plain(doc[first])
    return word in words().titles or (word in words().demonyms and word not in _GIVEN_NAMES)


def _is_nation_of_body(doc: Doc, first: int, last: int) -> bool:
    if plain(doc[first]) not in words().demonyms - words().faiths:
        return False
    rest = {plain(doc[i]) for i in range(first + 1, last)}
    return plain(doc[first + 1]) in words().bodies and bool(rest & words().bodies)


def _is_nothing(doc: Doc, first: int, last: int) -> bool:
    return False


_LEFT = {PERSON: _is_title, ORGANISATION: _is_nation_of_body, PLACE: _is_nothing}


def is_name(doc: Doc, first: int, last: int) -> bool:
    """Whether the tokens may be a proper name: capitals, and more than nations, days and titles."""
    if first >= last:
        return False
    named = [doc[i] for i in range(first, last) if any(c.isalpha() for c in doc[i].text)]
    if not any(starts_upper(t) or any(c.isupper() for c in t.text) for t in named):
        return False
    if is_mark(doc, first, last) or _is_membership(doc, first):
        return False
    return not _names_nothing([plain(t) for t in named if not t.is_lower])


def _is_office(doc: Doc, end: int, type_: str) -> bool:
    """Whether an organisation's last word is what one person is: "National Security Adviser"."""
    word = plain(doc[end - 1])
    return type_ == ORGANISATION and word in words().roles and word not in _ALSO_BODIES


def is_mark(doc: Doc, first: int, last: int) -> bool:
    """Whether the tokens are a mark of the layout, a hashtag or a handle."""
    return _in_square_brackets(doc, first, last) or _is_tag(doc, first, last)


def _in_square_brackets(doc: Doc, first: int, last: int) -> bool:
    """Whether the words are a mark of the layout: "[Photo]", "[R]"."""
    return 0 < first and last < len(doc) and doc[first - 1].text == "[" and doc[last].text == "]"


def _is_tag(doc: Doc, first: int, last: int) -> bool:
    """Whether the words are a hashtag, a handle or a currency sign."""
    return (first > 0 and doc[first - 1].text in {"#", "@"}) or doc[first].text[0] in "#@" or "$" in doc[last - 1].text


def _is_membership(doc: Doc, first: int) -> bool:
    """Whether the words are "Parliament" in "Member of Parliament", or "Directors" in "Board of Directors"."""
    if first < _FEW - 1 or doc[first - 1].lower_ != "of":
        return doc[first].lower_ == "board" and first + 1 < len(doc) and doc[first + 1].lower_ == "of"
    return doc[first - 2].lower_ in {"member", "members"} and doc[first].lower_ in {"parliament", "congress"}


def _names_nothing(parts: list[str]) -> bool:
    """Whether the words are adjectives of nations, days, feasts, titles and the like, and nothing else."""
    lists = words()
    if parts[-1] in lists.demonyms and parts[-1] not in _GIVEN_NAMES and len(parts) < _FEW:
        return True
    return all(p in lists.demonyms or p in lists.never or p in lists.openers for p in parts) or (
        len(parts) > 1 and all(p in lists.titles or p in lists.roles for p in parts)
    )
