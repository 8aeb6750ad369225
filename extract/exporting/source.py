"""Where exported facts come from: articles with their facts, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.article import Article
from extract.correction.apply import read_articles, read_facts
from extract.errors import ReadError
from extract.fact import FACT, ArticleReference, Envelope


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article's facts; `article` is None where its text is not at hand."""

    reference: ArticleReference
    facts: tuple[Envelope, ...]
    article: Article | None = None


def extracted(facts: Path, articles: Path | None = None) -> Iterator[Extracted]:
    """Yields what `extract run` wrote, article by article.

    Raises:
        ReadError: a file can't be read, or an article has another text than its facts.
        LineError: a line is no fact; names file and line.
    """
    known = dict(read_articles(articles)) if articles else {}
    for reference, rows in read_facts(facts):
        article = known.get(reference.id)
        if article and article.text_sha256 != reference.text_sha256:
            raise ReadError(f"article {reference.id!r} has another text than its facts", where=str(articles),
                            expected="the articles of these facts", advice="Give the file of the same run"
                            )  # fmt: skip
        yield Extracted(reference, tuple(FACT.validate_json(row) for row in rows), article)
