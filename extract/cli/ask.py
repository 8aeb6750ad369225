"""`extract ask`: everything said about a person."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

from rich.console import Console
from rich.text import Text
from typer import Option

from extract.cli import new_app, screen
from extract.cli.series import days_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.database.timeline import Happening, Life, Quote

app = new_app()

_WHEN = 26
_BEFORE, _AFTER = 110, 150
_ROLES, _NAMES = 8, 12


@app.command()
def ask(
    person: Annotated[str, Option(help="A full name in any spelling, or a gazetteer's id.")],
    db: Annotated[str, Option(metavar="URL", help="The database, such as sqlite:///facts.db.")],
    limit: Annotated[int, Option(min=1, metavar="N", help="Quotations to show of each kind.")] = 10,
    as_json: Annotated[bool, Option("--json", help="Print one JSON object with everything.")] = False,
) -> None:
    """Show what is said about a person: what happened to them or through them, when, who says so; what they say."""
    from extract.database.asking import asking
    from extract.database.timeline import life

    with asking(db) as connection:
        found = life(connection, person)
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), ensure_ascii=False, default=date.isoformat) + "\n")
        return
    console = screen.out()
    console.print(_who(found))
    _heading(console, "timeline", len(found.timeline))
    for happening in found.timeline:
        console.print(_event(happening))
    if not all(happening.is_dated for happening in found.timeline):
        console.print(Text("* the article's day: no text names one", style="dim"))
    _quotes(console, "says", found.says, limit)
    _quotes(console, "others say of them", found.said_of, limit)
    _quotes(console, "numbers they vouch for", found.counts, limit)


def _who(found: Life) -> Text:
    shown = Text(screen.one_line(found.name), style="bold")
    shown.append(f" ({found.kb})" if found.kb else "", style="not bold")
    shown.append(f"\n{found.mentions:,} mentions in {found.articles:,} articles", style="not bold")
    for title, words, most in (("also", found.also, _NAMES), ("is", found.roles, _ROLES)):
        if words:
            more = f" and {len(words) - most:,} more" if len(words) > most else ""
            shown.append(f"\n{title}: {', '.join(map(screen.one_line, words[:most]))}{more}", style="not bold")
    return shown


def _heading(console: Console, title: str, number: int) -> None:
    console.print(Text(f"\n{title}: {number:,}", style="bold"))


def _event(happening: Happening) -> Text:
    when = f"{days_of(happening.first, happening.last)}{'' if happening.is_dated or not happening.first else ' *'}"
    shown = Text(f"{when:<{_WHEN}}", style="cyan")
    told = "" if happening.modality == "actual" else f" · {happening.modality}"
    shown.append(f"{happening.event_type} · {happening.role}{told}", style="bold")
    return shown.append_text(_quote(happening.quotes[0], happening.quotes))


def _quote(quote: Quote, all_: Sequence[Quote] = ()) -> Text:
    """The words in their sentence, and under it who says so, where."""
    shown = Text("\n" + " " * _WHEN)
    shown.append_text(_in_sentence(quote))
    says = f"{screen.one_line(quote.source or 'unnamed')} (“{screen.one_line(quote.cue)}”) · " if quote.cue else ""
    title = screen.shortened(screen.one_line(quote.title or quote.article), 70)
    others = len({one.article for one in all_} - {quote.article})
    more = f" and {others:,} more article{'s' if others > 1 else ''}" if others else ""
    shown.append(f"\n{' ' * _WHEN}{says}{title}, {(quote.published or 'undated')[:10]}{more}", style="dim")
    return shown


def _in_sentence(quote: Quote) -> Text:
    if quote.sentence is None or quote.text_at is None or not quote.sentence[quote.text_at :].startswith(quote.text):
        return Text(f"[{screen.shortened(screen.one_line(quote.text), _BEFORE + _AFTER)}]")
    before, after = quote.sentence[: quote.text_at], quote.sentence[quote.text_at + len(quote.text) :]
    shown = Text(screen.one_line(before if len(before) <= _BEFORE else f"…{before[-_BEFORE:]}"))
    shown.append(f"[{screen.shortened(screen.one_line(quote.text), _BEFORE + _AFTER)}]", style="bold")
    return shown.append(screen.one_line(screen.shortened(after, _AFTER)))


def _quotes(console: Console, title: str, quotes: Sequence[Quote], limit: int) -> None:
    if quotes:
        _heading(console, title, len(quotes))
    for quote in quotes[:limit]:
        when = Text(f"{(quote.published or 'undated')[:10]:<{_WHEN}}", style="cyan")
        console.print(when.append_text(Text(_quote(quote).plain.lstrip())))
    if len(quotes) > limit:
        console.print(Text(f"{' ' * _WHEN}{len(quotes) - limit:,} more: --limit or --json", style="dim"))
