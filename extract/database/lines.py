"""Lines of JSON -> checked rows, article by article; a large file is read by a process of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import isfinite
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from pydantic import ValidationError

from extract.article import Article
from extract.database.bulk import NUL_STANDS_AS, storable
from extract.database.packing import Extracted, packed
from extract.database.places import lines_at, open_lines, places
from extract.database.rows import entity_of, rows_of
from extract.errors import ExtractError, LineError, ReadError
from extract.fact import FACT, Count, Date, Envelope

FACTS_PER_TRANSACTION = 5_000
_LARGE = 8_000_000  # bytes from which a second process pays: it takes half a second to start
_LAST_OFFSET = 2**31 - 1  # what a column of offsets holds


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
        LineError: a line is no fact.
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
    with rarely_collected():
        for one in _by_article(path, dialect):
            batch.append(one)
            size += len(one.ids)
            if size >= FACTS_PER_TRANSACTION:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Has Python look for cycles every million objects: rows make none, and looking takes half of the time."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _by_article(path: Path, dialect: str) -> Iterator[Extracted]:
    """Yields each article with all of its facts, wherever in the file they stand."""
    seen: set[str] = set()
    with open_lines(path) as stream:
        of_articles = places(stream)
        stream.seek(0)
        for found in of_articles.values():
            lines = (line for place in found for line in lines_at(stream, place))
            facts = list(_facts(((line, f"{path}:{number}") for number, line in lines), dialect))
            for id_, group in groupby(facts, key=lambda row: row[0].article.id):
                if id_ in seen:  # or its second part would retract the first
                    raise LineError(f"lines of article {id_!r} give two ids", where=str(path), expected="one id",
                                    advice="Write the file anew by `extract run`")  # fmt: skip
                seen.add(id_)
                rows = list(group)
                yield extracted_of(rows, dialect)


def article_of(lines: Iterable[tuple[bytes, str]], dialect: str) -> Extracted | None:
    """One article with its facts, of their lines and where each stands; None where there are no lines.

    Raises:
        LineError: a line is no fact.
    """
    facts = list(_facts(lines, dialect))
    return extracted_of(facts, dialect) if facts else None


def _facts(lines: Iterable[tuple[bytes, str]], dialect: str) -> Iterator[tuple[Envelope, bytes]]:
    for line, where in lines:
        stored = storable(line, dialect)
        if dialect == "postgresql":
            _check_stand_in(line, where)
        yield _fact(stored, where), stored


def extracted_of(facts: Sequence[tuple[Envelope, bytes]], dialect: str) -> Extracted:
    """An article of its facts, given with their lines."""
    together = {fact.id: (fact, line) for fact, line in facts}
    entities: dict[str | None, str | None] = {id_: entity_of(fact) for id_, (fact, _) in together.items()}
    rows = [rows_of(fact, line.decode(), entities) for fact, line in together.values()]
    return packed(facts[0][0].article, rows, dialect)


def texts(path: Path | None, dialect: str) -> Iterator[Text]:
    """Yields the articles of a file.

    Raises:
        LineError: a line is no article.
        ReadError: the file can't be read.
    """
    for line, where in _lines(path) if path else ():
        yield text_of(line, where, dialect)


def text_of(line: bytes, where: str, dialect: str) -> Text:
    """The article of a line.

    Raises:
        LineError: the line is no article.
    """
    stored = storable(line, dialect)
    if dialect == "postgresql":
        _check_stand_in(line, where)
    article = _article(stored, where)
    read = article if stored == line else _article(line, where)
    return Text(article, read.text_sha256, where)


def _lines(path: Path) -> Iterator[tuple[bytes, str]]:
    """Yields (line, path:number) of the lines that aren't blank."""
    with open_lines(path) as lines:
        for number, line in enumerate(lines, 1):
            if line := line.strip():
                yield line, f"{path}:{number}"


def _fact(line: bytes, where: str) -> Envelope:
    try:
        fact = FACT.validate_json(line)
    except ValidationError as error:
        raise LineError(f"no fact: {error.errors()[0]['msg']}", where=where, expected="a fact",
                        advice="Run `extract verify` on the file") from error  # fmt: skip
    if problem := _out_of_bounds(fact):
        raise LineError(f"no fact: {problem}", where=where, expected="a fact",
                        advice="Run the extraction anew, or mend the line")  # fmt: skip
    return fact


def _out_of_bounds(fact: Envelope) -> str | None:
    """What no column can hold, in a line that the schema lets pass."""
    if fact.sentence.end > _LAST_OFFSET or any(span.end > _LAST_OFFSET for span in fact.spans()):
        return "an offset of more than two thousand million"
    if isinstance(fact, Count):
        numbers = (fact.value, fact.low, fact.high)
        if any(isinstance(number, float) and not isfinite(number) for number in numbers):
            return "a count that is no finite number"
    if isinstance(fact, Date) and not all(_is_day(day) for day in (fact.first, fact.last)):
        return f"{fact.first} to {fact.last} are no ISO days"
    return None


def _is_day(day: str | None) -> bool:
    try:
        return day is None or date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _check_stand_in(line: bytes, where: str) -> None:
    if NUL_STANDS_AS.encode() in line or (b"\\u" in line and b"\\ufdd0" in line.lower()):
        raise LineError("U+FDD0, which stands for NUL in PostgreSQL", where=where, expected="text without it",
                        advice="Load it into SQLite, which holds both")  # fmt: skip


def _article(line: bytes, where: str) -> Article:
    try:
        return Article.model_validate_json(line)
    except ValidationError as error:
        raise LineError(f"no article: {error.errors()[0]['msg']}", where=where, expected="an article",
                        advice="Give the file that `extract run --articles` wrote") from error  # fmt: skip
