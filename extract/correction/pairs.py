"""Decisions on two entities: these are one, or these are two, whatever a program may think."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from extract.correction.outcome import Line, Outcome, outcome
from extract.fact import FACT, Envelope, Organisation, Person, Place

if TYPE_CHECKING:
    from extract.correction.replay import Corrected

ENTITIES = (Person, Organisation, Place)
Pair = frozenset[str]


def standing_pairs(lines: Iterable[Line]) -> dict[Pair, list[Line]]:
    """The lines on each pair of entities, in order."""
    pairs: dict[Pair, list[Line]] = defaultdict(list)
    for line in lines:
        if line.decision.other:
            pairs[frozenset((line.decision.fact, line.decision.other.fact))].append(line)
    return pairs


def identities(lines: Iterable[Line]) -> Iterator[tuple[Literal["merge", "keep_apart"], str, str]]:
    """Yields (decision, fact, fact) as each pair stands: what a linker of entities across articles has to obey."""
    for pair in standing_pairs(lines).values():
        decision = pair[-1].decision
        if decision.other and decision.action in {"merge", "keep_apart"}:
            yield ("merge" if decision.action == "merge" else "keep_apart"), decision.fact, decision.other.fact


def same_entities(lines: Iterable[Line]) -> list[frozenset[str]]:
    """The groups of facts, across articles, that people said are one; none holds two that they keep apart."""
    groups: dict[str, set[str]] = {}
    apart: list[Pair] = []
    for decision, one, other in identities(lines):
        if decision == "keep_apart":
            apart.append(frozenset((one, other)))
            continue
        joined = groups.get(one, {one}) | groups.get(other, {other})
        groups |= dict.fromkeys(joined, joined)
    found = {frozenset(group) for group in groups.values()}
    return sorted((group for group in found if not any(pair <= group for pair in apart)), key=sorted)


def shared_identifiers(groups: Iterable[frozenset[str]], known: Mapping[str, str | None]) -> dict[str, str]:
    """The gazetteer's identifier of each fact that has none, from those that are one with it and agree on one.

    >>> shared_identifiers([frozenset("abc")], {"a": "Q1", "b": None, "c": None})
    {'b': 'Q1', 'c': 'Q1'}
    """
    found: dict[str, str] = {}
    for group in groups:
        identifiers = {kb for id_ in group if (kb := known.get(id_))}
        if len(identifiers) == 1:
            (kb,) = identifiers
            found |= {id_: kb for id_ in sorted(group) if not known.get(id_)}
    return found


def replay_pairs(corrected: Corrected, lines: Sequence[Line]) -> Iterator[Outcome]:
    """Merges what is to be merged; yields what became of each line."""
    for pair in standing_pairs(lines).values():
        final = pair[-1]
        kept = _replay_pair(corrected, final)
        quarrel = len({line.decision.action for line in pair if _is_last_of_its_annotator(line, pair)}) > 1
        for line in pair:
            if not _is_last_of_its_annotator(line, pair):
                yield outcome(line, "superseded")
            elif quarrel:
                yield outcome(line, "conflict", "the last word" if line is final else f"line {final.number} stands")
            else:
                yield outcome(line, kept.what, kept.why)


def _is_last_of_its_annotator(line: Line, pair: Sequence[Line]) -> bool:
    return all(other.order <= line.order for other in pair if other.decision.annotator == line.decision.annotator)


def _replay_pair(corrected: Corrected, line: Line) -> Outcome:
    decision = line.decision
    if decision.other is None or decision.other.anchor.article.text_sha256 != decision.text_sha256:
        return outcome(line, "applied", "kept for whoever links entities across articles")
    one, other = (_present(corrected, id_) for id_ in (decision.fact, decision.other.fact))
    if decision.action == "keep_apart":
        return outcome(line, "applied" if one and other else "orphaned", "" if one and other else "one of them is gone")
    if one is None or other is None:
        return outcome(line, "already so" if one or other else "orphaned", "only one of them is there")
    if one.id == other.id:
        return outcome(line, "already so")
    kept, gone = (one, other) if len(one.name) >= len(other.name) else (other, one)
    corrected.facts[kept.id] = _merged(kept, gone)
    corrected.drop(gone.id, kept.id)
    return outcome(line, "applied")


def _present(corrected: Corrected, id_: str) -> Person | Organisation | Place | None:
    next_: str | None = id_
    for _ in range(len(corrected.became) + 1):
        if next_ is None or next_ in corrected.facts:
            break
        next_ = corrected.became.get(next_)
    fact = corrected.facts.get(next_) if next_ else None
    return fact if isinstance(fact, ENTITIES) else None


def _merged(kept: Person | Organisation | Place, gone: Person | Organisation | Place) -> Envelope:
    mentions = {(m.start, m.end): m for m in (*kept.mentions, *gone.mentions)}
    changes: dict[str, Any] = {"mentions": tuple(mentions[key] for key in sorted(mentions)), "kb": kept.kb or gone.kb}
    if isinstance(kept, Person) and isinstance(gone, Person):
        roles = {(r.span.start, r.span.end): r for r in (*gone.roles, *kept.roles)}
        changes["roles"] = tuple(roles[key] for key in sorted(roles))
    return FACT.validate_python(kept.model_copy(update=changes).model_dump(mode="json", by_alias=True))
