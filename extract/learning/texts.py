"""Texts as the network sees them: each word's vector and scores, and the tags that an annotator leaves possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from extract.errors import ReadError
from extract.evaluation.gold import GoldArticle, Mark
from extract.learning.graph import Floats, OpenEncoder
from extract.model.analysis import analyse, kept
from extract.model.component import ModelComponent, line_breaks
from extract.model.labels import TAG, TAGS
from extract.model.windows import Words, window_at
from extract.training.corpora import Passage
from extract.training.examples import read_cleaned

if TYPE_CHECKING:
    from spacy.language import Language

KINDS = {"PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
Names = frozenset[tuple[int, int, str]]  # start, end, type
_PLACES = {"facility": ("FAC",), "natural": ("LOC",), "country": ("GPE",), "region": ("GPE", "LOC"), "city": ("GPE",)}
# What gold doesn't mark, whatever it is: peoples, events, laws, dates, and no name.
_UNMARKED = [i for i, tag in enumerate(TAGS) if tag[2:] in {"", "NORP", "EVENT", "LAW", "DATE"}]


@dataclass(frozen=True)
class Labelled:
    """A text with its names as people marked them; in `unknown` stretches they may be missing."""

    text: str
    names: Names
    unknown: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Seen:
    """The words of a text: their characters, the network's vectors and scores."""

    places: npt.NDArray[np.int64]  # [words, 2]
    vectors: Floats
    scores: Floats


class Reader:
    """Reads texts with one component, whose encoder it opens."""

    def __init__(self, nlp: Language, component: ModelComponent) -> None:
        assert component.encoder is not None
        assert component.split is not None
        self._nlp, self._scheme, self._split = nlp, component.scheme, component.split
        self.encoder = OpenEncoder(component.encoder.encoder)

    def see(self, text: str) -> Seen:
        """The text's words as the network sees them, uncorrected."""
        words, places = self._words(text)
        vectors, scores = [], []
        start = 0
        while start < len(words.texts):
            window = window_at(words, start, self._split)
            reading, rows = self.encoder.open(window.pieces, window.shapes, window.first)
            count = kept(window, reading, len(words.texts))
            vectors.append(rows[:count])
            scores.append(reading.names[:count])
            start += count
        return Seen(places, np.concatenate(vectors), np.concatenate(scores))

    def names(self, text: str) -> Names:
        """The persons, organisations and places that the encoder, corrected as it is, finds."""
        words, places = self._words(text)
        if not words.texts:
            return frozenset()
        found = analyse(words, self.encoder, self._split, self._scheme).names  # type: ignore[arg-type]
        return frozenset(
            (int(places[name.start, 0]), int(places[name.end - 1, 1]), KINDS[name.label])
            for name in found
            if name.label in KINDS
        )

    def _words(self, text: str) -> tuple[Words, npt.NDArray[np.int64]]:
        doc = self._nlp.make_doc(text)
        kept_ = [token.i for token in doc if not token.is_space]
        places = [(doc[i].idx, doc[i].idx + len(doc[i])) for i in kept_]
        words = Words([doc[i].text for i in kept_], line_breaks(doc, kept_))
        return words, np.array(places, np.int64).reshape(-1, 2)


def labelled(article: GoldArticle) -> Labelled:
    """The names of an annotated article."""
    names = frozenset((mark.start, mark.end, mark.tag) for mark in article.marks if mark.tag in KINDS.values())
    return Labelled(article.text, names)


def possible(article: GoldArticle, places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """For each word, the tags that the annotator leaves possible: [words, tags]."""
    table = np.zeros((len(places), len(TAGS)), bool)
    table[:, _UNMARKED] = True
    kinds = {mark.get("id"): mark.get("kind") for mark in article.marked("place") if mark.get("kind")}
    for mark in article.marks:
        if mark.tag in KINDS.values():
            within = np.flatnonzero((places[:, 0] < mark.end) & (mark.start < places[:, 1])).tolist()
            for word, tags in zip(within, _tags(_labels(mark, kinds), len(within)), strict=True):
                table[word] = False
                table[word, tags] = True
    return table


def _labels(mark: Mark, kinds: dict[str | None, str | None]) -> tuple[str, ...]:
    if mark.tag == "place":
        return _PLACES.get(kinds.get(mark.get("id")) or "", ("GPE", "LOC", "FAC"))
    return ("PERSON",) if mark.tag == "person" else ("ORG",)


def _tags(labels: Sequence[str], length: int) -> Iterator[list[int]]:
    shape = "U" if length == 1 else "B" + "I" * (length - 2) + "L" if length else ""
    for place in shape:
        yield [TAG[f"{place}-{label}"] for label in labels]


def read_data(folder: Path, trained: int, held: int) -> tuple[list[Labelled], list[Labelled]]:
    """Texts of the original data, about so many of each set alike: those trained on, and those kept from training.

    Raises:
        ReadError: the data isn't there.
    """
    try:
        passages = read_cleaned(folder)
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(error.filename or folder),
                        expected="the folder of the data that the model was trained on: ner/, gazetteer/"
                        ) from error  # fmt: skip
    return _sample([p for p in passages if p.split != "held"], trained), _sample(
        [p for p in passages if p.split == "held"], held
    )


def _sample(passages: Sequence[Passage], most: int) -> list[Labelled]:
    """The same number of texts of each set, evenly over it."""
    sets: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        sets[passage.source].append(passage)
    each = max(1, most // max(1, len(sets)))
    chosen = [one for rows in sets.values() for one in rows[:: max(1, len(rows) // each)][:each]]
    return [_labelled(passage) for passage in chosen]


def _labelled(passage: Passage) -> Labelled:
    names = frozenset((start, end, KINDS[label]) for start, end, label in passage.names if label in KINDS)
    return Labelled(passage.text, names, passage.missing)


def unknown_out(found: Names, wanted: Labelled) -> Names:
    """What was found, without what touches a stretch in which names may be missing."""
    stretches: Iterable[tuple[int, int]] = wanted.unknown
    return frozenset(
        name for name in found
        if name in wanted.names or not any(name[0] < end and start < name[1] for start, end in stretches)
    )  # fmt: skip
