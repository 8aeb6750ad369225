"""Rule by rule: how much of what it made is in gold, and how much people accepted, edited and rejected."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extract.correction.status import Tally
from extract.evaluation.gold import read_gold
from extract.evaluation.score import facts_by_name, right_ones


@dataclass(slots=True)
class Record:
    """How a rule fared: facts that it made on gold and how many are right; decisions on what it made."""

    made: int = 0
    right: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0

    @property
    def order(self) -> tuple[int, int]:
        """Most faults first."""
        return -(self.made - self.right + self.edited + self.rejected), -(self.made + self.accepted)

    def as_json(self) -> dict[str, Any]:
        """The numbers by name."""
        return asdict(self)


def by_rule(gold: Path | None, facts: Path, decided: dict[str, Tally]) -> dict[str, Record]:
    """The record of each `component/rule`, the one with the most faults first; `decided` is what the log's status has.

    Raises:
        DataFileError: the gold is broken.
        ReadError: the facts can't be read.
        LineError: a line of them is no fact.
    """
    records: dict[str, Record] = defaultdict(Record)
    by_article = facts_by_name(facts) if gold else {}
    for article in read_gold(gold) if gold else ():
        made = by_article[article.name]
        right = right_ones(article, made)
        for fact in made:
            record = records[f"{fact.by.component}/{fact.by.rule}"]
            record.made += 1
            record.right += fact.id in right
    for rule, tally in decided.items():
        records[rule].accepted += tally["accept"]
        records[rule].edited += tally["edit"]
        records[rule].rejected += tally["reject"]
    return dict(sorted(records.items(), key=lambda pair: (pair[1].order, pair[0])))
