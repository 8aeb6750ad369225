"""A fact as rows of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Table

from extract.database.tables import ARGUMENT, COUNT, DATE, ENTITY, EVENT, FACT, MENTION, ROLE, STATEMENT
from extract.fact import Count, Date, Envelope, Event, Organisation, Person, Place, Span, Statement

Row = tuple[Table, dict[str, Any]]
_OF_COUNT = (
    "value", "low", "high", "comparator", "kind", "unit", "category", "aggregation", "as_of", "as_of_basis", "of",
    "was", "place",
)  # fmt: skip


def rows_of(fact: Envelope, load: int) -> Iterator[Row]:
    """Yields (table, row) for a fact, the row of `fact` first."""
    yield FACT, _fact(fact, load)
    key = {"article": fact.article.id, "fact": fact.id}
    for table, row in _details(fact):
        yield table, key | row


def _details(fact: Envelope) -> Iterator[Row]:
    match fact:
        case Person() | Organisation() | Place():
            yield from _entity(fact)
        case Date():
            yield DATE, _date(fact)
        case Count():
            yield COUNT, {"counted": _text(fact.counted), **{name: getattr(fact, name) for name in _OF_COUNT}}
        case Event():
            yield from _event(fact)
        case Statement():
            speaker = {"speaker": _text(fact.speaker), "entity": fact.entity}
            yield STATEMENT, {"direct": fact.direct, "cue": fact.cue.text, **speaker}


def _fact(fact: Envelope, load: int) -> dict[str, Any]:
    by = fact.attribution
    return {
        "id": fact.id,
        "article": fact.article.id,
        "type": fact.type,
        "start": fact.span.start,
        "end": fact.span.end,
        "text": fact.span.text,
        "modality": fact.modality,
        "source": _text(by.source) if by else None,
        "source_fact": by.source_id if by else None,
        "cue": by.cue.text if by else None,
        "confidence": fact.confidence,
        "rule": f"{fact.by.component}/{fact.by.rule}",
        "json": fact.model_dump(mode="json", by_alias=True),
        "loaded": load,
        "retracted": None,
    }


def _entity(fact: Person | Organisation | Place) -> Iterator[Row]:
    kind = None if isinstance(fact, Person) else fact.kind
    yield ENTITY, {"name": fact.name, "kind": kind, "kb": fact.kb}
    for number, mention in enumerate(fact.mentions):
        yield MENTION, {"number": number, **mention.model_dump()}
    for number, role in enumerate(fact.roles if isinstance(fact, Person) else ()):
        text = {"text": role.span.text, "organisation": role.organisation}
        yield ROLE, {"number": number, **text}


def _date(fact: Date) -> dict[str, Any]:
    return {
        "timex": fact.timex,
        "value": fact.value,
        "mod": fact.mod,
        "first": _day(fact.first),
        "last": _day(fact.last),
        "anchor": fact.anchor.day if fact.anchor else None,
        "anchor_basis": fact.anchor.basis if fact.anchor else None,
    }


def _event(fact: Event) -> Iterator[Row]:
    yield EVENT, {"event_type": fact.event_type, "name": _text(fact.name), "plover": fact.plover}
    for number, argument in enumerate(fact.arguments):
        refers = {"entity": argument.entity, "refers": argument.fact}
        filled = {"role": argument.role, "text": argument.span.text, **refers}
        yield ARGUMENT, {"number": number, **filled}


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None
