"""Parquet: a folder with a file per type, each column with its own type, days as date32."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from extract.errors import OutputError
from extract.exporting.source import Extracted
from extract.exporting.tables import TABLES, Row, rows
from extract.writing import in_place

ROWS_IN_GROUP = 20_000


def write(articles: Iterable[Extracted], output: Path) -> int:
    """Writes a file per type, and one of the articles, into the folder; gives how many rows there are of facts.

    Raises:
        OutputError: it can't be written, or pyarrow is missing.
    """
    number = 0
    waiting: dict[str, list[Row]] = defaultdict(list)
    schemas = {name: _schema(name) for name in TABLES}
    with ExitStack() as files:
        writers = {name: _writer(files, output / f"{name}.parquet", schema) for name, schema in schemas.items()}
        for table, row in rows(articles):
            waiting[table].append(row)
            number += table != "article"
            if len(waiting[table]) == ROWS_IN_GROUP:
                writers[table].write_table(_table(waiting.pop(table), schemas[table]))
        for table, rest in waiting.items():
            writers[table].write_table(_table(rest, schemas[table]))
    return number


def _writer(files: ExitStack, path: Path, schema: Any) -> Any:
    writer = _arrow().parquet.ParquetWriter(files.enter_context(in_place(path)), schema, compression="zstd")
    files.callback(writer.close)
    return writer


def _table(waiting: list[Row], schema: Any) -> Any:
    numbers = [field.name for field in schema if str(field.type) == "double"]
    return _arrow().Table.from_pylist([row | {name: _number(row[name]) for name in numbers} for row in waiting], schema)


def _number(value: float | None) -> float | None:
    """The number as 64 bits hold it: what is larger than they can say is infinite."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return math.inf


def _schema(table: str) -> Any:
    arrow = _arrow()
    types = {
        "text": arrow.string(),
        "texts": arrow.list_(arrow.string()),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "day": arrow.date32(),
        "truth": arrow.bool_(),
    }
    return arrow.schema([arrow.field(name, types[kind]) for name, kind in TABLES[table].items()])


def _arrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise OutputError("Parquet needs the package pyarrow", advice='pip install "news-extract[parquet]"') from error
    return pyarrow
