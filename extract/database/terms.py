"""What a person types into a search box, read as a web search is: words, "phrases", or, -not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.errors import InputError

LONGEST = 1_000
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
_UNTYPED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # what no keyboard types, and no database takes


class QueryError(InputError):
    """A search has no word, or is too long to be one."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; `excluded` must not be there, `other` may stand in the place of the term before it."""

    text: str
    excluded: bool = False
    other: bool = False


def terms(query: str) -> list[Term]:
    """The terms of a search; marks that stand alone are none.

    >>> [(term.text, term.excluded, term.other) for term in terms('amnesty or "set free" -sport NEAR( *')]
    [('amnesty', False, False), ('set free', False, True), ('sport', True, False), ('NEAR(', False, False)]

    Raises:
        QueryError: it has no word that must be there, or is longer than 1,000 characters.
    """
    if len(query) > LONGEST:
        raise QueryError(f"a search of {len(query):,} characters", expected=f"at most {LONGEST:,}",
                         advice="Search for the words that matter")  # fmt: skip
    found = list(_terms(_UNTYPED.sub(" ", query)))
    if not any(not term.excluded for term in found):
        raise QueryError("no word to search for", where=repr(query), expected='words, "phrases", or, -not')
    return found


def _terms(query: str) -> Iterator[Term]:
    other = False
    for minus, phrase, word in _TERM.findall(query):
        if word.casefold() == "or" and not minus:
            other = True
        elif any(char.isalnum() for char in phrase or word):
            yield Term(phrase or word, excluded=bool(minus), other=other and not minus)
            other = False


def as_fts5(found: list[Term]) -> str:
    """The terms as an FTS5 expression: each a string, so that nothing in it is an operator.

    >>> as_fts5(terms('amnesty or "set free" -sport NEAR('))
    '("amnesty" OR "set free") AND ("NEAR(") NOT ("sport")'
    """
    groups: list[list[str]] = []
    for term in found:
        if term.excluded:
            continue
        if term.other and groups:
            groups[-1].append(_string(term.text))
        else:
            groups.append([_string(term.text)])
    wanted = " AND ".join(f"({' OR '.join(group)})" for group in groups)
    unwanted = " OR ".join(_string(term.text) for term in found if term.excluded)
    return f"{wanted} NOT ({unwanted})" if unwanted else wanted


def _string(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
