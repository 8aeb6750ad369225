"""A file of facts -> the tables: in transactions, again and again without harm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Table,
    Tuple,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from extract.article import Article
from extract.database.rows import rows_of
from extract.database.tables import ARTICLE, FACT, LOAD, METADATA, OF_FACTS
from extract.errors import LineError, OutputError, ReadError
from extract.fact import FACT as ANY_FACT
from extract.fact import ArticleReference, Envelope

T = TypeVar("T")
Key = tuple[str, str]  # article, fact

ARTICLES_PER_TRANSACTION = 200
_VARIABLES = 500  # ids in one IN (...): every database takes so many


@dataclass(slots=True)
class Loaded:
    """How many facts were new, changed, the same as before, and retracted."""

    url: str
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    retracted: int = 0

    def __str__(self) -> str:
        counts = f"{self.inserted:,} inserted, {self.updated:,} updated, {self.unchanged:,} unchanged"
        return f"{counts}, {self.retracted:,} retracted: {self.url}"


@dataclass(frozen=True, slots=True)
class Extracted:
    """The facts of one article."""

    reference: ArticleReference
    facts: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A fact as the database has it."""

    json: dict[str, Any]
    is_in_force: bool


def load_file(facts: Path, url: str, *, articles: Path | None = None, at: datetime | None = None) -> Loaded:
    """Loads a file of facts, and the articles where given; gives what changed.

    A line that breaks the schema stops the load: what whole transactions brought before it stays, and the same
    command goes on from there.

    Raises:
        LineError: a line is no fact, or no article.
        ReadError: a file can't be read.
        OutputError: the database can't be reached.
    """
    engine = _engine(url)
    loaded = Loaded(engine.url.render_as_string(hide_password=True))
    try:
        METADATA.create_all(engine)
        with engine.begin() as connection:
            number = _new_load(connection, facts, at or datetime.now(UTC))  # noqa: TID251 - when it was loaded is no fact
        for batch in _batches(_by_article(facts)):
            with engine.begin() as connection:
                _load_batch(connection, batch, number, loaded)
        for texts in _batches(_articles(articles)):
            with engine.begin() as connection:
                _load_texts(connection, texts)
    except OperationalError as error:
        raise OutputError(f"the database says: {error.orig}", where=loaded.url, expected="a database yours to write to",
                          advice="Check the address, and that no other program locks it") from error  # fmt: skip
    finally:
        engine.dispose()
    return loaded


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise OutputError(f"no database address: {error}", where=url, expected="such as sqlite:///facts.db",
                          advice="For another database, install its driver") from error  # fmt: skip
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        if engine.url.database and engine.url.database != ":memory:":
            _make_folder(Path(engine.url.database).parent)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"can't be made: {error.strerror}", where=str(folder), expected="a folder for the database",
                          advice="Check that the place is yours to write to") from error  # fmt: skip


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _new_load(connection: Connection, facts: Path, at: datetime) -> int:
    number = (connection.execute(select(func.max(LOAD.c.id))).scalar() or 0) + 1
    connection.execute(insert(LOAD).values(id=number, file=str(facts), at=at.replace(tzinfo=None)))
    return number


def _load_batch(connection: Connection, batch: list[Extracted], load: int, loaded: Loaded) -> None:
    """Loads articles with their facts: replaces what changed, and retracts what is gone."""
    _load_references(connection, [one.reference for one in batch])
    stored = _stored(connection, [one.reference.id for one in batch])
    fresh: list[Envelope] = []
    replaced: list[Key] = []
    for fact in (fact for one in batch for fact in one.facts):
        before = stored.pop((fact.article.id, fact.id), None)
        if before and before.is_in_force and before.json == fact.model_dump(mode="json", by_alias=True):
            loaded.unchanged += 1
            continue
        fresh.append(fact)
        loaded.updated += before is not None
        loaded.inserted += before is None
        replaced += [(fact.article.id, fact.id)] if before else []
    gone = [key for key, before in stored.items() if before.is_in_force]
    for some in _parts(gone):
        connection.execute(update(FACT).where(_key(FACT.c.article, FACT.c.id).in_(some)).values(retracted=load))
    loaded.retracted += len(gone)
    _replace(connection, fresh, replaced, load)


def _load_references(connection: Connection, references: list[ArticleReference]) -> None:
    known = _known(connection, [reference.id for reference in references])
    new = [reference.model_dump() for reference in references if reference.id not in known]
    if new:
        connection.execute(insert(ARTICLE), new)
    for reference in references:
        if reference.id in known:
            connection.execute(update(ARTICLE).where(ARTICLE.c.id == reference.id).values(**reference.model_dump()))


def _stored(connection: Connection, articles: list[str]) -> dict[Key, Stored]:
    """The facts of the articles as the database has them."""
    columns = (FACT.c.article, FACT.c.id, FACT.c.json, FACT.c.retracted)
    found: dict[Key, Stored] = {}
    for some in _parts(articles):
        for article, id_, stored, retracted in connection.execute(select(*columns).where(FACT.c.article.in_(some))):
            found[article, id_] = Stored(stored, is_in_force=retracted is None)
    return found


def _replace(connection: Connection, facts: list[Envelope], replaced: list[Key], load: int) -> None:
    """Writes the facts with all their rows, in the place of those that they replace."""
    for some in _parts(replaced):
        for table in OF_FACTS:
            connection.execute(delete(table).where(_key(table.c.article, table.c.fact).in_(some)))
        connection.execute(delete(FACT).where(_key(FACT.c.article, FACT.c.id).in_(some)))
    by_table: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for fact in facts:
        for table, row in rows_of(fact, load):
            by_table[table].append(row)
    for table in (FACT, *OF_FACTS):
        if by_table[table]:
            connection.execute(insert(table), by_table[table])


def _key(article: Column[Any], id_: Column[Any]) -> Tuple:
    return tuple_(article, id_)


def _known(connection: Connection, articles: list[str]) -> set[str]:
    queries = (select(ARTICLE.c.id).where(ARTICLE.c.id.in_(some)) for some in _parts(articles))
    return {id_ for query in queries for id_ in connection.execute(query).scalars()}


def _load_texts(connection: Connection, articles: list[Article]) -> None:
    known = _known(connection, [article.id for article in articles])
    for article in articles:
        row = article.model_dump(exclude={"language"}) | {"text_sha256": article.text_sha256}
        if article.id in known:
            connection.execute(update(ARTICLE).where(ARTICLE.c.id == article.id).values(**row))
        else:
            connection.execute(insert(ARTICLE).values(**row))


def _by_article(path: Path) -> Iterator[Extracted]:
    """Yields each article's facts; those of one article stand together."""
    facts = (_fact(line, where) for where, line in _lines(path))
    for _, group in groupby(facts, key=lambda fact: fact.article.id):
        together = {fact.id: fact for fact in group}
        yield Extracted(next(iter(together.values())).article, tuple(together.values()))


def _articles(path: Path | None) -> Iterator[Article]:
    for where, line in _lines(path) if path else ():
        try:
            yield Article.model_validate_json(line)
        except ValidationError as error:
            raise LineError(f"no article: {error.errors()[0]['msg']}", where=where, expected="an article",
                            advice="Give the file that `extract run --articles` wrote") from error  # fmt: skip


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", line
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="JSONL") from error


def _fact(line: bytes, where: str) -> Envelope:
    try:
        return ANY_FACT.validate_json(line)
    except ValidationError as error:
        raise LineError(f"no fact: {error.errors()[0]['msg']}", where=where, expected="a fact",
                        advice="Run `extract verify` on the file") from error  # fmt: skip


def _batches(rows: Iterable[T]) -> Iterator[list[T]]:
    source = iter(rows)
    while batch := list(islice(source, ARTICLES_PER_TRANSACTION)):
        yield batch


def _parts(keys: list[T]) -> Iterator[list[T]]:
    for at in range(0, len(keys), _VARIABLES):
        yield keys[at : at + _VARIABLES]
