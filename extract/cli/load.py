"""`extract load`: facts into a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from extract.cli import new_app
from extract.database import load_file

app = new_app()


@app.command()
def load(
    facts: Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")],
    db: Annotated[str, Option(metavar="URL", help="The database, such as sqlite:///facts.db.")],
    articles: Annotated[Path | None, Option(help="The articles as `extract run --articles` wrote them.")] = None,
) -> None:
    """Load facts into a database; the same file twice changes nothing."""
    sys.stderr.write(f"{load_file(facts, db, articles=articles)}\n")
