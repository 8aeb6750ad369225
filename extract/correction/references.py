"""What of a fact points elsewhere: at spans of the text, and at other facts by id. Works on JSON, on every type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

REFERENCE_FIELDS = frozenset({"of", "was", "as_of", "place", "entity", "fact", "organisation", "source_id"})
_NEEDED = frozenset({"span", "cue"})  # without these their holder says nothing
_OWN = frozenset({"article", "by", "schema", "id", "type", "sentence", "anchor"})

MISSING = object()


def references(fact: Any) -> Iterator[str]:
    """Yields the ids of other facts that the fact (as JSON) refers to."""
    if isinstance(fact, list):
        for part in fact:
            yield from references(part)
    elif isinstance(fact, dict):
        for key, part in fact.items():
            if key in REFERENCE_FIELDS and isinstance(part, str):
                yield part
            elif key not in _OWN:
                yield from references(part)


def with_references(fact: Any, follow: Callable[[str], str | None]) -> Any:
    """The fact (as JSON) with each reference followed; one that leads nowhere becomes null, its basis too."""
    if isinstance(fact, list):
        return [with_references(part, follow) for part in fact]
    if not isinstance(fact, dict):
        return fact
    new = {
        key: part
        if key in _OWN
        else follow(part)
        if key in REFERENCE_FIELDS and isinstance(part, str)
        else with_references(part, follow)
        for key, part in fact.items()
    }
    if fact.get("as_of") and new["as_of"] is None:
        new["as_of_basis"] = None
    return new


def with_spans(fact: Any, move: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Any:
    """The fact (as JSON) with each span moved; MISSING where one is lost that it can't do without."""
    if isinstance(fact, list):
        return [part for part in (with_spans(part, move) for part in fact) if part is not MISSING]
    if not isinstance(fact, dict):
        return fact
    if fact.keys() == {"start", "end", "text"}:
        moved = move(fact)
        return MISSING if moved is None else moved
    new = {key: part if key in _OWN else with_spans(part, move) for key, part in fact.items()}
    if any(new.get(key) is MISSING for key in _NEEDED):
        return MISSING
    return {key: None if part is MISSING else part for key, part in new.items()}
