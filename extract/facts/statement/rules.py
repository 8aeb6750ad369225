"""The rules of the room: what reads quotations, clauses, phrases and nouns, and which reading wins."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from extract.facts.statement.clauses import clauses, joined
from extract.facts.statement.direct import Direct
from extract.facts.statement.page import Page
from extract.facts.statement.phrases import nouns, phrases
from extract.facts.statement.schema import Cover, Found
from extract.room import Declined
from extract.rule import Rule

FRAGMENT = "quoted-fragment"

# A rule's pattern is what its cue takes in cues.jsonl. Taking a line away switches the rule off.
RULES = (
    Rule("quotation-after-cue", "quotation", Direct),  # He said: "We won."
    Rule("quotation-before-cue", "quotation", Direct),  # "We won," he said.
    Rule("quotation-on-its-line", "quotation", Direct),  # "We won."\n\nIvan Petrov stated
    Rule("quotation-going-on", "quotation", Direct),  # "We won," he said. "They lost."
    Rule(FRAGMENT, "label", Direct),  # The mayor called them "traitors".
    Rule("clause-after-cue", "clause", clauses),  # The ministry said that 12 people were killed.
    Rule("clause-by-words", "clause", clauses),  # The ministry said 12 people were killed.
    Rule("clause-before-cue", "clause", clauses),  # Twelve people were killed, the ministry said.
    Rule("clause-going-on", "clause", joined),  # Twelve were killed, the ministry said, and three were hurt.
    Rule("as-clause", "clause", clauses),  # As the ministry reported, 12 people were killed.
    Rule("according-to", "source", phrases),  # According to the ministry, 12 people were killed.
    Rule("in-the-words-of", "source", phrases),  # In the words of the judge, nobody is above the law.
    Rule("by-count", "source", phrases),  # By the ministry's count, 12 people were killed.
    Rule("point-of-view", "source", phrases),  # For the opposition, the vote was a farce.
    Rule("noun-cue", "clause", nouns),  # his claim that the vote was fair
    Rule("noun-cue-by-words", "clause", nouns),  # statements by the army that the road was closed
    Rule("noun-colon", "colon", nouns),  # The position is clear: the army must leave.
)
_ACTIVE = frozenset(rule.name for rule in RULES)


def statements(page: Page) -> Iterator[Found | Declined]:
    """Yields the statements of an article and the quotations that are none."""
    spoken: list[Found] = []
    scare: list[Declined] = []
    direct = Direct(page)
    for one in direct:
        if isinstance(one, Declined):
            scare.append(one)
        elif one.rule in _ACTIVE:
            spoken.append(one)
    told = [
        f for source in (clauses(page, direct.taken), phrases(page), nouns(page)) for f in source if f.rule in _ACTIVE
    ]
    told.extend(f for f in joined(page, told) if f.rule in _ACTIVE)
    yield from _chosen(spoken, told)
    yield from scare


def _chosen(spoken: list[Found], told: list[Found]) -> Iterator[Found]:
    """Yields what stands: a whole quotation before a clause, a clause before the fragment that it quotes."""
    whole = [f for f in spoken if f.rule != FRAGMENT]
    clauses_ = _apart(told, whole)
    yield from whole
    yield from clauses_
    covered = Cover(clauses_)
    for fragment in spoken:
        if fragment.rule == FRAGMENT and not covered.holds(fragment.start, fragment.start + 1):
            yield fragment


def _apart(told: list[Found], whole: list[Found]) -> list[Found]:
    """The clauses that no whole quotation cuts, each extent once."""
    out: list[Found] = []
    seen = {(f.start, f.end) for f in whole}
    quotations = sorted(whole, key=lambda q: q.start)
    ends = [q.end for q in quotations]
    for found in sorted(told, key=lambda f: (f.start, -f.end)):
        nearest = bisect_right(ends, found.start)
        if (found.start, found.end) in seen or (nearest < len(quotations) and _clash(found, quotations[nearest])):
            continue
        seen.add((found.start, found.end))
        out.append(found)
    return out


def _clash(clause: Found, quotation: Found) -> bool:
    """Whether a clause cuts the first whole quotation that ends after its start, rather than lie inside it."""
    if clause.end <= quotation.start:
        return False
    return not (quotation.start < clause.start and clause.end < quotation.end)
