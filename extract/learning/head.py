"""Fits what is added to the head for names: gold teaches, other texts hold it where it was.

The network below stays as it is: a head is a linear map of its vectors, and the loss has one minimum. Where an
annotator leaves several tags possible, the network's own odds among them are kept; on texts without annotation all its
odds are, so that it forgets nothing (distillation: Hinton et al. 2015; Li and Hoiem 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.evaluation.gold import GoldArticle
from extract.learning.graph import Floats, extended
from extract.learning.texts import Seen, possible
from extract.model.names import log_softmax

STEPS, RATE = 150, 0.03
DECAY = 1e-3  # of four, the best on one half of corpus/ when trained on the other
_NEVER = 1e-12
PLAIN, THIN = 0.99, 4  # words without a name are many, and alike


@dataclass(frozen=True)
class Lesson:
    """An annotated article as the network sees it."""

    article: GoldArticle
    seen: Seen


def fit(lessons: Sequence[Lesson], others: Sequence[Seen], caution: float) -> Floats:
    """The correction of the head, [vector and one, tags]; the greater the caution, the nearer to nothing."""
    targets = [_target(lesson) for lesson in lessons]
    number = sum(map(len, targets))
    rows: list[tuple[Any, ...]] = [
        (one.seen.vectors, one.seen.scores, target, np.full((len(target), 1), 1 / max(1, number), np.float32))
        for one, target in zip(lessons, targets, strict=True)
    ]
    held = [_held(one) for one in others]
    mass = sum(float(weights.sum()) for *_, weights in held)
    rows += [(*row, weights * np.float32(caution / mass)) for *row, weights in held]
    vectors, scores, wanted, weights = (np.concatenate(column) for column in zip(*rows, strict=True))
    return _descend(extended(vectors), scores, wanted.astype(np.float32), weights)


def _held(seen: Seen) -> tuple[Floats, Floats, Floats, Floats]:
    """A text's words with their odds and weights; of those surely without a name one in four, for the rest."""
    odds = _odds(seen.scores)
    sure = odds[:, 0] > PLAIN
    kept = ~sure | (np.arange(len(sure)) % THIN == 0)
    weights = np.where(sure, np.float32(THIN), np.float32(1))[kept, None]
    return seen.vectors[kept], seen.scores[kept], odds[kept], weights


def _descend(vectors: Floats, scores: Floats, targets: Floats, weights: Floats) -> Floats:
    """Adam (Kingma and Ba 2015) on all words at once, the rate falling to nothing."""
    found, mean, square = (np.zeros((vectors.shape[1], scores.shape[1]), np.float32) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = vectors.T @ ((_odds(scores + vectors @ found) - targets) * weights) + np.float32(DECAY) * found
        mean = np.float32(0.9) * mean + np.float32(0.1) * slope
        square = np.float32(0.999) * square + np.float32(0.001) * slope * slope
        rate = np.float32(RATE * (1 - step / STEPS) / (1 - 0.9**step))
        found -= rate * mean / (np.sqrt(square / np.float32(1 - 0.999**step)) + np.float32(1e-8))
    return found


def _target(lesson: Lesson) -> npt.NDArray[np.float32]:
    allowed = possible(lesson.article, lesson.seen.places)
    odds = np.where(allowed, _odds(lesson.seen.scores) + np.float32(_NEVER), 0)
    target: npt.NDArray[np.float32] = odds / odds.sum(axis=1, keepdims=True)
    return target


def _odds(scores: Floats) -> Floats:
    return np.exp(log_softmax(scores))
