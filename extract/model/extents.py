"""Where a name begins and ends: no determiner, title or honorific before it, no possessive mark after it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib.resources import files

_FILE = files("extract.model").joinpath("words.toml")
_WORDS: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))

DETERMINERS = frozenset(_WORDS["determiners"])
POSSESSIVES = frozenset(("'s", "’s", "'", "’", "`s"))
HONORIFICS = frozenset(_WORDS["honorifics"])
OFFICES = frozenset(_WORDS["offices"])
RANKS = frozenset(_WORDS["ranks"])  # only before an office: "Foreign Minister"
PARTICLES = frozenset(_WORDS["particles"])
ORGANISATION_NOUNS = frozenset(_WORDS["organisation_nouns"])
PLACE_NOUNS = frozenset(_WORDS["place_nouns"])
PRIZES = frozenset(("Prize", "Prizes", "Award", "Awards", "Medal"))
# Abbreviations that stand for a class of things, however capital they are.
CLASSES = frozenset(_WORDS["classes"])
TITLES = HONORIFICS | OFFICES


def trim(words: Sequence[str], label: str) -> tuple[int, int]:
    """The part of `words` that is the name: (start, end).

    >>> trim(["the", "Supreme", "Court", "'s"], "ORG")
    (1, 3)
    >>> trim(["Prime", "Minister", "Boris", "Johnson"], "PERSON")
    (2, 4)
    >>> trim(["Mr.", "King"], "PERSON")
    (1, 2)
    >>> trim(["eastern", "Ethiopia"], "GPE"), trim(["bin", "Laden"], "PERSON")
    ((1, 2), (0, 2))
    """
    start, end = 0, len(words)
    while end - start > 1 and words[end - 1].lower() in POSSESSIVES:
        end -= 1
    while end - start > 1 and words[start].lower() in DETERMINERS and tuple(words[start:end]) != ("The", "Hague"):
        start += 1
    if label == "ORG":
        return start, start + _before_office(words[start:end])
    while end - start > 1 and _is_outside(words[start]):
        start += 1
    return (start + titles(words[start:end]), end) if label == "PERSON" else (start, end)


def _before_office(words: Sequence[str]) -> int:
    """How many words an organisation keeps of "U.N. Special Envoy for Haiti"."""
    for i, word in enumerate(words[1:], 1):
        if word in _LINKS or word[-1:] in "’'":
            break
        if word in _HOLDERS and (i + 1 == len(words) or words[i + 1] not in POSSESSIVES):
            return i - 1 if i > 1 and words[i - 1] in ("High", "Deputy", "Prime", "Foreign", "Vice") else i
    return len(words)


_LINKS = frozenset(("of", "for", "to", "Office", "Council", "and"))
_HOLDERS = frozenset(("Commissioner", "Minister", "Secretary", "Ambassador", "Spokesman", "Spokeswoman", "Chairman"))


def _is_outside(word: str) -> bool:
    """In lower case, and no particle."""
    return word.isalpha() and word.islower() and word not in PARTICLES


def titles(words: Sequence[str]) -> int:
    """How many words at the front are titles; never all of them.

    >>> titles(["Pope", "Francis"]), titles(["Prince"]), titles(["Foreign", "Minister", "Lavrov"])
    (1, 0, 2)
    """
    count = 0
    for i, word in enumerate(words[:-1]):
        bare = word.lower().rstrip(".")
        if bare in TITLES:
            count = i + 1
        elif bare not in RANKS:
            break
    return count


def widen(start: int, end: int, label: str, words: Sequence[str]) -> tuple[int, int, str]:
    """The name with what the contract counts in: "Jr.", "Government of ...", a capitalised administration.

    >>> widen(2, 3, "GPE", ["Government", "of", "Nicaragua"])
    (0, 3, 'ORG')
    >>> widen(1, 2, "GPE", ["the", "Insein", "prison"])
    (1, 3, 'FAC')
    >>> widen(0, 1, "PERSON", ["Biden", "Administration"])
    (0, 2, 'ORG')
    >>> widen(0, 2, "PERSON", ["Joseph", "Biden", ",", "Jr.", "signed"])
    (0, 4, 'PERSON')
    """
    if label == "GPE" and tuple(words[max(0, start - 2) : start]) == ("Government", "of"):
        return start - 2, end, "ORG"
    if label in ("GPE", "LOC", "FAC") and end < len(words) and words[end] in PRISONS:
        return start, end + 1, "FAC"
    if label != "PERSON":
        return start, end, label
    if end < len(words) and words[end] in ("Administration", "Government", "Cabinet"):
        return start, end + 1, "ORG"
    gap = end < len(words) and words[end] == ","
    if end + gap < len(words) and words[end + gap] in GENERATIONS:
        return start, end + gap + 1, label
    return start, end, label


PRISONS = frozenset(("prison", "jail", "penitentiary"))
GENERATIONS = frozenset(("Jr.", "Jr", "Sr.", "Sr"))


DIRECTIONS = frozenset(w + e for w in ("North", "South", "East", "West") for e in ("", "ern")) | {"Central"}


def is_fragment(words: Sequence[str], start: int, end: int) -> bool:
    """The first half of an adjective: "South" in "South African".

    >>> is_fragment(["a", "South", "African", "judge"], 1, 2)
    True
    """
    following = words[end] if end < len(words) else ""
    return end - start == 1 and words[start] in DIRECTIONS and following[:1].isupper()


def is_no_name(words: Sequence[str]) -> bool:
    """A single letter or mark, an abbreviation of a class of things, or a prize.

    >>> is_no_name(["R"]), is_no_name(["NGOs"]), is_no_name(["EU"])
    (True, True, False)
    """
    if len(words) == 1 and (words[0] in CLASSES or len(words[0]) == 1):
        return True
    if words[-1] in PRIZES:
        return True
    return not any(c.isalnum() for word in words for c in word)


def kind_before(words: Sequence[str], start: int) -> str | None:
    """The label that the noun right before a name gives it, if one does.

    >>> kind_before(["the", "newspaper", "La", "Prensa"], 2)
    'ORG'
    >>> kind_before(["the", "republic", "of", "Karakalpakstan"], 3)
    'GPE'
    """
    before = words[max(0, start - 2) : start]
    if len(before) == 2 and before[1] == "of" and before[0].lower() in PLACE_NOUNS:
        return "GPE"
    return "ORG" if before and before[-1].lower() in ORGANISATION_NOUNS else None
