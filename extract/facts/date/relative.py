"""Productions for dates that lean on another day: the anchor ("last week") or the last date told ("that day")."""

from __future__ import annotations

import re
from datetime import date

from extract.fact import Timex
from extract.facts.date import normalise as n
from extract.facts.date.absolute import Outcome, phase, season_near
from extract.facts.date.durations import GUESS, UNKNOWN, amount_of, approximation, unit_of
from extract.facts.date.lexer import Lexeme
from extract.facts.date.scene import Match, Refused

SURE, LIKELY, VAGUE = 0.95, 0.9, 0.85
_DEICTIC = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}
_STEPS = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "next": 1,
    "coming": 1,
    "following": 1,
    "this": 0,
    "current": 0,
    "that": 0,
    "same": 0,
}


def deictic(match: Match) -> Outcome:
    """`today`, `yesterday`, `earlier today`, `tomorrow morning`, `tonight`."""
    word = match.one("today", "yesterday", "tomorrow", "tonight")
    if word is None:
        return None
    if _is_in_a_name(match, word):
        return Refused("part of a name")
    part = _day_part(match) or ("NI" if word.kind == "tonight" else "")
    suffix = f"T{part}" if part else ""
    anchor = match.scene.anchor
    found = n.add(anchor, _DEICTIC[word.kind], "D") if anchor else None
    value = f"{found.isoformat() if found else UNKNOWN['D']}{suffix}"
    return match.date(value, SURE if found else 0.8, timex="TIME" if part else "DATE", relative=True)


def _is_in_a_name(match: Match, word: Lexeme) -> bool:
    text = match.scene.text
    if text[word.start : word.end].isupper():
        return match.scene.word_after(word.end).isupper()
    before = match.scene.word_before(match.start)
    return text[word.start].isupper() and before[:1].isupper() and len(before) > 1 and before[-1] != "."


def _day_part(match: Match) -> str:
    word = match.one("daypart")
    if word is None:
        return "NI" if any(item.value == "NI" for item in match.items) else ""
    return str(word.value)


def day_beyond(match: Match) -> Outcome:
    """`the day before yesterday`, `the day after tomorrow`."""
    step = -2 if match.has("yesterday") else 2
    anchor = match.scene.anchor
    found = n.add(anchor, step, "D") if anchor else None
    return match.date(found.isoformat() if found else UNKNOWN["D"], LIKELY, relative=True)


def unit(match: Match) -> Outcome:
    """`last week`, `this month`, `the past quarter`, `the end of last year`, `the previous day`, `that year`."""
    step = match.one(*_STEPS)
    size = unit_of(match)
    if step is None or size is None or size in n.CLOCK_UNITS or (step.kind == "last" and match.after.kind == "of"):
        return None
    if size == "NI" and step.kind in {"last", "this", "previous", "next"}:
        return _night(match, -1 if step.kind == "last" else _STEPS[step.kind])
    if _is_stretch(match, step, size):
        return stretch(match, 1, size)
    leans = step.kind in {"previous", "following", "that", "same"} or (step.kind == "next" and size == "D")
    base = match.scene.reference_day(size) if leans else match.scene.anchor
    if size == "Q" and step.kind in {"last", "past"} and base:
        return _last_quarter(match, base)
    if step.kind in {"that", "same"} and base is None:
        return match.date(UNKNOWN[size], 0.5)
    found = (
        _weekend(base, _STEPS[step.kind], match)
        if size == "WE" and base
        else n.add(base, _STEPS[step.kind], size)
        if base
        else None
    )
    value = n.period(found, size) if found else UNKNOWN[size]
    timex: Timex = "TIME" if size == "NI" else "DATE"
    return match.date(value, LIKELY if found and not leans else GUESS, mod=phase(match), timex=timex, relative=True)


def _last_quarter(match: Match, base: date) -> Outcome:
    """The quarter that has just ended or is about to: at its last days "the past quarter" is the one that ends."""
    found = n.add(base, _QUARTER_NEARLY_OVER, "D")
    found = n.add(found, -1, "Q") if found else None
    return match.date(n.period(found, "Q"), VAGUE, mod=phase(match), relative=True) if found else None


_QUARTER_NEARLY_OVER = 14  # days


def _night(match: Match, step: int) -> Outcome:
    anchor = match.scene.anchor if step <= 0 else match.scene.reference_day("D")
    found = n.add(anchor, step, "D") if anchor else None
    return match.date(f"{found.isoformat() if found else UNKNOWN['D']}TNI", LIKELY, timex="TIME", relative=True)


def _is_stretch(match: Match, step: Lexeme, size: str) -> bool:
    """Whether "the past year" is told as a length: with "the" and no part singled out; a quarter stays a quarter."""
    if step.kind == "past":
        return size != "Q" and phase(match) is None
    is_long = step.kind in {"last", "coming"} and match.items[0].kind == "the" and step is match.items[1]
    return (
        is_long and size in {"Y", "MO", "W", "DE", "CE"} and phase(match) is None and match.before.kind in _STRETCH_CUES
    )


_STRETCH_CUES = frozenset({"over", "in", "for", "during"})


def unit_beyond(match: Match) -> Outcome:
    """`the week before last`, `the month after next`."""
    size, anchor = unit_of(match), match.scene.anchor
    if size is None or size in n.CLOCK_UNITS:
        return None
    found = n.add(anchor, 2 if match.has("next") else -2, size) if anchor else None
    return match.date(n.period(found, size) if found else UNKNOWN.get(size, "XXXX"), SURE, relative=True)


def stretch(match: Match, amount: float | None, size: str) -> Outcome:
    """A length that ends or begins at the anchor: "the past two weeks"; first and last hold its days."""
    found = match.date(n.duration(amount, size), LIKELY, timex="DURATION", mod=approximation(match), relative=True)
    anchor = match.scene.anchor
    if anchor is None or amount is None:
        return found
    step = 1 if match.has("next", "coming", "following") else -1
    other = n.add(anchor, step * amount, size)
    if other is None or match.has("ordinal"):
        return found
    days = sorted((anchor.isoformat(), other.isoformat()))
    known = found.timex3._replace(first=days[0], last=days[1])
    return type(found)(found.start, found.end, known, found.confidence, refers=False)


def _weekend(base: date, step: int, match: Match) -> date | None:
    saturday = n.add(base, 6 - base.isoweekday() if base.isoweekday() < 7 else -1, "D")
    if step == 0 and saturday and saturday > base and match.direction() == n.PAST:
        step = -1
    if step == -1 and saturday and saturday < base:
        step = 0
    return n.add(saturday, 7 * step, "D") if saturday else None


def plain_unit(match: Match) -> Outcome:
    """`the weekend`, `the end of the year`, `to end the day`: the one that is being told of."""
    size = unit_of(match)
    scene = match.scene
    if size == "WE" and match.after.kind == "of":
        return None
    if size == "WE":
        found = _weekend(scene.anchor, 0, match) if scene.anchor else None
        return match.date(n.period(found, "WE") if found else UNKNOWN["WE"], GUESS, relative=True)
    if size == "Q":
        return _quarter_told(match)
    if size not in {"D", "W", "MO", "Y"} or not _tells_of_now(match):
        return None
    base = scene.reference_day(size) or (scene.anchor if size != "D" else None)
    return match.date(n.period(base, size), GUESS, mod=phase(match), relative=True) if base else None


def _quarter_told(match: Match) -> Outcome:
    """`for the quarter`, `the quarter ended June 30`: the one told last, else the last that is over."""
    scene = match.scene
    is_over = scene.word_after(match.end).lower() in {"ended", "ending"}
    if not is_over and scene.word_before(match.start).lower() not in {"for", "in", "during"}:
        return None
    if scene.word_after(match.end) == "of":
        return None
    if scene.reference and n.granularity(scene.reference) == "Q":
        return match.date(scene.reference, GUESS, relative=True)
    return _last_quarter(match, scene.anchor) if scene.anchor else match.date(UNKNOWN["Q"], 0.5)


_CLOSING = frozenset({
    "end", "ended", "ending", "ends", "finish", "finished", "finishing", "close", "closed", "closing", "began",
    "start", "started", "begin", "starting", "beginning",
})  # fmt: skip


def _tells_of_now(match: Match) -> bool:
    if match.has("early", "late", "mid", "beginning", "end", "earlier", "later", "rest"):
        return True
    before = match.scene.word_before(match.start).lower()
    after = match.scene.word_after(match.end).lower()
    if after in {"of", "before", "after", "when", "that", "in", "with"} or match.scene.word_after(match.end).isupper():
        return False
    if before == "in":
        return _is_in_later(match)
    return before in _CLOSING or (before == "for" and not after.isalpha() and unit_of(match) != "D")


def _is_in_later(match: Match) -> bool:
    index = match.first - 2
    return index >= 0 and match.scene.items[index].kind in {"later", "earlier", "late", "early"}


def weekday(match: Match) -> Outcome:
    """`on Tuesday`, `last Friday`, `next Monday`, `Friday morning`, `Tuesday last week`, `the following Tuesday`."""
    word = match.one("weekday", "weekdayabbr")
    if word is None or (
        word.kind == "weekdayabbr"
        and match.before.kind not in {"on", "last", "next", "this", "comma", "dash", "hyphen"}
    ):
        return None
    if match.after.kind == "of" and match.before.kind in {"ordinal", "second", "dayth", "last"}:
        return Refused("one weekday of many, not a day")
    if match.scene.word_after(match.end) in _PAPERS and match.items[-1] is word:
        return Refused("the name of a paper")
    if match.scene.word_before(match.start) in _DAY_NAMES:
        return Refused("the name of a day in history or of a feast")
    number = int(word.value or 0)
    part = _day_part(match)
    suffix = f"T{part}" if part else ""
    timex: Timex = "TIME" if part else "DATE"
    found = _weekday_day(match, number)
    value = f"{found.isoformat() if found else f'XXXX-WXX-{number}'}{suffix}"
    return match.date(value, LIKELY if found else 0.8, mod=phase(match), timex=timex, relative=True)


def overnight_weekday(match: Match) -> Outcome:
    """`overnight Saturday`: the night of that day."""
    return weekday(match) if match.items[0].text == "overnight" else None


_DAY_NAMES = frozenset({
    "Black", "Bloody", "Good", "Super", "Cyber", "Giving", "Fat", "Ash", "Holy", "Palm", "Maundy", "Shrove", "Ruby",
})  # fmt: skip


_PAPERS = frozenset({
    "Times", "Mail", "Telegraph", "Express", "Mirror", "Star", "Post", "Herald", "Tribune", "Independent", "Monitor",
    "World", "Vision", "Nation", "Standard", "Sun", "Guardian", "Observer", "Magazine", "Review",
})  # fmt: skip


def _weekday_day(match: Match, number: int) -> date | None:
    step = match.one(*_STEPS)
    scene = match.scene
    if step and step.kind in {"following", "previous", "that", "same"}:
        base = scene.reference_day("D")
        return _strictly(base, number, _STEPS[step.kind]) if base else None
    anchor = scene.anchor
    if anchor is None:
        return None
    unit = match.one("unit")
    if unit and unit.value != "NI":
        week = n.add(anchor, 7 * _STEPS[step.kind], "D") if step else anchor
        return n.add(week, number - week.isoweekday(), "D") if week else None
    if step and step.kind in {"last", "past"}:
        return _strictly(anchor, number, n.PAST)
    if step and step.kind in {"next", "coming"}:
        return _strictly(anchor, number, n.FUTURE)
    way = n.FUTURE if _is_a_deadline(match) else match.direction()
    return n.weekday_near(anchor, number, way if way else (0 if step else n.PAST))


def _is_a_deadline(match: Match) -> bool:
    """Whether amid a sentence "by", "until" or "for" stands before: "called a strike for Wednesday"."""
    before = match.scene.word_before(match.start)
    is_open = before in {"until", "till", "for"} or (before == "by" and match.after.kind != "possessive")
    return is_open and not _PLUPERFECT.search(match.scene.text, max(0, match.start - 60), match.start)


_PLUPERFECT = re.compile(r"\bhad\b")


def _strictly(base: date, number: int, way: int) -> date | None:
    start = n.add(base, way, "D") if way else base
    return n.weekday_near(start, number, way) if start else None


def month(match: Match) -> Outcome:
    """`last March`, `next June`, `the following May`, `April last year`."""
    word = match.all("month")[0]
    number = int(word.value or 0)
    step = match.one(*_STEPS)
    if step is None:
        return None
    if step.kind == "that" and step is match.items[0]:
        return _that_month(match, number)
    leans = step.kind in {"following", "previous", "that", "same"}
    base = match.scene.reference_day("MO") if leans else match.scene.anchor
    if base is None:
        return match.date(f"XXXX-{number:02}", 0.75, mod=phase(match))
    if match.has("unit"):
        base = match.scene.reference_day("Y") if leans else base
        if base is None:
            return None
        return match.date(f"{base.year + _STEPS[step.kind]:04}-{number:02}", LIKELY, mod=phase(match), relative=True)
    way = _STEPS[step.kind]
    start = n.add_months(base, way) if way else base
    way = way or match.direction()
    found = base.replace(month=number, day=1) if step.kind == "this" else n.month_near(start or base, number, way)
    return match.date(n.period(found, "MO"), LIKELY, mod=phase(match), relative=True)


def _that_month(match: Match, number: int) -> Outcome:
    """`that June`, where the parse takes "that" for an article: in the year that is being told of."""
    token = match.scene.token(match.start)
    if token is None or not token.dep_.startswith("det"):
        return None
    base = match.scene.reference_day("Y")
    return match.date(f"{base.year:04}-{number:02}" if base else f"XXXX-{number:02}", GUESS, relative=True)


def day_of_month(match: Match) -> Outcome:
    """`on the 20th`: of the month that is being told of."""
    base = match.scene.reference_day("MO")
    number = int("".join(c for c in match.items[-1].text if c.isdigit()))
    after = match.scene.word_after(match.end)
    if (
        match.before.kind != "on"
        or base is None
        or (after[:1].isalpha() and after not in {"and", "but", "when", "after", "at", "to", "was", "by"})
    ):
        return None
    found = n.day(base.year, base.month, number)
    return match.date(found.isoformat(), GUESS, relative=True) if found else None


def month_day_year(match: Match) -> Outcome:
    """`June 5 last year`, `5 June this year`."""
    step = match.one(*_STEPS)
    word = match.one("month")
    number = match.one("day", "dayth")
    leans = step is not None and step.kind in {"that", "same"}
    anchor = match.scene.reference_day("Y") if leans else match.scene.anchor
    if step is None or word is None or number is None or anchor is None:
        return None
    digits = int("".join(c for c in number.text if c.isdigit()))
    found = n.day(anchor.year + _STEPS[step.kind], int(word.value or 0), digits)
    return match.date(found.isoformat(), LIKELY, relative=True) if found else None


def season(match: Match) -> Outcome:
    """`last summer`, `this spring`, `next winter`."""
    word = match.all("season")[-1]
    step = match.one(*_STEPS)
    anchor = match.scene.anchor
    code = str(word.value)
    if step is None:
        return None
    if anchor is None:
        return match.date(f"XXXX-{code}", 0.7)
    if step.kind in {"this", "current"}:
        near = anchor
    else:
        way = _STEPS[step.kind]
        near = season_near(n.add_months(anchor, 3 * way) or anchor, code, way)
    return match.date(n.season(near, code), LIKELY, mod=phase(match), relative=True)


def ago(match: Match) -> Outcome:
    """`two years ago`, `a month earlier`, `three days later`: counted at the unit's own size."""
    size = unit_of(match)
    word = match.items[-1]
    if size is None or (size == "Q" and word.kind == "ago" and match.has("a")):
        return None
    amount = amount_of(match)
    if word.kind == "before" and match.scene.word_after(match.end).isalnum():
        return None
    back = word.kind in {"ago", "earlier", "before"}
    if amount is None:
        return match.date("PAST_REF" if back else "FUTURE_REF", GUESS, relative=True)
    step = -amount if back else amount
    base = match.scene.anchor if word.kind == "ago" or match.has("now") else match.scene.reference_day(size)
    if size in n.CLOCK_UNITS:
        return _hours(match, base, step, size)
    found = n.add(base, step, "W" if size == "WE" else size) if base else None
    mod = "APPROX" if match.has("couple", "about", "half") else approximation(match)
    value = n.period(found, _FINER.get(size, size) if amount % 1 else size) if found else UNKNOWN[size]
    sure = LIKELY if word.kind == "ago" else GUESS
    return match.date(value, sure if found else 0.5, mod=mod, relative=True)


_FINER = {"Y": "MO", "DE": "Y", "CE": "DE"}  # half a century ago is a decade, half a decade a year


def _hours(match: Match, base: date | None, step: float, size: str) -> Outcome:
    del base
    return match.date(n.duration(abs(step), size), 0.6, timex="DURATION", mod=approximation(match))


def in_time(match: Match) -> Outcome:
    """`two weeks from now`."""
    size, amount = unit_of(match), amount_of(match)
    if size is None:
        return None
    if amount is None:
        return match.date("FUTURE_REF", GUESS)
    anchor = match.scene.anchor
    found = n.add(anchor, amount, size) if anchor and size not in n.CLOCK_UNITS else None
    return match.date(
        n.period(found, size) if found else UNKNOWN.get(size, "FUTURE_REF"), LIKELY if found else 0.5, relative=True
    )


def same_period(match: Match) -> Outcome:
    """`the same month last year`, `the same period a year earlier`: the last date told, a year before."""
    size = str(match.items[2].value) if match.items[2].kind == "unit" else None
    reference = match.scene.reference
    grain = (size if size in {"D", "W", "MO", "Q", "Y"} else None) or (n.granularity(reference) if reference else None)
    if reference is None or grain is None or grain == "Y" or (grain == "D" and size is None):
        anchor = match.scene.anchor
        return match.date(f"{anchor.year - 1:04}", 0.5, relative=True) if anchor else None
    first, _ = n.interval(reference)
    base = n.add(date.fromisoformat(first), *((-52, "W") if grain == "W" else (-1, "Y"))) if first else None
    return match.date(n.period(base, grain), GUESS, relative=True) if base else None


def year_ago(match: Match) -> Outcome:
    """`the year-ago quarter`, `a year-ago`: a year before the quarter told last, else before the anchor."""
    anchor = match.scene.anchor
    size = unit_of(match) or "Y"
    grain = n.granularity(match.scene.reference or "")
    base = match.scene.reference_day(size) if size in {"Q", "MO"} and grain in {size, "D", "MO"} else anchor
    found = n.add(base, -1, "Y") if base else None
    return match.date(n.period(found, size), GUESS, relative=True) if found else None


def vague(match: Match) -> Outcome:
    """`now`, `currently`, `recently`, `the future`, `the past`, `these days`, `the time being`."""
    word = match.one("future", "recently", "recent", "past", "now", "currently", "current", "present")
    kind = word.kind if word else "now"
    if kind == "future":
        return _future(match)
    if kind == "past":
        return _past(match)
    if kind in {"now", "current"} and match.scene.text[match.end : match.end + 1] == "-":
        return Refused("part of a compound")
    if match.has("moment") and match.before.kind != "at" and not word:
        return None
    if kind == "recently" and match.before.kind == match.after.kind == "as":
        return Refused("how late something was, before its date")
    value = "PAST_REF" if kind in {"recently", "recent"} else "PRESENT_REF"
    return match.date(value, VAGUE if kind not in {"recent", "current"} else 0.65, relative=False)


def _future(match: Match) -> Outcome:
    if match.before.kind == "our" or match.scene.word_before(match.start).lower() in {
        "his",
        "her",
        "their",
        "its",
        "our",
        "whose",
        "'s",
        "s",
    }:
        return Refused("what becomes of somebody, not a time")
    if match.has("the") and match.scene.word_after(match.end) == "of":
        return Refused("what becomes of something, not a time")
    return match.date("FUTURE_REF", VAGUE)


def _past(match: Match) -> Outcome:
    after = match.scene.word_after(match.end).lower()
    return (
        None
        if after.isalpha() and after not in {"and", "but", "or", "by", "when", "as"}
        else match.date("PAST_REF", VAGUE)
    )


def day_part(match: Match) -> Outcome:
    """`this morning`, `that evening`, `the night of August 9`, `One afternoon` in a month that follows."""
    part = _day_part(match)
    if not part:
        return None
    size = match.one("this", "that", "same", "following", "next", "previous", "last")
    scene = match.scene
    step = _STEPS[size.kind] if size else 0
    is_deictic = size is not None and size.kind in {"this", "last"}
    base = scene.anchor if is_deictic else scene.reference_day("D")
    found = n.add(base, step, "D") if base else None
    if match.has("numword", "a") or (size is None and match.has("the") and scene.reference is None):
        found = None
    value = found.isoformat() if found else _month_after(match) or UNKNOWN["D"]
    sure = LIKELY if is_deictic else 0.6
    return match.date(f"{value}T{part}", sure, mod=phase(match), timex="TIME", relative=True)


def at_night(match: Match) -> Outcome:
    """`at night`: the night alone, of the day that is told of."""
    word = match.items[-1]
    if word.value != "NI":
        return None
    base = match.scene.reference_day("D")
    value = f"{base.isoformat() if base else UNKNOWN['D']}TNI"
    return match.part((word.start, word.end), value, 0.6, timex="TIME", relative=True)


def that_time(match: Match) -> Outcome:
    """`by that time`, `since that time`: what was told last."""
    if match.scene.word_before(match.start).lower() not in _BEFORE_A_TIME:
        return None
    return match.date(match.scene.reference or "PAST_REF", 0.6, relative=True)


_BEFORE_A_TIME = frozenset({"at", "by", "since", "until", "till", "before", "after", "from", "around", "during"})


def _month_after(match: Match) -> str | None:
    """The unknown day of the month that follows: "One afternoon in mid-February"."""
    following = match.scene.items[match.last : match.last + 5]
    if not following or following[0].kind not in {"in", "of"}:
        return None
    month = next((item for item in following if item.kind == "month"), None)
    year = next((item for item in following if item.kind == "year"), None)
    if month is None:
        return None
    if year is not None and year.start > month.start:
        return f"{year.text}-{int(month.value or 0):02}-XX"
    anchor = match.scene.anchor
    near = n.month_near(anchor, int(month.value or 0), match.direction() or n.PAST) if anchor else None
    return f"{n.period(near, 'MO') if near else f'XXXX-{int(month.value or 0):02}'}-XX"


def day_around(match: Match) -> Outcome:
    """`the day before`, `the year previous`, `the week after`, with nothing after it: beside the last date told."""
    size = unit_of(match)
    if size is None or size in n.CLOCK_UNITS or (match.scene.word_after(match.end).isalnum() and not _ends(match)):
        return None
    base = match.scene.reference_day(size)
    found = n.add(base, 1 if match.items[-1].text in {"after", "later", "following"} else -1, size) if base else None
    return match.date(n.period(found, size) if found else UNKNOWN[size], GUESS, relative=True)


def _ends(match: Match) -> bool:
    """Whether a clause or a noun phrase of its own follows: "the year before the figures were lower"."""
    token = match.scene.token(match.items[-1].start)
    return token is not None and token.dep_ == "advmod"


def unit_end(match: Match) -> Outcome:
    """`year's end`, `year-end`, `month-end`: of the one that is told of."""
    size = unit_of(match)
    anchor = match.scene.anchor
    if anchor is None or size not in {"Y", "MO"}:
        return None
    return match.date(n.period(anchor, size), GUESS, mod="END", relative=True)


def long_term(match: Match) -> Outcome:
    """`the near term`, `the long term`."""
    return match.date("FUTURE_REF", 0.6)
