"""What an article's first lines tell: its author, where it was written, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from extract.names.extent import plain, starts_upper
from extract.names.found import Found
from extract.names.mention import ORGANISATION, PERSON, PLACE, mention
from extract.names.words import words

DATELINE_CONFIDENCE = 0.85
BYLINE_CONFIDENCE = 0.6
_DASHES = frozenset({"-", "–", "—", "--"})
_DATE = re.compile(r"\d{1,4}(?:st|nd|rd|th|[/.-]\d.*)?\.?$")
_LONGEST = 4
_LINES = 8
_REACH = 7


def add_datelines(found: Found) -> None:
    """Reads bylines ("By Ann Lee") and datelines ("KESH, 5 March (North Wire) - ...") off the starts of lines."""
    for number, start in enumerate(_line_starts(found.words)):
        if found.words[start] == "By":
            _take_author(found, start + 1)
        else:
            _take_dateline(found, start, early=number < _LINES)
    _take_source_in_capitals(found)


def _line_starts(tokens: list[str]) -> Iterator[int]:
    """Yields the first token of each line, behind its list number."""
    fresh = True
    for i, word in enumerate(tokens):
        if "\n" in word:
            fresh = True
        elif fresh and not (word.isdigit() or word == "." or _is_number_mark(word)):
            fresh = False
            yield i


def _is_number_mark(word: str) -> bool:
    return word.endswith(".") and word[:-1].isdigit()


def _take_author(found: Found, at: int) -> None:
    there = found.at(at)
    if there is not None and there.first == at and there.type != PERSON and there.last - at > 1 and not there.entry:
        found.put(at, there.last, there, type=PERSON, rule="dateline", label="PERSON")


def _take_dateline(found: Found, start: int, *, early: bool) -> None:
    last = start
    while last < min(len(found.words), start + _LONGEST) and _may_name(found.words[last]):
        last += 1
    if last == start or last + 1 >= len(found.words) or not _opens_article(found, start, last, early=early):
        return
    there = found.within(start, last)
    sure = _date_at(found, last) or found.words[last] == "."
    if any(m.entry or m.last > last or (m.type == ORGANISATION and not sure) for m in there):
        return
    like = mention(found.doc, start, last, PLACE, "dateline", label="GPE", confidence=DATELINE_CONFIDENCE)
    found.put(start, last, like)
    _take_agency(found, last)


def _may_name(word: str) -> bool:
    return (
        word[0].isupper()
        and word.isalpha()
        and word.lower() not in words().never
        and word.lower() not in words().openers
    )


def _opens_article(found: Found, start: int, last: int, *, early: bool) -> bool:
    """Whether a date or a dash follows; without one the name must be all capitals, and ordinary writing follow."""
    capitals = all(word.isupper() and len(word) > 2 for word in found.words[start:last])
    if early and _date_at(found, last):
        return capitals or _dash_near(found, last)
    follows = found.words[last] in {*_DASHES, "."}
    return capitals and follows and last - start < _LONGEST and _goes_on(found.doc, last)


def _date_at(found: Found, comma: int) -> bool:
    if found.words[comma] != "," or comma + 1 >= len(found.words):
        return False
    after = found.words[comma + 1]
    return bool(_DATE.match(after)) or after.lower().rstrip(".")[:3] in _MONTHS


_DAYS_AND_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun"
_MONTHS = frozenset(_DAYS_AND_MONTHS.split())


def _dash_near(found: Found, at: int) -> bool:
    """Whether the dateline ends in a dash, a colon, a bracket or the line soon."""
    tail = found.words[at : at + _REACH]
    return any(word in _DASHES or word in {":", "("} or "\n" in word for word in tail)


def _goes_on(doc: Doc, last: int) -> bool:
    """Whether the text goes on after the capitals in ordinary writing."""
    return starts_upper(doc[last + 1]) and any(t.is_lower for t in doc[last + 1 : last + 12])


def _take_agency(found: Found, at: int) -> None:
    """Takes what stands in brackets in a dateline for the agency that wrote it."""
    tail = found.words[at : at + _REACH]
    if "(" not in tail or ")" not in tail:
        return
    first, last = at + tail.index("(") + 1, at + tail.index(")")
    there = found.within(first, last)
    if first < last and all(w[0].isupper() for w in found.words[first:last]) and not any(m.entry for m in there):
        like = mention(found.doc, first, last, ORGANISATION, "dateline", label="ORG", confidence=DATELINE_CONFIDENCE)
        found.put(first, last, like)


def _take_source_in_capitals(found: Found) -> None:
    """Takes the capitals that an article opens with for its source: "TODAY NICARAGUA – ..."."""
    doc, last = found.doc, 0
    while last < min(len(doc), _LONGEST) and doc[last].is_alpha and doc[last].text.isupper():
        last += 1
    if last < 2 or last >= len(doc) or not (doc[last].text in _DASHES or doc[last].text == "("):
        return
    there = found.within(0, last)
    whole = any(m.first == 0 and m.last == last and m.rule != "dateline" for m in there)
    if not whole and plain(doc[0]) in words().never and any(t.is_lower for t in doc[last : last + 12]):
        like = mention(doc, 0, last, ORGANISATION, "byline", confidence=BYLINE_CONFIDENCE)
        found.put(0, last, like)
