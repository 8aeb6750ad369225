"""Holidays by name: what day each falls on in a year, from the data file, one holiday a line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from extract.facts.date.normalise import day
from extract.lexicon import rows


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday: its rule (`12-25`, `easter-2`, `11-4#4` for the fourth Thursday of November) and length in days."""

    names: tuple[str, ...]
    rule: str
    country: str | None
    days: int = 1


FILE = Path(__file__).with_name("holidays.jsonl")


@cache
def holidays() -> dict[str, tuple[Holiday, ...]]:
    """Every holiday by lower-case name.

    Raises:
        DataFileError: a line of the file is broken; names file and line.
    """
    found: dict[str, tuple[Holiday, ...]] = {}
    for holiday in rows(FILE, _read, kind="holiday", expected='{"names": ["Christmas"], "rule": "12-25"}'):
        for name in holiday.names:
            found[name.lower()] = (*found.get(name.lower(), ()), holiday)
    return found


def _read(line: str, _: int) -> Holiday:
    row = json.loads(line)
    holiday = Holiday(tuple(row["names"]), row["rule"], row.get("country"), row.get("days", 1))
    falls_on(holiday, 2024)
    return holiday


@cache
def holiday_words() -> dict[str, tuple[str, ...]]:
    """For the first word of each holiday the names that begin with it, longest first."""
    by_word: dict[str, list[str]] = {}
    for name in sorted(holidays(), key=lambda name: (-len(name), name)):
        by_word.setdefault(re.split(r"\W", name)[0], []).append(name)
    return {word: tuple(names) for word, names in by_word.items()}


@cache
def names_regex(names: tuple[str, ...]) -> re.Pattern[str]:
    """The names as a text may have them: capitalised, either apostrophe, one blank of any kind."""
    alternatives = ["".join(_flexible(c) for c in name) for name in names]
    return re.compile(rf"(?<![\w-])(?=[A-Z])(?i:{'|'.join(alternatives)})(?!\w)")


def _flexible(character: str) -> str:
    return {"'": "['’]", " ": r"[ \t\u00a0]"}.get(character, re.escape(character))


def holiday_name(text: str) -> str:
    """The text as the table of holidays has it: `holiday_name("New Year’s Eve")` is `new year's eve`."""
    return " ".join(text.lower().replace("’", "'").split())


def falls_on(holiday: Holiday, year: int) -> date | None:
    """The day in the year, None where the rule has none (a feast of the moon).

    >>> [str(falls_on(Holiday((), rule, None), 2024)) for rule in ("12-25", "easter-2", "11-4#4", "5-1#-1", "moon")]
    ['2024-12-25', '2024-03-29', '2024-11-28', '2024-05-27', 'None']
    """
    rule = holiday.rule
    if rule == "moon":
        return None
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule[6:] or 0))
    month, _, rest = rule.partition("-")
    if "#" not in rest:
        return day(year, int(month), int(rest))
    weekday, _, nth = rest.partition("#")
    return _nth_weekday(year, int(month), int(weekday), int(nth))


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    days = [d for n in range(1, 32) if (d := day(year, month, n)) and d.isoweekday() == weekday]
    return days[nth - 1 if nth > 0 else nth]


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms).

    >>> easter(2024), easter(2000)
    (datetime.date(2024, 3, 31), datetime.date(2000, 4, 23))
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, rest = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, rest + 1)
