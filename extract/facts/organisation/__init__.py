"""The room of organisations: named in the article, one fact each."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.names import take
from extract.room import Declined, Draft, Room


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the organisations of the article."""
    return take(doc, "organisation")


ORGANISATION = Room("organisation", read)
