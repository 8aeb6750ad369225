"""A series as a chart: each figure a point at its days, its bounds as a bar, open where the text leaves them open.

Stock, flow and cumulative counts stand in charts of their own, one below the other: they are never added up or joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from extract.database.series import Figure
from extract.errors import OutputError

# Okabe and Ito's colours, which people with any colour blindness tell apart; the darker ones first
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_SHAPES = ("circle", "square", "diamond", "triangle-right", "cross", "triangle-left", "stroke")
_TITLES = {
    "stock": "stock: so many on that day",
    "flow": "flow: so many in that time",
    "cumulative": "cumulative: so many summed up since a day",
}
_WIDTH, _HEIGHT = 640, 260
_ARROW = 0.06  # of the axis: how long an open end is drawn
_MOST_SOURCES = 6
_UNNAMED, _OTHERS = "no source named", "other sources, or none named"
_MARGIN = 0.04
_SHORTEST_SPAN = timedelta(days=20)
_MOST_LABELS = 20
_SIGNS = {
    "exact": "", "about": "≈ ", "at_least": "≥ ", "more_than": "> ", "at_most": "≤ ", "less_than": "< ", "vague": "≥ ",
    "between": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Axes:
    """What the axes run over."""

    first: date
    last: date
    top: float

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> _Axes:
        firsts, lasts = [f.first for f in figures if f.first], [f.last for f in figures if f.last]
        first, last = min(firsts), max(lasts)
        margin = max((last - first) * _MARGIN, _SHORTEST_SPAN)
        top = max(max(filter(None, (f.value, f.low, f.high)), default=0) for f in figures)
        return cls(first - margin, last + 2 * margin, top * 1.1 or 1)


def write_chart(figures: Iterable[Figure], path: Path, title: str) -> int:
    """Writes the chart as SVG, or PNG where the name ends so; gives how many figures have a day and are in it.

    Raises:
        OutputError: it can't be written, nothing has a day, or Altair is missing.
    """
    dated = [figure for figure in figures if figure.first and figure.last]
    if not dated:
        raise OutputError("no figure has a day: there is nothing to draw", where=str(path))
    chart = _chart(dated, title)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        chart.save(path, format="png" if path.suffix == ".png" else "svg", scale_factor=2)
    except OSError as error:
        raise OutputError(f"can't be written: {error.strerror}", where=str(path),
                          expected="a place to write to") from error  # fmt: skip
    return len(dated)


def _altair() -> Any:
    try:
        import altair
        import vl_convert  # noqa: F401 - what writes the file
    except ModuleNotFoundError as error:
        raise OutputError(f"charts need the package {error.name}",
                          advice='pip install "news-extract[chart]"') from error  # fmt: skip
    return altair


def _chart(figures: list[Figure], title: str) -> Any:
    alt = _altair()
    names = _legend(figures)
    scales = {
        "color": alt.Scale(domain=names, range=list(COLOURS[: len(names)])),
        "shape": alt.Scale(domain=names, range=list(_SHAPES[: len(names)])),
    }
    aggregations = sorted(
        {figure.aggregation or "" for figure in figures}, key=["stock", "flow", "cumulative", ""].index
    )
    panels = [
        _panel(alt, [f for f in figures if (f.aggregation or "") == one], names, scales, one) for one in aggregations
    ]
    subtitle = _subtitle(figures)
    return (
        alt.vconcat(*panels, spacing=28)
        .properties(title=alt.TitleParams(title, subtitle=subtitle, anchor="start", fontSize=16, offset=14))
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11, titleFontSize=11, titleFontWeight="normal", gridColor="#e4e4e4", domainColor="#888888"
        )
        .configure_legend(labelFontSize=11, titleFontSize=11, symbolSize=90, labelLimit=260)
        .configure(font="Helvetica, Arial, sans-serif", background="white")
    )


def _legend(figures: list[Figure]) -> list[str]:
    """The names of the sources in the legend, those of most figures first; the rest are one."""
    counts: dict[str, int] = {}
    for figure in figures:
        counts[_source(figure)] = counts.get(_source(figure), 0) + 1
    names = sorted(counts, key=lambda name: (name == _UNNAMED, -counts[name], name))
    return names if len(names) <= _MOST_SOURCES + 1 else [*names[:_MOST_SOURCES], _OTHERS]


def _source(figure: Figure) -> str:
    return figure.source or _UNNAMED


def _subtitle(figures: list[Figure]) -> list[str]:
    articles = len({told.article for figure in figures for told in figure.articles})
    lines = [f"{_many(len(figures), 'figure')} in {_many(articles, 'article')}"]
    if any(figure.disputed for figure in figures):
        lines[0] += "; a ring: another source says what excludes it"
    if any(figure.is_open for figure in figures):
        lines[0] += "; an arrow: at least, or at most"
    return lines


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _panel(alt: Any, figures: list[Figure], names: list[str], scales: dict[str, Any], aggregation: str) -> Any:
    axes = _Axes.of(figures)
    rows = [_row(figure, names, axes) for figure in figures]
    if len(rows) > _MOST_LABELS:
        rows = [row | {"label": ""} for row in rows]
    x = alt.X("at:T", title=None, scale=alt.Scale(domain=[_noon(axes.first), _noon(axes.last)]),
              axis=alt.Axis(format=_date_format(axes), labelAngle=0, tickCount=8, grid=False))  # fmt: skip
    y = alt.Y(
        "y:Q",
        title=_counted(figures),
        scale=alt.Scale(domain=[0, axes.top * (1 + _ARROW)]),
        axis=alt.Axis(format=",.12~g"),
    )
    colour = alt.Color("source:N", scale=scales["color"], legend=alt.Legend(title="source", symbolOpacity=1))
    chart = alt.Chart(alt.Data(values=rows)).encode(x=x, color=colour)
    point = chart.mark_point(size=70, strokeWidth=2, opacity=1)
    layers = [
        chart.transform_filter("datum.from != datum.to").mark_rule(strokeWidth=1.5, opacity=0.55).encode(
            x=alt.X("from:T"), x2="to:T", y=y),
        chart.transform_filter("datum.bottom != datum.top").mark_rule(strokeWidth=1.5).encode(
            y=alt.Y("bottom:Q"), y2="top:Q"),
        _ends(alt, chart, "top", "up", "triangle-up"),
        _ends(alt, chart, "bottom", "down", "triangle-down"),
        point.encode(
            y=y,
            shape=alt.Shape("source:N", scale=scales["shape"], legend=alt.Legend(title="source", symbolOpacity=1)),
            fill=alt.Fill("inside:N", scale=None),
        ),
        chart.transform_filter("datum.disputed").mark_point(
            size=330, shape="circle", strokeWidth=1.5, filled=False, opacity=1).encode(y=y, color=alt.value("#000000")),
        chart.transform_filter("datum.label != ''").mark_text(
            align="left", dx=12, dy=-7, fontSize=10).encode(y=y, text="label:N", color=alt.value("#444444")),
    ]  # fmt: skip
    title = alt.TitleParams(
        _TITLES.get(aggregation, "counts"), fontSize=12, fontWeight="normal", anchor="start", frame="group"
    )
    return alt.layer(*layers).properties(width=_WIDTH, height=_HEIGHT, title=title)


def _ends(alt: Any, chart: Any, field: str, way: str, shape: str) -> Any:
    """The ends of bounds: an arrow where the text leaves them open, and else a bar's end."""
    tip = chart.transform_filter(f"datum.{way} == 'open'").mark_point(size=60, shape=shape, filled=True, opacity=1)
    stop = chart.transform_filter(f"datum.{way} == 'closed'").mark_tick(thickness=1.5, size=9, orient="horizontal")
    return alt.layer(tip.encode(y=alt.Y(f"{field}:Q")), stop.encode(y=alt.Y(f"{field}:Q")))


def _row(figure: Figure, names: list[str], axes: _Axes) -> dict[str, Any]:
    """What the chart needs of a figure: where its point, its days and its bounds are."""
    assert figure.first is not None
    assert figure.last is not None
    y = figure.point
    bottom = figure.low if figure.low is not None else y
    top = figure.high if figure.high is not None else y
    source = _source(figure)
    return {
        "at": _noon(figure.first + (figure.last - figure.first) / 2),
        "from": _noon(figure.first),
        "to": _noon(figure.last),
        "y": y,
        "bottom": max(0, y - axes.top * _ARROW) if figure.is_open_below else bottom,
        "top": y + axes.top * _ARROW if figure.is_open_above else top,
        "up": "open" if figure.is_open_above else "closed" if top != y else "",
        "down": "open" if figure.is_open_below else "closed" if bottom != y else "",
        "inside": "white" if figure.comparator != "exact" else COLOURS[_index(source, names)],
        "source": source if source in names else _OTHERS,
        "disputed": bool(figure.disputed),
        "label": _label(figure),
    }


def _label(figure: Figure) -> str:
    """The number as the text has it: "≥ 1,300", "1,400–1,500"."""
    if figure.value is None and figure.low is not None and figure.high is not None:
        return f"{figure.low:,.12g}–{figure.high:,.12g}"
    return f"{_SIGNS.get(figure.comparator, '')}{figure.point:,.12g}"


def _counted(figures: list[Figure]) -> str | None:
    """What most of the figures count."""
    words = Counter(figure.counted for figure in figures if figure.counted)
    return words.most_common(1)[0][0] if words else None


def _index(source: str, names: list[str]) -> int:
    return names.index(source) if source in names else len(names) - 1


def _noon(day: date) -> str:
    """The middle of a day: so that no time zone moves it to another."""
    return datetime.combine(day, time(12)).isoformat()


def _date_format(axes: _Axes) -> str:
    days = (axes.last - axes.first).days
    return "%Y" if days > 365 * 8 else "%b %Y" if days > 120 else "%-d %b %Y"
