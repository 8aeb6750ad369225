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
    """
    start, end = 0, len(words)
    while end - start > 1 and words[end - 1].lower() in POSSESSIVES:
        end -= 1
    while end - start > 1 and words[start].lower() in DETERMINERS:
        start += 1
    return (start + titles(words[start:end]), end) if label == "PERSON" else (start, end)


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
    >>> widen(0, 1, "PERSON", ["Biden", "Administration"])
    (0, 2, 'ORG')
    >>> widen(0, 2, "PERSON", ["Joseph", "Biden", ",", "Jr.", "signed"])
    (0, 4, 'PERSON')
    """
    if label == "GPE" and tuple(words[max(0, start - 2) : start]) == ("Government", "of"):
        return start - 2, end, "ORG"
    if label != "PERSON":
        return start, end, label
    if end < len(words) and words[end] in ("Administration", "Government", "Cabinet"):
        return start, end + 1, "ORG"
    gap = end < len(words) and words[end] == ","
    if end + gap < len(words) and words[end + gap] in GENERATIONS:
        return start, end + gap + 1, label
    return start, end, label


GENERATIONS = frozenset(("Jr.", "Jr", "Sr.", "Sr"))


def is_no_name(words: Sequence[str]) -> bool:
    """A single letter or mark, or an abbreviation of a class of things.

    >>> is_no_name(["R"]), is_no_name(["NGOs"]), is_no_name(["EU"])
    (True, True, False)
    """
    if len(words) == 1 and (words[0] in CLASSES or len(words[0]) == 1):
        return True
    return not any(c.isalnum() for word in words for c in word)
