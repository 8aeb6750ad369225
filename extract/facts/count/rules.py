"""The rules of the room: how a number is read, and the walk from a parsed article to drafts."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.facts.count.carrying import carry_on
from extract.facts.count.category import CATEGORY_RULES, MONEY_RULES, categorise
from extract.facts.count.counted import find_counted
from extract.facts.count.declining import EARLY, LATE
from extract.facts.count.page import Candidate, Page
from extract.facts.count.quantities import candidates, compare, look_around, quantity
from extract.facts.count.relations import date_of, place_of, relate
from extract.room import Declined, Draft, draft
from extract.rule import Rule

CONFIDENCE = {
    "digits": 0.95, "words": 0.92, "multiplied": 0.97, "vague_plural": 0.93, "fraction": 0.75, "percent": 0.97,
    "money": 0.95, "measure": 0.9, "range": 0.9,
}  # fmt: skip
"""Of the counts that a rule reads, the share that is right, as measured on tuning articles."""
ELIDED, ONE, COMPOUND = 0.87, 0.75, 0.85
"""The same where nothing counted was found, for "one", and for "27-member"."""


_DATED = ("dated", "part of a date, a time, a duration or an age")


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the counts of the article, and the numbers that count nothing."""
    page = Page(doc)
    kept: list[Candidate] = []
    found = candidates(page)
    for numeral in page.dated:
        yield Declined("count", numeral.start, numeral.end, *_DATED)
    for candidate in found:
        look_around(page, candidate)
        declined = _decline(page, candidate, EARLY)
        if declined is None:
            kept.append(candidate)
        else:
            yield declined
    page.memory["starts"] = {c.first: c for c in kept}
    counts: list[Candidate] = []
    previous: Candidate | None = None
    for candidate in kept:
        find_counted(page, candidate)
        compare(page, candidate, previous)
        previous = candidate
        declined = _decline(page, candidate, LATE)
        if declined is None:
            counts.append(candidate)
            page.memory["counted"] = candidate.counted[1] if candidate.counted else 0
        else:
            yield declined
    yield from _bind(page, counts)


def _decline(page: Page, candidate: Candidate, rules: tuple[Rule, ...]) -> Declined | None:
    for rule in rules:
        if rule.produce(page, candidate):
            return Declined("count", candidate.start, candidate.end, rule.name, rule.pattern)
    return None


def _bind(page: Page, counts: list[Candidate]) -> Iterator[Draft]:
    """Yields the drafts, each bound to its category, its whole, its former value, its day and its place."""
    for candidate in counts:
        confidence = _confidence(candidate)
        candidate.draft = draft(
            page.doc, "count", candidate.start, candidate.end, candidate.rule, confidence=confidence
        )
    relate(page, counts)
    for candidate in counts:
        categorise(page, candidate)
    carry_on(page, counts)
    for candidate in counts:
        if candidate.draft is not None:
            candidate.draft.fields.update(_fields(page, candidate))
            yield candidate.draft


def _fields(page: Page, candidate: Candidate) -> dict[str, object]:
    as_of, basis = date_of(page, candidate)
    start, end = candidate.counted or (0, 0)
    return {
        **quantity(candidate).model_dump(),
        "counted": {"start": start, "end": end, "text": page.text[start:end]} if candidate.counted else None,
        "category": candidate.category,
        "of": candidate.fields.get("of"),
        "aggregation": candidate.fields.get("aggregation"),
        "as_of": as_of,
        "as_of_basis": basis,
        "was": candidate.fields.get("was"),
        "place": place_of(page, candidate),
    }


def _confidence(candidate: Candidate) -> float:
    confidence = CONFIDENCE[candidate.rule]
    if candidate.value == 1 and candidate.rule == "words":
        return ONE
    if candidate.compound:
        return COMPOUND
    return ELIDED if candidate.counted is None and candidate.kind == "cardinal" else confidence


RULES: tuple[Rule, ...] = (
    *(Rule(name, "numeral", candidates) for name in CONFIDENCE),
    *EARLY,
    *LATE,
    *CATEGORY_RULES,
    *MONEY_RULES,
)
"""Every rule by its name: how numbers are read, what is declined, how the category is found."""
