"""Groups windows of like length, and pads them to tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator

import torch
from torch import Tensor

from extract.training.examples import IGNORE, Window
from extract.training.network import Batch


def batches(windows: list[Window], size: int, rng: random.Random) -> Iterator[list[Window]]:
    """Yields windows of like length together, about `size` pieces a batch, in random order."""
    windows = sorted(windows, key=lambda w: len(w.pieces) + rng.random() * 8)
    groups: list[list[Window]] = [[]]
    for window in windows:
        if groups[-1] and (len(groups[-1]) + 1) * len(window.pieces) > size:
            groups.append([])
        groups[-1].append(window)
    rng.shuffle(groups)
    yield from (g for g in groups if g)


def collate(windows: list[Window]) -> Batch:
    """The windows as padded tensors."""
    mask = _padded([[1] * len(w.pieces) for w in windows], 0)
    return Batch(
        pieces=_padded([w.pieces for w in windows], 0),
        shapes=_padded([w.shapes for w in windows], 0),
        mask=mask,
        first=_padded([w.first for w in windows], 0),
        tags=_padded([w.tags for w in windows], IGNORE),
        sources=_padded([w.sources for w in windows], 0),
        upos=_padded([w.upos for w in windows], IGNORE),
        xpos=_padded([w.xpos for w in windows], IGNORE),
        starts=_padded([w.starts for w in windows], IGNORE),
        heads=_padded([w.heads for w in windows], IGNORE),
        deps=_padded([w.deps for w in windows], IGNORE),
        sentences=_padded([w.sentences for w in windows], -2),
    )


def _padded(rows: list[list[int]], fill: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [fill] * (longest - len(row)) for row in rows])
