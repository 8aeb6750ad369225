"""Short forms that the article introduces in brackets."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.names.extent import ALSO_BODIES, is_possessive, plain, starts_upper
from extract.names.found import Found
from extract.names.mention import ORGANISATION, PERSON, Mention, mention
from extract.names.words import words

ACRONYM_CONFIDENCE = 0.9
_REACH = 12
_HEADED = frozenset({"of", "for", "on", "against", "to", "in"})
_LAWS = frozenset({"act", "bill", "law", "code"})


def add_acronyms(found: Found) -> None:
    """Adds the short form in brackets after a name, and the name before a short form that its initials spell."""
    for bracket in list(_brackets(found.words)):
        short = found.words[bracket + 1]
        name = _spelled_out(found.doc, bracket, short)
        common = _is_phrase(found, bracket, short) or found.lower[bracket - 1] in _LAWS
        if common or (name and _is_common(found.doc, name)):
            _decline_all(found, short, name)
            continue
        name = _agreed(found, name, bracket)
        if name and name.type != PERSON and _spells(short, name.text):
            _add_short(found, name, bracket + 1)


def _is_common(doc: Doc, name: Mention) -> bool:
    """Whether the name is a law's, a prize's, an office's or the like, or a common noun's: "an Executive Order"."""
    if any(doc[i].lower_ in words().strong_heads for i in range(name.first, name.last)):
        return False
    link = next((i for i in range(name.first + 1, name.last) if doc[i].lower_ in _HEADED), name.last)
    head = plain(doc[link - 1])
    if head == "commissioner" and "high" in name.key:
        return False
    if head in words().no_organisations or (head in words().roles and head not in ALSO_BODIES) or head == "executive":
        return True
    before, after = doc[name.first - 1].lower_ if name.first else "", doc[min(name.last + 3, len(doc) - 1)]
    return before in {"a", "an"} and after.pos_ not in {"NOUN", "PROPN"}


def _is_phrase(found: Found, bracket: int, short: str) -> bool:
    """Whether the letters are those of words in lower case: "disadvantaged groups (DG)"."""
    at = bracket
    for letter in reversed(short):
        while at > 0 and found.lower[at - 1] in words().connectors and found.lower[at - 1][0] != letter.lower():
            at -= 1
        at -= 1
        if at < 0 or not found.words[at].islower() or found.words[at][0] != letter.lower():
            return False
    return True


def _brackets(tokens: list[str]) -> Iterator[int]:
    """Yields the opening brackets around a lone acronym."""
    for i, word in enumerate(tokens[:-2]):
        if word == "(" and i and tokens[i + 2] == ")" and _is_acronym(tokens[i + 1]):
            yield i


def _is_acronym(text: str) -> bool:
    letters = text.replace("-", "").replace(".", "")
    if letters.endswith("s") and letters[:-1].isupper():
        return False
    return 2 <= len(letters) <= 10 and letters.isalpha() and sum(c.isupper() for c in letters) >= 2


def _agreed(found: Found, spelled: Mention | None, bracket: int) -> Mention | None:
    """The name before the bracket; as the initials spell it, where the model saw less of it."""
    there = found.at(bracket - 1)
    if spelled is None:
        return there
    inside = found.within(spelled.first, spelled.last)
    if any(m.first < spelled.first for m in inside):
        return there
    if there and there.first == spelled.first:
        return there
    like = mention(found.doc, spelled.first, spelled.last, ORGANISATION, "acronym", confidence=ACRONYM_CONFIDENCE)
    return found.put(spelled.first, spelled.last, like)


def _add_short(found: Found, name: Mention, at: int) -> None:
    there = found.at(at)
    if there is None or (there.first == at and there.last == at + 1 and there.type != name.type):
        found.put(at, at + 1, name, rule="acronym", confidence=ACRONYM_CONFIDENCE)


def _decline_all(found: Found, short: str, name: Mention | None) -> None:
    """Declines a short form of a law, a prize or the like wherever it stands, and its long form."""
    for m in found.ordered():
        if m.text.split()[0] == short or (name is not None and name.first <= m.first < name.last):
            found.decline(m, "short for what is no person, organisation or place")


def _spells(acronym: str, name: str) -> bool:
    """Whether the acronym's letters come in this order in the name, the first of them as an initial.

    >>> _spells("AAPP", "Assistance Association for Political Prisoners"), _spells("KHL", "Viasna")
    (True, False)
    """
    initials = [w[0].casefold() for w in name.split() if w[0].isalpha()]
    if not initials or acronym[0].casefold() not in initials:
        return False
    letters = iter(name.casefold())
    return all(letter in letters for letter in acronym.casefold() if letter.isalpha())


def _spelled_out(doc: Doc, bracket: int, acronym: str) -> Mention | None:
    """The words in capitals before the bracket whose initials are the acronym."""
    letters = [c.casefold() for c in acronym if c.isalpha()]
    first, left = bracket, len(letters)
    while left and first > max(0, bracket - _REACH):
        token = doc[first - 1]
        if starts_upper(token) and token.lower_[0] == letters[left - 1]:
            left -= 1
        elif token.lower_ not in words().connectors and not is_possessive(token):
            return None
        first -= 1
    last = bracket
    while last > first and is_possessive(doc[last - 1]):
        last -= 1
    if left or last - first < 2:
        return None
    return mention(doc, first, last, ORGANISATION, "acronym", confidence=ACRONYM_CONFIDENCE)
