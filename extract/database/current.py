"""The facts as they stand, out of the database: as `extract run` and `extract corrections apply` would write them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, TextClause, select, text

from extract.article import Article
from extract.database.bulk import restored
from extract.database.tables import ARTICLE
from extract.fact import FACT, ArticleReference, Envelope

_ORDER = "ORDER BY article, start_char, end_char, type, id"
_CURRENT = text(f"SELECT article, json FROM fact_current {_ORDER}")  # noqa: S608 - our own words
_EXTRACTED = text(f"SELECT article, json FROM fact WHERE retracted IS NULL {_ORDER}")  # noqa: S608 - our own words
Rows = Iterator[tuple[ArticleReference, tuple[Envelope, ...], Article | None]]


def current(connection: Connection) -> Rows:
    """Yields each article that has facts, with them: decisions applied, what was rejected or retracted left out.

    The article is None where its text was not loaded.
    """
    return _by_article(connection, _CURRENT)


def extracted(connection: Connection) -> Rows:
    """The same, as extracted: no decision applied."""
    return _by_article(connection, _EXTRACTED)


def _by_article(connection: Connection, query: TextClause) -> Rows:
    rows = connection.execution_options(yield_per=2_000).execute(query)
    for id_, group in groupby(rows, key=lambda row: row[0]):
        reference, article = _article(connection, id_)
        facts = (_fact(found) for _, found in group)
        yield reference, tuple(fact.model_copy(update={"article": reference}) for fact in facts), article


def _fact(found: Any) -> Envelope:
    """The fact; SQLite gives JSON as text, and PostgreSQL without NUL."""
    if isinstance(found, str):
        return FACT.validate_json(found)
    return FACT.validate_json(restored(json.dumps(found, ensure_ascii=False), is_json=True))


def _article(connection: Connection, id_: str) -> tuple[ArticleReference, Article | None]:
    row = dict(connection.execute(select(ARTICLE).where(ARTICLE.c.id == id_)).mappings().one())
    if connection.dialect.name == "postgresql":
        row = {name: restored(value) if isinstance(value, str) else value for name, value in row.items()}
    reference = ArticleReference(
        id=row["id"], text_sha256=row["text_sha256"], url=row["url"], published=row["published"]
    )  # fmt: skip
    fields = {name: row[name] for name in Article.model_fields.keys() & row.keys()}
    return reference, Article(**fields) if row["text"] is not None else None
