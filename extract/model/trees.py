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
    if len(roots) == 1 and find_cycle(heads, int(roots[0])) is None:
        return heads
    return spanning_tree(scores, best_root(scores))


def best_root(scores: Floats) -> int:
    """The word that gains most, or loses least, by being the root."""
    if len(scores) == 1:
        return 0
    others = scores.copy()
    np.fill_diagonal(others, -np.inf)
    return int((scores.diagonal() - others.max(axis=1)).argmax())


def spanning_tree(scores: Floats, root: int) -> Integers:
    """Heads of the best tree under `root` (Edmonds 1967)."""
    weights = scores.astype(np.float64)
    np.fill_diagonal(weights, -np.inf)
    heads = weights.argmax(axis=1)
    heads[root] = root
    cycle = find_cycle(heads, root)
    return heads if cycle is None else _broken(weights, heads, root, cycle)


def _broken(weights: npt.NDArray[np.float64], heads: Integers, root: int, cycle: list[int]) -> Integers:
    """The best tree once the cycle is one word: its best way in decides where it opens."""
    rest = np.setdiff1d(np.arange(len(heads)), cycle)
    ring = np.array(cycle)
    kept = weights[ring, heads[ring]]
    entering = weights[np.ix_(ring, rest)] - kept[:, None]
    leaving = weights[np.ix_(rest, ring)]
    n = len(rest)
    smaller = np.full((n + 1, n + 1), -np.inf)
    smaller[:n, :n] = weights[np.ix_(rest, rest)]
    smaller[n, :n] = entering.max(axis=0)
    smaller[:n, n] = leaving.max(axis=1)
    below = spanning_tree(smaller.astype(np.float32), int(np.flatnonzero(rest == root)[0]))
    found = heads.copy()
    for i, word in enumerate(rest):
        found[word] = ring[leaving[i].argmax()] if below[i] == n else rest[below[i]]
    found[root] = root
    outside = below[n]
    found[ring[entering[:, outside].argmax()]] = rest[outside]
    return found


def find_cycle(heads: Integers, root: int) -> list[int] | None:
    """The words of a cycle, if there is one beside the root's own."""
    pointers = heads.tolist()
    state = [0] * len(pointers)  # 0 not seen, 1 on the path, 2 leads to the root
    state[root] = 2
    for start in range(len(pointers)):
        path, word = [], start
        while state[word] == 0:
            state[word] = 1
            path.append(word)
            word = pointers[word]
        if state[word] == 1:
            return path[path.index(word) :]
        for seen in path:
            state[seen] = 2
    return None
