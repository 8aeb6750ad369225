"""What a database holds, at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from extract.database.bulk import lock
from extract.database.engine import Upgraded, head, opened, revision, upgrade
from extract.database.tables import FACT, LOAD, METADATA
from extract.errors import OutputError

_LOADS = 5


@dataclass(frozen=True, slots=True)
class Description:
    """A database's revision and the newest there is, rows by table, facts in force by type, and the last loads."""

    url: str
    revision: str
    newest: str
    rows: dict[str, int]
    facts: dict[str, int]
    loads: list[tuple[Any, ...]]


def describe(url: str) -> Description:
    """What a database holds.

    Raises:
        OutputError: it can't be reached, or holds no facts of ours.
    """
    with opened(url) as engine, engine.connect() as connection:
        shown = engine.url.render_as_string(hide_password=True)
        found = revision(connection)
        if found is None:
            raise OutputError("no tables of ours", where=shown, expected="a database that `extract load` made",
                              advice="extract db upgrade makes them, or brings them up to date")  # fmt: skip
        rows = {name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in METADATA.tables.items()}  # fmt: skip
        in_force = select(FACT.c.type, func.count()).where(FACT.c.retracted.is_(None)).group_by(FACT.c.type)
        facts = {row[0]: row[1] for row in connection.execute(in_force.order_by(FACT.c.type))}
        last = select(LOAD.c.id, LOAD.c.at, LOAD.c.inserted, LOAD.c.updated, LOAD.c.retracted, LOAD.c.file)
        loads = [tuple(row) for row in connection.execute(last.order_by(LOAD.c.id.desc()).limit(_LOADS))]
        return Description(shown, found, head(), rows, facts, loads)


def upgrade_database(url: str) -> Upgraded:
    """Brings a database up to date; says what it was and is.

    Raises:
        OutputError: it can't be reached, or a newer version made it.
    """
    with opened(url, makes=True) as engine, engine.connect() as connection:
        lock(connection)
        with connection.begin():
            return upgrade(connection)
