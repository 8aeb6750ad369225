"""A mention: one place in the article that names a person, an organisation or a place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc

from extract.names.words import words

PERSON, ORGANISATION, PLACE = "person", "organisation", "place"
TYPE_OF_LABEL = {
    "PERSON": PERSON,
    "PER": PERSON,
    "ORG": ORGANISATION,
    "GPE": PLACE,
    "LOC": PLACE,
    "FAC": PLACE,
}


@dataclass(slots=True)
class Mention:
    """Tokens `first` to `last` (exclusive) name something of a type; `rule` found them, `entry` knows them."""

    first: int
    last: int
    start: int
    end: int
    text: str
    type: str
    label: str
    rule: str
    confidence: float
    entry: str | None = None
    bracketed: bool = False
    gender: str | None = None

    @property
    def key(self) -> str:
        """What equal names share: case, accents and full stops don't count."""
        return fold(self.text)


def mention(doc: Doc, first: int, last: int, type_: str, rule: str, **more: object) -> Mention:
    """The mention over tokens `first` to `last` (exclusive)."""
    span = doc[first:last]
    text = span.text
    if "-" in text or "–" in text:
        text = _without_compound(text)
    label = str(more.pop("label", ""))
    confidence = more.pop("confidence", 0.8)
    assert isinstance(confidence, float)
    bracketed = first > 0 and last < len(doc) and doc[first - 1].text == "(" and doc[last].text == ")"
    made = Mention(
        first,
        last,
        span.start_char,
        span.start_char + len(text),
        text,
        type_,
        label,
        rule,
        confidence,
        bracketed=bracketed,
    )
    if first and type_ == PERSON:
        made.gender = _gender_of_title(doc[first - 1].lower_.rstrip("."))
    return made


# What hangs on a name by a hyphen and is no part of it: "U.S.-based".
COMPOUND_PARTS = frozenset({
    "based", "led", "backed", "run", "era", "style", "linked", "born", "appointed", "aligned", "controlled", "held",
    "like", "wide", "area", "bound", "speaking", "built", "made", "written", "drawn", "owned", "sent", "related",
})  # fmt: skip


def _without_compound(text: str) -> str:
    """The name without a hyphen that hangs on, and without the second half of a compound.

    >>> _without_compound("U.S.-based"), _without_compound("Kesh-"), _without_compound("Al-Ahram")
    ('U.S.', 'Kesh', 'Al-Ahram')
    """
    name, _, rest = text.rpartition("-")
    cut = name if rest in COMPOUND_PARTS else text
    return cut.rstrip("-–") or text


def _gender_of_title(word: str) -> str | None:
    if word in words().titles_m:
        return "m"
    return "f" if word in words().titles_f else None


_LETTERS = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "’": "'", ".": None})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The text in lower case without accents, full stops and double spaces.

    >>> fold("U.S."), fold("Łukasz  Gómez")
    ('us', 'lukasz gomez')
    """
    if text.isascii():
        return " ".join(text.replace(".", "").lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())
