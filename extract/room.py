"""A room reads one kind of fact off a parsed article and leaves drafts for the rooms after it.

A room is a function from a spaCy Doc to drafts and declined candidates, with the names of the earlier rooms that it
reads. Drafts stay on `doc._.drafts[room]` while the article walks down the corridor, and their token spans on
`doc.spans[room]`; the last step turns them into validated facts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spacy.attrs import IDX, LENGTH  # type: ignore[import-not-found]
from spacy.tokens import Doc, Span, Token

from extract.article import Article
from extract.errors import SpanError
from extract.fact import FACT, fact_id
from extract.rule import Rule

DEFAULT_CONFIDENCE = 0.8


@dataclass(slots=True)
class Draft:
    """A fact in the making: its type, where it stands (characters and tokens), the rule that made it, its fields.

    `fields` holds the fields of the fact's own type as FACTS.md names them, JSON-shaped; references to other facts
    are ids, which are known from the start. `modality` None and `attribution` None are left for the link step;
    a room that knows better sets them.
    """

    id: str
    type: str
    start: int
    end: int
    first: int
    last: int
    rule: str
    fields: dict[str, Any] = field(default_factory=dict)
    confidence: float = DEFAULT_CONFIDENCE
    modality: str | None = None
    attribution: dict[str, Any] | None = None

    def tokens(self, doc: Doc) -> Span:
        """The tokens that the draft's span covers or touches."""
        return Span(doc, self.first, self.last)


@dataclass(frozen=True, slots=True)
class Declined:
    """A candidate that looked like a fact and was not taken, with the reason."""

    type: str
    start: int
    end: int
    rule: str
    reason: str


@dataclass(frozen=True)
class Room:
    """One kind of fact: its name, how it reads an article, which earlier rooms it reads, and its rules."""

    name: str
    read: Callable[[Doc], Iterable[Draft | Declined]]
    reads: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __call__(self, doc: Doc) -> Doc:
        """Reads the article: adds drafts, declined candidates and a span group to the doc, which it returns."""
        drafts: dict[str, Draft] = {}
        for found in self.read(doc):
            if isinstance(found, Declined):
                doc._.declined.append(found)
            else:
                drafts.setdefault(found.id, found)
        ordered = sorted(drafts.values(), key=lambda d: (d.start, -d.end))
        doc._.drafts[self.name] = ordered
        doc.spans[self.name] = [Span(doc, d.first, d.last, label=d.fields.get("kind") or d.type) for d in ordered]
        return doc


def register_extensions() -> None:
    """Adds the attributes that rooms use: `doc._.article`, `.drafts`, `.declined`, `.facts`; `span._.confidence`."""
    for name, options in _DOC_EXTENSIONS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, **options)
    if not Span.has_extension("confidence"):
        Span.set_extension("confidence", default=None)


def text_of(doc: Doc) -> str:
    """The article's text, put together once: `doc.text` joins all tokens each time that it is asked."""
    stored = doc.user_data.get("extract.article")
    if isinstance(stored, dict):
        return str(stored["text"])
    if _TEXT not in doc.user_data:
        doc.user_data[_TEXT] = doc.text
    return str(doc.user_data[_TEXT])


class Columns:
    """An article's tokens as columns, read once for all rooms: a `Token` costs more than what is asked of it."""

    def __init__(self, doc: Doc) -> None:
        text, table = text_of(doc), doc.to_array([IDX, LENGTH]).tolist()
        self.starts: list[int] = [start for start, _ in table]
        self.words: list[str] = [text[start : start + length] for start, length in table]
        self.lower: list[str] = [word.lower() for word in self.words]


def columns_of(doc: Doc) -> Columns:
    """The columns of the article, made when first asked for."""
    if _COLUMNS not in doc.user_data:
        doc.user_data[_COLUMNS] = Columns(doc)
    found: Columns = doc.user_data[_COLUMNS]
    return found


_TEXT, _COLUMNS = "extract.text", "extract.columns"
SCRATCH = ("extract.drafts", "extract.declined", "extract.names", "extract.scopes", _TEXT, _COLUMNS)


def clear_scratch(doc: Doc) -> None:
    """Drops what the rooms left for each other."""
    for key in SCRATCH:
        doc.user_data.pop(key, None)


def _get_article(doc: Doc) -> Article:
    stored = doc.user_data.get("extract.article")
    if isinstance(stored, dict):
        return Article.model_construct(**stored)
    return Article.model_construct(id="text", text=text_of(doc))


def _set_article(doc: Doc, article: Article) -> None:
    doc.user_data["extract.article"] = article.model_dump()


def _scratch(key: str, empty: Callable[[], Any]) -> Callable[[Doc], Any]:
    return lambda doc: doc.user_data.setdefault(key, empty())


def _text_sha256(doc: Doc) -> str:
    if "extract.sha" not in doc.user_data:
        doc.user_data["extract.sha"] = doc._.article.text_sha256
    return str(doc.user_data["extract.sha"])


def _published_day(doc: Doc) -> date | None:
    return doc._.article.published_day  # type: ignore[no-any-return]


def _read_facts(doc: Doc) -> list[Any]:
    return [FACT.validate_json(line) for line in doc.user_data.get("extract.facts", ())]


_DOC_EXTENSIONS: dict[str, dict[str, Any]] = {
    "article": {"getter": _get_article, "setter": _set_article},
    "drafts": {"getter": _scratch("extract.drafts", dict)},
    "declined": {"getter": _scratch("extract.declined", list)},
    "text_sha256": {"getter": _text_sha256},
    "facts": {"getter": _read_facts},
    "published_day": {"getter": _published_day},
}


def draft(doc: Doc, type_: str, start: int, end: int, rule: str, **options: Any) -> Draft:
    """A draft over characters `start` to `end` of the doc.

    Options are Draft's: `fields`, `confidence`, `modality`, `attribution`. An event's `fields["event_type"]` is part
    of its id.
    """
    starts = columns_of(doc).starts
    if not 0 <= start < end <= len(text_of(doc)):
        raise SpanError(f"rule {rule}: {type_} at {start}..{end} lies outside the article", where=doc._.article.id)
    event_type = (options.get("fields") or {}).get("event_type", "") if type_ == "event" else ""
    key = fact_id(_text_sha256(doc), type_, start, end, event_type)
    first, last = bisect_right(starts, start) - 1, bisect_left(starts, end)
    return Draft(key, type_, start, end, first, last, rule, **options)


def span_json(tokens: Span | Token) -> dict[str, Any]:
    """The tokens as a fact's span: `{"start", "end", "text"}`."""
    if isinstance(tokens, Token):
        return {"start": tokens.idx, "end": tokens.idx + len(tokens), "text": tokens.text}
    return {"start": tokens.start_char, "end": tokens.end_char, "text": tokens.text}


register_extensions()
