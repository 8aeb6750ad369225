"""The room of dates: TIMEX3 by the TimeML 1.2.1 guidelines."""

from __future__ import annotations

from extract.facts.date.reader import find_dates, read
from extract.facts.date.rules import RULES
from extract.room import Room

__all__ = ["DATE", "find_dates"]

DATE = Room("date", read, rules=RULES)
