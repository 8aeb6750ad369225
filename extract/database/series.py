"""Counts over time: who said how many, of which days, in which articles, and who says otherwise."""

# ruff: noqa: S608 - queries are made of this module's words; what a person or a text says is a bound value

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, text

from extract.database.asking import entities
from extract.database.matching import Named, leading, the_one
from extract.names.mention import ORGANISATION, PERSON, PLACE


@dataclass(frozen=True, slots=True)
class Told:
    """An article that passes a figure on, and the fact in it."""

    article: str
    title: str | None
    url: str | None
    published: str | None
    fact: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One statement of a number by one source, however many articles pass it on.

    `first` and `last` are the days at which it stood or over which it was summed, where `basis` says how they are
    known; `disputed` are the statements that exclude it.
    """

    category: str
    place: str | None
    source: str | None
    first: date | None
    last: date | None
    basis: str | None
    value: float | None
    low: float | None
    high: float | None
    comparator: str
    aggregation: str | None
    kind: str
    unit: str | None
    counted: str | None
    fact: str
    articles: tuple[Told, ...] = ()
    disputed: tuple[Figure, ...] = ()

    @property
    def point(self) -> float:
        """Where it stands on an axis: its value, or else the bound or the middle of the bounds."""
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        return self.value if self.value is not None else sum(bounds) / len(bounds)

    @property
    def is_open_above(self) -> bool:
        """Whether it says at least so many."""
        return self.value is None and self.high is None

    @property
    def is_open_below(self) -> bool:
        """Whether it says at most so many."""
        return self.value is None and self.low is None

    @property
    def is_open(self) -> bool:
        """Whether the text leaves one of its bounds open."""
        return self.is_open_above or self.is_open_below


@dataclass(frozen=True, slots=True)
class Series:
    """The figures by day, those without one at the end. `place` and `source` are the names that were meant.

    What was left out: `unplaced` figures of the source that name no place, `unreal` ones that are denied, possible,
    planned or conditional.
    """

    figures: tuple[Figure, ...]
    place: str | None = None
    source: str | None = None
    unplaced: int = 0
    unreal: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """The keys of what was asked for; None where anything will do."""

    category: str
    places: tuple[str, ...] | None
    sources: tuple[str, ...] | None

    def where(self, source: str = "source_key") -> str:
        """The condition, for a view that has the source's key in that column."""
        parts = ["category = :category"]
        parts += ["place_id IN :places"] if self.places is not None else []
        parts += [f"{source} IN :sources"] if self.sources is not None else []
        return " AND ".join(parts)

    def run(self, connection: Connection, query: str) -> list[RowMapping]:
        """The rows of a query that holds a condition of `where`."""
        values: dict[str, Any] = {"category": self.category, "places": self.places, "sources": self.sources}
        used = {name: value for name, value in values.items() if f":{name}" in query}
        lists: list[BindParameter[Any]] = [
            bindparam(name, expanding=True) for name in ("places", "sources") if name in used
        ]
        return list(connection.execute(text(query).bindparams(*lists), used).mappings())


_SOURCE_KEY = "coalesce(source_id, lower(source), '')"


def series(connection: Connection, category: str, *, place: str | None = None, source: str | None = None) -> Series:
    """The figures of a category, of one place and by one source where they are named.

    Names are found by the gazetteer's id, its aliases, and transliteration.

    Raises:
        UnknownNameError: a name means nothing in the database, or several things.
    """
    places = the_one(place, [PLACE], _places(connection)) if place else None
    sources = the_one(source, [ORGANISATION, PERSON], _sources(connection)) if source else None
    asked = _Asked(category, _keys(places), _keys(sources))
    query = f"SELECT * FROM count_statement WHERE {asked.where()}"
    figures = [_figure(row) for row in asked.run(connection, query)]
    rivals = _rivals(connection, category, places) if figures else {}
    return Series(
        tuple(sorted((replace(one, disputed=tuple(rivals.get(one.fact, ()))) for one in figures), key=_by_day)),
        leading(places).name if places else None,
        leading(sources).name if sources else None,
        _unplaced(connection, asked) if places and sources else 0,
        _unreal(connection, asked),
    )


def _keys(named: Sequence[Named] | None) -> tuple[str, ...] | None:
    return tuple(one.key for one in named) if named is not None else None


def _places(connection: Connection) -> list[Named]:
    return entities(connection, PLACE)


def _sources(connection: Connection) -> list[Named]:
    """Whoever vouches for a count: entities, and what the texts say where they name none."""
    known = entities(connection, PERSON, ORGANISATION)
    unlinked = "SELECT DISTINCT lower(source), source, NULL FROM count_series WHERE source_id IS NULL AND source <> ''"
    return known + [Named(*row) for row in connection.execute(text(unlinked))]


def _figure(row: RowMapping, side: str = "") -> Figure:
    """The figure of a row; of a row of `count_conflicts`, that of a side: `other_` or none."""

    def of(name: str) -> Any:
        return row.get(f"{side}{name}")

    return Figure(
        row["category"], row["place"], of("source"), _day(of("as_of_first")), _day(of("as_of_last")),
        of("as_of_basis"), of("value"), of("low"), of("high"), of("comparator"), row["aggregation"],
        row.get("kind", "cardinal"), row.get("unit"), of("counted"), of("fact"), _articles(row.get("told", "[]")),
    )  # fmt: skip


def _articles(told: Any) -> tuple[Told, ...]:
    """The articles in order, each once; SQLite gives JSON as text."""
    rows = json.loads(told) if isinstance(told, str) else told
    by_article = {row["article"]: Told(**row) for row in reversed(rows)}
    return tuple(sorted(by_article.values(), key=lambda one: (one.published or "", one.article)))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _by_day(figure: Figure) -> tuple[Any, ...]:
    return (
        figure.first is None, figure.first or date.min, figure.last or date.min, figure.aggregation or "",
        figure.source or "", figure.point,
    )  # fmt: skip


def _rivals(connection: Connection, category: str, places: Sequence[Named] | None) -> dict[str, list[Figure]]:
    """What excludes each statement, by the statement's first fact; whoever says it."""
    asked = _Asked(category, _keys(places), None)
    found: dict[str, list[Figure]] = defaultdict(list)
    for row in asked.run(connection, f"SELECT * FROM count_conflicts WHERE {asked.where()}"):
        one, other = _figure(row), _figure(row, "other_")
        found[one.fact].append(other)
        found[other.fact].append(one)
    return found


def _unplaced(connection: Connection, asked: _Asked) -> int:
    condition = replace(asked, places=None).where(source=_SOURCE_KEY)
    return _number(connection, asked, f"place_id IS NULL AND modality = 'actual' AND {condition}")


def _unreal(connection: Connection, asked: _Asked) -> int:
    return _number(connection, asked, f"modality <> 'actual' AND {asked.where(source=_SOURCE_KEY)}")


def _number(connection: Connection, asked: _Asked, condition: str) -> int:
    rows = asked.run(connection, f"SELECT count(*) AS number FROM count_series WHERE {condition}")
    return int(rows[0]["number"])
