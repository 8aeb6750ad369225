"""Anchors: a fact's quote with what stands around it, taken from one text and found again in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from extract.correction.entry import Action, Anchor, Correction, Other, Place
from extract.correction.references import references
from extract.fact import Envelope, Event

CONTEXT = 32
_CONTEXTS = ((CONTEXT, CONTEXT), (12, 12), (CONTEXT, 0), (0, CONTEXT))  # tried in turn; a quote alone comes last


@dataclass(frozen=True)
class Reviewed:
    """An article's text with the facts that a person looks at, by id."""

    text: str
    facts: Mapping[str, Envelope] = field(default_factory=dict)


@dataclass(frozen=True)
class Stamp:
    """Who decides, when, and why."""

    annotator: str
    at: datetime
    note: str | None = None


def correct(reviewed: Reviewed, action: Action, fact: Envelope, stamp: Stamp, **what: Any) -> Correction:
    """A line for the log. `what` is `value` (edit, add; what was accepted), `other` (a pair) or `undoes` (undo)."""
    value: Envelope | None = fact if action in {"accept", "add"} else what.get("value")
    other: Envelope | None = what.get("other")
    return Correction(
        fact=fact.id,
        action=action,
        value=value,  # type: ignore[arg-type]
        annotator=stamp.annotator,
        at=stamp.at,
        note=stamp.note,
        anchor=anchor_of(fact, reviewed, value),
        by=None if action == "add" else fact.by,
        other=Other(fact=other.id, anchor=anchor_of(other, reviewed)) if other else None,
        undoes=what.get("undoes"),
    )


def anchor_of(fact: Envelope, reviewed: Reviewed, value: Envelope | None = None) -> Anchor:
    """Where the fact stands, and where the facts stand that its value refers to."""
    referred = references(value.model_dump(mode="json")) if value else ()
    start, end = fact.span.start, fact.span.end
    return Anchor(
        **place_of(fact).model_dump(),
        article=fact.article,
        before=reviewed.text[max(0, start - CONTEXT) : start],
        after=reviewed.text[end : end + CONTEXT],
        refers={id_: place_of(reviewed.facts[id_]) for id_ in referred if id_ in reviewed.facts},
    )


def place_of(fact: Envelope) -> Place:
    """The fact's place."""
    event_type = fact.event_type if isinstance(fact, Event) else ""
    return Place(type=fact.type, start=fact.span.start, end=fact.span.end, quote=fact.span.text, event_type=event_type)


def find(anchor: Anchor, text: str) -> int | None:
    """Where the anchor's quote begins in another text, or None where it is not there or could be in two places.

    >>> from extract.fact import ArticleReference
    >>> article = ArticleReference(id="a", text_sha256="0" * 64)
    >>> anchor = Anchor(type="count", start=4, end=6, quote="14", before="Of 1", after=" men", article=article)
    >>> find(anchor, "Police held 14 men."), find(anchor, "Police held 140 men."), find(anchor, "14 men, 14 women")
    (12, None, 0)
    """
    places = list(_whole(anchor.quote, text))
    if len(places) == 1:
        return places[0]
    for before, after in _CONTEXTS:
        lead = anchor.before[-before:] if before else ""
        pattern = lead + anchor.quote + (anchor.after[:after] if after else "")
        found = list(_occurrences(pattern, text))
        if len(found) == 1 and pattern != anchor.quote:
            return found[0] + len(lead)
    return None


def find_once(quote: str, text: str) -> int | None:
    """Where the quote stands, or None unless it stands exactly once as whole words."""
    places = list(_whole(quote, text))
    return places[0] if len(places) == 1 else None


def _whole(quote: str, text: str) -> Iterator[int]:
    """Yields where the quote stands, but not inside a longer word or number."""
    for at in _occurrences(quote, text):
        end = at + len(quote)
        joins_before = at > 0 and text[at - 1].isalnum() and quote[0].isalnum()
        joins_after = end < len(text) and text[end].isalnum() and quote[-1].isalnum()
        if not joins_before and not joins_after:
            yield at


def _occurrences(quote: str, text: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)
