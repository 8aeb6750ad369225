"""What two versions of the facts of the same articles disagree on, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from extract.correction.references import REFERENCE_FIELDS
from extract.correction.replay import content
from extract.evaluation.gold import GoldArticle
from extract.evaluation.measures import overlaps
from extract.evaluation.score import Found, facts_by_name, right_ones
from extract.fact import Envelope

_PLACE = frozenset({"schema_", "schema", "id", "span"})


@dataclass(frozen=True, slots=True)
class Change:
    """What was a fact and what is one now; `fields` are (name, was, is) where both are there."""

    was: Envelope | None
    now: Envelope | None
    fields: tuple[tuple[str, str, str], ...] = ()
    verdicts: tuple[bool | None, bool | None] = (None, None)  # whether gold has what was, what is

    @property
    def fact(self) -> Envelope:
        """The one that is there, the newer where both are."""
        found = self.now or self.was
        assert found is not None
        return found

    def as_json(self) -> dict[str, Any]:
        """Ids, type, words and fields."""
        return {
            "type": self.fact.type, "was": self.was.id if self.was else None, "now": self.now.id if self.now else None,
            "text": self.fact.span.text, "fields": [list(one) for one in self.fields], "right": list(self.verdicts),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the changes in it, in the order of the text."""

    article: str
    start: int
    end: int
    changes: tuple[Change, ...]


@dataclass(slots=True)
class Difference:
    """The sentences with changes, articles that have another text by now, and articles that one side lacks."""

    sentences: list[Sentence] = field(default_factory=list)
    other_text: list[str] = field(default_factory=list)
    same: int = 0


def compare(old: Path, new: Path, gold: Mapping[str, GoldArticle] | None = None) -> Difference:
    """What `new` has otherwise than `old`; how sure they are and what made them aside.

    With `gold` (by name), each change says which side is right.

    Raises:
        ReadError: a file can't be read.
        LineError: a line is no fact.
    """
    before, after = facts_by_name(old), facts_by_name(new)
    found = Difference()
    for name in sorted({*before, *after}):
        was, now = before.get(name, []), after.get(name, [])
        if was and now and was[0].article.text_sha256 != now[0].article.text_sha256:
            found.other_text.append(name)
            continue
        changes = list(_changes(was, now))
        found.same += len({fact.id for fact in now}) - sum(one.now is not None for one in changes)
        found.sentences += _by_sentence(name, _judged(changes, was, now, (gold or {}).get(name)))
    return found


def _changes(old: Sequence[Envelope], new: Sequence[Envelope]) -> Iterator[Change]:
    before, after = {fact.id: fact for fact in old}, {fact.id: fact for fact in new}
    for id_ in before.keys() & after.keys():
        fields = _fields(before[id_], after[id_], before | after)
        if fields:
            yield Change(before[id_], after[id_], fields)
    gone = [Found(fact.span, fact) for id_, fact in before.items() if id_ not in after]
    for fact in (fact for id_, fact in after.items() if id_ not in before):
        here = Found(fact.span, fact)
        was = next((one for one in gone if one.fact.type == fact.type and overlaps(one, here)), None)
        if was:
            gone.remove(was)
            yield Change(was.fact, fact, _fields(was.fact, fact, before | after))
        else:
            yield Change(None, fact)
    yield from (Change(one.fact, None) for one in gone)


def _fields(was: Envelope, now: Envelope, facts: Mapping[str, Envelope]) -> tuple[tuple[str, str, str], ...]:
    one, other = content(was), content(now)
    names = [name for name in other if name not in _PLACE and one.get(name) != other[name]]
    moved = (("span", was.span.text, now.span.text),) if was.span != now.span else ()
    return (*moved, *((name, *_sides(name, one.get(name), other[name], facts)) for name in names))


def _sides(name: str, was: Any, now: Any, facts: Mapping[str, Envelope]) -> tuple[str, str]:
    """The two in words; of lists, only what one side has and the other lacks."""
    if isinstance(was, list) and isinstance(now, list):
        was, now = [one for one in was if one not in now], [one for one in now if one not in was]
    return _words(name, was, facts), _words(name, now, facts)


def _words(name: str, value: Any, facts: Mapping[str, Envelope]) -> str:
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "text"}:
            return str(value["text"])
        parts = ((key, _words(key, part, facts)) for key, part in value.items() if part is not None)
        return " ".join(text for _, text in parts)
    if isinstance(value, list):
        return "; ".join(_words(name, part, facts) for part in value) or "none"
    if name in REFERENCE_FIELDS and isinstance(value, str):
        return f"[{facts[value].span.text}]" if value in facts else "[another fact]"
    return "none" if value is None else str(value)


def _judged(
    changes: list[Change], old: Sequence[Envelope], new: Sequence[Envelope], gold: GoldArticle | None
) -> list[Change]:
    if gold is None:
        return changes
    right_then, right_now = right_ones(gold, old), right_ones(gold, new)
    return [
        Change(one.was, one.now, one.fields,
               (one.was.id in right_then if one.was else None, one.now.id in right_now if one.now else None))
        for one in changes
    ]  # fmt: skip


def _by_sentence(article: str, changes: list[Change]) -> Iterator[Sentence]:
    def place(change: Change) -> tuple[int, int]:
        return change.fact.sentence.start, change.fact.sentence.end

    ordered = sorted(changes, key=lambda one: (place(one), one.fact.span.start, -one.fact.span.end, one.fact.id))
    for (start, end), group in groupby(ordered, place):
        yield Sentence(article, start, end, tuple(group))
