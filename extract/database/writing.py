"""Which rows a transaction is to insert, to overwrite, and to leave as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from extract.database import bulk
from extract.database.fullness import fuller
from extract.database.packing import Extracted, Key, Ready, named, ready
from extract.database.rows import Row
from extract.database.tables import ENTITY, FACT, OF_FACTS, in_order


@dataclass(frozen=True, slots=True)
class Stored:
    """A fact as the database has it."""

    key: int
    digest: str
    is_in_force: bool

    def is_still(self, digest: str) -> bool:
        """Whether it is in force as a fact of that digest."""
        return self.is_in_force and self.digest == digest


class Rows:
    """What one transaction is to write, article by article; `stored` are the facts that the articles had."""

    def __init__(self, next_key: int, stored: dict[tuple[str, str], Stored], dialect: str) -> None:
        self.stored = stored
        self._dialect = dialect
        self.unchanged = self.inserted = 0
        self.replaced: list[int] = []
        self._kept: set[int] = set()
        self._next = next_key
        self._entities: dict[str, Row] = {}
        self._updates: list[Ready] = []
        self._inserts: dict[str, list[Ready]] = defaultdict(list)

    def add(self, extracted: Extracted, load: Callable[[], int]) -> None:
        """Adds the rows of an article's facts, but for those that are in force as they are; `load` numbers the load."""
        before = [self.stored.get((extracted.reference.id, id_)) for id_ in extracted.ids]
        new = {number for number, one in enumerate(before) if one is None}
        told = zip(before, extracted.digests, strict=True)
        changed = {number for number, (one, digest) in enumerate(told) if one and not one.is_still(digest)}
        self._kept |= {one.key for one in before if one}
        for id_, entity in extracted.entities.items():
            self._entities[id_] = fuller(entity, self._entities.get(id_))
        self.inserted += len(new)
        self.unchanged += len(before) - len(new) - len(changed)
        if not new and not changed:
            return
        keys = [*(one.key if one else self._new_key() for one in before), None, load()]
        self.replaced += [one.key for number, one in enumerate(before) if one and number in changed]
        self._put(extracted, named(keys, self._dialect), new, changed)

    def _new_key(self) -> int:
        self._next += 1
        return self._next - 1

    def _put(self, extracted: Extracted, keys: Sequence[Key], new: set[int], changed: set[int]) -> None:
        for table, block in extracted.blocks.items():
            if table == FACT.name:
                self._inserts[table] += ready(block, keys, new)
                self._updates += ready(block, keys, changed)
            else:
                self._inserts[table] += ready(block, keys, new | changed)

    def gone(self) -> list[int]:
        """The keys of the facts in force that the articles no longer have."""
        return [one.key for one in self.stored.values() if one.is_in_force and one.key not in self._kept]

    def write(self, connection: Connection) -> None:
        """Writes the rows."""
        self._write_entities(connection)
        for table in OF_FACTS:
            bulk.delete_rows(connection, table, table.c.fact, self.replaced)
        bulk.update_rows(connection, FACT, self._updates, in_order(FACT))
        for table in (FACT, *OF_FACTS):
            bulk.insert_rows(connection, table, self._inserts[table.name], in_order(table))

    def _write_entities(self, connection: Connection) -> None:
        """Writes those that are new, and those whose name is fuller than the one that is known."""
        known = {row.id: tuple(row) for row in bulk.known(connection, ENTITY.c.id, self._entities, *list(ENTITY.c)[1:])}
        best = {id_: fuller(entity, known.get(id_)) for id_, entity in self._entities.items()}
        bulk.insert_rows(connection, ENTITY, [row for id_, row in best.items() if id_ not in known])
        better = [row for id_, row in best.items() if id_ in known and row != known[id_]]
        bulk.update_rows(connection, ENTITY, better, tuple(ENTITY.c.keys()))
