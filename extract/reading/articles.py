"""The inputs as one stream of outcomes, each article with an id of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from extract.article import Article
from extract.errors import InputError
from extract.reading.decoding import decode
from extract.reading.duplicates import Stories, marked
from extract.reading.fitness import check_fitness
from extract.reading.many import read_csv, read_jsonl
from extract.reading.outcome import Failure, Notice, Outcome
from extract.reading.record import ReadOptions, make_article
from extract.reading.sidecar import Sidecars
from extract.reading.single import read_html_file, read_page, read_text_file
from extract.reading.sources import Source, find_sources
from extract.reading.streams import opened, read_rest


def read_articles(inputs: Sequence[str], options: ReadOptions | None = None) -> Iterator[Outcome]:
    """Yields what comes of the inputs, in an order that doesn't depend on the order of the inputs.

    Files come sorted by name; articles of one JSONL or CSV keep their order. Ids are unique: of two articles with
    the same id, the second gets its place added ("17@july/news.jsonl:40").

    Raises:
        ReadError: an input names no file, or `dedupe` lacks its package. Raised before the first article is read.
    """
    options = options or ReadOptions()
    sources, passed_over = find_sources(inputs, but=options.but)
    read = _unique(_read_all(sources, options))
    if options.dedupe:
        read = marked(read, Stories(), skip=options.dedupe == "skip")
    return chain(_passed_over(passed_over), (outcome for _, outcome in read))


def _passed_over(paths: Sequence[Path]) -> Iterator[Notice]:
    if paths:
        kinds = Counter(path.suffix or path.name for path in paths).most_common(6)
        named = ", ".join(f"{kind} {number}" for kind, number in kinds)
        yield Notice(paths[0].as_posix(), f"passed over with {len(paths) - 1} more of no known kind ({named})")


def _read_all(sources: Iterable[Source], options: ReadOptions) -> Iterator[tuple[str, Outcome]]:
    sidecars = Sidecars()
    for source in sources:
        try:
            yield from _read(source, sidecars, options)
        except InputError as error:
            yield source.shown, Failure.of(source.id or source.path.name, error)


def _read(source: Source, sidecars: Sidecars, options: ReadOptions) -> Iterator[tuple[str, Outcome]]:
    if source.is_stdin:
        with opened(source) as stream:
            yield from _read_stdin(stream, options)
    elif source.kind in {"jsonl", "csv"}:
        with opened(source) as stream:
            yield from (read_jsonl if source.kind == "jsonl" else read_csv)(stream, source.shown, options)
    else:
        yield from sidecars.broken_lines(source.path.parent)
        read = read_html_file if source.kind == "html" else read_text_file
        for outcome in read(source, sidecars.fields_of(source), options):
            yield source.shown, outcome


def _read_stdin(stream: BinaryIO, options: ReadOptions) -> Iterator[tuple[str, Outcome]]:
    """Standard input is JSONL if it begins with a brace, HTML if it begins as a page does, else one article's text."""
    start = cast(Any, stream).peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower()
    if start.startswith(b"{"):
        yield from read_jsonl(stream, "stdin", options)
        return
    text = decode(read_rest(stream, "stdin"), "stdin").text
    fields = read_page(text, "stdin") if start.startswith((b"<!doctype", b"<html")) else {"text": text}
    yield "stdin", make_article({"id": "stdin", **fields}, "stdin", options)


def _unique(read: Iterable[tuple[str, Outcome]]) -> Iterator[tuple[str, Outcome]]:
    """Yields the outcomes with ids made unique, and failures in place of articles that are unfit."""
    seen: set[bytes] = set()
    for where, outcome in read:
        if not isinstance(outcome, Article):
            yield where, outcome
            continue
        key = _digest(outcome.id)
        if key in seen:
            outcome = outcome.model_copy(update={"id": f"{outcome.id}@{where}"})  # noqa: PLW2901
        seen.add(key)
        try:
            check_fitness(outcome, where)
            yield where, outcome
        except InputError as error:
            yield where, Failure.of(outcome.id, error)


def _digest(id_: str) -> bytes:
    return blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=12).digest()
