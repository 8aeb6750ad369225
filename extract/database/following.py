"""Facts into a database while a run makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from extract.database.lines import FACTS_PER_TRANSACTION, Text, article_of, text_of
from extract.database.load import Load, Loaded, loading
from extract.database.packing import Extracted


class Done(Protocol):
    """An article that is done: its lines for the file of facts, for that of articles, and others."""

    @property
    def lines(self) -> tuple[bytes, ...]:
        """The lines, by output."""


class Following:
    """Loads each article of a run; an article taken again changes nothing.

    What is kept is in the database: a run that is killed and goes on brings again what came since.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._facts: list[Extracted] = []
        self._texts: list[Text] = []
        self._waiting = 0

    @property
    def loaded(self) -> Loaded:
        """What has changed so far."""
        return self._load.loaded

    def take(self, result: Done) -> None:
        """An article is done."""
        facts, article, *_ = result.lines
        dialect, name = self._load.dialect, str(self._load.facts)
        extracted = article_of(((line, name) for line in facts.split(b"\n") if line), dialect)
        text = text_of(article, name, dialect) if article else None
        self._begin({extracted.reference.id if extracted else None, text.article.id if text else None})
        if extracted:
            self._facts.append(extracted)
            self._waiting += len(extracted.ids)
        if text:
            self._texts.append(text)
        if self._waiting >= FACTS_PER_TRANSACTION:
            self.keep()

    def _begin(self, ids: set[str | None]) -> None:
        """Of two articles of one id, the later stands."""
        if ids & {*(one.reference.id for one in self._facts), *(one.article.id for one in self._texts)}:
            self.keep()
        self._load.forget(ids)

    def keep(self) -> None:
        """Writes what has been taken, in one transaction."""
        if self._facts or self._texts:
            self._load.take(self._facts, self._texts)
            self._facts, self._texts, self._waiting = [], [], 0

    def finish(self) -> None:
        """There is no more."""
        self.keep()


@contextmanager
def following(url: str, facts: Path, *, at: datetime | None = None) -> Iterator[Following]:
    """A follower of a run that loads into the database as the run goes; `facts` is what the load is called.

    Raises:
        OutputError: the database can't be reached, refuses, or is newer than this program.
    """
    with loading(url, facts, at=at) as load:
        load.prepare()
        yield Following(load)
