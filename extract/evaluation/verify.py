"""Checks a file of facts against the contract and against the articles: every line, every span, every reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extract.article import Article
from extract.errors import ReadError, SpanError
from extract.fact import FACT, Count, Envelope, Event, Person, Statement, check_spans, fact_id, to_json


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class Articles:
    """The articles of a JSONL file by id: an index of places, one article in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, int] = {}
        self._last: tuple[str | None, Article | None] = (None, None)
        with path.open("rb") as lines:
            at = 0
            for number, line in enumerate(lines, 1):
                if line.strip():
                    self._places[_id_of(line, f"{path}:{number}")] = at
                at += len(line)

    def get(self, id_: str) -> Article | None:
        """The article of that id, or None."""
        if self._last[0] != id_:
            self._last = (id_, self._read(id_))
        return self._last[1]

    def _read(self, id_: str) -> Article | None:
        if id_ not in self._places:
            return None
        with self._path.open("rb") as lines:
            lines.seek(self._places[id_])
            return Article.model_validate_json(lines.readline())


def verify(facts: Path, articles: Path | None) -> Iterator[Problem | int]:
    """Yields a problem for each thing that is wrong with the file, and at the end the number of lines read.

    Without articles, only what the lines themselves show is checked. Facts of one article must stand together.

    Raises:
        ReadError: a file can't be read, or the articles are no JSONL of articles.
    """
    known = _open_articles(articles)
    seen: set[str] = set()
    number = 0
    for article_id, group in groupby(_parsed(facts), key=attrgetter("article")):
        rows = list(group)
        number = rows[-1].line
        valid = [(row.line, row.fact) for row in rows if row.fact]
        yield from (Problem(row.line, row.complaint) for row in rows if row.complaint)
        if valid:
            yield from _of_article(article_id, valid, known)
            yield from _repeated(article_id, valid[0][0], seen)
    yield number


@dataclass(frozen=True, slots=True)
class Row:
    """A line: the fact that it holds or what is wrong with it; a line that holds none goes with the article before."""

    line: int
    article: str
    fact: Envelope | None
    complaint: str


def _parsed(facts: Path) -> Iterator[Row]:
    article = ""
    try:
        with facts.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                fact, complaint = _fact_of(line)
                article = fact.article.id if fact else article
                yield Row(number, article, fact, complaint)
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(facts), expected="a file of facts") from error


def _fact_of(line: bytes) -> tuple[Envelope | None, str]:
    try:
        fact = FACT.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return None, f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}"
    if to_json(fact).encode() != line.rstrip(b"\r\n"):
        return fact, "keys out of order, or numbers and strings not written as the schema's order has them"
    return fact, ""


def _of_article(id_: str, rows: list[tuple[int, Envelope]], known: Articles | None) -> Iterator[Problem]:
    ids = {fact.id for _, fact in rows}
    article = known.get(id_) if known else None
    if known and article is None:
        yield Problem(rows[0][0], f"article {id_!r} is not among the articles")
    first_of: dict[str, int] = {}
    for line, fact in rows:
        if first_of.setdefault(fact.id, line) != line:
            yield Problem(line, f"id {fact.id} stands on line {first_of[fact.id]} already")
        yield from (Problem(line, what) for what in _complaints(fact, ids, article))


def _complaints(fact: Envelope, ids: set[str], article: Article | None) -> Iterator[str]:
    event_type = fact.event_type if isinstance(fact, Event) else ""
    if fact.id != fact_id(fact.article.text_sha256, fact.type, fact.span.start, fact.span.end, event_type):
        yield f"id {fact.id} doesn't follow from text, type and span"
    for name, id_ in references(fact):
        if id_ not in ids:
            yield f"{name} refers to {id_}, which is no fact of the article"
    if article is None:
        return
    if fact.article.text_sha256 != article.text_sha256:
        yield "extracted from another text: text_sha256 differs"
        return
    try:
        check_spans(fact, article.text)
    except SpanError as error:
        yield f"{error.what}; the text has {error.expected}"
    if not fact.sentence.start <= fact.span.start < fact.sentence.end <= len(article.text):
        yield f"the sentence {fact.sentence.start}..{fact.sentence.end} doesn't hold the span"


def references(fact: Envelope) -> Iterator[tuple[str, str]]:
    """Yields (field, id) for each reference to another fact of the article."""
    named: list[tuple[str, str | None]] = []
    if fact.attribution:
        named.append(("attribution.source_id", fact.attribution.source_id))
    if isinstance(fact, Count):
        named += [("of", fact.of), ("as_of", fact.as_of), ("was", fact.was), ("place", fact.place)]
    elif isinstance(fact, Person):
        named += [("roles.organisation", role.organisation) for role in fact.roles]
    elif isinstance(fact, Statement):
        named.append(("entity", fact.entity))
    elif isinstance(fact, Event):
        named += [(f"{argument.role}.entity", argument.entity) for argument in fact.arguments]
        named += [(f"{argument.role}.fact", argument.fact) for argument in fact.arguments]
    yield from ((name, id_) for name, id_ in named if id_ is not None)


def _repeated(article_id: str, line: int, seen: set[str]) -> Iterator[Problem]:
    if article_id in seen:
        yield Problem(line, f"facts of article {article_id!r} stand apart from its earlier ones")
    seen.add(article_id)


def _open_articles(path: Path | None) -> Articles | None:
    try:
        return Articles(path) if path else None
    except OSError as error:
        expected = "the file that `extract run --articles` wrote"
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected=expected) from error


def _id_of(line: bytes, where: str) -> str:
    try:
        record: dict[str, Any] = json.loads(line)
        return str(record["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"no article: {error}", where=where, expected='{"id": ..., "text": ...}',
                        advice="Give the file that `extract run --articles` wrote") from error  # fmt: skip
