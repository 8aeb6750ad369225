"""Confidences calibrated on what people decided: gold, and decisions of the log; measured on articles left out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.article import Article
from extract.calibration import Calibration, write_calibration
from extract.correction.apply import by_text, lines_of
from extract.correction.entry import OF_PAIRS
from extract.correction.outcome import Line
from extract.correction.replay import by_fact, without_undone
from extract.errors import DataFileError, OutputError
from extract.evaluation.agreement import headline
from extract.evaluation.gold import GoldArticle, name_of
from extract.evaluation.score import right_ones
from extract.fact import FACT_TYPES, Envelope
from extract.learning.isotonic import BLOCK, Decision, error, fit
from extract.pipeline import WRITER, Extractor, Writer

FOLDS = 5
Judged = dict[str, list[Decision]]  # by the hash of the article's text


@dataclass(frozen=True, slots=True)
class Gap:
    """How far confidences and shares are apart, before and after, on `number` facts."""

    name: str
    number: int
    before: float
    after: float


@dataclass(frozen=True)
class Fitted:
    """A calibration with its errors on articles that it was not fitted on, by type and in all."""

    calibration: Calibration
    gaps: tuple[Gap, ...]

    @property
    def total(self) -> Gap:
        """All types together."""
        return self.gaps[-1]


def judged_by_gold(extractor: Extractor, gold: Iterable[GoldArticle], articles: Mapping[str, Article]) -> Judged:
    """The estimates of what is extracted from annotated articles, and whether gold has it."""
    found: Judged = {}
    for one in gold:
        known = articles.get(one.name)
        article = known if known and known.text == one.text else Article(id=one.name, text=one.text)
        facts = extractor.extract(article)
        right = right_ones(one, facts)
        found[article.text_sha256] = [_decision(fact, is_right=fact.id in right) for fact in facts]
    return found


def judged_by_people(extractor: Extractor, log: Path, articles: Iterable[Article]) -> Judged:
    """The estimates of what people decided: accepted is right, rejected wrong, edited right if span and value stay.

    Raises:
        ReadError: the log can't be read.
    """
    lines = by_text(lines_of(log)[0])
    found: Judged = {}
    for article in articles:
        if article.text_sha256 in lines:
            facts = {fact.id: fact for fact in extractor.extract(article)}
            found[article.text_sha256] = list(_of_lines(lines[article.text_sha256], facts))
    return found


def _of_lines(lines: list[Line], facts: Mapping[str, Envelope]) -> Iterator[Decision]:
    standing = without_undone(lines)[0]
    groups = by_fact(line for line in standing if line.decision.action not in OF_PAIRS)
    for id_, group in groups.items():
        if id_ in facts:
            last = group[-1].decision
            kept = last.action != "reject" and (last.value is None or headline(last.value) == headline(facts[id_]))
            yield _decision(facts[id_], is_right=kept)


def _decision(fact: Envelope, *, is_right: bool) -> Decision:
    return Decision(fact.type, fact.by.rule, fact.confidence, is_right)


def uncalibrated(extractor: Extractor) -> Extractor:
    """The extractor, giving what rules and model estimate."""
    writer = extractor.nlp.get_pipe(WRITER)
    assert isinstance(writer, Writer)
    writer.calibration = Calibration()
    return extractor


def calibrate(judged: Judged) -> Fitted:
    """The calibration that the decisions come to, with its errors held out in turn over the articles.

    Raises:
        DataFileError: there are too few decisions.
        OutputError: it would make confidences worse; names the figures.
    """
    every = [one for rows in judged.values() for one in rows]
    if len(every) < 2 * BLOCK:
        raise DataFileError(f"{len(every)} decisions", expected=f"{2 * BLOCK} or more",
                            advice="Review more articles")  # fmt: skip
    held_out = dict(_held_out(judged))
    gaps = [_gap(type_, [one for one in every if one.type == type_], held_out) for type_ in FACT_TYPES]
    total = _gap("all", every, held_out)
    fitted = Fitted(_with_about(fit(every), judged, [*gaps, total]), (*(gap for gap in gaps if gap.number), total))
    if total.after > total.before:
        raise OutputError(f"confidences would get worse: error {total.before:.3f} → {total.after:.3f} on articles left "
                          "out", expected="a smaller error", advice="Review more articles")  # fmt: skip
    return fitted


def _held_out(judged: Judged) -> Iterator[tuple[int, float]]:
    """Yields (identity of the decision, confidence by a calibration that was fitted without its article)."""
    articles = [judged[sha] for sha in sorted(judged)]
    for fold in range(FOLDS):
        others = [one for n, rows in enumerate(articles) if n % FOLDS != fold for one in rows]
        calibration = fit(others)
        for one in (one for rows in articles[fold::FOLDS] for one in rows):
            yield id(one), calibration(one.type, one.rule, one.estimate)


def _gap(name: str, ours: Sequence[Decision], held_out: Mapping[int, float]) -> Gap:
    before = error(ours, lambda one: one.estimate)
    return Gap(name, len(ours), before, error(ours, lambda one: held_out[id(one)]))


def _with_about(calibration: Calibration, judged: Judged, gaps: Iterable[Gap]) -> Calibration:
    about = {
        "articles": len(judged),
        "decisions": {gap.name: gap.number for gap in gaps if gap.number},
        "expected calibration error, held out": {gap.name: [gap.before, gap.after] for gap in gaps if gap.number},
    }
    return Calibration(calibration.curves, about)


def place_calibration(calibration: Calibration, base: Path, output: Path) -> None:
    """Writes the calibration into the pipeline's folder `output`, made from `base` where it isn't there.

    Raises:
        OutputError: `output` is no pipeline's folder.
    """
    if not output.exists():
        shutil.copytree(base, output)
    try:
        config = json.loads((output / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error_:
        raise OutputError("no pipeline's folder", where=str(output), expected="meta.json in it",
                          advice="Name a new folder") from error_  # fmt: skip
    if WRITER not in config["pipeline"]:
        raise OutputError(
            f"the pipeline has no {WRITER}", where=str(output), expected="the model that ships, or a copy"
        )
    write_calibration(calibration, output / WRITER)


def by_name(articles: Iterable[Article]) -> dict[str, Article]:
    """The articles by the name that their gold has."""
    return {name_of(article.id): article for article in articles}
