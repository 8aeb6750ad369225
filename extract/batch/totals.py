"""What a run has counted so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Totals:
    """What came of the articles: facts by type, declined candidates by type and reason.

    `kept` were not made anew; `skipped` repeat an earlier article.
    """

    articles: int = 0
    failed: int = 0
    words: int = 0
    kept: int = 0
    skipped: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    declined: Counter[str] = field(default_factory=Counter)

    def add(self, tally: Mapping[str, Any], *, kept: bool = False) -> None:
        """Adds what one article came to."""
        self.articles += tally.get("articles", 0)
        self.failed += tally.get("failed", 0)
        self.skipped += tally.get("skipped", 0)
        self.words += tally.get("words", 0)
        self.kept += kept
        self.facts.update(tally.get("facts", {}))
        self.declined.update(tally.get("declined", {}))

    def as_json(self) -> dict[str, Any]:
        """The totals, JSON-shaped, keys sorted."""
        numbers = {"articles": self.articles, "failed": self.failed, "skipped": self.skipped, "words": self.words,
                   "kept": self.kept}  # fmt: skip
        return {**numbers, "facts": dict(sorted(self.facts.items())), "declined": dict(sorted(self.declined.items()))}
