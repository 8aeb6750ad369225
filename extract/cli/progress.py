"""How a run goes on: a bar that moves on a terminal, a line a minute elsewhere, with `-v` a line an article."""

from __future__ import annotations

import json
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from extract.batch.result import OUTPUTS, Result
from extract.batch.totals import Totals
from extract.cli.summary import Summary
from extract.reading import Failure, Gauge, Notice

EVERY = 60.0  # seconds between two lines of a log


class Progress:
    """Watches a run: shows how far it is, what it says, and, where no file keeps them, which articles failed."""

    def __init__(
        self,
        console: Console,
        *,
        keeps_errors: bool,
        quiet: bool = False,
        verbose: bool = False,
        summary: Summary | None = None,
        gauge: Gauge | None = None,
    ) -> None:
        self._console = console
        self._quiet, self._verbose = quiet, verbose
        self._keeps_errors = keeps_errors
        self._summary = summary
        self._gauge = gauge
        self._started = self._told = time.monotonic()
        self._bar = Bar(
            SpinnerColumn(), BarColumn(20), TextColumn("{task.description}"), TimeElapsedColumn(),
            console=console, transient=True, disable=quiet or not console.is_terminal,
        )  # fmt: skip
        self._task: TaskID = self._bar.add_task("loading the model", total=None)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def notice(self, notice: Notice) -> None:
        """Shows a notice."""
        if not self._quiet:
            self._console.print(f"note: {notice}", markup=False)

    def result(self, result: Result, totals: Totals) -> None:
        """Moves on by an article."""
        if self._summary:
            self._summary.see(result)
        if result.failed and (self._verbose or not self._keeps_errors):
            failure = Failure(**json.loads(result.lines[OUTPUTS.index("errors")]))
            self._console.print(f"{'note' if 'skipped' in result.tally else 'failed'}: {failure}", markup=False)
        elif self._verbose and not self._quiet:
            self._console.print(_of_article(result), markup=False)
        if self._quiet:
            return
        if self._console.is_terminal:
            share = self._gauge.share if self._gauge else None
            total = None if share is None else 1.0
            self._bar.update(self._task, description=self._line(totals), completed=share or 0, total=total)
        elif time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            self._console.print(self._line(totals), markup=False)

    def _line(self, totals: Totals) -> str:
        done = totals.articles + totals.failed
        seconds = time.monotonic() - self._started
        rate = (done - totals.kept) / max(0.001, seconds)
        failed = f", {totals.failed:,} failed" if totals.failed else ""
        left = time_left(seconds, self._gauge.share if self._gauge else None)
        shown = f"{totals.articles:,} articles, {sum(totals.facts.values()):,} facts{failed}, {rate:.1f} articles/s"
        return f"{shown}, {left} left" if left else shown


def time_left(seconds: float, share: float | None) -> str:
    """How long the rest takes at the pace so far, or "" where that can't be told.

    >>> time_left(60, 0.25), time_left(5400, 0.5), time_left(3, None)
    ('3 min', '1 h 30 min', '')
    """
    if not share:
        return ""
    left = round(seconds * (1 - share) / share)
    if left < 60:
        return f"{left} s"
    hours, minutes = divmod(round(left / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _of_article(result: Result) -> str:
    """The line of an article: its id, its facts, how long it took."""
    line = result.lines[OUTPUTS.index("articles")]
    id_ = json.loads(line)["id"] if line else result.key
    facts = sum(result.tally.get("facts", {}).values())
    took = f", {result.seconds:.3f} s" if result.seconds else ", kept from before"
    return f"{id_}: {facts:,} facts of {result.tally.get('words', 0):,} words{took}"
