"""Puts the exported graphs, tables and rules together as a spaCy pipeline on disk."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.model.component import FACTORY, ModelComponent
from extract.pipeline import COMPONENTS
from extract.training.clean import peoples
from extract.training.corpora import SYNTAX_TRAIN, read_conllu
from extract.training.examples import Schemes, read_cleaned
from extract.training.features import feature_table, lemmas

log = logging.getLogger(__name__)

CONFIG: dict[str, Any] = {"nlp": {"tokenizer": {"@tokenizers": "extract.BoundedTokenizer.v1"}}}


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pipeline is put together from."""

    graphs: Path
    scheme: Schemes
    vocabulary: list[str]
    temperature: float
    meta: Mapping[str, Any]


def package(data: Path, parts: Parts, out: Path) -> None:
    """Writes the pipeline into `out`; tables of features and lemmas come from the parsed training data."""
    import spacy

    sentences = [s for name in SYNTAX_TRAIN for s in read_conllu(data / "syntax" / f"{name}.conllu")]
    nlp = spacy.blank("en", config=CONFIG)
    component = nlp.add_pipe(FACTORY)
    assert isinstance(component, ModelComponent)
    tags = {"upos": parts.scheme.upos, "xpos": parts.scheme.xpos, "deps": parts.scheme.deps}
    tables = {
        "scheme": {
            **tags,
            "feats": feature_table(sentences),
            "temperature": parts.temperature,
            "peoples": sorted(peoples(read_cleaned(data))),
        },
        "lemmas": lemmas(sentences).tables(),
        "vocabulary": parts.vocabulary,
    }
    component.fill([(parts.graphs / name).read_bytes() for name in ("encoder.onnx", "relations.onnx")], tables)
    nlp.meta.update(parts.meta)
    for room in COMPONENTS:
        nlp.add_pipe(room)
    nlp.to_disk(out)
    log.info("%s: %.1f MB", out, sum(p.stat().st_size for p in out.rglob("*") if p.is_file()) / 1e6)
