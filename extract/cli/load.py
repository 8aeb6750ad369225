"""`extract load`: facts into a database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from extract.cli import new_app

app = new_app()

_ARTICLES = "The articles as `extract run --articles` wrote them: texts to search, and who has no facts any more."


@app.command()
def load(
    facts: Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")],
    db: Annotated[str, Option(metavar="URL", help="The database: sqlite:///facts.db or postgresql://user@host/name.")],
    articles: Annotated[Path | None, Option(help=_ARTICLES)] = None,
    corrections: Annotated[Path | None, Option(help="The log of corrections.")] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would change, and change nothing.")] = False,
) -> None:
    """Load facts into a database; the same file twice changes nothing."""
    from extract.database import load_file

    loaded = load_file(facts, db, articles=articles, corrections=corrections, dry_run=dry_run)
    sys.stderr.write(f"{loaded}\n")
