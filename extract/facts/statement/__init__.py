"""The room of statements: what the article attributes to someone, in direct or indirect speech."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.facts.statement.page import Page
from extract.facts.statement.rules import statements
from extract.facts.statement.schema import Found
from extract.room import Declined, Draft, Room, draft


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the statements of the article, and the quotations that are none with the reason."""
    page = Page(doc)
    for found in statements(page):
        if isinstance(found, Found):
            fields = found.fields(page.text)
            yield draft(
                doc, "statement", found.start, found.end, found.rule, fields=fields, confidence=found.confidence
            )
        else:
            yield found


STATEMENT = Room("statement", read, reads=("person", "organisation", "place"))
