"""Reads an article's words with the network, window by window, into tags, trees and names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.model.agreement import agree, without_peoples
from extract.model.datelines import after_datelines
from extract.model.encoder import Encoder, Reading
from extract.model.names import Name, find_names
from extract.model.pieces import WordPieces
from extract.model.scheme import Scheme
from extract.model.trees import best_tree
from extract.model.windows import BLANK_LINE, Window, Words, window_at

Integers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Analysis:
    """What is known of an article's words: numbers of tags and relations, heads as places among the words."""

    upos: Integers
    xpos: Integers
    heads: Integers
    deps: Integers
    names: list[Name] = field(default_factory=list)


def blank(length: int) -> Analysis:
    """An analysis to be filled."""
    upos, xpos, heads, deps = (np.zeros(length, np.int64) for _ in range(4))
    return Analysis(upos, xpos, heads, deps)


def analyse(words: Words, encoder: Encoder, split: WordPieces, scheme: Scheme) -> Analysis:
    """The analysis of an article of at least one word."""
    found = blank(len(words.texts))
    start = 0
    before: tuple[Any, Part] | None = None
    while start < len(words.texts):
        window = window_at(words, start, split)
        same = _sameness(window, words)
        if before is None or before[0] != same:  # a text that repeats itself for pages is read once
            before = same, read_part(window, words, encoder, scheme)
        start += _add(found, before[1], start)
    found.names = [without_peoples(n, words.texts, scheme.peoples) for n in agree(found.names, words.texts)]
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a window's used words, with places counted from its first."""

    upos: Integers
    xpos: Integers
    heads: Integers
    deps: Integers
    names: tuple[Name, ...]


def _sameness(window: Window, words: Words) -> tuple[Any, ...]:
    """All that the reading of a window depends on."""
    stretch = slice(window.start, window.end)
    is_last = window.end == len(words.texts)
    return tuple(words.texts[stretch]), tuple(words.breaks[stretch]), window.closed, is_last


def read_part(window: Window, words: Words, encoder: Encoder, scheme: Scheme) -> Part:
    """Reads a window: tags, trees, relations and names of its used words."""
    reading = encoder.read(window.pieces, window.shapes, window.first)
    count = kept(window, reading, len(words.texts))
    bounds = borders(window, reading, words, count)
    heads = np.concatenate([s + best_tree(reading.arcs[s:e, s:e]) for s, e in pairwise(bounds)])
    padded = np.concatenate([heads, np.arange(count, window.end - window.start)])
    deps = encoder.relations(reading, padded)[:count]
    texts = words.texts[window.start : window.start + count]
    names = find_names(reading.names[:count], texts, bounds, scheme.temperature)
    return Part(reading.upos[:count], reading.xpos[:count], heads, deps, tuple(names))


def _add(found: Analysis, part: Part, start: int) -> int:
    """Copies a window's part into the analysis; how many words it holds."""
    end = start + len(part.heads)
    found.upos[start:end], found.xpos[start:end] = part.upos, part.xpos
    found.heads[start:end] = start + part.heads
    found.deps[start:end] = part.deps
    for name in part.names:
        found.names.append(replace(name, start=start + name.start, end=start + name.end))
    return end - start


def kept(window: Window, reading: Reading, total: int) -> int:
    """How many words of a window are used: all, or those before the last sentence that starts in it.

    The next window starts after them, so that a sentence at a window's edge is read again whole. At least a quarter is
    used, or text that is one sentence would be read again word by word.
    """
    count = window.end - window.start
    if window.closed or window.end == total:
        return count
    least = max(1, count // 4)
    later = np.flatnonzero(reading.starts[least:] > 0)
    return int(later[-1]) + least if len(later) else count


def borders(window: Window, reading: Reading, words: Words, count: int) -> list[int]:
    """Where sentences start among the first `count` words of a window, and `count`.

    What follows a dateline is a sentence of its own: the parser takes the town for a subject otherwise.
    """
    opens = reading.starts[:count] > 0
    opens[0] = True
    opens |= np.array(words.breaks[window.start : window.start + count]) == BLANK_LINE
    for i in after_datelines(words, window.start, window.start + count):
        opens[i - window.start] = True
    return [*np.flatnonzero(opens).tolist(), count]
