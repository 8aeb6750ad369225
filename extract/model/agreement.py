"""One article, one label: mentions of the same words vote, and the sure ones speak for the unsure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model.labels import NAMES
from extract.model.names import Name

# Names that can be mistaken for each other; peoples, laws and dates have other shapes.
VOTERS = frozenset(("PERSON", "ORG", "GPE", "LOC", "FAC"))
_VOTES = np.array([name in VOTERS for name in NAMES], np.float32)
# The weight of the article's mean beside the mention's own reading; chosen on the gold articles.
WEIGHT = 1.5

Masses = npt.NDArray[np.float32]


def agree(names: list[Name], texts: Sequence[str]) -> list[Name]:
    """The names with the labels that the article as a whole supports."""
    ballots = _ballots(names, texts)
    return [_settled(name, ballots[_key(name, texts)]) if name.label in VOTERS else name for name in names]


def _settled(name: Name, votes: list[Masses]) -> Name:
    if len(votes) == 1:
        return name
    own = np.array(name.masses, np.float32) * _VOTES
    mean = np.mean(votes, axis=0)
    label = NAMES[int((own + WEIGHT * mean).argmax())]
    if label == name.label:
        return name
    return replace(name, label=label, confidence=round(float(mean[NAMES.index(label)]), 4))


def _ballots(names: list[Name], texts: Sequence[str]) -> dict[tuple[str, ...], list[Masses]]:
    """For each form, the masses of its mentions, of full names that end in it, of what it abbreviates."""
    ballots: dict[tuple[str, ...], list[Masses]] = defaultdict(list)
    voters = [name for name in names if name.label in VOTERS]
    for name in voters:
        masses = np.array(name.masses, np.float32) * _VOTES
        key = _key(name, texts)
        ballots[key].append(masses)
        if name.label == "PERSON" and len(key) > 1:
            ballots[key[-1:]].append(masses)
    for full, short in pairwise(voters):
        if full.label == "ORG" and _in_brackets(full, short, texts):
            ballots[_key(short, texts)] += [np.array(full.masses, np.float32) * _VOTES] * 2
    return ballots


def _in_brackets(full: Name, short: Name, texts: Sequence[str]) -> bool:
    """Does `short` stand in brackets right after `full`, as an abbreviation does?"""
    return short.start == full.end + 1 and texts[full.end] == "(" and texts[short.end : short.end + 1] == [")"]


def _key(name: Name, texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.lower() for text in texts[name.start : name.end])
