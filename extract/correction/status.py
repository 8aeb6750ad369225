"""What a log has done so far: how much of a file of facts was looked at, by whom, and how each rule fared."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from extract.correction.apply import Summary, apply

Tally = Counter[str]


@dataclass(slots=True)
class Status:
    """Outcomes, decisions by annotator and action, decisions by rule and action, articles with a decision."""

    summary: Summary
    by_annotator: dict[str, Tally] = field(default_factory=lambda: defaultdict(Counter))
    by_rule: dict[str, Tally] = field(default_factory=lambda: defaultdict(Counter))
    articles: set[str] = field(default_factory=set)


def status(facts: Path, log: Path, *, articles: Path | None = None) -> Status:
    """Replays the log without keeping the facts, and counts.

    Raises:
        ReadError: a file can't be read.
        LineError: a line of facts is broken.
    """
    lines, summary = apply(facts, log, articles=articles)
    for _ in lines:
        pass
    found = Status(summary)
    for outcome in summary.outcomes:
        if outcome.what in {"undone", "superseded"}:
            continue
        decision = outcome.decision
        found.articles.add(decision.anchor.article.id)
        found.by_annotator[decision.annotator][decision.action] += 1
        if decision.by and decision.action in {"accept", "reject", "edit"}:
            found.by_rule[f"{decision.by.component}/{decision.by.rule}"][decision.action] += 1
    return found
