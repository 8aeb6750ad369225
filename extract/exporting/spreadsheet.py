"""CSV for spreadsheets: a folder with a file per type, in UTF-8 with the mark by which Excel knows it.

A cell of text that Excel might take for a formula, and one that begins with an apostrophe, gets an apostrophe before
it. Whoever wants the text as it was takes one apostrophe away from each cell that begins with one: nothing is lost.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from extract.exporting.source import Extracted
from extract.exporting.tables import TABLES, Kind, rows
from extract.writing import in_place

BETWEEN = "; "  # the values of a cell that holds several
_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")  # OWASP's list, and our own apostrophe


def write(articles: Iterable[Extracted], output: Path) -> int:
    """Writes a file per type, and one of the articles, into the folder; gives how many rows there are of facts.

    Raises:
        OutputError: it can't be written.
    """
    number = 0
    with ExitStack() as files:
        writers = {name: _writer(files, output / f"{name}.csv", list(columns)) for name, columns in TABLES.items()}
        for table, row in rows(articles):
            writers[table].writerow([cell(row[name], kind) for name, kind in TABLES[table].items()])
            number += table != "article"
    return number


def _writer(files: ExitStack, path: Path, columns: list[str]) -> Any:
    stream = (files.enter_context(in_place(path))).open("w", encoding="utf-8-sig", newline="")
    files.callback(stream.close)
    writer = csv.writer(stream)
    writer.writerow(columns)
    return writer


def cell(value: Any, kind: Kind) -> Any:
    """What goes into a cell.

    >>> cell("=HYPERLINK(1)", "text"), cell(["A", "-B"], "texts"), cell(-5, "number"), cell(True, "truth")
    ("'=HYPERLINK(1)", 'A; -B', -5, 'true')
    """
    if value is None:
        return ""
    if kind == "truth":
        return "true" if value else "false"
    if kind in {"text", "texts"}:
        return guarded(value if kind == "text" else BETWEEN.join(value))
    return value


def guarded(text: str) -> str:
    """The text as no program takes it for a formula; `unguarded` gives it back."""
    return f"'{text}" if text.startswith(_MARKS) else text


def unguarded(text: str) -> str:
    """The text that was guarded.

    >>> unguarded(guarded("'tis")), unguarded(guarded("=1")), unguarded(guarded("1"))
    ("'tis", '=1', '1')
    """
    return text.removeprefix("'")
