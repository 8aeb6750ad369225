"""A decision made on one text of an article, translated into the text that it was republished with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from extract.article import Article
from extract.correction.anchor import CONTEXT, find, find_once
from extract.correction.entry import Anchor, Correction, Other, Place
from extract.correction.outcome import Line
from extract.correction.references import MISSING, with_references, with_spans
from extract.fact import FACT, ArticleReference, Envelope, fact_id


@dataclass(frozen=True, slots=True)
class Target:
    """The article as it reads now, with the sentences that its facts stand in."""

    article: Article
    sentences: tuple[tuple[int, int], ...] = ()

    @property
    def reference(self) -> ArticleReference:
        """The article as a fact names it."""
        article = self.article
        return ArticleReference(
            id=article.id, text_sha256=article.text_sha256, url=article.url, published=article.published
        )

    def sentence(self, start: int, end: int) -> dict[str, int]:
        """The sentence around a place, or the line around it where no fact tells."""
        for first, last in self.sentences:
            if first <= start < last:
                return {"start": first, "end": last}
        text = self.article.text
        stop = text.find("\n", end)
        return {"start": text.rfind("\n", 0, start) + 1, "end": len(text) if stop < 0 else stop}


def sentences_of(facts: Iterable[Envelope]) -> tuple[tuple[int, int], ...]:
    """The sentences that facts stand in."""
    return tuple(sorted({(fact.sentence.start, fact.sentence.end) for fact in facts}))


def move(line: Line, target: Target) -> Line | str:
    """The line as it would read had it been written on the target's text, or why that can't be told."""
    decision = line.decision
    start = find(decision.anchor, target.article.text)
    if start is None:
        return "the article was republished, and the quote is not there, or not just once"
    anchor = _moved_anchor(decision.anchor, start, target)
    changes: dict[str, Any] = {"anchor": anchor, "fact": _id(anchor, target)}
    if decision.value:
        value = _moved_value(decision, anchor, target)
        if isinstance(value, str):
            return value
        changes["value"] = value
        if decision.action == "add":
            changes["fact"] = value.id
    if decision.other:
        other = find(decision.other.anchor, target.article.text)
        if other is None:
            return "the article was republished, and the second entity's name is not there, or not just once"
        moved = _moved_anchor(decision.other.anchor, other, target)
        changes["other"] = Other(fact=_id(moved, target), anchor=moved)
    return line.at(decision.model_copy(update=changes))


def _moved_anchor(anchor: Anchor, start: int, target: Target) -> Anchor:
    end = start + len(anchor.quote)
    text = target.article.text
    around = {"before": text[max(0, start - CONTEXT) : start], "after": text[end : end + CONTEXT]}
    return anchor.model_copy(update={"start": start, "end": end, "article": target.reference, **around})


def _id(place: Place, target: Target) -> str:
    return fact_id(target.article.text_sha256, place.type, place.start, place.end, place.event_type)


def _moved_value(decision: Correction, anchor: Anchor, target: Target) -> Envelope | str:
    value: dict[str, Any] = FACT.dump_python(decision.value, mode="json", by_alias=True)  # type: ignore[arg-type]
    text, shift = target.article.text, anchor.start - decision.anchor.start

    def move_span(span: dict[str, Any]) -> dict[str, Any] | None:
        start = max(0, span["start"] + shift)
        if text[start : start + len(span["text"])] != span["text"]:
            found = find_once(span["text"], text)
            if found is None:
                return None
            start = found
        return {"start": start, "end": start + len(span["text"]), "text": span["text"]}

    def follow(id_: str) -> str | None:
        place = decision.anchor.refers.get(id_)
        moved = move_span({"start": place.start, "end": place.end, "text": place.quote}) if place else None
        if place is None or moved is None:
            return None
        return fact_id(target.article.text_sha256, place.type, moved["start"], moved["end"], place.event_type)

    moved = with_spans(with_references(value, follow), move_span)
    if moved is MISSING:
        return "the article was republished, and a span of the fact is not there any more"
    start, end = moved["span"]["start"], moved["span"]["end"]
    moved["article"] = target.reference.model_dump()
    moved["sentence"] = target.sentence(start, end)
    moved["id"] = fact_id(target.article.text_sha256, moved["type"], start, end, moved.get("event_type", ""))
    try:
        return FACT.validate_python(moved)
    except ValidationError:
        return "the article was republished, and what is left of the fact is none"
