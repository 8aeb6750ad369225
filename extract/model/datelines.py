"""The first words of a report that say where it was written: "MINSK, 5 May (North Wire) - "."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.model.windows import Words

_DASHES = frozenset({"-", "–", "—", "―", "--"})
_MARKS = frozenset({",", ".", "/", "(", ")"})
_SMALL = frozenset({"and", "of", "de", "la", "el", "al", "del", "do", "da"})
_LONGEST = 14  # words
_TOWN = 3  # letters
_TOWN_BEFORE_COLON = 4


def after_datelines(words: Words, start: int, end: int) -> Iterator[int]:
    """Yields the words in [start, end) that follow a dateline, which opens its line and ends in a dash or a colon."""
    for i in range(start, end):
        if (words.breaks[i] or i == 0) and words.texts[i][:1].isupper():
            last = _closing(words, i, min(end, i + _LONGEST))
            if last is not None and last + 1 < end and not words.breaks[last + 1]:
                yield last + 1


def _closing(words: Words, first: int, end: int) -> int | None:
    """The dash or colon that ends the dateline which begins at a word, if one does."""
    texts, depth = words.texts, 0
    for i in range(first + 1, end):
        text = texts[i]
        if words.breaks[i]:
            return None
        if text in _DASHES or text == ":":
            return i if _is_dateline(texts[first:i], text) else None
        depth += (text == "(") - (text == ")")
        if not depth and not (text[0].isupper() or text[0].isdigit() or text in _MARKS or text in _SMALL):
            return None
    return None


def _is_dateline(head: Sequence[str], mark: str) -> bool:
    """Whether words before a dash or colon begin with a town in capitals or end with an agency in brackets.

    A hyphen may join the halves of a name ("TABOUK-SUD"): only behind a bracket or a day is it a dash for sure.
    """
    town = head[0].isupper() and head[0].isalpha()
    if mark == ":":
        return town and len(head[0]) >= _TOWN_BEFORE_COLON
    if mark == "-" and not head[-1][-1].isdigit():
        return head[-1] == ")"
    return head[-1] == ")" or (town and len(head[0]) >= _TOWN)
