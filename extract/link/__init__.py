"""The step after the rooms: who vouches for each fact (attribution) and how it is told (modality).

`link(doc)` fills `attribution` and `modality` of the drafts that the rooms left open.
"""

from __future__ import annotations

from spacy.tokens import Doc

from extract.link.attribution import attribute
from extract.link.modality import modality_of


def link(doc: Doc) -> Doc:
    """Fills in what the rooms left open, on the drafts in place."""
    attribute(doc)
    for drafts in doc._.drafts.values():
        for draft in drafts:
            if draft.modality is None:
                draft.modality = modality_of(draft.tokens(doc).root) if draft.type in _HAS_MODALITY else "actual"
    return doc


_HAS_MODALITY = frozenset({"event", "count"})
