"""`extract db`: the database itself."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

from rich.table import Table
from typer import Option

from extract.cli import new_app, screen
from extract.writing import in_place

app = new_app(help="Look after a database of facts.", no_args_is_help=True)

Url = Annotated[str, Option("--db", metavar="URL", help="The database: sqlite:///facts.db or postgresql://...")]


@app.command()
def upgrade(db: Url) -> None:
    """Bring tables and views up to date; an up-to-date database stays as it is."""
    from extract.database import upgrade_database

    before, after, views = upgrade_database(db)
    done = f"{before or 'no tables'} -> {after}" if before != after else f"up to date: {after}"
    sys.stderr.write(f"{done}{', views made anew' if views and before == after else ''}\n")


@app.command()
def info(db: Url) -> None:
    """Show what the database holds: its revision, rows by table, facts by type, the last loads."""
    from extract.database import describe

    found = describe(db)
    console = screen.out()
    console.print(f"{found.url}: revision {found.revision}, newest {found.newest}", markup=False)
    console.print(_counts("rows", found.rows), _counts("facts in force", found.facts))
    loads = Table(
        "load", "at (UTC)", "inserted", "updated", "retracted", "file", title="last loads", title_justify="left"
    )
    for row in found.loads:
        loads.add_row(*(_shown(value) for value in row))
    console.print(loads)


@app.command("datasette-metadata")
def datasette_metadata(
    db: Url,
    output: Annotated[Path | None, Option("-o", "--output", help="File to write (default: standard output).")] = None,
    licence: Annotated[str | None, Option(help="The licence to show, where you may give one.")] = None,
) -> None:
    """Write what Datasette shows beside the tables: datasette facts.db --metadata metadata.json"""
    from extract.database.asking import asking
    from extract.database.datasette import metadata, name_of

    name = name_of(db)
    with asking(db) as connection:
        text = json.dumps(metadata(connection, name, licence=licence), indent=2, ensure_ascii=False) + "\n"
    if output:
        with in_place(output) as part:
            part.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def _counts(title: str, rows: dict[str, int]) -> Table:
    table = Table("", title, box=None)
    for name, number in rows.items():
        table.add_row(name, f"{number:,}")
    return table


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return f"{value:,}" if isinstance(value, int) else str(value)
