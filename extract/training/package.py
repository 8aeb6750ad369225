"""Puts the exported graphs, tables and rules together as a spaCy pipeline on disk."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extract.model.component import FACTORY, ModelComponent
from extract.training.corpora import SYNTAX_TRAIN, read_conllu
from extract.training.examples import Schemes
from extract.training.features import feature_table, lemmas

log = logging.getLogger(__name__)

CONFIG: dict[str, Any] = {"nlp": {"tokenizer": {"@tokenizers": "extract.BoundedTokenizer.v1"}}}


def package(data: Path, graphs: Path, scheme: Schemes, vocabulary: list[str], out: Path, *, temperature: float, meta: Mapping[str, Any]) -> None:
    """Writes the pipeline into `out`."""
    import spacy

    sentences = [s for name in SYNTAX_TRAIN for s in read_conllu(data / "syntax" / f"{name}.conllu")]
    nlp = spacy.blank("en", config=CONFIG)
    component = nlp.add_pipe(FACTORY)
    assert isinstance(component, ModelComponent)
    fields = {"upos": scheme.upos, "xpos": scheme.xpos, "deps": scheme.deps}
    tables = {"feats": feature_table(sentences), "temperature": temperature}
    component.fill((graphs / "encoder.onnx").read_bytes(), (graphs / "relations.onnx").read_bytes(), {**fields, **tables}, vocabulary, lemmas(sentences).tables())
    nlp.meta.update(meta)
    nlp.to_disk(out)
    log.info("%s: %.1f MB", out, sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) / 1e6)
