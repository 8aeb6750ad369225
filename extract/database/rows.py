"""A fact as rows of the tables: the ids of the facts that a row points at, and the rest of what every driver takes.

The columns stand in the order of `tables.in_order`: those that hold facts' keys come first. Keys are given where the
rows are written.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC
from hashlib import blake2b
from typing import NamedTuple

from extract.correction.entry import Correction
from extract.database.tables import ARGUMENT, COUNT, DATE, EVENT, FACT, MENTION, ROLE, SPAN, STATEMENT
from extract.fact import Count, Date, Envelope, Event, Organisation, Person, Place, Span, Statement

Value = str | int | float | bool | None
Row = tuple[Value, ...]
Ids = tuple[str | None, ...]
Entities = Mapping[str | None, str | None]  # by the id of a fact of the article: the entity that it names, if any
_LARGEST = sys.float_info.max
_LONGEST_NAME = 200  # characters of a name in an id: an index takes no more than some 2,700 bytes
_NAMED = (Person, Organisation, Place)


class FactRows(NamedTuple):
    """The rows of one fact: (table, ids, rest), and where it names an entity, that one's row."""

    id: str
    digest: str
    entity: Row | None
    rows: list[tuple[str, Ids, Row]]


def rows_of(fact: Envelope, line: str, entities: Entities) -> FactRows:
    """The rows of a fact whose line of JSON that is.

    The digest changes with the line, and with what the facts that it refers to come to: whether they are there, and who
    they name.
    """
    told = (line, *(entities.get(id_, "-") or "" for id_ in _references(fact)))
    digest = blake2b("\0".join(told).encode(), digest_size=16).hexdigest()
    ids = fact.id, fact.attribution.source_id if fact.attribution else None
    row = FACT.name, ids, _fact(fact, line, digest)
    return FactRows(fact.id, digest, _entity(fact), [row, *_details(fact, entities)])


def _references(fact: Envelope) -> Iterator[str]:
    """Yields the ids of the facts that a fact refers to."""
    refers: tuple[str | None, ...] = (fact.attribution.source_id,) if fact.attribution else ()
    match fact:
        case Count():
            refers += (fact.as_of, fact.of, fact.was, fact.place)
        case Event():
            refers += tuple(id_ for filled in fact.arguments for id_ in (filled.entity, filled.fact))
        case Statement():
            refers += (fact.entity,)
        case Person():
            refers += tuple(role.organisation for role in fact.roles)
    return (id_ for id_ in refers if id_)


def entity_of(fact: Envelope) -> str | None:
    """Who or what a fact names, across articles: by the gazetteer's identifier, else by the name.

    Case, accents' encoding and white space don't tell names apart; people of one name without an identifier are one
    entity here, until somebody says in a correction that they are not.
    """
    if not isinstance(fact, _NAMED):
        return None
    name = fact.kb or " ".join(unicodedata.normalize("NFKC", fact.name).casefold().split())
    long = len(name) > _LONGEST_NAME
    return f"{fact.type}:{name[:_LONGEST_NAME] + blake2b(name.encode(), digest_size=16).hexdigest() if long else name}"


def _entity(fact: Envelope) -> Row | None:
    if not isinstance(fact, _NAMED):
        return None
    return entity_of(fact), fact.type, fact.name, fact.kb, None if isinstance(fact, Person) else fact.kind


def _fact(fact: Envelope, line: str, digest: str) -> Row:
    by, said, span = fact.by, fact.attribution, fact.span
    return (
        fact.article.id, fact.id, fact.type, fact.article.text_sha256, span.start, span.end, span.text,
        fact.sentence.start, fact.sentence.end, fact.modality, _text(said.source) if said else None,
        said.cue.text if said else None, fact.confidence, by.component, by.rule, by.version, by.model, line, digest,
        None, entity_of(fact),
    )  # fmt: skip


def _details(fact: Envelope, entities: Entities) -> Iterator[tuple[str, Ids, Row]]:
    """Yields (table, ids, rest) for every table but `fact` and `entity`."""
    match fact:
        case Person() | Organisation() | Place():
            yield from _names(fact)
        case Date():
            yield DATE.name, (fact.id,), _date(fact)
        case Count():
            yield COUNT.name, (fact.id, fact.as_of, fact.of, fact.was, fact.place), _count(fact)
        case Event():
            yield from _event(fact, entities)
        case Statement():
            said = fact.direct, fact.cue.text, _text(fact.speaker), entities.get(fact.entity)
            yield STATEMENT.name, (fact.id, fact.entity), said
    for number, (part, span) in enumerate(_parts(fact)):
        yield SPAN.name, (fact.id,), (number, part, *_span(span))


def _parts(fact: Envelope) -> Iterator[tuple[str, Span]]:
    """Yields the spans that the other tables give no place to."""
    if said := fact.attribution:
        if said.source:
            yield "source", said.source
        yield "attribution", said.cue
    match fact:
        case Count(counted=Span() as counted):
            yield "counted", counted
        case Event(name=Span() as name):
            yield "name", name
        case Statement():
            yield "cue", fact.cue
            if fact.speaker:
                yield "speaker", fact.speaker


def _names(fact: Person | Organisation | Place) -> Iterator[tuple[str, Ids, Row]]:
    entity = entity_of(fact)
    for number, mention in enumerate(fact.mentions):
        yield MENTION.name, (fact.id,), (number, entity, *_span(mention))
    for number, role in enumerate(fact.roles if isinstance(fact, Person) else ()):
        yield ROLE.name, (fact.id, role.organisation), (number, *_span(role.span))


def _date(fact: Date) -> Row:
    anchor = (fact.anchor.day, fact.anchor.basis) if fact.anchor else (None, None)
    return fact.timex, fact.value, fact.mod, fact.first, fact.last, *anchor


def _count(fact: Count) -> Row:
    return (
        _double(fact.value), _double(fact.low), _double(fact.high), fact.comparator, fact.kind, fact.unit,
        _text(fact.counted), fact.category, fact.aggregation, fact.as_of_basis,
    )  # fmt: skip


def _double(number: float | None) -> float | None:
    """The number as a column holds it: a whole number with hundreds of digits has all of them in the JSON alone."""
    return None if number is None else float(max(-_LARGEST, min(number, _LARGEST)))


def _event(fact: Event, entities: Entities) -> Iterator[tuple[str, Ids, Row]]:
    yield EVENT.name, (fact.id,), (fact.event_type, _text(fact.name), fact.plover, fact.chain)
    for number, filled in enumerate(fact.arguments):
        rest = number, filled.role, entities.get(filled.entity), *_span(filled.span)
        yield ARGUMENT.name, (fact.id, filled.entity, filled.fact), rest


def correction_row(decision: Correction, position: int) -> Row:
    """The row of `correction` for the line of that number in a log."""
    at = decision.at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    value = decision.value.model_dump_json(by_alias=True) if decision.value else None
    other = decision.other.fact if decision.other else None
    return (
        decision.digest, decision.fact, decision.text_sha256, decision.action, decision.annotator, at, position,
        decision.note, other, decision.undoes, value, decision.to_json(),
    )  # fmt: skip


def _span(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.text


def _text(span: Span | None) -> str | None:
    return span.text if span else None
