"""Facts against gold: what each type of fact is measured by.

`strict` is the same extent, `lenient` any overlap. person, organisation, place: each mention. date: also `value`
(overlap, same TIMEX3 type and value). count: strict with the same number, and `value` (overlap, same value, or same
bounds where gold has no value). event: strict with the same type, `trigger` (overlap, same type), `sentence` (the type
occurs in the sentence). statement: also content that shares half. Of the matched, shares that have the further fields
right.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from extract.errors import LineError, ReadError
from extract.evaluation.gold import GoldArticle, Mark, name_of, read_gold
from extract.evaluation.measures import Scores, have_word_in_common, overlaps, pairs, shares_half
from extract.evaluation.unmark import facts_in
from extract.fact import FACT, Count, Date, Envelope, Event, Organisation, Person, Place, Span, Statement

_BREAK = re.compile(r"\n+|(?<=[.!?])[\"”’']?\s+(?=[\"“A-Z])")
ENTITIES = ("person", "organisation", "place")


@dataclass(frozen=True, slots=True)
class Found:
    """A mention with the fact that it belongs to."""

    span: Span
    fact: Any

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.span.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.span.end


Pairs = list[tuple[Mark, Found]]


def score(gold: Path, facts: Path) -> Scores:
    """The scores of a file of facts on a folder of annotated articles.

    An article's facts are those whose article id ends in its name, with or without `.txt`.

    Raises:
        DataFileError: the gold is broken.
        ReadError: the facts can't be read.
        LineError: a line of them is no fact.
    """
    by_article = facts_by_name(facts)
    scores = Scores()
    for article in read_gold(gold):
        score_article(article, by_article[article.name], scores)
    return scores


def score_article(article: GoldArticle, facts: Sequence[Envelope], scores: Scores) -> None:
    """Adds an article's hits and misses to the scores."""
    _provenance(article, facts, scores)
    named = [fact for fact in facts if isinstance(fact, Person | Organisation | Place)]
    for type_ in ENTITIES:
        found = [Found(mention, fact) for fact in named if fact.type == type_ for mention in fact.mentions]
        _names(article, type_, found, scores)
    _dates(article, _found(facts, Date), scores)
    _counts(article, _found(facts, Count), scores)
    _events(article, _found(facts, Event), scores)
    _statements(article, _found(facts, Statement), scores)


def _provenance(article: GoldArticle, facts: Iterable[Envelope], scores: Scores) -> None:
    for fact in facts:
        for span in fact.spans():
            is_right = article.text[span.start : span.end] == span.text
            scores.ask("provenance", is_right=is_right)
            if not is_right:
                scores.fault("provenance", f"{article.name}: {fact.type} {span.text!r} doesn't stand at {span.start}")


def _names(article: GoldArticle, type_: str, found: list[Found], scores: Scores) -> None:
    gold = article.marked(type_)
    strict = _extents(gold) & _extents(found)
    lenient = pairs(gold, found, overlaps)
    scores.add(f"{type_} strict", len(strict), len(found), len(gold))
    scores.add(f"{type_} lenient", len(lenient), len(found), len(gold))
    _note(article, type_, gold, found, lenient, scores)


def _dates(article: GoldArticle, found: list[Found], scores: Scores) -> None:
    gold = article.marked("date")
    lenient = pairs(gold, found, overlaps)
    right = [(mark, one) for mark, one in lenient if _is_same_value(mark, one.fact)]
    scores.add("date strict", len(_extents(gold) & _extents(found)), len(found), len(gold))
    scores.add("date lenient", len(lenient), len(found), len(gold))
    scores.add("date value", len(right), len(found), len(gold))
    for mark, one in lenient:
        if not _is_same_value(mark, one.fact):
            is_, got = f"{mark.get('type')} {mark.get('value')}", f"{one.fact.timex} {one.fact.value}"
            scores.fault("date", f"{article.name}: {mark.text!r} is {is_}, got {one.span.text!r} {got}")
    _note(article, "date", gold, found, lenient, scores)


def _counts(article: GoldArticle, found: list[Found], scores: Scores) -> None:
    gold = article.marked("count")
    matched = pairs(gold, found, MATCHES["count"])
    scores.add("count strict", _same_extents(matched), len(found), len(gold))
    scores.add("count value", len(matched), len(found), len(gold))
    scores.add("count lenient", len(pairs(gold, found, overlaps)), len(found), len(gold))
    for mark, one in matched:
        count: Count = one.fact
        scores.ask("count comparator", is_right=(mark.get("cmp") or "exact") == count.comparator)
        scores.ask("count kind", is_right=(mark.get("kind") or "cardinal") == count.kind)
        scores.ask("count category", is_right=mark.get("cat") == count.category)
        if mark.get("counted"):
            scores.ask("count counted", is_right=have_word_in_common(mark.get("counted"), _text(count.counted)))
        if mark.get("source"):
            source = count.attribution.source if count.attribution else None
            scores.ask("count source", is_right=have_word_in_common(mark.get("source"), _text(source)))
    _note(article, "count", gold, found, matched, scores)


def _events(article: GoldArticle, found: list[Found], scores: Scores) -> None:
    gold = article.marked("ev")
    matched = pairs(gold, found, MATCHES["event"])
    scores.add("event strict", _same_extents(matched), len(found), len(gold))
    scores.add("event trigger", len(matched), len(found), len(gold))
    scores.add("event lenient", len(pairs(gold, found, overlaps)), len(found), len(gold))
    breaks = [match.end() for match in _BREAK.finditer(article.text)]
    in_gold = {(bisect_right(breaks, mark.start), mark.get("type")) for mark in gold}
    in_found = {(bisect_right(breaks, one.start), one.fact.event_type) for one in found}
    scores.add("event sentence", len(in_gold & in_found), len(in_found), len(in_gold))
    for mark, one in matched:
        scores.ask("event modality", is_right=(mark.get("mod") or "actual") == one.fact.modality)
        for role in ("agent", "target"):
            if mark.get(role):
                told = [argument.span.text for argument in one.fact.arguments if argument.role == role]
                is_right = any(have_word_in_common(mark.get(role), text) for text in told)
                scores.ask(f"event {role}", is_right=is_right)
    _note(article, "event", gold, found, matched, scores)


def _statements(article: GoldArticle, found: list[Found], scores: Scores) -> None:
    gold = article.marked("said")
    matched = pairs(gold, found, MATCHES["statement"])
    scores.add("statement strict", _same_extents(matched), len(found), len(gold))
    scores.add("statement lenient", len(pairs(gold, found, overlaps)), len(found), len(gold))
    scores.add("statement", len(matched), len(found), len(gold))
    for mark, one in matched:
        if mark.get("speaker"):
            is_right = have_word_in_common(mark.get("speaker"), _text(one.fact.speaker))
            scores.ask("statement speaker", is_right=is_right)
    _note(article, "statement", gold, found, matched, scores)


def _note(
    article: GoldArticle, type_: str, gold: Sequence[Mark], found: Sequence[Found], matched: Pairs, scores: Scores
) -> None:
    """Notes what no pair has: missed where it stands in gold, wrong where it was found."""
    paired = {id(mark) for mark, _ in matched} | {id(one) for _, one in matched}
    for mark in gold:
        if id(mark) not in paired:
            scores.fault(type_, f"{article.name}: missed {_brief(mark.text)} {' '.join(mark.attributes.values())}")
    for one in found:
        if id(one) not in paired:
            scores.fault(type_, f"{article.name}: wrong {_brief(one.span.text)} {one.fact.canonical()}")


def _found(facts: Iterable[Envelope], kind: type[Envelope]) -> list[Found]:
    return [Found(fact.span, fact) for fact in facts if isinstance(fact, kind)]


def _extents(marks: Iterable[Mark | Found]) -> set[tuple[int, int]]:
    return {(mark.start, mark.end) for mark in marks}


def _same_extents(matched: Pairs) -> int:
    return sum(_has_extent_of(mark, one) for mark, one in matched)


def _has_extent_of(mark: Mark, one: Found) -> bool:
    return (mark.start, mark.end) == (one.start, one.end)


def _is_same_value(mark: Mark, date: Date) -> bool:
    return (mark.get("type"), mark.get("value")) == (date.timex, date.value)


def _is_same_number(mark: Mark, count: Count) -> bool:
    if mark.get("value"):
        return _number(mark.get("value")) == count.value
    return (_number(mark.get("low")), _number(mark.get("high"))) == (count.low, count.high)


MATCHES: dict[str, Callable[[Mark, Found], bool]] = {
    **dict.fromkeys(ENTITIES, _has_extent_of),
    "date": lambda mark, one: overlaps(mark, one) and _is_same_value(mark, one.fact),
    "count": lambda mark, one: overlaps(mark, one) and _is_same_number(mark, one.fact),
    "event": lambda mark, one: overlaps(mark, one) and mark.get("type") == one.fact.event_type,
    "statement": shares_half,
}
_TAGS = {"event": "ev", "statement": "said"}


def right_ones(article: GoldArticle, facts: Sequence[Envelope]) -> set[str]:
    """The ids of the facts that gold has: what a confidence is a confidence of.

    Right is an entity whose span is a mention of its type, a date or count with the value or bounds of one that it
    overlaps, an event of the type of the trigger that it overlaps, a statement that shares half with one.
    """
    right: set[str] = set()
    for type_, is_match in MATCHES.items():
        found = [Found(fact.span, fact) for fact in facts if fact.type == type_]
        right |= {one.fact.id for _, one in pairs(article.marked(_TAGS.get(type_, type_)), found, is_match)}
    return right


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def _brief(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:79]}…")


def facts_by_name(path: Path) -> dict[str, list[Envelope]]:
    """The facts of a file, or of a folder of annotated articles, by the name that their article has in gold.

    Raises:
        ReadError: the file can't be read.
        LineError: a line is no fact.
        DataFileError: the annotated articles are broken.
    """
    if path.is_dir():
        return defaultdict(list, {article.name: facts_in(article) for article in read_gold(path)})
    by_article: dict[str, list[Envelope]] = defaultdict(list)
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                fact = _fact(line, f"{path}:{number}")
                by_article[name_of(fact.article.id)].append(fact)
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(path), expected="a file of facts") from error
    return by_article


def _fact(line: bytes, where: str) -> Envelope:
    try:
        return cast(Callable[[bytes], Envelope], FACT.validate_json)(line)
    except ValidationError as error:
        raise LineError(f"no fact: {error.errors()[0]['msg']}", where=where, expected="a fact",
                        advice="Run `extract verify` on the file") from error  # fmt: skip
