"""Sentences with whatever is known of them, and the windows that the network learns from."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from extract.model.labels import NAMES, TAG, TAGS, decode, encode
from extract.model.pieces import WordPieces
from extract.model.shapes import SHAPE, shape
from extract.training.clean import clean, read_countries
from extract.training.corpora import ANNOTATES, NAME_SETS, SYNTAX_TRAIN, Passage, Sentence, read_conllu, read_names

IGNORE = -1
# Texts kept from training, to scale confidences on and to watch overfitting with.
HELD_OUT = {"slue": ("dev", 400), "crossner": ("test", 150), "redocred": ("test", 400), "gum": ("dev", 2000)}
# Set of labels that a source annotates, by number; the loss sums over what it leaves out.
SOURCES = tuple(dict.fromkeys(ANNOTATES.values()))


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence; `tags` are None where nobody marked names, `heads` where nobody parsed."""

    words: tuple[str, ...]
    tags: tuple[int, ...] | None
    source: int
    upos: tuple[str, ...] | None = None
    xpos: tuple[str, ...] | None = None
    heads: tuple[int, ...] | None = None
    deps: tuple[str, ...] | None = None
    opens_paragraph: bool = False
    sentential: bool = True
    silver: bool = False


@dataclass(slots=True)
class Window:
    """Neighbouring sentences as the network reads them: word pieces, and labels a word."""

    pieces: list[int]
    shapes: list[int]
    first: list[int]
    tags: list[int]
    sources: list[int]
    upos: list[int]
    xpos: list[int]
    starts: list[int]
    heads: list[int]
    deps: list[int]
    sentences: list[int]


@dataclass(frozen=True, slots=True)
class Schemes:
    """The closed sets of tags and relations, in order of id."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    deps: tuple[str, ...]


def schemes(articles: Iterable[list[Example]]) -> Schemes:
    """The tags and relations of the parsed examples."""
    parsed = [e for article in articles for e in article if e.upos and e.xpos and e.deps]
    return Schemes(
        upos=tuple(sorted({u for e in parsed for u in e.upos or ()})),
        xpos=tuple(sorted({x for e in parsed for x in e.xpos or ()})),
        deps=tuple(sorted({d for e in parsed for d in e.deps or ()})),
    )


class Tokeniser:
    """spaCy's English rules, as words with offsets."""

    def __init__(self) -> None:
        from spacy.lang.en import English

        self._split = English().tokenizer

    def __call__(self, text: str) -> list[tuple[str, int]]:
        return [(token.text, token.idx) for token in self._split(text) if not token.is_space]


def training_articles(data: Path, *, silver: int, seed: int) -> tuple[list[list[Example]], list[list[Example]]]:
    """Training and held-out articles: parsed ones with their names where known, then the sets of names."""
    passages = read_cleaned(data)
    gum = {p.text: p for p in passages if p.source.startswith("gum") and p.split != "dev"}
    train = [a for name in SYNTAX_TRAIN for a in syntax_articles(data / "syntax" / f"{name}.conllu", gum)]
    held: list[list[Example]] = []
    split = Tokeniser()
    taken = {_squeezed(p.text) for p in gum.values()}
    rng = random.Random(seed)  # noqa: S311
    for article in _grouped(passages, rng, silver):
        wanted = [
            p for p in article if _squeezed(p.text) not in taken or not p.source.startswith("gum") or p.split != "train"
        ]
        examples = [named_example(p, split) for p in wanted]
        (held if article[0].split == "held" else train).append(examples) if examples else None
    return train, held


def read_cleaned(data: Path) -> list[Passage]:
    """All sets of names, cleaned, with the held-out texts' split renamed `held`."""
    countries = read_countries(data / "gazetteer" / "rigour" / "territories")
    passages: list[Passage] = []
    for name in NAME_SETS:
        split, most = HELD_OUT.get(name, ("", 0))
        found = list(read_names(data / "ner" / f"{name}.jsonl"))
        held = [i for i, p in enumerate(found) if p.split == split][-most:] if most else []
        for i in held:
            found[i] = replace(found[i], split="held")
        passages += [p for p in found if name != "gmb" or p.split == "train"]
    return clean(passages, countries)


def _grouped(passages: list[Passage], rng: random.Random, silver: int) -> Iterator[list[Passage]]:
    """Articles: neighbours of one `article`; of the silver set, a sample of `silver` passages."""
    groups: dict[tuple[str, str, str], list[Passage]] = defaultdict(list)
    for p in passages:
        groups[p.source, p.article, p.split].append(p)
    blocks = [g for (source, _, _), g in groups.items() if source == "gmb"]
    rng.shuffle(blocks)
    count = 0
    for block in blocks:
        if count < silver:
            count += len(block)
            yield block
    for (source, _, _), group in groups.items():
        if source != "gmb":
            yield group


def _squeezed(text: str) -> str:
    return "".join(text.split())


def syntax_articles(path: Path, named: dict[str, Passage]) -> Iterator[list[Example]]:
    """Articles of parsed sentences, with the names of the passages of the same text."""
    by_text = {_squeezed(text): p for text, p in named.items()}
    article: list[Example] = []
    for sentence in read_conllu(path):
        if sentence.opens_article and article:
            yield article
            article = []
        article.append(parsed_example(sentence, by_text.get(_squeezed(surface(sentence)))))
    if article:
        yield article


def surface(sentence: Sentence) -> str:
    """The text that the words came from."""
    return "".join(w + " " * s for w, s in zip(sentence.words, sentence.spaces, strict=True)).rstrip()


def parsed_example(sentence: Sentence, passage: Passage | None) -> Example:
    """A parsed sentence, with names where a passage tells them."""
    tags = None
    if passage is not None:
        at, words = 0, []
        for word in sentence.words:
            at = passage.text.find(word, at) if word in passage.text[at : at + len(word) + 3] else at
            words.append((word, at))
            at += len(word)
        tags = word_tags(passage, words)
    return Example(
        words=sentence.words,
        tags=tags,
        source=source_of("gum"),
        upos=sentence.upos,
        xpos=sentence.xpos,
        heads=sentence.heads,
        deps=sentence.deps,
        opens_paragraph=sentence.opens_paragraph,
    )


def named_example(passage: Passage, split: Tokeniser) -> Example:
    """A passage's words with their tags."""
    words = split(passage.text)
    return Example(
        words=tuple(word for word, _ in words),
        tags=word_tags(passage, words),
        source=source_of(passage.source),
        sentential=passage.source in ("gmb", "redocred"),
        silver=passage.source == "gmb",
        opens_paragraph=passage.source in ("crossner", "wikigold", "uner_ewt"),
    )


def source_of(name: str) -> int:
    """The number of the labels that a source annotates."""
    return SOURCES.index(ANNOTATES[name.split("_", maxsplit=1)[0] if name.startswith("gum") else name])


def word_tags(passage: Passage, words: list[tuple[str, int]]) -> tuple[int, ...]:
    """BILOU tags; IGNORE where a label is unknown or a name doesn't fall on words."""
    starts = {at: i for i, (_, at) in enumerate(words)}
    ends = {at + len(word): i + 1 for i, (word, at) in enumerate(words)}
    spans: list[tuple[int, int, str]] = []
    unknown = list(passage.missing)
    for start, end, label in passage.names:
        first, last = starts.get(start), ends.get(end)
        if first is None or last is None or (spans and first < spans[-1][1]):
            unknown.append((start, end))
        else:
            spans.append((first, last, label))
    tags = encode(spans, len(words))
    for start, end in unknown:
        for i, (word, at) in enumerate(words):
            if at < end and start < at + len(word) and tags[i] == 0:
                tags[i] = IGNORE
    return tuple(tags)


def hidden_tags() -> list[list[bool]]:
    """For each source, which tags an unmarked word may carry: O and the labels it doesn't annotate."""
    return [[tag == "O" or tag[2:] not in annotated for tag in TAGS] for annotated in SOURCES]


@dataclass(frozen=True, slots=True)
class Knobs:
    """How windows are varied from epoch to epoch."""

    least: int = 24
    most: int = 192
    shouted: float = 0.02
    headlined: float = 0.04
    wrapped: float = 0.03
    broken: float = 0.3
    renamed: float = 0.15
    # Second stage: organisations called otherwise, datelines before, persons who give a regime its name.
    reorganised: float = 0.0
    dated: float = 0.0
    reigning: float = 0.0


STAGES = (Knobs(), Knobs(reorganised=0.2, dated=0.03, reigning=0.25))
AGENCIES = (
    "Reuters",
    "AP",
    "AFP",
    "EFE",
    "dpa",
    "Xinhua",
    "TASS",
    "Interfax",
    "Bloomberg",
    "ANSA",
    "UPI",
    "BBC",
    "CNN",
    "KUNA",
    "Anadolu",
    "PTI",
    "IANS",
    "VOA",
    "RFE",
    "AA",
)
REGIMES = frozenset(("regime", "government", "administration", "leadership", "dictatorship", "presidency"))


class WindowMaker:
    """Cuts articles into windows anew in every epoch."""

    def __init__(
        self, pieces: WordPieces, scheme: Schemes, people: list[tuple[list[str], list[str]]], knobs: Knobs
    ) -> None:
        self.pieces, self.people, self.knobs = pieces, people, knobs
        self.organisations: list[tuple[str, ...]] = []
        self.places: list[tuple[str, ...]] = []
        self._upos = {u: i for i, u in enumerate(scheme.upos)}
        self._xpos = {x: i for i, x in enumerate(scheme.xpos)}
        self._deps = {d: i for i, d in enumerate(scheme.deps)}

    def windows(self, articles: list[list[Example]], rng: random.Random) -> Iterator[Window]:
        """Yields windows of whole sentences; only a sentence that is longer than a window is cut."""
        for article in articles:
            window, target = self._opened(), self._target(rng)
            for plain in article:
                example = self._varied(plain, rng)
                length = sum(len(self.pieces(w)) for w in example.words)
                if window.first and len(window.pieces) + length > target:
                    yield self._closed(window)
                    window, target = self._opened(), self._target(rng)
                self._add(window, example, rng)
            if window.first:
                yield self._closed(window)

    def collect(self, articles: list[list[Example]]) -> None:
        """Remembers the articles' organisations and places, to call others by."""
        for example in (e for a in articles for e in a if e.tags):
            for start, end, label in decode(np.array([max(t, 0) for t in example.tags or ()])):
                if label == "ORG" and end - start < 6:
                    self.organisations.append(example.words[start:end])
                if label == "GPE" and end - start < 3:
                    self.places.append(example.words[start:end])

    def _target(self, rng: random.Random) -> int:
        return rng.randint(self.knobs.least, self.knobs.most)

    def _opened(self) -> Window:
        return Window([self.pieces.opening], [0], [], [], [], [], [], [], [], [], [])

    def _closed(self, window: Window) -> Window:
        window.pieces.append(self.pieces.closing)
        window.shapes.append(SHAPE["special"])
        return window

    def _break(self, window: Window) -> None:
        window.pieces.append(self.pieces.break_)
        window.shapes.append(SHAPE["special"])

    def _add(self, window: Window, example: Example, rng: random.Random) -> None:
        if window.first and (example.opens_paragraph or (not example.heads and rng.random() < self.knobs.broken)):
            self._break(window)
        words = example.words[: self.knobs.most]
        offset, count = len(window.first), len(words)
        number = window.sentences[-1] + 1 if window.sentences else 0
        shapes = self._recased([shape(w) for w in words], rng)
        wrap = rng.randint(6, 16) if rng.random() < self.knobs.wrapped else 0
        for i, (word, cased) in enumerate(zip(words, shapes, strict=True)):
            if wrap and i and i % wrap == 0:
                self._break(window)
            ids = self.pieces(word)
            window.first.append(len(window.pieces))
            window.pieces += ids
            window.shapes += [cased] * len(ids)
        window.sentences += [number] * count
        window.sources += [example.source] * count
        window.tags += example.tags[:count] if example.tags else [IGNORE] * count
        window.starts += [1] + [0] * (count - 1) if example.sentential else [IGNORE] * count
        self._add_syntax(window, example, offset, count)

    def _add_syntax(self, window: Window, example: Example, offset: int, count: int) -> None:
        if (
            example.heads is None
            or example.upos is None
            or example.xpos is None
            or example.deps is None
            or count < len(example.words)
        ):
            for column in (window.upos, window.xpos, window.heads, window.deps):
                column.extend([IGNORE] * count)
            return
        window.upos += [self._upos[u] for u in example.upos]
        window.xpos += [self._xpos[x] for x in example.xpos]
        window.heads += [offset + h for h in example.heads]
        window.deps += [self._deps[d] for d in example.deps]

    def _recased(self, shapes: list[int], rng: random.Random) -> list[int]:
        """Now and then a headline's case: every word capitalised, or all in capitals."""
        draw = rng.random()
        if draw < self.knobs.shouted:
            return [SHAPE["upper"] if s in (SHAPE["lower"], SHAPE["title"], SHAPE["mixed"]) else s for s in shapes]
        if draw < self.knobs.shouted + self.knobs.headlined:
            return [SHAPE["title"] if s == SHAPE["lower"] and rng.random() < 0.8 else s for s in shapes]
        return shapes

    def _varied(self, example: Example, rng: random.Random) -> Example:
        """Now and then an example with other names in it; a parsed one never, its words have heads."""
        if not example.tags or example.heads:
            return example
        knobs = self.knobs
        steps = (
            (knobs.renamed, self._renamed),
            (knobs.reorganised, self._reorganised),
            (knobs.reigning, self._reigning),
            (knobs.dated, self._dated),
        )
        for odds, change in steps:
            if odds and rng.random() < odds:
                example = change(example, rng)
        return example

    def _renamed(self, example: Example, rng: random.Random) -> Example:
        """Its two-word persons called by names of one country of the world."""
        words, tags = list(example.words), list(example.tags or ())
        given, family = rng.choice(self.people)
        for i in range(len(words) - 1):
            if tags[i] == TAG["B-PERSON"] and tags[i + 1] == TAG["L-PERSON"]:
                words[i], words[i + 1] = rng.choice(given), rng.choice(family)
        return replace(example, words=tuple(words))

    def _reorganised(self, example: Example, rng: random.Random) -> Example:
        """One of its organisations called by an acronym, by a person's or place's word, or as another one."""
        tags = list(example.tags or ())
        spans = [(s, e) for s, e, label in decode(np.array([max(t, 0) for t in tags])) if label == "ORG"]
        if not spans:
            return example
        start, end = rng.choice(spans)
        fresh = self._organisation(rng)
        words = (*example.words[:start], *fresh, *example.words[end:])
        return replace(
            example, words=words, tags=(*tags[:start], *encode([(0, len(fresh), "ORG")], len(fresh)), *tags[end:])
        )

    def _organisation(self, rng: random.Random) -> tuple[str, ...]:
        draw = rng.random()
        if draw < 0.35:
            letters = "".join(rng.choice("AABCCDEEFGHIILMNNOOPPRRSSTTUV") for _ in range(rng.randint(2, 5)))
            return (letters if rng.random() < 0.7 else letters.capitalize(),)
        if draw < 0.5:
            return (rng.choice(rng.choice(self.people)[1]),)
        return rng.choice(self.organisations) if self.organisations else ("KGB",)

    def _reigning(self, example: Example, rng: random.Random) -> Example:
        """Its "Syrian government" as "Assad government"."""
        words, tags = list(example.words), list(example.tags or ())
        for i in range(len(words) - 1):
            if tags[i] == TAG["U-NORP"] and words[i + 1] in REGIMES:
                words[i], tags[i] = rng.choice(rng.choice(self.people)[1]), TAG["U-PERSON"]
        return replace(example, words=tuple(words), tags=tuple(tags))

    def _dated(self, example: Example, rng: random.Random) -> Example:
        """With a dateline before it: "MINSK, July 25 (Reuters) -"."""
        if not self.places:
            return example
        place = rng.choice(self.places)
        city = tuple(w.upper() if rng.random() < 0.7 else w for w in place)
        day = (
            (
                ",",
                rng.choice(("Jan", "Feb.", "March", "April", "July", "Sept", "Oct.", "November")),
                str(rng.randint(1, 31)),
            )
            if rng.random() < 0.5
            else ()
        )
        agency = ("(", rng.choice(AGENCIES), ")") if rng.random() < 0.8 else ()
        line = (*city, *day, *agency, rng.choice(("-", "—", "–", ":")))
        tags = [
            *encode([(0, len(city), "GPE")], len(city)),
            *(0 if d == "," else IGNORE for d in day),
            *(TAG["U-ORG"] if a in AGENCIES else 0 for a in agency),
            0,
        ]
        return replace(
            example, words=(*line, *example.words), tags=(*tags, *(example.tags or ())), opens_paragraph=True
        )


def read_people(folder: Path) -> list[tuple[list[str], list[str]]]:
    """Given and family names by country, romanised, one word each."""
    import csv

    tables: list[dict[str, list[str]]] = []
    for name in ("common-forenames-by-country.csv", "common-surnames-by-country.csv"):
        table: dict[str, list[str]] = defaultdict(list)
        with (folder / name).open(encoding="utf-8-sig", newline="") as rows:
            for row in csv.DictReader(rows):
                called = row["Romanized Name"].strip()
                if called.replace("-", "").isalpha() and called[:1].isupper():
                    table[row["Country"]].append(called)
        tables.append(table)
    return [
        (tables[0][c], tables[1][c])
        for c in sorted(tables[0].keys() & tables[1].keys())
        if len(tables[0][c]) > 4 and len(tables[1][c]) > 4
    ]


__all__ = [
    "NAMES",
    "Example",
    "Knobs",
    "Schemes",
    "Window",
    "WindowMaker",
    "hidden_tags",
    "read_people",
    "schemes",
    "training_articles",
]
