"""An article: one news text with its metadata. Offsets are into `text`, which nothing ever edits."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from functools import cached_property

from pydantic import BaseModel, ConfigDict, field_validator

_SURROGATE = re.compile("[\ud800-\udfff]")


class Article(BaseModel):
    """One news text with its metadata.

    `text` is kept character for character; `published` is an ISO 8601 date or date and time, or None where unknown.
    `duplicate_of` is the id of the first article that tells the same story, where repeats were looked for.

    Raises:
        pydantic.ValidationError: `published` is no ISO 8601 date, or a field holds a lone surrogate (no Unicode).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    url: str | None = None
    title: str | None = None
    published: str | None = None
    language: str | None = None
    source: str | None = None
    duplicate_of: str | None = None

    @field_validator("id", "text", "url", "title", "language", "source", "duplicate_of")
    @classmethod
    def _is_unicode(cls, text: str | None) -> str | None:
        lone = _SURROGATE.search(text) if text else None
        if lone:
            raise ValueError(f"lone surrogate U+{ord(lone[0]):04X} at offset {lone.start()}: not Unicode text")
        return text

    @field_validator("published")
    @classmethod
    def _is_iso(cls, published: str | None) -> str | None:
        if published is not None:
            try:
                datetime.fromisoformat(published)
            except ValueError:
                raise ValueError(f"{published!r} is no ISO 8601 date such as 2022-12-14") from None
        return published

    @cached_property
    def text_sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def published_day(self) -> date | None:
        """The day of publication in the article's own time zone, or None where unknown."""
        return datetime.fromisoformat(self.published).date() if self.published else None
