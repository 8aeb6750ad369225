"""News articles in, checked facts out.

    from extract import Article, load
    facts = load().extract(Article(id="1", text="..."))

Names are imported when first used: reading and validating facts needs no NLP stack.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from extract._version import __version__

if TYPE_CHECKING:
    from extract.article import Article
    from extract.fact import Count, Date, Event, Fact, Organisation, Person, Place, Span, Statement
    from extract.pipeline import Extraction, Extractor, load

_HOME = {
    "Article": "extract.article",
    **dict.fromkeys(
        ("Count", "Date", "Event", "Fact", "Organisation", "Person", "Place", "Span", "Statement"), "extract.fact"
    ),
    **dict.fromkeys(("Extraction", "Extractor", "load"), "extract.pipeline"),
}

__all__ = [
    "Article", "Count", "Date", "Event", "Extraction", "Extractor", "Fact", "Organisation", "Person", "Place", "Span",
    "Statement", "__version__", "load",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'extract' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
