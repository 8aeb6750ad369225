"""A database under the page: facts and articles are read once; each line of the log goes to its table of corrections.

The log stays the truth. What the database doesn't take now, it is given again with the next decision.
"""

from __future__ import annotations

import sys
from pathlib import Path

from extract.correction import Correction, Log
from extract.database import bulk
from extract.database.asking import asking
from extract.database.current import extracted
from extract.database.engine import opened
from extract.database.rows import correction_row
from extract.database.tables import CORRECTION
from extract.errors import OutputError, ReadError
from extract.fact import to_json


def write_files(url: str, folder: Path) -> tuple[Path, Path]:
    """Writes what the database has, as extracted, as the files that the page reads; gives facts and articles.

    Raises:
        OutputError: the database can't be read.
        ReadError: it has no article with its text.
    """
    facts, articles = folder / "facts.jsonl", folder / "articles.jsonl"
    found = 0
    with (
        asking(url) as connection,
        facts.open("w", encoding="utf-8") as rows,
        articles.open("w", encoding="utf-8") as texts,
    ):
        for _, group, article in extracted(connection):
            if article:
                found += 1
                texts.write(article.model_dump_json() + "\n")
                rows.writelines(to_json(fact) + "\n" for fact in group)
    if not found:
        raise ReadError("no article with its text is there", where="the database", expected="facts and articles",
                        advice="Load them: extract load FACTS --articles ARTICLES --db URL")  # fmt: skip
    return facts, articles


class Mirror:
    """Follows a log into the table of corrections."""

    def __init__(self, log: Path, url: str) -> None:
        self._log, self._url = Log(log), url
        self._waiting: list[tuple[int, Correction]] = []

    def follow(self) -> None:
        """Adds what the log has and the table hasn't; says so where the database refuses, and tries again next time."""
        self._waiting += [(number, line) for number, line in self._log.news() if isinstance(line, Correction)]
        try:
            with opened(self._url) as engine, engine.begin() as connection:
                digests = [line.digest for _, line in self._waiting]
                known = {digest for (digest,) in bulk.known(connection, CORRECTION.c.digest, digests)}
                new = {line.digest: correction_row(line, n) for n, line in self._waiting if line.digest not in known}
                bulk.insert_rows(connection, CORRECTION, list(new.values()))
            self._waiting = []
        except OutputError as error:
            sys.stderr.write(f"kept in the log, not yet in the database: {error}\n")
