"""The log replayed on the facts of one article: the last decision stands, and nothing refers to what is gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from extract.correction.entry import OF_PAIRS, Correction
from extract.correction.outcome import Line, Outcome, outcome
from extract.correction.pairs import replay_pairs
from extract.correction.references import references, with_references
from extract.fact import FACT, FACT_TYPES, ArticleReference, Envelope

_TYPE_ORDER = {name: i for i, name in enumerate(FACT_TYPES)}
Content = dict[str, Any]


@dataclass(slots=True)
class Corrected:
    """The facts of an article while decisions are replayed on them; `became` leads from old ids to new ones."""

    reference: ArticleReference
    facts: dict[str, Envelope]
    became: dict[str, str | None] = field(default_factory=dict)

    def put(self, value: Envelope) -> None:
        """Sets a fact, as one of this article, vouched for by a person."""
        update = {"article": self.reference, "confidence": 1.0}
        self.facts[value.id] = value.model_copy(update=update)
        self.became.pop(value.id, None)

    def drop(self, id_: str, became: str | None = None) -> None:
        """Removes a fact; what refers to it is led to the one that it became."""
        self.facts.pop(id_, None)
        self.became[id_] = became


def replay(
    facts: Sequence[Envelope], lines: Iterable[Line], reference: ArticleReference
) -> tuple[list[Envelope], list[Outcome]]:
    """The article's facts as the decisions leave them, in the order of the text, and what became of each line."""
    standing, outcomes = without_undone(lines)
    extracted = {fact.id: fact for fact in facts}
    corrected = Corrected(reference, dict(extracted))
    groups = by_fact(line for line in standing if line.decision.action not in OF_PAIRS)
    for root, group in sorted(groups.items(), key=lambda pair: pair[1][-1].order):
        outcomes += _replay_fact(corrected, extracted, root, group)
    outcomes += replay_pairs(corrected, [line for line in standing if line.decision.action in OF_PAIRS])
    return _settled(corrected), sorted(outcomes, key=lambda one: one.line)


def without_undone(lines: Iterable[Line]) -> tuple[list[Line], list[Outcome]]:
    """The lines that stand, in order, and an outcome for each that was taken back and each that takes one back."""
    undone: set[str] = set()
    standing: list[Line] = []
    outcomes: list[Outcome] = []
    ordered = sorted(lines, key=lambda line: line.order)
    has_undo = any(line.decision.undoes for line in ordered)
    for line in reversed(ordered):
        if has_undo and line.decision.digest in undone:
            outcomes.append(outcome(line, "undone"))
        elif line.decision.undoes:
            undone.add(line.decision.undoes)
            outcomes.append(outcome(line, "undone", "takes a line back"))
        else:
            standing.append(line)
    return standing[::-1], outcomes


def by_fact(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines about each fact, in order, under the id that it was extracted with: an edit may change a fact's id."""
    root: dict[str, str] = {}
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        first = root.get(line.decision.fact, line.decision.fact)
        groups[first].append(line)
        if line.decision.value and line.decision.value.id != first:
            root.setdefault(line.decision.value.id, first)
    return groups


def latest(group: Iterable[Line]) -> dict[str, Line]:
    """Each annotator's last line, the last of all at the end."""
    last: dict[str, Line] = {}
    for line in group:
        last.pop(line.decision.annotator, None)
        last[line.decision.annotator] = line
    return last


def disagree(lines: Iterable[Line]) -> bool:
    """Whether the lines want different facts."""
    verdicts = [verdict(line.decision) for line in lines]
    return any(one != verdicts[0] for one in verdicts[1:])


def verdict(decision: Correction) -> Content | str:
    """What a decision makes of its fact: content that is the same for all who agree."""
    return content(decision.value) if decision.value and decision.action != "reject" else decision.action


def content(fact: Envelope) -> Content:
    """What the fact says, whoever says it, however sure."""
    return fact.model_dump(mode="json", exclude={"article", "by", "confidence", "sentence"})


def _replay_fact(
    corrected: Corrected, extracted: dict[str, Envelope], root: str, group: list[Line]
) -> Iterable[Outcome]:
    last = latest(group)
    final = group[-1]
    is_there = not _ids(root, group).isdisjoint(corrected.facts)
    kept = _outcome_of(final, extracted, is_there=is_there)
    if kept.what != "orphaned":
        _put_in_place(corrected, root, group)
    quarrel = disagree(last.values())
    for line in group:
        if line is not last[line.decision.annotator]:
            yield outcome(line, "superseded")
        elif quarrel:
            yield outcome(line, "conflict", _sides(line, final))
        else:
            yield outcome(line, kept.what, kept.why)


def _put_in_place(corrected: Corrected, root: str, group: list[Line]) -> None:
    decision = group[-1].decision
    ids = _ids(root, group)
    kept = None if decision.action == "reject" else decision.value.id if decision.value else decision.fact
    value = decision.value or corrected.facts.get(decision.fact)
    for id_ in ids - {kept}:
        corrected.drop(id_, kept)
    if kept and value:
        corrected.put(value)


def _ids(root: str, group: list[Line]) -> set[str]:
    """Every id that the fact has had."""
    values = (line.decision.value for line in group)
    return {root, *(line.decision.fact for line in group), *(value.id for value in values if value)}


def _outcome_of(line: Line, extracted: dict[str, Envelope], *, is_there: bool) -> Outcome:
    decision = line.decision
    was, value = extracted.get(decision.fact), decision.value
    if decision.action == "reject":
        return outcome(line, "applied" if is_there else "already so")
    if value is None:
        if was is None:
            return outcome(line, "orphaned", "it names a fact that is no longer extracted, and doesn't say what it was")
        return outcome(line, "applied")
    now = extracted.get(value.id)
    same = now is not None and content(now) == content(value)
    if decision.action == "accept":
        return outcome(line, "applied", _what_accepting_did(now, same=same))
    gone = decision.fact == value.id or was is None
    if same and gone:
        return outcome(line, "already so")
    return outcome(line, "applied", "" if was or decision.action == "add" else "what was edited is no longer extracted")


def _what_accepting_did(now: Envelope | None, *, same: bool) -> str:
    if now is None:
        return "no longer extracted: kept as it was accepted"
    return "" if same else "extracted differently by now: kept as it was accepted"


def _sides(line: Line, final: Line) -> str:
    when = f"{final.decision.annotator} at {final.decision.at.isoformat(timespec='seconds')}"
    return "the last word" if line is final else f"{final.decision.action} of {when} stands (line {final.number})"


def _settled(corrected: Corrected) -> list[Envelope]:
    """The facts in order, none with a reference to one that is gone."""
    facts = corrected.facts

    def follow(id_: str) -> str | None:
        seen = set()
        next_: str | None = id_
        while next_ and next_ not in facts and next_ not in seen:
            seen.add(next_)
            next_ = corrected.became.get(next_)
        return next_ if next_ in facts else None

    settled: list[Envelope] = []
    for fact in facts.values():
        as_json = fact.model_dump(mode="json", by_alias=True)
        if any(follow(id_) != id_ for id_ in references(as_json)):
            settled.append(FACT.validate_python(with_references(as_json, follow)))
        else:
            settled.append(fact)
    return sorted(settled, key=lambda f: (f.span.start, -f.span.end, _TYPE_ORDER[f.type], f.id))
