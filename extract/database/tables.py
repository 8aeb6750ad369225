"""The tables. A fact has one row in `fact`, with all of its JSON, and one in the table of its type.

A fact's id follows from the article's text, so that two articles of the same text (one wire story in two papers) have
facts of the same ids: the key of a fact is article and id together.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from extract.fact import FACT_TYPES

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _of_fact(name: str, *columns: Column[object] | Index | CheckConstraint) -> Table:
    """A table with a row per fact of one type."""
    return Table(name, METADATA, *_fact_key(), *columns, _to_fact())


def _part_of_fact(name: str, *columns: Column[object] | Index) -> Table:
    """A table with rows numbered per fact."""
    return Table(
        name,
        METADATA,
        *_fact_key(),
        Column("number", Integer, primary_key=True),
        *columns,
        _to_fact(),
    )


def _fact_key() -> tuple[Column[str], Column[str]]:
    return Column("article", Text, primary_key=True), Column("fact", Text, primary_key=True)


def _to_fact() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["article", "fact"], ["fact.article", "fact.id"])


LOAD = Table(
    "load",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("file", Text, nullable=False),
    Column("at", DateTime, nullable=False, comment="UTC"),
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
    Column("text", Text, comment="null where facts were loaded without --articles"),
)
FACT = Table(
    "fact",
    METADATA,
    Column("article", Text, ForeignKey("article.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("modality", Text, nullable=False),
    Column("source", Text, comment="who vouches for it, as the text says"),
    Column("source_fact", Text, comment="the person or organisation fact of the source"),
    Column("cue", Text),
    Column("confidence", Double, nullable=False),
    Column("rule", Text, nullable=False),
    Column("json", JSON, nullable=False),
    Column("loaded", Integer, ForeignKey("load.id"), nullable=False, comment="the load that brought it as it is"),
    Column("retracted", Integer, ForeignKey("load.id"), comment="the load whose extraction no longer has it"),
    CheckConstraint(f"type IN ({', '.join(repr(name) for name in FACT_TYPES)})", name="type"),
    CheckConstraint('"start" < "end"', name="span"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    Index("ix_fact_type_article", "type", "article"),
)
ENTITY = _of_fact(
    "entity",
    Column("name", Text, nullable=False, index=True),
    Column("kind", Text),
    Column("kb", Text, index=True),
)
MENTION = _part_of_fact(
    "mention", Column("start", Integer), Column("end", Integer), Column("text", Text, nullable=False, index=True)
)
ROLE = _part_of_fact("role", Column("text", Text, nullable=False), Column("organisation", Text))
DATE = _of_fact(
    "date",
    Column("timex", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("mod", Text),
    Column("first", Date, index=True),
    Column("last", Date),
    Column("anchor", Text),
    Column("anchor_basis", Text),
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
    Column("category", Text, index=True),
    Column("aggregation", Text),
    Column("as_of", Text, comment="the date fact at which it stood"),
    Column("as_of_basis", Text),
    Column("of", Text, comment="the count fact that it is a part of"),
    Column("was", Text, comment="the count fact that it changed from"),
    Column("place", Text, comment="the place fact"),
    CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name="bounds"),
)
EVENT = _of_fact(
    "event",
    Column("event_type", Text, nullable=False, index=True),
    Column("name", Text),
    Column("plover", Text),
)
ARGUMENT = _part_of_fact(
    "argument",
    Column("role", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("entity", Text, index=True),
    Column("refers", Text, comment="the date or count fact"),
)
STATEMENT = _of_fact(
    "statement",
    Column("direct", Boolean, nullable=False),
    Column("cue", Text, nullable=False),
    Column("speaker", Text),
    Column("entity", Text, index=True),
)
OF_FACTS = (ENTITY, MENTION, ROLE, DATE, COUNT, EVENT, ARGUMENT, STATEMENT)
