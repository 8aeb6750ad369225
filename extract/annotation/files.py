"""Files of tools: written beside and put in place at once, read with errors that say what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from extract.errors import LineError, ReadError
from extract.writing import in_place


@contextmanager
def published(path: Path) -> Iterator[TextIO]:
    """A text file that is in its place, whole, once the block ends without an error; lines end as written.

    Raises:
        OutputError: it can't be written.
    """
    with in_place(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        yield stream


def read_text(path: Path) -> str:
    """The file's text, line ends untouched.

    Raises:
        ReadError: it can't be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="a tool's export") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"no UTF-8: {error.reason}", where=str(path), expected="a tool's export") from error


def read_json(path: Path) -> Any:
    """The file as JSON.

    Raises:
        ReadError: it is none.
    """
    try:
        return json.loads(read_text(path))
    except ValueError as error:
        raise broken(path, "JSON", str(error)) from error


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (line number, object) for each line.

    Raises:
        LineError: a line is none.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError as error:
                raise LineError(f"no JSON: {error}", where=f"{path}:{number}", expected="one object a line") from error
            if not isinstance(record, dict):
                raise LineError("no JSON object", where=f"{path}:{number}", expected="one object a line")
            yield number, record


def broken(path: Path, expected: str, advice: str) -> ReadError:
    """The error that the file is not what it should be."""
    return ReadError("not what was expected", where=str(path), expected=expected, advice=advice)
