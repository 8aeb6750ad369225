"""Parquet: a row is an article, read a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

from extract.errors import InputError, LineError, ReadError
from extract.reading.many import article_or_failure, default_id
from extract.reading.outcome import Failure, Outcome
from extract.reading.record import FIELDS, ReadOptions

_BATCH_BYTES = 4_000_000  # of unpacked rows held at a time
_MOST_ROWS = 1_000
_BUFFER = 1 << 20  # read of a column at a time, where the whole of its chunk would be


def read_parquet(
    stream: BinaryIO, shown: str, options: ReadOptions, groups: tuple[int, int] | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Yields (path:row, article or failure) for each row, the first being 1; only the columns named are read.

    Of row groups, those from the first to before the second of `groups` are read, or all.

    A row group that is broken gives the rows before the break, and a failure; the next one is read.

    Raises:
        ReadError: it is no Parquet, or without a column of texts; pyarrow isn't installed.
    """
    table, columns, errors = _table(stream, shown, options)
    start, end = groups or (0, table.metadata.num_row_groups)
    first = 1 + sum(table.metadata.row_group(group).num_rows for group in range(start))
    for group in range(start, end):
        size = table.metadata.row_group(group).num_rows
        row = first
        try:
            for record in _rows(table, group, columns):
                yield f"{shown}:{row}", _outcome(record, f"{shown}:{row}", options)
                row += 1
        except errors as error:
            yield f"{shown}:{row}", _broken_group(error, f"{shown}:{row}", first + size - row)
        first += size


def sizes_of_groups(stream: BinaryIO, shown: str, options: ReadOptions) -> list[int]:
    """About how many bytes each row group has in the file.

    Raises:
        ReadError: it can't be read; pyarrow isn't installed.
    """
    about = _table(stream, shown, options)[0].metadata
    groups = (about.row_group(number) for number in range(about.num_row_groups))
    return [sum(group.column(at).total_compressed_size for at in range(group.num_columns)) for group in groups]


def _table(stream: BinaryIO, shown: str, options: ReadOptions) -> tuple[Any, list[str], tuple[type[Exception], ...]]:
    """The file, the columns to read, and the errors that reading them may raise."""
    arrow, parquet = _pyarrow(shown)
    errors = (arrow.ArrowException, OSError, UnicodeDecodeError, OverflowError)
    try:
        table = parquet.ParquetFile(stream, buffer_size=_BUFFER, pre_buffer=False)
    except errors as error:
        raise ReadError(f"no Parquet: {error}"[:300], where=shown, expected="a whole file of Parquet",
                        advice="Fetch or write the file again") from error  # fmt: skip
    return table, _columns(table.schema_arrow.names, shown, options), errors


def _rows(table: Any, group: int, columns: list[str]) -> Iterator[dict[str, Any]]:
    at_once = _rows_at_once(table.metadata.row_group(group))
    for batch in table.iter_batches(at_once, row_groups=[group], columns=columns, use_threads=False):
        yield from batch.to_pylist()


def _broken_group(error: Exception, where: str, lost: int) -> Failure:
    return Failure.of(default_id(where), ReadError(
        f"broken, with {lost:,} rows from here on: {error}"[:300], where=where, expected="a whole row group of Parquet",
        advice="Fetch or write the file again"))  # fmt: skip


def _pyarrow(shown: str) -> tuple[Any, Any]:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise ReadError("Parquet needs the package pyarrow", where=shown,
                        advice='pip install "news-extract[parquet]"') from error  # fmt: skip
    return pyarrow.lib, parquet


def _columns(names: list[str], shown: str, options: ReadOptions) -> list[str]:
    """The columns that an article is made of."""
    keys = options.keys.all_of()
    if not set(keys["text"]) & set(names):
        wanted = " or ".join(map(repr, keys["text"]))
        raise ReadError(f"no column of texts: its columns are {', '.join(map(repr, names))}"[:300], where=shown,
                        expected=f"a column {wanted}", advice="Name the column with --text-key")  # fmt: skip
    wanted_names = {name for several in keys.values() for name in several} | set(FIELDS)
    return [name for name in names if name in wanted_names]


def _rows_at_once(group: Any) -> int:
    """As many rows as have a few megabytes by the row group's own account."""
    row_bytes = group.total_byte_size // max(1, group.num_rows)
    return int(max(1, min(_MOST_ROWS, _BATCH_BYTES // max(1, row_bytes))))


def _outcome(record: dict[str, Any], where: str, options: ReadOptions) -> Outcome:
    try:
        return article_or_failure({key: _plain(value, key, where) for key, value in record.items()}, where, options)
    except InputError as error:
        return Failure.of(default_id(where), error)


def _plain(value: Any, key: str, where: str) -> Any:
    """The value as JSON would have it: dates in ISO 8601, bytes as the UTF-8 that they are."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise LineError(f"{key} is no UTF-8 at byte {error.start}", where=where, expected="text in UTF-8",
                            advice="Write the column as strings") from error  # fmt: skip
    return value
