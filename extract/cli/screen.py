"""How things look: the two consoles, a fact in one line, a piece of text with its evidence."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.text import Text

from extract.fact import Count, Date, Envelope, Event, Organisation, Person, Place, Span, Statement

COLOURS = {
    "person": "magenta",
    "organisation": "blue",
    "place": "green",
    "date": "cyan",
    "count": "yellow",
    "event": "red",
    "statement": "bright_black",
}
_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # also what turns text around
_WIDE = 160
WORDS = {
    "exact": "", "about": "about ", "at_least": "at least ", "at_most": "at most ", "more_than": "more than ",
    "less_than": "less than ", "between": "", "vague": "at least ",
}  # fmt: skip


def out() -> Console:
    """The console for data: coloured on a terminal, plain in a pipe or with NO_COLOR, never wrapped in a pipe."""
    return Console(soft_wrap=not sys.stdout.isatty(), highlight=False)


def wide() -> Console:
    """The console for tables of data: in a pipe as wide as they need."""
    return Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)


def err() -> Console:
    """The console for everything else."""
    return Console(stderr=True, soft_wrap=not sys.stderr.isatty(), highlight=False)


def tag(type_: str, width: int = 12) -> Text:
    """The name of a type in its colour."""
    return Text(f"{type_:<{width}}", style=COLOURS.get(type_, ""))


def say(fact: Envelope, by_id: Mapping[str, Envelope]) -> str:
    """What the fact says, in the words of a person: references are followed through `by_id`."""
    match fact:
        case Count():
            parts = _say_count(fact, by_id)
        case Date():
            parts = _say_date(fact)
        case Event():
            modality = [] if fact.modality == "actual" else [fact.modality]
            roles = (f"{argument.role} {one_line(argument.span.text)}" for argument in fact.arguments)
            parts = [fact.event_type, *modality, *roles]
        case Statement():
            speaker = fact.speaker.text if fact.speaker else "unnamed"
            parts = [f"{one_line(speaker)} {one_line(fact.cue.text)}", "quotation" if fact.direct else "indirect"]
        case Person():
            roles = (one_line(role.span.text) for role in fact.roles)
            parts = [fact.name, *roles, *_also(fact.name, fact.mentions), *([fact.kb] if fact.kb else [])]
        case Organisation() | Place():
            kind = [] if fact.kind == "other" else [fact.kind]
            parts = [fact.name, *kind, *_also(fact.name, fact.mentions), *([fact.kb] if fact.kb else [])]
        case _:
            parts = [fact.canonical()]
    return " · ".join(one_line(part) for part in parts)


def vouched(fact: Envelope) -> str:
    """Who vouches for the fact, or ""."""
    if not fact.attribution:
        return ""
    source = fact.attribution.source.text if fact.attribution.source else "unnamed"
    return f"{one_line(source)} (“{one_line(fact.attribution.cue.text)}”)"


def one_line(text: str) -> str:
    """The text with each stretch of white space as one space, control characters as a sign: fit for a screen."""
    return _CONTROL.sub("\ufffd", _SPACE.sub(" ", text))


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it has more characters than `most`."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_context(text: str, span: Span, *, style: str, before: int = 60, after: int = 60) -> Text:
    """The words around a span on one line, the span in a style, and in brackets that a pipe keeps."""
    start, end = _word_start(text, span.start - before), _word_end(text, span.end + after)
    left, right = one_line(text[start : span.start]), one_line(text[span.end : end])
    shown = Text("…" if start > 0 else "", style="dim")
    shown.append(left)
    shown.append(f"[{shortened(one_line(span.text), 160)}]", style=f"bold {style}")
    shown.append(right)
    shown.append("…" if end < len(text) else "", style="dim")
    return shown


def marked(text: str, start: int, end: int, spans: Iterable[tuple[int, int, str]]) -> Text:
    """Characters `start` to `end` of a text with the spans in their colours."""
    shown = Text(_CONTROL.sub("\ufffd", text[start:end].replace("\r", " ")))
    for first, last, type_ in spans:
        shown.stylize(f"underline {COLOURS[type_]}", max(0, first - start), max(0, min(last, end) - start))
    return shown


def _say_count(count: Count, by_id: Mapping[str, Envelope]) -> list[str]:
    number = say_number(count)
    parts = [f"{number}{f' {one_line(count.counted.text)}' if count.counted else ''}"]
    parts += [count.category] if count.category else []
    parts += [count.modality] if count.modality != "actual" else []
    for word, id_ in (("of", count.of), ("was", count.was), ("in", count.place)):
        parts += [f"{word} {by_id[id_].span.text}"] if id_ and id_ in by_id else []
    as_of = by_id.get(count.as_of or "")
    parts += [f"as of {as_of.value}"] if isinstance(as_of, Date) else []
    return parts


class Number(Protocol):
    """A number as a text states it: a count, or a figure of a series."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def comparator(self) -> str: ...
    @property
    def unit(self) -> str | None: ...


def say_number(count: Number) -> str:
    """The number in words: "at least 1,300", "20 to 30", "about 40 %"."""
    number = _number(count.value) if count.value is not None else _bounds(count)
    return f"{WORDS[count.comparator]}{number}{f' {count.unit}' if count.unit else ''}"


def _bounds(count: Number) -> str:
    if count.low is not None and count.high is not None:
        return f"{_number(count.low)} to {_number(count.high)}"
    return _number(count.low if count.low is not None else count.high)


def _number(number: float | None) -> str:
    return "?" if number is None else f"{number:,.15g}" if number % 1 else f"{int(number):,}"


def _say_date(date: Date) -> list[str]:
    parts = [" ".join(filter(None, (date.timex if date.timex != "DATE" else "", date.value, date.mod)))]
    if date.first and date.last and date.first != date.last:
        parts.append(f"{date.first} to {date.last}")
    if date.anchor:
        parts.append(f"from {date.anchor.day} ({date.anchor.basis or 'given'})")
    return parts


def _also(name: str, mentions: Sequence[Span]) -> list[str]:
    others = dict.fromkeys(one_line(mention.text) for mention in mentions if mention.text != name)
    return [f"also {', '.join(others)}"] if others else []


def _word_start(text: str, at: int) -> int:
    at = max(0, at)
    while 0 < at < len(text) and not text[at - 1].isspace():
        at += 1
    return at


def _word_end(text: str, at: int) -> int:
    at = min(len(text), at)
    while at < len(text) and at > 0 and not text[at].isspace():
        at -= 1
    return at
