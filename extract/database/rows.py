"""A fact as rows of the tables: tuples in the order of the columns, of what every driver takes."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from hashlib import blake2b
from typing import TypeVar

from sqlalchemy import Table

from extract.correction.entry import Correction
from extract.database.tables import (
    ARGUMENT,
    COUNT,
    DATE,
    EVENT,
    MENTION,
    ROLE,
    SPAN,
    STATEMENT,
)
from extract.fact import Count, Date, Envelope, Event, Organisation, Person, Place, Span, Statement

T = TypeVar("T")
Value = str | int | float | bool | None
Row = tuple[Value, ...]
# The key of the fact of that id in the same article; None where the file has no such fact.
Keys = Callable[[str | None], int | None]
# The entity that the fact of that id names; None where it names none.
Entities = Callable[[str | None], str | None]
_LONGEST_NAME = 200  # characters of a name in an id: an index takes no more than some 2,700 bytes
_NAMED = (Person, Organisation, Place)


def lookup(found: Mapping[str, T]) -> Callable[[str | None], T | None]:
    """What a mapping has under an id; None for no id, and for one that it doesn't have."""
    return lambda id_: None if id_ is None else found.get(id_)


def entity_of(fact: Envelope) -> str | None:
    """Who or what a fact names, across articles: by the gazetteer's identifier, else by the name.

    Case, accents' encoding and white space don't tell names apart; people of one name without an identifier are one
    entity here, until somebody says in a correction that they are not.
    """
    if not isinstance(fact, _NAMED):
        return None
    name = fact.kb or " ".join(unicodedata.normalize("NFKC", fact.name).casefold().split())
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]} {digest_of(name)}"
    return f"{fact.type}:{short}"


def entity_row(fact: Envelope) -> Row:
    """The row of `entity` for a fact that names one."""
    assert isinstance(fact, _NAMED)
    return entity_of(fact), fact.type, fact.name, fact.kb, None if isinstance(fact, Person) else fact.kind


def digest_of(json: str) -> str:
    """What tells a changed fact from an unchanged one: 128 bits of its JSON, in hexadecimal."""
    return blake2b(json.encode(), digest_size=16).hexdigest()


def fact_row(fact: Envelope, key: int, keys: Keys, json: str, load: int) -> Row:
    """The row of `fact`."""
    by, said, span = fact.by, fact.attribution, fact.span
    return (
        key, fact.article.id, fact.id, fact.type, fact.article.text_sha256, span.start, span.end, span.text,
        fact.sentence.start, fact.sentence.end, fact.modality, _text(said.source) if said else None,
        keys(said.source_id) if said else None, said.cue.text if said else None, fact.confidence, by.component, by.rule,
        by.version, by.model, json, digest_of(json), load, None, entity_of(fact),
    )  # fmt: skip


def detail_rows(fact: Envelope, key: int, keys: Keys, entities: Entities) -> Iterator[tuple[Table, Row]]:
    """Yields (table, row) for every table but `fact` and `entity`."""
    match fact:
        case Person() | Organisation() | Place():
            yield from _names(fact, key, keys)
        case Date():
            yield DATE, _date(fact, key)
        case Count():
            yield COUNT, _count(fact, key, keys)
        case Event():
            yield from _event(fact, key, keys, entities)
        case Statement():
            entity = keys(fact.entity), entities(fact.entity)
            yield STATEMENT, (key, fact.direct, fact.cue.text, _text(fact.speaker), *entity)
    for number, (part, span) in enumerate(_parts(fact)):
        yield SPAN, (key, number, part, *_span(span))


def _parts(fact: Envelope) -> Iterator[tuple[str, Span]]:
    """Yields the spans that the other tables give no place to."""
    if fact.attribution:
        if fact.attribution.source:
            yield "source", fact.attribution.source
        yield "attribution", fact.attribution.cue
    for part in ("counted", "cue", "speaker"):
        if span := getattr(fact, part, None):
            yield part, span
    if isinstance(fact, Event) and fact.name:
        yield "name", fact.name


def _names(fact: Person | Organisation | Place, key: int, keys: Keys) -> Iterator[tuple[Table, Row]]:
    entity = entity_of(fact)
    for number, mention in enumerate(fact.mentions):
        yield MENTION, (key, number, entity, *_span(mention))
    for number, role in enumerate(fact.roles if isinstance(fact, Person) else ()):
        yield ROLE, (key, number, keys(role.organisation), *_span(role.span))


def _date(fact: Date, key: int) -> Row:
    anchor = (fact.anchor.day, fact.anchor.basis) if fact.anchor else (None, None)
    return key, fact.timex, fact.value, fact.mod, fact.first, fact.last, *anchor


def _count(fact: Count, key: int, keys: Keys) -> Row:
    return (
        key, fact.value, fact.low, fact.high, fact.comparator, fact.kind, fact.unit, _text(fact.counted), fact.category,
        fact.aggregation, keys(fact.as_of), fact.as_of_basis, keys(fact.of), keys(fact.was), keys(fact.place),
    )  # fmt: skip


def _event(fact: Event, key: int, keys: Keys, entities: Entities) -> Iterator[tuple[Table, Row]]:
    yield EVENT, (key, fact.event_type, _text(fact.name), fact.plover, fact.chain)
    for number, filled in enumerate(fact.arguments):
        to = keys(filled.entity), keys(filled.fact), entities(filled.entity)
        yield ARGUMENT, (key, number, filled.role, *to, *_span(filled.span))


def _span(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.text


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def correction_row(decision: Correction, position: int) -> Row:
    """The row of `correction` for the line of that number in a log."""
    at = decision.at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    value = decision.value.model_dump_json(by_alias=True) if decision.value else None
    other = decision.other.fact if decision.other else None
    return (
        decision.digest, decision.fact, decision.text_sha256, decision.action, decision.annotator, at, position,
        decision.note, other, decision.undoes, value, decision.to_json(),
    )  # fmt: skip
