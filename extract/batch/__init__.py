"""Many articles: processes on one machine, the same bytes for any number of them.

`run(inputs, settings)` reads, extracts, writes; it goes on where a killed run stopped, and it ends what hangs.
"""

from __future__ import annotations

from extract.batch.result import Result
from extract.batch.run import RunSettings, run

__all__ = ["Result", "RunSettings", "run"]
