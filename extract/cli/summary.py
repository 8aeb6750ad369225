"""What a person likes to read after a run: how much there was, five facts in their place, what was declined and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.article import Article
from extract.batch.result import OUTPUTS, Result
from extract.batch.totals import Totals
from extract.cli import screen
from extract.fact import FACT, FACT_TYPES, Count, Date, Envelope, Event, Person, Statement

_SAMPLED = ("count", "event", "statement", "person", "date")
_TELLING = {"agent", "target", "place", "time"}
_WIDEST_BAR = 30
_REASONS = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """A fact worth showing, with its article and the facts that it refers to."""

    merit: float
    fact: Envelope
    article: Article
    by_id: dict[str, Envelope]


class Summary:
    """Sees each result go by and keeps the facts of each type that show most, one an article."""

    def __init__(self) -> None:
        self._best: dict[str, list[Sample]] = {type_: [] for type_ in _SAMPLED}

    def see(self, result: Result) -> None:
        """Looks at the facts of an article."""
        if result.failed or not result.lines[0]:
            return
        article = Article.model_validate_json(result.lines[OUTPUTS.index("articles")])
        facts: list[Envelope] = [FACT.validate_json(line) for line in result.lines[0].splitlines()]
        by_id = {fact.id: fact for fact in facts}
        for type_, best in self._best.items():
            samples = (Sample(merit_of(fact), fact, article, by_id) for fact in facts if fact.type == type_)
            best.extend(sorted(samples, key=_by_merit)[:1])
            best.sort(key=_by_merit)
            del best[len(_SAMPLED) :]

    def show(self, console: Console, totals: Totals, seconds: float) -> None:
        """Prints the page."""
        console.print()
        console.print(_headline(totals, seconds))
        console.print()
        console.print(_by_type(totals))
        samples = list(self._chosen())
        if samples:
            console.print(Text("\nfor example", style="bold"))
        for sample in samples:
            console.print(_example(sample))
        if totals.declined:
            console.print(Text(f"\nseen and declined: {totals.declined.total():,}", style="bold"))
            console.print(_reasons(totals.declined))
        console.print()

    def _chosen(self) -> Iterator[Sample]:
        """Yields the best of each type, from as many articles as can be."""
        used: set[str] = set()
        for best in self._best.values():
            chosen = next((sample for sample in best if sample.article.id not in used), best[0] if best else None)
            if chosen:
                used.add(chosen.article.id)
                yield chosen


def _by_merit(sample: Sample) -> float:
    return -sample.merit


def merit_of(fact: Envelope) -> float:
    """How much the fact shows of what a fact can hold: for choosing examples, nothing else."""
    merit = fact.confidence + (1 if fact.attribution and fact.attribution.source else 0)
    if isinstance(fact, Count):
        merit += bool(fact.as_of) + bool(fact.counted) + (fact.category in {"imprison", "arrest", "release"})
    elif isinstance(fact, Event):
        roles = Counter(argument.role for argument in fact.arguments)
        merit += len(roles.keys() & _TELLING) + (fact.modality != "actual") - 2 * (roles.total() - len(roles))
    elif isinstance(fact, Statement):
        merit += bool(fact.speaker) + fact.direct + (40 < len(fact.span.text) < 160)
    elif isinstance(fact, Person):
        merit += len(fact.roles) + bool(fact.kb) + (len({mention.text for mention in fact.mentions}) > 1)
    elif isinstance(fact, Date):
        merit += 2 * bool(fact.anchor) + (fact.first != fact.last)
    return merit


def _headline(totals: Totals, seconds: float) -> Text:
    rate = f", {totals.articles / seconds:.1f} articles and {totals.words / seconds:,.0f} words a second"
    line = Text(f"{totals.articles:,} articles", style="bold")
    line.append(f", {totals.words:,} words, {sum(totals.facts.values()):,} facts", style="bold")
    return line.append(f" in {seconds:.1f} s{'' if totals.kept else rate}", style="not bold")


def _by_type(totals: Totals) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(justify="right")
    most = max(totals.facts.values(), default=1)
    for type_ in FACT_TYPES:
        number = totals.facts[type_]
        bar = "▇" * max(1 if number else 0, round(_WIDEST_BAR * number / most))
        table.add_row(screen.tag(type_), f"{number:,}", Text(bar, style=screen.COLOURS[type_]))
    return table


def _example(sample: Sample) -> Text:
    fact = sample.fact
    shown = Text("\n  ")
    shown.append_text(screen.tag(fact.type))
    shown.append(screen.say(fact, sample.by_id), style="bold")
    shown.append("\n              ")
    shown.append_text(screen.in_context(sample.article.text, fact.span, style=screen.COLOURS[fact.type]))
    by = screen.vouched(fact)
    origin = " · ".join(
        [*([f"source {by}"] if by else []), sample.article.id, f"rule {fact.by.rule}", f"{fact.confidence:.2f}"]
    )
    shown.append(f"\n              {origin}", style="dim")
    return shown


def _reasons(declined: Counter[str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    common = declined.most_common(_REASONS)
    for reason, number in common:
        table.add_row(f"  {number:,}", reason)
    rest = declined.total() - sum(number for _, number in common)
    if rest:
        table.add_row(f"  {rest:,}", f"for {len(declined) - len(common)} other reasons")
    return table
