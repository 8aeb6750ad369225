"""Productions for dates with a place of their own in the calendar: days, months, years, decades, quarters, seasons."""

from __future__ import annotations

import re
from datetime import date

from spacy.tokens import Token

from extract.fact import Mod
from extract.facts.date import normalise as n
from extract.facts.date import patterns as words
from extract.facts.date.holidays import Holiday, falls_on, holidays
from extract.facts.date.lexer import Lexeme
from extract.facts.date.patterns import ORDINALS
from extract.facts.date.scene import Found, Match, Refused

Outcome = Found | tuple[Found, ...] | Refused | None

EXPLICIT, YEARLESS, AMBIGUOUS = 0.97, 0.93, 0.6
PHASES: dict[str, Mod] = {"early": "START", "beginning": "START", "mid": "MID", "late": "END", "end": "END"}


def phase(match: Match) -> Mod | None:
    """The part of the period that the words single out: "early" START, "mid" MID, "the end of" END."""
    word = match.one("early", "beginning", "mid", "late", "end")
    return PHASES[word.kind] if word else None


def ordinal(lexeme: Lexeme) -> int:
    """The number that an ordinal or a day's digits state: 21 for "21st", 3 for "third"."""
    if lexeme.kind == "second":
        return 2
    digits = re.match(r"\d+", lexeme.text)
    return int(digits[0]) if digits else ORDINALS.get(lexeme.text, 0)


def year_of(lexeme: Lexeme) -> int:
    """The year that a lexeme states, misread digits mended: 2022 for "2O22"."""
    return int(lexeme.value if lexeme.kind == "ocryear" and lexeme.value else lexeme.text)


def iso(match: Match) -> Outcome:
    """`2022-12-14`, `2022-12-14T10:00Z`, `2022-W50`."""
    value = match.items[0].text.upper().replace(" ", "T")
    if n.interval(value)[0] is None:
        return Refused("digits that are no day of the calendar")
    return match.date(value, EXPLICIT, timex="TIME" if "T" in value else "DATE")


def numeric(match: Match) -> Outcome:
    """`12/14/2022`, `14.12.2022`, `2022/12/14`: the order by the digits, else by the article's locale."""
    text = match.items[0].text
    scene = match.scene
    parts = re.split(r"[/.-]", text)
    if [len(part) for part in parts] not in _NUMERIC_WIDTHS:
        return Refused("digits that are no date")
    found = n.numeric_day(text, day_first=scene.day_first, anchor=scene.anchor)
    if found is None:
        return Refused("digits that are no day of the calendar")
    sure = (
        n.day_order(text) is not None
        or len(parts[0]) == 4
        or scene.order_is_known
        or "." in text
        or parts[0] == parts[1]
    )
    return match.date(found.isoformat(), EXPLICIT if sure else AMBIGUOUS)


_NUMERIC_WIDTHS = [[a, b, c] for a in (1, 2) for b in (1, 2) for c in (2, 4)] + [
    [4, a, b] for a in (1, 2) for b in (1, 2)
]


def month_day(match: Match) -> Outcome:
    """`Friday, March 11`, `March 11, 2022`, `the 11th of March 2022`: the year, where it is missing, by the clause."""
    month = match.all("month")[-1]
    number = match.all("day", "dayth", "ordinal", "second")[-1]
    weekday = match.one("weekday", "weekdayabbr")
    year = match.one("year", "ocryear")
    if year is None and _counts_after_month(match, number):
        return None
    found = _day(match, int(month.value or 0), ordinal(number), year, weekday)
    if isinstance(found, date):
        return match.date(
            found.isoformat(), EXPLICIT if year and year.kind == "year" else YEARLESS, relative=year is None
        )
    return found if isinstance(found, Refused) else match.date(found, 0.8)


def _counts_after_month(match: Match, number: Lexeme) -> bool:
    """Whether "in August 12 cities rose" counts cities: a day of the month takes "on"."""
    return (
        match.scene.word_before(match.start).lower() == "in"
        and number is match.items[-1]
        and number.kind == "day"
        and match.scene.word_after(match.end).islower()
        and match.scene.word_after(match.end) not in _NO_NOUNS
    )


_NO_NOUNS = frozenset({
    "in", "at", "on", "of", "to", "by", "for", "with", "after", "before", "when", "which", "that", "and", "as", "but",
})  # fmt: skip


def _day(match: Match, month: int, number: int, year: Lexeme | None, weekday: Lexeme | None) -> date | str | Refused:
    if year:
        return n.day(year_of(year), month, number) or Refused("no such day in the calendar")
    if n.day(2024, month, number) is None:
        return Refused("no such day in the calendar")
    if (month, number) == (9, 11) and match.scene.word_after(match.end).lower() in _ATTACKS:
        return date(2001, 9, 11)
    base = base_day(match)
    if base is None:
        return f"XXXX-{month:02}-{number:02}"
    if weekday:
        near = [d for y in (-1, 0, 1) if (d := n.day(base.year + y, month, number)) and d.isoweekday() == weekday.value]
        if near:
            return min(near, key=lambda d: abs((d - base).days))
    way = match.direction(reported=0) if match.scene.anchor else 0
    near_day = n.day_near(base, month, number, 0)
    if near_day and way == n.PAST and 0 < (near_day - base).days > 21:
        near_day = n.day_near(base, month, number, n.PAST)
    if near_day and way == n.FUTURE and near_day < base:
        near_day = n.day_near(base, month, number, n.FUTURE)
    return near_day or f"XXXX-{month:02}-{number:02}"


_ATTACKS = frozenset({"attack", "attacks", "terrorist", "terror", "hijackers", "hijackings", "2001"})


def base_day(match: Match) -> date | None:
    """The day that a date without a year leans on: the anchor; in a history, the last date told."""
    scene = match.scene
    if scene.anchor is not None or not scene.is_history:
        return scene.anchor
    base = scene.reference_day("Y")
    is_a_year = base is not None and len(scene.reference or "") == 4
    return base.replace(month=7, day=1) if base and is_a_year else base


def day_range(match: Match) -> Outcome:
    """`9-12 August 2021`, `March 5 to 7`: two dates."""
    days = match.all("day", "dayth")
    month = match.all("month")[0]
    year = match.one("year")
    first = _day(match, int(month.value or 0), ordinal(days[0]), year, None)
    last = _day(match, int(month.value or 0), ordinal(days[1]), year, None)
    if isinstance(first, Refused) or isinstance(last, Refused) or str(first) >= str(last):
        return None
    is_month_first = month.start < days[0].start
    left = (month.start if is_month_first else days[0].start, days[0].end)
    right = (days[1].start, match.end)
    relative = year is None
    return (
        match.part(left, str(first), YEARLESS, relative=relative),
        match.part(right, str(last), YEARLESS, relative=relative),
    )


def two_days(match: Match) -> Outcome:
    """`28 February to 3 March 2021`: the first takes the year of the second."""
    months = match.all("month")
    days = match.all("day", "dayth")
    year = year_of(match.all("year")[-1])
    last = n.day(year, int(months[1].value or 0), ordinal(days[1]))
    first = n.day(year, int(months[0].value or 0), ordinal(days[0]))
    if first is None or last is None:
        return None
    if first > last:
        first = n.day(year - 1, first.month, first.day) or first
    cut = max(months[0].end, days[0].end)
    right = min(months[1].start, days[1].start)
    one = match.part((match.start, cut), first.isoformat(), EXPLICIT)
    return one, match.part((right, match.end), last.isoformat(), EXPLICIT)


def two_months(match: Match) -> Outcome:
    """`from March to May 2021`: the first takes the year of the second."""
    months = match.all("month")
    year = year_of(match.all("year")[-1])
    one, two = (int(m.value or 0) for m in months)
    first = match.part((match.start, months[0].end), f"{year - (one > two):04}-{one:02}", YEARLESS, mod=None)
    return first, match.part((months[1].start, match.end), f"{year:04}-{two:02}", EXPLICIT)


def month_year(match: Match) -> Outcome:
    """`August 2020`, `mid-August 2020`, `the end of August 2020`."""
    month = match.all("month")[-1]
    year = match.one("year", "ocryear")
    if year is None:
        return None
    return match.date(f"{year_of(year):04}-{int(month.value or 0):02}", EXPLICIT, mod=phase(match))


def month_alone(match: Match) -> Outcome:
    """`in August`, `early August`: the year by the clause."""
    word = match.all("month")[-1]
    month = int(word.value or 0)
    if not _is_month(match, word):
        return Refused("a word that only looks like a month")
    base = base_day(match)
    if base is None:
        return match.date(f"XXXX-{month:02}", 0.75, mod=phase(match))
    way = match.direction(reported=n.REPORTED) if match.scene.anchor else n.REPORTED
    if way == 0 and not _is_ahead(match):
        way = n.PAST
    found = n.month_near(base, month, 0 if way == n.REPORTED else way)
    return match.date(n.period(found, "MO"), 0.88, mod=phase(match), relative=True)


def _is_ahead(match: Match) -> bool:
    return match.scene.word_before(match.start).lower() in {"by", "until", "next"}


def _is_a_first_name(match: Match) -> bool:
    after = match.scene.word_after(match.end)
    return (
        after[:1].isupper() and len(after) > 1 and match.scene.word_before(match.start).lower() not in words.MONTH_CUES
    )


def _is_month(match: Match, word: Lexeme) -> bool:
    before = match.scene.word_before(match.start).lower()
    if before in {"black", "bloody"} or match.scene.word_after(match.end) in {"Revolution", "Uprising", "Manifesto"}:
        return False
    if phase(match) or word.text not in _FIRST_NAMES | _VERBS:
        return True
    token = match.scene.token(word.start)
    if word.text in _FIRST_NAMES:
        return not _is_a_first_name(match) and (token is None or token.ent_type_ != "PERSON")
    return before in words.MONTH_CUES or (token is not None and _tells_of_a_month(match, token))


_FIRST_NAMES = frozenset({"april", "june", "august"})
_VERBS = frozenset({"may", "march", "mar"})


def _tells_of_a_month(match: Match, token: Token) -> bool:
    """Whether the model takes "May" or "March" for a name of no person, and no preposition follows as after a march."""
    is_a_march = match.scene.word_after(match.end) in {"of", "for", "on", "to", "against", "through"}
    return token.tag_.startswith("NNP") and token.ent_type_ != "PERSON" and not is_a_march


def year_alone(match: Match) -> Outcome:
    """`since 2020`, `the 2021 elections`: four digits that stand where a year stands, not before a counted noun."""
    lexeme = match.all("year", "ocryear")[-1]
    year = year_of(lexeme)
    scene = match.scene
    before = scene.word_before(match.start).lower()
    is_told = match.has("unit", "units")
    is_cued = is_told or before in words.YEAR_CUES or phase(match) is not None
    if lexeme.kind == "ocryear" and not is_cued:
        return None
    reason = None if is_told else _no_year(match, before)
    if reason or (not 1900 <= year <= 2099 and (not is_cued or year > 2099 or _counts_a_noun(match))):
        return Refused(reason or "four digits that are not told as a year")
    sure = 0.96 if is_cued else 0.85
    return match.date(f"{year:04}", sure if 1900 <= year <= 2099 else 0.75, mod=phase(match))


def _no_year(match: Match, before: str) -> str | None:
    """Why the digits are no year, None where nothing speaks against one."""
    after = match.scene.word_after(match.end).lower()
    if before.rstrip(".") in words.NUMBERED_THINGS or before in {"$", "€", "£", "¥", "#", "№", "+", "@"}:
        return f"a number in a name or an amount, after {before!r}"
    if after in words.AFTER_AMOUNTS or (after in words.COUNTED_NOUNS and before not in words.IN_A_YEAR):
        return f"a count or an amount, before {after!r}"
    return None


def _counts_a_noun(match: Match) -> bool:
    doc = match.scene.doc
    span = doc.char_span(match.start, match.end, alignment_mode="expand") if doc is not None else None
    if doc is None or span is None:
        return match.scene.word_after(match.end).lower() in words.COUNTED_NOUNS
    if span.end >= len(doc):
        return False
    following = doc[span.end]
    return following.tag_ in {"NNS", "JJ", "NN"} or following.lower_ in words.COUNTED_NOUNS


def year_range(match: Match) -> Outcome:
    """`2015-2019`, `2015-19`: two dates."""
    first = match.items[0]
    last = match.items[-1]
    low = year_of(first)
    high = year_of(last) if last.kind == "year" else low // 100 * 100 + int(last.text)
    if not low < high <= low + 300 or len(last.text) not in {2, 4}:
        return None
    gap = match.scene.text[first.end : last.start]
    if "\n" in gap or (last.kind != "year" and len(gap) > 1 and (gap.strip() not in {"-", "–"} or high > low + 20)):
        return None
    return match.part((first.start, first.end), f"{low:04}", 0.93), match.part(
        (last.start, last.end), f"{high:04}", 0.93
    )


def short_year(match: Match) -> Outcome:
    """`'82`, where years stand."""
    if match.scene.word_before(match.start).lower() not in words.YEAR_CUES:
        return None
    return match.date(f"{n.full_year(int(match.items[-1].text[-2:]), match.scene.anchor):04}", 0.85)


def era_year(match: Match) -> Outcome:
    """`44 BC`: `BC0044`; `AD 79`: `0079`."""
    number = n.number([match.all("day", "number", "year")[0].text])
    if number is None or number > 9999:
        return None
    return match.date(f"BC{int(number):04}" if match.has("bc") else f"{int(number):04}", 0.9)


def decade(match: Match) -> Outcome:
    """`the 1990s`, `the late 1980s`, `the '90s`, `the seventies`."""
    word = match.items[-1]
    if word.kind == "decadeword":
        value = f"19{word.value}"
    else:
        digits = re.sub(r"\D", "", word.text)
        value = digits[:3] if len(digits) == 4 else f"{20 if int(digits) < 20 else 19}{digits[0]}"
    if match.before.kind == "our" or match.scene.word_before(match.start).lower() in {"his", "her", "their"}:
        return Refused("an age, not a decade")
    return match.date(value, EXPLICIT if len(word.text) > 4 else 0.85, mod=phase(match))


def nine_eleven(match: Match) -> Outcome:
    """`9/11`: the day of the attacks; other digits with a slash are scores and fractions."""
    is_that_day = match.scene.text[match.start : match.end] == "9/11"
    return match.date("2001-09-11", 0.9) if is_that_day else Refused("a fraction or a score, not a day")


def century(match: Match) -> Outcome:
    """`the 19th century`: `18`."""
    word = match.one("ordinal", "dayth", "second")
    unit = match.items[-1]
    if word is None or unit.value != "CE" or not 2 <= ordinal(word) <= 22:
        return None
    return match.date(f"{ordinal(word) - 1:02}", 0.93, mod=phase(match))


def fiscal_year(match: Match) -> Outcome:
    """`fiscal 2013`, `FY2013`, `the 2013 financial year`, `the current fiscal year`."""
    year = match.one("year")
    if year:
        return match.date(f"FY{year.text}", 0.93, mod=phase(match))
    anchor = match.scene.anchor
    if anchor is None or not match.has("the", "this", "next", "last", "current", "previous", "coming"):
        return None
    step = match.has("next", "coming") - match.has("last", "previous")
    return match.date(f"FY{anchor.year + step}", 0.7, mod=phase(match), relative=True)


def quarter(match: Match) -> Outcome:
    """`the third quarter of 2009`, `Q3 2021`, `the first half of last year`, `third-quarter`."""
    which = _which_part(match)
    if which is None:
        return None
    letter, number = which
    size = 3 if letter == "Q" else 6
    year = _part_year(match)
    if year is not None:
        return match.date(f"{year:04}-{letter}{number}", 0.94, relative=not match.has("year"))
    if letter == "H" or not (match.has("the", "qnum", "hyphen") or match.before.kind in {"possessive", "our"}):
        return None
    anchor = match.scene.anchor
    if anchor is None:
        return match.date(f"XXXX-{letter}{number}", 0.6)
    start = date(anchor.year, (number - 1) * size + 1, 1)
    wait = (start - anchor).days
    if wait > _NEAR_QUARTER or (wait > 0 and number == 4 and match.direction() == n.PAST and wait > _NEAR_QUARTER // 2):
        start = date(anchor.year - 1, start.month, 1)
    return match.date(f"{start.year:04}-{letter}{number}", 0.8, relative=True)


_NEAR_QUARTER = 100  # days: a quarter that begins later than that is told of as last year's


def _which_part(match: Match) -> tuple[str, int] | None:
    short = match.one("qnum")
    if short:
        letter, number = short.text[0].upper(), int(short.text[1])
        return (letter, number) if letter == "Q" or number < 3 else None
    letter = "H" if match.has("half") else "Q" if any(item.value == "Q" for item in match.items) else ""
    if not letter or (match.has("last") and not any(item.value == "Y" or item.kind == "year" for item in match.items)):
        return None
    word = match.one("ordinal", "second", "dayth", "final", "last")
    most = 2 if letter == "H" else 4
    number = most if word and word.kind in {"final", "last"} else ordinal(word) if word else 0
    return (letter, number) if 1 <= number <= most else None


def _part_year(match: Match) -> int | None:
    year = match.one("year")
    if year:
        return int(year.text)
    anchor = match.scene.anchor
    if anchor is None or not any(item.value == "Y" for item in match.items):
        return None
    tail = match.items[-2].kind
    return anchor.year + (tail == "next") - (tail in {"last", "previous"})


def season(match: Match) -> Outcome:
    """`the summer of 2020`, `in Fall`, `early spring`: the year by the clause."""
    word = match.all("season")[-1]
    year = match.one("year")
    code = str(word.value)
    if year:
        return match.date(f"{int(year.text):04}-{code}", EXPLICIT, mod=phase(match))
    if not _is_season(match, word):
        return None
    base = base_day(match)
    if base is None:
        return match.date(f"XXXX-{code}", 0.6, mod=phase(match))
    return match.date(
        n.season(season_near(base, code, match.direction(reported=0)), code), 0.8, mod=phase(match), relative=True
    )


def season_near(anchor: date, code: str, way: int) -> date:
    """A day in the year whose season of that name the clause points to."""
    start = date(anchor.year, n.FIRST_MONTHS[code], 1)
    if way == n.PAST and start > anchor:
        return date(max(anchor.year - 1, 1), 1, 1)
    ends = n.add_months(start, 3)
    if way == n.FUTURE and ends and ends <= anchor:
        return n.add_months(date(anchor.year, 1, 1), 12) or anchor
    return start


def _is_season(match: Match, word: Lexeme) -> bool:
    before = match.scene.word_before(match.start).lower()
    if match.after.kind == "hyphen" and match.after.start == word.end:
        return False
    if phase(match) or (before == "in" and match.scene.text[word.start].isupper()):
        return True
    token = match.scene.token(word.start)
    if token is not None and (token.tag_.startswith(("VB", "MD")) or token.ent_type_ not in {"", "DATE"}):
        return False
    if match.before.kind == "our" and word.text not in {"fall", "spring"}:
        return True
    following = match.scene.word_after(match.end)
    if word.text == "fall" and following == "of":
        return False
    nexts = match.scene.token(match.end + 1) if match.end + 1 < len(match.scene.text) else None
    is_modifier = bool(following.isalpha() and nexts is not None and nexts.pos_ in {"NOUN", "PROPN"})
    return before in words.SEASON_CUES and before not in {"to", "and"} and (not is_modifier or not match.has("the"))


def week_of(match: Match) -> Outcome:
    """`the last week of March`, `the first week of May 2021`, `the week of March 3`."""
    month = match.all("month")[-1]
    year = match.one("year")
    base = base_day(match)
    number = int(month.value or 0)
    start = (
        n.day(int(year.text), number, 1) if year else n.month_near(base, number, match.direction()) if base else None
    )
    which = match.one("ordinal", "second", "dayth", "last", "final")
    if start is None or which is None:
        return None
    day = 0 if which.kind in {"last", "final"} else ordinal(which)
    if match.one("unit") and match.all("unit")[0].value == "D":
        found = n.add(start, day - 1, "D") if day else _last_day(start)
        return (
            match.date(found.isoformat(), 0.85, relative=year is None) if found and found.month == start.month else None
        )
    found = n.add(start, 7 * day - 4, "D") if day else n.add(_last_day(start) or start, -3, "D")
    return match.date(n.period(found, "W"), 0.75, relative=year is None) if found and day <= 5 else None


def _last_day(start: date) -> date | None:
    after = n.add_months(start, 1)
    return n.add(after, -1, "D") if after else None


def holiday(match: Match) -> Outcome:
    """`Christmas`, `New Year's Eve 2021`, `the upcoming Christmas`: the nearest one the clause points to."""
    word = match.all("holiday")[-1]
    before = match.scene.word_before(match.start)
    if before[:1].isupper() and before[-1] != "." and len(before) > 2 and before.lower() not in words.MONTH_CUES:
        return Refused("part of a name")
    known = holidays()[word.text]
    country = match.scene.language.partition("-")[2].upper()
    chosen = next((h for h in known if h.country == country), None) or next(
        (h for h in known if h.country is None), known[0]
    )
    is_sure = chosen.country is None or chosen.country == country or len(known) == 1
    year = match.one("year")
    relative = year is None
    if year:
        found = falls_on(chosen, int(year.text))
    else:
        base = base_day(match)
        found = _holiday_near(match, chosen, base) if base else None
    if found is None:
        return match.date(_yearless(chosen), 0.5 if is_sure else 0.4) if not year else None
    return match.date(found.isoformat(), 0.85 if is_sure else 0.55, relative=relative)


def _yearless(chosen: Holiday) -> str:
    month, _, rest = chosen.rule.partition("-")
    return f"XXXX-{int(month):02}-{int(rest):02}" if month.isdigit() and rest.isdigit() else "XXXX-XX-XX"


def _holiday_near(match: Match, chosen: Holiday, base: date) -> date | None:
    way = n.FUTURE if match.has("coming", "next") else n.PAST if match.has("last", "past") else match.direction()
    days = [d for y in (-1, 0, 1) if 1 < base.year + y < 9998 and (d := falls_on(chosen, base.year + y))]
    if way == n.PAST:
        days = [d for d in days if d <= base][-1:]
    elif way == n.FUTURE:
        days = [d for d in days if d >= base][:1]
    return min(days, key=lambda d: abs((d - base).days), default=None)


def foreign(match: Match) -> Outcome:
    """`14 грудня 2022`, `14. Dezember 2022`: read by dateparser."""
    month = match.one("foreign")
    if month is None or not match.has("year"):
        return None
    value = n.foreign(match.scene.text[match.start : match.end].lower())
    return match.date(value, 0.85) if value else Refused("dateparser reads no date in these words")
