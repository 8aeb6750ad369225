"""A line of the log: who decided what about which fact, when, and how to find the fact again."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from extract.fact import ArticleReference, By, Fact, FactType

Action = Literal["accept", "reject", "edit", "add", "undo", "merge", "keep_apart"]
OF_PAIRS = frozenset({"merge", "keep_apart"})
_NEEDED = {"edit": "value", "add": "value", "undo": "undoes", "merge": "other", "keep_apart": "other"}
REVIEWABLE = frozenset(
    {
        "modality",
        "attribution",
        "name",
        "mentions",
        "roles",
        "kind",
        "kb",
        "timex",
        "value",
        "mod",
        "first",
        "last",
        "anchor",
        "low",
        "high",
        "comparator",
        "unit",
        "counted",
        "category",
        "of",
        "aggregation",
        "as_of",
        "as_of_basis",
        "was",
        "place",
        "event_type",
        "arguments",
        "plover",
        "direct",
        "cue",
        "speaker",
        "entity",
    }
)  # fmt: skip - what a person may change of a fact, its span and type apart
FactId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """Where a fact stands in its text, enough to compute its id."""

    type: FactType
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    quote: Annotated[str, Field(min_length=1)]
    event_type: str = ""


class Anchor(Place):
    """Where a fact stands, with 32 characters before and after, so that it is found in a text that changed."""

    article: ArticleReference
    before: str = ""
    after: str = ""
    refers: dict[str, Place] = {}


class Other(_Frozen):
    """The second entity of a decision on a pair."""

    fact: FactId
    anchor: Anchor


class Correction(_Frozen):
    """One decision of one person. `by` says what had made the fact, `undoes` is the digest of the line taken back."""

    fact: FactId
    action: Action
    value: Fact | None = None
    annotator: Annotated[str, Field(min_length=1)]
    at: AwareDatetime
    note: str | None = None
    anchor: Anchor
    by: By | None = None
    other: Other | None = None
    undoes: FactId | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Correction:
        needed = _NEEDED.get(self.action)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"{self.action} without {needed}")
        if self.action == "add" and self.value and self.value.id != self.fact:
            raise ValueError("add names another fact than its value")
        return self

    @property
    def digest(self) -> str:
        """What an undo names the line by: the first 128 bits of the SHA-256 of its JSON, in hexadecimal."""
        return sha256(self.to_json().encode("utf-8")).hexdigest()[:32]

    @property
    def text_sha256(self) -> str:
        """The text that the decision was made on."""
        return self.anchor.article.text_sha256

    def to_json(self) -> str:
        """The line, without its end; what was not said is left out."""
        fields: dict[str, Any] = self.model_dump(mode="json", by_alias=True)
        return json.dumps({k: v for k, v in fields.items() if v is not None}, ensure_ascii=False, separators=(",", ":"))
