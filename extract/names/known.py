"""Finds what the gazetteer knows: it helps the model, and overrules it only where a name means one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from extract.names.extent import is_mark, plain, starts_upper
from extract.names.found import Found
from extract.names.gazetteer import Entry, Pattern, first_word, patterns
from extract.names.mention import PLACE, mention
from extract.names.words import words

KNOWN_CONFIDENCE = 0.93
EVIDENT_CONFIDENCE = 0.8
_OF_PLACES = frozenset({
    "in", "at", "from", "to", "near", "into", "across", "outside", "around", "toward", "towards", "through",
    "throughout", "inside", "within", "via",
})  # fmt: skip


_ACCOUNTS = frozenset({"channel", "channels", "chat", "chats", "account", "app", "messenger", "post", "page", "users"})


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens `first` to `last` (exclusive) read as a name of the gazetteer."""

    first: int
    last: int
    pattern: Pattern


def add_known(found: Found) -> None:
    """Adds the known names to what the model found; the sure ones first, since they are evidence for the others."""
    matches = list(_matches(found))
    _part_pairs(found, matches)
    for match in matches:
        if match.pattern.sure:
            _take(found, match, match.pattern.entries[0])
    seen = {m.entry for m in found.mentions if m.entry}
    for match in matches:
        if not match.pattern.sure:
            for entry in match.pattern.entries:
                if _is_evident(found, match, entry, seen):
                    _take(found, match, entry)
                    break


def _part_pairs(found: Found, matches: list[Match]) -> None:
    """Takes apart two known places that a hyphen pairs: "the Kesh-Minsk line"."""
    ends = {match.last: match for match in matches if match.pattern.sure and match.pattern.entries[0].type == PLACE}
    for match in matches:
        if match.first - 1 in ends and found.words[match.first - 1] in {"-", "–"}:
            pair = found.at(match.first)
            if pair and (pair.first, pair.last, pair.type) == (ends[match.first - 1].first, match.last, PLACE):
                found.drop(pair)


def _matches(found: Found) -> Iterator[Match]:
    table, after = patterns(), 0
    for i, word in enumerate(found.words):
        if i < after:
            continue
        rows = table.get(word) or (None if word.isalnum() else table.get(first_word(word)))
        match = _longest(found, i, rows) if rows else None
        if match:
            after = match.last
            yield match


def _longest(found: Found, i: int, rows: tuple[Pattern, ...]) -> Match | None:
    text, start = found.text, found.starts[i]
    for row in rows:
        if text.startswith(row.name, start):
            last = _token_ending(found, i, start + len(row.name))
            if last:
                return Match(i, last, row)
    return None


def _token_ending(found: Found, i: int, end: int) -> int | None:
    """The index after the token that ends at a character, or None where none does."""
    words, starts = found.words, found.starts
    while i < len(words) and starts[i] + len(words[i]) < end:
        i += 1
    return i + 1 if i < len(words) and starts[i] + len(words[i]) == end else None


def _take(found: Found, match: Match, entry: Entry) -> None:
    """Puts the known name in the place of what stands there, where that is no more than a part of it."""
    there = found.within(match.first, match.last)
    if any(m.first < match.first or m.last > match.last for m in there):
        return
    if _is_currency(found, match.last) or _is_button(found, match.first):
        for m in there:
            found.decline(m, "a currency or a button of the page")
        return
    same = [m for m in there if (m.first, m.last, m.type) == (match.first, match.last, entry.type)]
    if same:
        same[0].entry = entry.id
        return
    if not there and (not _stands_alone(found, match) or is_mark(found.doc, match.first, match.last)):
        return
    for m in there:
        found.drop(m)
    confidence = KNOWN_CONFIDENCE if match.pattern.sure else EVIDENT_CONFIDENCE
    new = mention(found.doc, match.first, match.last, entry.type, "gazetteer", confidence=confidence)
    new.entry = entry.id
    found.add(new)


def _is_currency(found: Found, last: int) -> bool:
    """Whether "dollars" follows: "5,000 US dollars"."""
    return last < len(found.words) and found.words[last] in {"dollar", "dollars", "$"}


def _is_button(found: Found, first: int) -> bool:
    """Whether "Share on" or "Follow us on" stands before: navigation, no news."""
    before = [word.lower() for word in found.words[max(first - 3, 0) : first]]
    return before[-2:] == ["share", "on"] or before == ["follow", "us", "on"]


def _stands_alone(found: Found, match: Match) -> bool:
    """Whether the words are no part of a longer name: titles and names beside them apart."""
    doc = found.doc
    inside = set(range(match.first, match.last))
    if found.closed & inside and not (_is_no_adjective(match) or (match.pattern.sure and inside - found.closed)):
        return False
    after = doc[match.last] if match.last < len(doc) else None
    if after is not None and _goes_on(found, after) and not found.is_headline(match.first):
        return False
    before = doc[match.first - 1] if match.first else None
    return before is None or not _goes_on(found, before) or bool(before.is_sent_start) or found.is_headline(match.first)


def _is_no_adjective(match: Match) -> bool:
    """Whether the name is a place's own, not the adjective that a model took it for ("Europe", not "European")."""
    return (
        match.pattern.sure
        and match.pattern.entries[0].type == PLACE
        and match.pattern.name.lower() not in words().demonyms
    )


def _goes_on(found: Found, token: Token) -> bool:
    """Whether a neighbour may belong to the same name."""
    if token.text == "-":
        return False
    if not token.is_alpha or not starts_upper(token) or found.at(token.i):
        return False
    word = plain(token)
    return word not in words().titles and word not in words().determiners and word not in words().demonyms


def _is_evident(found: Found, match: Match, entry: Entry, seen: set[str]) -> bool:
    """Whether something says that an ambiguous name means the entry: the model, another of its names, its country
    or, for a place, the words around it."""
    there = found.within(match.first, match.last)
    if any((m.first, m.last, m.type) == (match.first, match.last, entry.type) for m in there):
        return len(match.pattern.entries) == 1 or entry.id in seen or (entry.country or "") in seen
    if there:
        return False
    if entry.id in seen:
        return True
    if len(match.pattern.entries) > 1:
        return False
    return (
        _is_place_like(found, match) if entry.type == PLACE else entry.kind == "company" and _is_service(found, match)
    )


def _is_service(found: Found, match: Match) -> bool:
    """Whether "channel" or the like follows: what people have with a service."""
    return match.last < len(found.words) and found.words[match.last] in _ACCOUNTS


def _is_place_like(found: Found, match: Match) -> bool:
    doc = found.doc
    before = doc[match.first - 1].lower_ if match.first else ""
    if before in _OF_PLACES or found.words[match.last : match.last + 2] == ["-", "based"]:
        return True
    after = doc[match.last].text if match.last < len(doc) else ""
    follower = found.at(match.last + 1) if after == "," else None
    return follower is not None and follower.type == PLACE
