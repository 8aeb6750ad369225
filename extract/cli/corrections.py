"""`extract corrections`: replay what people decided on a file of facts, and see how far they are."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from typer import Argument, Option

from extract.cli import FINISHED_WITH_FAILURES, new_app, screen
from extract.correction.apply import Summary
from extract.correction.apply import apply as replay
from extract.correction.outcome import MEANING, WHATS
from extract.correction.status import status as measure
from extract.writing import Part, refuse_to_overwrite

app = new_app(help="What people decided about facts: replay it, count it.", no_args_is_help=True)

Facts = Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")]
LogFile = Annotated[Path, Argument(metavar="LOG", help="The log: corrections.jsonl.")]
Articles = Annotated[Path | None, Option(help="The articles: decisions then follow one that was republished.")]


@app.command()
def apply(
    facts: Facts,
    log: LogFile,
    output: Annotated[Path, Option("-o", "--output", metavar="FILE", help="File for the corrected facts.")],
    articles: Articles = None,
    force: Annotated[bool, Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write the facts as the log leaves them; print what became of each line."""
    if not force:
        refuse_to_overwrite([output])
    part = Part(output)
    part.open()
    try:
        lines, summary = replay(facts, log, articles=articles)
        for line in lines:
            part.append(line)
        part.publish()
    except BaseException:
        part.discard()
        raise
    for outcome in summary.outcomes:
        sys.stdout.write(f"{outcome}\n")
    sys.stderr.write(f"{_in_words(summary)}; {summary.facts:,} facts: {output}\n")
    _complain_of_broken(summary, log)


@app.command()
def status(facts: Facts, log: LogFile, articles: Articles = None) -> None:
    """Count decisions by outcome, annotator and rule."""
    found = measure(facts, log, articles=articles)
    console = screen.out()
    counts = found.summary.count()
    outcomes = _table("outcome", "lines", "")
    for what in WHATS:
        outcomes.add_row(what, f"{counts[what]:,}", MEANING[what])
    console.print(outcomes)
    for title, tallies in (("annotator", found.by_annotator), ("rule", found.by_rule)):
        if tallies:
            console.print()
            console.print(_by(title, tallies))
    console.print(f"\n{len(found.articles):,} articles with a decision")
    _complain_of_broken(found.summary, log)


def _by(title: str, tallies: dict[str, Counter[str]]) -> Table:
    every = ("accept", "edit", "reject", "add", "merge", "keep_apart")
    actions = [action for action in every if any(tally[action] for tally in tallies.values())]
    table = _table(title, *actions)
    for name, tally in sorted(tallies.items(), key=lambda pair: -pair[1].total()):
        table.add_row(screen.one_line(name), *(f"{tally[action]:,}" for action in actions))
    return table


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for at, title in enumerate(titles):
        table.add_column(title, justify="right" if at and title else "left")
    return table


def _in_words(summary: Summary) -> str:
    counts = summary.count()
    return ", ".join(f"{counts[what]:,} {what}" for what in WHATS if counts[what]) or "no decisions"


def _complain_of_broken(summary: Summary, log: Path) -> None:
    for broken in summary.broken:
        sys.stderr.write(f"{log}:{broken.line}: broken, left out: {broken.what}\n")
    if summary.broken:
        raise typer.Exit(FINISHED_WITH_FAILURES)
