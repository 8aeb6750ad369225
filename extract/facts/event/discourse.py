"""Parties that an event's own clause leaves out because the article has named them: "the trial", "the killings"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Token

from extract import syntax
from extract.facts.event.patterns import POINTING, RELATED, SAME_AGENT
from extract.room import Draft

_REACH = 250  # tokens that a noun looks back for the event that it names again
Argument = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was drafted, and its trigger's token."""

    draft: Draft
    token: Token

    @property
    def type(self) -> str:
        """The event type."""
        return str(self.draft.fields["event_type"])

    def parties(self, role: str) -> list[Argument]:
        """The arguments of a role."""
        return [a for a in self.draft.fields["arguments"] if a["role"] == role]


def complete(told: list[Told]) -> None:
    """Gives nouns without a target that of the event in their sentence, or before, that they belong to or name again.

    "After a trial, a court jailed the poet": of the trial, too, the poet is the target. "The verdict angered readers":
    the verdict is the one told of before.
    """
    for at, event in enumerate(told):
        if event.token.pos_ not in {"NOUN", "PROPN"} or event.parties("target"):
            continue
        source = _beside(told, at) or (_before(told, at) if _points_back(event.token) else None)
        if source is not None:
            _take(event, source)


def share(told: Iterable[Told]) -> None:
    """Gives the mentions of one event the agent that one of them has."""
    chains: dict[str, list[Told]] = {}
    for event in told:
        if event.draft.fields["chain"] is not None:
            chains.setdefault(event.draft.fields["chain"], []).append(event)
    for members in chains.values():
        agents = next((found for m in members if (found := m.parties("agent"))), [])
        for member in members:
            if not member.parties("agent"):
                _insert(member, agents)


def _beside(told: list[Told], at: int) -> Told | None:
    """The nearest related event with a target in the same sentence."""
    event = told[at]
    start = event.token.sent.start
    near = (e for e in _around(told, at) if e.token.sent.start == start)
    found = [e for e in near if _is_related(event, e) or (event.type == "attack" and _does(event.token, e))]
    return min(found, key=lambda e: abs(e.token.i - event.token.i), default=None)


def _does(noun: Token, event: Told) -> bool:
    """Whether the noun did what the event tells: "the ambush killed nine", "an ambush in which nine were killed"."""
    above = syntax.attachment(noun)
    if event.type not in {"kill", "injure", "die"} or above is None:
        return False
    under = above.relation == "subject" or above.word in {"in", "by"}
    return (above.head.i == event.token.i and under) or event.token.head.i == noun.i


def _around(told: list[Told], at: int) -> Iterator[Told]:
    yield from (e for e in told[max(0, at - 8) : at + 9] if e.parties("target"))


def _before(told: list[Told], at: int) -> Told | None:
    """The event that a noun names again: the last of its type before it, else the last related one."""
    event = told[at]
    near = [e for e in told[:at] if event.token.i - e.token.i < _REACH and e.parties("target")]
    same = [e for e in near if e.type == event.type]
    return next(reversed(same), None) or next((e for e in reversed(near) if _is_related(event, e)), None)


def _is_related(event: Told, other: Told) -> bool:
    return other.type in RELATED.get(event.type, ())


def _points_back(noun: Token) -> bool:
    """Whether a noun is definite: "the trial", "this verdict", "the latest arrests"."""
    return any(c.lower_ in POINTING for c in syntax.first_conjunct(noun).children if c.i < noun.i)


def _take(event: Told, source: Told) -> None:
    """Takes the targets of another event, and its agents where it is of the same type."""
    _insert(event, [t for t in source.parties("target") if not _covers(t, event.draft)])
    if source.type in SAME_AGENT.get(event.type, {event.type}) and not event.parties("agent"):
        _insert(event, source.parties("agent"))


def _covers(argument: Argument, draft: Draft) -> bool:
    span = argument["span"]
    return bool(span["start"] < draft.end and draft.start < span["end"])


def _insert(event: Told, parties: Iterable[Argument]) -> None:
    """Puts parties before the other arguments."""
    event.draft.fields["arguments"] = [*parties, *event.draft.fields["arguments"]]
