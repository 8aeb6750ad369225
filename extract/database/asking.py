"""Opening a database to ask it something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

from extract.database.engine import head, opened, revision
from extract.database.matching import Named
from extract.database.views import are_as_defined
from extract.errors import OutputError


@contextmanager
def asking(url: str) -> Iterator[Connection]:
    """A connection for questions: nothing is written, and a load may go on beside it.

    Raises:
        OutputError: the database can't be reached, or its tables and views are not of this version.
    """
    with opened(url) as engine, engine.connect() as plain:
        connection = plain.execution_options(reads=True)
        found, newest = revision(connection), head()
        if found != newest:
            raise OutputError(f"the tables are of revision {found or 'none'}",
                              where=engine.url.render_as_string(hide_password=True), expected=newest,
                              advice="Run: extract db upgrade --db ...")  # fmt: skip
        if not are_as_defined(connection):
            raise OutputError("the views are of another version", where=engine.url.render_as_string(hide_password=True),
                              expected="this version's", advice="Run: extract db upgrade --db ...")  # fmt: skip
        yield connection


_ENTITIES = text("""SELECT e.id, e.name, now.kb, same.stands_for
    FROM entity e JOIN entity_current now ON now.entity = e.id
    LEFT JOIN (SELECT stands_for, entity FROM same_entity UNION SELECT stands_for, stands_for FROM same_entity) same
    ON same.entity = e.id WHERE e.type IN :types ORDER BY e.id""").bindparams(bindparam("types", expanding=True))


def entities(connection: Connection, *types: str) -> list[Named]:
    """The entities of these types, by each of their names; those that people merged are known as one."""
    return [Named(*row) for row in connection.execute(_ENTITIES, {"types": types})]
