"""Reads the training data: CoNLL-U files for syntax, JSON lines for names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

SYNTAX_TRAIN = ("en_ewt-ud-train", "gum_open-train")
SYNTAX_DEV = ("en_ewt-ud-dev", "gum_open-dev")
NAME_SETS = ("slue", "crossner", "redocred", "gum", "uner_ewt", "wikigold", "grobid", "gmb")

ALL_LABELS = ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "LAW", "DATE")

# What each set annotates; a label that a set leaves out is unknown there, not absent.
ANNOTATES: dict[str, tuple[str, ...]] = {
    "slue": ALL_LABELS,
    "crossner": ("PERSON", "ORG", "GPE", "LOC", "NORP", "EVENT"),
    "redocred": ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "DATE"),
    "gum": ("PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "DATE"),
    "uner_ewt": ("PERSON", "ORG", "GPE", "LOC"),
    "wikigold": ("PERSON", "ORG", "GPE", "LOC", "NORP"),
    "grobid": ALL_LABELS,
    "gmb": ("PERSON", "ORG", "GPE", "LOC", "NORP"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One parsed sentence; `heads` are indices into the sentence, the root's is its own."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    lemmas: tuple[str, ...]
    feats: tuple[str, ...]
    heads: tuple[int, ...]
    deps: tuple[str, ...]
    opens_paragraph: bool
    opens_article: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its names; `missing` spans are neither taught nor punished."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    missing: tuple[tuple[int, int], ...]
    source: str
    split: str
    article: str


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yields the sentences of a CoNLL-U file in order."""
    comments: list[str] = []
    rows: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            comments.append(line)
        elif line:
            rows.append(line.split("\t"))
        elif rows:
            yield _sentence(comments, rows)
            comments, rows = [], []


def _sentence(comments: list[str], rows: list[list[str]]) -> Sentence:
    tight = _tight_words(rows)
    words = [row for row in rows if row[0].isdigit()]
    heads = tuple(int(row[6]) - 1 if row[6] != "0" else i for i, row in enumerate(words))
    return Sentence(
        words=tuple(row[1] for row in words),
        spaces=tuple(int(row[0]) not in tight for row in words),
        upos=tuple(row[3] for row in words),
        xpos=tuple(row[4] for row in words),
        lemmas=tuple(row[2] for row in words),
        feats=tuple("" if row[5] == "_" else row[5] for row in words),
        heads=heads,
        deps=tuple(row[7] for row in words),
        opens_paragraph=any(c.startswith("# newpar") for c in comments),
        opens_article=any(c.startswith("# newdoc") for c in comments),
    )


def _tight_words(rows: list[list[str]]) -> set[int]:
    """Ids of words that no space follows: `SpaceAfter=No`, or inside a multiword token."""
    tight: set[int] = set()
    for row in rows:
        unspaced = "SpaceAfter=No" in row[9]
        if "-" in row[0]:
            first, last = map(int, row[0].split("-"))
            tight |= set(range(first, last)) | ({last} if unspaced else set())
        elif row[0].isdigit() and unspaced:
            tight.add(int(row[0]))
    return tight


def read_names(path: Path) -> Iterator[Passage]:
    """Yields the passages of a JSON-lines file in order."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield Passage(
                text=row["text"],
                names=tuple((start, end, label) for start, end, label in row["ents"]),
                missing=tuple((start, end) for start, end in row["missing"]),
                source=row["src"],
                split=row["split"],
                article=row["doc"],
            )


def paragraphs(sentences: list[Sentence], limit: int) -> Iterator[list[Sentence]]:
    """Yields runs of neighbouring sentences of one article, at most `limit` words each."""
    run: list[Sentence] = []
    for sentence in sentences:
        if run and (sentence.opens_article or sum(len(s.words) for s in run) + len(sentence.words) > limit):
            yield run
            run = []
        run.append(sentence)
    if run:
        yield run


def by_article(passages: list[Passage]) -> Iterator[list[Passage]]:
    """Yields neighbouring passages of one article together."""
    for _, group in groupby(passages, key=lambda p: (p.source, p.article)):
        yield list(group)
