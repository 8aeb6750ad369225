"""Who, in the text, vouches for a fact."""

from __future__ import annotations

from spacy.tokens import Doc


def attribute(doc: Doc) -> None:
    """Sets the nearest attribution whose scope holds the draft."""
