"""Mentions of one event in an article: same type, same target, times that agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from extract.facts.event.patterns import CHAINED_NOT
from extract.room import Draft

Key = tuple[str, str]


def chain_mentions(drafts: Iterable[Draft]) -> None:
    """Gives the mentions of one event the id of the first as their `chain`; an event told once has none."""
    chains: dict[Key, list[list[Draft]]] = {}
    for draft in drafts:
        for key in _keys(draft):
            for members in chains.setdefault(key, []):
                if all(_times_agree(draft, other) for other in members):
                    members.append(draft)
                    break
            else:
                chains[key].append([draft])
            break
    for members in (m for found in chains.values() for m in found if len(m) > 1):
        for draft in members:
            draft.fields["chain"] = members[0].id


def _keys(draft: Draft) -> list[Key]:
    """The type with the first target: its entity, or its words."""
    type_ = draft.fields["event_type"]
    if type_ in CHAINED_NOT:
        return []
    targets = [a for a in draft.fields["arguments"] if a["role"] == "target"]
    return [
        (type_, a["entity"] or a["span"]["text"].lower()) for a in targets if a["entity"] or " " in a["span"]["text"]
    ][:1]


def _times_agree(draft: Draft, other: Draft) -> bool:
    own, others = _times(draft), _times(other)
    return not own or not others or bool(own & others)


def _times(draft: Draft) -> set[Any]:
    return {a["fact"] for a in draft.fields["arguments"] if a["role"] == "time"}
