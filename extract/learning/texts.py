"""Texts as the network sees them: each word's vector and scores, and the tags that an annotator leaves possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extract.article import Article
from extract.errors import ModelError, ReadError
from extract.evaluation.gold import GoldArticle, Mark
from extract.fact import Organisation, Person, Place
from extract.learning.graph import Floats, OpenEncoder
from extract.model.analysis import kept
from extract.model.component import ModelComponent, line_breaks
from extract.model.labels import TAG, TAGS
from extract.model.windows import Words, window_at
from extract.pipeline import Extractor
from extract.training.corpora import Passage
from extract.training.examples import read_cleaned

KINDS = {"PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
Names = frozenset[tuple[int, int, str]]  # start, end, type
_PLACES = {"facility": ("FAC",), "natural": ("LOC",), "country": ("GPE",), "region": ("GPE", "LOC"), "city": ("GPE",)}
# What gold doesn't mark, whatever it is: peoples, events, laws, dates, and no name.
_UNMARKED = [i for i, tag in enumerate(TAGS) if tag[2:] in {"", "NORP", "EVENT", "LAW", "DATE"}]


@dataclass(frozen=True)
class Labelled:
    """A text with its names as people marked them; in `unknown` stretches they may be missing.

    `is_foreign`: by conventions other than gold's.
    """

    text: str
    names: Names
    unknown: tuple[tuple[int, int], ...] = ()
    is_foreign: bool = False


@dataclass(frozen=True)
class Seen:
    """The words of a text: their characters, the network's vectors and scores."""

    places: npt.NDArray[np.int64]  # [words, 2]
    vectors: Floats
    scores: Floats


class Reader:
    """Reads texts with a pipeline whose encoder it opens."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        component = component_of(extractor)
        assert component.encoder is not None
        assert component.split is not None
        self._split = component.split
        self.encoder = OpenEncoder(component.encoder)
        component.encoder = self.encoder

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
        """The persons, organisations and places that the pipeline extracts, its encoder corrected as it is."""
        facts = self._extractor.extract(Article(id="text", text=text))
        return frozenset(
            (span.start, span.end, fact.type)
            for fact in facts
            if isinstance(fact, Person | Organisation | Place)
            for span in fact.mentions
        )

    def _words(self, text: str) -> tuple[Words, npt.NDArray[np.int64]]:
        doc = self._extractor.nlp.make_doc(text)
        kept_ = [token.i for token in doc if not token.is_space]
        places = [(doc[i].idx, doc[i].idx + len(doc[i])) for i in kept_]
        words = Words([doc[i].text for i in kept_], line_breaks(doc, kept_))
        return words, np.array(places, np.int64).reshape(-1, 2)


def component_of(extractor: Extractor) -> ModelComponent:
    """The component that reads names.

    Raises:
        ModelError: the pipeline has another one.
    """
    found = next((pipe for _, pipe in extractor.nlp.pipeline if isinstance(pipe, ModelComponent)), None)
    if found is None or found.encoder is None:
        raise ModelError("this pipeline can't be taught", where=str(extractor.nlp.path or ""),
                         expected="the model that ships, or a copy", advice="Leave --model out")  # fmt: skip
    return found


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
    return Labelled(passage.text, names, passage.missing, is_foreign=True)


def unknown_out(found: Names, wanted: Labelled) -> Names:
    """What was found, without what touches a stretch in which names may be missing."""
    stretches: Iterable[tuple[int, int]] = wanted.unknown
    return frozenset(
        name for name in found
        if name in wanted.names or not any(name[0] < end and start < name[1] for start, end in stretches)
    )  # fmt: skip
