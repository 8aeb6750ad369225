"""`extract gold`: what people reviewed, as annotated articles to score, to calibrate and to train by."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from extract.cli import FAILED, FINISHED_WITH_FAILURES, new_app
from extract.evaluation.reviewed import Reviewed, review, write_gold

app = new_app()

_MARKED = "The id of an article that is reviewed whole, though not every fact has a decision; may be repeated."


@app.command()
def gold(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    log: Annotated[Path, Argument(metavar="LOG", help="The log: corrections.jsonl.")],
    output: Annotated[Path, Option("-o", "--output", metavar="DIR", help="Folder for the annotated articles.")],
    facts: Annotated[Path | None, Option(help="The facts (default: facts.jsonl beside the log).")] = None,
    articles: Annotated[Path | None, Option(help="Their articles (default: articles.jsonl beside the log).")] = None,
    reviewed: Annotated[list[str] | None, Option(metavar="ID", help=_MARKED)] = None,
    partial: Annotated[
        bool, Option("--partial", help="Take the partly reviewed, too, open facts as they are.")
    ] = False,
    force: Annotated[bool, Option("--force", help="Add to a folder that has gold; replace the same names.")] = False,
) -> None:
    """Write reviewed articles as gold: NAME.xml each, and articles.jsonl with their texts."""
    texts, rows = articles or log.with_name("articles.jsonl"), facts or log.with_name("facts.jsonl")
    found = review(log, rows, texts, frozenset(reviewed or ()))
    taken = [one for one in found.articles if one.what == "reviewed" or (partial and one.what == "partly")]
    if taken:
        write_gold(taken, output, replace=force)
    for one in found.articles:
        _tell(one, is_taken=one in taken)
    for broken in found.broken:
        sys.stderr.write(f"{log}:{broken.line}: broken, left out: {broken.what}\n")
    number = sum(len(one.facts) for one in taken)
    sys.stderr.write(f"{len(taken):,} articles with {number:,} facts: {output}\n")
    if not taken:
        raise typer.Exit(FAILED)
    if found.broken or any(one.what == "unusable" for one in found.articles):
        raise typer.Exit(FINISHED_WITH_FAILURES)


def _tell(one: Reviewed, *, is_taken: bool) -> None:
    if not is_taken:
        sys.stdout.write(f"{one.article.id}: left out: {one.why}\n")
    elif one.why:
        sys.stdout.write(f"{one.article.id}: taken, though {one.why}\n")
    for mark in one.crossing if is_taken else ():
        quote = " ".join(mark.text.split())
        shown = quote if len(quote) <= 60 else f"{quote[:59]}…"
        sys.stdout.write(f"{one.article.id}: not in the gold: {mark.tag} “{shown}” crosses another mark\n")
