"""What people decided about facts: an append-only log, and its replay on whatever a later version extracts."""

from __future__ import annotations

from extract.correction.anchor import Reviewed, Stamp, correct
from extract.correction.apply import Summary, apply
from extract.correction.entry import Anchor, Correction, Other
from extract.correction.log import Broken, Log, read_log
from extract.correction.outcome import Outcome

__all__ = [
    "Anchor", "Broken", "Correction", "Log", "Other", "Outcome", "Reviewed", "Stamp", "Summary", "apply", "correct",
    "read_log",
]  # fmt: skip
