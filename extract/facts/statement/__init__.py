"""The room of statements: what the article attributes to someone, in direct or indirect speech."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from extract.facts.statement.page import Page
from extract.facts.statement.rules import RULES, statements
from extract.facts.statement.schema import Found
from extract.facts.statement.scopes import scopes
from extract.room import Declined, Draft, Room, draft

# where the scopes of attributions wait for the link step: (start, end, attribution)
SCOPES = "extract.scopes"


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the statements of the article, and the quotations that are none with the reason.

    Leaves the scopes of all attributions, which are wider than statements, under `doc.user_data[SCOPES]`.
    """
    page = Page(doc)
    told: list[Found] = []
    for found in statements(page):
        if isinstance(found, Found):
            told.append(found)
            fields = found.fields(page.text)
            yield draft(
                doc, "statement", found.start, found.end, found.rule, fields=fields, confidence=found.confidence
            )
        else:
            yield found
    doc.user_data[SCOPES] = [(s.start, s.end, s.attribution(page.text)) for s in scopes(page, told)]


STATEMENT = Room("statement", read, reads=("person", "organisation", "place"), rules=RULES)
