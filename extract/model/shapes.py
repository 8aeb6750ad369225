"""The class of a word's case and shape: what an uncased vocabulary forgets."""

from __future__ import annotations

from functools import lru_cache

SHAPES = ("special", "lower", "title", "initial", "upper", "dotted", "mixed", "digits", "alphanumeric", "mark")
SHAPE = {name: i for i, name in enumerate(SHAPES)}


@lru_cache(maxsize=65_536)
def shape(word: str) -> int:
    """Index into SHAPES.

    >>> [SHAPES[shape(w)] for w in ("talks", "Minsk", "A", "KGB", "U.S.", "McCain", "1,437", "Su-25", "—")]
    ['lower', 'title', 'initial', 'upper', 'dotted', 'mixed', 'digits', 'alphanumeric', 'mark']
    """
    return SHAPE[_name(word[:64])]


def _name(word: str) -> str:
    letters = [c for c in word if c.isalpha()]
    if any(c.isdigit() for c in word):
        return "alphanumeric" if letters else "digits"
    return _case(word, letters) if letters else "mark"


def _case(word: str, letters: list[str]) -> str:
    if not any(c.isupper() for c in letters):
        return "lower"
    if "." in word and letters[0].isupper():
        return "dotted"
    if all(c.isupper() for c in letters):
        return "initial" if len(letters) == 1 else "upper"
    return "title" if letters[0].isupper() and not any(c.isupper() for c in letters[1:]) else "mixed"
