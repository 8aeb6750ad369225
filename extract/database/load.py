"""A file of facts -> the tables: in transactions, again and again without harm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, update

from extract.correction.entry import Correction
from extract.correction.log import read_log
from extract.database import bulk
from extract.database.engine import opened, upgrade
from extract.database.lines import Text, batches, rarely_collected, texts
from extract.database.packing import Extracted
from extract.database.rows import correction_row
from extract.database.tables import ARTICLE, CORRECTION, FACT, LOAD
from extract.database.writing import Rows, Stored
from extract.errors import LineError
from extract.fact import ArticleReference

_TEXTS_PER_TRANSACTION = 200
_OF_REFERENCE = (ARTICLE.c.text_sha256, ARTICLE.c.url, ARTICLE.c.published)


@dataclass(slots=True)
class Loaded:
    """How many facts were new, changed, the same as before, and retracted."""

    url: str
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    retracted: int = 0
    corrections: int = 0
    is_dry: bool = False

    def __str__(self) -> str:
        counts = f"{self.inserted:,} inserted, {self.updated:,} updated, {self.unchanged:,} unchanged"
        decided = f", {self.corrections:,} corrections" if self.corrections else ""
        would = "nothing was changed; it would be: " if self.is_dry else ""
        return f"{would}{counts}, {self.retracted:,} retracted{decided}: {self.url}"


def load_file(
    facts: Path,
    url: str,
    *,
    articles: Path | None = None,
    corrections: Path | None = None,
    at: datetime | None = None,
    dry_run: bool = False,
) -> Loaded:
    """Loads a file of facts, and where given the articles and the log of corrections; gives what changed.

    An article's facts take the place of those that it had: what no longer comes out is retracted, and an article of
    `articles` that has no facts has all of its facts retracted. A line that breaks the schema stops the load: what
    whole transactions brought before it stays, and the same command goes on from there. With `dry_run` all is tried in
    one transaction and taken back.

    Raises:
        LineError: a line is no fact, no article or no decision.
        ReadError: a file can't be read.
        OutputError: the database can't be reached, refuses, or is newer than this program.
    """
    with loading(_or_memory(url) if dry_run else url, facts, at=at, dry_run=dry_run) as load:
        load.run(articles, corrections)
    if dry_run and load.loaded.url == "sqlite://":
        load.loaded.url = url
    return load.loaded


@contextmanager
def loading(url: str, facts: Path, *, at: datetime | None = None, dry_run: bool = False) -> Iterator[Load]:
    """A load into the database, which no other load comes between; `facts` is what it is called.

    Raises:
        OutputError: the database can't be reached, or refuses.
    """
    with opened(url, makes=True) as engine, engine.connect() as connection:
        bulk.lock(connection)
        moment = at or datetime.now(UTC)  # noqa: TID251 - when it was loaded is no fact
        loaded = Loaded(engine.url.render_as_string(hide_password=True))
        yield Load(connection, facts, moment.replace(tzinfo=None), loaded, dry_run=dry_run)


def _or_memory(url: str) -> str:
    """The address, or where it names a SQLite file that isn't there, one in memory: a dry run makes no file."""
    scheme, _, name = url.partition(":///")
    return "sqlite://" if scheme == "sqlite" and not Path(name).is_file() else url


class Load:
    """One load, on one connection."""

    def __init__(self, connection: Connection, facts: Path, at: datetime, loaded: Loaded, *, dry_run: bool) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.facts = facts
        self.at = at
        self.loaded = loaded
        self.dry_run = loaded.is_dry = dry_run
        self._number: int | None = None
        self._seen: dict[str, str] = {}

    def run(self, articles: Path | None, corrections: Path | None) -> None:
        """Loads everything, a transaction at a time."""
        self.prepare()
        with rarely_collected(), batches(self.facts, self.dialect) as facts:
            for batch in facts:
                self.take(batch, ())
        for some in _in_parts(texts(articles, self.dialect)):
            self.take((), some)
        if corrections:
            with self._transaction():
                self.loaded.corrections = load_corrections(self.connection, corrections)
        if self.dry_run:
            self.connection.rollback()

    def prepare(self) -> None:
        """Brings the tables up to date."""
        with self._transaction():
            upgrade(self.connection)

    def take(self, batch: Sequence[Extracted], articles: Sequence[Text]) -> None:
        """Loads articles' facts and texts in one transaction."""
        with self._transaction():
            if batch:
                self._take(batch)
            self._take_texts(articles)

    def forget(self, articles: Iterable[str | None]) -> None:
        """Takes the articles for articles that this load has not seen yet."""
        for id_ in articles:
            self._seen.pop(id_ or "", None)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction; of a dry run, a part of the only one."""
        if not self.dry_run:
            with self.connection.begin():
                yield
                self._note()
        else:
            yield

    def _note(self) -> None:
        """Writes down what the load has come to, once it has changed anything."""
        if self._number is not None:
            changed = {name: getattr(self.loaded, name) for name in ("inserted", "updated", "retracted")}
            self.connection.execute(update(LOAD).where(LOAD.c.id == self._number).values(changed))

    def number(self) -> int:
        """The load's number, from its first change on: a load that changes nothing leaves no trace."""
        if self._number is None:
            self._number = (self.connection.execute(select(func.max(LOAD.c.id))).scalar() or 0) + 1
            self.connection.execute(insert(LOAD).values(id=self._number, file=str(self.facts), at=self.at))
        return self._number

    def _take(self, batch: Sequence[Extracted]) -> None:
        """Loads articles with their facts: replaces what changed, and retracts what is gone."""
        self._seen |= {one.reference.id: one.reference.text_sha256 for one in batch}
        self._take_references([one.reference for one in batch])
        stored = _stored(self.connection, [one.reference.id for one in batch])
        rows = Rows(_next_key(self.connection), stored, self.dialect)
        for one in batch:
            rows.add(one, self.number)
        self.loaded.inserted += rows.inserted
        self.loaded.updated += len(rows.replaced)
        self.loaded.unchanged += rows.unchanged
        self._retract(rows.gone())
        rows.write(self.connection)

    def _take_references(self, references: Sequence[ArticleReference]) -> None:
        found = bulk.known(self.connection, ARTICLE.c.id, [one.id for one in references], *_OF_REFERENCE)
        before = {id_: tuple(fields) for id_, *fields in found}
        new = [one.model_dump() for one in references if one.id not in before]
        if new:
            self.connection.execute(insert(ARTICLE), new)
        for one in references:
            fields = (one.text_sha256, one.url, one.published)
            if one.id in before and before[one.id] != fields:
                forgotten = {"text": None} if before[one.id][0] != one.text_sha256 else {}
                values = {**one.model_dump(exclude={"id"}), **forgotten}
                self.connection.execute(update(ARTICLE).where(ARTICLE.c.id == one.id).values(values))

    def _take_texts(self, articles: Sequence[Text]) -> None:
        """Loads the articles' texts; retracts the facts of those that have none any more."""
        of_article = [column for column in ARTICLE.c if column.name != "id"]
        found = bulk.known(self.connection, ARTICLE.c.id, [one.article.id for one in articles], *of_article)
        before = {id_: dict(zip((column.name for column in of_article), row, strict=True)) for id_, *row in found}
        for one in articles:
            self._check_text(one)
            row = one.article.model_dump(include=set(ARTICLE.c.keys()), exclude={"id"}) | {"text_sha256": one.sha256}
            if one.article.id not in before:
                self.connection.execute(insert(ARTICLE).values(id=one.article.id, **row))
            elif before[one.article.id] != row:
                self.connection.execute(update(ARTICLE).where(ARTICLE.c.id == one.article.id).values(row))
        without = [one.article.id for one in articles if one.article.id not in self._seen]
        self._retract([one.key for one in _stored(self.connection, without).values() if one.is_in_force])

    def _check_text(self, text: Text) -> None:
        if self._seen.get(text.article.id, text.sha256) != text.sha256:
            raise LineError("not the text that the facts were read in", where=f"{text.where} ({text.article.id})",
                            expected="the articles of the same run", advice="Run `extract run` anew")  # fmt: skip

    def _retract(self, keys: list[int]) -> None:
        if keys:
            bulk.set_column(self.connection, FACT.c.retracted, self.number(), FACT.c.key, keys)
        self.loaded.retracted += len(keys)


def load_corrections(connection: Connection, log: Path) -> int:
    """Loads the decisions of a log that are not there yet; gives how many.

    Raises:
        LineError: a line is no decision.
    """
    entries = list(_decisions(log))
    known = {digest for (digest,) in bulk.known(connection, CORRECTION.c.digest, [one.digest for _, one in entries])}
    new = {one.digest: (position, one) for position, one in entries if one.digest not in known}
    rows = (correction_row(one, position) for position, one in new.values())
    bulk.insert_rows(connection, CORRECTION, [bulk.storable_row(row, connection.dialect.name) for row in rows])
    return len(new)


def _decisions(log: Path) -> Iterator[tuple[int, Correction]]:
    for number, entry in read_log(log):
        if not isinstance(entry, Correction):
            raise LineError(f"no decision: {entry.what}", where=f"{log}:{number}", expected="a line of the log",
                            advice="`extract corrections status` lists broken lines")  # fmt: skip
        yield number, entry


def _stored(connection: Connection, articles: list[str]) -> dict[tuple[str, str], Stored]:
    """The facts of the articles as the database has them."""
    columns = (FACT.c.id, FACT.c.key, FACT.c.digest, FACT.c.retracted)
    found = bulk.known(connection, FACT.c.article, articles, *columns)
    return {(article, id_): Stored(key, digest, retracted is None) for article, id_, key, digest, retracted in found}


def _next_key(connection: Connection) -> int:
    return (connection.execute(select(func.max(FACT.c.key))).scalar() or 0) + 1


def _in_parts(articles: Iterable[Text]) -> Iterator[list[Text]]:
    source = iter(articles)
    while some := list(islice(source, _TEXTS_PER_TRANSACTION)):
        yield some
