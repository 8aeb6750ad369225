"""`extract verify`: is every line of a file of facts true to the schema and to the text?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from extract.cli import INVALID_INPUT, new_app
from extract.evaluation.verify import Problem
from extract.evaluation.verify import verify as find_problems

app = new_app()


@app.command()
def verify(
    facts: Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")],
    articles: Annotated[Path | None, Option(help="The articles as `extract run --articles` wrote them.")] = None,
) -> None:
    """Check each line against the schema, the article's text and the other facts; name each bad line."""
    bad: set[int] = set()
    lines = 0
    for found in find_problems(facts, articles):
        if isinstance(found, Problem):
            bad.add(found.line)
            sys.stdout.write(f"{facts}:{found.line}: {found.what}\n")
        else:
            lines = found
    against = "schema and text" if articles else "the schema (give --articles to check the text too)"
    if bad:
        sys.stderr.write(f"{len(bad):,} of {lines:,} lines are bad\n")
        raise typer.Exit(INVALID_INPUT)
    sys.stderr.write(f"{lines:,} lines agree with {against}\n")
