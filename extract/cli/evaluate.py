"""`extract evaluate`: facts against annotated articles and against older facts; rules; annotators."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from typer import Argument, Option

from extract.cli import FAILED, new_app, screen
from extract.correction.apply import read_articles
from extract.correction.status import status
from extract.evaluation.agreement import Agreement, agreement
from extract.evaluation.difference import Change, Difference, compare
from extract.evaluation.floors import falls, pin
from extract.evaluation.gold import digest, name_of, read_gold
from extract.evaluation.measures import Scores
from extract.evaluation.rules import Record, by_rule
from extract.evaluation.score import score as measure

app = new_app()

_PATHS = "A folder of annotated articles, NAME.xml, and facts of articles with these names; or facts alone."
_DIFF = "Facts of an older version: show what the two disagree on, by article and sentence."
_LOG = "The log (default: corrections.jsonl beside the facts, if it is there)."
_ARTICLES = "The articles, for the words of sentences (default: articles.jsonl beside the facts, if it is there)."
_RULES = "Show rule by rule how much is right, and how much people accepted, edited and rejected."


@app.command()
def evaluate(  # noqa: PLR0913, PLR0917 - a command has the options that it has
    paths: Annotated[list[Path], Argument(metavar="[GOLD] FACTS", help=_PATHS)],
    diff: Annotated[Path | None, Option(metavar="OLD", help=_DIFF)] = None,
    rules: Annotated[bool, Option("--rules", help=_RULES)] = False,
    agree: Annotated[bool, Option("--agreement", help="Show how far the annotators of the log agree.")] = False,
    log: Annotated[Path | None, Option(metavar="LOG", help=_LOG)] = None,
    articles: Annotated[Path | None, Option(help=_ARTICLES)] = None,
    floor: Annotated[Path | None, Option(metavar="FILE", help="Fail where a score is below its floor in FILE.")] = None,
    set_floor: Annotated[bool, Option("--set-floor", help="Pin the scores in FILE as the floors.")] = False,
    allow_lower: Annotated[bool, Option("--allow-lower", help="With --set-floor: floors may fall.")] = False,
    show: Annotated[str | None, Option(metavar="TYPE", help="List what was missed and what is wrong.")] = None,
    as_json: Annotated[bool, Option("--json", help="Print it all as one JSON object.")] = False,
) -> None:
    """Score facts against annotated articles; compare versions, rules and annotators."""
    gold, facts = _gold_and_facts(paths)
    _check_options(gold, floor, set_floor=set_floor, wants=bool(diff or rules or agree))
    log = _beside(facts, "corrections.jsonl", log)
    articles = _beside(facts, "articles.jsonl", articles)
    if agree and log is None:
        raise typer.BadParameter("--agreement needs the log: --log corrections.jsonl")
    scores = measure(gold, facts) if gold else None
    page = _Page(scores)
    if diff:
        page.difference = compare(diff, facts, {one.name: one for one in read_gold(gold)} if gold else None)
        page.texts = _texts(gold, articles)
    if rules:
        page.rules = by_rule(gold, facts, status(facts, log, articles=articles).by_rule if log else {})
    if agree and log:
        page.agreement = agreement(log, facts, articles)
    page.print(as_json=as_json)
    for line in scores.faults.get(show or "", []) if scores else ():
        sys.stdout.write(f"{line}\n")
    if scores and gold and floor:
        _hold(scores, floor, digest(gold), set_floor=set_floor, allow_lower=allow_lower)


def _gold_and_facts(paths: list[Path]) -> tuple[Path | None, Path]:
    if len(paths) > 2:
        raise typer.BadParameter(f"{len(paths)} paths: expected a folder of gold and a file of facts, or facts alone")
    return (paths[0], paths[1]) if len(paths) == 2 else (None, paths[0])


def _check_options(gold: Path | None, floor: Path | None, *, set_floor: bool, wants: bool) -> None:
    if set_floor and not floor:
        raise typer.BadParameter("--set-floor needs --floor FILE")
    if gold is None and (floor or not wants):
        raise typer.BadParameter("name a folder of gold before the facts, or ask for --diff, --rules or --agreement")


def _beside(facts: Path, name: str, given: Path | None) -> Path | None:
    usual = facts.with_name(name)
    return given or (usual if usual.exists() else None)


def _texts(gold: Path | None, articles: Path | None) -> dict[str, str]:
    texts = {name_of(article.id): article.text for _, article in read_articles(articles)} if articles else {}
    return texts | ({one.name: one.text for one in read_gold(gold)} if gold else {})


class _Page:
    """What was asked for, to be printed."""

    def __init__(self, scores: Scores | None) -> None:
        self.scores = scores
        self.difference: Difference | None = None
        self.texts: dict[str, str] = {}
        self.rules: dict[str, Record] | None = None
        self.agreement: Agreement | None = None

    def print(self, *, as_json: bool) -> None:
        """Prints it, as tables or as JSON."""
        if as_json:
            sys.stdout.write(json.dumps(self._as_json(), ensure_ascii=False) + "\n")
            return
        parts: list[Table | Text] = []
        parts += [_scores(self.scores)] if self.scores else []
        parts += [_rules(self.rules)] if self.rules is not None else []
        parts += _agreement(self.agreement) if self.agreement else []
        parts += [_difference(self.difference, self.texts)] if self.difference else []
        console = screen.out()
        for number, part in enumerate(parts):
            if number:
                console.print()
            console.print(part)

    def _as_json(self) -> dict[str, Any]:
        page: dict[str, Any] = self.scores.as_json() if self.scores else {}
        if self.rules is not None:
            page["rules"] = {name: record.as_json() for name, record in self.rules.items()}
        if self.agreement:
            page["agreement"] = self.agreement.as_json()
        if self.difference:
            sentences = [
                {"article": one.article, "start": one.start, "end": one.end,
                 "changes": [change.as_json() for change in one.changes]}
                for one in self.difference.sentences
            ]  # fmt: skip
            page["diff"] = {"sentences": sentences, "other_text": self.difference.other_text,
                            "same": self.difference.same}  # fmt: skip
        return page


def _hold(scores: Scores, floor: Path, gold_digest: str, *, set_floor: bool, allow_lower: bool) -> None:
    if set_floor:
        pin(scores.numbers(), floor, gold_digest, allow_lower=allow_lower)
        sys.stderr.write(f"floors pinned: {floor}\n")
        return
    fallen = falls(scores.numbers(), floor, gold_digest)
    for fall in fallen:
        sys.stderr.write(f"{fall}\n")
    if fallen:
        raise typer.Exit(FAILED)
    sys.stderr.write(f"no score is below its floor: {floor}\n")


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for at, title in enumerate(titles):
        table.add_column(title, justify="right" if at else "left")
    return table


def _scores(scores: Scores) -> Table:
    table = _table("", "precision", "recall", "F1", "gold")
    for name, one in scores.measures.items():
        f1 = f"[bold]{one.f1:.1f}[/bold]"
        table.add_row(name, f"{one.precision:.1f}", f"{one.recall:.1f}", f1, f"{one.gold:,}")
    table.add_section()
    for name, share in sorted(scores.shares.items()):
        row = share.as_json()
        table.add_row(name, "", "", f"[bold]{row['accuracy']:.1f}[/bold]", f"{row['of']:,}")
    return table


def _rules(rules: dict[str, Record]) -> Table:
    table = _table("rule", "made", "right", "%", "accepted", "edited", "rejected")
    for name, one in rules.items():
        share = f"{100 * one.right / one.made:.0f}" if one.made else ""
        numbers = (one.made, one.right, share, one.accepted, one.edited, one.rejected)
        table.add_row(screen.one_line(name), *(str(number) if number else "" for number in numbers))
    return table


def _agreement(found: Agreement) -> list[Table | Text]:
    table = _table("annotators", "facts both decided", "alike", "kappa", "F1", "")
    for pair in found.pairs:
        few = "few: says little" if pair.is_few else ""
        share = f"{100 * pair.alike / pair.shared:.1f}%"
        names = screen.one_line(f"{pair.one}, {pair.other}")
        table.add_row(names, str(pair.shared), share, _number(pair.kappa), _number(pair.f1), few)
    few = ": few, says little" if found.is_few else ""
    return [table, Text(f"alpha {_number(found.alpha)} on {found.units:,} facts that several decided{few}")]


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.3f}"


def _difference(found: Difference, texts: dict[str, str]) -> Text:
    page = Text()
    article = ""
    for sentence in found.sentences:
        if sentence.article != article:
            article = sentence.article
            page.append(f"{screen.one_line(article)}\n", style="bold")
        words = screen.one_line(texts.get(article, "")[sentence.start : sentence.end])
        page.append(f"  {sentence.start}  {words}\n")
        for change in sentence.changes:
            _append(page, change)
    for name in found.other_text:
        page.append(f"{screen.one_line(name)}: its text is another by now: not compared\n", style="yellow")
    return page.append(_in_words(found))


def _append(page: Text, change: Change) -> None:
    sign, style = ("~", "yellow") if change.was and change.now else ("+", "green") if change.now else ("-", "red")
    fact = change.fact
    what = "; ".join(f"{name}: {_short(was)} → {_short(now)}" for name, was, now in change.fields)
    what = what or screen.say(fact, {})
    page.append(f"     {sign} {fact.type:<12} ", style=style)
    page.append(f"“{screen.one_line(_short(fact.span.text))}”  {screen.one_line(what)}")
    page.append(f"  ‹{screen.one_line(fact.by.rule)}›{_verdict(change)}\n", style="dim")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:50]} … {text[-27:]}"


def _verdict(change: Change) -> str:
    said = {True: "right", False: "wrong"}
    was, now = change.verdicts
    if was is None or now is None:
        found = was if now is None else now
        return "" if found is None else f"  {said[found]}"
    return f"  {said[now]} as before" if was == now else f"  {said[was]} → {said[now]}"


def _in_words(found: Difference) -> str:
    changes = [change for sentence in found.sentences for change in sentence.changes]
    new = sum(change.was is None for change in changes)
    gone = sum(change.now is None for change in changes)
    return f"{new:,} new, {gone:,} gone, {len(changes) - new - gone:,} changed, {found.same:,} the same"
