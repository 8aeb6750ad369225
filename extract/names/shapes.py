"""Names by their shape: what the model cut short or in pieces is joined, heads such as "Ministry" tell a name."""

from __future__ import annotations

from spacy.tokens import Token

from extract.names.extent import is_possessive, plain, starts_upper, trim
from extract.names.found import Found
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention, mention
from extract.names.transliteration import given_names
from extract.names.words import words

SHAPE_CONFIDENCE = 0.75
_NICKNAME_MARKS = frozenset({'"', "“", "”", "'", "‘", "’", "(", ")"})
_WIDE_LINKS = frozenset({"for", "against", "on", "and", "the", "of"})
_LINKS = frozenset({"of", "for", "the", "and"})
_COMPOUND_PARTS = frozenset({
    "based", "led", "backed", "run", "era", "style", "linked", "born", "appointed", "aligned", "controlled", "held",
    "like", "wide", "area", "bound", "speaking",
})  # fmt: skip
_SAINTLY = frozenset({"mother", "saint", "st", "st."})


def join(found: Found) -> None:
    """Joins what belongs to one name: given name, nickname, hyphenated part, "for" phrase."""
    for m in found.ordered():
        if found.at(m.first) is not m:
            continue
        if m.type == PERSON:
            _join_person(found, m)
        elif m.type == ORGANISATION:
            _join_organisation(found, m)


def _join_person(found: Found, m: Mention) -> None:
    doc = found.doc
    m = _with_hyphen(found, m)
    m = _with_nickname(found, m)
    m = _with_suffix(found, m)
    before = doc[m.first - 1] if m.first else None
    if before is not None and m.last - m.first == 1 and _is_given(found, before):
        m = found.put(m.first - 1, m.last, m)
    if m.first and doc[m.first - 1].text == "Mother" and found.at(m.first - 1) is None:
        m = found.put(m.first - 1, m.last, m)
    if doc[m.first].lower_ in _SAINTLY:
        _with_origin(found, m)


def _with_hyphen(found: Found, m: Mention) -> Mention:
    """With "-jong" of "Kim Seong-jong"."""
    doc, last = found.doc, m.last
    if last + 1 >= len(doc) or doc[last].text != "-" or doc[last].whitespace_ or doc[last - 1].whitespace_:
        return m
    after = doc[last + 1]
    if not after.is_alpha or after.lower_ in _COMPOUND_PARTS or after.pos_ == "VERB" or after.text.isupper():
        return m
    there = found.at(last + 1)
    return found.put(m.first, there.last if there and there.type == PERSON else last + 2, m)


def _with_suffix(found: Found, m: Mention) -> Mention:
    """With ", Jr." after the surname."""
    doc, last = found.doc, m.last
    if last + 1 < len(doc) and doc[last].text == "," and doc[last + 1].lower_ in words().suffixes:
        return found.put(m.first, last + 2, m)
    return m


def _with_nickname(found: Found, m: Mention) -> Mention:
    """With the surname after a nickname in quotation marks or brackets, or the given name in brackets before it."""
    doc, last = found.doc, m.last
    after = found.at(last + 3)
    if (
        after is not None and after.type == PERSON and after.first == last + 3
        and doc[last].text in _NICKNAME_MARKS and doc[last + 2].text in _NICKNAME_MARKS and starts_upper(doc[last + 1])
    ):  # fmt: skip
        return found.put(m.first, after.last, m)
    follower = found.at(last + 1)
    if m.bracketed and m.last - m.first == 1 and follower is not None and follower.type == PERSON:
        return found.put(m.first - 1, follower.last, m)
    return m


def _is_given(found: Found, token: Token) -> bool:
    """Whether the token is a given name that no other name takes."""
    if found.at(token.i) or not token.text.istitle() or plain(token) in words().titles:
        return False
    return token.lower_ in given_names()


def _with_origin(found: Found, m: Mention) -> None:
    """Joins "of Calcutta" to a saint."""
    place = found.at(m.last + 1)
    if place is not None and place.type == PLACE and found.doc[m.last].lower_ == "of":
        found.put(m.first, place.last, m, type=PERSON)


def _join_organisation(found: Found, m: Mention) -> None:
    doc = found.doc
    if doc[m.first].lower_ == "mother" and m.last - m.first == 2:
        _with_origin(found, found.put(m.first, m.last, m, type=PERSON))
        return
    heads = words().strong_heads
    mark = doc[m.first - 1] if m.first > 1 else doc[m.first]
    plural = mark.text in {"'", "’"} and doc[m.last - 1].lower_ in heads
    if plural or (m.last - m.first == 1 and is_possessive(mark) and doc[m.first].lower_ in heads):
        first, _ = _capitalised_around(found, m.first, links=frozenset())
        if all(old.last <= m.last and old.first >= first for old in found.within(first, m.last)):
            m = found.put(first, m.last, m)
    if _is_owned_office(found, m):
        m = found.put(m.first - 1, m.last, m)
    if m.last + 1 >= len(doc):
        return
    link, head = doc[m.last].lower_, doc[m.last - 1].lower_
    follower = doc[m.last + 1]
    widens = head in words().strong_heads or (link == "for" and plain(follower) in words().generic)
    if link in {"for", "against", "on"} and widens and _belongs(follower, before=False):
        first, last = _capitalised_around(
            found, m.last - 1, links=frozenset({"for", "against", "on", "and", "the", "of"})
        )
        found.put(min(first, m.first), max(last, m.last), m)
    elif link == "of" and _of_place(found, m):
        found.put(m.first, found.within(m.last + 1, m.last + 2)[0].last, m)


def _is_owned_office(found: Found, m: Mention) -> bool:
    """Whether the name lacks the start of its office: "Prosecutor" before "General's Office"."""
    before = found.doc[m.first - 1] if m.first else None
    if before is None or not before.text.istitle() or found.at(before.i) is not None:
        return False
    return plain(before) in words().titles and any(is_possessive(found.doc[i]) for i in range(m.first, m.last))


def _of_place(found: Found, m: Mention) -> bool:
    """Whether "of PLACE" belongs to the name: as when "newspaper" follows."""
    place = found.at(m.last + 1)
    if place is None or place.type != PLACE or place.last >= len(found.doc):
        return False
    after = found.doc[place.last]
    return after.is_lower and after.lower_ in words().org_nouns


def add_shapes(found: Found) -> None:
    """Adds what is an organisation by the shape of its name: capitalised words around a head such as "Ministry"."""
    doc, heads, after = found.doc, words().strong_heads, 0
    for i, word in enumerate(found.words):
        if i < after or found.lower[i] not in heads or not word.istitle() or found.at(i):
            continue
        first, last = _capitalised_around(found, i, links=_LINKS)
        after = last
        if last - first > 1 and not found.is_headline(i):
            first, last = trim(doc, first, last, ORGANISATION)
            if last - first > 1 and _only_places_inside(found, first, last):
                like = mention(doc, first, last, ORGANISATION, "shape", confidence=SHAPE_CONFIDENCE)
                found.put(first, last, like)


def _only_places_inside(found: Found, first: int, last: int) -> bool:
    """Whether nothing is named inside but a place after "of", which then gives way: "Government of Guatemala"."""
    inside = found.within(first, last)
    return not any(
        m.type != PLACE or m.last > last or found.doc[m.first - 1].lower_ not in {"of", "the"} for m in inside
    )


def _capitalised_around(found: Found, i: int, *, links: frozenset[str]) -> tuple[int, int]:
    """The tokens of the name around a head: capitalised words before it, and after it those of an "of" phrase."""
    doc, first, last = found.doc, i, i + 1
    while first > 0 and _belongs(doc[first - 1], before=True) and not doc[first].is_sent_start:
        first -= 1
    while last < len(doc) and _belongs(doc[last], before=False):
        last += 1
    link = last
    while link < len(doc) and (doc[link].lower_ in links or _belongs(doc[link], before=False)):
        link += 1
        if _belongs(doc[link - 1], before=False):
            last = link
    return first, last


def _belongs(token: Token, *, before: bool) -> bool:
    if is_possessive(token):
        return before
    word = plain(token)
    return token.is_alpha and starts_upper(token) and word not in words().openers and word not in words().never
