"""`extract search`: words in articles and statements."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from rich.text import Text
from typer import Argument, Option

from extract.cli import new_app, screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.database.search import Hit

app = new_app()

_INDENT = 12
_QUERY = 'Words, "phrases", or, -not, as in a web search.'


@app.command()
def search(
    query: Annotated[list[str], Argument(metavar="WORDS", help=_QUERY)],
    db: Annotated[str, Option(metavar="URL", help="The database, such as sqlite:///facts.db.")],
    limit: Annotated[int, Option(min=1, max=1_000, metavar="N", help="Statements and articles to show.")] = 10,
    as_json: Annotated[bool, Option("--json", help="Print a JSON object a line.")] = False,
) -> None:
    """Find words in statements and in the articles' texts, in all their English forms; the best come first."""
    from extract.database.asking import asking
    from extract.database.search import search as find

    with asking(db) as connection:
        hits = find(connection, " ".join(query), limit=limit)
    for kind, found in (("statement", hits.statements), ("article", hits.articles)):
        if as_json:
            lines = (asdict(hit) | {"kind": kind, "found": _plain(hit)} for hit in found)
            sys.stdout.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        else:
            _show(f"{kind}s", found)
    if not hits.statements and not hits.articles:
        sys.stderr.write("nothing found\n")


def _plain(hit: Hit) -> str:
    return "".join(f"[{part}]" if number % 2 else part for number, part in enumerate(hit.found))


def _show(title: str, found: Sequence[Hit]) -> None:
    console = screen.out()
    if found:
        console.print(Text(title, style="bold"))
    for hit in found:
        console.print(_line(hit))


def _line(hit: Hit) -> Text:
    shown = Text(f"{(hit.published or 'undated')[:10]:<{_INDENT}}", style="cyan")
    for number, part in enumerate(hit.found):
        words = screen.one_line(part)
        shown.append(f"[{words}]" if number % 2 else words, style="bold yellow" if number % 2 else "not bold")
    says = f"{screen.one_line(hit.speaker or 'unnamed')} (“{screen.one_line(hit.cue)}”) · " if hit.cue else ""
    title = screen.shortened(screen.one_line(hit.title or hit.article), 80)
    more = f" and {hit.copies - 1:,} more of the same text" if hit.copies > 1 else ""
    return shown.append(f"\n{' ' * _INDENT}{says}{title}{more}", style="dim")
