"""Declines what the model alone says and the article speaks against."""

from __future__ import annotations

from collections import Counter

from spacy.tokens import Doc

from extract.names.extent import plain
from extract.names.found import Found
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention
from extract.names.words import words

_SHORTEST_PART = 3
_NEAR = 7
_DAYS = frozenset({"Mon", "Tue", "Tues", "Wed", "Thu", "Thur", "Thurs", "Fri", "Sat", "Sun"})
_FORCES = frozenset({"police", "army", "navy", "guard"})
_OPENING = frozenset({'"', "“", "”", "(", "[", "-", "–", "—", "•", "*"})


def doubt(found: Found) -> None:
    """Declines what the model alone says and the article speaks against."""
    seen = Counter(m.key for m in found.mentions if not m.text.isupper())
    inside = Counter(m.key for m in found.mentions if m.last - m.first == 1 and not _opens(found, m))
    inside.update(part for m in found.mentions if m.type == PERSON and " " in m.key for part in m.key.split())
    nameless = {m.key for m in found.mentions if not m.entry and _is_called_otherwise(found, m)}
    for m in found.ordered():
        if m.entry or m.rule != "model":
            continue
        reason = "no person, organisation or place bears it here" if m.key in nameless else None
        reason = reason or _no_name_at_start(found, m, inside) or _reason(found, m, seen)
        if reason:
            found.decline(m, reason)


def _opens(found: Found, m: Mention) -> bool:
    """Whether the name opens its sentence or line, where a capital tells nothing."""
    before = found.words[m.first - 1] if m.first else "\n"
    return "\n" in before or before in _OPENING or bool(found.doc[m.first].is_sent_start)


def _no_name_at_start(found: Found, m: Mention, inside: Counter[str]) -> str | None:
    """Why the one word that opens a sentence is none: the article has it in lower case, or it is no proper noun."""
    if m.last - m.first > 1 or not m.text.istitle() or inside[m.key] or not _opens(found, m):
        return None
    word, tag = found.lower[m.first], found.doc[m.first].pos_
    common = word in found.lower_words or tag not in {"PROPN", "X"} or word in words().place_nouns
    return "a common word that opens a sentence" if common else None


def _is_called_otherwise(found: Found, m: Mention) -> bool:
    """Whether the words beside a single name make it a storm's, a ship's, a people's or a language's, or letters behind
    a person's name."""
    before = found.lower[m.first - 1] if m.first else ""
    after = found.lower[m.last] if m.last < len(found.words) else ""
    if found.lower[m.first] == "eid" or (m.text in _DAYS and after in {",", "."}):
        return True
    if before in words().bearers or found.lower[m.first] in words().bearers:
        return m.type != ORGANISATION or m.last - m.first == 1
    if m.last - m.first > 1:
        return False
    if after in {"'s", "’s"} and found.lower[m.last + 1 : m.last + 2] in (["disease"], ["syndrome"]):
        return True
    if after in words().folk and m.type != PLACE and not m.text.isupper():
        return not (after == "language" and found.lower[m.last + 1 : m.last + 2] == ["service"])
    return before == "," and found.lower[m.first] in words().postnominals and _is_person(found, m.first - 2)


def _is_person(found: Found, i: int) -> bool:
    there = found.at(i)
    return there is not None and there.type == PERSON


def _reason(found: Found, m: Mention, seen: Counter[str]) -> str | None:
    parts = [plain(t) for t in found.doc[m.first : m.last] if t.is_alpha]
    if m.type == ORGANISATION and (reason := _no_organisation(found.doc, m, parts)):
        return reason
    if m.type == PLACE and (reason := _no_place(found.doc, m)):
        return reason
    if m.type != PERSON and len(parts) == 1 and parts[0] in words().titles and _is_person(found, m.last):
        return "the rank of the person named behind it"
    if _is_family(found, m):
        return "a family, no individual"
    forces = len(parts) > 1 and parts[-1] in _FORCES
    if m.type != PERSON and parts and not forces and all(p in words().generic for p in parts):
        return "a common noun, no proper name"
    return _no_title(found, m, parts, seen)


def _no_place(doc: Doc, m: Mention) -> str | None:
    after = doc[m.last] if m.last < len(doc) else None
    if after is not None and after.text in {"dollar", "dollars"}:
        return "part of a currency"
    adjective = after is not None and plain(after) in words().demonyms and not after.is_sent_start
    return "part of an adjective" if adjective else None


def _no_title(found: Found, m: Mention, parts: list[str], seen: Counter[str]) -> str | None:
    if found.is_headline(m.first) and all(p in found.lower_words for p in parts) and not _has_head(parts):
        return "a common noun in a headline"
    return "in a line of capitals, named nowhere else" if not seen[m.key] and _in_capitals(found.doc, m) else None


def _has_head(parts: list[str]) -> bool:
    """Whether several words hold what makes them a body's name, in a headline too."""
    return len(parts) > 1 and not words().strong_heads.isdisjoint(parts)


def _no_organisation(doc: Doc, m: Mention, parts: list[str]) -> str | None:
    if _is_no_organisation(doc, m, parts):
        return "a prize, law, agreement or the like"
    if m.text.endswith("s") and m.text[:-1].isupper():
        return "a plural, no proper name"
    return "part of an office's name" if _is_portfolio(doc, m) else None


def _is_family(found: Found, m: Mention) -> bool:
    """Whether the name is "Losiks" in "the Losiks", beside a person Losik."""
    if m.last - m.first > 1 or not m.key.endswith("s") or not m.first or found.words[m.first - 1].lower() != "the":
        return False
    return m.key[:-1] in found.surnames


def _is_no_organisation(doc: Doc, m: Mention, parts: list[str]) -> bool:
    if {"prize", "award", "medal"} & set(parts) or (parts and parts[0] in {"flight", "terminal"}):
        return True
    if not parts or parts[-1] not in words().no_organisations or m.text.isupper():
        return False
    return not any(doc[i].lower_ in {"of", "for", "on", "against"} for i in range(m.first, m.last))


def _is_portfolio(doc: Doc, m: Mention) -> bool:
    """Whether the words are "the Treasury" in "Secretary of the Treasury", "National Security" before "Adviser"."""
    if m.text.isupper() or any(plain(t) in words().strong_heads for t in doc[m.first : m.last]):
        return False
    at = m.first - 1
    while at > 0 and doc[at].lower_ == "the":
        at -= 1
    if at > 0 and doc[at].lower_ in {"of", "for"} and doc[at - 1].lower_ in {"minister", "secretary", "ministers"}:
        return True
    after = doc[m.last] if m.last < len(doc) else None
    return (
        after is not None
        and after.text.istitle()
        and after.lower_ in words().roles
        and all(plain(t) in words().generic | words().fields | {"cabinet"} for t in doc[m.first : m.last])
    )


def _in_capitals(doc: Doc, m: Mention) -> bool:
    """Whether the line around a name in capitals is all capitals, and no dateline."""
    if not m.text.isupper() or len(m.text) <= _SHORTEST_PART:
        return False
    line: list[str] = []
    for i in range(m.last, min(m.last + _NEAR, len(doc))):
        if "\n" in doc[i].text:
            break
        line.append(doc[i].text)
    for i in range(m.first - 1, max(m.first - _NEAR, 0) - 1, -1):
        if "\n" in doc[i].text:
            break
        line.append(doc[i].text)
    return all(word.upper() == word for word in line) and (bool(line) or m.last < len(doc))
