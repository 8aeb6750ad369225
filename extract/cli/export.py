"""`extract export`: facts as tasks of an annotation tool."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from extract.annotation import TOOLS, tasks
from extract.cli import new_app
from extract.writing import refuse_to_overwrite

app = new_app()

Name = Literal["labelstudio", "prodigy", "doccano", "brat", "w3c"]


@app.command()
def export(
    facts: Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")],
    articles: Annotated[Path, Option(help="The articles as `extract run --articles` wrote them.")],
    to: Annotated[Name, Option("--to", help="The tool.")],
    output: Annotated[Path, Option("-o", "--output", metavar="FILE", help="File to write; for brat, a folder.")],
    force: Annotated[bool, Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write facts as tasks for people who work in Label Studio, Prodigy, doccano, brat or with Web Annotations."""
    if not force:
        refuse_to_overwrite([output])
    number = TOOLS[to].write(tasks(facts, articles), output)
    sys.stderr.write(f"{number:,} articles for {to}: {output}\n")
