"""`extract series`: counts over time."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from rich.table import Table
from rich.text import Text
from typer import Option

from extract.cli import new_app, screen
from extract.fact import EVENT_TYPES

if TYPE_CHECKING:
    from extract.database.series import Figure, Series

app = new_app()

Category = StrEnum("Category", {name: name for name in (*EVENT_TYPES, "population", "vote")})  # type: ignore[misc]
TITLES = {
    "stock": "stock: so many on that day",
    "flow": "flow: so many in that time",
    "cumulative": "cumulative: so many summed up since a day",
    None: "neither stock, flow nor cumulative",
}
_COLUMNS = (
    "category", "place", "source", "first", "last", "basis", "value", "low", "high", "comparator", "aggregation",
    "kind", "unit", "counted", "fact",
)  # fmt: skip


@app.command()
def series(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    category: Annotated[Category, Option(help="What the numbers measure.", show_choices=False)],
    db: Annotated[str, Option(metavar="URL", help="The database, such as sqlite:///facts.db.")],
    place: Annotated[str | None, Option(help="Where: a name in any spelling, or a gazetteer's id.")] = None,
    source: Annotated[str | None, Option(help="Who says so: a name in any spelling, or a gazetteer's id.")] = None,
    as_csv: Annotated[bool, Option("--csv", help="Print CSV.")] = False,
    as_json: Annotated[bool, Option("--json", help="Print a JSON object a line, with the articles.")] = False,
    svg: Annotated[Path | None, Option(metavar="FILE", help="Draw a chart; .png works too.")] = None,
) -> None:
    """Show who counted how many, as of when, and who says otherwise; one line for one figure of one source, however
    many articles pass it on."""
    from extract.database.asking import asking
    from extract.database.series import series as find

    with asking(db) as connection:
        found = find(connection, category.value, place=place, source=source)
    if as_csv:
        _write_csv(found.figures)
    elif as_json:
        sys.stdout.writelines(f"{_json(figure)}\n" for figure in found.figures)
    else:
        _show(found)
    for line in _left_out(found):
        sys.stderr.write(f"{line}\n")
    if svg:
        from extract.report import write_chart

        drawn = write_chart(found.figures, svg, title_of(category.value, found))
        sys.stderr.write(f"{drawn:,} figures: {svg}\n")


def title_of(category: str, found: Series) -> str:
    """What the series shows, in words."""
    where = f" in {found.place}" if found.place else ""
    return f"{category}{where}{f', as {found.source} counts' if found.source else ''}"


def _show(found: Series) -> None:
    console = screen.wide()
    for aggregation, title in TITLES.items():
        figures = [figure for figure in found.figures if figure.aggregation == aggregation]
        if figures:
            console.print(_table(title, figures))


def _table(title: str, figures: list[Figure]) -> Table:
    """The figures; a column that says nothing is left out."""
    columns = {
        "as of": [_days(figure) for figure in figures],
        "number": [screen.say_number(figure) for figure in figures],
        "counted": [figure.counted or "" for figure in figures],
        "place": [figure.place or "" for figure in figures],
        "source": [figure.source or "" for figure in figures],
        "articles": [f"{len(figure.articles):,}" for figure in figures],
        "against it": [_against(figure) for figure in figures],
    }
    table = Table(box=None, pad_edge=False, header_style="dim", title=title, title_justify="left", title_style="bold")
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    for name in shown:
        table.add_column(name, justify="right" if name == "articles" else "left", no_wrap=name in {"as of", "number"})
    for row in zip(*shown.values(), strict=True):
        table.add_row(*(Text(screen.one_line(cell)) for cell in row))
    return table


def _days(figure: Figure) -> str:
    return f"{days_of(figure.first, figure.last)}{' *' if figure.basis == 'publication' and figure.first else ''}"


def days_of(first: date | None, last: date | None) -> str:
    """The days as coarse as they are: "2022-12-14", "2022-12", "2022", "2022-12-01 to 2022-12-03".

    >>> days_of(date(2022, 12, 1), date(2022, 12, 31)), days_of(date(2022, 1, 1), date(2022, 12, 31))
    ('2022-12', '2022')
    """
    if first is None or last is None:
        return "undated"
    ends = last + timedelta(days=1)
    if first.day == ends.day == 1 and (ends.year - first.year) * 12 + ends.month - first.month == 1:
        return f"{first:%Y-%m}"
    if (first.month, first.day, ends.month, ends.day) == (1, 1, 1, 1) and ends.year == first.year + 1:
        return f"{first:%Y}"
    return f"{first}" if first == last else f"{first} to {last}"


def _against(figure: Figure) -> str:
    """The statements that exclude the figure, the first two by name."""
    shown = [f"{one.source or 'no source'}: {screen.say_number(one)}" for one in figure.disputed[:2]]
    more = len(figure.disputed) - len(shown)
    return "; ".join(shown) + (f"; {more:,} more" if more else "")


def _left_out(found: Series) -> Iterable[str]:
    if not found.figures:
        yield "no figure"
    if any(figure.basis == "publication" for figure in found.figures):
        yield "* the article's day: the text names none"
    if found.unplaced:
        yield f"{found.unplaced:,} more by this source name no place: leave out --place to see them"
    if found.unreal:
        yield f"{found.unreal:,} more are denied, possible, planned or conditional: not shown"


def _write_csv(figures: Iterable[Figure]) -> None:
    from extract.exporting.spreadsheet import cell

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*_COLUMNS, "articles", "disputed"])
    for figure in figures:
        values = [getattr(figure, name) for name in _COLUMNS]
        rest = [[told.article for told in figure.articles], [one.fact for one in figure.disputed]]
        writer.writerow([cell(value, _kind(value)) for value in [*values, *rest]])


def _kind(value: object) -> Any:
    return "text" if isinstance(value, str) else "texts" if isinstance(value, list) else "number"


def _json(figure: Figure) -> str:
    return json.dumps(asdict(figure), ensure_ascii=False, default=date.isoformat)
