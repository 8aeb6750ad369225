"""`extract export`: facts as tasks of an annotation tool, or for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from extract.annotation import TOOLS, tasks
from extract.cli import new_app
from extract.exporting import FORMATS, extracted
from extract.writing import refuse_to_overwrite

app = new_app()

Name = Literal["labelstudio", "prodigy", "doccano", "brat", "w3c"]
Target = Literal["labelstudio", "prodigy", "doccano", "brat", "w3c", "ftm", "csv", "parquet"]
_ARTICLES = "The articles as `extract run --articles` wrote them; ftm, csv and parquet do without."
_OUTPUT = "File to write; for brat, csv and parquet, a folder."


@app.command()
def export(
    facts: Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")],
    to: Annotated[Target, Option("--to", help="The tool or format.")],
    output: Annotated[Path, Option("-o", "--output", metavar="FILE", help=_OUTPUT)],
    articles: Annotated[Path | None, Option(help=_ARTICLES)] = None,
    force: Annotated[bool, Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write facts as tasks for people who work in Label Studio, Prodigy, doccano, brat or with Web Annotations; as
    FollowTheMoney entities; as CSV for spreadsheets; or as Parquet."""
    if not force:
        refuse_to_overwrite([output])
    if to in FORMATS:
        number, what = FORMATS[to](extracted(facts, articles), output), "entities" if to == "ftm" else "facts"
    elif articles:
        number, what = TOOLS[to].write(tasks(facts, articles), output), "articles"
    else:
        raise typer.BadParameter(f"--to {to} needs --articles: people work on the texts")
    sys.stderr.write(f"{number:,} {what} for {to}: {output}\n")
