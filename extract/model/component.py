"""The spaCy component: one reading of the article gives names, tags, features, sentences and parse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.model.encoder import Encoder, Reading
from extract.model.lemmas import Lemmas, read_tables
from extract.model.names import Name, find_names
from extract.model.pieces import WordPieces
from extract.model.trees import best_tree
from extract.model.windows import Window, Words, window_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.vocab import Vocab

FACTORY = "extract_model"
# Longer than any article; spaCy's own bound is for parsers whose memory grows with the text.
MAX_LENGTH = 100_000_000
COLUMNS = ("TAG", "POS", "MORPH", "LEMMA", "DEP", "HEAD", "ENT_IOB", "ENT_TYPE")
INSIDE, OUTSIDE, BEGINS = 1, 2, 3
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the network's numbers mean, and the features that tags and words stand for."""

    upos: tuple[str, ...]
    xpos: tuple[str, ...]
    deps: tuple[str, ...]
    feats: dict[str, str] = field(default_factory=dict)  # "UPOS XPOS" or "word UPOS XPOS" -> features
    temperature: float = 1.0

    def features(self, word: str, upos: str, xpos: str) -> str:
        """Universal features of a word with these tags, as far as they tell."""
        kind = f"{upos} {xpos}"
        return self.feats.get(f"{word.lower()} {kind}", self.feats.get(kind, ""))


@dataclass(slots=True)
class Analysis:
    """What is known of an article's words, filled window by window."""

    upos: Integers
    xpos: Integers
    heads: Integers
    deps: Integers
    names: list[Name] = field(default_factory=list)


class ModelComponent:
    """Sets tags, features, heads, relations, sentences and names; names carry `span._.confidence`."""

    def __init__(self, vocab: Vocab, name: str = FACTORY) -> None:
        self.vocab, self.name = vocab, name
        self.encoder: Encoder | None = None
        self.split: WordPieces | None = None
        self.scheme = Scheme((), (), ())
        self.lemmas = Lemmas({}, {}, {})
        self._morphs: dict[str, int] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Annotates the doc."""
        words = [token.i for token in doc if not token.is_space]
        if words:
            self._write(doc, np.array(words), self._analyse(doc, words))
        elif len(doc):
            self._write_blank(doc)
        return doc

    def _analyse(self, doc: Doc, indices: list[int]) -> Analysis:
        if self.encoder is None or self.split is None:
            raise ValueError(f"{self.name} has no weights: load a trained pipeline, or call from_disk")
        words = Words([doc[i].text for i in indices], _breaks(doc, indices))
        blank = [np.zeros(len(indices), np.int64) for _ in range(4)]
        found = Analysis(*blank)
        start = 0
        while start < len(indices):
            window = window_at(words, start, self.split)
            reading = self.encoder.read(window.pieces, window.shapes, window.first)
            count = _kept(window, reading, len(indices))
            self._take(found, window, reading, words, count)
            start += count
        return found

    def _take(self, found: Analysis, window: Window, reading: Reading, words: Words, count: int) -> None:
        """Copies the first `count` words of a window's reading into the analysis."""
        assert self.encoder is not None
        heads = np.concatenate([s + best_tree(reading.arcs[s:e, s:e]) for s, e in _sentences(window, reading, words, count)])
        padded = np.concatenate([heads, np.arange(count, window.end - window.start)])
        at, end = window.start, window.start + count
        found.upos[at:end], found.xpos[at:end] = reading.upos[:count], reading.xpos[:count]
        found.heads[at:end] = at + heads
        found.deps[at:end] = self.encoder.relations(reading, padded)[:count]
        texts = words.texts[at:end]
        for name in find_names(reading.names[:count], texts, self.scheme.temperature):
            found.names.append(Name(at + name.start, at + name.end, name.label, name.confidence))

    def _write(self, doc: Doc, words: Integers, found: Analysis) -> None:
        strings = self.vocab.strings
        scheme = self.scheme
        columns = {c: np.zeros(len(doc), np.int64) for c in COLUMNS}
        columns["TAG"][:], columns["POS"][:], columns["DEP"][:] = (_id(strings.add(s)) for s in ("_SP", "SPACE", "dep"))
        columns["TAG"][words] = np.array([_id(strings.add(x)) for x in scheme.xpos])[found.xpos]
        columns["POS"][words] = np.array([_id(strings.add(u)) for u in scheme.upos])[found.upos]
        roots = found.heads == np.arange(len(words))
        named = np.array([_id(strings.add("ROOT" if d == "root" else d)) for d in scheme.deps])
        deps = named[found.deps]
        deps[roots] = _id(strings.add("ROOT"))
        deps[~roots & (deps == _id(strings["ROOT"]))] = _id(strings.add("dep"))
        columns["DEP"][words] = deps
        texts = [doc[i].text for i in words.tolist()]
        columns["MORPH"][words] = self._features(texts, found)
        columns["LEMMA"][:] = [_id(token.orth) for token in doc]
        columns["LEMMA"][words] = self._lemmas(texts, found)
        columns["HEAD"] = _relative_heads(len(doc), words, found.heads)
        self._write_names(columns, words, found.names)
        doc.from_array(list(COLUMNS), np.stack([columns[c] for c in COLUMNS], axis=1).astype(np.uint64))
        for span, name in zip(doc.ents, found.names, strict=True):
            span._.confidence = name.confidence

    def _write_names(self, columns: dict[str, Integers], words: Integers, names: list[Name]) -> None:
        columns["ENT_IOB"][:] = OUTSIDE
        for name in names:
            first, last = int(words[name.start]), int(words[name.end - 1])
            columns["ENT_IOB"][first : last + 1] = INSIDE
            columns["ENT_IOB"][first] = BEGINS
            columns["ENT_TYPE"][first : last + 1] = _id(self.vocab.strings.add(name.label))

    def _features(self, texts: list[str], found: Analysis) -> Integers:
        scheme = self.scheme
        passive = _passives(scheme, texts, found)
        hashes = []
        for k, text in enumerate(texts):
            feats = scheme.features(text, scheme.upos[found.upos[k]], scheme.xpos[found.xpos[k]])
            hashes.append(self._morph(feats + "|Voice=Pass" if k in passive else feats))
        return np.array(hashes, np.int64)

    def _lemmas(self, texts: list[str], found: Analysis) -> Integers:
        scheme, add = self.scheme, self.vocab.strings.add
        upos, xpos = (scheme.upos[u] for u in found.upos), (scheme.xpos[x] for x in found.xpos)
        return np.array([_id(add(self.lemmas(*key))) for key in zip(texts, upos, xpos, strict=True)], np.int64)

    def _morph(self, feats: str) -> int:
        found = self._morphs.get(feats)
        if found is None:
            found = self._morphs[feats] = _id(self.vocab.morphology.add(feats))
        return found

    def _write_blank(self, doc: Doc) -> None:
        """A doc of blanks alone is one sentence without names."""
        nothing = np.array([0])
        analysis = Analysis(nothing, nothing, nothing, nothing)
        self._write(doc, nothing, analysis) if self.scheme.upos else None
        doc[0].pos_, doc[0].tag_ = "SPACE", "_SP"
        doc[0].set_morph("")

    def to_bytes(self, **_: Any) -> bytes:
        """The whole component as one msgpack message."""
        import srsly

        parts = {"encoder": self.encoder.encoder if self.encoder else b"", "relations": self.encoder.relations_ if self.encoder else b""}
        packed: bytes = srsly.msgpack_dumps({**parts, "scheme": asdict(self.scheme), "vocabulary": self.split.vocabulary if self.split else [], "lemmas": self.lemmas.tables()})
        return packed

    def from_bytes(self, packed: bytes, **_: Any) -> ModelComponent:
        """Fills the component from `to_bytes`."""
        import srsly

        parts = srsly.msgpack_loads(packed)
        return self.fill(parts["encoder"], parts["relations"], parts["scheme"], parts["vocabulary"], parts["lemmas"])

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes the component's folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        if self.encoder is None or self.split is None:
            return
        (folder / "encoder.onnx").write_bytes(self.encoder.encoder)
        (folder / "relations.onnx").write_bytes(self.encoder.relations_)
        (folder / "vocabulary.txt").write_text("\n".join(self.split.vocabulary) + "\n", encoding="utf-8")
        (folder / "lemmas.json").write_text(json.dumps(self.lemmas.tables(), ensure_ascii=False) + "\n", encoding="utf-8")
        (folder / "scheme.json").write_text(json.dumps(asdict(self.scheme), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> ModelComponent:
        """Reads what `to_disk` wrote."""
        folder = Path(path)
        scheme = json.loads((folder / "scheme.json").read_text(encoding="utf-8"))
        lemmas = json.loads((folder / "lemmas.json").read_text(encoding="utf-8"))
        vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
        return self.fill((folder / "encoder.onnx").read_bytes(), (folder / "relations.onnx").read_bytes(), scheme, vocabulary, lemmas)

    def fill(self, encoder: bytes, relations: bytes, scheme: dict[str, Any], vocabulary: list[str], lemmas: dict[str, Any]) -> ModelComponent:
        """Sets weights, scheme, vocabulary and tables of lemmas."""
        self.encoder = Encoder(encoder, relations) if encoder else None
        self.split = WordPieces(vocabulary) if vocabulary else None
        self.lemmas = read_tables(lemmas)
        self.scheme = Scheme(**{k: tuple(v) if isinstance(v, list) else v for k, v in scheme.items()})
        return self


def _id(value: int) -> int:
    """An unsigned hash as the signed number of the same bits."""
    return value - (1 << 64) if value >= 1 << 63 else value


def _breaks(doc: Doc, indices: list[int]) -> list[int]:
    """For each word, which kind of line break stands between it and the word before."""
    found = [0] * len(indices)
    for k, i in enumerate(indices):
        before = indices[k - 1] if k else -1
        if i - before > 1:
            lines = "".join(doc[j].text_with_ws for j in range(before + 1, i)).count("\n")
            found[k] = min(lines, 2)
    return found


def _kept(window: Window, reading: Reading, total: int) -> int:
    """How many words of a window are used: all, or those before the last sentence that starts in it.

    The next window starts after them, so that a sentence at a window's edge is read again whole.
    """
    count = window.end - window.start
    if window.closed or window.end == total:
        return count
    later = np.flatnonzero(reading.starts[1:] > 0)
    return int(later[-1]) + 1 if len(later) else count


def _sentences(window: Window, reading: Reading, words: Words, count: int) -> list[tuple[int, int]]:
    """Sentences of the first `count` words of a window, half open."""
    opens = reading.starts[:count] > 0
    opens[0] = True
    for i in range(1, count):
        if words.breaks[window.start + i] == 2:
            opens[i] = True
    bounds = [*np.flatnonzero(opens).tolist(), count]
    return list(zip(bounds[:-1], bounds[1:], strict=True))


def _relative_heads(length: int, words: Integers, heads: Integers) -> Integers:
    """Offsets from each token to its head; a blank hangs on the word before it, or on the first."""
    absolute = np.repeat(-1, length)
    absolute[words] = words[heads]
    previous = -1
    for i in range(length):
        if absolute[i] < 0:
            absolute[i] = previous if previous >= 0 else words[0]
        else:
            previous = i
    return absolute - np.arange(length)


def _passives(scheme: Scheme, texts: list[str], found: Analysis) -> set[int]:
    """Past participles that aren't perfect: those without an auxiliary "have" of their own."""
    perfect = set()
    passive = set()
    for k, dep in enumerate(found.deps.tolist()):
        if scheme.deps[dep] == "aux" and texts[k].lower() in _HAVE:
            perfect.add(int(found.heads[k]))
        elif scheme.deps[dep] in ("aux:pass", "nsubj:pass", "csubj:pass"):
            passive.add(int(found.heads[k]))
    participles = {k for k, x in enumerate(found.xpos.tolist()) if scheme.xpos[x] == "VBN" and scheme.upos[found.upos[k]] == "VERB"}
    return participles & passive | participles - perfect


_HAVE = frozenset(("have", "has", "had", "having", "'ve", "’ve", "'d", "’d", "'s", "’s"))

if not Span.has_extension("confidence"):
    Span.set_extension("confidence", default=None)


@Language.factory(
    FACTORY,
    assigns=["token.tag", "token.pos", "token.morph", "token.lemma", "token.dep", "token.head", "token.is_sent_start", "doc.ents", "span._.confidence"],
)
def create(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The component as a pipeline's config asks for it."""
    nlp.max_length = max(nlp.max_length, MAX_LENGTH)
    return ModelComponent(nlp.vocab, name)


