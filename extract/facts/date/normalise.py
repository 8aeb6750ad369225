"""Words and an anchor in, TIMEX3 values out. No clock: every function takes the day that it counts from.

Values follow TimeML 1.2.1: `2022-12-14`, `2020-08`, `2024-W39`, `2024-Q3`, `2022-FA`, `199`, `P5Y`, `2022-02-14TMO`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from extract.facts.date.patterns import FOREIGN_LANGUAGES, NUMBER_WORDS, SCALES, YEAR_FROM, YEAR_TO

FIRST_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
MONTHS_OF = {"MO": 1, "Q": 3, "SE": 6, "Y": 12, "DE": 120, "CE": 1200, "ML": 12000}
DAYS_OF = {"D": 1, "NI": 1, "W": 7, "WE": 7, "F": 14}
CLOCK_UNITS = frozenset({"S", "M", "H"})
FUTURE, PAST = 1, -1
REPORTED = 2  # "would", and infinitives under a past verb: ahead of a day that is behind


def number(words: Sequence[str]) -> float | None:
    """The number that words or digits state, None where they state none, or two.

    >>> number(["twenty", "five"]), number(["two", "hundred", "and", "six"]), number(["1,437"]), number(["2.5"])
    (25, 206, 1437, 2.5)
    >>> number(["three", "and", "seven"])
    """
    total, current, seen = 0.0, 0.0, False
    for word in words:
        if word == "and":
            continue
        value = _single(word)
        if value is None:
            return None
        seen = True
        if word in SCALES:
            current = (current or 1) * value
            if value >= 1000:
                total, current = total + current, 0.0
        elif current and (value >= 100 or current % (100 if value > 9 else 10)):
            return None
        else:
            current += value
    return plain(total + current) if seen else None


def _single(word: str) -> float | None:
    if word in NUMBER_WORDS:
        return NUMBER_WORDS[word]
    digits = re.sub(r"[,\s]", "", word)
    return float(digits) if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", digits) and digits.isascii() else None


def plain(value: float) -> float:
    """The number without a fraction that is nothing: 2 for 2.0."""
    return int(value) if value == int(value) else value


def day(year: int, month: int, number_: int) -> date | None:
    """The day, or None where the calendar has no such day.

    >>> day(2024, 2, 29), day(2023, 2, 29)
    (datetime.date(2024, 2, 29), None)
    """
    try:
        return date(year, month, number_)
    except (ValueError, OverflowError):
        return None


def add_months(start: date, months: int) -> date | None:
    """The same day so many months on, or the month's last one; None beyond the calendar.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 3, 31), -13)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    number_ = start.day
    return date(year, month + 1, number_ if number_ < 29 else min(number_, monthrange(year, month + 1)[1]))


def add(start: date, amount: float, unit: str) -> date | None:
    """The day that lies `amount` units on; None beyond the calendar.

    >>> add(date(2024, 3, 1), -1, "D"), add(date(2024, 3, 1), 2, "Y"), add(date(2024, 3, 1), 9e9, "Y")
    (datetime.date(2024, 2, 29), datetime.date(2026, 3, 1), None)
    """
    if abs(amount) > 4_000_000:
        return None
    if unit in MONTHS_OF:
        return add_months(start, round(amount * MONTHS_OF[unit]))
    try:
        return start + timedelta(days=round(amount * DAYS_OF.get(unit, 0)))
    except OverflowError:
        return None


def period(when: date, unit: str) -> str:
    """The value of the unit that holds the day.

    >>> [period(date(2021, 1, 2), unit) for unit in ("D", "W", "WE", "MO", "Q", "Y", "DE", "CE")]
    ['2021-01-02', '2020-W53', '2020-W53-WE', '2021-01', '2021-Q1', '2021', '202', '20']
    """
    write = _PERIODS.get(unit)
    return write(when) if write else when.isoformat()


def _week_of(when: date) -> str:
    year, week, _ = when.isocalendar()
    return f"{year:04}-W{week:02}"


_PERIODS: dict[str, Callable[[date], str]] = {
    "W": _week_of, "F": _week_of, "WE": lambda when: f"{_week_of(when)}-WE",
    "MO": lambda when: f"{when.year:04}-{when.month:02}",
    "Q": lambda when: f"{when.year:04}-Q{(when.month + 2) // 3}",
    "Y": lambda when: f"{when.year:04}", "SE": lambda when: f"{when.year:04}-H{(when.month + 5) // 6}",
    "DE": lambda when: f"{when.year // 10:03}", "CE": lambda when: f"{when.year // 100:02}",
    "ML": lambda when: f"{when.year // 1000}", "NI": lambda when: f"{when.isoformat()}TNI",
}  # fmt: skip


def duration(amount: float | None, unit: str) -> str:
    """The duration; an amount of None is a vague one.

    >>> [duration(5, "Y"), duration(None, "MO"), duration(30, "M"), duration(2.5, "Y"), duration(None, "DE")]
    ['P5Y', 'PXM', 'PT30M', 'P2.5Y', 'PXDE']
    """
    if unit == "F":
        amount, unit = amount and amount * 2, "W"
    count = "X" if amount is None else f"{plain(amount)}"
    if unit in CLOCK_UNITS:
        return f"PT{count}{unit}"
    if unit in {"DE", "CE"} and amount is not None:
        return f"P{plain(amount * (10 if unit == 'DE' else 100))}Y"
    if unit == "SE":
        return f"P{'X' if amount is None else plain(amount * 6)}M"
    return f"P{count}{ {'MO': 'M', 'NI': 'D', 'ML': 'ML'}.get(unit, unit) }"


def season(when: date, code: str) -> str:
    """The season of the day's year.

    >>> season(date(2022, 5, 1), "FA")
    '2022-FA'
    """
    return f"{when.year:04}-{code}"


def weekday_near(anchor: date, weekday: int, direction: int) -> date | None:
    """The weekday on or before the anchor (direction -1), on or after it (1), or of the days around it (0).

    >>> [str(weekday_near(date(2022, 7, 25), 3, way)) for way in (-1, 0, 1)]
    ['2022-07-20', '2022-07-27', '2022-07-27']
    """
    back = (anchor.isoweekday() - weekday) % 7
    ahead = (weekday - anchor.isoweekday()) % 7
    forward = direction == FUTURE or (direction == 0 and ahead < back)
    return add(anchor, ahead if forward else -back, "D")


def month_near(anchor: date, month: int, direction: int) -> date:
    """The first day of the month that the direction points to; direction 0 takes the nearest.

    >>> [f"{month_near(date(2022, 5, 29), 7, way):%Y-%m}" for way in (-1, 0, 1)]
    ['2021-07', '2022-07', '2022-07']
    """
    gap = (month - anchor.month) % 12
    if direction == PAST or (direction == 0 and gap > 6):
        gap -= 12 if gap else 0
    return (add_months(anchor, gap) or anchor).replace(day=1)


def day_near(anchor: date, month: int, number_: int, direction: int) -> date | None:
    """The day of the month in the year that the direction points to; a day that the near years lack is None.

    >>> [str(day_near(date(2022, 3, 13), 11, 7, way)) for way in (-1, 0, 1)]
    ['2021-11-07', '2021-11-07', '2022-11-07']
    """
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    near = [d for d in (day(year, month, number_) for year in years) if d]
    if direction == PAST:
        near = [d for d in near if d <= anchor][-1:] or near[:1]
    elif direction == FUTURE:
        near = [d for d in near if d >= anchor][:1] or near[-1:]
    return min(near, key=lambda d: abs((d - anchor).days), default=None)


def full_year(two_digits: int, anchor: date | None) -> int:
    """The year that two digits stand for: not more than ten years after the anchor.

    >>> full_year(82, date(2008, 10, 27)), full_year(14, date(2012, 1, 1)), full_year(22, None)
    (1982, 2014, 2022)
    """
    limit = (anchor.year if anchor else 2030) + 10
    year = limit // 100 * 100 + two_digits
    return year if year <= limit else year - 100


@lru_cache(maxsize=4096)
def interval(value: str) -> tuple[str | None, str | None]:
    """First and last ISO day of what a value covers; (None, None) where that is not known.

    >>> interval("2020-08"), interval("199"), interval("P5Y")
    (('2020-08-01', '2020-08-31'), ('1990-01-01', '1999-12-31'), (None, None))
    """
    days = _interval(value.partition("T")[0])
    return (days[0].isoformat(), days[1].isoformat()) if days else (None, None)


_MONTHLY = {"Q": 3, "H": 6}


def _interval(value: str) -> tuple[date, date] | None:
    parts = value.split("-")
    if not value.replace("-", "")[:1].isdigit() or "X" in value or not parts[0].isdigit():
        return None
    if len(parts) == 1:
        return _years(parts[0])
    return _part_of_year(int(parts[0]), parts)


def _years(digits: str) -> tuple[date, date] | None:
    span = 10 ** max(0, 4 - len(digits))
    low = int(digits) * span
    return (date(max(low, 1), 1, 1), date(low + span - 1, 12, 31)) if len(digits) <= 4 else None


def _part_of_year(year: int, parts: list[str]) -> tuple[date, date] | None:
    part = parts[1]
    if part[0] == "W" and part[1:].isdigit():
        return _week(year, int(part[1:]), parts[2] if len(parts) > 2 else "")
    if part in FIRST_MONTHS:
        return _months(year, FIRST_MONTHS[part], 3)
    if part[0] in _MONTHLY:
        size = _MONTHLY[part[0]]
        return _months(year, (int(part[1:]) - 1) * size + 1, size)
    one = day(year, int(part), int(parts[2])) if len(parts) > 2 else None
    return (one, one) if one else _months(year, int(part), 1) if len(parts) == 2 else None


def _months(year: int, month: int, size: int) -> tuple[date, date] | None:
    start = day(year, month, 1)
    end = add_months(start, size) if start else None
    return (start, end - timedelta(days=1)) if start and end else None


def _week(year: int, week: int, part: str) -> tuple[date, date] | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    if part == "WE":
        return monday + timedelta(days=5), monday + timedelta(days=6)
    if part.isdigit():
        return monday + timedelta(days=int(part) - 1), monday + timedelta(days=int(part) - 1)
    return monday, monday + timedelta(days=6)


@lru_cache(maxsize=4096)
def granularity(value: str) -> str | None:
    """The unit of a calendar value: D, W, MO, Q, Y, DE or CE; None where it has no place in the calendar.

    >>> [granularity(v) for v in ("2022-12-14T10:00", "2020-08", "2020-W03", "2021", "199", "PRESENT_REF", "XXXX-05")]
    ['D', 'MO', 'W', 'Y', 'DE', None, None]
    """
    value = value.partition("T")[0]
    if not value[:2].isdigit() or "X" in value:
        return None
    parts = value.split("-")
    if len(parts) == 1:
        return {4: "Y", 3: "DE", 2: "CE"}.get(len(value))
    if parts[1].isdigit():
        return "D" if len(parts) > 2 else "MO"
    return {"W": "W", "Q": "Q"}.get(parts[1][0], "MO")


def numeric_day(text: str, *, day_first: bool, anchor: date | None) -> date | None:
    """The day of an all-digits date in either order, whichever the digits allow; None where they allow none.

    >>> numeric_day("12/14/2022", day_first=True, anchor=None), numeric_day("7.8.07", day_first=True, anchor=None)
    (datetime.date(2022, 12, 14), datetime.date(2007, 8, 7))
    """
    one, two, three = (int(part) for part in re.split(r"[/.-]", text))
    if one > 31:
        return day(one, two, three)
    year = three if three > 99 else full_year(three, anchor)
    for d, m in ((one, two), (two, one)) if day_first or "." in text else ((two, one), (one, two)):
        found = day(year, m, d)
        if found and YEAR_FROM <= year <= YEAR_TO:
            return found
    return None


def day_order(text: str) -> bool | None:
    """Whether the digits put the day first (True), the month first (False), or don't say (None).

    >>> day_order("14/12/2022"), day_order("12/14/2022"), day_order("05/06/2022")
    (True, False, None)
    """
    one, two, _ = (int(part) for part in re.split(r"[/.-]", text))
    if one > 31 or (one > 12) == (two > 12):
        return None
    return one > 12


@cache
def foreign(text: str) -> str | None:
    """The value of a date in another language, by dateparser, at the granularity that its words have.

    >>> foreign("14 грудня 2022"), foreign("14. Dezember 2022"), foreign("Dezember 2022")
    ('2022-12-14', '2022-12-14', '2022-12')
    """
    found = _parser().get_date_data(text)
    when, size = found.date_obj, found.period
    if when is None or not re.search(rf"(?<!\d){when.year}(?!\d)", text):
        return None
    numbers = [n.lstrip("0") for n in re.findall(r"\d+", text)]
    if len(numbers) == 2 and size == "day" and str(when.day) in numbers:
        return str(when.date().isoformat())
    return f"{when.year:04}-{when.month:02}" if len(numbers) == 1 and size == "month" else None


@cache
def _parser() -> Any:
    from dateparser.date import DateDataParser  # takes a third of a second to import, and few articles need it

    return DateDataParser(
        languages=FOREIGN_LANGUAGES, settings={"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["month", "year"]}
    )
