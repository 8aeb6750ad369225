"""What one article came to, as the lines that go into each output."""

from __future__ import annotations

import json
import time
import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.article import Article
from extract.batch.limits import is_out_of_memory
from extract.errors import ExtractError
from extract.reading import Failure, Page, Repeat

if TYPE_CHECKING:
    from extract.pipeline import Extractor
    from extract.room import Declined

_PACKAGE = Path(__file__).resolve().parent.parent
OUTPUTS = ("facts", "articles", "issues", "errors")


@dataclass(frozen=True, slots=True)
class Result:
    """One article's lines for facts, articles, issues and errors, its key, what was counted, how long it took."""

    key: str
    lines: tuple[bytes, ...]
    tally: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether there is a line for the error file."""
        return bool(self.lines[OUTPUTS.index("errors")])


def digest_of(lines: Iterable[bytes]) -> str:
    """A digest of lines for several outputs."""
    return blake2b(b"\0".join(lines), digest_size=16).hexdigest()


def key_of(outcome: Article | Failure | Page | Repeat) -> str:
    """What tells this article from every other: a digest of all that was read."""
    if isinstance(outcome, Page):
        read = json.dumps([outcome.id, outcome.html, dict(outcome.stated), outcome.address, outcome.published])
        return blake2b(read.encode(), digest_size=16).hexdigest()
    if isinstance(outcome, Repeat):
        outcome = outcome.told()
    read = outcome.model_dump_json() if isinstance(outcome, Article) else outcome.to_json()
    return blake2b(read.encode(), digest_size=16).hexdigest()


def result_of_failure(failure: Failure, key: str) -> Result:
    """The result of an article that nothing comes of: one line for the error file."""
    return Result(key, (b"", b"", b"", f"{failure.to_json()}\n".encode()), {"failed": 1})


def result_of_repeat(repeat: Repeat, key: str) -> Result:
    """The result of an article that is left out: its own line, marked, and one for the error file; no failure."""
    article = _join([repeat.article.model_dump_json(exclude_none=True)])
    return Result(key, (b"", article, b"", f"{repeat.told().to_json()}\n".encode()), {"skipped": 1})


def extract_article(extractor: Extractor, article: Article | Page, key: str) -> Result:
    """The result of an article, or of a page's: its facts and what was declined; an error line where a rule raises.

    This is the boundary of the article: whatever goes wrong within becomes its error line, and the batch goes on.
    """
    started = time.perf_counter()
    try:
        read = article.read() if isinstance(article, Page) else article
        if isinstance(read, Failure):
            return result_of_failure(read, key)
        article, extraction = read, extractor.read(read)
    except Exception as error:  # a rule's defect costs its article, not the batch
        return result_of_failure(failure_of(article, error), key)
    issues = [_issue(article, declined) for declined in extraction.declined]
    tally = {
        "articles": 1,
        "words": article.text.count(" ") + 1,
        "facts": Counter(fact.type for fact in extraction.facts),
        "declined": Counter(f"{declined.type}: {declined.reason}" for declined in extraction.declined),
    }
    lines = (_join(extraction.lines), _join([article.model_dump_json(exclude_none=True)]), _join(issues), b"")
    return Result(key, lines, tally, time.perf_counter() - started)


def failure_of(article: Article | Page, error: Exception) -> Failure:
    """The failure of an article whose extraction raised: names the rule, or the line of the rooms that raised."""
    advice = "This is a defect of a rule: please report it with the article"
    if isinstance(error, ExtractError):
        return Failure(article.id, error.where or article.id, error.what, error.expected, error.advice or advice)
    if is_out_of_memory(error):
        return Failure(article.id, article.id, "needs more memory than a worker may have", "an article that fits",
                       "Raise --memory, or leave it out")  # fmt: skip
    return Failure(article.id, article.id, f"{_place_of(error)} raised {type(error).__name__}: {error}"[:500],
                   "facts, or none", advice)  # fmt: skip


def _place_of(error: Exception) -> str:
    """The innermost line of ours that the error went through, and the room where it lies in one."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename).resolve()
        if path.is_relative_to(_PACKAGE):
            inner = path.relative_to(_PACKAGE)
            room = f"room {inner.parts[1]}, " if inner.parts[0] == "facts" and len(inner.parts) > 2 else ""
            return f"{room}{inner.as_posix()}:{frame.lineno} ({frame.name})"
    return "the spaCy pipeline"


def _issue(article: Article, declined: Declined) -> str:
    span = {"start": declined.start, "end": declined.end, "text": article.text[declined.start : declined.end]}
    line = {
        "article": article.id,
        "type": declined.type,
        "span": span,
        "rule": declined.rule,
        "reason": declined.reason,
    }
    return json.dumps(line, ensure_ascii=False)


def _join(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
