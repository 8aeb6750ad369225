"""A metadata file for Datasette: what each table, view and column holds, which column names a row, what to ask."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, make_url

from extract.database.tables import METADATA
from extract.errors import OutputError

_DESCRIPTIONS = Path(__file__).with_name("descriptions.toml")
_LICENCE = "The articles' texts are their publishers'; see each article's url"
_HIDDEN = (
    "alembic_version", "definition", "article_number", "article_text", "statement_text", "rejected", "corrected",
    "same_entity",
)  # fmt: skip
_COLUMNS = """as_of_first, as_of_last, value, low, high, comparator, aggregation, counted, source, articles, article"""
_QUERIES = {
    "series": (
        "Who counted how many, as of when",
        f"SELECT {_COLUMNS} FROM count_statement WHERE category = :category AND place = :place ORDER BY as_of_first",  # noqa: S608
    ),
    "timeline": (
        "What happened to a person, or through them",
        "SELECT first, last, event_type, role, modality, source, sentence, title, url, article FROM person_timeline "
        "WHERE person = :person ORDER BY coalesce(first, published_day)",
    ),
    "statements": (
        "What somebody said, by words",
        "SELECT a.published, s.speaker, s.cue, f.text, a.title, f.article FROM statement_search "
        "JOIN fact f ON f.key = statement_search.rowid JOIN statement s ON s.fact = f.key "
        "JOIN article a ON a.id = f.article WHERE statement_search MATCH :words AND f.retracted IS NULL ORDER BY rank",
    ),
    "retracted": (
        "What a later extraction no longer has, and since when",
        "SELECT f.type, f.text, f.article, l.at AS retracted_at, l.file FROM fact f JOIN load l ON l.id = f.retracted "
        "ORDER BY l.at DESC, f.article",
    ),
}


def name_of(url: str) -> str:
    """What Datasette calls the database of an address: its file's name without the ending.

    Raises:
        OutputError: it is no SQLite file; Datasette reads no other.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        raise OutputError("no SQLite file", where=address.render_as_string(hide_password=True),
                          expected="such as sqlite:///facts.db", advice="Datasette reads SQLite alone")  # fmt: skip
    return Path(address.database).stem


def metadata(connection: Connection, database: str, *, licence: str | None = None) -> dict[str, Any]:
    """The metadata of a database that Datasette calls by that name."""
    there = inspect(connection)
    columns = {name: [column["name"] for column in there.get_columns(name)] for name in _told()["tables"]}
    tables = {name: _of_table(name, names) for name, names in columns.items()}
    tables |= {name: {"hidden": True} for name in _HIDDEN}
    return {
        "title": "Facts from news articles",
        "description": "Each fact points at the words that it rests on, says who vouches for it, and names its rule.",
        "license": licence or _LICENCE,
        "databases": {
            database: {
                "tables": tables,
                "queries": {name: {"title": title, "sql": sql} for name, (title, sql) in _QUERIES.items()},
            }
        },
    }


def description(table: str, column: str) -> str | None:
    """What a column holds: its own comment, or what descriptions.toml says of it."""
    of_table = _told()["tables"][table].get("columns", {})
    found = METADATA.tables[table].columns.get(column) if table in METADATA.tables else None
    own = found.comment if found is not None else None
    said: str | None = own or of_table.get(column) or _told()["columns"].get(column)
    return said


def _of_table(name: str, columns: list[str]) -> dict[str, Any]:
    told = _told()["tables"][name]
    return {
        "description": told["description"],
        "columns": {column: said for column in columns if (said := description(name, column))},
        **({"label_column": told["label"]} if "label" in told else {}),
        **({"facets": told["facets"]} if "facets" in told else {}),
        **({"sort": told["sort"]} if "sort" in told else {}),
    }


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(_DESCRIPTIONS.read_text(encoding="utf-8"))
