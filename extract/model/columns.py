"""Turns an analysis into the columns of a spaCy doc."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from extract.model.analysis import Analysis
from extract.model.lemmas import Lemmas
from extract.model.names import Name
from extract.model.scheme import Scheme

COLUMNS = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE")
INSIDE, OUTSIDE, BEGINS = 1, 2, 3
HAVE = frozenset(("have", "has", "had", "having", "'ve", "’ve", "'d", "’d", "'s", "’s"))
PASSIVE = frozenset(("aux:pass", "nsubj:pass", "csubj:pass"))

Integers = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where strings and features get their numbers: a vocab's stores."""

    string: Callable[[str], int]
    feats: Callable[[str], int]


def columns(tokens: list[str], words: list[int], found: Analysis, scheme: Scheme, lemmas: Lemmas, ids: Numbers) -> Ids:
    """Rows of tokens, columns of COLUMNS; `words` are the places of the words, all else is blank."""
    texts = [tokens[i] for i in words]
    upos = [scheme.upos[u] for u in found.upos.tolist()]
    xpos = [scheme.xpos[x] for x in found.xpos.tolist()]
    rows = {
        "TAG": _spread(tokens, words, [ids.string(x) for x in xpos], ids.string("_SP")),
        "POS": _spread(tokens, words, [ids.string(u) for u in upos], ids.string("SPACE")),
        "MORPH": _spread(tokens, words, [ids.feats(f) for f in features(texts, found, scheme)], ids.feats("")),
        "LEMMA": np.array([ids.string(t) for t in tokens], np.uint64),
        "DEP": _spread(tokens, words, [ids.string(d) for d in relations(found, scheme)], ids.string("dep")),
        "HEAD": relative_heads(len(tokens), words, found.heads).astype(np.uint64),
    }
    rows["LEMMA"][words] = np.array(
        [ids.string(lemmas(*key)) for key in zip(texts, upos, xpos, strict=True)], np.uint64
    )
    rows["ENT_IOB"], rows["ENT_TYPE"] = _names(len(tokens), words, found.names, ids)
    return np.stack([rows[c] for c in COLUMNS], axis=1)


def _spread(tokens: list[str], words: list[int], values: list[int], blank: int) -> Ids:
    """The words' values at their places, `blank` elsewhere."""
    column = np.full(len(tokens), blank, np.uint64)
    column[words] = np.array(values, np.uint64)
    return column


def _names(length: int, words: list[int], names: list[Name], ids: Numbers) -> tuple[Ids, Ids]:
    places, labels = np.full(length, OUTSIDE, np.uint64), np.zeros(length, np.uint64)
    for name in names:
        first, last = words[name.start], words[name.end - 1]
        places[first : last + 1] = INSIDE
        places[first] = BEGINS
        labels[first : last + 1] = ids.string(name.label)
    return places, labels


def relations(found: Analysis, scheme: Scheme) -> list[str]:
    """Each word's relation: ROOT for roots alone."""
    roots = found.heads == np.arange(len(found.heads))
    named = [scheme.deps[d] for d in found.deps.tolist()]
    return [
        "ROOT" if root else "dep" if dep == "root" else dep for root, dep in zip(roots.tolist(), named, strict=True)
    ]


def features(texts: list[str], found: Analysis, scheme: Scheme) -> list[str]:
    """Each word's features, from its tags and its form; voice from its auxiliaries."""
    passive = passives(texts, found, scheme)
    tags = zip(texts, found.upos.tolist(), found.xpos.tolist(), strict=True)
    plain = [scheme.features(text, scheme.upos[u], scheme.xpos[x]) for text, u, x in tags]
    return [f"{feats}|Voice=Pass" if k in passive else feats for k, feats in enumerate(plain)]


def passives(texts: list[str], found: Analysis, scheme: Scheme) -> set[int]:
    """Past participles but perfect ones: those with an auxiliary "have" and none of the passive."""
    perfect: set[int] = set()
    passive: set[int] = set()
    for k, (dep, head) in enumerate(zip(found.deps.tolist(), found.heads.tolist(), strict=True)):
        if scheme.deps[dep] in PASSIVE:
            passive.add(head)
        elif scheme.deps[dep] == "aux" and texts[k].lower() in HAVE:
            perfect.add(head)
    tags = zip(found.upos.tolist(), found.xpos.tolist(), strict=True)
    participles = {k for k, (u, x) in enumerate(tags) if scheme.xpos[x] == "VBN" and scheme.upos[u] == "VERB"}
    return participles - (perfect - passive)


def relative_heads(length: int, words: list[int], heads: Integers) -> Integers:
    """Offsets from each token to its head; a blank hangs on the word before it, or on the first word."""
    absolute = np.full(length, -1, np.int64)
    if words:
        absolute[words] = np.array(words)[heads]
    known = np.where(absolute >= 0, np.arange(length), -1)
    before = np.maximum.accumulate(known)
    blanks = absolute < 0
    absolute[blanks] = np.where(before >= 0, before, words[0] if words else 0)[blanks]
    found: Integers = absolute - np.arange(length)
    return found
