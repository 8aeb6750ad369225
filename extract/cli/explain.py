"""`extract explain`: an article sentence by sentence, with its facts, their rules, and what was declined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from typer import Argument

import extract
from extract.article import Article
from extract.cli import FINISHED_WITH_FAILURES, new_app, screen
from extract.cli import options as opt
from extract.fact import FACT_TYPES, Envelope
from extract.reading import Failure, Notice, ReadOptions, read_articles

app = new_app()

Sentence = tuple[int, int]
_INDENT = "   "
_WIDEST = 32  # characters of a quoted mention before the columns no longer line up


@app.command()
def explain(
    inputs: Annotated[list[str], Argument(metavar="ARTICLE...", help="Files, folders, globs, or - (standard input).")],
    published: opt.Published = None,
    model: opt.Model = None,
) -> None:
    """Show each sentence with its facts, the rule that made each, and what was declined and why."""
    console, complaints = screen.out(), screen.err()
    failed = 0
    extractor = None
    for outcome in read_articles(inputs, ReadOptions(published=published)):
        if isinstance(outcome, Article):
            extractor = extractor or extract.load(model)
            show(outcome, extractor, console)
        else:
            failed += isinstance(outcome, Failure)
            complaints.print(f"{'note' if isinstance(outcome, Notice) else 'failed'}: {outcome}", markup=False)
    if failed:
        raise typer.Exit(FINISHED_WITH_FAILURES)


def show(article: Article, extractor: Any, console: Console) -> None:
    """Prints the article's sentences with what was found and declined in each."""
    doc = extractor.nlp.make_doc(article.text)
    doc._.article = article
    doc = extractor.nlp(doc)
    facts, declined = doc._.facts, doc.user_data["extract.issues"]
    by_id = {fact.id: fact for fact in facts}
    console.print(_head(article, len(facts), len(declined)))
    for start, end in _sentences(doc):
        inside = sorted((f for f in facts if start <= f.span.start < end), key=_reading_order)
        refused = [d for d in declined if start <= d[1] < end]
        console.print()
        console.print(_sentence(article.text, (start, end), inside))
        width = max((len(_quoted(article.text[f.span.start : f.span.end])) for f in inside), default=0)
        for fact in inside:
            console.print(_found(fact, by_id, min(width, _WIDEST)))
        for type_, first, last, rule, reason in refused:
            console.print(_refused(type_, article.text[first:last], rule, reason))
    console.print()


def _sentences(doc: Any) -> Iterator[Sentence]:
    """Yields start and end of each sentence, without white space at its ends."""
    for sentence in doc.sents:
        text = sentence.text
        stripped = text.strip()
        if stripped:
            start = sentence.start_char + text.index(stripped)
            yield start, start + len(stripped)


def _reading_order(fact: Envelope) -> tuple[int, int, int]:
    return fact.span.start, -fact.span.end, FACT_TYPES.index(fact.type)


def _head(article: Article, facts: int, declined: int) -> Text:
    head = Text(screen.one_line(article.id), style="bold")
    published = f"published {article.published}" if article.published else "no date of publication"
    return head.append(f"  {published} · {facts} facts · {declined} declined", style="not bold dim")


def _sentence(text: str, sentence: Sentence, facts: list[Envelope]) -> Text:
    """The sentence on one line, evidence underlined in its type's colour; statements, which hold others, are not."""
    spans = [(f.span.start, f.span.end, f.type) for f in facts if f.type != "statement"]
    shown = screen.marked(text, *sentence, spans)
    lines = shown.split("\n")
    return Text(" ").join(line for line in lines if line.plain.strip())


def _found(fact: Envelope, by_id: dict[str, Envelope], width: int) -> Text:
    line = Text(_INDENT)
    line.append_text(screen.tag(fact.type))
    line.append(f" {_quoted(fact.span.text):<{width}}", style=screen.COLOURS[fact.type])
    line.append(f"  {screen.say(fact, by_id)}")
    by = screen.vouched(fact)
    line.append(f" · source {by}" if by else "")
    return line.append(f"  ‹{fact.by.rule} {fact.confidence:.2f}›", style="dim")


def _refused(type_: str, text: str, rule: str, reason: str) -> Text:
    line = Text(f"{_INDENT}declined     {_quoted(text)}  no {type_}: {reason}", style="dim")
    return line.append(f"  ‹{rule}›", style="dim")


def _quoted(text: str) -> str:
    return f"“{screen.shortened(screen.one_line(text), 60)}”"
