"""Fits what is added to the head for names: gold teaches, other texts hold it where it was.

The network below stays as it is: a head is a linear map of its vectors, and the loss has one minimum. Where an
annotator leaves several tags possible, the network's own odds among them are kept; on texts without annotation all its
odds are, so that it forgets nothing (distillation: Hinton et al. 2015; Li and Hoiem 2016). The data that it was first
trained on is there as its second moments, which ship with the model: they say which directions of the vectors to leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from extract.evaluation.gold import GoldArticle
from extract.learning.graph import Floats, extended
from extract.learning.texts import Seen, possible
from extract.model.names import log_softmax

STEPS = 60
DECAY = 1e-3  # of four, the best on one half of corpus/ when trained on the other
HOLD = 0.01  # of the moments, beside the texts, with each step of caution
LEAST = 0.05  # what a word counts for that is surely no name
_NEVER = 1e-12
PLAIN, THIN = 0.99, 4  # words without a name are many, and alike


@dataclass(frozen=True)
class Lesson:
    """An annotated article as the network sees it."""

    article: GoldArticle
    seen: Seen


@dataclass(frozen=True)
class Past:
    """What is to stay: texts without annotation, and the moments of the original data, if there are any."""

    texts: Sequence[Seen] = ()
    moments: Floats | None = None


def fit(lessons: Sequence[Lesson], past: Past, caution: float) -> Floats:
    """The correction of the head, [vector and one, tags]; the greater the caution, the nearer to nothing."""
    targets = [_target(lesson) for lesson in lessons]
    number = sum(map(len, targets))
    rows: list[tuple[Any, ...]] = [
        (one.seen.vectors, one.seen.scores, target, np.full((len(target), 1), 1 / max(1, number), np.float32))
        for one, target in zip(lessons, targets, strict=True)
    ]
    held = [_held(one) for one in past.texts]
    mass = sum(float(weights.sum()) for *_, weights in held)
    rows += [(*row, weights * np.float32(caution / mass)) for *row, weights in held]
    vectors, scores, wanted, weights = (np.concatenate(column) for column in zip(*rows, strict=True))
    hold = np.float32(DECAY) * np.eye(vectors.shape[1] + 1, dtype=np.float32)
    if past.moments is not None:
        hold += np.float32(caution * HOLD) * past.moments
    return _descend((extended(vectors), scores, wanted.astype(np.float32), weights), hold)


def moments(texts: Iterable[Seen]) -> Floats:
    """The second moments of the words' vectors, a square of their width and one; names and doubt count most."""
    total: npt.NDArray[np.float64] | None = None
    number = 0
    for one in texts:
        odds, rows = _odds(one.scores), extended(one.vectors)
        weights = LEAST + (1 - odds.max(axis=1)) + (odds[:, 0] < 0.5)
        ours = (rows * weights[:, None]).T @ rows
        total, number = ours if total is None else total + ours, number + len(rows)
    assert total is not None
    return (total / number).astype(np.float32)


def _held(seen: Seen) -> tuple[Floats, Floats, Floats, Floats]:
    """A text's words with their odds and weights; of those surely without a name one in four, for the rest."""
    odds = _odds(seen.scores)
    sure = odds[:, 0] > PLAIN
    kept = ~sure | (np.arange(len(sure)) % THIN == 0)
    weights = np.where(sure, np.float32(THIN), np.float32(1))[kept, None]
    return seen.vectors[kept], seen.scores[kept], odds[kept], weights


def _descend(words: tuple[Floats, Floats, Floats, Floats], hold: Floats) -> Floats:
    """Newton's steps with a fixed bound of the curvature: each lowers the loss, none needs a rate (Böhning 1992)."""
    vectors, scores, targets, weights = words
    bound = 0.5 * (vectors * weights).T @ vectors + hold
    inverse = np.linalg.inv(bound.astype(np.float64)).astype(np.float32)
    found = np.zeros((vectors.shape[1], scores.shape[1]), np.float32)
    for _ in range(STEPS):
        slope = vectors.T @ ((_odds(scores + vectors @ found) - targets) * weights) + hold @ found
        found -= inverse @ slope
    return found


def _target(lesson: Lesson) -> npt.NDArray[np.float32]:
    allowed = possible(lesson.article, lesson.seen.places)
    odds = np.where(allowed, _odds(lesson.seen.scores) + np.float32(_NEVER), 0)
    target: npt.NDArray[np.float32] = odds / odds.sum(axis=1, keepdims=True)
    return target


def _odds(scores: Floats) -> Floats:
    return np.exp(log_softmax(scores))
