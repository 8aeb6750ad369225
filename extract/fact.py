"""Facts: the span, the envelope, the seven types and their JSON Schema. Needs neither spaCy nor dateparser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from extract.errors import SpanError

SCHEMA_VERSION = "1"

FactType = Literal["person", "organisation", "place", "date", "count", "event", "statement"]
Modality = Literal["actual", "negated", "possible", "future", "conditional"]
Comparator = Literal["exact", "about", "at_least", "at_most", "more_than", "less_than", "between", "vague"]
CountKind = Literal["cardinal", "percent", "money", "measure"]
Aggregation = Literal["stock", "flow", "cumulative"]
AsOfBasis = Literal["stated", "relative", "publication"]
Timex = Literal["DATE", "TIME", "DURATION", "SET"]
Mod = Literal[
    "START", "MID", "END", "APPROX", "MORE_THAN", "LESS_THAN", "EQUAL_OR_MORE", "EQUAL_OR_LESS",
    "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER",
]  # fmt: skip
AnchorBasis = Literal["metadata", "dateline", "text"]
OrganisationKind = Literal[
    "ngo", "government", "security", "court", "party", "media", "company", "international", "armed_group", "other"
]
PlaceKind = Literal["country", "region", "city", "facility", "natural", "other"]
EventType = Literal[
    "arrest", "search", "charge", "trial", "sentence", "imprison", "release", "pardon", "abuse", "kill", "die",
    "injure", "disappear", "deport", "flee", "protest", "election", "legislate", "restrict", "sanction", "coerce",
    "attack", "disaster", "accuse", "demand", "meet", "agree", "appoint", "award",
]  # fmt: skip
Category = EventType | Literal["population", "vote"]
Role = Literal["agent", "target", "place", "time", "charge", "term", "count"]

EVENT_TYPES: tuple[str, ...] = get_args(EventType)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Extent(_Frozen):
    """A stretch of the article: Unicode code points, half open."""

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class Span(Extent):
    """A stretch of the article with the characters that stand there: `text == article.text[start:end]`."""

    text: str

    @model_validator(mode="after")
    def _measures_its_text(self) -> Span:
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"span {self.start}..{self.end} has {len(self.text)} characters")
        return self


class ArticleReference(_Frozen):
    """The article that a fact comes from."""

    id: str
    text_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    url: str | None = None
    published: str | None = None


class Attribution(_Frozen):
    """Who, in the text, vouches for what is said, and with which cue."""

    source: Span | None
    source_id: str | None
    cue: Span


class By(_Frozen):
    """What made the fact: precise enough to find the line of the rule and the version of the model."""

    component: str
    rule: str
    version: str
    model: str


class Envelope(_Frozen):
    """What every fact has."""

    schema_: Literal["1"] = Field(default="1", alias="schema")
    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    type: FactType
    article: ArticleReference
    span: Span
    sentence: Extent
    attribution: Attribution | None = None
    modality: Modality = "actual"
    confidence: Annotated[float, Field(ge=0, le=1)]
    by: By

    def spans(self) -> Iterable[Span]:
        """Every span that the fact points at, its own first."""
        if self.attribution is None:
            return (self.span,)
        source = self.attribution.source
        return (self.span, self.attribution.cue, source) if source else (self.span, self.attribution.cue)

    def canonical(self) -> str:
        """The fact in one line, as the tables of examples write it."""
        raise NotImplementedError


class _Entity(Envelope):
    name: str
    mentions: Annotated[tuple[Span, ...], Field(min_length=1)]
    kb: str | None = None

    def spans(self) -> Iterable[Span]:
        return (*super().spans(), *self.mentions)


class PersonRole(_Frozen):
    """What the text says a person is, with the organisation where it names one."""

    span: Span
    organisation: str | None = None


class Person(_Entity):
    """A named individual."""

    type: Literal["person"] = "person"
    roles: tuple[PersonRole, ...] = ()

    def spans(self) -> Iterable[Span]:
        return (*super().spans(), *(role.span for role in self.roles))

    def canonical(self) -> str:
        return self.name


class Organisation(_Entity):
    """A named organisation."""

    type: Literal["organisation"] = "organisation"
    kind: OrganisationKind = "other"

    def canonical(self) -> str:
        return f"{self.name} ({self.kind})"


class Place(_Entity):
    """A named place."""

    type: Literal["place"] = "place"
    kind: PlaceKind = "other"

    def canonical(self) -> str:
        return f"{self.name} ({self.kind})"


class Anchor(_Frozen):
    """The day that a relative expression was counted from, and where that day came from."""

    day: str
    basis: AnchorBasis | None


class Date(Envelope):
    """A TIMEX3 (TimeML 1.2.1) with the ISO days of the interval that it covers."""

    type: Literal["date"] = "date"
    timex: Timex
    value: str
    mod: Mod | None = None
    first: str | None = None
    last: str | None = None
    anchor: Anchor | None = None

    def canonical(self) -> str:
        """`2024-02-29`, `DURATION P5Y`, `2024-02 START`: DATE goes without saying."""
        kind = "" if self.timex == "DATE" else f"{self.timex} "
        return f"{kind}{self.value}{f' {self.mod}' if self.mod else ''}"


class Count(Envelope):
    """A number of people or things, or an amount, that the text states in digits or in words."""

    type: Literal["count"] = "count"
    value: float | int | None = None
    low: float | int | None = None
    high: float | int | None = None
    comparator: Comparator = "exact"
    kind: CountKind = "cardinal"
    unit: str | None = None
    counted: Span | None = None
    category: Category | None = None
    of: str | None = None
    aggregation: Aggregation | None = None
    as_of: str | None = None
    as_of_basis: AsOfBasis | None = None
    was: str | None = None
    place: str | None = None

    def spans(self) -> Iterable[Span]:
        return (*super().spans(), self.counted) if self.counted else super().spans()

    def canonical(self) -> str:
        """`1437 exact cardinal: political prisoners`; bounds as `20..30`, `6..`, `..30`; the unit after the kind."""
        bounds = f"{_plain(self.low)}..{_plain(self.high)}"
        number = _plain(self.value) if self.value is not None else bounds
        unit = f" {self.unit}" if self.unit else ""
        counted = f": {self.counted.text}" if self.counted else ""
        return f"{number} {self.comparator} {self.kind}{unit}{counted}"


def _plain(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if number == int(number) else str(number)


class Argument(_Frozen):
    """A span that fills a role of an event."""

    role: Role
    span: Span
    entity: str | None = None
    fact: str | None = None


class Event(Envelope):
    """One mention of an event: its trigger and what fills its roles."""

    type: Literal["event"] = "event"
    event_type: EventType
    arguments: tuple[Argument, ...] = ()
    name: Span | None = None
    plover: str | None = None
    chain: str | None = None

    def spans(self) -> Iterable[Span]:
        told = (argument.span for argument in self.arguments)
        return (*super().spans(), *told, self.name) if self.name else (*super().spans(), *told)

    def canonical(self) -> str:
        """`arrest actual: agent=police target=activists`."""
        roles = " ".join(f"{a.role}={a.span.text}" for a in self.arguments)
        return f"{self.event_type} {self.modality}{f': {roles}' if roles else ''}"


class Statement(Envelope):
    """Words that the text attributes to someone: a direct quotation or a clause of indirect speech."""

    type: Literal["statement"] = "statement"
    direct: bool
    cue: Span
    speaker: Span | None = None
    entity: str | None = None

    def spans(self) -> Iterable[Span]:
        return (*super().spans(), self.cue, self.speaker) if self.speaker else (*super().spans(), self.cue)

    def canonical(self) -> str:
        """`direct, said, Ales Bialiatski`: how, with which cue, by whom."""
        speaker = self.speaker.text if self.speaker else "-"
        return f"{'direct' if self.direct else 'indirect'}, {self.cue.text}, {speaker}"


Fact = Annotated[
    Person | Organisation | Place | Date | Count | Event | Statement,
    Field(discriminator="type"),
]
FACT: TypeAdapter[Person | Organisation | Place | Date | Count | Event | Statement] = TypeAdapter(Fact)
FACT_TYPES: tuple[str, ...] = get_args(FactType)
FACT_CLASSES: dict[str, type[Envelope]] = {
    "person": Person, "organisation": Organisation, "place": Place, "date": Date, "count": Count, "event": Event,
    "statement": Statement,
}  # fmt: skip


def fact_id(text_sha256: str, type_: str, start: int, end: int, event_type: str = "") -> str:
    """The stable id: the first 128 bits of a SHA-256 over text, type, span and event type, in hexadecimal."""
    key = "\x1f".join((text_sha256, type_, str(start), str(end), event_type))
    return hashlib.sha256(key.encode("utf-8")).hexdigest()[:32]


def to_json(fact: Envelope) -> str:
    """The fact as one line of JSON, keys in the schema's order."""
    return fact.model_dump_json(by_alias=True)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one line."""
    schema = FACT.json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A fact extracted from a news article",
        **schema,
    }


def check_spans(fact: Envelope, text: str) -> None:
    """Checks that every span of the fact holds what the text has there.

    Raises:
        SpanError: names the rule that made the fact, the offsets, and both texts.
    """
    for span in fact.spans():
        if text[span.start : span.end] != span.text:
            raise SpanError(
                f"rule {fact.by.rule}: {fact.type} {fact.id} claims {span.text!r} at {span.start}..{span.end}",
                where=fact.article.id,
                expected=repr(text[span.start : span.end]),
                advice="Re-extract the article, or compare with the text that was extracted",
            )
