"""Files as bytes: opened, unpacked, cut into lines, never more of them in memory than the longest article."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import BinaryIO, cast

from extract.errors import LineError, ReadError
from extract.reading.remote import open_address
from extract.reading.sources import Source

MAX_BYTES = 16_000_000  # a long news article has 50,000; an archive belongs into JSONL, an article a line
_SKIPPED_AT_MOST = 256_000_000  # a line longer than this is no line: the file is a bomb or no JSONL
_CHUNK = 1 << 20
_ZSTD = "backports.zstd"


@contextmanager
def opened(source: Source, *, unpack: bool = True) -> Iterator[BinaryIO]:
    """The file as a stream of bytes, unpacked unless told otherwise.

    Raises:
        ReadError: it can't be opened, read or unpacked; also for errors that come up while it is being read.
    """
    try:
        if source.is_stdin:
            yield sys.stdin.buffer
        else:
            with _bytes_of(source) as raw, _unpacked(raw, source if unpack else None) as stream, _watched(source, raw):
                yield stream
    except _errors() as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ReadError(f"can't be read: {reason}", where=source.shown, expected="a readable, whole file",
                        advice="Check that the file is there, whole, and yours to read") from error  # fmt: skip


@contextmanager
def _watched(source: Source, raw: BinaryIO) -> Iterator[None]:
    if source.gauge is None:
        yield
        return
    source.gauge.follow(raw)
    try:
        yield
    finally:
        source.gauge.leave()


def _bytes_of(source: Source) -> BinaryIO:
    return open_address(source.address) if source.address else source.path.open("rb")


def _unpacked(raw: BinaryIO, source: Source | None) -> BinaryIO:
    suffix = source.path.suffix.lower() if source else ""
    if suffix == ".gz":
        return cast(BinaryIO, gzip.open(raw, "rb"))
    if source and suffix == ".zst":
        return _zstd_reader(raw, source.shown)
    return raw


def _zstd_reader(raw: BinaryIO, where: str) -> BinaryIO:
    """Reads by the module that Python 3.14 has: unlike zstandard, it tells of a file that is cut off."""
    try:
        return cast(BinaryIO, import_module(_ZSTD).open(raw, "rb"))
    except ModuleNotFoundError as error:
        raise ReadError("zstd needs the package backports.zstd", where=where,
                        advice='pip install "news-extract[zstd]"') from error  # fmt: skip


def _errors() -> tuple[type[Exception], ...]:
    """What may be raised while a file is read: zstd's own error only where zstd is in use."""
    zstd = sys.modules.get(_ZSTD)
    return (OSError, EOFError, zlib.error, *([zstd.ZstdError] if zstd else []))


def read_whole(source: Source) -> bytes:
    """All bytes of a file that is one article.

    Raises:
        ReadError: the file can't be read, or is larger than an article may be.
    """
    with opened(source) as stream:
        return read_rest(stream, source.shown)


def read_rest(stream: BinaryIO, where: str) -> bytes:
    """All bytes of a stream that is one article.

    Raises:
        ReadError: there are more than an article may have.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(f"larger than {MAX_BYTES:,} bytes", where=where, expected="one news article",
                        advice="Split the file, or put its articles into JSONL, one a line")  # fmt: skip
    return data


def read_lines(stream: BinaryIO, where: str) -> Iterator[tuple[int, bytes | LineError]]:
    """Yields (line number, line without its end), or a LineError in place of a line that is too long.

    Raises:
        ReadError: a line is so long that the file can't be what it claims.
    """
    number = 0
    while line := stream.readline(MAX_BYTES):
        number += 1
        if len(line) == MAX_BYTES and not line.endswith(b"\n"):
            _skip_line(stream, f"{where}:{number}")
            yield number, LineError(f"longer than {MAX_BYTES:,} bytes", where=f"{where}:{number}",
                                    expected="one article a line", advice="Split the article")  # fmt: skip
        else:
            yield number, line.rstrip(b"\r\n")


def _skip_line(stream: BinaryIO, where: str) -> None:
    for _ in range(_SKIPPED_AT_MOST // _CHUNK):
        rest = stream.readline(_CHUNK)
        if not rest or rest.endswith(b"\n"):
            return
    raise ReadError(f"a line of more than {_SKIPPED_AT_MOST:,} bytes: the rest of the file is left", where=where,
                    expected="one article a line", advice="Check that the file is JSONL, and whole")  # fmt: skip
