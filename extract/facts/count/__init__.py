"""The room of counts."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.room import Declined, Draft, Room


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the counts of the article."""
    yield from ()


COUNT = Room("count", read)
