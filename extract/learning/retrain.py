"""The model for names, taught by gold: measured before and after, written only where nothing got worse."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np

from extract.errors import DataFileError, OutputError
from extract.evaluation.gold import GoldArticle
from extract.evaluation.measures import Measure
from extract.learning.graph import Floats, with_correction
from extract.learning.head import Lesson, Past, fit
from extract.learning.texts import KINDS, Labelled, Reader, labelled, unknown_out
from extract.model import FACTORY

FEWEST = 5  # annotated articles: with fewer, nothing is left to measure on
FOLDS = 5
MOMENTS = "moments.npy"
# The original data's labels follow conventions of their own, which gold may teach away from: so much is let pass.
SLACK = 0.3
CAUTIONS = (1.0, 4.0, 16.0, 64.0)
TYPES = tuple(dict.fromkeys(KINDS.values()))
Say = Callable[[str], None]


@dataclass(slots=True)
class Score:
    """F1 of mentions on some texts, in all and by type: strict, as the whole pipeline extracts them."""

    measures: dict[str, Measure] = field(default_factory=lambda: {type_: Measure() for type_ in TYPES})

    def add(self, wanted: Labelled, found: Iterable[tuple[int, int, str]]) -> None:
        """Adds a text's."""
        names = unknown_out(frozenset(found), wanted)
        for type_, measure in self.measures.items():
            ours, theirs = {n for n in names if n[2] == type_}, {n for n in wanted.names if n[2] == type_}
            measure.add(len(ours & theirs), len(ours), len(theirs))

    @property
    def f1(self) -> float:
        """Of all types together, in percent, to a tenth."""
        total = Measure()
        for one in self.measures.values():
            total.add(one.hits, one.found, one.gold)
        return round(total.f1, 1)

    def __str__(self) -> str:
        return f"{self.f1:.1f} ({', '.join(f'{type_} {one.f1:.1f}' for type_, one in self.measures.items())})"


@dataclass(frozen=True, slots=True)
class Step:
    """A set of texts with the scores before and after."""

    name: str
    texts: int
    before: Score
    after: Score
    slack: float = 0.0

    @property
    def fell(self) -> bool:
        """Whether it is worse after than before, by more than is let pass."""
        return round(self.before.f1 - self.after.f1, 1) > self.slack

    def __str__(self) -> str:
        return f"{self.name} ({self.texts:,} texts): {self.before} → {self.after}"


@dataclass(frozen=True)
class Course:
    """What to teach by, what to hold on to, and the sets whose scores may not fall."""

    gold: Sequence[GoldArticle]
    others: Sequence[str]
    old: dict[str, Sequence[Labelled]]
    moments: Floats | None = None


@dataclass(frozen=True)
class Learnt:
    """The correction, with what it was measured on."""

    correction: Floats
    caution: float
    held_out: Step
    old: tuple[Step, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, (self.held_out, *self.old)))


def learn(reader: Reader, course: Course, say: Say = lambda _: None) -> Learnt:
    """The boldest correction under which no old score falls and the gold's own, held out in turn, rises.

    Raises:
        DataFileError: there is too little gold, or nothing to see forgetting on.
        OutputError: there is no such correction; names the figures.
    """
    _check(course)
    lessons = [Lesson(article, reader.see(article.text)) for article in course.gold]
    past = Past([reader.see(text) for text in course.others if text.strip()], course.moments)
    before = {name: _score(reader, None, texts) for name, texts in course.old.items()}
    tried: list[str] = []
    for caution in CAUTIONS:
        correction = fit(lessons, past, caution)
        old = tuple(
            Step(name, len(texts), before[name], _score(reader, correction, texts), _slack(texts))
            for name, texts in course.old.items()
        )
        fallen = [step for step in old if step.fell]
        held_out = None if fallen else _held_out(reader, lessons, past, caution)
        tried += [f"caution {caution:g}: {step}" for step in fallen or (held_out,)]
        say(tried[-1])
        if held_out and held_out.after.f1 > held_out.before.f1:
            return Learnt(correction, caution, held_out, old)
    raise OutputError("no model is written, as none is better:\n  " + "\n  ".join(tried),
                      expected="gold that is found better, held out in turn, and no old score that falls",
                      advice="Correct more articles, or give --articles or --data to hold on to")  # fmt: skip


def _slack(texts: Sequence[Labelled]) -> float:
    return SLACK if any(text.is_foreign for text in texts) else 0.0


def _check(course: Course) -> None:
    if len(course.gold) < FEWEST:
        raise DataFileError(f"{len(course.gold)} annotated articles", expected=f"{FEWEST} or more",
                            advice="Review more articles, then `extract gold`")  # fmt: skip
    if not any(course.old.values()):
        raise DataFileError("the gold holds all the articles that old scores are measured on",
                            expected="old articles that the gold has not",
                            advice="Name a folder of annotated articles with --keep, or the data with --data"
                            )  # fmt: skip


def _held_out(reader: Reader, lessons: Sequence[Lesson], past: Past, caution: float) -> Step:
    """Each fold's articles as the network finds them that learnt from the others'."""
    before, after = Score(), Score()
    for fold in range(FOLDS):
        correction = fit([one for n, one in enumerate(lessons) if n % FOLDS != fold], past, caution)
        for one in lessons[fold::FOLDS]:
            wanted = labelled(one.article)
            for score, by in ((before, None), (after, correction)):
                reader.encoder.correction = by
                score.add(wanted, reader.names(wanted.text))
    return Step(f"gold, held out in {FOLDS} turns", len(lessons), before, after)


def _score(reader: Reader, correction: Floats | None, texts: Sequence[Labelled]) -> Score:
    reader.encoder.correction = correction
    score = Score()
    for wanted in texts:
        score.add(wanted, reader.names(wanted.text))
    return score


def write_model(base: Path, output: Path, learnt: Learnt) -> str:
    """Writes a copy of the pipeline in which only the head for names is another; gives its version."""
    graph_path = Path(FACTORY) / "encoder.onnx"
    graph = with_correction((base / graph_path).read_bytes(), learnt.correction)
    part = output.with_name(output.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(base, part)
    (part / graph_path).write_bytes(graph)
    meta = json.loads((part / "meta.json").read_text(encoding="utf-8"))
    meta["version"] = f"{meta['version'].partition('+')[0]}+{sha256(graph).hexdigest()[:8]}"
    (part / "meta.json").write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    if output.exists():
        shutil.rmtree(output)
    part.rename(output)
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


def corpus_path() -> list[Path]:
    """The folder of the annotated articles that ship with the package, if they do."""
    here = Path(__file__).resolve().parents[1]
    folders = (here / "_corpus" / "gold", here.parent / "corpus" / "gold")
    return [folder for folder in folders if folder.is_dir()][:1]


def read_moments(base: Path) -> Floats | None:
    """The moments that ship with a model, or None."""
    path = base / FACTORY / MOMENTS
    return np.load(path).astype(np.float32) if path.exists() else None
