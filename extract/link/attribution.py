"""Who, in the text, vouches for a fact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacy.tokens import Doc

from extract.facts.statement import SCOPES
from extract.room import Draft

Scope = tuple[int, int, dict[str, Any]]


def attribute(doc: Doc) -> None:
    """Sets, on the drafts in place, the nearest attribution whose scope holds each; the publisher never counts.

    Of two that hold a draft the one that begins later is nearer; one with a source goes before one without.
    """
    publisher = _name(doc._.article.source or "")
    found: list[Scope] = doc.user_data.pop(SCOPES, [])
    scopes = [s for s in found if not publisher or _source(s[2]) != publisher]
    drafts = sorted((d for room in doc._.drafts.values() for d in room), key=lambda d: d.start)
    _sweep([s for s in scopes if s[2]["source"]], drafts)
    _sweep([s for s in scopes if not s[2]["source"]], drafts)


def _source(attribution: dict[str, Any]) -> str:
    source = attribution["source"]
    return _name(source["text"]) if source else ""


def _name(text: str) -> str:
    return text.casefold().removeprefix("the ")


def _sweep(scopes: Iterable[Scope], drafts: Iterable[Draft]) -> None:
    """Walks scopes and drafts from left to right, keeping the scopes that are open."""
    waiting = sorted(scopes, key=lambda s: (-s[0], s[1]))
    opened: list[Scope] = []
    for draft in drafts:
        while waiting and waiting[-1][0] <= draft.start:
            opened.append(waiting.pop())
        while opened and opened[-1][1] <= draft.start:
            opened.pop()
        if draft.attribution is None:
            draft.attribution = next((s[2] for s in reversed(opened) if _holds(s, draft)), None)


def _holds(scope: Scope, draft: Draft) -> bool:
    """Whether the scope holds all of the draft, which is neither the statement of the same cue nor the cue itself."""
    cue = scope[2]["cue"]
    if draft.type == "statement" and cue == draft.fields["cue"]:
        return False
    if draft.type == "event" and (cue["start"], cue["end"]) == (draft.start, draft.end):
        return False
    return scope[0] <= draft.start and draft.end <= scope[1]
