"""Everything said about a person: what happened, when, who says so; what they say, and what others say of them."""

# ruff: noqa: S608 - queries are made of this module's words; what a person or a text says is a bound value

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, text

from extract.database.asking import entities
from extract.database.matching import Named, leading, the_one
from extract.names.mention import PERSON


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of an article with the words that matter: `text`, at `text_at` of `sentence` where that is known."""

    text: str
    text_at: int | None
    sentence: str | None
    source: str | None
    cue: str | None
    article: str
    title: str | None
    url: str | None
    published: str | None
    fact: str

    @classmethod
    def of(cls, row: RowMapping) -> Quote:
        """The quote of a row."""
        return cls(**{name: row[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with the person as its agent or target: all mentions of one type, role, modality and day.

    Where no text names a day, `first` and `last` are those of the article, and `is_dated` is False.
    """

    first: date | None
    last: date | None
    is_dated: bool
    event_type: str
    role: str
    modality: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """What a database holds about a person. `roles` are what the texts say they are, the commonest first."""

    name: str
    kb: str | None
    also: tuple[str, ...]
    roles: tuple[str, ...]
    articles: int
    mentions: int
    timeline: tuple[Happening, ...]
    says: tuple[Quote, ...]
    said_of: tuple[Quote, ...]
    counts: tuple[Quote, ...]


_QUOTE = """f.text, f.start_char - f.sentence_start AS text_at,
    substr(a.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence,
    f.source, f.cue, f.article, a.title, a.url, a.published, f.id AS fact"""
_STANDS = "f.retracted IS NULL AND f.key NOT IN (SELECT key FROM rejected)"


def life(connection: Connection, person: str) -> Life:
    """What is said about the person whose name it is, in whatever spelling.

    Raises:
        UnknownNameError: nobody in the database is called that, or several people are.
    """
    found = the_one(person, [PERSON], entities(connection, PERSON))
    one = leading(found)
    names = _ask(connection, _NAMES, found)
    also = [row["text"] for row in names if row["text"] != one.name]
    seen = _ask(connection, _SEEN, found)[0]
    return Life(
        one.name, one.kb, tuple(dict.fromkeys(also)),
        tuple(row["text"] for row in _ask(connection, _ROLES, found)),
        seen["articles"], seen["mentions"],
        tuple(_timeline(_ask(connection, _TIMELINE, found))),
        *(tuple(map(Quote.of, _ask(connection, query, found))) for query in (_SAYS, _SAID_OF, _COUNTS)),
    )  # fmt: skip


_TIMELINE = "SELECT * FROM person_timeline WHERE person_id IN :people ORDER BY published_day, article, text_at"
_NAMES = "SELECT text, count(*) AS often FROM entity_mentions WHERE entity IN :people GROUP BY text ORDER BY 2 DESC, 1"
_SEEN = """SELECT count(*) AS mentions, count(DISTINCT article) AS articles FROM entity_mentions
    WHERE entity IN :people"""
_ROLES = f"""SELECT min(r.text) AS text, count(*) AS often FROM role r JOIN fact f ON f.key = r.fact
    WHERE f.entity IN :people AND {_STANDS} GROUP BY lower(r.text) ORDER BY 2 DESC, 1"""
_SAYS = f"""SELECT {_QUOTE.replace("f.source, f.cue", "s.speaker AS source, s.cue")}
    FROM statement s JOIN fact f ON f.key = s.fact JOIN article a ON a.id = f.article
    WHERE s.entity IN :people AND {_STANDS} ORDER BY a.published, f.article, f.start_char"""
_SAID_OF = f"""WITH named AS (
      SELECT n.article, m.start_char, m.end_char FROM mention m JOIN fact n ON n.key = m.fact
      WHERE m.entity IN :people AND n.retracted IS NULL)
    SELECT {_QUOTE.replace("f.source, f.cue", "s.speaker AS source, s.cue")}
    FROM fact f JOIN statement s ON s.fact = f.key JOIN article a ON a.id = f.article
    WHERE {_STANDS} AND coalesce(s.entity, '') NOT IN :people AND f.key IN (
      SELECT told.key FROM named CROSS JOIN fact told
      WHERE told.article = named.article AND told.type = 'statement'
      AND named.start_char >= told.start_char AND named.end_char <= told.end_char)
    ORDER BY a.published, f.article, f.start_char"""
_COUNTS = f"""SELECT {_QUOTE} FROM count c JOIN fact f ON f.key = c.fact JOIN article a ON a.id = f.article
    JOIN fact source ON source.key = f.source_fact
    WHERE source.entity IN :people AND {_STANDS} ORDER BY a.published, f.article, f.start_char"""


def _ask(connection: Connection, query: str, people: Sequence[Named]) -> list[RowMapping]:
    keys = [one.key for one in people]
    bound = text(query).bindparams(bindparam("people", expanding=True))
    return list(connection.execute(bound, {"people": keys}).mappings())


def _timeline(rows: Iterable[RowMapping]) -> list[Happening]:
    """The happenings by day; what has no day stands at its article's, once for each article."""
    groups: dict[tuple[Any, ...], list[RowMapping]] = defaultdict(list)
    for row in rows:
        when = (row["first"], row["last"]) if row["first"] else (row["article"], row["chain"])
        groups[row["event_type"], row["role"], row["modality"], when].append(row)
    found = [_happening(group) for group in groups.values()]
    return sorted(found, key=lambda one: (one.first is None, one.first or date.min, one.last or date.min))


def _happening(rows: list[RowMapping]) -> Happening:
    first = rows[0]
    is_dated = first["first"] is not None
    days = (first["first"], first["last"]) if is_dated else (first["published_day"], first["published_day"])
    return Happening(
        _day(days[0]), _day(days[1]), is_dated, first["event_type"], first["role"], first["modality"],
        tuple(map(Quote.of, rows)),
    )  # fmt: skip


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
