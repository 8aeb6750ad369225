"""Pages for readers: charts of counts over time."""

from __future__ import annotations

from extract.report.chart import write_chart

__all__ = ["write_chart"]
