"""Scales the confidences of names with one temperature, chosen on texts kept from training."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from extract.model.component import FACTORY, ModelComponent
from extract.training.corpora import Passage
from extract.training.evaluate import KINDS, Spans, calibration, confidences
from extract.training.examples import read_cleaned

if TYPE_CHECKING:
    from spacy.language import Language

log = logging.getLogger(__name__)

TEMPERATURES = (0.8, 1.0, 1.2, 1.4, 1.7, 2.0)


def held_out(data: Path) -> list[Passage]:
    """The passages that no training saw."""
    return [p for p in read_cleaned(data) if p.split == "held"]


def pairs(nlp: Language, passages: list[Passage]) -> list[tuple[float, bool]]:
    """(confidence, was right) of the names found, but for those that touch a `missing` span."""
    texts: list[tuple[str, Spans]] = [
        (p.text, {(s, e, KINDS[label]) for s, e, label in p.names if label in KINDS}) for p in passages
    ]

    def kept(number: int, start: int, end: int) -> bool:
        return not any(start < b and a < end for a, b in passages[number].missing)

    return confidences(nlp, texts, kept)


def choose(nlp: Language, passages: list[Passage]) -> tuple[float, dict[str, float]]:
    """The temperature under which every other passage's names are likeliest, and the error on the rest."""
    component = nlp.get_pipe(FACTORY)
    assert isinstance(component, ModelComponent)
    losses = {t: _loss(pairs(_at(nlp, component, t), passages[::2])) for t in TEMPERATURES}
    best = min(losses, key=lambda t: losses[t])
    errors = {f"ece at {t}": calibration(pairs(_at(nlp, component, t), passages[1::2])) for t in (1.0, best)}
    log.info("losses %s, errors %s", {t: round(loss, 4) for t, loss in losses.items()}, errors)
    return best, errors


def _at(nlp: Language, component: ModelComponent, temperature: float) -> Language:
    component.scheme = replace(component.scheme, temperature=temperature)
    return nlp


def _loss(found: list[tuple[float, bool]]) -> float:
    """Mean negative log likelihood of having been right or wrong."""
    bounded = [(min(max(sure, 1e-4), 1 - 1e-4), right) for sure, right in found]
    return -sum(math.log(sure if right else 1 - sure) for sure, right in bounded) / max(1, len(bounded))
