"""The file of decisions: lines are added at its end, whole and safe on the disk, whoever else writes; none goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from extract.correction.entry import Correction
from extract.errors import OutputError, ReadError

_TAIL = 1 << 20  # a line is a few thousand bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that can't be read; it stays in the log."""

    line: int
    what: str


class Log:
    """The log as a writer has it, and as a reader who follows what others write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        self._read_to = 0

    def append(self, correction: Correction) -> Correction:
        """Adds the line and gives it as written: never earlier than the line before it, whatever the clocks say.

        When it returns, the line is on the disk.

        Raises:
            OutputError: the log can't be written; nothing of the line counts.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(self.path) as fd:
                end, tail = _tail(fd)
                correction = _not_before(correction, tail)
                line = correction.to_json().encode("utf-8") + b"\n"
                if tail and not tail.endswith(b"\n"):
                    line = b"\n" + line  # a writer was killed within its line
                _write(fd, line, end)
        except OSError as error:
            raise OutputError(f"the decision is not kept: {error.strerror}", where=str(self.path),
                              expected="a log to add a line to", advice="Free some space, or check who may write there"
                              ) from error  # fmt: skip
        return correction

    def news(self) -> Iterator[tuple[int, Correction | Broken]]:
        """Yields (line number, decision) for the whole lines that were written since the last call, by anyone."""
        if not self.path.exists():
            return
        with _reading(self.path), self.path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size == self._read_to:
                return
            stream.seek(self._read_to)
            for line in stream:
                if not line.endswith(b"\n"):
                    return
                self._read_to += len(line)
                self.lines += 1
                if line.strip():
                    yield self.lines, _parsed(line, self.lines)


def read_log(path: Path) -> Iterator[tuple[int, Correction | Broken]]:
    """Yields (line number, decision, or what is broken) for each line.

    Raises:
        ReadError: the file can't be read.
    """
    with _reading(path), path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, _parsed(line, number)


def _parsed(line: bytes, number: int) -> Correction | Broken:
    try:
        return Correction.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return Broken(number, f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="a log of corrections") from error


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        _lock(fd)
        yield fd
    finally:
        os.close(fd)  # which unlocks


def _lock(fd: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(fd, fcntl.LOCK_EX)


def _tail(fd: int) -> tuple[int, bytes]:
    """Where the file ends, and its last bytes."""
    end = os.lseek(fd, 0, os.SEEK_END)
    os.lseek(fd, max(0, end - _TAIL), os.SEEK_SET)
    return end, os.read(fd, _TAIL)


def _not_before(correction: Correction, tail: bytes) -> Correction:
    """The correction, at the time of the last line where that is later: the order of lines is the order of times."""
    for line in reversed(tail.splitlines()[-8:]):
        last = _parsed(line, 0)
        if isinstance(last, Correction):
            return correction.model_copy(update={"at": max(correction.at, last.at)})
    return correction


def _write(fd: int, line: bytes, end: int) -> None:
    """Writes the line at the end, or nothing of it."""
    os.lseek(fd, end, os.SEEK_SET)
    written = 0
    try:
        while written < len(line):
            written += os.write(fd, line[written:])
        os.fsync(fd)
    except OSError:
        os.ftruncate(fd, end)
        raise
