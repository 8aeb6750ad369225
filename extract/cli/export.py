"""`extract export`: facts as tasks of an annotation tool, or for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from extract.annotation import TOOLS, tasks
from extract.cli import new_app
from extract.exporting import FORMATS, Extracted, extracted
from extract.writing import refuse_to_overwrite

app = new_app()

Name = Literal["labelstudio", "prodigy", "doccano", "brat", "w3c"]
Target = Literal["labelstudio", "prodigy", "doccano", "brat", "w3c", "ftm", "csv", "parquet"]
_FACTS = "A file of facts; without one, --db."
_DB = "Export the facts of a database as they stand, decisions applied (ftm, csv, parquet)."
_ARTICLES = "The articles as `extract run --articles` wrote them; ftm, csv and parquet do without."
_OUTPUT = "File to write; for brat, csv and parquet, a folder."


@app.command()
def export(
    to: Annotated[Target, Option("--to", help="The tool or format.")],
    output: Annotated[Path, Option("-o", "--output", metavar="FILE", help=_OUTPUT)],
    facts: Annotated[Path | None, Argument(metavar="[FACTS]", help=_FACTS)] = None,
    articles: Annotated[Path | None, Option(help=_ARTICLES)] = None,
    db: Annotated[str | None, Option(metavar="URL", help=_DB)] = None,
    force: Annotated[bool, Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write facts as tasks for people who work in Label Studio, Prodigy, doccano, brat or with Web Annotations; as
    FollowTheMoney entities; as CSV for spreadsheets; or as Parquet."""
    if (facts is None) == (db is None):
        raise typer.BadParameter("give a file of facts, or --db")
    if not force:
        refuse_to_overwrite([output])
    if to in FORMATS:
        number, what = _formatted(to, facts, articles, db, output), "entities" if to == "ftm" else "facts"
    elif facts and articles:
        number, what = TOOLS[to].write(tasks(facts, articles), output), "articles"
    else:
        raise typer.BadParameter(f"--to {to} needs FACTS and --articles: people work on the texts")
    sys.stderr.write(f"{number:,} {what} for {to}: {output}\n")


def _formatted(to: str, facts: Path | None, articles: Path | None, db: str | None, output: Path) -> int:
    if facts:
        return FORMATS[to](extracted(facts, articles), output)
    from extract.database.asking import asking
    from extract.database.current import current

    with asking(db or "") as connection:
        return FORMATS[to]((Extracted(*row) for row in current(connection)), output)
