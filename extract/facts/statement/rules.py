"""The rules of the room: what reads quotations, clauses, phrases and nouns, and which reading wins."""

from __future__ import annotations

from collections.abc import Iterator

from extract.facts.statement.direct import Direct
from extract.facts.statement.indirect import clauses, nouns, phrases
from extract.facts.statement.page import Page
from extract.facts.statement.schema import Found
from extract.room import Declined


def statements(page: Page) -> Iterator[Found | Declined]:
    """Yields the statements of an article and the quotations that are none."""
    spoken: list[Found] = []
    scare: list[Declined] = []
    direct = Direct(page)
    for one in direct:
        if isinstance(one, Found):
            spoken.append(one)
        else:
            scare.append(one)
    told = [f for source in (clauses(page, direct.taken), phrases(page), nouns(page)) for f in source]
    yield from _chosen(spoken, told)
    yield from scare


def _chosen(spoken: list[Found], told: list[Found]) -> Iterator[Found]:
    """Yields what stands: a whole quotation before a clause, a clause before the fragment that it quotes."""
    whole = [f for f in spoken if f.rule != "quoted-fragment"]
    clauses_ = _apart(told, whole)
    yield from whole
    yield from clauses_
    for fragment in spoken:
        if fragment.rule == "quoted-fragment" and not any(c.start <= fragment.start < c.end for c in clauses_):
            yield fragment


def _apart(told: list[Found], whole: list[Found]) -> list[Found]:
    out: list[Found] = []
    seen: set[tuple[int, int]] = {(f.start, f.end) for f in whole}
    for found in sorted(told, key=lambda f: (f.start, -f.end)):
        if (found.start, found.end) in seen:
            continue
        if any(_clash(found, q) for q in whole):
            continue
        seen.add((found.start, found.end))
        out.append(found)
    return out


def _clash(clause: Found, quotation: Found) -> bool:
    """Whether a clause and a whole quotation overlap without the clause lying inside it."""
    if clause.end <= quotation.start or quotation.end <= clause.start:
        return False
    return not (quotation.start < clause.start and clause.end < quotation.end)
