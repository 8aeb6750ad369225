"""Names: the machinery that the rooms of persons, organisations and places stand on.

The three types are found together, since what is no person may be a place, and a person's role names an
organisation: the first of the three rooms that asks has all three found, and each takes its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc

from extract.names.clusters import Cluster, clusters
from extract.names.finding import find
from extract.names.kinds import organisation_kind, place_kind
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention
from extract.room import Declined, Draft, draft

SCRATCH = "extract.names"


def take(doc: Doc, type_: str) -> Iterator[Draft | Declined]:
    """Yields the article's entities of one type; nothing stays on the doc once all three types are taken."""
    if SCRATCH not in doc.user_data:
        doc.user_data[SCRATCH] = _read(doc)
    waiting = doc.user_data[SCRATCH]
    yield from waiting.pop(type_, ())
    if not waiting:
        del doc.user_data[SCRATCH]


def _read(doc: Doc) -> dict[str, list[Draft | Declined]]:
    drafts: dict[str, list[Draft | Declined]] = {PERSON: [], ORGANISATION: [], PLACE: []}
    for cluster in clusters(find(doc)):
        drafts[cluster.type].append(_draft(doc, cluster))
    return drafts


def _draft(doc: Doc, cluster: Cluster) -> Draft:
    full = cluster.fullest
    fields: dict[str, Any] = {
        "name": full.text,
        "mentions": [_span(m) for m in cluster.mentions],
        "kb": full.entry,
    }
    if cluster.type == ORGANISATION:
        fields["kind"] = organisation_kind(cluster)
    if cluster.type == PLACE:
        fields["kind"] = place_kind(cluster)
    return draft(doc, cluster.type, full.start, full.end, full.rule, fields=fields, confidence=full.confidence)


def _span(m: Mention) -> dict[str, Any]:
    return {"start": m.start, "end": m.end, "text": m.text}
