"""The room of dates."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.room import Declined, Draft, Room


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the dates of the article."""
    yield from ()


DATE = Room("date", read)
