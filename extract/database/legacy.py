"""Databases of version 0.1.0, which had no revisions: their facts are taken over into the tables of today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, update

from extract.database import bulk
from extract.database.rows import detail_rows, entity_of, entity_row, fact_row, lookup
from extract.database.tables import ENTITY, FACT
from extract.fact import FACT as ANY_FACT
from extract.fact import Envelope, to_json

_TABLES = ("statement", "argument", "event", "count", "date", "role", "mention", "entity", "fact", "article", "load")
_OF_ARTICLE = "id, text_sha256, url, published, title, source, NULL, text"


def take_over(connection: Connection, build: Callable[[], None]) -> None:
    """Sets the old tables aside, builds today's, and brings loads, articles and facts over, the retracted too."""
    for name in ("load", "article", "fact"):
        connection.exec_driver_sql(f'CREATE TABLE "old_{name}" AS SELECT * FROM "{name}"')  # noqa: S608 - our own names
    for name in _TABLES:
        connection.exec_driver_sql(f'DROP TABLE "{name}"')
    build()
    for name, columns in (("load", "id, file, at, 0, 0, 0"), ("article", _OF_ARTICLE)):
        connection.exec_driver_sql(f'INSERT INTO "{name}" SELECT {columns} FROM old_{name}')  # noqa: S608 - our own names
    _bring_facts(connection)
    for name in ("load", "article", "fact"):
        connection.exec_driver_sql(f'DROP TABLE "old_{name}"')


def _bring_facts(connection: Connection) -> None:
    """Writes each article's facts into today's tables, under keys in their order."""
    rows = connection.exec_driver_sql("SELECT article, json, loaded, retracted FROM old_fact ORDER BY article").all()
    number = 0
    for _, group in groupby(rows, key=lambda row: row[0]):
        facts = [(_read(json), loaded, retracted) for _, json, loaded, retracted in group]
        keys = {fact.id: number + at for at, (fact, _, _) in enumerate(facts, 1)}
        number += len(facts)
        _bring_article(connection, facts, keys)


def _read(stored: Any) -> Envelope:
    return ANY_FACT.validate_json(stored) if isinstance(stored, str) else ANY_FACT.validate_python(stored)


def _bring_article(connection: Connection, facts: list[tuple[Envelope, int, int | None]], keys: dict[str, int]) -> None:
    entities = {fact.id: name for fact, _, _ in facts if (name := entity_of(fact))}
    rows = {entities[fact.id]: entity_row(fact) for fact, _, _ in facts if fact.id in entities}
    known = {id_ for (id_,) in bulk.known(connection, ENTITY.c.id, rows)}
    bulk.insert_rows(connection, ENTITY, [row for id_, row in rows.items() if id_ not in known])
    bulk.insert_rows(
        connection, FACT, [fact_row(one, keys[one.id], lookup(keys), to_json(one), load) for one, load, _ in facts]
    )
    for table, row in _details(facts, keys, entities):
        bulk.insert_rows(connection, table, [row])
    for one, _, retracted in facts:
        if retracted is not None:
            connection.execute(update(FACT).where(FACT.c.key == keys[one.id]).values(retracted=retracted))


def _details(
    facts: list[tuple[Envelope, int, int | None]], keys: dict[str, int], entities: dict[str, str]
) -> Iterator[tuple[Table, tuple[Any, ...]]]:
    for fact, _, _ in facts:
        yield from detail_rows(fact, keys[fact.id], lookup(keys), lookup(entities))
