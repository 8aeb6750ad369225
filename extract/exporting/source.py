"""Where exported facts come from: articles with their facts, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from extract.article import Article
from extract.correction.apply import read_articles, read_facts
from extract.errors import OutputError, ReadError
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


@contextmanager
def in_place(path: Path) -> Iterator[Path]:
    """A path to write to; what is there takes its place under `path`, whole, once the block ends without an error.

    Raises:
        OutputError: it can't be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise OutputError(f"can't be written: {error.strerror or error}", where=str(path),
                          expected="a place to write to", advice="Check that it is yours to write to"
                          ) from error  # fmt: skip
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
