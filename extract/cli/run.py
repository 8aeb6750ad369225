"""`extract run`: articles in, facts out."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from extract.batch import RunSettings, run
from extract.batch.nursery import Source, source_of
from extract.batch.run import DEFAULT_TIMEOUT, Watcher
from extract.batch.session import Follower
from extract.batch.totals import Totals
from extract.cli import FINISHED_WITH_FAILURES, INTERRUPTED, new_app
from extract.cli import options as opt
from extract.errors import OutputError
from extract.reading import Gauge, Keys, ReadOptions

if TYPE_CHECKING:
    from rich.console import Console

    from extract.cli.summary import Summary

app = new_app()


@app.command()
def run_(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    inputs: opt.Inputs,
    output: opt.Output = None,
    articles: opt.Articles = None,
    issues: opt.Issues = None,
    errors: opt.Errors = None,
    published: opt.Published = None,
    text_key: opt.TextKey = None,
    id_key: opt.IdKey = None,
    date_key: opt.DateKey = None,
    url_key: opt.UrlKey = None,
    model: opt.Model = None,
    workers: opt.Workers = None,
    timeout: opt.Timeout = DEFAULT_TIMEOUT,
    memory: opt.Memory = None,
    force: opt.Force = False,
    incremental: opt.Incremental = False,
    dedupe: opt.Dedupe = None,
    db: opt.Db = None,
    summary: opt.WithSummary = False,
    engine: opt.Engine = "processes",
    address: opt.Address = None,
    format_: opt.Format = "jsonl",
    verbose: opt.Verbose = False,
    quiet: opt.Quiet = False,
) -> None:
    """Extract the facts of articles, one JSON object a line."""
    if db and not output:
        raise typer.BadParameter("--db needs -o: what is in that file goes into the database, too")
    if engine == "ray":
        _check_ray(inputs, output, incremental=incremental, db=db)
    gauge = Gauge()
    settings = RunSettings(
        facts=output, articles=articles, issues=issues, errors=errors, model=model,
        engine=engine, address=address, format=format_,
        workers=_cores() if workers is None else workers, timeout=timeout, memory=memory, force=force,
        incremental=incremental, command=tuple(sys.argv), quiet=quiet,
        reading=ReadOptions(Keys(text_key, id_key, date_key, url_key), published, dedupe=dedupe, gauge=gauge),
    )  # fmt: skip
    if quiet:
        logging.getLogger("extract").setLevel(logging.ERROR)
    with _prepared(settings) as source, _following(db, output, quiet=quiet) as follower:
        shown = _shown(summary=summary, quiet=quiet, verbose=verbose)
        totals = _run(inputs, settings, shown, follower, source)
    if totals.failed:
        raise typer.Exit(FINISHED_WITH_FAILURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of a run, and where."""

    console: Console
    summary: Summary | None
    quiet: bool
    verbose: bool


def _shown(*, summary: bool, quiet: bool, verbose: bool) -> Shown:
    from extract.cli import screen  # rich, while the workers load the model
    from extract.cli.summary import Summary

    return Shown(console=screen.err(), summary=Summary() if summary else None, quiet=quiet, verbose=verbose)


@contextmanager
def _prepared(settings: RunSettings) -> Iterator[Source | None]:
    """What workers come from, on its way to loading the model before this process has all that it needs itself."""
    if settings.engine != "processes" or not settings.workers:
        yield None
        return
    with closing(source_of(settings.of_worker())) as source:
        source.prepare()
        yield source


def _run(
    inputs: list[str], settings: RunSettings, shown: Shown, follower: Follower | None, source: Source | None
) -> Totals:
    from extract.cli.progress import Progress

    started = time.monotonic()
    progress = Progress(
        shown.console, keeps_errors=settings.facts is not None, quiet=shown.quiet, verbose=shown.verbose,
        summary=shown.summary, gauge=settings.reading.gauge,
    )  # fmt: skip
    try:
        with progress:
            if settings.engine == "processes":
                totals = run(inputs, settings, progress, follower=follower, source=source)
            else:
                totals = _run_on_ray()(inputs, settings, progress)
    except KeyboardInterrupt:
        kept = "; the same command goes on where this one stopped" if settings.facts else ""
        shown.console.print(f"interrupted{kept}")
        raise typer.Exit(INTERRUPTED) from None
    seconds = time.monotonic() - started
    if shown.summary:
        shown.summary.show(shown.console, totals, seconds)
    if not shown.quiet:
        shown.console.print(_closing(settings, totals, seconds), markup=False)
    return totals


def _run_on_ray() -> Callable[[Sequence[str], RunSettings, Watcher], Totals]:
    try:
        from extract.batch.cluster import run_on_ray
    except ModuleNotFoundError as error:
        raise OutputError(f"--engine ray needs the package {error.name}",
                          advice='pip install "news-extract[ray]"') from error  # fmt: skip
    return run_on_ray


def _check_ray(inputs: list[str], output: Path | None, *, incremental: bool, db: str | None) -> None:
    wrong = {
        "needs -o: the folder for the parts of facts": output is None,
        "reads files that stay where they are, no standard input": "-" in inputs,
        "keeps no state: --incremental is for one machine": incremental,
        "loads no database: load the parts afterwards": db is not None,
    }
    for what, is_so in wrong.items():
        if is_so:
            raise typer.BadParameter(f"--engine ray {what}")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _closing(settings: RunSettings, totals: Totals, seconds: float) -> str:
    kept = f" ({totals.kept:,} kept from before)" if totals.kept else ""
    line = f"{totals.articles:,} articles{kept}, {totals.facts.total():,} facts in {seconds:.1f} s"
    if settings.facts:
        line += f": {settings.facts}"
    if totals.skipped:
        line += f"\n{totals.skipped:,} articles skipped as repeats"
    if totals.failed:
        where = f": see {settings.targets()['errors']}" if settings.facts else ""
        line += f"\n{totals.failed:,} articles failed{where}"
    return line


@contextmanager
def _following(db: str | None, output: Path | None, *, quiet: bool) -> Iterator[Follower | None]:
    """What loads each article into the database as it is done; says at the end what has changed there."""
    if not db or not output:
        yield None
        return
    from extract.database import following

    with following(db, output) as follower:
        yield follower
    if not quiet:
        sys.stderr.write(f"{follower.loaded}\n")
