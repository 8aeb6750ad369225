"""The room of persons: named in the article, one fact each."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.names import take
from extract.room import Declined, Draft, Room


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the persons of the article."""
    return take(doc, "person")


PERSON = Room("person", read)
