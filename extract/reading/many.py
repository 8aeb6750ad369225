"""Files that hold many articles, streamed: JSONL and CSV."""

from __future__ import annotations

import csv
import json
from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from extract.errors import InputError, LineError, ReadError
from extract.reading.outcome import Failure, Outcome
from extract.reading.record import ReadOptions, article_of_record, id_of_record
from extract.reading.streams import MAX_BYTES, read_lines

_BOM = b"\xef\xbb\xbf"
_SEPARATORS = ",;\t"
_BLANK_AT_MOST = 100_000  # lines in a row; a file that has more was made to harm, or is none of text
_BROKEN_AT_MOST = 10_000  # lines in a row; more would fill the disk with their errors


def read_jsonl(stream: BinaryIO, shown: str, options: ReadOptions) -> Iterator[tuple[str, Outcome]]:
    """Yields (path:line, article or failure) for each line that isn't blank.

    Raises:
        ReadError: it can't be read any further, or there is no end of lines without an article.
    """
    yield from _while_there_is_hope(_jsonl(stream, shown, options))


def _jsonl(stream: BinaryIO, shown: str, options: ReadOptions) -> Iterator[tuple[str, Outcome | None]]:
    for number, read in read_lines(stream, shown):
        where = f"{shown}:{number}"
        try:
            if isinstance(read, LineError):
                raise read
            line = read.removeprefix(_BOM if number == 1 else b"").strip()
            yield where, article_or_failure(read_json_object(line, where), where, options) if line else None
        except InputError as error:
            yield where, Failure.of(default_id(where), error)


def _while_there_is_hope(read: Iterator[tuple[str, Outcome | None]]) -> Iterator[tuple[str, Outcome]]:
    """Yields what was read, blank lines (None) left out.

    Raises:
        ReadError: so many lines in a row were blank or broken that the file can't be what it claims.
    """
    blank = broken = 0
    for where, outcome in read:
        if outcome is None:
            blank += 1
        else:
            broken = broken + 1 if isinstance(outcome, Failure) else 0
            blank = 0
            yield where, outcome
        if blank >= _BLANK_AT_MOST or broken >= _BROKEN_AT_MOST:
            raise ReadError(f"{max(blank, broken):,} lines in a row hold no article: the rest of the file is left",
                            where=where, expected="one article a line",
                            advice="Check what the file is; name its keys with --text-key and others")  # fmt: skip


def read_json_object(line: bytes, where: str) -> dict[str, Any]:
    """The object that a line of JSON holds.

    Raises:
        LineError: the line is no JSON, or no object.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError(f"no JSON: {error}"[:300], where=where, expected='an object such as {"id": "1", "text": "..."}',
                        advice="Mend or remove the line") from error  # fmt: skip
    if not isinstance(record, dict):
        raise LineError(f"a JSON {type(record).__name__}", where=where, expected="an object",
                        advice="Write one article a line, as an object")  # fmt: skip
    return record


def read_csv(stream: BinaryIO, shown: str, options: ReadOptions) -> Iterator[tuple[str, Outcome]]:
    """Yields (path:line, article or failure) for each row; the first row names the columns.

    Raises:
        ReadError: it can't be read any further, or there is no end of rows without an article.
    """
    yield from _while_there_is_hope(_csv(stream, shown, options))


def _csv(stream: BinaryIO, shown: str, options: ReadOptions) -> Iterator[tuple[str, Outcome | None]]:
    csv.field_size_limit(MAX_BYTES)
    lines = _text_lines(stream, shown)
    header = next(lines, "")
    rows = csv.reader(chain([header], lines), delimiter=max(_SEPARATORS, key=header.count), strict=True)
    try:
        columns = next(rows, [])
        for row in rows:
            where = f"{shown}:{rows.line_num}"
            yield where, _row(columns, row, where, options) if row else None
    except csv.Error as error:
        raise ReadError(f"no CSV: {error}; the rest of the file is left", where=f"{shown}:{rows.line_num}",
                        expected="quotes doubled within quoted fields", advice="Mend the row") from error  # fmt: skip


def _text_lines(stream: BinaryIO, shown: str) -> Iterator[str]:
    """Yields the lines with their ends, as the csv module wants them."""
    decoder = getincrementaldecoder("utf-8-sig")()
    number = 0
    try:
        while line := stream.readline(MAX_BYTES):
            number += 1
            if len(line) == MAX_BYTES:
                raise ReadError(f"a line of {MAX_BYTES:,} bytes or more", where=f"{shown}:{number}", expected="CSV",
                                advice="Check that the file is CSV, and whole")  # fmt: skip
            yield decoder.decode(line)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise ReadError(f"no UTF-8: {error.reason}", where=f"{shown}:{number}", expected="CSV in UTF-8",
                        advice="Save the table as UTF-8 (in a spreadsheet: CSV UTF-8)") from error  # fmt: skip


def _row(columns: list[str], row: list[str], where: str, options: ReadOptions) -> Outcome:
    if len(row) == len(columns):
        return article_or_failure(dict(zip(columns, row, strict=True)), where, options)
    error = LineError(f"{len(row)} fields", where=where, expected=f"{len(columns)}, as the first row names",
                      advice="Mend the row")  # fmt: skip
    return Failure.of(default_id(where), error)


def article_or_failure(record: dict[str, Any], where: str, options: ReadOptions) -> Outcome:
    """The article that a record holds, or the failure that says why it holds none."""
    id_ = id_of_record(record, default_id(where), options)
    try:
        return article_of_record(record, where, id_, options)
    except InputError as error:
        return Failure.of(id_, error)


def default_id(where: str) -> str:
    """The id of an article that brings none: the file's name and the line."""
    return where.rpartition("/")[2]
