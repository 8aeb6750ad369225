"""The pages as HTML: Jinja templates that escape everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from extract.correction.references import REFERENCE_FIELDS
from extract.fact import FACT_TYPES, Envelope
from extract.review.controls import Choice, Context, controls_of
from extract.review.desk import Progress, Shown, View
from extract.review.filters import SHOWS, Filter
from extract.review.guard import Session
from extract.review.text import Mark, Piece, pieces, shown

ENTITY_TYPES = ("person", "organisation", "place")
_HIDDEN = frozenset(
    {"schema_", "id", "type", "article", "span", "sentence", "confidence", "by", "mentions", "modality", "chain"}
)
ROWS_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A field of a card: its words, and the stretch of text behind them."""

    label: str
    text: str
    spans: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A fact in the side panel."""

    shown: Shown
    sentence: int
    rows: tuple[Row, ...]
    spans: str
    others: tuple[Choice, ...]

    @property
    def fact(self) -> Envelope:
        """The fact."""
        return self.shown.fact


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("extract.review"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(fact_types=FACT_TYPES, shows=SHOWS, shown_text=shown)
    return environment


def render(name: str, **values: Any) -> str:
    """A template's HTML."""
    return _environment().get_template(name).render(**values)


def list_page(rows: Sequence[Progress], filter_: Filter, page: int, session: Session, **values: Any) -> str:
    """The list of articles."""
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    shown_rows = rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    totals = {"facts": sum(row.facts for row in rows), "decided": sum(row.decided for row in rows)}
    return render("list.html", rows=shown_rows, of=len(rows), page=page, pages=pages, totals=totals, filter=filter_,
                  session=session, **values)  # fmt: skip


def article_page(view: View, filter_: Filter, session: Session, **values: Any) -> str:
    """The article with its facts, around the part that changes."""
    work = work_area(view, filter_)
    return render("article.html", view=view, work=work, filter=filter_, session=session, **values)


def work_area(view: View, filter_: Filter) -> str:
    """The text with its underlines and the cards: what a decision changes."""
    seen = view.seen_through(filter_)
    sentences = sorted({(one.fact.sentence.start, one.fact.sentence.end) for one in seen})
    number = {sentence: n for n, sentence in enumerate(sentences)}
    cards = [_card(one, number[one.fact.sentence.start, one.fact.sentence.end], view) for one in seen]
    states = Counter("open" if one.state == "open" else "decided" for one in view.shown)
    return render("_work.html", view=view, pieces=_pieces(view, seen), cards=cards, states=states, hidden=len(
        view.shown) - len(seen), sentences=sentences, filter=filter_)  # fmt: skip


def form(view: View, type_: str, fields: dict[str, Any], fact: str) -> str:
    """The form of a fact; `fact` is its id, or empty for a new one."""
    known = tuple((id_, one.type, _label(one)) for id_, one in view.standing.items() if id_ != fact)
    return render("_form.html", type=type_, fact=fact, controls=controls_of(type_, fields, Context(known)))


def _pieces(view: View, seen: Sequence[Shown]) -> list[Piece]:
    return pieces(view.article.text, (mark for one in seen if one.state != "rejected" for mark in _marks(one.fact)))


def _marks(fact: Envelope) -> Iterator[Mark]:
    yield Mark(fact.span.start, fact.span.end, fact.id, fact.type)
    for mention in getattr(fact, "mentions", ()):
        if mention != fact.span:
            yield Mark(mention.start, mention.end, fact.id, fact.type)


def _card(one: Shown, sentence: int, view: View) -> Card:
    fact = one.fact
    others = tuple(
        Choice(other.id, _label(other))
        for other in view.standing.values()
        if other.type == fact.type and other.id != fact.id and fact.type in ENTITY_TYPES
    )
    spans = " ".join(dict.fromkeys(f"{span.start}:{span.end}" for span in fact.spans()))
    return Card(one, sentence, tuple(_rows(fact, view.facts)), spans, others)


def _rows(fact: Envelope, facts: dict[str, Envelope]) -> Iterator[Row]:
    """Yields every field that is said, in the words of a person."""
    fields = fact.model_dump(mode="json", exclude=set(_HIDDEN))
    attribution = fields.pop("attribution", None)
    for name, value in fields.items():
        if name == "arguments":
            yield from (_argument(argument, facts) for argument in value)
        elif name == "roles":
            yield from (_row("role", role, facts) for role in value)
        elif value not in (None, [], ""):
            yield _row(name, value, facts)
    mentions = getattr(fact, "mentions", ())
    if len(mentions) > 1:
        others = ", ".join(dict.fromkeys(mention.text for mention in mentions))
        yield Row("mentions", f"{len(mentions)}: {others}", " ".join(f"{m.start}:{m.end}" for m in mentions))
    if attribution:
        yield _row("attribution", attribution, facts)


def _argument(argument: dict[str, Any], facts: dict[str, Envelope]) -> Row:
    rest = {key: value for key, value in argument.items() if key != "role"}
    return _row(argument["role"], rest, facts)


def _row(name: str, value: Any, facts: dict[str, Envelope]) -> Row:
    words: list[str] = []
    spans: list[str] = []
    _tell(name, value, facts, (words, spans))
    return Row(name.replace("_", " "), " · ".join(dict.fromkeys(words)), " ".join(spans))


def _tell(name: str, value: Any, facts: dict[str, Envelope], told: tuple[list[str], list[str]]) -> None:
    words, spans = told
    if isinstance(value, dict) and value.keys() == {"start", "end", "text"}:
        words.append(value["text"])
        spans.append(f"{value['start']}:{value['end']}")
    elif isinstance(value, dict):
        for key, part in value.items():
            _tell(key, part, facts, told)
    elif name in REFERENCE_FIELDS and isinstance(value, str):
        referred = facts.get(value)
        words.append(f"→ {_label(referred)}" if referred else "→ a fact that is gone")
    elif isinstance(value, bool):
        words.append("yes" if value else "no")
    elif isinstance(value, float | int):
        words.append(f"{value:,.15g}")
    elif value is not None:
        words.append(str(value).replace("_", " "))


def _label(fact: Envelope) -> str:
    text = " ".join(str(getattr(fact, "name", None) or fact.span.text).split()) if fact.type in ENTITY_TYPES else ""
    text = text or " ".join(fact.span.text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"
