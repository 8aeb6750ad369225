"""Facts as rows for people: one table per type, references followed, so that no row needs another to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from extract.exporting.source import Extracted
from extract.fact import (
    FACT_TYPES,
    Argument,
    Count,
    Date,
    Envelope,
    Event,
    Organisation,
    Person,
    Place,
    Role,
    Span,
    Statement,
)

Kind = Literal["text", "texts", "integer", "number", "day", "truth"]
Row = dict[str, Any]

_ENVELOPE: dict[str, Kind] = {
    "article": "text", "published": "day", "title": "text", "url": "text", "id": "text", "start": "integer",
    "end": "integer", "text": "text", "sentence": "text", "modality": "text", "source": "text", "source_kb": "text",
    "cue": "text", "confidence": "number", "rule": "text", "version": "text", "model": "text",
}  # fmt: skip
_ENTITY: dict[str, Kind] = {"name": "text", "kb": "text", "also": "texts", "mentions": "integer"}
_OWN: dict[str, dict[str, Kind]] = {
    "person": _ENTITY | {"roles": "texts"},
    "organisation": _ENTITY | {"kind": "text"},
    "place": _ENTITY | {"kind": "text"},
    "date": {
        "timex": "text", "value": "text", "mod": "text", "first": "day", "last": "day", "anchor": "day",
        "anchor_basis": "text",
    },
    "count": {
        "value": "number", "low": "number", "high": "number", "comparator": "text", "kind": "text", "unit": "text",
        "counted": "text", "category": "text", "aggregation": "text", "as_of": "text", "as_of_first": "day",
        "as_of_last": "day", "as_of_basis": "text", "place": "text", "place_kb": "text", "of": "text", "was": "text",
    },
    "event": {
        "event_type": "text", "name": "text", "agent": "texts", "target": "texts", "place": "texts", "time": "texts",
        "first": "day", "last": "day", "charge": "texts", "term": "texts", "count": "texts", "plover": "text",
        "chain": "text",
    },
    "statement": {"direct": "truth", "said_with": "text", "speaker": "text", "speaker_name": "text",
                  "speaker_kb": "text"},
}  # fmt: skip
COLUMNS: dict[str, dict[str, Kind]] = {type_: _ENVELOPE | _OWN[type_] for type_ in FACT_TYPES}
ARTICLE: dict[str, Kind] = {
    "id": "text", "published": "day", "title": "text", "url": "text", "source": "text", "text_sha256": "text",
    "facts": "integer",
}  # fmt: skip
TABLES: dict[str, dict[str, Kind]] = {"article": ARTICLE, **COLUMNS}


@dataclass(frozen=True, slots=True)
class _Told:
    """A fact among the facts of its article."""

    fact: Envelope
    by_id: Mapping[str, Envelope]
    source: Extracted

    def get(self, id_: str | None) -> Envelope | None:
        return self.by_id.get(id_) if id_ else None


def rows(articles: Iterable[Extracted]) -> Iterator[tuple[str, Row]]:
    """Yields (table, row), an article's own row before those of its facts."""
    for source in articles:
        yield "article", _article(source)
        by_id = {fact.id: fact for fact in source.facts}
        for fact in source.facts:
            told = _Told(fact, by_id, source)
            yield fact.type, _envelope(told) | _own(told)


def _article(source: Extracted) -> Row:
    reference, article = source.reference, source.article
    return {
        "id": reference.id,
        "published": day_of(reference.published),
        "title": article.title if article else None,
        "url": reference.url,
        "source": article.source if article else None,
        "text_sha256": reference.text_sha256,
        "facts": len(source.facts),
    }


def _envelope(told: _Told) -> Row:
    fact, by = told.fact, told.fact.attribution
    return {
        "article": fact.article.id,
        "published": day_of(fact.article.published),
        "title": told.source.article.title if told.source.article else None,
        "url": fact.article.url,
        "id": fact.id,
        "start": fact.span.start,
        "end": fact.span.end,
        "text": fact.span.text,
        "sentence": sentence_of(fact, told.source),
        "modality": fact.modality,
        "source": text_of(by.source) if by else None,
        "source_kb": _kb(told.get(by.source_id)) if by else None,
        "cue": by.cue.text if by else None,
        "confidence": fact.confidence,
        "rule": f"{fact.by.component}/{fact.by.rule}",
        "version": fact.by.version,
        "model": fact.by.model,
    }


def _own(told: _Told) -> Row:
    match told.fact:
        case Person() | Organisation() | Place() as entity:
            return _entity(entity)
        case Date() as told_date:
            return _date(told_date)
        case Count() as count:
            return _count(count, told)
        case Event() as event:
            return _event(event, told)
        case Statement() as statement:
            return _statement(statement, told)
    raise AssertionError(told.fact.type)


def _entity(fact: Person | Organisation | Place) -> Row:
    row: Row = {"name": fact.name, "kb": fact.kb, "also": aliases(fact), "mentions": len(fact.mentions)}
    if isinstance(fact, Person):
        return row | {"roles": list(dict.fromkeys(role.span.text for role in fact.roles))}
    return row | {"kind": fact.kind}


def aliases(fact: Person | Organisation | Place) -> list[str]:
    """What the article calls the entity besides its name, each once."""
    return list(dict.fromkeys(mention.text for mention in fact.mentions if mention.text != fact.name))


def _date(fact: Date) -> Row:
    return {
        "timex": fact.timex,
        "value": fact.value,
        "mod": fact.mod,
        "first": day_of(fact.first),
        "last": day_of(fact.last),
        "anchor": day_of(fact.anchor.day) if fact.anchor else None,
        "anchor_basis": fact.anchor.basis if fact.anchor else None,
    }


def _count(fact: Count, told: _Told) -> Row:
    as_of, place = told.get(fact.as_of), told.get(fact.place)
    days = as_of_days(fact, told.by_id)
    of, was = told.get(fact.of), told.get(fact.was)
    plain = ("value", "low", "high", "comparator", "kind", "unit", "category", "aggregation", "as_of_basis")
    return {
        **{name: getattr(fact, name) for name in plain},
        "counted": text_of(fact.counted),
        "as_of": as_of.value if isinstance(as_of, Date) else None,
        "as_of_first": days[0],
        "as_of_last": days[1],
        "place": place.name if isinstance(place, Place) else None,
        "place_kb": _kb(place),
        "of": of.span.text if of else None,
        "was": was.span.text if was else None,
    }


def as_of_days(fact: Count, by_id: Mapping[str, Envelope]) -> tuple[date | None, date | None]:
    """The first and last day at which a count stood: those of its date, or else the article's day."""
    as_of = by_id.get(fact.as_of or "")
    if isinstance(as_of, Date):
        return day_of(as_of.first), day_of(as_of.last)
    published = day_of(fact.article.published) if fact.as_of_basis == "publication" else None
    return published, published


def _event(fact: Event, told: _Told) -> Row:
    time = next((told.get(argument.fact) for argument in of_role(fact, "time") if argument.fact), None)
    roles: tuple[Role, ...] = ("agent", "target", "place", "time", "charge", "term", "count")
    return {
        "event_type": fact.event_type,
        "name": text_of(fact.name),
        **{role: [_argument(argument, told) for argument in of_role(fact, role)] for role in roles},
        "first": day_of(time.first) if isinstance(time, Date) else None,
        "last": day_of(time.last) if isinstance(time, Date) else None,
        "plover": fact.plover,
        "chain": fact.chain,
    }


def of_role(fact: Event, role: Role) -> list[Argument]:
    """The arguments of a role, in order."""
    return [argument for argument in fact.arguments if argument.role == role]


def _argument(argument: Argument, told: _Told) -> str:
    """The entity's name, the date's value, or else the words."""
    match told.get(argument.entity) or told.get(argument.fact):
        case Person() | Organisation() | Place() as entity:
            return entity.name
        case Date() as told_date:
            return told_date.value
    return argument.span.text


def _statement(fact: Statement, told: _Told) -> Row:
    speaker = told.get(fact.entity)
    return {
        "direct": fact.direct,
        "said_with": fact.cue.text,
        "speaker": text_of(fact.speaker),
        "speaker_name": speaker.name if isinstance(speaker, Person | Organisation | Place) else None,
        "speaker_kb": _kb(speaker),
    }


def sentence_of(fact: Envelope, source: Extracted) -> str | None:
    """The sentence around the fact, or None where the article's text is not at hand."""
    return source.article.text[fact.sentence.start : fact.sentence.end] if source.article else None


def text_of(span: Span | None) -> str | None:
    """The span's text, or None."""
    return span.text if span else None


def _kb(fact: Envelope | None) -> str | None:
    return fact.kb if isinstance(fact, Person | Organisation | Place) else None


def day_of(iso: str | None) -> date | None:
    """The day of an ISO 8601 date or date and time, or None."""
    return datetime.fromisoformat(iso).date() if iso else None
