"""Where in a file of facts each article's lines stand: most often in one place, and then the file is read once more
from its beginning to its end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from extract.reading.sources import Source
from extract.reading.streams import opened

# Nothing within a string looks like this: its quotes have backslashes before them.
_ARTICLE = re.compile(rb'"article" ?: ?\{ ?"id" ?: ?"((?:[^"\\]|\\.)*)"')


class Place(NamedTuple):
    """Lines that stand together: the first one's offset and number, and the offset behind the last."""

    start: int
    number: int
    end: int


@contextmanager
def open_lines(path: Path) -> Iterator[BinaryIO]:
    """The file, unpacked where its name ends in .gz or .zst.

    Raises:
        ReadError: it can't be read.
    """
    with opened(Source(path, "jsonl")) as stream:
        yield stream


def places(stream: BinaryIO) -> dict[bytes | None, list[Place]]:
    """Where each article's lines stand, articles in the order of the file; None for lines that name none."""
    found: dict[bytes | None, list[Place]] = {}
    start, first, end = 0, 1, 0
    name: bytes | None = None
    is_begun = False
    for number, line in enumerate(stream, 1):
        if not line.isspace():
            article = _article_of(line)
            if is_begun and article != name:
                found.setdefault(name, []).append(Place(start, first, end))
                start, first = end, number
            name, is_begun = article, True
        end += len(line)
    if is_begun:
        found.setdefault(name, []).append(Place(start, first, end))
    return found


def _article_of(line: bytes) -> bytes | None:
    """The id of a line's article, as bytes; None where there is none to be seen."""
    seen = _ARTICLE.search(line)
    if seen and b"\\" not in seen[1]:
        return seen[1]
    try:
        id_ = json.loads(line)["article"]["id"]
        return id_.encode() if isinstance(id_, str) else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def lines_at(stream: BinaryIO, place: Place) -> Iterator[tuple[int, bytes]]:
    """Yields (number, line) of the lines of a place that aren't blank."""
    if stream.tell() != place.start:
        stream.seek(place.start)
    at, number = place.start, place.number
    while at < place.end:
        line = stream.readline()
        if not line:
            return
        if stripped := line.strip():
            yield number, stripped
        at += len(line)
        number += 1
