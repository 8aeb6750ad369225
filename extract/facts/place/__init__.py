"""The room of places."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.room import Declined, Draft, Room


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the places of the article."""
    yield from ()


PLACE = Room("place", read)
