"""The best valid sequence of tags over a window, and how sure the model is of each name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model.extents import is_fragment, is_no_name, trim, widen
from extract.model.labels import NAMES, decode, may_close, may_open, transitions

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_ALLOWED = transitions()
_PENALTY = np.where(_ALLOWED, 0.0, -1e9).astype(np.float32)
_OPENS, _CLOSES = may_open(), may_close()


@dataclass(frozen=True, slots=True)
class Name:
    """A name over words, half open; `masses` are the probabilities of the labels of NAMES."""

    start: int
    end: int
    label: str
    confidence: float
    masses: tuple[float, ...]


def find_names(scores: Floats, words: Sequence[str], bounds: list[int], temperature: float) -> list[Name]:
    """The names of a window, in order, with the contract's extents; none crosses a sentence's start."""
    tags = best_tags(log_softmax(scores), bounds)
    if not tags.any():
        return []
    sure = np.exp(log_softmax(scores / temperature))
    found: list[Name] = []
    for start, end, label in decode(tags):
        name = _name(start, end, label, words, sure, tags)
        if not is_no_name(words[name.start : name.end]) and not is_fragment(words, name.start, name.end):
            found.append(name)
    return without_overlaps(found)


def without_overlaps(names: list[Name]) -> list[Name]:
    """The names in order, leaving out what a name widened before it has swallowed."""
    kept: list[Name] = []
    for name in names:
        if kept and name.start < kept[-1].end:
            if name.end <= kept[-1].end:
                continue
            kept.pop()
        kept.append(name)
    return kept


def _name(start: int, end: int, label: str, words: Sequence[str], sure: Floats, tags: Integers) -> Name:
    confidence = float(sure[np.arange(start, end), tags[start:end]].prod())
    masses = sure[start:end, 1:].mean(axis=0).reshape(len(NAMES), 4).sum(axis=1)
    if label not in ("DATE", "LAW"):
        first, last = trim(words[start:end], label)
        start, end = start + first, start + last
        start, end, label = widen(start, end, label, words)
    return Name(start, end, label, round(confidence, 4), tuple(round(float(m), 4) for m in masses))


def log_softmax(scores: Floats) -> Floats:
    """Row-wise."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    found: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return found


def best_tags(logs: Floats, bounds: list[int]) -> Integers:
    """The likeliest valid tags: the best of each word if they fit together, else Viterbi's, by sentence.

    `bounds` are the starts of sentences, and the end of the last.
    """
    tags: Integers = logs.argmax(axis=1)
    starts = np.array(bounds[:-1])
    ends = np.array(bounds[1:]) - 1
    if _OPENS[tags[starts]].all() and _CLOSES[tags[ends]].all() and _ALLOWED[tags[:-1], tags[1:]].all():
        return tags
    return np.concatenate([viterbi(logs[s:e]) for s, e in pairwise(bounds)])


def viterbi(logs: Floats) -> Integers:
    """The likeliest sequence in which each tag may follow the one before."""
    best = np.where(_OPENS, logs[0], -1e9)
    back = np.zeros(logs.shape, np.int64)
    for i in range(1, len(logs)):
        paths = best[:, None] + _PENALTY
        back[i] = paths.argmax(axis=0)
        best = paths[back[i], np.arange(paths.shape[1])] + logs[i]
    tags = np.zeros(len(logs), np.int64)
    tags[-1] = int(np.where(_CLOSES, best, -1e9).argmax())
    for i in range(len(logs) - 1, 0, -1):
        tags[i - 1] = back[i, tags[i]]
    return tags
