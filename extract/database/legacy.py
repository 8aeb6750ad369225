"""Databases of version 0.1.0, which had no revisions: their facts are taken over into the tables of today."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, update

from extract.database.lines import extracted_of
from extract.database.tables import FACT
from extract.database.writing import Rows
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
    if connection.dialect.name == "postgresql":  # it changes no table whose references are yet to be checked
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")


def _bring_facts(connection: Connection) -> None:
    """Writes each article's facts into today's tables."""
    rows = connection.exec_driver_sql("SELECT article, json, loaded, retracted FROM old_fact ORDER BY article").all()
    dialect = connection.dialect.name
    made = Rows(1, {}, dialect)
    told: dict[tuple[str, str], tuple[int, int | None]] = {}
    for article, group in groupby(rows, key=lambda row: row[0]):
        facts = [(_read(json), loaded, retracted) for _, json, loaded, retracted in group]
        told |= {(article, fact.id): (loaded, retracted) for fact, loaded, retracted in facts}
        made.add(extracted_of([(fact, to_json(fact).encode()) for fact, _, _ in facts], dialect), lambda: 1)
    made.write(connection)
    for (article, id_), (loaded, retracted) in told.items():
        of_fact = (FACT.c.article == article) & (FACT.c.id == id_)
        connection.execute(update(FACT).where(of_fact).values(loaded=loaded, retracted=retracted))


def _read(stored: Any) -> Envelope:
    return ANY_FACT.validate_json(stored) if isinstance(stored, str) else ANY_FACT.validate_python(stored)
