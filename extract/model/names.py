"""The best valid sequence of tags over a window, and how sure the model is of each name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.model.extents import trim
from extract.model.labels import decode, may_close, may_open, transitions

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

_ALLOWED = transitions()
_PENALTY = np.where(_ALLOWED, 0.0, -1e9).astype(np.float32)
_OPENS, _CLOSES = may_open(), may_close()


@dataclass(frozen=True, slots=True)
class Name:
    """A name over words, half open."""

    start: int
    end: int
    label: str
    confidence: float


def find_names(scores: Floats, words: Sequence[str], temperature: float) -> list[Name]:
    """The names of a window, in order, with the contract's extents."""
    logs = log_softmax(scores)
    tags = best_tags(logs)
    if not tags.any():
        return []
    sure = log_softmax(scores / temperature)[np.arange(len(tags)), tags]
    return [_name(span, words, sure) for span in decode(tags)]


def _name(span: tuple[int, int, str], words: Sequence[str], sure: Floats) -> Name:
    start, end, label = span
    confidence = float(np.exp(sure[start:end].sum()))
    first, last = trim(words[start:end], label) if label not in ("DATE", "LAW") else (0, end - start)
    return Name(start + first, start + last, label, round(confidence, 4))


def log_softmax(scores: Floats) -> Floats:
    """Row-wise."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    found: Floats = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return found


def best_tags(logs: Floats) -> Integers:
    """The likeliest valid tags: the best of each word if they fit together, else Viterbi's."""
    tags = logs.argmax(axis=1)
    fits = _OPENS[tags[0]] and _CLOSES[tags[-1]] and _ALLOWED[tags[:-1], tags[1:]].all()
    return tags if fits else viterbi(logs)


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
