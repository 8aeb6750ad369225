"""`extract train`: the model for names, taught by corrected articles."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from typer import Option

from extract.article import Article
from extract.cli import calibrate as calibrating
from extract.cli import new_app, screen
from extract.evaluation.gold import GoldArticle, read_gold
from extract.learning.calibrating import place_calibration
from extract.learning.graph import Floats
from extract.learning.retrain import Course, corpus_path, learn, read_moments, write_model
from extract.learning.texts import Labelled, Reader, labelled, read_data
from extract.writing import refuse_to_overwrite

app = new_app()

_TRAINED, _HELD = 1200, 300  # texts of the original data that are held on to, and that are measured on
_GOLD = "A folder of annotated articles, such as `extract gold` writes; may be repeated."
_ARTICLES = "More articles of yours, without annotation: what the model finds in them it is to find again."
_DATA = "The folder of the original training data (ner/*.jsonl), where you have it."
_KEEP = "Annotated articles whose scores may not fall (default: those that ship); may be repeated."


@app.command()
def train(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    gold: Annotated[list[Path], Option("--gold", metavar="DIR", help=_GOLD)],
    output: Annotated[Path, Option("-o", "--output", metavar="DIR", help="Folder for the new pipeline.")],
    articles: Annotated[list[Path] | None, Option(help=_ARTICLES)] = None,
    data: Annotated[Path | None, Option(metavar="DIR", help=_DATA)] = None,
    keep: Annotated[list[Path] | None, Option("--keep", metavar="DIR", help=_KEEP)] = None,
    model: Annotated[
        Path | None, Option(metavar="DIR", help="The pipeline to start from (default: what ships).")
    ] = None,
    calibrate: Annotated[bool, Option("--calibrate/--no-calibrate", help="Fit the confidences, too.")] = True,
    force: Annotated[bool, Option("--force", help="Replace the folder if it exists.")] = False,
) -> None:
    """Teach the model the names of corrected articles; written only where it finds more and no old score falls."""
    if not force:
        refuse_to_overwrite([output])
    from extract.pipeline import load, model_path

    base = model or model_path()
    reader = Reader(load(base))
    taught = [article for folder in gold for article in read_gold(folder)]
    known = calibrating.texts(gold, articles)
    learnt = learn(reader, _course(taught, known, keep, data, read_moments(base)), _say)
    version = write_model(base, output, learnt)
    sys.stdout.write(f"{learnt}\n")
    if calibrate:
        fitted = calibrating.fitted_on(gold, known, output)
        place_calibration(fitted.calibration, base, output)
        screen.out().print(calibrating.table(fitted))
    sys.stderr.write(f"{version}: {output}\nuse it: extract run --model {output} ...\n")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _course(
    taught: Sequence[GoldArticle], known: Iterable[Article], keep: list[Path] | None, data: Path | None,
    moments: Floats | None,
) -> Course:  # fmt: skip
    """The gold, texts to hold on to, and sets to measure on: of articles whose scores may not fall one half each."""
    in_gold = {article.text for article in taught}
    old: dict[str, Sequence[Labelled]] = {}
    others = [article.text for article in known]
    for folder in keep or corpus_path():
        articles = [labelled(one) for one in read_gold(folder) if one.text not in in_gold]
        others += [one.text for one in articles[::2]]
        old[f"old, {folder.name if keep else 'articles that ship'}"] = articles[1::2]
    if data:
        trained, old["old, data kept from training"] = read_data(data, _TRAINED, _HELD)
        others += [one.text for one in trained]
    unknown = dict.fromkeys(text for text in others if text not in in_gold)
    return Course(taught, list(unknown), {name: texts for name, texts in old.items() if texts}, moments)
