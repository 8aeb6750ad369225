"""Names by their shape: capitalised words around a head such as "Ministry"."""

from __future__ import annotations

from spacy.tokens import Token

from extract.names.extent import is_possessive, plain, starts_upper, trim
from extract.names.found import Found
from extract.names.mention import ORGANISATION, PLACE, mention
from extract.names.words import words

SHAPE_CONFIDENCE = 0.75
_LINKS = frozenset({"of", "for", "the", "and"})


def add_shapes(found: Found) -> None:
    """Adds what is an organisation by the shape of its name: capitalised words around a head such as "Ministry"."""
    doc, heads, after = found.doc, words().strong_heads, 0
    for i, word in enumerate(found.words):
        if i < after or found.lower[i] not in heads or not word.istitle() or found.at(i):
            continue
        first, last = capitalised_around(found, i, links=_LINKS)
        after = last
        if last - first > 1 and not found.is_headline(i):
            first, last = trim(doc, first, last, ORGANISATION)
            if last - first > 1 and _only_places_inside(found, first, last):
                like = mention(doc, first, last, ORGANISATION, "shape", confidence=SHAPE_CONFIDENCE)
                found.put(first, last, like)


def _only_places_inside(found: Found, first: int, last: int) -> bool:
    """Whether nothing is named inside but a place after "of", which then gives way: "Government of Guatemala"."""
    inside = found.within(first, last)
    return not any(
        m.type != PLACE or m.last > last or found.doc[m.first - 1].lower_ not in {"of", "the"} for m in inside
    )


def capitalised_around(found: Found, i: int, *, links: frozenset[str]) -> tuple[int, int]:
    """The tokens of the name around a head: capitalised words before it, and after it those of an "of" phrase."""
    doc, first, last = found.doc, i, i + 1
    while first > 0 and belongs(doc[first - 1], before=True) and not doc[first].is_sent_start:
        first -= 1
    while last < len(doc) and belongs(doc[last], before=False):
        last += 1
    link = last
    while link < len(doc) and (doc[link].lower_ in links or belongs(doc[link], before=False)):
        link += 1
        if belongs(doc[link - 1], before=False):
            last = link
    return first, last


def belongs(token: Token, *, before: bool) -> bool:
    """Whether a token beside a name's head may be part of the name."""
    if is_possessive(token):
        return before
    word = plain(token)
    return token.is_alpha and starts_upper(token) and word not in words().openers and word not in words().never
