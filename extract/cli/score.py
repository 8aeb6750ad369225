"""`extract score`: facts against annotated articles, and floors that scores may not fall below."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from typer import Argument, Option

from extract.cli import FAILED, new_app, screen
from extract.evaluation.floors import falls, pin
from extract.evaluation.gold import digest
from extract.evaluation.measures import Scores
from extract.evaluation.score import score as measure

app = new_app()


@app.command()
def score(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    gold: Annotated[Path, Argument(metavar="GOLD_DIR", help="A folder of annotated articles, NAME.xml.")],
    facts: Annotated[Path, Argument(metavar="FACTS", help="Facts of articles whose ids are these names.")],
    floor: Annotated[Path | None, Option(metavar="FILE", help="Fail where a score is below its floor in FILE.")] = None,
    set_floor: Annotated[bool, Option("--set-floor", help="Pin the scores in FILE as the floors.")] = False,
    allow_lower: Annotated[bool, Option("--allow-lower", help="With --set-floor: floors may fall.")] = False,
    show: Annotated[str | None, Option(metavar="TYPE", help="List what was missed and what is wrong.")] = None,
    as_json: Annotated[bool, Option("--json", help="Print the scores as one JSON object.")] = False,
) -> None:
    """Score facts against annotated articles."""
    if set_floor and not floor:
        raise typer.BadParameter("--set-floor needs --floor FILE")
    scores = measure(gold, facts)
    if as_json:
        sys.stdout.write(json.dumps(scores.as_json()) + "\n")
    else:
        screen.out().print(_table(scores))
    for line in scores.faults.get(show or "", []):
        sys.stdout.write(f"{line}\n")
    if floor and set_floor:
        pin(scores.numbers(), floor, digest(gold), allow_lower=allow_lower)
        sys.stderr.write(f"floors pinned: {floor}\n")
    elif floor:
        _check(scores, floor, digest(gold))


def _check(scores: Scores, floor: Path, gold_digest: str) -> None:
    fallen = falls(scores.numbers(), floor, gold_digest)
    for fall in fallen:
        sys.stderr.write(f"{fall}\n")
    if fallen:
        raise typer.Exit(FAILED)
    sys.stderr.write(f"no score is below its floor: {floor}\n")


def _table(scores: Scores) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    for title in ("precision", "recall", "F1", "gold"):
        table.add_column(title, justify="right")
    for name, one in scores.measures.items():
        f1 = f"[bold]{one.f1:.1f}[/bold]"
        table.add_row(name, f"{one.precision:.1f}", f"{one.recall:.1f}", f1, f"{one.gold:,}")
    table.add_section()
    for name, share in sorted(scores.shares.items()):
        row = share.as_json()
        table.add_row(name, "", "", f"[bold]{row['accuracy']:.1f}[/bold]", f"{row['of']:,}")
    return table
