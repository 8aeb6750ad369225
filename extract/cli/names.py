"""`extract names`: the gazetteer - add a name, check what is there, suggest what is missing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table
from typer import Argument, Option

from extract.cli import FAILED, new_app, screen
from extract.errors import ReadError

app = new_app(help="The gazetteer of known names: add one, check all, suggest what is missing.", no_args_is_help=True)

Type = Annotated[Literal["person", "organisation", "place"], Argument(help="What the name is of.")]
_ALIAS = "Another name, its language after a colon: 'Алесь Бяляцкі:be'. Cyrillic ones bring their romanisations."


@app.command()
def add(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    type_: Type,
    name: Annotated[str, Argument(help="The name, in full.")],
    id_: Annotated[str, Option("--id", help="Its Wikidata QID, or an id of your own that starts with x-.")],
    alias: Annotated[list[str] | None, Option(help=_ALIAS)] = None,
    kind: Annotated[str | None, Option(help="Of an organisation or a place: ngo, city, ...")] = None,
    gender: Annotated[str | None, Option(help="Of a person: f or m.")] = None,
    country: Annotated[str | None, Option(help="The id of a place in the gazetteer.")] = None,
    ambiguous: Annotated[list[str] | None, Option(help="A name of it that means other things too.")] = None,
) -> None:
    """Add a name to the gazetteer."""
    from extract.names.gazetteer import FILES, add_name  # it imports spaCy, which is slow

    row: dict[str, Any] = {"id": id_, "name": name, "aliases": [_alias(text) for text in alias or []]}
    optional = {"kind": kind, "gender": gender, "country": country, "ambiguous": ambiguous}
    entry = add_name(type_, row | {key: value for key, value in optional.items() if value})
    sys.stderr.write(f"added {entry.id}, {len(entry.names)} names: {FILES[type_]}\n")


@app.command()
def check() -> None:
    """Check the gazetteer: ids given twice, names of two entries, roles and countries that are not there."""
    from extract.names.gazetteer import FILES, check_gazetteers, read_entries  # as above

    complaints = check_gazetteers()
    for complaint in complaints:
        sys.stdout.write(f"{complaint}\n")
    if complaints:
        raise typer.Exit(FAILED)
    entries = sum(1 for type_, path in FILES.items() for _ in read_entries(path, type_))
    sys.stderr.write(f"{entries:,} entries agree with each other\n")


@app.command()
def suggest(
    facts: Annotated[Path, Argument(metavar="FACTS", help="A file of facts.")],
    at_least: Annotated[int, Option(metavar="N", min=1, help="Leave out names of fewer articles.")] = 2,
) -> None:
    """Suggest names for the gazetteer: those that articles have and the gazetteer has not, the commonest first."""
    from extract.names.gazetteer import suggest_names  # as above

    try:
        with facts.open(encoding="utf-8") as lines:
            found = suggest_names(lines, at_least=at_least)
    except OSError as error:
        raise ReadError(f"can't be read: {error.strerror}", where=str(facts), expected="a file of facts") from error
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("articles", "type", "name"):
        table.add_column(title, justify="right" if title == "articles" else "left")
    for number, type_, name in found:
        table.add_row(f"{number:,}", screen.tag(type_), screen.one_line(name))
    screen.out().print(table if found else f"no name of {at_least} articles is missing")


def _alias(text: str) -> dict[str, str]:
    from extract.names.transliteration import is_cyrillic  # as above

    name, colon, language = text.rpartition(":")
    written = {"name": name if colon else text}
    return written | ({"language": language} if colon else {}) | {"script": "Cyrl" if is_cyrillic(text) else "Latn"}
