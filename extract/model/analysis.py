"""Reads an article's words with the network, window by window, into tags, trees and names."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model.agreement import agree, without_peoples
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
    while start < len(words.texts):
        window = window_at(words, start, split)
        reading = encoder.read(window.pieces, window.shapes, window.first)
        count = kept(window, reading, len(words.texts))
        bounds = borders(window, reading, words, count)
        _add_syntax(found, window, reading, encoder, bounds)
        for name in find_names(reading.names[:count], words.texts[start : start + count], bounds, scheme.temperature):
            found.names.append(replace(name, start=start + name.start, end=start + name.end))
        start += count
    found.names = [without_peoples(n, words.texts, scheme.peoples) for n in agree(found.names, words.texts)]
    return found


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
    """Where sentences start among the first `count` words of a window, and `count`."""
    opens = reading.starts[:count] > 0
    opens[0] = True
    opens |= np.array(words.breaks[window.start : window.start + count]) == BLANK_LINE
    return [*np.flatnonzero(opens).tolist(), count]


def _add_syntax(found: Analysis, window: Window, reading: Reading, encoder: Encoder, bounds: list[int]) -> None:
    """Copies tags, trees and relations of a window's used words into the analysis."""
    heads = np.concatenate([s + best_tree(reading.arcs[s:e, s:e]) for s, e in pairwise(bounds)])
    count = bounds[-1]
    padded = np.concatenate([heads, np.arange(count, window.end - window.start)])
    at, end = window.start, window.start + count
    found.upos[at:end], found.xpos[at:end] = reading.upos[:count], reading.xpos[:count]
    found.heads[at:end] = at + heads
    found.deps[at:end] = encoder.relations(reading, padded)[:count]
