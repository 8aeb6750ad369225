"""Lexicons: data files with a row a line, read once; a fault is named by file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from extract.errors import DataFileError

T = TypeVar("T")
_FAULTS = (ValueError, KeyError, TypeError, AttributeError)  # what JSON, pydantic and a missing key raise


def rows(path: Path, read: Callable[[str, int], T], *, kind: str, expected: str = "") -> Iterator[T]:
    """Yields what `read` makes of each line, and its number, of a file; blank lines say nothing.

    Raises:
        DataFileError: a line is no row of the kind; says which.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield read(line, number)
        except DataFileError:
            raise
        except _FAULTS as error:
            raise DataFileError(f"no {kind}: {error}", where=f"{path.name}:{number}", expected=expected) from error
