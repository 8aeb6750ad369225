"""A count that says nothing of itself goes on with what another one measured.

"Police held 41 men in May, against [12] a year earlier"; "of the [23], eleven were charged"; "up from [52,000]".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extract.facts.count.meaning import PEOPLE
from extract.facts.count.page import Candidate, Page
from extract.syntax import governor

SENTENCES = 1
"""Sentences that may lie between a count and the one that it goes on with."""
_AGAIN = re.compile(r"\b(?:the|these|those|all|other|of\sthe|remaining)\s$", re.IGNORECASE)
_GENERIC = frozenset({"people", "persons", "others", "other", "individuals", "cases"})
_SPOKEN_OF = re.compile(
    r"\b(?:sp(?:eaks?|oke|oken)\sof|puts?|put\s(?:it|them|the\s\w+)\sat|estimate[sd]?|say(?:s|ing)?|said|claim(?:s|ed)?|counted"
    r"|report(?:s|ed)?|was|were|is|are|at|against|to|from|(?<!more\s)(?<!fewer\s)(?<!less\s)than|with|names|lists|believes?)"
    r"\s(?:(?:about|around|over|up\sto|more\sthan|fewer\sthan|at\sleast|some|nearly|just|there|between|only|the|another)\s){0,3}$",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\b(?:or|by|of\s(?:whom|them|these|which|those)|against|from|drop|rise|fall|compared)\b|\($", re.IGNORECASE
)


def carry_on(page: Page, counts: Sequence[Candidate]) -> None:
    """Gives the counts without a category that of their whole, their former value, their namesake or the one before."""
    by_id = {c.draft.id: c for c in counts if c.draft}
    for at, candidate in enumerate(counts):
        if candidate.category is None and not candidate.fields.get("capacity"):
            found = _linked(candidate, by_id) or _antecedent(page, candidate, counts[max(0, at - 12) : at])
            _take(candidate, found)
    for candidate in reversed(counts):
        _take(by_id.get(str(candidate.fields.get("was"))), candidate)
    for candidate, following in pairwise(counts):
        if _shares_noun(page, candidate, following):
            _take(candidate, following)


def _shares_noun(page: Page, candidate: Candidate, following: Candidate) -> bool:
    """Reads "six American and two Afghan soldiers": an adjective whose noun comes with the next number."""
    at = candidate.head
    if at is None or page.doc[at].pos_ not in {"ADJ", "PROPN"} or following.head is None:
        return False
    return page.word(at + 1) in {"and", "or"} and at + 2 == following.first


def _take(candidate: Candidate | None, other: Candidate | None) -> None:
    """Takes over another count's category and aggregation."""
    if candidate is not None and other is not None and candidate.category is None:
        candidate.category, candidate.fields["aggregation"] = other.category, other.fields.get("aggregation")


def _linked(candidate: Candidate, by_id: dict[str, Candidate]) -> Candidate | None:
    """The whole that it is a part of, or what it changed from, where that has a category."""
    links = [("of",), ("was",)] if candidate.kind in {"cardinal", "percent"} else [("was",)]
    found = (by_id.get(str(candidate.fields.get(link))) for (link,) in links)
    return next((other for other in found if other is not None and other.category), None)


def _antecedent(page: Page, candidate: Candidate, earlier: Sequence[Candidate]) -> Candidate | None:
    """The count before it that it goes on with."""
    if candidate.kind == "percent":
        return _share_of(page, candidate, earlier)
    if candidate.kind != "cardinal" or candidate.compound:
        return None
    if _AGAIN.search(candidate.left):
        return next((c for c in reversed(earlier) if c.category and _same(page, c, candidate)), None)
    if candidate.fields.get("denominator") or _done_to(page, candidate):
        return None
    before = next((c for c in reversed(earlier) if c.kind == "cardinal"), None)
    if before is None or not before.category or not _reaches(page, before, candidate):
        return None
    return before if candidate.counted is None or _is_generic(page, candidate) else None


def _reaches(page: Page, before: Candidate, candidate: Candidate) -> bool:
    """Whether a count in the same sentence, or one that the next sentence takes up: "Two of them ...", "It was 38"."""
    apart = _apart(page, before, candidate)
    if apart != SENTENCES or not page.parsed:
        return apart == 0
    role, _, _ = governor(page.doc[candidate.last - 1])
    return role in {"subject", "passive", "root", "object"} or bool(
        _OF_THEM.match(candidate.right) or _SPOKEN_OF.search(candidate.left)
    )


def _done_to(page: Page, candidate: Candidate) -> bool:
    """Whether something else was done to it: "vaccinated 6,500", "returned two", "11 were rescued"."""
    if not page.parsed:
        return False
    role, _, head = governor(page.doc[candidate.last - 1])
    return role in {"object", "passive"} and head.pos_ == "VERB" and head.lemma_.lower() not in _TELLS


_TELLS = frozenset({
    "say", "put", "count", "name", "list", "report", "recognise", "recognize", "admit", "mention", "know", "number",
    "claim", "estimate", "have", "give", "confirm", "record", "document", "acknowledge", "include", "total", "reach",
    "see", "identify", "cite", "verify", "register", "leave", "note",
    "believe", "think", "fear", "presume", "understand", "expect",
})  # fmt: skip
"""Verbs whose object is only told of: "the ministry names 240"."""


def _same(page: Page, one: Candidate, other: Candidate) -> bool:
    """Whether "the four men" are the four activists of before."""
    people = other.counted is None or bool(PEOPLE.fullmatch(page.text[slice(*other.counted)].lower()))
    return one.kind == other.kind and one.value == other.value and one.high is None and people


def _apart(page: Page, one: Candidate, other: Candidate) -> int:
    return page.sentence_number(other.first) - page.sentence_number(one.first)


def _is_generic(page: Page, candidate: Candidate) -> bool:
    """Reads "the union spoke of 450,000 people": a bare word for people, and a verb that only says so."""
    bare = candidate.counted is not None and page.text[slice(*candidate.counted)].lower() in _GENERIC
    return bare and bool(_SPOKEN_OF.search(candidate.left))


def _share_of(page: Page, candidate: Candidate, earlier: Sequence[Candidate]) -> Candidate | None:
    """Reads "1,187 prisoners, a drop of 16 percent", "38 percent, against 51 percent in 2018"."""
    if not earlier or _apart(page, earlier[-1], candidate) or candidate.counted is not None:
        return None
    if _AGAINST.search(candidate.left):
        return next(
            (c for c in reversed(earlier) if c.kind == "percent" and c.category and not _apart(page, c, candidate)),
            None,
        )
    gap = page.text[earlier[-1].end : candidate.start]
    shares = _SHARE.search(gap) or _OF_THEM.match(candidate.right)
    return earlier[-1] if earlier[-1].category and len(gap) < LONGEST_SHARE and shares else None


_AGAINST = re.compile(r"\b(?:against|to|from|and)\s$", re.IGNORECASE)
_OF_THEM = re.compile(r"\sof\s(?:them|these|those|whom|which)\b")
LONGEST_SHARE = 70
"""Characters between a count and the share that says the same of it in percent."""
