"""Opening a database to ask it something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from extract.database.engine import head, opened, revision
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
        yield connection
