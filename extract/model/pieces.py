"""Words to word pieces: the greedy longest-match of BERT's uncased vocabulary, one word at a time."""

from __future__ import annotations

import unicodedata
from pathlib import Path

PAD, UNKNOWN, OPENING, CLOSING, BREAK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[PAR]"

# A word is read by its first pieces; the longest word of English news (an URL, a chemical) says
# what it is in fewer, and a bound keeps a 100,000-character token as cheap as any other.
MAX_PIECES = 12
MAX_CHARACTERS = 64
MAX_CACHE = 200_000


class WordPieces:
    """Splits words into ids of a vocabulary, remembering the words it has seen."""

    def __init__(self, vocabulary: list[str]) -> None:
        self.vocabulary = vocabulary
        self._ids = {piece: i for i, piece in enumerate(vocabulary)}
        self._cache: dict[str, tuple[int, ...]] = {}
        self.unknown = self._ids[UNKNOWN]
        self.opening = self._ids[OPENING]
        self.closing = self._ids[CLOSING]
        self.break_ = self._ids[BREAK]

    def __call__(self, word: str) -> tuple[int, ...]:
        """Returns one to MAX_PIECES ids."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) >= MAX_CACHE:
                self._cache.clear()
            found = self._cache[word] = self._split(word[:MAX_CHARACTERS])
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        ids: list[int] = []
        for run in runs(normalise(word)):
            ids += self._longest_matches(run)
        return tuple(ids[:MAX_PIECES]) or (self.unknown,)

    def _longest_matches(self, run: str) -> list[int]:
        ids: list[int] = []
        start = 0
        while start < len(run):
            end = len(run)
            mark = "##" if start else ""
            while end > start and mark + run[start:end] not in self._ids:
                end -= 1
            if end == start:
                return [self.unknown]
            ids.append(self._ids[mark + run[start:end]])
            start = end
        return ids


def normalise(word: str) -> str:
    """Lower case without accents, as the vocabulary was made.

    >>> normalise("Dvořák’s")
    "dvorak's"
    """
    plain = word.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return "".join(c for c in unicodedata.normalize("NFD", plain.lower()) if unicodedata.category(c) != "Mn")


def runs(word: str) -> list[str]:
    """Splits at punctuation and ideographs, each its own run, leaving controls and blanks out.

    >>> runs("u.s.-based")
    ['u', '.', 's', '.', '-', 'based']
    """
    found: list[str] = []
    fresh = True
    for c in word:
        if c.isalnum() and not _ideograph(c):
            if fresh:
                found.append("")
            found[-1] += c
            fresh = False
        else:
            fresh = True
            if not c.isspace() and unicodedata.category(c)[0] != "C":
                found.append(c)
    return found


def _ideograph(c: str) -> bool:
    return "\u4e00" <= c <= "\u9fff" or "\u3400" <= c <= "\u4dbf"


def read_vocabulary(path: Path) -> list[str]:
    """One piece a line, in order of id."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
