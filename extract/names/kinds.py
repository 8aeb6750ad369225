"""What kind of organisation or place a name stands for."""

from __future__ import annotations

from extract.names.clusters import Cluster
from extract.names.words import words

_OF_LABEL = {"GPE": "other", "LOC": "region", "FAC": "facility"}


def organisation_kind(cluster: Cluster) -> str:
    """The kind by the last word of the name that tells one, else `other`."""
    kinds = words().kinds
    for name in _names(cluster):
        for word in reversed(name.split()):
            if word in kinds:
                return kinds[word]
    return "other"


def place_kind(cluster: Cluster) -> str:
    """The kind by the last word of the name, else by the model's label."""
    for name in _names(cluster):
        for word in reversed(name.split()):
            if word in words().places:
                return words().places[word]
    labels = [m.label for m in cluster.mentions if m.label]
    return _OF_LABEL.get(max(labels, key=labels.count), "other") if labels else "other"


def _names(cluster: Cluster) -> list[str]:
    names = {m.text.lower(): None for m in [cluster.fullest, *cluster.mentions]}
    return list(names)
