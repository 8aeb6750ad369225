"""What tests of reading ask of outcomes."""

from __future__ import annotations

from extract import Article
from extract.reading import ReadOptions, read_articles


def read(*inputs, **options):
    return list(read_articles([str(i) for i in inputs], ReadOptions(**options)))


def of_kind(outcomes, kind=Article):
    return [outcome for outcome in outcomes if isinstance(outcome, kind)]


def only(outcomes, kind=Article):
    found = of_kind(outcomes, kind)
    assert len(found) == 1, outcomes
    return found[0]
