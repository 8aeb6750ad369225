"""How a fact is told: as having happened, negated, possible, future or conditional."""

from __future__ import annotations

from spacy.tokens import Token


def modality_of(token: Token) -> str:
    """The modality of what the token tells."""
    return "actual"
