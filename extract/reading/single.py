"""Files that are one article: plain text and HTML, with what the sidecar beside them says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extract.reading.decoding import Decoded, declared_charset, decode
from extract.reading.outcome import Notice, Outcome
from extract.reading.page import Page
from extract.reading.record import ReadOptions, make_article
from extract.reading.sources import Source
from extract.reading.streams import read_whole


def read_text_file(source: Source, stated: Mapping[str, Any], options: ReadOptions) -> Iterator[Outcome]:
    """Yields the article of a text file, after a notice where its encoding was guessed."""
    decoded = decode(read_whole(source), source.shown)
    yield from _guessed(source, decoded)
    yield make_article({"id": source.id, "text": decoded.text, **stated}, source.shown, options.published)


def read_html_file(source: Source, stated: Mapping[str, Any], options: ReadOptions) -> Iterator[Notice | Page]:
    """Yields an HTML page, after a notice where its encoding was guessed."""
    page = read_whole(source)
    decoded = decode(page, source.shown, declared=declared_charset(page))
    yield from _guessed(source, decoded)
    yield Page(source.id, source.shown, decoded.text, stated, source.web_address, options.published)


def _guessed(source: Source, decoded: Decoded) -> Iterator[Notice]:
    if decoded.guessed:
        yield Notice(source.shown, f"no UTF-8: read as {decoded.encoding}, by its letters")
