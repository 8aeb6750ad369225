"""A record of keys and values (a line of JSONL, a row of CSV, a sidecar's entry) -> an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from pydantic import ValidationError

from extract.article import Article
from extract.errors import ArticleError, InputError, LineError, PublishedError
from extract.reading.gauge import Gauge

_TEXT = ("text", "body", "content")
_ID = ("id",)
_DATE = ("published", "date", "published_at", "datePublished")
_URL = ("url", "link")
FIELDS = ("title", "language", "source")  # under these names alone


@dataclass(frozen=True, slots=True)
class Keys:
    """Where a record keeps text, id, publication date and URL; None stands for the usual names."""

    text: str | None = None
    id: str | None = None
    date: str | None = None
    url: str | None = None

    def all_of(self) -> dict[str, tuple[str, ...]]:
        """The names to look under for each field, in order."""
        named = {"text": self.text, "id": self.id, "published": self.date, "url": self.url}
        usual = {"text": _TEXT, "id": _ID, "published": _DATE, "url": _URL}
        return {key: (name,) if (name := named[key]) else usual[key] for key in named}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How articles are read.

    The keys of records, the date for articles that carry none, the files in folders to leave alone, and whether
    repeats are marked (`mark`), left out (`skip`), or not looked for (None). With `pages_later`, HTML comes as a `Page`
    to be read by whoever has time, unless repeats are looked for. A gauge is told how far it is.
    """

    keys: Keys = field(default_factory=Keys)
    published: str | None = None
    but: frozenset[str] = frozenset()
    dedupe: Literal["mark", "skip"] | None = None
    pages_later: bool = False
    gauge: Gauge | None = None


def article_of_record(record: Mapping[str, Any], where: str, id_: str, options: ReadOptions) -> Article:
    """The article that a record holds.

    Raises:
        LineError: the record has no text, or a value of the wrong kind.
        PublishedError: its date is none.
        ArticleError: its text is no Unicode.
    """
    fields = {name: _first(record, keys) for name, keys in options.keys.all_of().items()}
    fields |= {name: _first(record, (name,)) for name in FIELDS}
    if not isinstance(fields["text"], str):
        names = " or ".join(repr(key) for key in options.keys.all_of()["text"])
        raise LineError(f"no text: its keys are {', '.join(map(repr, record)) or 'none'}"[:300], where=where,
                        expected=f"a string under {names}", advice="Name the key with --text-key")  # fmt: skip
    for name in ("url", *FIELDS):
        if not isinstance(fields[name], str | None):
            raise LineError(f"{name} is {fields[name]!r}"[:300], where=where, expected="a string",
                            advice="Write it as a string, or leave it out")  # fmt: skip
    return make_article({**fields, "id": id_}, where, options.published)


def id_of_record(record: Mapping[str, Any], default: str, options: ReadOptions) -> str:
    """The id that a record brings, as a string, or the default."""
    id_ = _first(record, options.keys.all_of()["id"])
    return default if id_ is None else str(id_)


def make_article(fields: Mapping[str, Any], where: str, default: str | None) -> Article:
    """The article of fields named as Article names them, its date the default where they have none.

    Raises:
        PublishedError: its date is none.
        ArticleError: its text is no Unicode.
    """
    published = read_published(fields.get("published"), where) or default
    try:
        return Article(**{**fields, "published": published})
    except ValidationError as error:
        raise _readable(error, where) from error


def read_published(value: object, where: str) -> str | None:
    """The date as ISO 8601: as it stands where it is that, rewritten where it is a mail's or a feed's (RFC 5322).

    >>> read_published("Wed, 14 Dec 2022 10:30:00 +0100", "")
    '2022-12-14T10:30:00+01:00'

    Raises:
        PublishedError: it is neither.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        for read in (_iso, _rfc5322):
            try:
                return read(value.strip())
            except (ValueError, IndexError):
                continue
    raise PublishedError(f"the date {value!r} can't be read", where=where, expected="ISO 8601, such as 2022-12-14",
                         advice="Write it year first: day and month can't be told apart otherwise")  # fmt: skip


def _iso(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _rfc5322(text: str) -> str:
    return parsedate_to_datetime(text).isoformat()


def _first(record: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((record[key] for key in keys if record.get(key) not in (None, "")), None)


def _readable(error: ValidationError, where: str) -> InputError:
    first = error.errors(include_url=False, include_input=False)[0]
    field_name = ".".join(map(str, first["loc"]))
    complaint = first["msg"].removeprefix("Value error, ")
    kind = PublishedError if field_name == "published" else ArticleError
    return kind(f"{field_name}: {complaint}", where=where, expected="Unicode text and ISO 8601 dates",
                advice="Write the article anew from its source")  # fmt: skip
