"""Where the quotations of a text begin and end, in one pass over its quotation marks.

Every pair of the world's English press is read: "straight", “curly”, „low”, «guillemets», »reversed«, ‹single ones›,
‘curly single’, 'straight single' told apart from apostrophes, ``typewriter'' and 「corner brackets」. A quotation over
several paragraphs opens each and closes the last; one that is never closed ends with its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extract.facts.statement.patterns import BREAK, CLOSERS, DIGITS, LEFT_NEIGHBOURS, MARK, OPENERS, RIGHT_NEIGHBOURS
from extract.facts.statement.schema import Quotation

_CLOSES, _BREAKS_OFF, _RESTARTS, _NESTS = "closes", "breaks off", "restarts", "nests"


def quotations(text: str) -> list[Quotation]:
    """The outermost quotations of a text, in order, none inside another.

    >>> [(q.start, q.end, q.closed) for q in quotations('"We won," he said. "It\\'s over.')]
    [(0, 9, True), (19, 30, False)]
    >>> [(q.start, q.end) for q in quotations("It isn't the workers' fault, 'only ours'.")]
    [(29, 40)]
    """
    return list(_scan(text, [_Mark(m.start(), m.end(), m[0]) for m in MARK.finditer(text)]))


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    sign: str

    @property
    def breaks(self) -> bool:
        return self.sign[0] == "\n"

    @property
    def single(self) -> bool:
        return self.sign in {"'", "‘", "’", "‚", "‛"}


def _scan(text: str, marks: list[_Mark]) -> Iterator[Quotation]:
    """Yields the quotations: a machine with one state, the mark that is open."""
    closings = _single_closings(text, marks)
    opened: _Mark | None = None
    skip = -1
    for at, mark in enumerate(marks):
        if at <= skip:
            continue
        if opened is None:
            closing = closings.get(at)
            if closing is not None:
                yield Quotation(mark.start, marks[closing].end)
                skip = closing
            elif not mark.breaks and not mark.single and _opens(text, mark):
                opened = mark
            continue
        step = _step(text, marks, at, opened)
        if step == _CLOSES and mark.start > opened.end:
            yield Quotation(opened.start, mark.end)
        elif step in {_BREAKS_OFF, _RESTARTS}:
            yield _unclosed(text, opened, mark.start)
        elif step == _NESTS:
            skip = at + 1
        if step in {_CLOSES, _BREAKS_OFF, _RESTARTS}:
            opened = mark if step == _RESTARTS else None
    if opened:
        yield _unclosed(text, opened, len(text))


def _step(text: str, marks: list[_Mark], at: int, opened: _Mark) -> str:
    """What a mark does to the quotation that is open: nothing, mostly."""
    mark = marks[at]
    if mark.breaks:
        return "" if _goes_on(marks, at, opened) else _BREAKS_OFF
    if mark.single:
        return ""
    if _closes(text, mark, opened):
        return _CLOSES
    if _restarts(text, mark, opened):
        return _NESTS if _nests(text, marks, at) else _RESTARTS
    return ""


def _unclosed(text: str, opened: _Mark, end: int) -> Quotation:
    return Quotation(opened.start, _trimmed(text, opened.end, end), closed=False)


def _opens(text: str, mark: _Mark) -> bool:
    """Whether a double mark can open a quotation where it stands."""
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    if before in DIGITS and before and mark.sign == '"':
        return False
    if mark.sign in OPENERS:
        return not after.isspace() or mark.sign in "«»‹›"
    return before in LEFT_NEIGHBOURS and bool(after)


def _closes(text: str, mark: _Mark, opened: _Mark) -> bool:
    """Whether a double mark closes the quotation that is open."""
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    if opened.sign in "«»‹›":
        return mark.sign == {"«": "»", "»": "«", "‹": "›", "›": "‹"}[opened.sign]
    if _continues(text, mark):
        return False
    if mark.sign in {"“", "‟"}:
        return opened.sign == "„" or (after in RIGHT_NEIGHBOURS and not before.isspace())
    if mark.sign in CLOSERS:
        return opened.sign != "「" or mark.sign in "」』"
    return mark.sign in {'"', "＂"} and (after in RIGHT_NEIGHBOURS or not before.isspace())


def _restarts(text: str, mark: _Mark, opened: _Mark) -> bool:
    """Whether a straight mark plainly opens again, so that the open one was never closed."""
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    return opened.sign == mark.sign == '"' and before.isspace() and after.isalnum() and not _continues(text, mark)


def _nests(text: str, marks: list[_Mark], at: int) -> bool:
    """Whether two more straight marks follow and close, as in "a "b" c": a quotation inside one of the same marks."""
    following = marks[at + 1 : at + 3]
    return len(following) == 2 and all(
        m.sign == '"' and not text[m.start - 1].isspace() and text[m.end : m.end + 1] in RIGHT_NEIGHBOURS
        for m in following
    )


def _continues(text: str, mark: _Mark) -> bool:
    """Whether the mark stands at the start of a paragraph, as those that carry a quotation on do."""
    at = mark.start
    while at > 0 and mark.start - at < 8 and text[at - 1] in " \t\u00a0":
        at -= 1
    return at == 0 or text[at - 1] in "\n\r"


def _goes_on(marks: list[_Mark], at: int, opened: _Mark) -> bool:
    """Whether an open quotation runs on past the break: the next paragraph opens again, or the line merely wraps."""
    if at + 1 >= len(marks):
        return False
    after = marks[at + 1]
    if after.start == marks[at].end:
        return not after.single and not after.breaks and (after.sign == opened.sign or after.sign in OPENERS)
    wrapped = marks[at].sign.count("\n") == 1
    return wrapped and after.sign in CLOSERS and opened.sign in OPENERS


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without white space before it."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _single_closings(text: str, marks: list[_Mark]) -> dict[int, int]:
    """Which single mark closes which, by their places in the list: apostrophes are neither.

    A mark after an s may be a possessive: it closes only where no better one comes before the next opening mark.
    """
    closings: dict[int, int] = {}
    opened: int | None = None
    doubtful: int | None = None
    for at, mark in enumerate(marks):
        if mark.breaks:
            if opened is not None and doubtful is not None:
                closings[opened] = doubtful
            opened = doubtful = None
        elif mark.single:
            if _opens_single(text, mark):
                if opened is not None and doubtful is not None:
                    closings[opened] = doubtful
                opened, doubtful = at, None
            elif opened is not None and _closes_single(text, mark):
                if text[mark.start - 1] in "sS" and text[mark.end : mark.end + 1] == " ":
                    doubtful = at
                else:
                    closings[opened] = at
                    opened = doubtful = None
    if opened is not None and doubtful is not None:
        closings[opened] = doubtful
    return closings


def _opens_single(text: str, mark: _Mark) -> bool:
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 2]
    if before not in LEFT_NEIGHBOURS or not after or after[0].isspace():
        return False
    return mark.sign not in {"’"} and BREAK.match(text, mark.end) is None


def _closes_single(text: str, mark: _Mark) -> bool:
    before, after = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
    return mark.sign in {"'", "’", "‘"} and not before.isspace() and after in RIGHT_NEIGHBOURS
