"""Joins what the model took apart: parts of a person's name, a ministry's second field, a body and its country."""

from __future__ import annotations

from spacy.tokens import Token

from extract.names.extent import is_possessive, plain, starts_upper, trim
from extract.names.found import Found
from extract.names.mention import COMPOUND_PARTS, ORGANISATION, PERSON, PLACE, Mention
from extract.names.shapes import belongs, capitalised_around
from extract.names.transliteration import given_names
from extract.names.words import words

_NICKNAME_MARKS = frozenset({'"', "“", "”", "'", "‘", "’", "(", ")"})
_WIDE_LINKS = frozenset({"for", "against", "on", "and", "the", "of"})
_NUMBERED = frozenset({"colony", "prison", "jail", "school", "hospital", "centre", "center", "facility", "sizo"})
_TRACTS = frozenset({"region", "province", "district", "county", "governorate", "oblast", "island", "river", "airport"})
_BODIES_OF = frozenset({"administration", "theatre", "theater", "museum", "library", "service", "board"})
_HYPHENATED = 3
_SHORTEST_OFFICE, _LONGEST_FIELD, _LONGEST_FIELDS = 3, 4, 20
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
        else:
            _join_place(found, m)


def _join_person(found: Found, m: Mention) -> None:
    doc = found.doc
    m = _with_hyphen(found, m)
    m = _with_nickname(found, m)
    m = _with_suffix(found, m)
    before = doc[m.first - 1] if m.first else None
    if before is not None and m.last - m.first == 1 and _is_given(found, before):
        m = found.put(m.first - 1, m.last, m)
    if before is not None and _is_surname_before(found, m, before):
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
    verb = after.pos_ == "VERB" and after.lower_.endswith(("ed", "ing"))
    if not after.is_alpha or after.lower_ in COMPOUND_PARTS or verb or after.text.isupper():
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


def _is_surname_before(found: Found, m: Mention, before: Token) -> bool:
    """Whether the surname stands before a given name like "Jae-in", whose second half is in lower case."""
    if m.last - m.first != _HYPHENATED or not found.words[m.last - 1].islower() or found.at(before.i):
        return False
    word = plain(before)
    known = words().titles | words().roles | words().demonyms
    return before.text.istitle() and before.pos_ == "PROPN" and word not in known and belongs(before, before=True)


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
    m = _with_head(found, _with_nation(found, _with_owner(found, m)))
    if _is_owned_office(found, m):
        m = found.put(m.first - 1, m.last, m)
    m = _with_bracket(found, _with_fields(found, m))
    if m.last + 1 < len(doc) and not _with_number(found, m):
        _with_phrase(found, m)


def _with_owner(found: Found, m: Mention) -> Mention:
    """With the words before a lone head that a possessive mark parts from it: "Journalists' Union"."""
    doc, heads = found.doc, words().strong_heads
    mark = doc[m.first - 1] if m.first > 1 else doc[m.first]
    plural = mark.text in {"'", "’"} and doc[m.last - 1].lower_ in heads
    if plural or (m.last - m.first == 1 and is_possessive(mark) and doc[m.first].lower_ in heads):
        first, _ = capitalised_around(found, m.first, links=frozenset())
        if all(old.last <= m.last and old.first >= first for old in found.within(first, m.last)):
            return found.put(first, m.last, m)
    return m


def _with_nation(found: Found, m: Mention) -> Mention:
    """With the nation whose Red Cross or Red Crescent it is."""
    before = found.doc[m.first - 1] if m.first else None
    if m.key not in {"red cross", "red crescent"} or before is None or found.at(before.i):
        return m
    return found.put(m.first - 1, m.last, m) if plain(before) in words().demonyms and starts_upper(before) else m


def _with_head(found: Found, m: Mention) -> Mention:
    """With the head that the model left before "for" or "of": "Commission for", "Higher Learning"."""
    doc, at = found.doc, m.first - 2
    if at < 0 or doc[m.first - 1].lower_ not in {"for", "of"} or found.at(at) is not None or not doc[at].text.istitle():
        return m
    if doc[at].lower_ not in words().strong_heads or found.is_headline(at) or m.entry:
        return m
    first, _ = capitalised_around(found, at, links=frozenset())
    first, _ = trim(doc, first, m.last, ORGANISATION)
    return m if found.within(first, at) else found.put(first, m.last, m)


def _with_phrase(found: Found, m: Mention) -> None:
    """Joins the "for" phrase of a body, and the country that one is of: "Road Administration of Kenya"."""
    doc = found.doc
    link, head = doc[m.last].lower_, doc[m.last - 1].lower_
    follower = doc[m.last + 1]
    widens = head in words().strong_heads or (link == "for" and plain(follower) in words().generic)
    if link in {"for", "against", "on"} and widens and belongs(follower, before=False):
        first, last = capitalised_around(found, m.last - 1, links=_WIDE_LINKS)
        found.put(min(first, m.first), max(last, m.last), m)
    elif link == "of" and (place := _of_place(found, m)):
        found.put(m.first, place.last, m)


def _with_fields(found: Found, m: Mention) -> Mention:
    """With the further fields of an office: "Ministry of Health", "and Sports"."""
    doc, last, whole = found.doc, m.last, m.last
    if m.last - m.first < _SHORTEST_OFFICE or doc[m.first + 1].lower_ not in {"of", "for"}:
        return m
    if doc[m.first].lower_ not in words().strong_heads and doc[m.first].lower_ not in {"faculty", "school"}:
        return m
    while last + 1 < len(doc) and doc[last].text in {",", "and", "&"} and last - m.last < _LONGEST_FIELDS:
        end = _field_end(found, last + 1)
        if end == last + 1:
            break
        whole = end if doc[last].text != "," else whole
        last = end
    return found.put(m.first, whole, m) if whole > m.last else m


def _field_end(found: Found, i: int) -> int:
    """The token after the capitalised words at `i` that are a field of an office, or `i` where none are."""
    doc, lists, start = found.doc, words(), i
    while i < len(doc) and i - start < _LONGEST_FIELD and doc[i].text.istitle() and belongs(doc[i], before=False):
        word, there = plain(doc[i]), found.at(i)
        if word in lists.strong_heads or word in lists.titles or word in lists.roles:
            return start
        if there is not None and (there.type != ORGANISATION or there.entry or word not in lists.fields):
            return start
        i += 1
    return i


def _with_bracket(found: Found, m: Mention) -> Mention:
    """With the bracket that closes one inside: "CPI(M)"."""
    text, last = found.doc[m.last - 1].text, m.last
    unclosed = (
        "(" in text and text[-1].isalpha() and ")" not in text and last < len(found.doc) and found.doc[last].text == ")"
    )
    return found.put(m.first, last + 1, m) if unclosed else m


def _join_place(found: Found, m: Mention) -> None:
    last = m.last
    if last + 1 >= len(found.words) or _with_number(found, m):
        return
    word, head = found.words[last], found.lower[last]
    site = _site_after(found, last)
    if site and not m.text.isupper():
        found.put(m.first, last + site, m, label="FAC")
    elif not word.istitle() or found.at(last) is not None or found.is_headline(last):
        return
    elif head in _TRACTS:
        found.put(m.first, last + 1, m)
    elif head in words().strong_heads or head == "police":
        while last < len(found.words) and found.words[last].istitle() and found.at(last) is None:
            if not _is_of_body(found.doc[last]):
                break
            last += 1
        found.put(m.first, last, m, type=ORGANISATION, label="ORG")


def _site_after(found: Found, at: int) -> int:
    """How many words in lower case name what stands at the place: "airport", "detention centre"."""
    two = found.words[at : at + 2]
    if two[:1] in (["airport"], ["airstrip"], ["airfield"]):
        return 1
    return 2 if two in (["detention", "center"], ["detention", "centre"]) else 0


def _is_of_body(token: Token) -> bool:
    word = plain(token)
    return belongs(token, before=False) and (word == "police" or word not in words().titles | words().roles)


def _with_number(found: Found, m: Mention) -> bool:
    """Joins the number of a prison, a school or the like, and the noun between: "Kesh", "colony No. 5"."""
    tokens, at = found.words, m.last
    if m.type == PLACE and found.lower[at] in _NUMBERED:
        at += 1
    elif found.lower[at - 1] not in _NUMBERED:
        return False
    if at + 1 >= len(tokens) or tokens[at] not in {"No", "No.", "№"}:
        return False
    at += 2 if tokens[at + 1] == "." else 1
    if at >= len(tokens) or not tokens[at][0].isdigit():
        return False
    found.put(m.first, at + 1, m, type=PLACE, label="FAC")
    return True


def _is_owned_office(found: Found, m: Mention) -> bool:
    """Whether the name lacks the start of its office: "Prosecutor" before "General's Office"."""
    before = found.doc[m.first - 1] if m.first else None
    if before is None or not before.text.istitle() or found.at(before.i) is not None:
        return False
    return plain(before) in words().titles and any(is_possessive(found.doc[i]) for i in range(m.first, m.last))


def _of_place(found: Found, m: Mention) -> Mention | None:
    """The place behind "of" that belongs to the name: a body's, or any before a noun such as "newspaper"."""
    doc, at = found.doc, m.last + 1
    at += at + 1 < len(doc) and doc[at].lower_ == "the"
    place = found.at(at)
    if place is None or place.type != PLACE or place.first != at:
        return None
    if doc[m.last - 1].lower_ in words().strong_heads or doc[m.last - 1].lower_ in _BODIES_OF:
        return place
    after = doc[place.last] if place.last < len(doc) else None
    return place if after is not None and after.is_lower and after.lower_ in words().org_nouns else None
