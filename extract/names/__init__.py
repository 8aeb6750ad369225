"""Names: the machinery that the rooms of persons, organisations and places stand on.

The three types are found together, since what is no person may be a place, and a person's role names an
organisation: the first of the three rooms that asks has all three found, and each takes its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc

from extract.fact import fact_id
from extract.names.clusters import Cluster, clusters
from extract.names.finding import find
from extract.names.gazetteer import Entry
from extract.names.kinds import organisation_kind, place_kind
from extract.names.linking import entry_of, known_kind
from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention
from extract.names.roles import Roles
from extract.room import Declined, Draft, span_json

_LINKED = 0.97
_NAMED_TWICE = {PERSON: 0.94, ORGANISATION: 0.9, PLACE: 0.94}
_NAMED_ONCE = {PERSON: 0.92, ORGANISATION: 0.8, PLACE: 0.84}
SCRATCH = "extract.names"
GAZETTEER = "extract.gazetteer"  # doc.user_data[GAZETTEER] = False: without the gazetteer


def take(doc: Doc, type_: str) -> Iterator[Draft | Declined]:
    """Yields the article's entities of one type; nothing stays on the doc once all three types are taken."""
    if SCRATCH not in doc.user_data:
        doc.user_data[SCRATCH] = _read(doc)
    waiting = doc.user_data[SCRATCH]
    yield from waiting.pop(type_, ())
    if not waiting:
        del doc.user_data[SCRATCH]


def _read(doc: Doc) -> dict[str, list[Draft | Declined]]:
    with_gazetteer = bool(doc.user_data.get(GAZETTEER, True))
    names = find(doc, gazetteer=with_gazetteer)
    found = clusters(names.ordered())
    entries = _entries(found) if with_gazetteer else [None] * len(found)
    kinds = [_kind(c, e, known=with_gazetteer) for c, e in zip(found, entries, strict=True)]
    drafts: dict[str, list[Draft | Declined]] = {PERSON: [], ORGANISATION: [], PLACE: []}
    ids: dict[int, str] = {}
    sha256 = doc._.text_sha256
    for cluster, entry, kind in zip(found, entries, kinds, strict=True):
        made = _draft(sha256, cluster, entry, kind)
        ids.update((m.first, made.id) for m in cluster.mentions)
        drafts[cluster.type].append(made)
        cluster.draft = made
    _add_roles(doc, found, ids)
    for declined in names.declined:
        drafts[declined.type].append(declined)
    return drafts


def _add_roles(doc: Doc, found: list[Cluster], ids: dict[int, str]) -> None:
    roles = Roles(doc, [m for c in found for m in c.mentions])
    for cluster in found:
        if cluster.type == PERSON and cluster.draft:
            told: dict[str, dict[str, Any]] = {}
            for role in (r for m in cluster.mentions for r in roles.of(m)):
                span = doc[role.first : role.last]
                organisation = ids[role.organisation.first] if role.organisation else None
                told.setdefault(span.text.lower(), {"span": span_json(span), "organisation": organisation})
            cluster.draft.fields["roles"] = list(told.values())


def _entries(found: list[Cluster]) -> list[Entry | None]:
    countries = frozenset(m.entry for c in found if c.type == PLACE for m in c.mentions if m.entry)
    return [entry_of(cluster, countries) for cluster in found]


def _draft(sha256: str, cluster: Cluster, entry: Entry | None, kind: str | None) -> Draft:
    full = cluster.fullest
    fields: dict[str, Any] = {
        "name": full.text,
        "mentions": [_span(m) for m in cluster.mentions],
        "kb": entry.id if entry else None,
    }
    if kind:
        fields["kind"] = kind
    confidence = _confidence(cluster, entry)
    key = fact_id(sha256, cluster.type, full.start, full.end)
    return Draft(key, cluster.type, full.start, full.end, full.first, full.last, full.rule, fields, confidence)


def _confidence(cluster: Cluster, entry: Entry | None) -> float:
    """Shares that were right of the names of 43 annotated articles and 500 paragraphs of the world's newspapers."""
    if entry:
        return _LINKED
    if len(cluster.mentions) > 1 or cluster.fullest.rule != "model":
        return max(_NAMED_TWICE[cluster.type], cluster.fullest.confidence)
    return _NAMED_ONCE[cluster.type]


def _kind(cluster: Cluster, entry: Entry | None, *, known: bool) -> str | None:
    if cluster.type == PERSON:
        return None
    told = entry.kind if entry else known_kind(cluster) if known else None
    return told or _KIND[cluster.type](cluster)


_KIND = {ORGANISATION: organisation_kind, PLACE: place_kind}


def _span(m: Mention) -> dict[str, Any]:
    return {"start": m.start, "end": m.end, "text": m.text}
