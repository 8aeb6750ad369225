"""`extract bench`: how fast it is as ratios measured in one run, and how it scores on public benchmarks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from rich.table import Table
from typer import Argument, BadParameter, Option

import extract
from extract.cli import new_app, screen
from extract.cli import options as opt

app = new_app()

What = Annotated[Literal["speed", "dates", "counts"], Argument(help="What to measure.")]


@app.command()
def bench(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    what: What = "speed",
    articles: Annotated[Path, Option(metavar="DIR", help="speed: texts to make them of.")] = Path("corpus/articles"),
    number: Annotated[int, Option(metavar="N", min=16, help="speed: how many articles.")] = 200,
    rounds: Annotated[int, Option(metavar="N", min=1, help="speed: how often to compare.")] = 3,
    data: Annotated[Path | None, Option(metavar="DIR", help="dates, counts: the folder of benchmark files.")] = None,
    others: Annotated[Path | None, Option(metavar="PYTHON", help="dates, counts: one that has other tools.")] = None,
    output: Annotated[Path | None, Option(help="File for the results as JSON.")] = None,
    model: opt.Model = None,
) -> None:  # fmt: skip
    """Measure speed, as ratios in one run, or scores on public benchmarks beside other tools."""
    if what == "speed":
        results = _speed(articles, number, rounds, model)
    elif data is None:
        raise BadParameter(f"{what} needs --data: the folder of benchmark files")
    else:
        results = _benchmark(what, data, others, model)
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        sys.stderr.write(f"{output}\n")


def _speed(folder: Path, number: int, rounds: int, model: str | None) -> list[dict[str, object]]:
    from extract.evaluation import speed  # spaCy is slow to import, and only this needs it

    figures = []
    for figure in speed.measure(speed.sample_articles(folder, number), rounds=rounds, model=model):
        sys.stderr.write(f"{figure.name}: {figure.ratio:.2f}\n")  # minutes lie between them
        figures.append(figure)
    rows = ((f.name, f"{f.ratio:.2f}", f.goal, f"{f.words_per_second:,.0f}", f.note) for f in figures)
    _print(("", "ratio", "goal", "words/s", ""), rows)
    return [asdict(figure) for figure in figures]


def _benchmark(what: str, data: Path, others: Path | None, model: str | None) -> list[dict[str, object]]:
    from extract.evaluation import benchmark  # as above

    found = list(benchmark.run(what, data, extract.load(model), others))
    measures = list(dict.fromkeys(measure for row in found for measure in row.scores))
    rows = []
    for row in found:
        scores = (f"{row.scores[measure]:.1f}" if measure in row.scores else "-" for measure in measures)
        seconds = row.seconds_per_article
        rows.append((row.benchmark, row.tool, *scores, "-" if seconds is None else f"{1000 * seconds:.1f}"))
    _print(("", "tool", *measures, "ms an article"), rows)
    return [asdict(row) for row in found]


def _print(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for at, title in enumerate(titles):
        table.add_column(title, justify="left" if at == 0 or title in {"tool", "goal", ""} else "right")
    for row in rows:
        table.add_row(*row)
    screen.out().print(table)
