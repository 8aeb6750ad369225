"""WARC (ISO 28500): the web pages of a crawl, each the article of its main text."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import Message
from itertools import islice
from typing import Any, BinaryIO, cast

from extract.errors import InputError, LineError, ReadError
from extract.reading.decoding import declared_charset, decode, known_charset
from extract.reading.many import default_id
from extract.reading.outcome import Failure, Notice, Outcome
from extract.reading.page import Page
from extract.reading.record import ReadOptions
from extract.reading.streams import MAX_BYTES

_PAGES = {"text/html", "application/xhtml+xml"}
_PLAIN, _PACKED = b"WARC/", b"\x1f\x8b\x08"  # what a record begins with, and a member of gzip
_CHUNK = 1 << 20
_HEADERS_AT_MOST = 1_000_000  # bytes; those of a page have a few thousand


def read_warc(stream: BinaryIO, shown: str, options: ReadOptions) -> Iterator[tuple[str, Outcome | Page]]:
    """Yields (path:offset, page or failure) for each response that is a web page, and a notice of what isn't.

    The id is the record's, the URL the one that was fetched; the date of publication is the page's own or unknown:
    the record's date is the crawl's. After a broken record, reading goes on at the next one that is whole.

    Raises:
        ReadError: the file can't be read any further; warcio isn't installed.
    """
    passed_over: Counter[str] = Counter()
    for offset, record in _records(stream, shown):
        where = f"{shown}:{offset}"
        if isinstance(record, LineError):
            yield where, Failure.of(default_id(where), record)
        elif other := _no_page(record):
            passed_over[other] += 1
        else:
            yield where, _outcome(record, where, options)
    if passed_over:
        named = ", ".join(f"{kind} {number}" for kind, number in passed_over.most_common(6))
        yield shown, Notice(shown, f"passed over {passed_over.total()} records that are no pages ({named})")


def _records(stream: BinaryIO, shown: str) -> Iterator[tuple[int, Any]]:
    """Yields (offset, record), or a LineError in place of a record that is broken."""
    archive_reader, errors = _warcio(shown)
    start: int | None = 0
    done = 0
    while start is not None:
        stream.seek(start)
        reader = archive_reader(stream)
        at = start
        try:
            for record in reader:
                at = reader.offset
                if record.format != "warc":  # warcio takes any line of five words for the older ARC
                    yield at, _broken("no record of WARC", f"{shown}:{at}")
                    break
                yield at, record
                done += 1
                missing = _missing(record)
                reader.read_to_end()
                if missing or reader.err_count:
                    if _no_page(record) or not missing:  # a page that is cut off has its failure already
                        yield at, _broken("the record isn't as long as it says", f"{shown}:{at}")
                    break
            else:
                return
        except errors as error:
            if "non-chunked" in str(error):  # packed as one, not record by record
                stream.seek(0)
                with gzip.open(stream, "rb") as unpacked:
                    yield from islice(_records(cast(BinaryIO, unpacked), shown), done, None)
                return
            at = max(at, reader.offset)
            yield at, _broken(f"no record: {' '.join(str(error).split()) or error!r}"[:160], f"{shown}:{at}")
        start = _next_record(stream, at + 1)


def _warcio(shown: str) -> tuple[Any, tuple[type[Exception], ...]]:
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ModuleNotFoundError as error:
        raise ReadError("WARC needs the package warcio", where=shown,
                        advice='pip install "news-extract[warc]"') from error  # fmt: skip

    class Reader(ArchiveIterator):  # type: ignore[misc]
        INC_RECORD = ""  # what it would write to standard error; `err_count` says it, too

        def __init__(self, packed: BinaryIO) -> None:
            super().__init__(packed)
            self.reader.readline = _Lines(self).bounded(self.reader.readline)

    return Reader, (ArchiveLoadFailed, zlib.error, EOFError, ValueError, IndexError, AttributeError)


class _Lines:
    """Lines read for one record: its headers, which a bomb has no end of."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._record: Any = None
        self._read = 0

    def bounded(self, readline: Callable[[int], bytes]) -> Callable[[int], bytes]:
        """The function, but for a ValueError where a record has more in lines than headers can have."""

        def bounded_readline(length: int = 0) -> bytes:
            if self._reader.record is not self._record:
                self._record, self._read = self._reader.record, 0
            line = readline(min(length or _HEADERS_AT_MOST, _HEADERS_AT_MOST))
            self._read += len(line)
            if self._read >= _HEADERS_AT_MOST:
                raise ValueError(f"headers of more than {_HEADERS_AT_MOST:,} bytes")
            return line

        return bounded_readline


def _missing(record: Any) -> int:
    """How many bytes a record lacks of what it says it has; reads what is left of it."""
    while record.raw_stream.read(_CHUNK):
        pass
    return max(0, getattr(record.raw_stream, "limit", 0))


def _broken(what: str, where: str) -> LineError:
    return LineError(what, where=where, expected="a whole record of WARC", advice="Fetch the file again")


def _next_record(stream: BinaryIO, start: int) -> int | None:
    """Where the next record after `start` begins, in a file of records packed one by one or not at all."""
    stream.seek(start)
    kept, at = b"", start
    while chunk := stream.read(_CHUNK):
        chunk = kept + chunk
        found = [place for mark in (_PACKED, b"\n" + _PLAIN) for place in _places(chunk, mark)]
        for place in sorted(found):
            if chunk.startswith(b"\n", place):
                return at + place + 1
            if _is_packed_record(stream, at + place):
                return at + place
        kept = chunk[-len(_PLAIN) :]
        at += len(chunk) - len(kept)
        stream.seek(at + len(kept))
    return None


def _places(chunk: bytes, mark: bytes) -> Iterator[int]:
    at = chunk.find(mark)
    while at >= 0:
        yield at
        at = chunk.find(mark, at + 1)


def _is_packed_record(stream: BinaryIO, at: int) -> bool:
    stream.seek(at)
    try:
        return zlib.decompressobj(31).decompress(stream.read(512), len(_PLAIN)) == _PLAIN
    except zlib.error:
        return False


def _no_page(record: Any) -> str:
    """What a record is where it is no web page that was found, or ""."""
    stated = record.rec_headers.get_header("Content-Type") or ""
    if record.rec_type != "response" or not stated.startswith("application/http"):
        return str(record.rec_type)
    if record.http_headers is None:
        return ""  # the failure says so
    if not record.http_headers.get_statuscode().startswith("2"):
        return f"status {record.http_headers.get_statuscode()[:3]}"
    kind, _ = _content_type(record)
    return "" if kind in _PAGES else kind[:40]


def _content_type(record: Any) -> tuple[str, str | None]:
    """The kind of content, and the encoding, as the server stated them."""
    message = Message()
    message["Content-Type"] = (record.http_headers.get_header("Content-Type") or "unknown/kind").replace("\n", " ")
    charset = message.get_param("charset")
    return message.get_content_type(), known_charset(charset) if isinstance(charset, str) else None


def _outcome(record: Any, where: str, options: ReadOptions) -> Failure | Page:
    id_ = (record.rec_headers.get_header("WARC-Record-ID") or default_id(where)).strip("<>").removeprefix("urn:uuid:")
    url = record.rec_headers.get_header("WARC-Target-URI") or None
    try:
        page = _payload(record, where)
        decoded = decode(page, where, declared=_content_type(record)[1] or declared_charset(page))
    except InputError as error:
        return Failure(id_, where, f"{error.what} ({url})"[:1000], error.expected, error.advice)
    return Page(id_, where, decoded.text, {"url": url}, published=options.published, remark=str(url))


def _payload(record: Any, where: str) -> bytes:
    if record.http_headers is None:
        raise LineError("no HTTP response", where=where, expected="status and headers", advice="Leave it out")
    stream = record.content_stream()
    page = b""
    while len(page) <= MAX_BYTES and (part := stream.read(_CHUNK)):
        page += part
    if len(page) > MAX_BYTES:
        raise LineError(f"larger than {MAX_BYTES:,} bytes", where=where, expected="a page with an article",
                        advice="Leave it out")  # fmt: skip
    if missing := _missing(record):
        raise _broken(f"{missing:,} bytes of the record are missing", where)
    return page
