"""Lines -> files: appended to a part beside the target, published at once by a rename, resumable after a kill."""

from __future__ import annotations

from extract.writing.journal import Journal, Piece
from extract.writing.part import Part, Pipe, refuse_to_overwrite
from extract.writing.place import clear_errors, in_place, refuse_addresses

__all__ = ["Journal", "Part", "Piece", "Pipe", "clear_errors", "in_place", "refuse_addresses", "refuse_to_overwrite"]
