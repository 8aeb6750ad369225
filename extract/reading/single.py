"""Files that are one article: plain text and HTML, with what the sidecar beside them says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extract.errors import ArticleError
from extract.reading.decoding import Decoded, declared_charset, decode
from extract.reading.outcome import Notice, Outcome
from extract.reading.record import ReadOptions, make_article
from extract.reading.sources import Source
from extract.reading.streams import read_whole

_TAGS_AT_MOST = 30_000  # news pages have a few thousand; the time for a page grows with the square of its tags
_NEVER = "2100-01-01"  # the latest date to believe; htmldate would ask the clock


def read_text_file(source: Source, stated: Mapping[str, Any], options: ReadOptions) -> Iterator[Outcome]:
    """Yields the article of a text file, after a notice where its encoding was guessed."""
    decoded = decode(read_whole(source), source.shown)
    yield from _guessed(source, decoded)
    yield make_article({"id": source.id, "text": decoded.text, **stated}, source.shown, options)


def read_html_file(source: Source, stated: Mapping[str, Any], options: ReadOptions) -> Iterator[Outcome]:
    """Yields the article of an HTML page: its main text, title, date, URL and site, as trafilatura finds them."""
    page = read_whole(source)
    decoded = decode(page, source.shown, declared=declared_charset(page))
    yield from _guessed(source, decoded)
    fields = {"id": source.id, **read_page(decoded.text, source.shown), **stated}
    fields["url"] = fields["url"] or source.web_address
    yield make_article(fields, source.shown, options)


def read_page(html: str, where: str) -> dict[str, str | None]:
    """The main text of an HTML page, with title, date, URL and source where the page says.

    Raises:
        ArticleError: the page has no main text, or more tags than an article's page can have.
    """
    if html.count("<") > _TAGS_AT_MOST:
        raise ArticleError(f"a page of {html.count('<'):,} tags", where=where, expected=f"at most {_TAGS_AT_MOST:,}",
                           advice="Save the article's own page, or its text as .txt")  # fmt: skip
    from trafilatura import bare_extraction

    dates = {"extensive_search": False, "original_date": True, "max_date": _NEVER}
    page = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=dates)
    if page is None or isinstance(page, dict) or not page.text:
        raise ArticleError("no main text on the page", where=where, expected="an HTML page with an article",
                           advice="Save the article's own page, or its text as .txt")  # fmt: skip
    return {"text": page.text, "title": page.title, "published": page.date, "url": page.url, "source": page.sitename}


def _guessed(source: Source, decoded: Decoded) -> Iterator[Notice]:
    if decoded.guessed:
        yield Notice(source.shown, f"no UTF-8: read as {decoded.encoding}, by its letters")
