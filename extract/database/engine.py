"""Opening a database, and bringing its tables up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from extract.database.views import are_as_defined, create_views, drop_views
from extract.errors import OutputError

_MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_SECONDS = 60  # how long a load waits for another one's transaction in the same SQLite file


def open_engine(url: str) -> Engine:
    """An engine for a database address; nothing is connected yet.

    Raises:
        OutputError: the address names no database, or one whose driver is missing.
    """
    try:
        address = make_url(url)
        if address.drivername in {"postgresql", "postgres"}:
            address = address.set(drivername="postgresql+psycopg")
        timeout = {"timeout": BUSY_SECONDS} if address.get_backend_name() == "sqlite" else {}
        engine = create_engine(address, connect_args=timeout)
    except ModuleNotFoundError as error:
        raise OutputError(f"the driver {error.name} is missing", where=url, expected="an installed driver",
                          advice='For PostgreSQL: pip install "news-extract[postgresql]"') from error  # fmt: skip
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise OutputError(f"no database address: {error}", where=url,
                          expected="such as sqlite:///facts.db or postgresql://user@host/name",
                          advice="For another database, install its driver") from error  # fmt: skip
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def opened(url: str, *, makes: bool = False) -> Iterator[Engine]:
    """An engine whose errors come as one error that says where; `makes`: a SQLite file that isn't there is made.

    Raises:
        OutputError: the database can't be reached, or refuses.
    """
    engine = open_engine(url)
    shown = engine.url.render_as_string(hide_password=True)
    try:
        _check_file(engine, makes=makes)
        yield engine
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise OutputError(f"the database says: {reason[:500]}", where=shown, expected="a database yours to write to",
                          advice="Check the address, and that no other program locks it") from error  # fmt: skip
    finally:
        engine.dispose()


def _check_file(engine: Engine, *, makes: bool) -> None:
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return
    if not makes and not Path(name).is_file():
        raise OutputError("no such database", where=name, expected="a file that `extract load` made",
                          advice="Load facts into it first: extract load facts.jsonl --db ...")  # fmt: skip
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"can't be made: {error.strerror}", where=name, expected="a folder for the database",
                          advice="Check that the place is yours to write to") from error  # fmt: skip


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say: the driver's would not cover reads
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "cache_size = -65536",
                   "temp_store = MEMORY"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    mode = "" if connection.get_execution_options().get("reads") else " IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN{mode}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix())
    config.attributes["connection"] = connection
    return config


class Upgraded(NamedTuple):
    """The revisions of the tables before and after, and whether the views were made anew."""

    before: str | None
    after: str
    views: bool


def upgrade(connection: Connection) -> Upgraded:
    """Brings tables and views up to date, in the connection's transaction.

    Raises:
        OutputError: the database was made by a newer version, or its tables are somebody else's.
    """
    before, newest = revision(connection), head()
    if before == newest and are_as_defined(connection):
        return Upgraded(before, newest, views=False)
    _check_revision(before)
    drop_views(connection)
    if before is None and inspect(connection).has_table("fact"):
        from extract.database.legacy import take_over

        take_over(connection, lambda: command.upgrade(_config(connection), "head"))
    elif before != newest:
        command.upgrade(_config(connection), "head")
    create_views(connection)
    return Upgraded(before, newest, views=True)


def revision(connection: Connection) -> str | None:
    """The revision that the tables have; None where there are none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision."""
    newest = _scripts().get_current_head()
    assert newest is not None
    return newest


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(_MIGRATIONS.as_posix())


def _check_revision(found: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is not None and found not in known:
        raise OutputError(f"the tables are of revision {found}", expected=f"one of {', '.join(sorted(known))}",
                          advice="Update news-extract: a newer version made them")  # fmt: skip
