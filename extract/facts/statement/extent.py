"""The extent of a statement: a clause without what introduces it, quotations kept whole."""

from __future__ import annotations

from spacy.tokens import Token

from extract.facts.statement.page import Page
from extract.facts.statement.patterns import COMMAS, CONJUNCTIONS, DASHES, DATELINE, EDGES, FINITE, MARKS, POSSESSIVES
from extract.facts.statement.schema import Found, Speaker


def is_dash(page: Page, token: int) -> bool:
    """Whether a token is a dash between clauses, not a hyphen inside a word."""
    return page.doc[token].text in DASHES and token > 0 and bool(page.doc[token - 1].whitespace_)


_SUBJECTS = frozenset({"DET", "PRON", "PROPN", "NOUN", "NUM"})


def content(page: Page, first: int, last: int) -> tuple[int, int] | None:
    """The characters of a clause without "that", white space and punctuation at its edges; quotations stay whole."""
    doc = page.doc
    while first < last and (
        doc[first].is_space
        or doc[first].text in EDGES
        or (doc[first].text in POSSESSIVES and not opens(page, first))
        or (doc[first].lower_ == "that" and not _is_demonstrative(page, first))
    ):
        first += 1
    while last > first and (doc[last - 1].is_space or _is_loose_end(page, first, last - 1)):
        last -= 1
    if last - first < 2:
        return None
    return _widened(page, page.starts[first], page.end_of(last - 1))


def _is_loose_end(page: Page, first: int, at: int) -> bool:
    """Whether a mark at the end of a clause is not part of it: a bracket that it opens itself closes it."""
    text = page.doc[at].text
    if (text in MARKS and page.doc[at].whitespace_ != "") or at + 1 == len(page.doc):
        quotation = page.quotation_at(page.starts[at])
        if quotation is not None and quotation.end == page.end_of(at) and quotation.start < page.starts[first]:
            return True
    if text == ")" and any(t.text == "(" for t in page.doc[max(first, at - 12) : at]):
        return False
    return text in EDGES and not _closes(page, at)


def _is_demonstrative(page: Page, token: int) -> bool:
    """Whether "that" points ("that figure is wrong", "that is wrong") rather than joins."""
    if page.doc[token].tag_ == "DT" or token + 1 >= len(page.doc):
        return True
    after = page.doc[token + 1]
    return after.tag_ in FINITE or (after.tag_ == "NN" and after.dep_ not in {"compound", "nmod:poss", "poss"})


def opens(page: Page, token: int) -> bool:
    quotation = page.quotation_at(page.starts[token])
    return quotation is not None and quotation.start == page.starts[token]


def _closes(page: Page, token: int) -> bool:
    quotation = page.quotation_at(page.starts[token])
    return quotation is not None and quotation.end == page.end_of(token)


def _widened(page: Page, start: int, end: int) -> tuple[int, int] | None:
    """The extent with the closing mark of a quotation that it ends in; inside a quotation, clipped to it."""
    around = page.quotation_at(start)
    if around and around.start < start:
        inner = around.end - 1 if around.closed else around.end
        end = min(end, inner)
    else:
        tail = page.quotation_at(end - 1)
        if tail and tail.start >= start:
            end = tail.end
        elif end < len(page.text):
            after = page.quotation_at(end)
            if after and after.end - end <= 2 and after.start >= start:
                end = after.end
    return (start, end) if end > start else None


def _is_quotation(page: Page, start: int, end: int) -> bool:
    quotation = page.quotation_at(start)
    return quotation is not None and quotation.start == start and quotation.end == end


def content_start(page: Page, first: int, last: int) -> int:
    """The start of a sentence's content: after "But", "However," and a dateline."""
    doc = page.doc
    if first == 0 or page.breaks(first - 1):
        dateline = DATELINE.match(page.text, page.starts[first])
        if dateline and dateline.end() < page.starts[min(last, len(doc) - 1)]:
            first = max(first, page.token_from(dateline.end()))
    if first < last and (doc[first].lower_ in CONJUNCTIONS or doc[first].pos_ == "CCONJ"):
        first += 1
    if first + 1 < last and doc[first].pos_ == "ADV" and doc[first + 1].text in COMMAS:
        first += 2
    return first


def is_finite(page: Page, first: int, last: int) -> bool:
    """Whether the tokens hold a clause: a finite verb, or no tags to tell by."""
    return any(t.tag_ in FINITE or not t.tag_ for t in page.doc[first:last])


def is_that(token: Token) -> bool:
    """Whether "that" joins a clause: by its tag, its relation, or because a subject follows it."""
    if token.lower_ != "that" or token.i + 1 >= len(token.doc):
        return False
    return token.tag_ in {"IN", ""} or token.dep_ == "mark" or (token.tag_ == "WDT" and token.nbor().pos_ in _SUBJECTS)


def whole(
    page: Page, first: int, last: int, cue: tuple[int, int], speaker: Speaker | None, rule: tuple[str, float]
) -> Found | None:
    extent = content(page, first, last)
    if extent is None:
        return None
    return Found(*extent, _is_quotation(page, *extent), cue, speaker, *rule)


def told(
    page: Page, first: int, last: int, cue: Token, speaker: Speaker | None, rule: tuple[str, float]
) -> Found | None:
    return whole(page, first, last, (cue.idx, cue.idx + len(cue)), speaker, rule)
