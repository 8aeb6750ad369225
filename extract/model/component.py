"""The spaCy component: one reading of the article gives names, tags, features, lemmas, sentences and parse."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from extract.model.analysis import Analysis, analyse, blank
from extract.model.columns import COLUMNS, Numbers, columns
from extract.model.encoder import Encoder
from extract.model.lemmas import Lemmas, read_tables
from extract.model.pieces import WordPieces, read_vocabulary
from extract.model.scheme import Scheme
from extract.model.windows import BLANK_LINE, Words

if TYPE_CHECKING:
    from spacy.vocab import Vocab

FACTORY = "extract_model"
# Longer than any article; spaCy's own bound is for parsers whose memory grows with the text.
MAX_LENGTH = 100_000_000


class ModelComponent:
    """Sets tags, features, lemmas, heads, relations, sentences and names; names carry `span._.confidence`."""

    def __init__(self, vocab: Vocab, name: str = FACTORY) -> None:
        self.vocab, self.name = vocab, name
        self.encoder: Encoder | None = None
        self.split: WordPieces | None = None
        self.scheme = Scheme((), (), ())
        self.lemmas = Lemmas({}, {}, {})

    def __call__(self, doc: Doc) -> Doc:
        """Annotates the doc."""
        if not len(doc):
            return doc
        words = [token.i for token in doc if not token.is_space]
        found = self._analyse(doc, words) if words else blank(0)
        table: Any = columns([t.text for t in doc], words, found, self.scheme, self.lemmas, self._numbers())
        doc.from_array(list(COLUMNS), table)
        for span, name in zip(doc.ents, found.names, strict=True):
            span._.confidence = name.confidence
        return doc

    def _analyse(self, doc: Doc, words: list[int]) -> Analysis:
        if self.encoder is None or self.split is None:
            raise ValueError(f"{self.name} has no weights: load a trained pipeline, or call from_disk")
        texts = Words([doc[i].text for i in words], line_breaks(doc, words))
        return analyse(texts, self.encoder, self.split, self.scheme)

    def _numbers(self) -> Numbers:
        return Numbers(string=self.vocab.strings.add, feats=lru_cache(self.vocab.morphology.add))

    def to_bytes(self, **_: Any) -> bytes:
        """The whole component as one msgpack message."""
        import srsly

        packed: bytes = srsly.msgpack_dumps({"graphs": self._graphs(), "tables": self._tables()})
        return packed

    def from_bytes(self, packed: bytes, **_: Any) -> ModelComponent:
        """Fills the component from `to_bytes`."""
        import srsly

        parts = srsly.msgpack_loads(packed)
        return self.fill(parts["graphs"], parts["tables"])

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Writes the component's folder."""
        folder, tables = Path(path), self._tables()
        folder.mkdir(parents=True, exist_ok=True)
        for name, graph in zip(("encoder.onnx", "relations.onnx"), self._graphs(), strict=True):
            (folder / name).write_bytes(graph)
        (folder / "vocabulary.txt").write_text("\n".join(tables["vocabulary"]) + "\n", encoding="utf-8")
        (folder / "lemmas.json").write_text(json.dumps(tables["lemmas"], ensure_ascii=False) + "\n", encoding="utf-8")
        scheme = json.dumps(tables["scheme"], indent=1, ensure_ascii=False)
        (folder / "scheme.json").write_text(scheme + "\n", encoding="utf-8")

    def from_disk(self, path: str | Path, **_: Any) -> ModelComponent:
        """Reads what `to_disk` wrote."""
        folder = Path(path)
        tables = {
            name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("scheme", "lemmas")
        }
        tables["vocabulary"] = read_vocabulary(folder / "vocabulary.txt")
        graphs = [(folder / name).read_bytes() for name in ("encoder.onnx", "relations.onnx")]
        return self.fill(graphs, tables)

    def fill(self, graphs: Sequence[bytes], tables: dict[str, Any]) -> ModelComponent:
        """Sets the graphs of encoder and relations, and the tables `scheme`, `lemmas` and `vocabulary`."""
        encoder, relations = graphs
        self.encoder = Encoder(encoder, relations) if encoder else None
        self.split = WordPieces(tables["vocabulary"]) if tables["vocabulary"] else None
        self.lemmas = read_tables(tables["lemmas"])
        scheme = tables["scheme"]
        tags = {name: tuple(scheme[name]) for name in ("upos", "xpos", "deps")}
        peoples = frozenset(scheme.get("peoples", ()))
        self.scheme = Scheme(**tags, feats=scheme["feats"], temperature=scheme["temperature"], peoples=peoples)
        return self

    def _graphs(self) -> tuple[bytes, bytes]:
        return (self.encoder.encoder, self.encoder.relations_) if self.encoder else (b"", b"")

    def _tables(self) -> dict[str, Any]:
        vocabulary = self.split.vocabulary if self.split else []
        return {
            "scheme": {**asdict(self.scheme), "peoples": sorted(self.scheme.peoples)},
            "lemmas": self.lemmas.tables(),
            "vocabulary": vocabulary,
        }


def line_breaks(doc: Doc, words: list[int]) -> list[int]:
    """For each word, whether none, a line's end or a blank line stands between it and the word before."""
    found = [0] * len(words)
    before = -1
    for k, i in enumerate(words):
        if i - before > 1:
            lines = sum(doc[j].text_with_ws.count("\n") for j in range(before + 1, i))
            found[k] = min(lines, BLANK_LINE)
        before = i
    return found


if not Span.has_extension("confidence"):
    Span.set_extension("confidence", default=None)


@Language.factory(
    FACTORY,
    assigns=[
        *(
            f"token.{a}"
            for a in ("tag", "pos", "morph", "lemma", "dep", "head", "is_sent_start", "ent_type", "ent_iob")
        ),
        "doc.ents",
        "span._.confidence",
    ],
)
def create(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """The component as a pipeline's config asks for it."""
    nlp.max_length = max(nlp.max_length, MAX_LENGTH)
    return ModelComponent(nlp.vocab, name)
