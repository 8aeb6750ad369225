"""Annotated articles as facts: what was made of facts comes back as the same facts, so far as tags say it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from extract.article import Article
from extract.correction.moving import Target
from extract.correction.revise import RevisionError, added
from extract.errors import DataFileError
from extract.evaluation.gold import GoldArticle, Mark
from extract.fact import Envelope, fact_id

ANNOTATOR = "gold"
_NAMES = ("person", "organisation", "place")
_NEAR = 1500  # characters around a mark in which the words of an attribute are looked for
Fields = dict[str, Any]


def facts_in(gold: GoldArticle, article: Article | None = None) -> list[Envelope]:
    """The facts that the marks stand for, in the order of the text.

    Words that an attribute tells are linked to the nearest place where they stand; those that stand nowhere near are
    left out.

    Raises:
        DataFileError: a mark makes no fact; names article, offset and reason.
    """
    target = Target(article or Article(id=gold.name, text=gold.text))
    facts: list[Envelope] = []
    for type_, fields in [*_entities(gold), *_others(gold, target.article.text_sha256)]:
        try:
            facts.append(added(target, type_, fields, ANNOTATOR))
        except RevisionError as error:
            raise DataFileError(f"{type_} at {fields['span']['start']}: {error.what}", where=gold.name,
                                expected="the attributes that corpus/README.md names") from error  # fmt: skip
    unique = {fact.id: fact for fact in facts}
    return sorted(unique.values(), key=lambda fact: (fact.span.start, -fact.span.end, fact.type, fact.id))


def _entities(gold: GoldArticle) -> Iterator[tuple[str, Fields]]:
    named = [mark for mark in gold.marks if mark.tag in _NAMES]
    key = lambda mark: (mark.tag, mark.get("id") or f"{mark.start}:{mark.end}")  # noqa: E731
    for (type_, _), group in groupby(sorted(named, key=key), key):
        mentions = sorted(group, key=lambda mark: mark.start)
        fullest = max(mentions, key=lambda mark: len(mark.text))
        kind = next((mark.get("kind") for mark in mentions if mark.get("kind")), "other")
        spans = [_span(mark.start, mark.text) for mark in mentions]
        yield type_, {"span": _span(fullest.start, fullest.text), "name": fullest.text, "mentions": spans, "kind": kind}


def _others(gold: GoldArticle, sha: str) -> Iterator[tuple[str, Fields]]:
    for mark in gold.marks:
        fields: Fields = {"span": _span(mark.start, mark.text), "modality": mark.get("mod") or "actual"}
        if mark.tag == "date":
            yield "date", {**fields, "modality": "actual", "timex": mark.get("type"), "value": mark.get("value"),
                           "mod": mark.get("mod")}  # fmt: skip
        elif mark.tag == "count":
            yield "count", fields | _count(mark, gold, sha)
        elif mark.tag == "ev":
            spans = {role: _words(mark, role, gold.text) for role in ("agent", "target", "place")}
            told = [{"role": role, "span": span} for role, span in spans.items() if span]
            yield "event", fields | {"event_type": mark.get("type"), "arguments": told}
        elif mark.tag == "said":
            speaker, cue = _words(mark, "speaker", gold.text), _words(mark, "cue", gold.text)
            yield "statement", fields | {"direct": mark.get("direct") == "yes", "speaker": speaker,
                                         "cue": cue or _span(mark.start, mark.text)}  # fmt: skip


def _count(mark: Mark, gold: GoldArticle, sha: str) -> Fields:
    number = {name: _number(mark.get(name)) for name in ("value", "low", "high")}
    source = _words(mark, "source", gold.text)
    as_of = _nearest(mark, [one for one in gold.marked("date") if one.get("value") == mark.get("asof")])
    wanted = _number(mark.get("of"))
    of = [m for m in gold.marked("count") if wanted is not None and m != mark
          and wanted in (_number(m.get(name)) for name in ("value", "low", "high"))]  # fmt: skip
    whole = _nearest(mark, of)
    return number | {
        "comparator": mark.get("cmp") or "exact", "kind": mark.get("kind") or "cardinal", "unit": mark.get("unit"),
        "category": mark.get("cat"), "counted": _words(mark, "counted", gold.text),
        "attribution": {"source": source, "source_id": None, "cue": source} if source else None,
        "as_of": fact_id(sha, "date", as_of.start, as_of.end) if as_of else None,
        "as_of_basis": "stated" if as_of else None,
        "of": fact_id(sha, "count", whole.start, whole.end) if whole else None,
    }  # fmt: skip


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _nearest(mark: Mark, others: list[Mark]) -> Mark | None:
    return min(others, key=lambda one: (abs(one.start - mark.start), one.start), default=None)


def _words(mark: Mark, attribute: str, text: str) -> Fields | None:
    """The span of the attribute's words that stands nearest to the mark."""
    words = mark.get(attribute)
    if not words:
        return None
    low, high = max(0, mark.start - _NEAR), mark.end + _NEAR
    after, before = text.find(words, mark.start, high), text.rfind(words, low, mark.start + len(words))
    found = [at for at in (after, before) if at >= 0]
    return _span(min(found, key=lambda at: abs(at - mark.start)), words) if found else None


def _span(start: int, text: str) -> Fields:
    return {"start": start, "end": start + len(text), "text": text}
