"""The best tree over a sentence: greedy heads where they are a tree, else Chu and Liu's and Edmonds' algorithm."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def best_tree(scores: Floats) -> Integers:
    """Heads of the words; the one root is its own head.

    `scores` [n, n] holds the score of each word (row) having each head (column), on the diagonal of
    being the root.
    """
    heads: Integers = scores.argmax(axis=1)
    roots = np.flatnonzero(heads == np.arange(len(heads)))
    if len(roots) == 1 and not find_cycles(heads, int(roots[0])):
        return heads
    return spanning_tree(scores, best_root(scores))


def best_root(scores: Floats) -> int:
    """The word that gains most, or loses least, by being the root."""
    if len(scores) == 1:
        return 0
    others = scores.copy()
    np.fill_diagonal(others, -np.inf)
    return int((scores.diagonal() - others.max(axis=1)).argmax())


def spanning_tree(scores: npt.NDArray[np.floating], root: int) -> Integers:
    """Heads of the best tree under `root` (Edmonds 1967), all cycles of a round broken at once: few rounds do."""
    weights = scores.astype(np.float64)
    np.fill_diagonal(weights, -np.inf)
    heads: Integers = weights.argmax(axis=1)
    heads[root] = root
    cycles = find_cycles(heads, root)
    return _broken(weights, heads, root, cycles) if cycles else heads


def _broken(weights: npt.NDArray[np.float64], heads: Integers, root: int, cycles: list[list[int]]) -> Integers:
    """The best tree once each cycle is one word: its best way in decides where it opens."""
    groups = _groups(len(heads), cycles)
    gains = weights.copy()
    for ring in cycles:
        gains[ring] -= weights[ring, heads[ring]][:, None]
    order = np.concatenate(groups)
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    rows = np.maximum.reduceat(gains[order], starts, axis=0)
    smaller = np.maximum.reduceat(rows[:, order], starts, axis=1)
    below = spanning_tree(smaller, next(i for i, group in enumerate(groups) if root in group))
    found = heads.copy()
    for group, above in zip(groups, below.tolist(), strict=True):
        if root not in group:
            block = gains[np.ix_(group, groups[above])]
            word, head = np.unravel_index(int(block.argmax()), block.shape)
            found[group[word]] = groups[above][head]
    return found


def _groups(length: int, cycles: list[list[int]]) -> list[list[int]]:
    """Each word outside the cycles by itself, then the cycles."""
    inside = {word for ring in cycles for word in ring}
    return [*([word] for word in range(length) if word not in inside), *cycles]


def find_cycles(heads: Integers, root: int) -> list[list[int]]:
    """The words of each cycle beside the root's own."""
    pointers = heads.tolist()
    cycles: list[list[int]] = []
    seen = [-1] * len(pointers)  # the word from which the path set out that first came here
    seen[root] = root
    for start in range(len(pointers)):
        path, word = [], start
        while seen[word] < 0:
            seen[word] = start
            path.append(word)
            word = pointers[word]
        if seen[word] == start and word in path:
            cycles.append(path[path.index(word) :])
    return cycles
