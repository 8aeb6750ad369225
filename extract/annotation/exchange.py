"""What all tools have in common: articles with facts go out as marks, marks come back and are compared with the facts.

A tool carries some of a fact's fields. What it doesn't carry stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.article import Article
from extract.correction.anchor import Reviewed, Stamp, correct
from extract.correction.apply import read_articles, read_facts
from extract.correction.entry import Correction
from extract.correction.moving import Target, sentences_of
from extract.correction.revise import RevisionError, added, proposal, respanned, revised
from extract.errors import ReadError
from extract.fact import EVENT_TYPES, FACT, FACT_TYPES, Count, Date, Envelope, Event, Statement, check_spans

LABELS = (*(type_ for type_ in FACT_TYPES if type_ != "event"), *(f"event_{name}" for name in EVENT_TYPES))
LINKS = ("as_of", "of", "was", "place", "entity", "source")


@dataclass(frozen=True, slots=True)
class Task:
    """An article with its facts, for a person to look at."""

    article: Article
    facts: tuple[Envelope, ...]

    @property
    def ids(self) -> list[str]:
        """The ids of the facts."""
        return [fact.id for fact in self.facts]


@dataclass(frozen=True)
class Mark:
    """What a tool says of a stretch of text. `fields` and `links` hold what it carries, None where it was emptied."""

    start: int
    end: int
    type: str
    fact: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str | None] | None = None


@dataclass(frozen=True)
class Returned:
    """One person's annotation of one article; `exported` are the facts that went out, None where all did."""

    text_sha256: str
    marks: tuple[Mark, ...]
    article: str = ""
    annotator: str = ""
    at: datetime | None = None
    exported: frozenset[str] | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be taken over, and where."""

    where: str
    what: str


def tasks(facts: Path, articles: Path) -> Iterator[Task]:
    """Yields the articles with their facts, each span checked: some tools take broken ones without a word.

    Raises:
        ReadError: a file can't be read, or an article is missing or has another text.
        SpanError: a fact doesn't hold the text that it claims.
    """
    known = dict(read_articles(articles))
    for reference, rows in read_facts(facts):
        article = known.get(reference.id)
        if article is None or article.text_sha256 != reference.text_sha256:
            raise ReadError(f"article {reference.id!r} is missing or has another text", where=str(articles),
                            expected="the articles of these facts", advice="Give the file of the same run"
                            ) from None  # fmt: skip
        parsed: list[Envelope] = [FACT.validate_json(row) for row in rows]
        for fact in parsed:
            check_spans(fact, article.text)
        yield Task(article, tuple(parsed))


def label_of(fact: Envelope) -> str:
    """The fact's label where a tool has labels alone: `count`, `event_arrest`."""
    return f"event_{fact.event_type}" if isinstance(fact, Event) else fact.type


def of_label(label: str) -> tuple[str, dict[str, Any]] | None:
    """Type and fields of a label, or None where it is unknown.

    >>> of_label("event_arrest"), of_label("nonsense")
    (('event', {'event_type': 'arrest'}), None)
    """
    if label not in LABELS:
        return None
    return ("event", {"event_type": label[6:]}) if label.startswith("event_") else (label, {})


def links_of(fact: Envelope) -> dict[str, str]:
    """What the fact refers to, by the name of the link."""
    links: dict[str, str | None] = {"source": fact.attribution.source_id if fact.attribution else None}
    if isinstance(fact, Count):
        links |= {"as_of": fact.as_of, "of": fact.of, "was": fact.was, "place": fact.place}
    elif isinstance(fact, Statement):
        links["entity"] = fact.entity
    return {name: id_ for name, id_ in links.items() if id_}


def value_of(fact: Envelope) -> str | float | None:
    """The value that tools show beside a label: a date's, a count's."""
    return fact.value if isinstance(fact, Date | Count) else None


def decisions(task: Task, returned: Returned, stamp: Stamp) -> Iterator[Correction | Problem]:
    """Yields a decision for each fact that went out and each that was added, and what could not be taken over."""
    where = task.article.id
    yield from (Problem(where, what) for what in returned.problems)
    target = Target(task.article, sentences_of(task.facts))
    reviewed = Reviewed(task.article.text, {fact.id: fact for fact in task.facts})
    out = [fact for fact in task.facts if returned.exported is None or fact.id in returned.exported]
    matched, rest = _match(out, returned.marks)
    for fact in out:
        mark = matched.get(fact.id)
        try:
            yield _decided(reviewed, target, fact, mark, stamp) if mark else correct(reviewed, "reject", fact, stamp)
        except RevisionError as error:
            yield Problem(f"{where} at {fact.span.start}..{fact.span.end}", f"{fact.type}: {error.what}")
    for mark in rest:
        try:
            fields = proposal(mark.type, _span(mark, target)) | mark.fields
            yield correct(reviewed, "add", added(target, mark.type, fields, stamp.annotator), stamp)
        except RevisionError as error:
            yield Problem(f"{where} at {mark.start}..{mark.end}", f"added {mark.type}: {error.what}")


def _decided(reviewed: Reviewed, target: Target, fact: Envelope, mark: Mark, stamp: Stamp) -> Correction:
    new = _with_mark(target, fact, mark, stamp.annotator)
    if new is fact:
        return correct(reviewed, "accept", fact, stamp)
    return correct(reviewed, "edit", fact, stamp, value=new)


def _with_mark(target: Target, fact: Envelope, mark: Mark, annotator: str) -> Envelope:
    """The fact as the mark has it; the same object where the mark says nothing new."""
    span = _span(mark, target)
    if mark.type != fact.type:
        return revised(target, fact, mark.type, proposal(mark.type, span) | mark.fields, annotator)
    new = fact if span == fact.span.model_dump() else respanned(target, fact, span, annotator)
    fields = new.model_dump(mode="json")
    changes = {name: value for name, value in mark.fields.items() if fields.get(name) != value}
    changes |= _changed_links(fields, links_of(fact), mark.links)
    return revised(target, new, fact.type, fields | changes, annotator) if changes else new


def _changed_links(fields: dict[str, Any], had: dict[str, str], has: dict[str, str | None] | None) -> dict[str, Any]:
    if has is None:
        return {}
    changes: dict[str, Any] = {}
    for name in LINKS:
        id_ = has.get(name)
        if id_ == had.get(name):
            continue
        if name == "source":
            if fields["attribution"]:
                changes["attribution"] = fields["attribution"] | {"source_id": id_}
        elif name in fields:
            changes[name] = id_
            if name == "as_of":
                changes["as_of_basis"] = "stated" if id_ else None
    return changes


def _span(mark: Mark, target: Target) -> dict[str, Any]:
    text = target.article.text
    if not 0 <= mark.start < mark.end <= len(text):
        raise RevisionError(f"{mark.start}..{mark.end} lies outside of the text")
    return {"start": mark.start, "end": mark.end, "text": text[mark.start : mark.end]}


def _match(facts: Sequence[Envelope], marks: Sequence[Mark]) -> tuple[dict[str, Mark], list[Mark]]:
    """Each fact's mark: by id, by place and type, by place, then by overlap and type; and the marks left over."""
    matched: dict[str, Mark] = {}
    left = list(marks)
    for fits in (_same_id, _same_place_and_type, _same_place, _overlap):
        for fact in facts:
            found = None if fact.id in matched else next((mark for mark in left if fits(fact, mark)), None)
            if found:
                matched[fact.id] = found
                left.remove(found)
    return matched, left


def _same_id(fact: Envelope, mark: Mark) -> bool:
    return mark.fact == fact.id


def _same_place_and_type(fact: Envelope, mark: Mark) -> bool:
    same_event = not isinstance(fact, Event) or mark.fields.get("event_type") in {None, fact.event_type}
    return _same_place(fact, mark) and mark.type == fact.type and same_event


def _same_place(fact: Envelope, mark: Mark) -> bool:
    return mark.fact is None and (mark.start, mark.end) == (fact.span.start, fact.span.end)


def _overlap(fact: Envelope, mark: Mark) -> bool:
    overlaps = mark.start < fact.span.end and fact.span.start < mark.end
    return mark.fact is None and overlaps and mark.type == fact.type
