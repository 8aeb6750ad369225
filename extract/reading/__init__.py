"""Files, folders, globs and standard input -> articles.

`read_articles(inputs, options)` yields, in an order that depends on names and not on how the inputs were listed,
an `Article` for each article, a `Failure` for each that can't be used, a `Repeat` for each that is left out because
an earlier one says the same, and a `Notice` for what is worth knowing.
No text is edited, not even white space; an article of HTML is its main text.
"""

from __future__ import annotations

from extract.reading.articles import read_articles
from extract.reading.gauge import Gauge
from extract.reading.outcome import Failure, Notice, Outcome, Repeat
from extract.reading.page import Page
from extract.reading.record import Keys, ReadOptions
from extract.reading.sources import Source, find_sources

__all__ = [
    "Failure", "Gauge", "Keys", "Notice", "Outcome", "Page", "ReadOptions", "Repeat", "Source", "find_sources",
    "read_articles",
]  # fmt: skip
