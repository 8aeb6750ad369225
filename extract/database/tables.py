"""The tables. A fact has one row in `fact`, with all of its JSON, and one in the table of its type.

A fact's id follows from the article's text, so that two articles of the same text (one wire story in two papers) have
facts of the same ids: article and id together name a fact. `fact.key` is a number for the pair, given at the first load
and kept; every other table refers to it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from extract.fact import FACT_TYPES

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
ANY_JSON = JSON().with_variant(JSONB(), "postgresql")


def _of_fact(name: str, *columns: Column[Any] | Index | CheckConstraint) -> Table:
    """A table with a row per fact of one type."""
    return Table(name, METADATA, Column("fact", Integer, ForeignKey("fact.key"), primary_key=True), *columns)


def _part_of_fact(name: str, *columns: Column[Any] | Index | CheckConstraint) -> Table:
    """A table with rows numbered per fact, each with a span where it points at one."""
    return Table(
        name,
        METADATA,
        Column("fact", Integer, ForeignKey("fact.key"), primary_key=True),
        Column("number", Integer, primary_key=True, comment="the place in the fact's own list, from 0"),
        *columns,
        Column("start_char", Integer, nullable=False),
        Column("end_char", Integer, nullable=False),
        Column("text", Text, nullable=False),
    )


def _to_fact(name: str, comment: str) -> Column[int]:
    return Column(name, Integer, ForeignKey("fact.key"), comment=comment)


def _to_entity(*, index: bool = False) -> Column[str]:
    comment = "who or what that is, in all articles"
    return Column("entity", Text, ForeignKey("entity.id"), index=index, comment=comment)


def _where_told(column: str) -> Index:
    """An index of the rows that have something in the column: most have nothing."""
    told = text(f"{column} IS NOT NULL")
    return Index(None, column, sqlite_where=told, postgresql_where=told)


LOAD = Table(
    "load",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("file", Text, nullable=False),
    Column("at", DateTime, nullable=False, comment="UTC"),
    Column("inserted", Integer, nullable=False, default=0),
    Column("updated", Integer, nullable=False, default=0),
    Column("retracted", Integer, nullable=False, default=0),
)
ARTICLE = Table(
    "article",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("text_sha256", Text, nullable=False, index=True),
    Column("url", Text),
    Column("published", Text, comment="ISO 8601, as the article has it"),
    Column("title", Text),
    Column("source", Text),
    Column("language", Text),
    Column("text", Text, comment="null where facts were loaded without --articles"),
)
ENTITY = Table(
    "entity",
    METADATA,
    Column("id", Text, primary_key=True, comment="type and the gazetteer's identifier, else type and name"),
    Column("type", Text, nullable=False, comment="person, organisation or place"),
    Column("name", Text, nullable=False, comment="as the gazetteer has it, else the fullest of the articles'"),
    Column("kb", Text, index=True, comment="the gazetteer's identifier, a Wikidata QID where there is one"),
    Column("kind", Text),
    CheckConstraint("type IN ('person', 'organisation', 'place')", name="type"),
)
FACT = Table(
    "fact",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("article", Text, ForeignKey("article.id"), nullable=False),
    Column("id", Text, nullable=False, index=True),
    Column("type", Text, nullable=False),
    Column("text_sha256", Text, nullable=False, comment="the text that it was read in"),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("modality", Text, nullable=False),
    Column("source", Text, comment="who vouches for it, as the text says"),
    # Checked at the end of the transaction: facts come before the facts of their sources. SQLite looks for what waits
    # for each new fact, and needs an index for it.
    Column(
        "source_fact",
        Integer,
        ForeignKey("fact.key", deferrable=True, initially="DEFERRED"),
        comment="the person or organisation fact of the source",
    ),
    Column("cue", Text),
    Column("confidence", Double, nullable=False),
    Column("component", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("json", ANY_JSON, nullable=False, comment="the whole fact"),
    Column("digest", Text, nullable=False, comment="of the JSON: tells a changed fact from an unchanged one"),
    Column("loaded", Integer, ForeignKey("load.id"), nullable=False, comment="the load that brought it as it is"),
    Column("retracted", Integer, ForeignKey("load.id"), comment="the load whose extraction no longer has it"),
    _to_entity(),
    CheckConstraint(f"type IN ({', '.join(repr(name) for name in FACT_TYPES)})", name="type"),
    CheckConstraint("start_char < end_char", name="span"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    UniqueConstraint("article", "id"),
    _where_told("source_fact"),
    _where_told("entity"),
)
SPAN = _part_of_fact(
    "span",
    Column("part", Text, nullable=False, comment="which part of the fact: source, cue, counted, speaker or name"),
)
MENTION = _part_of_fact("mention", _to_entity(index=True))
ROLE = _part_of_fact("role", _to_fact("organisation", "the organisation fact"))
DATE = _of_fact(
    "date",
    Column("timex", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("mod", Text),
    Column("first", Date),
    Column("last", Date),
    Column("anchor", Text, comment="the day that it was counted from"),
    Column("anchor_basis", Text),
    _where_told("first"),
)
COUNT = _of_fact(
    "count",
    Column("value", Double),
    Column("low", Double),
    Column("high", Double),
    Column("comparator", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit", Text),
    Column("counted", Text),
    Column("category", Text),
    Column("aggregation", Text, comment="stock, flow or cumulative: never add the three up"),
    _to_fact("as_of", "the date fact at which it stood"),
    Column("as_of_basis", Text),
    _to_fact("of", "the count fact that it is a part of"),
    _to_fact("was", "the count fact that it changed from"),
    _to_fact("place", "the place fact"),
    CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name="bounds"),
    _where_told("category"),
)
EVENT = _of_fact(
    "event",
    Column("event_type", Text, nullable=False, index=True),
    Column("name", Text),
    Column("plover", Text),
    Column("chain", Text, comment="shared by the mentions of one event in an article"),
)
ARGUMENT = _part_of_fact(
    "argument",
    Column("role", Text, nullable=False),
    _to_fact("entity_fact", "the person, organisation or place fact"),
    _to_fact("refers", "the date or count fact"),
    _to_entity(),
    _where_told("entity"),
)
STATEMENT = _of_fact(
    "statement",
    Column("direct", Boolean, nullable=False),
    Column("cue", Text, nullable=False),
    Column("speaker", Text),
    _to_fact("entity_fact", "the person or organisation fact of the speaker"),
    _to_entity(),
    _where_told("entity"),
)
CORRECTION = Table(
    "correction",
    METADATA,
    Column("digest", Text, primary_key=True, comment="of the line in the log"),
    Column("fact", Text, nullable=False, index=True, comment="the fact's id; the fact may be gone"),
    Column("text_sha256", Text, nullable=False, comment="the text that the decision was made on"),
    Column("action", Text, nullable=False),
    Column("annotator", Text, nullable=False),
    Column("at", DateTime, nullable=False, comment="UTC"),
    Column("position", Integer, nullable=False, comment="the line's place in the log: of two, the later wins"),
    Column("note", Text),
    Column("other", Text, comment="the second fact's id, of a decision on a pair"),
    Column("undoes", Text, comment="the digest of the line that it takes back"),
    Column("value", ANY_JSON, comment="the whole corrected fact"),
    Column("json", ANY_JSON, nullable=False, comment="the whole line"),
    Index("ix_correction_text_sha256_fact", "text_sha256", "fact"),
)
OF_FACTS = (SPAN, MENTION, ROLE, DATE, COUNT, EVENT, ARGUMENT, STATEMENT)


@cache
def in_order(table: Table) -> tuple[str, ...]:
    """The columns of a table of facts as rows are written: facts' keys, the load that brought them, all others.

    >>> in_order(ROLE)
    ('fact', 'organisation', 'number', 'start_char', 'end_char', 'text')
    """
    keys = [column for column in table.columns if column is FACT.c.key or column.references(FACT.c.key)]
    first = [column.name for column in (*keys, FACT.c.loaded) if column.table is table]
    return (*first, *(column.name for column in table.columns if column.name not in first))
