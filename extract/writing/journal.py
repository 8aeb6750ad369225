"""What a run has done so far, in one SQLite file beside its output: a killed run goes on, a later one skips the done.

A run is a list of pieces in input order. A piece is what one article came to: its key (a digest of the article) and
where its lines stand in each output. A piece is written down only after its lines are safe on the disk, so whatever
the outputs hold after the last piece can be cut off.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.errors import OutputError

Places = tuple[tuple[int, int], ...]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, settings TEXT NOT NULL, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS piece (
    run INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, places TEXT NOT NULL, digest TEXT NOT NULL,
    failed INTEGER NOT NULL, tally TEXT NOT NULL, PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS piece_by_key ON piece (key);
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one article came to: where its lines stand, their digest, whether it failed, what was counted."""

    key: str
    places: Places
    digest: str
    failed: bool
    tally: dict[str, Any]


class Journal:
    """The pieces of the run that goes on (`done`), and of the last one that was finished (`find`)."""

    def __init__(self, path: Path, settings: str) -> None:
        self.path = path
        self._pending: list[tuple[Any, ...]] = []
        self._db = _connect(path)
        self._finished = self._run(settings, "done")
        unfinished = self._run(settings, "running") or self._run(settings, "publishing")
        self.was_publishing = self._run(settings, "publishing") is not None
        self.resumes = unfinished is not None
        self._forget_all_but(self._finished, unfinished)
        self.run = unfinished or self._begin(settings)
        self.length = self._count()

    def done(self, number: int) -> Piece | None:
        """The piece of that number of the run that goes on."""
        return self._piece("run = ? AND number = ?", self.run, number)

    def find(self, key: str) -> Piece | None:
        """A piece of the last finished run, made of the same article with the same settings, that did not fail."""
        return self._piece("run = ? AND key = ? AND failed = 0", self._finished, key) if self._finished else None

    def add(self, piece: Piece) -> None:
        """Takes the piece down, to be kept from the next `commit` on."""
        places, tally = json.dumps(piece.places), json.dumps(piece.tally)
        number = self.length + len(self._pending)
        self._pending.append((self.run, number, piece.key, places, piece.digest, piece.failed, tally))

    def commit(self) -> None:
        """Keeps the pieces added so far. Sync the outputs before."""
        with self._changes():
            self._db.executemany("INSERT INTO piece VALUES (?, ?, ?, ?, ?, ?, ?)", self._pending)
        self.length += len(self._pending)
        self._pending.clear()

    def cut(self, length: int) -> None:
        """Drops the pieces from that number on."""
        with self._changes():
            self._db.execute("DELETE FROM piece WHERE run = ? AND number >= ?", (self.run, length))
        self.length = length

    def mark(self, state: str) -> None:
        """Says that the run is `running`, `publishing`, or `done`; a run done takes the place of the one before."""
        with self._changes():
            self._db.execute("UPDATE run SET state = ? WHERE id = ?", (state, self.run))
        if state == "done":
            self._forget_all_but(self.run)

    def close(self) -> None:
        """Closes the file and keeps it."""
        self._db.close()

    def discard(self) -> None:
        """Closes the file and removes it."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _run(self, settings: str, state: str) -> int | None:
        query = "SELECT max(id) FROM run WHERE settings = ? AND state = ?"
        found: int | None = self._db.execute(query, (settings, state)).fetchone()[0]
        return found

    def _begin(self, settings: str) -> int:
        with self._changes():
            query = "INSERT INTO run (settings, state) VALUES (?, 'running')"
            return self._db.execute(query, (settings,)).lastrowid or 0

    def _forget_all_but(self, *runs: int | None) -> None:
        kept = [run or 0 for run in runs] + [0]
        with self._changes():
            for query in ("DELETE FROM run WHERE id NOT IN (?, ?)", "DELETE FROM piece WHERE run NOT IN (?, ?)"):
                self._db.execute(query, kept[:2])

    @contextmanager
    def _changes(self) -> Iterator[None]:
        """One change, made whole or not at all."""
        try:
            with self._db:
                yield
            if not self.path.exists():
                raise OutputError("the state is no longer there", where=self.path.as_posix(),
                                  expected="the folder of the output, untouched while a run goes on",
                                  advice="The same command begins anew, in a new folder")  # fmt: skip
        except sqlite3.Error as error:
            raise OutputError(f"the state can't be kept: {error}", where=self.path.as_posix(), expected="free space",
                              advice="Free some; the same command then goes on") from error  # fmt: skip

    def _count(self) -> int:
        number: int = self._db.execute("SELECT count(*) FROM piece WHERE run = ?", (self.run,)).fetchone()[0]
        return number

    def _piece(self, where: str, *values: Any) -> Piece | None:
        query = f"SELECT key, places, digest, failed, tally FROM piece WHERE {where} LIMIT 1"  # noqa: S608 - our own words
        row = self._db.execute(query, values).fetchone()
        if row is None:
            return None
        places = tuple((start, end) for start, end in json.loads(row[1]))
        return Piece(row[0], places, row[2], bool(row[3]), json.loads(row[4]))


def _connect(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=1)
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_SCHEMA)
        return db
    except sqlite3.OperationalError as error:
        what = "another run writes here" if "locked" in str(error) else f"the state can't be kept: {error}"
        raise OutputError(what, where=path.as_posix(), expected="one run at a time, in a folder yours to write to",
                          advice="Wait for the other run, or name another output") from error  # fmt: skip
    except (OSError, sqlite3.DatabaseError) as error:
        raise OutputError(f"the state can't be kept: {error}", where=path.as_posix(),
                          expected="the state of an earlier run, or none",
                          advice="Remove the file: the run begins anew") from error  # fmt: skip
