"""Which rows a transaction is to insert, to overwrite, and to leave as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection

from extract.database import bulk
from extract.database.lines import Extracted
from extract.database.rows import FactRows, Row, Value
from extract.database.tables import ENTITY, FACT, METADATA, OF_FACTS

_LOADED = FACT.columns.keys().index("loaded")


@dataclass(frozen=True, slots=True)
class Stored:
    """A fact as the database has it."""

    key: int
    digest: str
    is_in_force: bool


class Rows:
    """What one transaction is to write, article by article; `stored` are the facts that the articles had."""

    def __init__(self, next_key: int, stored: dict[tuple[str, str], Stored]) -> None:
        self.stored = stored
        self.unchanged = self.inserted = 0
        self.replaced: list[int] = []
        self._kept: set[int] = set()
        self._next = next_key
        self._entities: dict[str, Row] = {}
        self._updates: list[Row] = []
        self._inserts: dict[str, list[Row]] = defaultdict(list)

    def add(self, extracted: Extracted, load: Callable[[], int]) -> None:
        """Adds the rows of an article's facts, but for those that are in force as they are; `load` numbers the load."""
        article = extracted.reference.id
        before = {fact.id: self.stored.get((article, fact.id)) for fact in extracted.facts}
        keys = {id_: one.key if one else self._new_key() for id_, one in before.items()}
        for fact in extracted.facts:
            one = before[fact.id]
            if one:
                self._kept.add(one.key)
            if one and one.is_in_force and one.digest == fact.digest:
                self.unchanged += 1
            else:
                self._put(fact, keys, load(), is_new=one is None)

    def _new_key(self) -> int:
        self._next += 1
        return self._next - 1

    def _put(self, fact: FactRows, keys: Mapping[str, int], load: int, *, is_new: bool) -> None:
        row = _with_keys(FACT.name, fact.fact, keys)
        row[_LOADED] = load
        if is_new:
            self._inserts[FACT.name].append(tuple(row))
            self.inserted += 1
        else:
            self._updates.append(tuple(row))
            self.replaced.append(keys[fact.id])
        if fact.entity:
            self._entities.setdefault(str(fact.entity[0]), fact.entity)
        for table, detail in fact.details:
            self._inserts[table].append(tuple(_with_keys(table, detail, keys)))

    def gone(self) -> list[int]:
        """The keys of the facts in force that the articles no longer have."""
        return [one.key for one in self.stored.values() if one.is_in_force and one.key not in self._kept]

    def write(self, connection: Connection) -> None:
        """Writes the rows."""
        known = {id_ for (id_,) in bulk.known(connection, ENTITY.c.id, self._entities)}
        bulk.insert_rows(connection, ENTITY, [row for id_, row in self._entities.items() if id_ not in known])
        for table in OF_FACTS:
            bulk.delete_rows(connection, table, table.c.fact, self.replaced)
        bulk.update_rows(connection, FACT, self._updates)
        for table in (FACT, *OF_FACTS):
            bulk.insert_rows(connection, table, self._inserts[table.name])


def _with_keys(table: str, row: Row, keys: Mapping[str, int]) -> list[Value]:
    """The row with keys in the place of facts' ids; null for a fact that the article doesn't have."""
    made = list(row)
    for at in _references(table):
        made[at] = keys.get(made[at])  # type: ignore[arg-type]  # an id, or None
    return made


@cache
def _references(name: str) -> tuple[int, ...]:
    """Where a table's rows hold keys of facts."""
    columns = enumerate(METADATA.tables[name].columns)
    return tuple(at for at, column in columns if column is FACT.c.key or column.references(FACT.c.key))
