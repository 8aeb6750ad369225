"""Lines -> files: appended to a part beside the target, published at once by a rename, resumable after a kill."""

from __future__ import annotations

from extract.writing.journal import Journal, Piece
from extract.writing.part import Part, Pipe, refuse_to_overwrite

__all__ = ["Journal", "Part", "Piece", "Pipe", "refuse_to_overwrite"]
