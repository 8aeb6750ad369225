"""A file in the making: lines go to a part beside it, and a rename puts the whole of it in place."""

from __future__ import annotations

import errno
import gzip
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from extract.errors import OutputError
from extract.writing.place import clear_errors


class Sink(Protocol):
    """Where lines go."""

    def append(self, lines: bytes) -> tuple[int, int]:
        """Takes the lines; gives where they begin and end, in bytes."""
        ...

    def sync(self) -> None:
        """Sees to it that what was taken survives a power cut."""
        ...


def refuse_to_overwrite(paths: Iterable[Path]) -> None:
    """Checks that none of the files exists.

    Raises:
        OutputError: one does.
    """
    for path in paths:
        if path.exists():
            raise OutputError("exists already", where=path.as_posix(), expected="a new file",
                              advice="Add --force to replace it, or name another file")  # fmt: skip


class Part:
    """The part of a file: `facts.jsonl.part` until `publish` makes it `facts.jsonl`, packed where the name asks."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(target.name + ".part")
        self.end = 0
        self._stream: BinaryIO | None = None

    @property
    def is_packed(self) -> bool:
        """Whether the published file is compressed."""
        return self.target.suffix in {".gz", ".zst"}

    def open(self, end: int = 0) -> None:
        """Opens the part for appending after its first `end` bytes; what comes after them is dropped."""
        with _written(self.target):
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("r+b" if end else "wb")
            self._stream.truncate(end)
            self._stream.seek(end)
        self.end = end

    def append(self, lines: bytes) -> tuple[int, int]:
        """Takes the lines; gives where they begin and end, in bytes."""
        start = self.end
        if lines and self._stream:
            with _written(self.target):
                self._stream.write(lines)
            self.end += len(lines)
        return start, self.end

    def sync(self) -> None:
        """Sees to it that what was taken survives a power cut."""
        if self._stream:
            with _written(self.target):
                self._stream.flush()
                os.fsync(self._stream.fileno())
                self._check_place(self._stream.fileno())

    def _check_place(self, number: int) -> None:
        """Checks that what is written to still has its name: files outlive the removal of their folder, unseen."""
        if not self.path.exists() or not os.path.samestat(os.fstat(number), self.path.stat()):
            raise FileNotFoundError(errno.ENOENT, f"{self.path.name} is no longer there")

    def publish(self) -> None:
        """Puts the part in the target's place, whole and at once."""
        self.close()
        with _written(self.target):
            if self.is_packed:
                packed = self.target.with_name(self.target.name + ".packed")
                _pack(self.path, packed, self.target.suffix)
                packed.replace(self.target)
                self.path.unlink()
            else:
                self.path.replace(self.target)

    def unpublish(self) -> bool:
        """Takes back a publication that a kill came upon; False where there is no part to go on from."""
        if not self.path.exists() and self.target.exists() and not self.is_packed:
            self.target.replace(self.path)
        return self.path.exists()

    def read(self, start: int, end: int) -> bytes:
        """Bytes `start` to `end` of the published file."""
        return _bytes_of(self.target, start, end)

    def read_part(self, start: int, end: int) -> bytes:
        """Bytes `start` to `end` of the part, as far as they were synced."""
        with _written(self.target):
            return _bytes_of(self.path, start, end)

    def size(self) -> int:
        """How many bytes the part has on the disk."""
        return self.path.stat().st_size if self.path.exists() else 0

    def close(self) -> None:
        """Closes the part and keeps it."""
        if self._stream:
            self.sync()
            self._stream.close()
            self._stream = None

    def abandon(self) -> None:
        """Closes the part without another write: what the disk has no room for is lost."""
        if self._stream:
            cast(Any, self._stream).raw.close()
            self._stream = None

    def discard(self) -> None:
        """Closes the part and removes it."""
        self.abandon()
        with _written(self.target):
            self.path.unlink(missing_ok=True)


class Pipe:
    """Standard output, or nothing at all, in the place of a part."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream

    @classmethod
    def stdout(cls) -> Pipe:
        """The standard output, as bytes."""
        return cls(cast(BinaryIO, sys.stdout.buffer))

    def append(self, lines: bytes) -> tuple[int, int]:
        """Takes the lines and passes them on at once."""
        if self._stream and lines:
            with clear_errors(Path("stdout")):
                self._stream.write(lines)
                self._stream.flush()
        return 0, 0

    def sync(self) -> None:
        """Nothing is held back."""


def _written(target: Path) -> AbstractContextManager[None]:
    return clear_errors(target, then="; the same command then goes on where this one stopped")


def _bytes_of(path: Path, start: int, end: int) -> bytes:
    with path.open("rb") as stream:
        stream.seek(start)
        return stream.read(end - start)


def _pack(path: Path, packed: Path, suffix: str) -> None:
    with path.open("rb") as plain, packed.open("wb") as raw:
        if suffix == ".gz":
            with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as out:
                shutil.copyfileobj(plain, out, 1 << 20)
        else:
            _zstandard().ZstdCompressor(level=6).copy_stream(plain, raw)
        raw.flush()
        os.fsync(raw.fileno())


def _zstandard() -> Any:
    try:
        return import_module("zstandard")
    except ModuleNotFoundError as error:
        raise OutputError("zstd needs the package zstandard", advice='pip install "news-extract[zstd]"') from error
