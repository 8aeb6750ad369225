"""Trains the small CNN that the shipped model is measured against: spaCy's own components, nothing pretrained."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from extract.training.corpora import (
    NAME_SETS,
    SYNTAX_DEV,
    SYNTAX_TRAIN,
    Passage,
    Sentence,
    paragraphs,
    read_conllu,
    read_names,
)

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

log = logging.getLogger(__name__)

DATED = ("slue", "redocred", "gum", "grobid")  # the sets that annotate dates, too
CONFIG = """
[system]
seed = {seed}
[nlp]
lang = "en"
pipeline = ["tok2vec","tagger","morphologizer","parser","lemmatizer","ner"]
batch_size = 64
[components]
[components.tok2vec]
factory = "tok2vec"
[components.tok2vec.model]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = true
[components.tagger]
factory = "tagger"
[components.tagger.model]
@architectures = "spacy.Tagger.v2"
[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
upstream = "tok2vec"
[components.morphologizer]
factory = "morphologizer"
[components.morphologizer.model]
@architectures = "spacy.Tagger.v2"
[components.morphologizer.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
upstream = "tok2vec"
[components.parser]
factory = "parser"
[components.parser.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "parser"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
[components.parser.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
upstream = "tok2vec"
[components.ner]
factory = "ner"
[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true
[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
upstream = "tok2vec"
[components.lemmatizer]
factory = "lemmatizer"
mode = "rule"
[corpora]
[corpora.train]
@readers = "spacy.Corpus.v1"
path = "{folder}/train.spacy"
[corpora.dev]
@readers = "spacy.Corpus.v1"
path = "{folder}/dev.spacy"
[training]
seed = {seed}
dropout = 0.1
accumulate_gradient = 1
patience = 0
max_steps = {steps}
eval_frequency = 400
[training.optimizer]
@optimizers = "Adam.v1"
learn_rate = 0.001
[training.batcher]
@batchers = "spacy.batch_by_words.v1"
size = 2000
tolerance = 0.2
[training.score_weights]
tag_acc = 0.2
dep_las = 0.4
ents_f = 0.4
[initialize]
[initialize.components]
[initialize.components.lemmatizer]
[initialize.components.lemmatizer.lookups]
@misc = "spacy.LookupsDataLoader.v1"
lang = "en"
tables = ["lemma_rules","lemma_exc","lemma_index"]
"""


def train_cnn(data: Path, out: Path, *, steps: int, seed: int) -> None:
    """Trains for `steps` batches of 2,000 words and leaves the pipeline in `out`/model-last."""
    from spacy.cli.train import train
    from spacy.lang.en import English
    from spacy.tokens import DocBin

    out.mkdir(parents=True, exist_ok=True)
    nlp = English()
    for part, docs in (("train", _training_docs(nlp, data, seed)), ("dev", _dev_docs(nlp, data))):
        DocBin(
            attrs=["ORTH", "SPACY", "TAG", "POS", "MORPH", "DEP", "HEAD", "SENT_START", "ENT_IOB", "ENT_TYPE"],
            docs=docs,
        ).to_disk(out / f"{part}.spacy")
    config = out / "config.cfg"
    config.write_text(CONFIG.format(seed=seed, steps=steps, folder=out), encoding="utf-8")
    from spacy.cli.init_config import fill_config

    fill_config(config, config)
    train(config, out)


def _training_docs(nlp: Language, data: Path, seed: int) -> list[Doc]:
    rng = random.Random(seed)  # noqa: S311
    docs = [doc for name in SYNTAX_TRAIN for doc in _syntax_docs(nlp.vocab, data / "syntax" / f"{name}.conllu")]
    for name in NAME_SETS:
        passages = [p for p in read_names(data / "ner" / f"{name}.jsonl") if p.split not in ("test", "dev")]
        if name == "gmb":
            passages = passages[:8000]
        docs += [_name_doc(nlp, p, dated=name in DATED) for p in passages]
    rng.shuffle(docs)
    return docs


def _dev_docs(nlp: Language, data: Path) -> list[Doc]:
    docs = [
        doc
        for name in SYNTAX_DEV[:1]
        for doc in list(_syntax_docs(nlp.vocab, data / "syntax" / f"{name}.conllu"))[:150]
    ]
    passages = [p for p in read_names(data / "ner" / "slue.jsonl") if p.split == "dev"][:300]
    return docs + [_name_doc(nlp, p, dated=True) for p in passages]


def _syntax_docs(vocab: Vocab, path: Path) -> Iterator[Doc]:
    for run in paragraphs(list(read_conllu(path)), 100):
        yield _syntax_doc(vocab, run)


def _syntax_doc(vocab: Vocab, run: list[Sentence]) -> Doc:
    from spacy.tokens import Doc

    heads: list[int] = []
    for sentence in run:
        heads += _shift(sentence.heads, len(heads))
    doc = Doc(
        vocab,
        words=[w for s in run for w in s.words],
        spaces=[w for s in run for w in s.spaces],
        tags=[w for s in run for w in s.xpos],
        pos=[w for s in run for w in s.upos],
        morphs=[w for s in run for w in s.feats],
        heads=heads,
        deps=[w if w != "root" else "ROOT" for s in run for w in s.deps],
    )
    doc.set_ents([], default="missing")
    return doc


def _shift(heads: tuple[int, ...], by: int) -> list[int]:
    return [head + by for head in heads]


def _name_doc(nlp: Language, passage: Passage, *, dated: bool) -> Doc:
    doc = nlp.make_doc(passage.text)
    spans = [doc.char_span(s, e, label) for s, e, label in passage.names]
    crossing = [
        doc.char_span(s, e, alignment_mode="expand")
        for (s, e, _), span in zip(passage.names, spans, strict=True)
        if span is None
    ]
    unknown = [doc.char_span(s, e, alignment_mode="expand") for s, e in passage.missing] + crossing
    from spacy.util import filter_spans

    found = filter_spans([s for s in spans if s is not None])
    taken = {t.i for s in found for t in s}
    blank = [doc[i : i + 1] for i in sorted({t.i for s in unknown if s is not None for t in s} - taken)]
    if not dated:
        blank += [
            doc[t.i : t.i + 1]
            for t in doc
            if t.i not in taken and (t.like_num or t.lower_ in _CALENDAR) and t.i not in {b.start for b in blank}
        ]
    doc.set_ents(found, missing=blank, default="outside")
    return doc


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_UNITS = "year|years|month|months|week|weeks|day|days|last|next|ago"
_CALENDAR = frozenset(word for words in (_MONTHS, _DAYS, _UNITS) for word in words.split("|"))
