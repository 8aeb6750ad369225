"""How far annotators agree, from their decisions in the log.

On facts that several decided: Cohen's kappa for two (accepted, edited or rejected), Krippendorff's alpha (nominal) for
all. On what each lets stand of them, with what each added in articles that both read: F1, as span, type and value.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from extract.correction.apply import lines_of, read_articles, with_lines
from extract.correction.entry import OF_PAIRS, Correction
from extract.correction.replay import by_fact, latest, without_undone
from extract.fact import Envelope

FEW = 30  # decisions: on fewer, the numbers say little
Verdicts = dict[str, Correction]  # annotator -> the last decision


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators: facts that both decided, how many alike, kappa (None where chance alone gives all), F1."""

    one: str
    other: str
    shared: int
    alike: int
    kappa: float | None
    f1: float | None

    @property
    def is_few(self) -> bool:
        """Whether they share too few decisions to tell."""
        return self.shared < FEW


@dataclass(slots=True)
class Agreement:
    """All pairs that share decisions, alpha over all annotators, and how many facts several decided."""

    pairs: list[Pair] = field(default_factory=list)
    alpha: float | None = None
    units: int = 0

    @property
    def is_few(self) -> bool:
        """Whether too few facts were decided by several."""
        return self.units < FEW

    def as_json(self) -> dict[str, Any]:
        """All numbers; a share to three digits."""
        pairs = [
            {"annotators": [pair.one, pair.other], "shared": pair.shared, "alike": pair.alike, "few": pair.is_few,
             "kappa": _rounded(pair.kappa), "f1": _rounded(pair.f1)}
            for pair in self.pairs
        ]  # fmt: skip
        return {"alpha": _rounded(self.alpha), "facts": self.units, "few": self.is_few, "pairs": pairs}


def agreement(log: Path, facts: Path, articles: Path | None = None) -> Agreement:
    """The agreement of the annotators of a log on a file of facts.

    Raises:
        ReadError: a file can't be read.
        LineError: a line of facts is broken.
    """
    known = dict(read_articles(articles)) if articles else {}
    read = [list(_verdicts(one.lines)) for one in with_lines(facts, lines_of(log)[0], known)[0] if one.lines]
    several = [group for article in read for group in article if len(group) > 1 and not _is_added(group)]
    annotators = sorted({name for article in read for group in article for name in group})
    found = Agreement(units=len(several))
    found.alpha = krippendorff([[one.action for one in group.values()] for group in several])
    for one, other in combinations(annotators, 2):
        pair = _pair(one, other, read)
        if pair.shared:
            found.pairs.append(pair)
    return found


def _verdicts(lines: Iterable[Any]) -> Iterator[Verdicts]:
    standing = [line for line in without_undone(lines)[0] if line.decision.action not in OF_PAIRS]
    for group in by_fact(standing).values():
        yield {name: line.decision for name, line in latest(group).items()}


def _is_added(group: Verdicts) -> bool:
    return any(decision.action == "add" for decision in group.values())


def _pair(one: str, other: str, read: list[list[Verdicts]]) -> Pair:
    labels: list[tuple[str, str]] = []
    stand: dict[str, Counter[Any]] = defaultdict(Counter)
    for article in read:
        both = [group for group in article if one in group and other in group]
        labels += [(group[one].action, group[other].action) for group in both if not _is_added(group)]
        for name in (one, other) if both else ():
            added = (group[name] for group in article if name in group and _is_added(group) and group not in both)
            kept = [*(group[name] for group in both), *added]
            stand[name].update(headline(line.value) for line in kept if line.value and line.action != "reject")
    hits, total = (stand[one] & stand[other]).total(), stand[one].total() + stand[other].total()
    alike = sum(a == b for a, b in labels)
    return Pair(one, other, len(labels), alike, cohen(labels), 2 * hits / total if total else None)


def headline(fact: Envelope) -> tuple[Any, ...]:
    """What two annotators' facts must share to be the same: article, span, type, and the value or event type."""
    named = ("value", "low", "high", "timex", "event_type")
    values = tuple(getattr(fact, name, None) for name in named)
    return fact.article.text_sha256, fact.span.start, fact.span.end, fact.type, *values


def cohen(labels: list[tuple[str, str]]) -> float | None:
    """Cohen's kappa of pairs of labels; None where chance alone would give all of them.

    >>> cohen([("a", "a"), ("a", "r"), ("r", "r"), ("r", "r")]), cohen([("a", "a")])
    (0.5, None)
    """
    if not labels:
        return None
    seen = sum(one == other for one, other in labels) / len(labels)
    first, second = Counter(one for one, _ in labels), Counter(other for _, other in labels)
    chance = sum(first[label] * second[label] for label in first) / len(labels) ** 2
    return (seen - chance) / (1 - chance) if chance < 1 else None


def krippendorff(units: list[list[str]]) -> float | None:
    """Krippendorff's alpha for nominal labels (2011); None where only one label is used, or nothing is labelled twice.

    >>> krippendorff([["a", "a"], ["r", "r"], ["a", "r"], ["a", "a"]])
    0.5333333333333333
    """
    pairable = [unit for unit in units if len(unit) > 1]
    totals = Counter(label for unit in pairable for label in unit)
    number = totals.total()
    if len(totals) < 2:
        return None
    observed = 0.0
    for unit in pairable:
        counts = Counter(unit)
        observed += sum(count * (len(unit) - count) for count in counts.values()) / (len(unit) - 1)
    expected = sum(count * (number - count) for count in totals.values()) / (number - 1)
    return 1 - observed / expected


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)
