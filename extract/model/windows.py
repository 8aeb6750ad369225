"""Cuts an article into windows that the network can read whole, at ends of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.model.pieces import WordPieces
from extract.model.shapes import SHAPE, shape

# Pieces of a window. As long as the training's longest; speed falls beyond (attention is quadratic).
LONGEST = 192
LINE_END, BLANK_LINE = 1, 2
TERMINALS = frozenset((".", "!", "?", "...", "…"))
CLOSERS = frozenset(('"', "”", "'", "’", ")", "]", "''", "»"))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an article without its blanks, and after which kind of line break each comes."""

    texts: Sequence[str]
    breaks: Sequence[int]  # none, LINE_END or BLANK_LINE


@dataclass(frozen=True, slots=True)
class Window:
    """Words from `start` to `end`, as pieces; `closed` if a sentence certainly ends there."""

    start: int
    end: int
    pieces: list[int]
    shapes: list[int]
    first: list[int]
    closed: bool


def window_at(words: Words, start: int, split: WordPieces) -> Window:
    """The window from a word on: as long as fits, ending where a sentence certainly ends if it can."""
    end = _farthest(words, start, split)
    closed = True
    if end < len(words.texts):
        border = _last_border(words, start + (end - start) // 2, end)
        closed, end = border is not None, border or end
    pieces, shapes, first = [split.opening], [0], []
    for i in range(start, end):
        if words.breaks[i] and i > start:
            pieces.append(split.break_)
            shapes.append(0)
        text = words.texts[i]
        ids = split(text)
        first.append(len(pieces))
        pieces += ids
        shapes += [shape(text)] * len(ids)
    return Window(start, end, [*pieces, split.closing], [*shapes, SHAPE["special"]], first, closed)


def _farthest(words: Words, start: int, split: WordPieces) -> int:
    """The end of the longest run from `start` that fits; one word at least."""
    room = LONGEST - 2
    for i in range(start, len(words.texts)):
        room -= len(split(words.texts[i])) + (words.breaks[i] > 0)
        if room < 0:
            return max(i, start + 1)
    return len(words.texts)


def _last_border(words: Words, least: int, end: int) -> int | None:
    """The last word in (least, end] before which a sentence has ended for sure."""
    return next((i for i in range(end, least, -1) if is_border(words, i)), None)


def is_border(words: Words, i: int) -> bool:
    """After a blank line; or after a full stop, and any closing quotes, before a capital or a quote."""
    if words.breaks[i] == BLANK_LINE:
        return True
    if shape(words.texts[i]) not in _OPENERS:
        return False
    before = i - 1
    while before > 0 and words.texts[before] in CLOSERS and i - before < 3:
        before -= 1
    return words.texts[before] in TERMINALS


_OPENERS = frozenset(SHAPE[name] for name in ("title", "initial", "upper", "dotted", "mixed"))
