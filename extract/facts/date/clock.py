"""Productions for clock times, alone or with their day; time zones are kept."""

from __future__ import annotations

import re

from extract.facts.date import absolute, relative
from extract.facts.date import normalise as n
from extract.facts.date.absolute import Outcome, phase
from extract.facts.date.lexer import ALPHABET, Lexeme, compile_pattern
from extract.facts.date.scene import Found, Match, Refused

TOLD = 0.93


def clock_value(match: Match) -> str | None:
    """The time that the match states: `T21:55`, `T16:08Z`, `T18:40+08:00`; None where it states none.

    Hours run to 24, minutes to 59; "noon" is 12:00 and "midnight" 24:00.
    """
    word = match.one("daypart")
    if word and word.text in {"noon", "midday"}:
        return f"T12:00{_zone(match)}"
    if word and word.text == "midnight":
        return f"T24:00{_zone(match)}"
    digits = _digits(match)
    if digits is None:
        return None
    hour, minute, second = digits
    half = match.one("ampm")
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.text.startswith("p") else 0)
    if hour > 24 or minute > 59 or second > 59:
        return None
    exact = f":{second:02}" if second else ""
    return f"T{hour:02}:{minute:02}{exact}{_zone(match)}"


def _digits(match: Match) -> tuple[int, int, int] | None:
    clock = match.one("clock")
    if clock:
        parts = [int(part) for part in re.split(r"[:.h]", clock.text) if part]
        return parts[0], parts[1] if len(parts) > 1 else 0, parts[2] if len(parts) > 2 else 0
    half = match.one("ampm", "zone", "oclock", "units", "hrs")
    at = match.items.index(half) if half else 0
    number = next((item for item in reversed(match.items[:at]) if item.kind in {"day", "number", "year"}), None)
    if number is None:
        return None
    digits = re.sub(r"\D", "", number.text)
    if len(digits) in {3, 4}:
        return int(digits[:-2]), int(digits[-2:]), 0
    return (int(digits), 0, 0) if len(digits) in {1, 2} else None


def _zone(match: Match) -> str:
    zone = match.one("zone")
    if zone is None or zone.value == "":
        return ""
    minutes = round(60 * float(zone.value or 0))
    index = match.items.index(zone)
    signs = match.items[index + 1 : index + 3]
    if (
        len(signs) == 2
        and signs[0].kind in {"plus", "hyphen"}
        and signs[1].kind in {"day", "number"}
        and len(signs[1].text) < 3
    ):
        minutes += (60 if signs[0].kind == "plus" else -60) * int(signs[1].text)
    if minutes == 0:
        return "Z"
    sign = "+" if minutes > 0 else "-"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def clock(match: Match) -> Outcome:
    """`9 a.m.`, `09:55 PM`, `16:08 UTC`, `noon`: on the last day told, else the anchor's."""
    word = match.items[0]
    if word.kind == "daypart" and len(match.items) == 1 and word.text not in {"noon", "midnight", "midday"}:
        return _bare_part(match) if word.text in {"overnight", "dawn", "dusk"} else None
    time = clock_value(match)
    if time is None:
        return Refused("digits that are no time of day")
    if not match.has("ampm", "zone", "oclock", "daypart", "hrs", "units") and not _is_told_as_time(match):
        return Refused("a score or a ratio, not a time of day")
    day = _day_after(match)
    base = match.scene.reference_day("D") or match.scene.anchor
    return match.date(f"{day or (base.isoformat() if base else 'XXXX-XX-XX')}{time}", 0.85, timex="TIME", relative=True)


def in_part(match: Match) -> Outcome:
    """`four in the morning`, `4.35 in the afternoon`, `nine o'clock in the evening`."""
    part = match.all("daypart")[-1].value
    hour, minute = _spoken(match)
    if hour is None or minute > 59 or part not in {"MO", "AF", "EV"}:
        return None
    hour = hour % 12 + (0 if part == "MO" else 12)
    base = match.scene.reference_day("D") or match.scene.anchor
    value = f"{base.isoformat() if base else 'XXXX-XX-XX'}T{hour:02}:{minute:02}"
    return match.date(value, 0.85, timex="TIME", relative=True)


def _spoken(match: Match) -> tuple[int | None, int]:
    """The hour from 1 to 12 and the minute of "four", "4.35", "4:35"."""
    words = [item.text for item in match.items if item.kind in {"day", "number", "clock", "numword"}]
    digits = re.fullmatch(r"(\d{1,2})[.:](\d{2})", words[0])
    hour = int(digits[1]) if digits else n.number(words)
    is_hour = hour is not None and 1 <= hour <= 12 and hour == int(hour)
    return (int(hour or 0) if is_hour else None), int(digits[2]) if digits else 0


def _day_after(match: Match) -> str | None:
    """The day that follows a time: "at midnight on Thursday", "(1500 GMT) on May 5"."""
    scene, at = match.scene, match.last
    while scene.kinds[at : at + 1] in _LINKS:
        at += 1
    if at == match.last:
        return None
    told = compile_pattern(_DAY_TOLD).match(scene.kinds, at)
    if told is None:
        return None
    day = Match(scene, at, told.end())
    found = absolute.month_day(day) if day.has("month") else relative.weekday(day)
    return found.timex3.value if isinstance(found, Found) else None


_LINKS = frozenset(ALPHABET[kind] for kind in ("close_", "on", "comma"))
_DAY_TOLD = "(WEEKDAY comma?)? (month DAY | DAY of? month) (comma? YEAR)? | weekday"


def _bare_part(match: Match) -> Outcome:
    word = match.items[0]
    if match.scene.word_after(match.end) == "of":
        return None
    base = match.scene.anchor if word.text == "overnight" else match.scene.reference_day("D") or match.scene.anchor
    return match.date(f"{base.isoformat() if base else 'XXXX-XX-XX'}T{word.value}", 0.6, timex="TIME", relative=True)


def _is_told_as_time(match: Match) -> bool:
    return match.scene.word_before(match.start).lower() in {
        "at", "by", "until", "till", "from", "to", "around", "about", "before", "after", "since", "of",
        "between", "and", "-", "–", ",",
    }  # fmt: skip


def dated(match: Match) -> Outcome:
    """`September 30 2024, 09:55 PM`, `10 a.m. Friday`, `12:00 UTC Monday`: one time on that day."""
    time = clock_value(match)
    day = _day_in(match)
    if time is None or day is None:
        return None
    relative_ = not match.has("year", "iso", "numeric")
    return match.date(f"{day}{time}", TOLD, timex="TIME", relative=relative_)


def _day_in(match: Match) -> str | None:
    if match.has("month"):
        found = absolute.month_day(_calendar_part(match))
    elif match.has("numeric"):
        found = absolute.numeric(_sub(match, "numeric"))
    elif match.has("today", "yesterday", "tomorrow"):
        found = relative.deictic(_sub(match, "today", "yesterday", "tomorrow"))
    else:
        found = relative.weekday(_sub(match, "weekday", "weekdayabbr"))
    return found.timex3.value if isinstance(found, Found) and len(found.timex3.value) == 10 else None


def _sub(match: Match, *kinds: str) -> Match:
    word = match.one(*kinds)
    index = match.first + match.items.index(word) if word else match.first
    return Match(match.scene, index, index + 1)


_CALENDAR = frozenset({"weekday", "weekdayabbr", "month", "day", "dayth", "year", "ocryear", "comma", "of", "the"})


def _calendar_part(match: Match) -> Match:
    month = match.items.index(match.all("month")[0])
    first, last = month, month + 1
    clock = {id(item) for item in _clock_items(match)}
    while first > 0 and match.items[first - 1].kind in _CALENDAR and id(match.items[first - 1]) not in clock:
        first -= 1
    while last < len(match.items) and match.items[last].kind in _CALENDAR and id(match.items[last]) not in clock:
        last += 1
    return Match(match.scene, match.first + first, match.first + last)


def _clock_items(match: Match) -> list[Lexeme]:
    half = match.one("ampm", "zone", "oclock")
    clock = match.one("clock")
    if clock or half is None:
        return [clock] if clock else []
    return [match.items[match.items.index(half) - 1]]


def _day_of(match: Match) -> Outcome:
    if match.has("month"):
        return absolute.month_day(_calendar_part(match))
    return relative.weekday(_sub(match, "weekday", "weekdayabbr"))


def part_of_day(match: Match) -> Outcome:
    """`the morning of January 31`, `the night of August 9, 2020`, `9 August evening`."""
    part = match.one("daypart") or match.one("unit")
    found = _day_of(match)
    if part is None or part.value not in {"MO", "AF", "EV", "NI", "MI", "MN", "DT"} or not isinstance(found, Found):
        return None
    is_relative = found.timex3.anchor is not None
    return match.date(f"{found.timex3.value}T{part.value}", 0.9, mod=phase(match), timex="TIME", relative=is_relative)
