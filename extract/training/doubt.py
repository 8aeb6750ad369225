"""Lets the first stage's network doubt the silver set: what it is sure is otherwise is not taught again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from extract.model.labels import NAMES, decode
from extract.model.pieces import WordPieces
from extract.model.shapes import shape
from extract.training.batches import collate
from extract.training.examples import IGNORE, Example, Window
from extract.training.network import Network

log = logging.getLogger(__name__)

# A silver label is doubted if the network gives it less, or gives a name to an unmarked word with more.
LEAST, MOST = 0.15, 0.8
BATCH = 48


def doubted(articles: list[list[Example]], network: Network, pieces: WordPieces) -> list[list[Example]]:
    """The articles with the doubted words of silver examples marked IGNORE."""
    silver = [e for article in articles for e in article if e.silver and e.tags and len(e.words) < 100]
    order = sorted(silver, key=lambda e: len(e.words))
    changed: dict[int, Example] = {}
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        for example, tags in zip(batch, _doubts(batch, network, pieces), strict=True):
            changed[id(example)] = replace(example, tags=tags)
    lost = sum(t == IGNORE for e in changed.values() for t in e.tags or ()) - sum(
        t == IGNORE for e in silver for t in e.tags or ()
    )
    log.info("doubted %d words of %d silver sentences", lost, len(silver))
    return [[changed.get(id(e), e) for e in article] for article in articles]


def _doubts(examples: list[Example], network: Network, pieces: WordPieces) -> Iterator[tuple[int, ...]]:
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        batch = collate([_window(e, pieces) for e in examples])
        likely = network.names(network.words(batch)).float().softmax(-1)
    labels = torch.cat([likely[..., :1], likely[..., 1:].unflatten(-1, (len(NAMES), 4)).sum(-1)], dim=-1)
    for example, row in zip(examples, labels.tolist(), strict=True):
        tags = example.tags or ()
        yield whole_spans(tags, [_doubt(tag, odds) for tag, odds in zip(tags, row, strict=False)])


def whole_spans(tags: tuple[int, ...], doubts: list[int]) -> tuple[int, ...]:
    """`doubts` with every name of `tags` left out whole if one of its words is."""
    for start, end, _ in decode(np.array([max(t, 0) for t in tags])):
        if IGNORE in doubts[start:end]:
            doubts[start:end] = [IGNORE] * (end - start)
    return tuple(doubts)


def _doubt(tag: int, odds: list[float]) -> int:
    if tag == IGNORE:
        return tag
    if tag == 0:
        return IGNORE if 1 - odds[0] > MOST else tag
    return IGNORE if odds[1 + (tag - 1) // 4] < LEAST else tag


def _window(example: Example, pieces: WordPieces) -> Window:
    ids, shapes, first = [pieces.opening], [0], []
    for word in example.words:
        first.append(len(ids))
        ids += pieces(word)
        shapes += [shape(word)] * (len(ids) - len(shapes))
    blank = [IGNORE] * len(example.words)
    zeros = [0] * len(example.words)
    return Window([*ids, pieces.closing], [*shapes, 0], first, blank, zeros, blank, blank, blank, blank, blank, zeros)
