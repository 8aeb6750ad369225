"""Many rows at once: COPY on PostgreSQL, prepared statements on SQLite, the same rows for both."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, delete, select, update

from extract.database.packing import Ready, copy_lines
from extract.database.rows import Row, Value

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
NUL_STANDS_AS = "\ufdd0"  # no character, and never one: Unicode sets it apart for a program's own use
_ESCAPED_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_VARIABLES = 900  # values in one IN (...): every database takes so many
_LOCK = 0x0EC7_FAC7  # any number that no other program is likely to lock


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Ready], names: tuple[str, ...] | None = None
) -> None:
    """Inserts rows, whole tuples in the order of the columns of those names, else of the table's.

    PostgreSQL takes lines of COPY, too.
    """
    if not rows:
        return
    names = names or tuple(table.columns.keys())
    if connection.dialect.name == "postgresql":
        _copy(connection, table.name, names, rows)
    else:
        _driver(connection).executemany(_insert_statement(table.name, names), rows)


def _copy(connection: Connection, table: str, names: tuple[str, ...], rows: Sequence[Ready]) -> None:
    with _driver(connection).copy(f'COPY "{table}" ({_listed(names)}) FROM STDIN') as copy:
        copy.write(b"".join([row if isinstance(row, bytes) else copy_lines([row]) for row in rows]))


def storable(line: bytes, dialect: str) -> bytes:
    r"""A line of JSON as the database can hold it: PostgreSQL has no NUL, so U+FDD0 stands there; offsets stay right.

    A backslash that is itself text is left. A line that has U+FDD0 is not to be loaded there: `restored` makes it NUL.

    >>> print(storable(rb'"a\u0000 \\u0000"', "postgresql").decode())
    "a\ufdd0 \\u0000"
    """
    return _ESCAPED_NUL.sub(rb"\1\\ufdd0", line) if dialect == "postgresql" and b"u0000" in line else line


def storable_row(row: Row, dialect: str) -> Row:
    """A row of texts and JSON, NUL stood in for where the database has none."""
    if dialect != "postgresql":
        return row
    texts = (storable(value.encode(), dialect).decode() if isinstance(value, str) else value for value in row)
    return tuple(value.replace("\0", NUL_STANDS_AS) if isinstance(value, str) else value for value in texts)


def restored(text: str, *, is_json: bool = False) -> str:
    r"""A text or JSON out of a database as it was read: NUL stands where it stood.

    >>> print(restored('{"id": "a\ufdd0"}', is_json=True))
    {"id": "a\u0000"}
    """
    return text.replace(NUL_STANDS_AS, r"\u0000" if is_json else "\0")


@cache
def _insert_statement(table: str, names: tuple[str, ...]) -> str:
    return f'INSERT INTO "{table}" ({_listed(names)}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608 - our own names


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def update_rows(connection: Connection, table: Table, rows: Sequence[Any], names: tuple[str, ...]) -> None:
    """Overwrites the rows that have the same first column; they are as for `insert_rows`."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _update_staged(connection, table.name, names, rows)
    else:
        key, *others = names
        values = ", ".join(f'"{name}" = ?' for name in others)
        statement = f'UPDATE "{table.name}" SET {values} WHERE "{key}" = ?'  # noqa: S608 - our own names
        _driver(connection).executemany(statement, [(*row[1:], row[0]) for row in rows])


def _update_staged(connection: Connection, table: str, names: tuple[str, ...], rows: Sequence[Ready]) -> None:
    """Copies the rows into a table of this session's own, and updates from there in one statement."""
    key, *others = names
    staged = f"staged_{table}"
    values = ", ".join(f'"{name}" = staged."{name}"' for name in others)
    cursor = _driver(connection)
    cursor.execute(f'CREATE TEMPORARY TABLE IF NOT EXISTS "{staged}" (LIKE "{table}")')
    cursor.execute(f'TRUNCATE "{staged}"')
    _copy(connection, staged, names, rows)
    cursor.execute(
        f'UPDATE "{table}" AS old SET {values} FROM "{staged}" AS staged WHERE old."{key}" = staged."{key}"'  # noqa: S608 - our own names
    )


def delete_rows(connection: Connection, table: Table, column: Column[Any], values: Sequence[Value]) -> None:
    """Deletes the rows that have one of the values in the column."""
    for some in parts(values):
        connection.execute(delete(table).where(column.in_(some)))


def set_column(
    connection: Connection, column: Column[Any], value: Value, key: Column[Any], keys: Sequence[int]
) -> None:
    """Sets a column of the rows of those keys to a value."""
    for some in parts(keys):
        connection.execute(update(column.table).where(key.in_(some)).values({column.name: value}))


def known(connection: Connection, column: Column[Any], values: Iterable[Value], *others: Column[Any]) -> Iterator[Any]:
    """Yields (column, *others) of the rows that have one of the values in the column."""
    for some in parts(list(values)):
        yield from connection.execute(select(column, *others).where(column.in_(some)))


def lock(connection: Connection) -> None:
    """Waits until no other load is at work, and keeps the others waiting until the connection closes.

    SQLite needs none: there each transaction of a load holds the file for itself.
    """
    if connection.dialect.name == "postgresql":
        is_ours = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCK})").scalar()
        if not is_ours:
            _LOG.warning("another load is at work: waiting for its end")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        connection.commit()


def _driver(connection: Connection) -> Any:
    """A cursor of the driver itself: SQLAlchemy's takes a third of a load's time to look at rows that are right."""
    return connection.connection.cursor()


def parts(values: Sequence[T]) -> Iterator[list[T]]:
    """Yields the values in lists short enough for one statement."""
    source = iter(values)
    while some := list(islice(source, _VARIABLES)):
        yield some
