"""The inputs as one stream of outcomes, each article with an id of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import chain
from typing import Any, BinaryIO, cast

from extract.article import Article
from extract.errors import InputError, ReadError
from extract.reading.decoding import declared_charset, decode
from extract.reading.duplicates import Stories, marked
from extract.reading.fitness import fit_or_failure
from extract.reading.many import read_csv, read_jsonl
from extract.reading.outcome import Failure, Notice, Outcome
from extract.reading.page import Page
from extract.reading.parquet import read_parquet
from extract.reading.record import ReadOptions, make_article
from extract.reading.sidecar import Sidecars
from extract.reading.single import read_html_file, read_text_file
from extract.reading.sources import SIDECAR, Source, find_sources
from extract.reading.streams import opened, read_rest
from extract.reading.warc import read_warc

Read = Outcome | Page
_MANY = {"jsonl": read_jsonl, "csv": read_csv, "warc": read_warc}


def read_articles(inputs: Sequence[str], options: ReadOptions | None = None) -> Iterator[Outcome | Page]:
    """Yields what comes of the inputs, in an order that doesn't depend on the order of the inputs.

    Files come sorted by name; articles of one JSONL or CSV keep their order. Ids are unique: of two articles with
    the same id, the second gets its place added ("17@july/news.jsonl:40"). A page has its id before its text is found,
    whether or not there is one.

    Raises:
        ReadError: an input names no file, or `dedupe` lacks its package. Raised before the first article is read.
    """
    options = options or ReadOptions()
    sources, notices = find_sources(inputs, but=options.but)
    if options.gauge:
        options.gauge.expect(sources)
        sources = [replace(source, gauge=options.gauge) for source in sources]
    return chain(notices, read_apart(sources, options))


def read_apart(
    sources: Iterable[Source],
    options: ReadOptions,
    *,
    taken: frozenset[bytes] = frozenset(),
    told: frozenset[str] = frozenset(),
) -> Iterator[Outcome | Page]:
    """Yields what comes of some of the sources, those before being read elsewhere.

    `taken` are the digests of ids, `told` the sidecars that were met before.
    """
    return (outcome for _, outcome in _found(sources, options, set(taken), told))


def sidecar_of(source: Source) -> Source | None:
    """The sidecar that is read before the source, where one may be: with a file that is one article."""
    is_one = source.is_one_article and source.kind != "page" and not source.is_stdin and not source.problem
    return source.beside(SIDECAR) if is_one else None


def digest_of_id(id_: str) -> bytes:
    """What an id is known by."""
    return blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _found(
    sources: Iterable[Source], options: ReadOptions, taken: set[bytes], told: frozenset[str]
) -> Iterator[tuple[str, Read]]:
    read = _unique(_read_all(sources, options, Sidecars(told)), taken)
    if options.dedupe:
        return marked(_pages_read(read), Stories(), skip=options.dedupe == "skip")
    return read if options.pages_later else _pages_read(read)


def _read_all(sources: Iterable[Source], options: ReadOptions, sidecars: Sidecars) -> Iterator[tuple[str, Read]]:
    for source in sources:
        is_empty = True
        try:
            for pair in _read(source, sidecars, options):
                is_empty = False
                yield pair
            if is_empty:
                yield source.shown, Notice(source.shown, "holds no article")
        except InputError as error:
            yield source.shown, Failure.of(source.id or source.path.name, error)


def _read(source: Source, sidecars: Sidecars, options: ReadOptions) -> Iterator[tuple[str, Read]]:
    if source.problem:
        raise ReadError(source.problem, where=source.shown, expected="a file, or a folder that can be listed",
                        advice="Leave it out, or name it as an input if it is to be read")  # fmt: skip
    if source.is_stdin or source.kind == "page":
        with opened(source) as stream:
            yield from _read_unknown(stream, source, options)
    elif not source.is_one_article:
        with opened(source, unpack=not source.packs_its_parts) as stream:
            yield from _read_many(stream, source, options)
    else:
        yield from sidecars.broken_lines(source)
        read = read_html_file if source.kind == "html" else read_text_file
        for outcome in read(source, sidecars.fields_of(source), options):
            yield source.shown, outcome


def _read_many(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[tuple[str, Read]]:
    if source.kind == "parquet":
        return read_parquet(stream, source.shown, options, source.groups)
    return _MANY[source.kind](stream, source.shown, options)


def _read_unknown(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[tuple[str, Read]]:
    """What begins with a brace is JSONL, what begins as a page does is HTML, all else is one article's text."""
    where = "stdin" if source.is_stdin else source.shown
    start = cast(Any, stream).peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower()
    if start.startswith(b"{"):
        yield from read_jsonl(stream, where, options)
        return
    data = read_rest(stream, where)
    is_page = start.startswith((b"<!doctype", b"<html"))
    text = decode(data, where, declared=declared_charset(data) if is_page else None).text
    id_ = source.id or "stdin"
    if is_page:
        yield where, Page(id_, where, text, address=source.web_address, published=options.published)
    else:
        yield where, make_article({"id": id_, "text": text, "url": source.web_address}, where, options.published)


def _pages_read(read: Iterable[tuple[str, Read]]) -> Iterator[tuple[str, Outcome]]:
    for where, outcome in read:
        yield where, outcome.read() if isinstance(outcome, Page) else outcome


def _unique(read: Iterable[tuple[str, Read]], seen: set[bytes]) -> Iterator[tuple[str, Read]]:
    """Yields the outcomes with ids made unique, and failures in place of articles that are unfit."""
    for where, outcome in read:
        if not isinstance(outcome, Article | Page):
            yield where, outcome
            continue
        key = digest_of_id(outcome.id)
        if key in seen:
            outcome = _renamed(outcome, f"{outcome.id}@{where}")  # noqa: PLW2901
        seen.add(key)
        yield where, outcome if isinstance(outcome, Page) else fit_or_failure(outcome, where)


def _renamed(outcome: Article | Page, id_: str) -> Article | Page:
    return replace(outcome, id=id_) if isinstance(outcome, Page) else outcome.model_copy(update={"id": id_})
