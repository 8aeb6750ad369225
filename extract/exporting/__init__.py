"""Facts for other programs: FollowTheMoney entities, CSV for spreadsheets, Parquet for data frames.

`extracted(facts, articles)` reads what `extract run` wrote; each of `FORMATS` writes it, and gives how many rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from extract.exporting import ftm, parquet, spreadsheet
from extract.exporting.source import Extracted, extracted

FORMATS: dict[str, Callable[[Iterable[Extracted], Path], int]] = {
    "ftm": ftm.write,
    "csv": spreadsheet.write,
    "parquet": parquet.write,
}

__all__ = ["FORMATS", "Extracted", "extracted"]
