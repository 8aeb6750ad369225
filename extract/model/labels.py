"""The labels of names, and their BILOU tags."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

NAMES = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "DATE")
OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{place}-{name}" for name, place in product(NAMES, "BILU")))
TAG = {tag: i for i, tag in enumerate(TAGS)}


def encode(spans: list[tuple[int, int, str]], length: int) -> list[int]:
    """Tags of `length` words for spans of words (start, end, label).

    >>> [TAGS[t] for t in encode([(1, 3, "ORG")], 4)]
    ['O', 'B-ORG', 'L-ORG', 'O']
    """
    tags = [0] * length
    for start, end, label in spans:
        if end - start == 1:
            tags[start] = TAG[f"U-{label}"]
            continue
        tags[start:end] = [TAG[f"I-{label}"]] * (end - start)
        tags[start], tags[end - 1] = TAG[f"B-{label}"], TAG[f"L-{label}"]
    return tags


def decode(tags: npt.NDArray[np.int64]) -> list[tuple[int, int, str]]:
    """Spans of words (start, end, label) of a valid sequence of tags."""
    spans: list[tuple[int, int, str]] = []
    start = 0
    for i in np.flatnonzero(tags).tolist():
        place, label = TAGS[int(tags[i])].split("-")
        if place in "BU":
            start = i
        if place in "LU":
            spans.append((start, i + 1, label))
    return spans


def transitions() -> npt.NDArray[np.bool_]:
    """Square table: may the column's tag follow the row's?"""
    return np.array([[_may_follow(a, b) for b in TAGS] for a in TAGS])


def _may_follow(before: str, after: str) -> bool:
    if before[0] in "BI":
        return after[0] in "IL" and after[2:] == before[2:]
    return after[0] in "BUO"


def may_open() -> npt.NDArray[np.bool_]:
    """Which tags may stand on a first word."""
    return np.array([tag[0] in "BUO" for tag in TAGS])


def may_close() -> npt.NDArray[np.bool_]:
    """Which tags may stand on a last word."""
    return np.array([tag[0] in "LUO" for tag in TAGS])
