"""How a run goes on: a line that moves on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import json
import time
from types import TracebackType

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from extract.batch.result import OUTPUTS, Result
from extract.batch.totals import Totals
from extract.cli.summary import Summary
from extract.reading import Failure, Notice

_EVERY = 60.0  # seconds between two lines of a log


class Progress:
    """Watches a run: shows how far it is, what it says, and, where no file keeps them, which articles failed."""

    def __init__(self, console: Console, *, quiet: bool, keeps_errors: bool, summary: Summary | None) -> None:
        self._console = console
        self._quiet = quiet
        self._keeps_errors = keeps_errors
        self._summary = summary
        self._started = self._told = time.monotonic()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bar = Bar(*columns, console=console, transient=True, disable=quiet or not console.is_terminal)
        self._task = self._bar.add_task("loading the model", total=None)

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
        if result.failed and not self._keeps_errors:
            failure = Failure(**json.loads(result.lines[OUTPUTS.index("errors")]))
            self._console.print(f"{'note' if 'skipped' in result.tally else 'failed'}: {failure}", markup=False)
        self._bar.update(self._task, description=self._line(totals))
        if not self._quiet and not self._console.is_terminal and time.monotonic() - self._told > _EVERY:
            self._told = time.monotonic()
            self._console.print(self._line(totals), markup=False)

    def _line(self, totals: Totals) -> str:
        done = totals.articles + totals.failed
        rate = done / max(0.001, time.monotonic() - self._started)
        failed = f", {totals.failed:,} failed" if totals.failed else ""
        return f"{totals.articles:,} articles, {sum(totals.facts.values()):,} facts{failed}, {rate:.1f} articles/s"
