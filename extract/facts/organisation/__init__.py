"""The room of organisations."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.room import Declined, Draft, Room


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the organisations of the article."""
    yield from ()


ORGANISATION = Room("organisation", read)
