"""Gives equal names of an article one type, and declines what nothing in the article backs."""

from __future__ import annotations

from collections import Counter, defaultdict

from spacy.tokens import Doc

from extract.names.extent import is_possessive, plain, trim
from extract.names.found import Found
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention, mention
from extract.names.words import words

_GAZETTEER_VOTES = 20
_PART_VOTES = 10
_COMPANY_VOTES = 2
_SHORTEST_PART = 3
_NEAR = 7
_HEADING = 20


def agree(found: Found) -> None:
    """Gives equal names one type: the gazetteer's, else most of them; a part of a person's name is a person."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    ends: Counter[str] = Counter()
    for m in found.mentions:
        votes[m.key][m.type] += _GAZETTEER_VOTES if m.entry else _PART_VOTES if m.rule == "dateline" else 1
        votes[m.key].update(_company(found, m))
        if m.type == ORGANISATION and " " in m.key:
            ends[m.key.rsplit(" ", 1)[-1]] += 1
            ends[m.key.split(" ", 1)[0]] += m.key.split(" ", 1)[0] in words().strong_heads
    for part in {p for m in found.mentions if m.type == PERSON and " " in m.key for p in m.key.split()}:
        if len(part) >= _SHORTEST_PART and part in votes:
            votes[part][PERSON] += _PART_VOTES
    for end, count in ends.items():
        if count and end in votes and len(end) > _SHORTEST_PART:
            votes[end][ORGANISATION] += _COMPANY_VOTES
    for m in found.ordered():
        best = _winner(votes[m.key])
        if best != m.type:
            _retype(found, m, best)


def _winner(votes: Counter[str]) -> str:
    return max((PLACE, PERSON, ORGANISATION), key=lambda t: votes[t])


def _retype(found: Found, m: Mention, type_: str) -> None:
    found.drop(m)
    first, last = trim(found.doc, m.first, m.last, type_)
    if first < last:
        found.add(mention(found.doc, first, last, type_, m.rule, confidence=m.confidence - 0.1))


def _company(found: Found, m: Mention) -> Counter[str]:
    """Votes of the words beside a name: "the group Memorial", "the Hirak movement", "Mr. Horsey", "in Tema"."""
    doc, lists = found.doc, words()
    before = plain(doc[m.first - 1]) if m.first else ""
    after = plain(doc[m.last]) if m.last < len(doc) else ""
    votes: Counter[str] = Counter()
    if before in lists.org_nouns or _is_described(doc, m) or _is_apposed(doc, m) or _follows_in_brackets(found, m):
        votes[ORGANISATION] += _COMPANY_VOTES
    if m.text.isupper() and m.last - m.first == 1 and after in lists.titles and doc[m.last].text.istitle():
        votes[ORGANISATION] += _COMPANY_VOTES
    if before in lists.titles_m or before in lists.titles_f:
        votes[PERSON] += _COMPANY_VOTES
    if _has_age(doc, m) or (before in lists.roles and doc[m.first - 1].is_lower and m.last - m.first > 1):
        votes[PERSON] += _COMPANY_VOTES
    votes[PLACE] += _place_votes(doc, m, before, after)
    return votes


def _has_age(doc: Doc, m: Mention) -> bool:
    """Whether ", 52," follows."""
    tail = [t.text for t in doc[m.last : m.last + 3]]
    return len(tail) == 3 and tail[0] == "," and tail[1].isdigit() and len(tail[1]) == 2 and tail[2] in {",", "."}


def _place_votes(doc: Doc, m: Mention, before: str, after: str) -> int:
    """Votes for a place: "the town of Kesh", "in Kesh", "Kesh's president", "the interior minister of Kesh"."""
    if m.last - m.first > 2 or m.text.isupper():
        return 0
    noun = doc[m.first - 2].lower_ if before == "of" and m.first > 1 else ""
    if noun in words().place_nouns or noun in words().rulers:
        return _COMPANY_VOTES
    if before in {"in", "near"} and after not in {"'s", "’s"} and m.last - m.first == 1:
        return _COMPANY_VOTES if m.type == PERSON else 1
    owned = doc[m.last + 1].lower_ if after in {"'s", "’s"} and m.last + 1 < len(doc) else ""
    return _COMPANY_VOTES if owned in words().rulers else 0


def _is_described(doc: Doc, m: Mention) -> bool:
    """Whether a noun for an organisation follows in lower case: "the Viasna human rights center"."""
    for i in range(m.last, min(m.last + 4, len(doc))):
        if not doc[i].is_lower:
            return False
        if doc[i].lower_ in words().org_nouns:
            return i == m.last or (m.first > 0 and doc[m.first - 1].lower_ in words().determiners)
        if doc[i].pos_ not in {"ADJ", "NOUN"}:
            return False
    return False


def _follows_in_brackets(found: Found, m: Mention) -> bool:
    """Whether the name stands in brackets after an organisation's, as its short form does."""
    before = found.at(m.first - 2) if m.bracketed and m.type == PERSON else None
    return before is not None and before.type == ORGANISATION


def _is_apposed(doc: Doc, m: Mention) -> bool:
    """Whether ", a separatist movement" follows, or the name's own words end in such a noun."""
    i = m.last
    if i + 2 >= len(doc) or doc[i].text != "," or doc[i + 1].lower_ not in {"a", "an", "the"}:
        return False
    for token in doc[i + 2 : i + _NEAR]:
        if token.lower_ in words().org_nouns:
            return True
        if token.pos_ not in {"ADJ", "NOUN", "PROPN"} and not is_possessive(token) and token.text != "-":
            return False
    return False


def agree_in_lists(found: Found) -> None:
    """Gives the names of a list the type that its heading tells: "NGOs ... namely A, B and C"."""
    row: list[Mention] = []
    for m in found.ordered():
        if row and _is_next(found.doc, row[-1], m):
            row.append(m)
            continue
        _settle(found, row)
        row = [m]
    _settle(found, row)


def _is_next(doc: Doc, a: Mention, b: Mention) -> bool:
    between = [t.lower_ for t in doc[a.last : b.first]] if 0 < b.first - a.last <= 2 else []
    return between in ([","], [",", "and"], ["and"], [",", "or"], ["or"], [";"])


def _settle(found: Found, row: list[Mention]) -> None:
    if len(row) < 2 or all(m.type == ORGANISATION for m in row) or not _is_headed(found.doc, row[0].first):
        return
    for m in row:
        if m.type != ORGANISATION and not m.entry:
            _retype(found, m, ORGANISATION)


def _is_headed(doc: Doc, first: int) -> bool:
    """Whether a cue such as "namely" and, before it, a plural noun for organisations stand before a list."""
    cue = first - 1
    if cue > 0 and doc[cue].lower_ == "as":
        cue -= 1
    if cue < 1 or doc[cue].lower_ not in {"namely", "including", "such", ":"}:
        return False
    for i in range(cue - 1, max(cue - _HEADING, 0) - 1, -1):
        word = doc[i].lower_
        if word == "ngos" or (word.endswith("s") and word[:-1] in words().org_nouns):
            return True
        if doc[i].is_sent_start:
            return False
    return False


def doubt(found: Found) -> None:
    """Declines what the model alone says and the article speaks against."""
    seen = Counter(m.key for m in found.mentions if not m.text.isupper())
    for m in found.ordered():
        reason = None if m.entry or m.rule != "model" else _reason(found, m, seen)
        if reason:
            found.decline(m, reason)


def _reason(found: Found, m: Mention, seen: Counter[str]) -> str | None:
    parts = [plain(t) for t in found.doc[m.first : m.last] if t.is_alpha]
    if m.type == ORGANISATION and (reason := _no_organisation(found.doc, m, parts)):
        return reason
    if m.type == PLACE and (reason := _no_place(found.doc, m)):
        return reason
    if _is_family(found, m):
        return "a family, no individual"
    if m.type != PERSON and parts and all(p in words().generic for p in parts):
        return "a common noun, no proper name"
    return _no_title(found, m, parts, seen)


def _no_place(doc: Doc, m: Mention) -> str | None:
    after = doc[m.last] if m.last < len(doc) else None
    if after is not None and after.text in {"dollar", "dollars"}:
        return "part of a currency"
    adjective = after is not None and plain(after) in words().demonyms and not after.is_sent_start
    return "part of an adjective" if adjective else None


def _no_title(found: Found, m: Mention, parts: list[str], seen: Counter[str]) -> str | None:
    if found.is_headline(m.first) and all(p in found.lower_words for p in parts):
        return "a common noun in a headline"
    return "in a line of capitals, named nowhere else" if not seen[m.key] and _in_capitals(found.doc, m) else None


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
        and all(plain(t) in words().generic for t in doc[m.first : m.last])
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
