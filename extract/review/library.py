"""A file of facts and its articles, indexed once: where each article stands, and of each fact what filters ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extract.article import Article
from extract.errors import LineError, ReadError
from extract.fact import FACT, Envelope


@dataclass(frozen=True, slots=True)
class Trait:
    """What of a fact the list of articles needs."""

    id: str
    type: str
    confidence: float
    rule: str
    category: str


@dataclass(slots=True)
class Entry:
    """An article of the list: where it and its facts stand in their files."""

    number: int
    id: str
    title: str
    published: str
    text_sha256: str
    at: int
    facts_at: int = -1
    facts_to: int = -1
    traits: list[Trait] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class Library:
    """The articles by number. Paths come from the command line alone, never from a request."""

    def __init__(self, facts: Path, articles: Path) -> None:
        self._facts, self._articles = facts, articles
        self.entries: list[Entry] = list(_index_articles(articles))
        self.left_out = _index_facts(facts, {entry.id: entry for entry in self.entries})
        self.rules = sorted({trait.rule for entry in self.entries for trait in entry.traits})
        self.categories = sorted({trait.category for entry in self.entries for trait in entry.traits} - {""})

    def open(self, number: int) -> tuple[Article, list[Envelope]]:
        """The article of that number with its facts as extracted.

        Raises:
            LineError: a line of facts is broken.
        """
        entry = self.entries[number]
        with self._articles.open("rb") as stream:
            stream.seek(entry.at)
            article = Article.model_validate_json(stream.readline())
        if entry.facts_at < 0:
            return article, []
        with self._facts.open("rb") as stream:
            stream.seek(entry.facts_at)
            lines = stream.read(entry.facts_to - entry.facts_at).splitlines()
        return article, [self._fact(line, entry) for line in lines if line.strip()]

    def _fact(self, line: bytes, entry: Entry) -> Envelope:
        try:
            return FACT.validate_json(line)
        except ValidationError as error:
            raise LineError(f"a fact of {entry.id} is broken: {error.errors()[0]['msg']}", where=str(self._facts),
                            expected="lines that `extract run` wrote", advice="Check with `extract verify`"
                            ) from error  # fmt: skip


def _index_articles(path: Path) -> Iterator[Entry]:
    for at, number, record in _records(path, "a file of articles"):
        try:
            article = Article.model_validate(record)
        except ValidationError as error:
            raise ReadError(f"no article: {error.errors()[0]['msg']}", where=f"{path}:{number}",
                            expected="the file that `extract run --articles` wrote") from error  # fmt: skip
        yield Entry(number - 1, article.id, article.title or "", article.published or "", article.text_sha256, at)


def _index_facts(path: Path, entries: dict[str, Entry]) -> int:
    """Notes where the facts of each article stand; gives how many belong to no article or to another text."""
    left_out = 0
    for at, number, record in _records(path, "a file of facts"):
        try:
            entry = entries.get(record["article"]["id"])
            if entry is None or entry.text_sha256 != record["article"]["text_sha256"]:
                left_out += 1
                continue
            if entry.facts_at < 0:
                entry.facts_at = at
            entry.facts_to = at + record["bytes"]
            entry.traits.append(_trait(record))
            entry.ids.add(record["id"])
        except (KeyError, TypeError) as error:
            raise LineError(f"no fact: {error} is missing", where=f"{path}:{number}",
                            expected="a line that `extract run` wrote") from error  # fmt: skip
    return left_out


def _trait(fact: dict[str, Any]) -> Trait:
    category = fact.get("category") or fact.get("event_type") or ""
    return Trait(fact["id"], fact["type"], fact["confidence"], f"{fact['type']}/{fact['by']['rule']}", category)


def trait_of(fact: Envelope) -> Trait:
    """What of a fact filters ask."""
    return _trait(fact.model_dump(mode="json"))


def _records(path: Path, expected: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yields (offset, line number, record); facts get the length of their line."""
    at = 0
    kept = 0
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    kept += 1
                    record = json.loads(line)
                    yield at, kept if expected == "a file of articles" else number, _with_length(record, len(line))
                at += len(line)
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected=expected) from error
    except ValueError as error:
        raise LineError("no JSON", where=f"{path}:{number}", expected=expected) from error


def _with_length(record: Any, length: int) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise ValueError(record)
    return record | {"bytes": length} if "span" in record else record
