"""Repeats: the same story in several papers, under another headline and byline, cut at the end.

An article is taken as its set of three-word runs. Datasketch's MinHash (Broder 1997) makes a signature of the set,
bands of the signature (locality-sensitive hashing) find the earlier articles that may be alike, and the signatures
tell how much of one stands in the other. Which article is marked depends on the order of the articles alone.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from extract.article import Article
from extract.errors import ReadError
from extract.reading.outcome import Outcome, Repeat

SAME = 0.6  # of the runs of one article stand in the other: tests/repeats.py measures what that finds
NOTHING_NEW = 0.7  # of the runs of the later article stand in the earlier, and all of its numbers
REMEMBERED = 100_000  # articles that a new one is compared with: the latest, at 5 KB each
_RUN = 3  # words
_BANDS, _ROWS = 42, 3  # of pairs with half of their runs in common 0.996 are found, with 0.4 of them 0.94
_AT_ONCE = 4_096  # runs hashed together: 2 MB, whatever the length of the text
_SEED = 1
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(?<![\w.,:])\d{1,15}(?:[.,]\d{1,15}){0,5}(?![\w:])")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(rf"\b(?:\d{{1,2}}\s{_MONTH}|{_MONTH}\s\d{{1,2}}|(?:19|20)\d\d)\b", re.IGNORECASE)
_SPELT = frozenset({
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "dozen", "thousand", "million", "billion",
})  # fmt: skip # without "one", which is as often a pronoun


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of an article: its story's first id, its number of runs, its numbers, its signature."""

    first: str
    runs: int
    numbers: frozenset[str]
    signature: Any
    bands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """The id of the first article of a story, and whether this one says nothing that stands in no earlier one."""

    first: str
    says_nothing_new: bool


class Stories:
    """The latest articles, as far as it takes to know their stories again.

    Raises:
        ReadError: datasketch isn't installed.
    """

    def __init__(self, *, remembered: int = REMEMBERED) -> None:
        try:
            from datasketch import MinHash
        except ModuleNotFoundError as error:
            raise ReadError("--dedupe needs the package datasketch",
                            advice='pip install "news-extract[dedupe]"') from error  # fmt: skip
        self._empty = MinHash(num_perm=_BANDS * _ROWS, seed=_SEED, scheme="affine32")
        self._remembered = remembered
        self._traces: deque[Trace] = deque()
        self._in_band: dict[int, Trace] = {}  # the first with that band: no more candidates than bands

    def meet(self, article: Article) -> Likeness | None:
        """What an earlier article has to do with this one; remembers it where it says something new."""
        trace = self._trace(article)
        shared, earlier = self._nearest(trace)
        if earlier is None or shared < SAME * min(trace.runs, earlier.runs):
            self._remember(trace)
            return None
        if shared >= NOTHING_NEW * trace.runs and trace.numbers <= earlier.numbers:
            return Likeness(earlier.first, says_nothing_new=True)
        self._remember(Trace(earlier.first, trace.runs, trace.numbers, trace.signature, trace.bands))
        return Likeness(earlier.first, says_nothing_new=False)

    def _trace(self, article: Article) -> Trace:
        text = article.text.casefold()
        runs = _runs(_WORD.findall(text))
        sketch = self._empty.copy()
        rest = iter(sorted(runs))
        while part := list(islice(rest, _AT_ONCE)):
            sketch.update_batch(part)
        return Trace(article.id, len(runs), _numbers(text), sketch.hashvalues, _bands(sketch.hashvalues))

    def _nearest(self, trace: Trace) -> tuple[float, Trace | None]:
        """The earlier article that has most runs in common with this one, and how many; the earliest of several."""
        found = {id(one): one for band in trace.bands if (one := self._in_band.get(band))}
        best: tuple[float, Trace | None] = (0.0, None)
        for one in found.values():
            if (shared := _shared(trace, one)) > best[0]:
                best = (shared, one)
        return best

    def _remember(self, trace: Trace) -> None:
        self._traces.append(trace)
        for band in trace.bands:
            self._in_band.setdefault(band, trace)
        if len(self._traces) > self._remembered:
            self._forget(self._traces.popleft())

    def _forget(self, trace: Trace) -> None:
        for band in trace.bands:
            if self._in_band.get(band) is trace:
                del self._in_band[band]


def marked(outcomes: Iterable[tuple[str, Outcome]], stories: Stories, *, skip: bool) -> Iterator[tuple[str, Outcome]]:
    """Yields the outcomes, repeats marked; where they are to be skipped, those that say nothing new as `Repeat`."""
    for where, outcome in outcomes:
        likeness = stories.meet(outcome) if isinstance(outcome, Article) else None
        if likeness is None or not isinstance(outcome, Article):
            yield where, outcome
            continue
        article = outcome.model_copy(update={"duplicate_of": likeness.first})
        yield where, Repeat(article, where) if skip and likeness.says_nothing_new else article


def _runs(words: list[str]) -> set[bytes]:
    """The runs of three words of a text, or the whole of a shorter one.

    >>> sorted(_runs(["twelve", "men", "were", "freed"]))
    [b'men were freed', b'twelve men were']
    """
    last = max(1, len(words) - _RUN + 1)
    return {" ".join(words[at : at + _RUN]).encode() for at in range(last)}


def _numbers(text: str) -> frozenset[str]:
    """The numbers of a text in lower case that are no dates: an update differs in them from what it updates.

    >>> sorted(_numbers("on 12 march 2024 the toll rose from twelve to 1,437"))
    ['1,437', 'twelve']
    """
    undated = _DATE.sub(" ", text)
    return frozenset(_NUMBER.findall(undated)) | (_SPELT & set(_WORD.findall(undated)))


def _bands(signature: Any) -> tuple[int, ...]:
    """A number for each three of the signature's values, which two texts share by accident as good as never."""
    import numpy as np

    rows = signature.reshape(_BANDS, _ROWS).astype(np.uint64)
    mixed = rows @ np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93], dtype=np.uint64)
    return tuple((mixed + np.arange(_BANDS, dtype=np.uint64)).tolist())


def _shared(one: Trace, other: Trace) -> float:
    """About how many runs two texts have in common, by how many values of their signatures are equal."""
    jaccard = float((one.signature == other.signature).mean())
    return jaccard / (1 + jaccard) * (one.runs + other.runs)
