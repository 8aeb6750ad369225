"""The rules for dates: a name, a pattern over kinds of words, and what it makes; the longest reading wins.

Small letters name kinds (lexer.py), capitals macros; the rest is a regex. Of equally long readings the first wins.
"""

from __future__ import annotations

from extract.facts.date import absolute, clock, durations, relative
from extract.rule import Rule

_WD = "(this? WEEKDAY comma?)?"
_MD = "month (DAY | the dayth)"
_DM = "the? (DAY | ordinal of | second of) of? month"
_Y = "(comma? YEAR)"

RULES: tuple[Rule, ...] = (
    # 2022-12-14
    Rule("iso-date", "iso", absolute.iso),
    # 12/14/2022
    Rule("numeric-date", "numeric", absolute.numeric),
    # September 30 2024, 09:55 PM
    Rule("date-then-clock", f"{_WD} ({_MD} {_Y}? | {_DM} {_Y}? | numeric) (comma | at | dash)? CLOCK", clock.dated),
    # 10 a.m. on? June 5, 2013 (no preposition between)
    Rule("clock-then-date", f"CLOCK {_WD} ({_MD} {_Y}? | {_DM} {_Y}?)", clock.dated),
    # 10 a.m. Friday
    Rule("clock-then-weekday", "CLOCK (WEEKDAY | today | yesterday | tomorrow)", clock.dated),
    # Friday, 10 a.m.
    Rule("weekday-then-clock", "(WEEKDAY | today | yesterday | tomorrow) comma? CLOCK", clock.dated),
    # the morning of January 31
    Rule(
        "part-of-date",
        f"the? (early | late)? (daypart units? | unit) of {_WD} ({_MD} {_Y}? | {_DM} {_Y}? | weekday)",
        clock.part_of_day,
    ),
    # Monday evening, July 25
    Rule(
        "part-of-weekday-date",
        f"this? WEEKDAY (daypart | unit) comma? ({_MD} {_Y}? | {_DM} {_Y}?)",
        clock.part_of_day,
    ),
    # 28 February to 3 March 2021
    Rule("two-days", "(month DAY TO month DAY comma? year | DAY month TO DAY month comma? year)", absolute.two_days),
    # 9-12 August 2021
    Rule(
        "day-range",
        "(month DAY (hyphen | dash | to | and) DAY (comma? year)? | DAY (hyphen | dash | to | and) DAY of? "
        "month (comma? year)?)",
        absolute.day_range,
    ),
    # Friday, March 11, 2022
    Rule("month-day", f"{_WD} {_MD} {_Y}?", absolute.month_day),
    # Friday 11 March 2022
    Rule("day-month", f"{_WD} {_DM} (comma? of? YEAR)?", absolute.month_day),
    # June 5 last year
    Rule(
        "month-day-year-told",
        "(month DAY | DAY of? month) of? (last | this | next | that same? | the same) unit",
        relative.month_day_year,
    ),
    # on the 20th
    Rule("day-of-month", "the dayth", relative.day_of_month),
    # from March to May 2021
    Rule("two-months", "month TO month comma? year", absolute.two_months),
    # the end of August 2020
    Rule("month-year", "PHASE? month (comma | of)? YEAR", absolute.month_year),
    # in August
    Rule("month", "PHASE? month", absolute.month_alone),
    # the last week of March
    Rule("week-of-month", "the (ORD | last | final) unit of month (comma? year)?", absolute.week_of),
    # 2015-2019
    Rule("year-range", "year (hyphen | dash) (year | day | number)", absolute.year_range),
    # the year 2012
    Rule("year", "(PHASE? | the? (unit | units)) YEAR", absolute.year_alone),
    # '82
    Rule("short-year", "apostrophe", absolute.short_year),
    # 44 BC
    Rule("era-year", "((day | number | year) bc | ad (day | number | year))", absolute.era_year),
    # the late 1980s
    Rule("decade", "(the? PHASE? decade | the PHASE? decadeword | PHASE decadeword)", absolute.decade),
    # the 19th century
    Rule("century", "(the | this)? PHASE? (ordinal | dayth | second) hyphen? unit", absolute.century),
    # fiscal 2013
    Rule(
        "fiscal-year",
        "(PHASE? the? fiscal unit? year | fy year | the? year fiscal unit | PHASE? (the | this | next | last) "
        "(current | next | last | previous | coming)? fiscal unit)",
        absolute.fiscal_year,
    ),
    # the third quarter of 2009
    Rule(
        "quarter",
        "((ordinal | second | dayth) hyphen (unit | half) | the? (ordinal | second | dayth | final | last) "
        "(unit | half)) (of? year | of? the year | (of? (last | this | next) unit) | of the unit)?",
        absolute.quarter,
    ),
    # Q3 2021
    Rule("short-quarter", "(qnum (of? year)? | year qnum)", absolute.quarter),
    # the summer of 2020
    Rule("season", "(the? PHASE? season (of? year)? | PHASE season (of? year)?)", absolute.season),
    # New Year's Eve
    Rule("holiday", "((the | this)? coming | this | last | next)? holiday (of? year)?", absolute.holiday),
    # 14 грудня 2022
    Rule("foreign-date", "(day | dayth)? dot? foreign year", absolute.foreign),
    # yesterday morning
    Rule(
        "deictic-day",
        "((early | late | earlier | later) (today | yesterday | tomorrow) | (today | yesterday | tomorrow) "
        "(daypart | unit) | today | yesterday | tomorrow | tonight | later tonight)",
        relative.deictic,
    ),
    # the day before yesterday
    Rule("day-beyond", "the unit (before | after) (yesterday | tomorrow)", relative.day_beyond),
    # the week before last
    Rule("unit-beyond", "the unit (before last | after next)", relative.unit_beyond),
    # the end of last year
    Rule(
        "unit-relative",
        "(PHASE | earlier | later | late in | early in | the rest of)? (the? REL | the following | that same? "
        "| the same | the (current | coming)) unit",
        relative.unit,
    ),
    # the past two weeks
    Rule(
        "stretch",
        "(the | these | our)? (last | past | next | coming | previous | following | recent) APPROX? (few | "
        "vague | couple of | COUNT (to COUNT | or COUNT | hyphen COUNT)?)? (straight | more)? UNIT",
        durations.length,
    ),
    # the weekend
    Rule(
        "plain-unit",
        "(PHASE | (late | early | later | earlier | the? rest of) in?)? the unit",
        relative.plain_unit,
    ),
    # last Friday
    Rule(
        "weekday",
        "(early | late | earlier | later)? (WEEKDAY of? (last | next | this) unit | (the following | the? "
        "REL)? WEEKDAY (daypart | unit)? | (that same? | the same) WEEKDAY (daypart | unit)?)",
        relative.weekday,
    ),
    # overnight Saturday
    Rule("overnight-weekday", "daypart WEEKDAY", relative.overnight_weekday),
    # last March
    Rule(
        "month-relative",
        "PHASE? ((the following | the previous | REL | that) month | month of? (last | this | next | that same? | "
        "the same) unit)",
        relative.month,
    ),
    # last summer
    Rule(
        "season-relative",
        "PHASE? the? (last | this | next | past | coming | previous | following) season",
        relative.season,
    ),
    # two years ago
    Rule(
        "ago",
        "(APPROX | some)? (COUNT | a | a? few | vague | some | another)? (straight | more | hard)? UNIT "
        "(and a half)? AGO | (APPROX? (COUNT | a | a few | vague) UNIT before | (COUNT or COUNT UNIT | "
        "a unit or numword) AGO)",
        relative.ago,
    ),
    # two weeks from now
    Rule("from-now", "APPROX? (COUNT | a | a few | vague) UNIT from now", relative.in_time),
    # the same period last year
    Rule(
        "same-period",
        "the same (unit | period | time) (of | in)? (the)? (last unit | a unit (ago | earlier) | previous unit)",
        relative.same_period,
    ),
    # the year previous
    Rule("unit-around", "the unit (previous | before | after | following | earlier)", relative.day_around),
    # the year-ago quarter
    Rule("year-ago", "(the | a)? unit hyphen ago (unit | period)?", relative.year_ago),
    # year's end
    Rule("unit-end", "unit (hyphen | possessive) end", relative.unit_end),
    # 9/11
    Rule("nine-eleven", "day slash day", absolute.nine_eleven),
    # the long term
    Rule("long-term", "the (near | long | short) hyphen? term", relative.long_term),
    # currently
    Rule(
        "vague",
        "(currently | recently | very? recent | more recently | now | current | the (present | current) (unit "
        "| time | moment) | the time being | the moment | (the | a)? near? future | the past | these units)",
        relative.vague,
    ),
    # by that time
    Rule("that-time", "that time", relative.that_time),
    # at night
    Rule("at-night", "at unit", relative.at_night),
    # this morning
    Rule(
        "part-of-day",
        "((early | late)? (this | that | the | the same | the following | the next | last | numword) (daypart | unit) "
        "| the? (early | late | mid hyphen?) daypart | the (early | late)? daypart units)",
        relative.day_part,
    ),
    # more than two months
    Rule(
        "length",
        "(APPROX? | some | the (ordinal | second | last | final | next)) (COUNT | a few | few | vague | some | "
        "dozens of | another COUNT? | a straight COUNT | more than a | these COUNT | those COUNT) (straight | "
        "more | whole | long | hard)? hyphen? UNIT (and a half)? (or more)? | the (NUM | few) units",
        durations.length,
    ),
    # a day
    Rule("single", "APPROX? a straight? (unit)(and a half)?", durations.single),
    # for months
    Rule("bare-units", "the? units", durations.bare),
    # the whole day
    Rule("whole-unit", "((the | a) (whole | straight) unit | all unit)", durations.whole),
    # the second day
    Rule(
        "ordinal-unit",
        "((the | a)? (ordinal | second | dayth) straight unit | the ordinal unit)",
        durations.ordinal_unit,
    ),
    # a two-day visit
    Rule(
        "long",
        "(APPROX? COUNT hyphen unit hyphen long | (unit | units) hyphen long | longword | COUNT hyphen unit)",
        durations.long,
    ),
    # 62-year-old
    Rule("age", "(APPROX? COUNT hyphen? UNIT (hyphen? old | of age) | (unit | units) hyphen old)", durations.age),
    # Ivan Petrov, 53,
    Rule(
        "bare-age",
        "(comma (day | number) (and (day | number))? (?=comma | dot) | open (day | number) close_ | aged comma? (day "
        "| number) (and (day | number))? | (at the)? age (of)? (day | number))",
        durations.bare_age,
    ),
    # who is 61
    Rule("age-told", "(who? is | of | over | under) (day | number)", durations.told_age),
    # a quarter of a century
    Rule("part-of-century", "APPROX? a unit (of a)? unit", durations.part_of_century),
    # between 60 and 90 days
    Rule(
        "length-pair",
        "(the (last | past | next | coming))? COUNT ((to | hyphen | dash | and | or) | hyphen (to | or) "
        "hyphen?) COUNT hyphen? UNIT",
        durations.count_pair,
    ),
    # two years and six months
    Rule(
        "compound-length",
        "APPROX? (COUNT | a) UNIT (and | comma)? (COUNT | a) UNIT ((and | comma)? COUNT UNIT)?",
        durations.compound,
    ),
    # every day
    Rule(
        "every",
        "each (other | COUNT | ordinal | second | straight)? (UNIT | WEEKDAY | month DAY? | DAY of? month | season | "
        "daypart | WEEKDAY (daypart | unit))",
        durations.every,
    ),
    # daily
    Rule("set-word", "setword", durations.set_word),
    # twice a week
    Rule(
        "times-per",
        "((once | COUNT times) (a | per | each) (COUNT | other)? UNIT | per unit | per second)",
        durations.times_per,
    ),
    # on Sundays
    Rule("weekday-set", "(weekdays | units)", durations.weekday_set),
    # four in the morning
    Rule("clock-in-part", "(day | number | clock | WORDS) oclock? in the daypart", clock.in_part),
    # 9 a.m.
    Rule("clock", "(CLOCK | daypart | (day | WORDS) oclock daypart?)", clock.clock),
)
