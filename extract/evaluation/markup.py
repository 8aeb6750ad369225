"""Facts as marks, and an article's text with its marks as tags: the format of annotated articles, written."""

from __future__ import annotations

import html
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence

from extract.errors import InputError
from extract.evaluation.gold import Mark, parse_gold
from extract.fact import Count, Date, Envelope, Event, Organisation, Person, Place, Span, Statement

Attributes = dict[str, str]
_INITIAL = {"person": "p", "organisation": "o", "place": "l"}
_ROLES = ("agent", "target", "place")
# Where two marks cross, tags can't say both: the type named first stays.
_PRECEDENCE = ("count", "date", "person", "organisation", "place", "ev", "said")


class MarkupError(InputError):
    """The text can't carry tags."""


def marks_of(facts: Sequence[Envelope]) -> list[Mark]:
    """The marks that stand for the facts, the outer before the inner."""
    by_id = {fact.id: fact for fact in facts}
    marks: list[Mark] = []
    for number, fact in _numbered(facts):
        if isinstance(fact, Person | Organisation | Place):
            marks += _mentions(fact, number)
        else:
            tag, attributes = _single(fact, by_id)
            marks.append(_mark(tag, fact.span, attributes))
    return sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.tag, sorted(mark.attributes.items())))


def _numbered(facts: Sequence[Envelope]) -> Iterator[tuple[str, Envelope]]:
    """Yields each fact with a number of its own among those of its type, by where the first mention stands."""
    counts = dict.fromkeys(_INITIAL, 0)
    for fact in sorted(facts, key=lambda one: (_first(one), one.span.end, one.id)):
        if fact.type in counts:
            counts[fact.type] += 1
            yield f"{_INITIAL[fact.type]}{counts[fact.type]}", fact
        else:
            yield "", fact


def _first(fact: Envelope) -> int:
    return min(span.start for span in getattr(fact, "mentions", (fact.span,)))


def _mentions(fact: Person | Organisation | Place, number: str) -> Iterator[Mark]:
    ordered = sorted({(span.start, span.end): span for span in fact.mentions}.items())
    for at, (_, span) in enumerate(ordered):
        kind = {"kind": fact.kind} if at == 0 and not isinstance(fact, Person) else {}
        yield _mark(fact.type, span, {"id": number} | kind)


def _single(fact: Envelope, by_id: Mapping[str, Envelope]) -> tuple[str, Attributes]:
    match fact:
        case Date():
            return "date", _said(type=fact.timex, value=fact.value, mod=fact.mod)
        case Count():
            return "count", _count(fact, by_id)
        case Event():
            told = {role: _argument(fact, role) for role in _ROLES}
            return "ev", _said(type=fact.event_type, mod=None if fact.modality == "actual" else fact.modality, **told)
        case Statement():
            direct = "yes" if fact.direct else "no"
            return "said", _said(speaker=_text(fact.speaker), cue=fact.cue.text, direct=direct)
    raise TypeError(fact.type)


def _count(count: Count, by_id: Mapping[str, Envelope]) -> Attributes:
    of, as_of = by_id.get(count.of or ""), by_id.get(count.as_of or "")
    number = (of.value or of.low or of.high) if isinstance(of, Count) else None
    source = count.attribution.source if count.attribution else None
    bounds = {} if count.value is not None else {"low": _plain(count.low), "high": _plain(count.high)}
    return _said(
        value=_plain(count.value), **bounds, cmp=count.comparator, kind=count.kind, unit=count.unit,
        counted=_text(count.counted), cat=count.category, source=_text(source),
        asof=as_of.value if isinstance(as_of, Date) else None, of=_plain(number),
    )  # fmt: skip


def _argument(event: Event, role: str) -> str | None:
    return next((argument.span.text for argument in event.arguments if argument.role == role), None)


def _plain(number: float | None) -> str | None:
    if number is None:
        return None
    return str(int(number)) if number == int(number) else repr(float(number))


def _said(**attributes: str | None) -> Attributes:
    return {name: value for name, value in attributes.items() if value is not None}


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def _mark(tag: str, span: Span, attributes: Attributes) -> Mark:
    return Mark(tag, span.start, span.end, span.text, attributes)


def nested(marks: Iterable[Mark]) -> tuple[list[Mark], list[Mark]]:
    """The marks of which none crosses another, and those that tags can't say beside them."""
    kept: list[tuple[int, int]] = []
    fits: list[Mark] = []
    crossing: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (_PRECEDENCE.index(one.tag), one.start, -one.end)):
        if any(start < mark.start < end < mark.end or mark.start < start < mark.end < end for start, end in kept):
            crossing.append(mark)
        else:
            insort(kept, (mark.start, mark.end))
            fits.append(mark)
    return sorted(fits, key=lambda one: (one.start, -one.end)), crossing


def to_markup(text: str, marks: Sequence[Mark]) -> str:
    """The text with the marks as tags; read again, it gives the same text and the same marks.

    >>> to_markup("In May.", [Mark("date", 3, 6, "May", {"type": "DATE", "value": "2024-05"})])
    'In <date type="DATE" value="2024-05">May</date>.'

    Raises:
        MarkupError: the text itself holds such tags, or marks cross.
    """
    source = "".join(_pieces(text, marks))
    read = parse_gold("", source)
    if read.text != text or len(read.marks) != len(marks):
        raise MarkupError("its text holds what looks like tags of annotation, or marks that cross",
                          expected="a text that tags can be put into")  # fmt: skip
    return source


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[str]:
    open_: list[Mark] = []
    at = 0
    for mark in [*sorted(marks, key=lambda one: (one.start, -one.end)), None]:
        while open_ and (mark is None or open_[-1].end <= mark.start):
            closing = open_.pop()
            yield text[at : closing.end] + f"</{closing.tag}>"
            at = closing.end
        if mark:
            attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in mark.attributes.items())
            yield text[at : mark.start] + f"<{mark.tag}{attributes}>"
            at = mark.start
            open_.append(mark)
    yield text[at:]
