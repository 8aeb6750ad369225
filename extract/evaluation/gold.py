"""Annotated articles: the text with tags in it. Stripped of tags, a file is the article, character for character."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from extract.errors import DataFileError

_TAG = re.compile(r"<(/?)(person|organisation|place|date|count|ev|said)((?:\s+[a-z_]+=\"[^\"]*\")*)\s*>")
_ATTRIBUTE = re.compile(r"([a-z_]+)=\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Mark:
    """What an annotator marked: the tag, its attributes, and characters `start` to `end` of the article."""

    tag: str
    start: int
    end: int
    text: str
    attributes: dict[str, str]

    def get(self, name: str) -> str | None:
        """An attribute, or None where it is absent or empty."""
        return self.attributes.get(name) or None


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with its marks in the order of the text, the outer before the inner."""

    name: str
    text: str
    marks: tuple[Mark, ...]

    def marked(self, tag: str) -> list[Mark]:
        """The marks of a tag."""
        return [mark for mark in self.marks if mark.tag == tag]


def read_gold(folder: Path) -> Iterator[GoldArticle]:
    """Yields the annotated articles of a folder, by name.

    Raises:
        DataFileError: there is none, or the tags of one don't match.
    """
    paths = sorted(folder.glob("*.xml"))
    if not paths:
        raise DataFileError("no *.xml there", where=str(folder), expected="a folder of annotated articles")
    for path in paths:
        yield parse_gold(path.stem, path.read_bytes().decode("utf-8"), str(path))


def parse_gold(name: str, source: str, where: str = "") -> GoldArticle:
    """The article and its marks.

    >>> parse_gold("a", 'In <date type="DATE" value="2024-05">May</date>.').marks[0].text
    'May'

    Raises:
        DataFileError: a tag is closed that isn't open, or stays open.
    """
    pieces: list[str] = []
    length, at = 0, 0
    marks: list[Mark] = []
    opened: list[tuple[str, int, dict[str, str]]] = []
    for found in _TAG.finditer(source):
        pieces.append(source[at : found.start()])
        length, at = length + found.start() - at, found.end()
        if not found[1]:
            opened.append((found[2], length, {k: html.unescape(v) for k, v in _ATTRIBUTE.findall(found[3])}))
            continue
        if not opened or opened[-1][0] != found[2]:
            line = source.count("\n", 0, found.start()) + 1
            raise DataFileError(f"</{found[2]}> closes no open tag", where=f"{where}:{line}", expected="tags that nest")
        tag, start, attributes = opened.pop()
        marks.append(Mark(tag, start, length, "".join(pieces)[start:], attributes))
    if opened:
        raise DataFileError(f"<{opened[-1][0]}> stays open", where=where, expected="tags that nest")
    text = "".join(pieces) + source[at:]
    return GoldArticle(name, text, tuple(sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def name_of(article: str) -> str:
    """The name that an article's gold has.

    >>> name_of("news/2024/one.txt")
    'one'
    """
    return PurePosixPath(article).name.removesuffix(".txt")


def digest(folder: Path) -> str:
    """A digest of all annotated articles of a folder: scores on other gold are other scores."""
    total = sha256()
    for path in sorted(folder.glob("*.xml")):
        total.update(f"{path.name}\0".encode())
        total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()
