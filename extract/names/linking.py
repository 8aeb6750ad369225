"""Links a cluster to the gazetteer, where the article's names leave one entry."""

from __future__ import annotations

from collections import Counter

from extract.names.clusters import Cluster
from extract.names.gazetteer import Entry, gazetteer
from extract.names.mention import PERSON


def known_kind(cluster: Cluster) -> str | None:
    """The kind that all known entities of the cluster's name share, whichever of them it is."""
    kinds = {e.kind for e in gazetteer().named(cluster.fullest.text, cluster.type)}
    return kinds.pop() if len(kinds) == 1 else None


def entry_of(cluster: Cluster, countries: frozenset[str]) -> Entry | None:
    """The known entity that the cluster is; of several with its name, the one whose country the article names."""
    if cluster.type == PERSON:
        known = gazetteer().person(cluster.fullest.text)
        if known or " " in cluster.fullest.text:
            return known
    marked = Counter(m.entry for m in cluster.mentions if m.entry)
    if marked:
        return gazetteer().entries[max(marked, key=lambda e: (marked[e], e))]
    for name in dict.fromkeys(m.text for m in sorted(cluster.mentions, key=lambda m: -len(m.text))):
        found = gazetteer().named(name, cluster.type)
        here = [e for e in found if e.country in countries] if len(found) > 1 else found
        if len(here) == 1 and (cluster.type != PERSON or name not in here[0].ambiguous):
            return here[0]
    return None
