"""Lines of JSON -> checked rows, article by article; a large file is read by a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from pydantic import ValidationError

from extract.article import Article
from extract.database.bulk import storable
from extract.database.rows import FactRows, entity_of, rows_of
from extract.errors import ExtractError, LineError, ReadError
from extract.fact import FACT, ArticleReference, Envelope

FACTS_PER_TRANSACTION = 5_000
_LARGE = 8_000_000  # bytes from which a second process pays: it takes half a second to start


@dataclass(frozen=True, slots=True)
class Extracted:
    """The facts of one article."""

    reference: ArticleReference
    facts: tuple[FactRows, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """An article, the digest of its text as it was read, and the line that it stands in."""

    article: Article
    sha256: str
    where: str


Batch = list[Extracted]


@contextmanager
def batches(path: Path, dialect: str) -> Iterator[Iterator[Batch]]:
    """An iterator over whole articles, together not many more facts than a transaction takes.

    Raises:
        LineError: a line is no fact, or an article's facts stand in two places: the second would retract the first.
        ReadError: the file can't be read.
    """
    if not path.is_file() or path.stat().st_size < _LARGE:
        yield _batches(path, dialect)
        return
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    reader = context.Process(target=_send_batches, args=(path, dialect, theirs), daemon=True)
    reader.start()
    theirs.close()
    try:
        yield _received(ours, path)
    finally:
        ours.close()
        reader.kill()
        reader.join()


def _send_batches(path: Path, dialect: str, pipe: Pipe) -> None:
    """What the reading process does: sends batches, and None or an error at the end."""
    try:
        for batch in _batches(path, dialect):
            pipe.send(batch)
        pipe.send(None)
    except ExtractError as error:
        pipe.send(error)
    except BrokenPipeError:
        return  # nobody listens any more: the load has ended with an error of its own


def _received(pipe: Pipe, path: Path) -> Iterator[Batch]:
    while True:
        try:
            batch = pipe.recv()
        except EOFError:
            raise ReadError("the process that reads it died", where=str(path), advice="Load it again") from None
        if batch is None:
            return
        if isinstance(batch, ExtractError):
            raise batch
        yield batch


def _batches(path: Path, dialect: str) -> Iterator[Batch]:
    batch: Batch = []
    size = 0
    for one in _by_article(path, dialect):
        batch.append(one)
        size += len(one.facts)
        if size >= FACTS_PER_TRANSACTION:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _by_article(path: Path, dialect: str) -> Iterator[Extracted]:
    seen: set[str] = set()
    lines = ((storable(line, dialect), where) for line, where in _lines(path))
    facts = ((_fact(line, where), line, where) for line, where in lines)
    for id_, group in groupby(facts, key=lambda row: row[0].article.id):
        rows = list(group)
        if id_ in seen:
            raise LineError(f"the facts of article {id_!r} stand in two places", where=rows[0][2],
                            expected="an article's facts together, as `extract run` writes them",
                            advice="Load the files one by one, or sort the lines by article")  # fmt: skip
        seen.add(id_)
        yield Extracted(rows[0][0].article, tuple(rows_of_facts((fact, line) for fact, line, _ in rows)))


def rows_of_facts(facts: Iterable[tuple[Envelope, bytes]]) -> Iterator[FactRows]:
    """Yields the rows of an article's facts, given with their lines."""
    together = {fact.id: (fact, line) for fact, line in facts}
    entities = {id_: name for id_, (fact, _) in together.items() if (name := entity_of(fact))}
    for fact, line in together.values():
        yield rows_of(fact, line.decode(), entities)  # type: ignore[arg-type]  # no id is None here


def texts(path: Path | None, dialect: str) -> Iterator[Text]:
    """Yields the articles of a file.

    Raises:
        LineError: a line is no article.
        ReadError: the file can't be read.
    """
    for line, where in _lines(path) if path else ():
        stored = storable(line, dialect)
        article = _article(stored, where)
        read = article if stored == line else _article(line, where)
        yield Text(article, read.text_sha256, where)


def _lines(path: Path) -> Iterator[tuple[bytes, str]]:
    """Yields (line, path:number) of the lines that aren't blank."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line := line.strip():
                    yield line, f"{path}:{number}"
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="JSONL") from error


def _fact(line: bytes, where: str) -> Envelope:
    try:
        return FACT.validate_json(line)
    except ValidationError as error:
        raise LineError(f"no fact: {error.errors()[0]['msg']}", where=where, expected="a fact",
                        advice="Run `extract verify` on the file") from error  # fmt: skip


def _article(line: bytes, where: str) -> Article:
    try:
        return Article.model_validate_json(line)
    except ValidationError as error:
        raise LineError(f"no article: {error.errors()[0]['msg']}", where=where, expected="an article",
                        advice="Give the file that `extract run --articles` wrote") from error  # fmt: skip
