"""`extract calibrate`: confidences that keep what they promise."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from typer import Argument, Option

from extract.article import Article
from extract.cli import new_app, screen
from extract.correction.apply import read_articles
from extract.evaluation.gold import read_gold
from extract.learning import calibrating
from extract.learning.calibrating import Fitted, by_name, judged_by_gold, judged_by_people, place_calibration

app = new_app()

_LOG = "A log of decisions on --articles; partly reviewed articles count, too."
_ARTICLES = "The articles with their dates, as `extract run --articles` wrote them (default: articles.jsonl in GOLD)."

_MODEL = "The pipeline to start from (default: the output folder, or else the one that ships)."


@app.command()
def calibrate(
    output: Annotated[Path, Option("-o", "--output", metavar="DIR", help="The pipeline's folder; new or not.")],
    gold: Annotated[list[Path] | None, Argument(metavar="[GOLD]...", help="Folders of annotated articles.")] = None,
    log: Annotated[Path | None, Option(metavar="LOG", help=_LOG)] = None,
    articles: Annotated[list[Path] | None, Option(help=_ARTICLES)] = None,
    model: Annotated[Path | None, Option(metavar="DIR", help=_MODEL)] = None,
) -> None:
    """Fit confidences to what people decided, and keep the fit in a pipeline's folder."""
    if not gold and not log:
        raise typer.BadParameter("name folders of annotated articles, or --log LOG with --articles FILE")
    if log and not articles:
        raise typer.BadParameter("--log needs --articles: the facts are extracted anew from them")
    from extract.pipeline import model_path

    base = model or (output if output.exists() else model_path())
    fitted = fitted_on(gold or [], texts(gold or [], articles), base, log)
    place_calibration(fitted.calibration, base, output)
    screen.out().print(table(fitted))
    sys.stderr.write(f"{len(fitted.calibration.curves)} curves: {output}\n")


def texts(gold: Iterable[Path], articles: Iterable[Path] | None) -> list[Article]:
    """The articles of the files, and those that stand with the gold."""
    beside = [folder / "articles.jsonl" for folder in gold]
    paths = [*(path for path in beside if path.exists()), *(articles or ())]
    return [article for path in paths for _, article in read_articles(path)]


def fitted_on(gold: Iterable[Path], known: list[Article], base: Path, log: Path | None = None) -> Fitted:
    """The calibration of a pipeline on gold and log."""
    from extract.pipeline import load

    extractor = calibrating.uncalibrated(load(base))
    judged = judged_by_people(extractor, log, known) if log else {}
    for folder in gold:
        judged |= judged_by_gold(extractor, read_gold(folder), by_name(known))
    return calibrating.calibrate(judged)


def table(fitted: Fitted) -> Table:
    """The errors by type."""
    found = Table(box=None, pad_edge=False, header_style="dim")
    for at, title in enumerate(("type", "decisions", "calibration error before", "after, held out")):
        found.add_column(title, justify="right" if at else "left")
    for gap in fitted.gaps:
        found.add_row(gap.name, f"{gap.number:,}", f"{gap.before:.3f}", f"{gap.after:.3f}")
    return found
