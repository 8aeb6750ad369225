"""One article, one label: mentions of the same words vote, and the sure ones speak for the unsure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extract.model.extents import kind_before
from extract.model.labels import NAMES
from extract.model.names import Name

# Names that can be mistaken for each other; peoples, laws and dates have other shapes.
VOTERS = frozenset(("PERSON", "ORG", "GPE", "LOC", "FAC"))
_VOTES = np.array([name in VOTERS for name in NAMES], np.float32)
# The weight of the article's mean beside the mention's own reading; chosen on the gold articles.
WEIGHT = 2.5
# Votes of a noun that tells the kind, and of a full name for its abbreviation.
TELLING = 4
CAPTURES = frozenset(("invasion", "occupation", "annexation", "siege", "bombing", "liberation", "conquest"))
# A name this sure is looked for elsewhere; what is found so is right about as often as ECHO says.
SURE, ECHO = 0.7, 0.7

Masses = npt.NDArray[np.float32]


def agree(names: list[Name], texts: Sequence[str]) -> list[Name]:
    """The names with the labels that the article as a whole supports, and the mentions that it overlooked."""
    ballots = _ballots(names, texts)
    settled = [_settled(name, ballots[_key(name, texts)]) if name.label in VOTERS else name for name in names]
    settled = [_place_of(name, texts) for name in settled]
    return sorted([*settled, *_overlooked(settled, texts)], key=lambda name: name.start)


def _place_of(name: Name, texts: Sequence[str]) -> Name:
    """Ukraine, for an event told in common words, "Russian invasion of Ukraine"; else the name itself."""
    words = list(texts[name.start : name.end])
    if name.label != "EVENT" or "of" not in words[1:-1]:
        return name
    link = words.index("of", 1)
    if words[link - 1] not in CAPTURES or not words[link + 1][:1].isupper():
        return name
    return replace(name, start=name.start + link + 1, label="GPE")


def _overlooked(names: list[Name], texts: Sequence[str]) -> Iterator[Name]:
    """Yields unmarked places where the words of a sure name stand again, written the same way."""
    known = {tuple(texts[n.start : n.end]): n for n in names if n.label in VOTERS and n.confidence > SURE}
    firsts = {form[0] for form in known if _is_distinct(form)}
    lengths = sorted({len(form) for form in known}, reverse=True)
    taken = {i for n in names for i in range(n.start, n.end)}
    i = 0
    while i < len(texts):
        form = _form_at(i, texts, known, lengths) if texts[i] in firsts and i not in taken else None
        if form and taken.isdisjoint(range(i, i + len(form))):
            found = known[form]
            yield replace(found, start=i, end=i + len(form), confidence=round(found.confidence * ECHO, 4))
            i += len(form)
        else:
            i += 1


def _form_at(
    i: int, texts: Sequence[str], known: dict[tuple[str, ...], Name], lengths: list[int]
) -> tuple[str, ...] | None:
    forms = (tuple(texts[i : i + n]) for n in lengths)
    return next((form for form in forms if form in known and _is_distinct(form)), None)


def _is_distinct(form: tuple[str, ...]) -> bool:
    """Capitalised, and no single letter."""
    return form[0][:1].isupper() and len(form[0]) > 1


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
        told = kind_before(texts, name.start)
        if told is not None:
            ballots[key] += [_vote(told)] * TELLING
        if name.label == "PERSON" and len(key) > 1:
            ballots[key[-1:]].append(masses)
    for full, short in pairwise(voters):
        if full.label == "ORG" and _in_brackets(full, short, texts):
            ballots[_key(short, texts)] += [np.array(full.masses, np.float32) * _VOTES] * TELLING
    return ballots


def _vote(label: str) -> Masses:
    return np.array([name == label for name in NAMES], np.float32)


def _in_brackets(full: Name, short: Name, texts: Sequence[str]) -> bool:
    """Does `short` stand in brackets right after `full`, as an abbreviation does?"""
    return short.start == full.end + 1 and texts[full.end] == "(" and texts[short.end : short.end + 1] == [")"]


def _key(name: Name, texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.lower() for text in texts[name.start : name.end])


def without_peoples(name: Name, texts: Sequence[str], peoples: frozenset[str]) -> Name:
    """A place that is a people's adjective is none: "Central Asian", the "Soviet" of "Soviet republic"."""
    words = texts[name.start : name.end]
    if name.label not in ("GPE", "LOC") or not peoples:
        return name
    is_people = words[-1] in peoples or (words[0] in peoples and all(word.islower() for word in words[1:]))
    return replace(name, label="NORP") if is_people else name
