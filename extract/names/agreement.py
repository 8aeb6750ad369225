"""Gives equal names of an article one type."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from spacy.tokens import Doc

from extract.names.company import votes_beside
from extract.names.extent import trim
from extract.names.found import Found
from extract.names.gazetteer import gazetteer
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention, mention
from extract.names.words import words

_GAZETTEER_VOTES = 20
_PART_VOTES = 10
_COMPANY_VOTES = 2
_SHORTEST_PART = 3
_HEADING = 20


def agree(found: Found) -> None:
    """Gives equal names one type: the gazetteer's, else most of them; a part of a person's name is a person."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    placed: set[str] = set()
    for m in found.mentions:
        ballot = votes[m.key]
        ballot[m.type] += _GAZETTEER_VOTES if m.entry else _PART_VOTES if m.rule == "dateline" else 1
        beside = votes_beside(found, m)
        ballot.update(beside)
        if beside[PLACE] or is_country(m):
            placed.add(m.key)
    _count_ends(found, votes)
    _count_firms(found, votes)
    _count_parts(found, votes, placed)
    for m in found.ordered():
        best = _winner(votes[m.key])
        if best != m.type:
            _retype(found, m, best)


def _count_ends(found: Found, votes: dict[str, Counter[str]]) -> None:
    """Counts for an organisation what its fuller names end in, or begin with as "Congress" does."""
    ends: Counter[str] = Counter()
    for m in found.mentions:
        if m.type == ORGANISATION and " " in m.key:
            ends[m.key.rsplit(" ", 1)[-1]] += 1
            ends[m.key.split(" ", 1)[0]] += m.key.split(" ", 1)[0] in words().strong_heads
        elif m.type == PLACE and " " in m.key and not m.entry and _is_branch(votes, m.key):
            votes[m.key][ORGANISATION] += _PART_VOTES
    for end, count in ends.items():
        if count and end in votes and len(end) > _SHORTEST_PART:
            votes[end][ORGANISATION] += _COMPANY_VOTES


def _count_firms(found: Found, votes: dict[str, Counter[str]]) -> None:
    """Counts for an organisation what it is called without its legal form: "Veloxa" of "Veloxa AG"."""
    for key in {m.key for m in found.mentions if " " in m.key and _winner(votes[m.key]) == ORGANISATION}:
        short, _, form = key.rpartition(" ")
        if form in words().legal_forms and short in votes:
            votes[short][ORGANISATION] += _PART_VOTES


def _is_branch(votes: dict[str, Counter[str]], key: str) -> bool:
    """Whether a place's name begins with an organisation's that stands alone elsewhere: "Veloxa Poland"."""
    first, _, rest = key.partition(" ")
    return first in votes and _winner(votes[first]) == ORGANISATION and bool(gazetteer().named(rest, PLACE))


def _count_parts(found: Found, votes: dict[str, Counter[str]], placed: set[str]) -> None:
    """Counts parts of persons' names for persons; a surname outweighs what the model says, "in Lagos" the surname."""
    owned = {m.key.split(" ", 1)[0] for m in found.mentions if m.type == ORGANISATION and " " in m.key}
    whole = {m.key for m in found.mentions if m.type == PERSON and " " in m.key and _winner(votes[m.key]) == PERSON}
    for parts in [name.split() for name in whole]:
        for part in parts[:-1]:
            if len(part) >= _SHORTEST_PART and part in votes:
                votes[part][PERSON] += _PART_VOTES
        for form in _short_forms(parts):
            if form in votes and len(form) >= _SHORTEST_PART:
                votes[form][PERSON] += _PART_VOTES
                if form not in placed and form not in owned:
                    votes[form][PERSON] += votes[form][ORGANISATION] + votes[form][PLACE]


def _short_forms(parts: list[str]) -> Iterator[str]:
    """Yields the surname, without its article as well, and the beginnings and ends of a longer name."""
    if parts[-2] == "of":
        return
    yield parts[-1]
    article, _, rest = parts[-1].partition("-")
    if article in words().particles:
        yield rest
    for i in range(1, len(parts) - 1):
        yield " ".join(parts[i:])
        yield " ".join(parts[: i + 1])


def is_country(m: Mention) -> bool:
    """Whether the gazetteer knows the name as a country's."""
    return m.entry is not None and m.type == PLACE and gazetteer().entries[m.entry].kind == "country"


def _winner(votes: Counter[str]) -> str:
    return max((PLACE, PERSON, ORGANISATION), key=lambda t: votes[t])


def _retype(found: Found, m: Mention, type_: str) -> None:
    found.drop(m)
    first, last = trim(found.doc, m.first, m.last, type_)
    if first < last:
        found.add(mention(found.doc, first, last, type_, m.rule, confidence=m.confidence - 0.1))


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
