"""One run's outputs and its journal: what is done is neither done again nor lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from extract.article import Article
from extract.batch.pool import Job
from extract.batch.result import OUTPUTS, Result, digest_of, key_of, result_of_failure, result_of_repeat
from extract.batch.totals import Totals
from extract.errors import OutputError
from extract.reading import Failure, Page, Repeat
from extract.writing import Journal, Part, Piece, Pipe, refuse_to_overwrite
from extract.writing.part import Sink

COMMIT_SECONDS = 1.0  # a kill costs at most the work of this long


def _no_record() -> None:
    """Writes none."""


class Follower(Protocol):
    """Who gets each article's lines besides the files, such as a database.

    What a run did before it was stopped comes again when it goes on: taking the same article twice changes nothing.
    """

    def take(self, result: Result) -> None:
        """An article is done; the outputs that the run doesn't write are empty where it comes again."""

    def keep(self) -> None:
        """All that was taken so far is written and about to count as done; comes about once a second."""

    def finish(self) -> None:
        """There is no more; the files are put in place next."""


class Nobody:
    """A follower that does nothing."""

    def take(self, result: Result) -> None:
        """Nothing to do."""

    def keep(self) -> None:
        """Nothing to do."""

    def finish(self) -> None:
        """Nothing to do."""


class Stream:
    """A run without an output file: facts go to standard output as they come, and nothing is kept."""

    def __init__(self, follower: Follower | None = None) -> None:
        self._sinks: tuple[Sink, ...] = (Pipe.stdout(), Pipe(), Pipe(), Pipe())
        self._follower = follower or Nobody()

    def jobs(self, outcomes: Iterable[Article | Failure | Page | Repeat], totals: Totals) -> Iterator[Job]:
        """Yields a job for each outcome."""
        del totals  # all of it is work to do
        for outcome in outcomes:
            yield job_of(outcome, key_of(outcome))

    def take(self, result: Result) -> None:
        """Writes an article's lines."""
        for sink, lines in zip(self._sinks, result.lines, strict=True):
            sink.append(lines)
        self._follower.take(result)

    def publish(self, record: Callable[[], None] = _no_record) -> None:
        """All is out already, and no record is kept."""
        del record
        self._follower.finish()

    def close(self) -> None:
        """Nothing to keep."""


class Session:
    """A run into files: parts beside the targets, and a journal of the articles done.

    Raises:
        OutputError: a target exists and may not be replaced, or another run writes to it.
    """

    def __init__(
        self,
        targets: dict[str, Path],
        digest: str,
        *,
        force: bool,
        incremental: bool,
        follower: Follower | None = None,
    ) -> None:
        self.incremental = incremental
        self._follower = follower or Nobody()
        self._parts = {name: Part(path) for name, path in targets.items()}
        self._sinks: list[Part | Pipe] = [self._parts.get(name, Pipe()) for name in OUTPUTS]
        if incremental and any(part.is_packed for part in self._parts.values()):
            raise OutputError("--incremental can't take lines from compressed files", where=targets["facts"].as_posix(),
                              expected="outputs without .gz or .zst", advice="Compress them afterwards")  # fmt: skip
        state = targets["facts"].with_name(targets["facts"].name + ".state")
        mine = [] if force or incremental else [path for name, path in targets.items() if name != "errors"]
        if not state.exists():
            refuse_to_overwrite(mine)
        self._journal = Journal(state, digest)
        if not self._journal.resumes:
            self._refuse_to_overwrite(mine)
        self._last_commit = time.monotonic()
        self._cut(self._resumable())

    def jobs(self, outcomes: Iterable[Article | Failure | Page | Repeat], totals: Totals) -> Iterator[Job]:
        """Yields a job for each outcome that isn't done: to extract, or taken over from an earlier run."""
        number, goes_on = 0, self._journal.length > 0
        for outcome in outcomes:
            key = key_of(outcome)
            piece = self._journal.done(number) if goes_on else None
            if piece and piece.key == key:
                totals.add(piece.tally, kept=True)
                self._follower.take(self._again(piece))
                number += 1
                continue
            if goes_on:
                self._cut(number)
                goes_on = False
            yield self._earlier(key) or job_of(outcome, key)
        if goes_on:
            self._cut(number)

    def take(self, result: Result) -> None:
        """Writes an article's lines, and once a second sees to it that what was written is safe."""
        places = tuple(sink.append(lines) for sink, lines in zip(self._sinks, result.lines, strict=True))
        kept = (lines if name in self._parts else b"" for name, lines in zip(OUTPUTS, result.lines, strict=True))
        self._journal.add(Piece(result.key, places, digest_of(kept), result.failed, result.tally))
        self._follower.take(result)
        if time.monotonic() - self._last_commit > COMMIT_SECONDS:
            self._keep()

    def publish(self, record: Callable[[], None] = _no_record) -> None:
        """Puts the files in place, one rename each, writes the record, and closes the journal.

        An empty error file is no file. A kill in between finds the journal still there, and all is done again.
        """
        self._keep()
        self._follower.finish()
        self._journal.mark("publishing")
        for name, part in self._parts.items():
            if name == "errors" and part.end == 0:
                part.discard()
                part.target.unlink(missing_ok=True)
            else:
                part.publish()
        record()
        if self.incremental:
            self._journal.mark("done")
            self._journal.close()
        else:
            self._journal.discard()

    def close(self) -> None:
        """Keeps what is done for a later run, as far as the disk lets it."""
        with suppress(OutputError):  # the reason that the run ends, most likely: what was committed before is safe
            self._keep()
        for part in self._parts.values():
            part.abandon()
        self._journal.close()

    def _refuse_to_overwrite(self, paths: list[Path]) -> None:
        try:
            refuse_to_overwrite(paths)
        except OutputError:
            self._journal.close()
            raise

    def _keep(self) -> None:
        for sink in self._sinks:
            sink.sync()
        self._follower.keep()  # before the journal: what it says is done is in the database, too
        self._journal.commit()
        self._last_commit = time.monotonic()

    def _resumable(self) -> int:
        """How many pieces the parts hold all lines of."""
        last = self._journal.done(self._journal.length - 1)
        if last is None:
            return 0
        if self._journal.was_publishing:
            for part in self._parts.values():
                part.unpublish()
            self._journal.mark("running")
        for name, (_, end) in zip(OUTPUTS, last.places, strict=True):
            if name in self._parts and self._parts[name].size() < end:
                return 0
        return self._journal.length

    def _cut(self, length: int) -> None:
        """Goes on after that many pieces: drops the later ones, and their lines."""
        self._journal.cut(length)
        last = self._journal.done(length - 1)
        for at, name in enumerate(OUTPUTS):
            if name in self._parts:
                self._parts[name].close()
                self._parts[name].open(last.places[at][1] if last else 0)

    def _again(self, piece: Piece) -> Result:
        """The result of an article that this run has done before it was stopped."""
        spans = zip(OUTPUTS, piece.places, strict=True)
        return Result(piece.key, tuple(self._again_from(name, *span) for name, span in spans), piece.tally)

    def _again_from(self, name: str, start: int, end: int) -> bytes:
        return self._parts[name].read_part(start, end) if end > start else b""

    def _earlier(self, key: str) -> Result | None:
        """The result of the same article in the last finished run, where its lines still stand in the outputs."""
        piece = self._journal.find(key) if self.incremental else None
        if piece is None:
            return None
        try:
            lines = tuple(
                self._parts[name].read(start, end) if end > start else b""
                for name, (start, end) in zip(OUTPUTS, piece.places, strict=True)
            )
        except OSError:
            return None
        return Result(key, lines, {**piece.tally, "kept": 1}) if digest_of(lines) == piece.digest else None


def job_of(outcome: Article | Failure | Page | Repeat, key: str) -> Job:
    """What is to be done: an article to extract, or the result of one that isn't."""
    if isinstance(outcome, Repeat):
        return result_of_repeat(outcome, key)
    return (key, outcome) if isinstance(outcome, Article | Page) else result_of_failure(outcome, key)
