"""What holds of dates whatever the text: no clock, no lost characters, no slow text, honest granularity."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from spacy.tokens import Doc

from extract import Article
from extract.facts.date import normalise as n
from extract.facts.date.holidays import easter, falls_on, holidays
from extract.facts.date.lexer import ALPHABET, FILLERS, VOCABULARY, expand
from extract.facts.date.patterns import MONTHS, NUMBER_WORDS, ORDINALS, WEEKDAYS
from extract.facts.date.reader import read
from extract.facts.date.rules import RULES
from extract.facts.date.schema import Timex3
from extract.room import Declined, Draft

VOCAB = spacy.blank("en").vocab
KINDS = {character: kind for kind, character in ALPHABET.items()}
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
TIMEX3_VALUE = re.compile(
    r"(?:BC\d{4}|FY\d{4}|PAST_REF|PRESENT_REF|FUTURE_REF|P(?:\d|X|T).*"
    r"|[\dX]{1,4}(?:-(?:[\dX]{2}|W[\dX]{2}(?:-(?:WE|XX|\d))?|Q[\dX]|H[\dX]|SP|SU|FA|WI))?(?:-[\dX]{2})?"
    r"(?:T(?:[A-Z]{2}|\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?))?)"
)
NEWSLIKE = st.lists(
    st.sampled_from(
        [
            *VOCABULARY,
            "May",
            "March",
            "Friday",
            "2021",
            "14",
            "1,437",
            "'82",
            "1990s",
            "9.30am",
            "10:45",
            "12/14/2022",
            "\n",
            ",",
            "-",
            ".",
        ]
    ),
    max_size=40,
).map(" ".join)


def holds(*strategies):
    """Like hypothesis' given, the same examples on every run, however slow the machine."""
    return lambda test: settings(deadline=None, derandomize=True, max_examples=30)(given(*strategies)(test))


def dates_of(text: str, published: str | None = None, language: str | None = None) -> list[Draft]:
    return [found for found in reading(text, published, language) if isinstance(found, Draft)]


def reading(text: str, published: str | None = None, language: str | None = None) -> list[Draft | Declined]:
    return list(read(doc_of(text, published, language)))


def doc_of(text: str, published: str | None = None, language: str | None = None) -> Doc:
    words = re.findall(r"\w+|[^\w\s]|\s", text)
    doc = Doc(VOCAB, words=words, spaces=[False] * len(words))
    doc._.article = Article(id="a", text=text, published=published, language=language)
    return doc


def values(text: str, published: str | None = None) -> list[str]:
    return [draft.fields["value"] for draft in dates_of(text, published)]


@holds(st.text(max_size=400))
@example("\u202e12/14/2022\u202c")
@example("１４ May ２０２１")
@example("٣ May 2021")
@example("²⁰²¹ and 1² May")
@example("o'clock\x00 9 a.m.\x00")
@example("10:60 pm 25:00 UTC 13:00 pm")
def test_any_text_is_read_without_an_exception(text):
    for found in reading(text, "2021-03-01"):
        assert text[found.start : found.end]


@holds(NEWSLIKE, st.none() | DAYS.map(date.isoformat))
def test_every_reading_is_a_valid_date(text, published):
    for draft in dates_of(text, published):
        assert TIMEX3_VALUE.fullmatch(draft.fields["value"]), draft
        assert TypeAdapter(Timex3).validate_python(draft.fields).fields() == draft.fields
        first, last = draft.fields["first"], draft.fields["last"]
        assert (first is None) == (last is None)
        assert first is None or date.fromisoformat(first) <= date.fromisoformat(last)


@holds(NEWSLIKE, DAYS)
def test_readings_do_not_overlap_and_come_in_order(text, published):
    drafts = dates_of(text, published.isoformat())
    for one, two in pairwise(drafts):
        assert one.end <= two.start


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_is_content_with_words_that_the_lexer_passes_over(rule):
    tree = re._parser.parse(expand(rule.pattern))
    assert least_cores(tree) > 0


def least_cores(tree):
    """How many lexemes beside fillers a match of the pattern has at least."""
    return sum(cores_of(str(operation), argument) for operation, argument in tree)


def cores_of(operation, argument):
    if operation in {"LITERAL", "IN"}:
        kinds = [argument] if operation == "LITERAL" else [code for _, code in argument]
        return int(not any(KINDS[chr(code)] in FILLERS for code in kinds))
    if operation == "BRANCH":
        return min(least_cores(branch) for branch in argument[1])
    if operation == "MAX_REPEAT":
        return argument[0] * least_cores(argument[2])
    return least_cores(argument[-1]) if operation == "SUBPATTERN" else 0


@holds(NEWSLIKE, DAYS)
def test_the_same_text_reads_the_same_twice(text, published):
    assert dates_of(text, published.isoformat()) == dates_of(text, published.isoformat())


@holds(NEWSLIKE)
def test_without_an_anchor_no_relative_word_becomes_a_day(text):
    for draft in dates_of(text):
        if draft.rule in {"deictic-day", "weekday", "day-beyond"} and not re.search(r"\d", text):
            assert "X" in draft.fields["value"]


@holds(DAYS)
def test_a_day_reads_the_same_in_every_order_of_its_words(day):
    shapes = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b. %d, %Y", "%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%A, %B %d, %Y")
    for shape in shapes:
        text = f"They met on {day.strftime(shape)} in hall 7.".replace("May.", "May")
        assert values(text) == [day.isoformat()], shape


@holds(DAYS)
def test_a_month_stays_a_month(day):
    (draft,) = dates_of(f"They met in {day:%B} {day.year} with 40 others.")
    assert draft.fields["value"] == f"{day:%Y-%m}"
    assert draft.fields["first"] == f"{day:%Y-%m}-01"
    assert (date.fromisoformat(draft.fields["last"]) + timedelta(days=1)).day == 1


@holds(DAYS)
def test_last_week_is_the_iso_week_before(anchor):
    year, week, _ = (anchor - timedelta(days=7)).isocalendar()
    assert values("Last week 3 laws passed.", anchor.isoformat()) == [f"{year:04}-W{week:02}"]


@holds(DAYS, st.integers(1, 60), st.sampled_from(["day", "week", "month", "year"]))
def test_so_many_units_ago_lie_before_the_anchor(anchor, amount, unit):
    (draft,) = dates_of(f"They met {amount} {unit}s ago.", anchor.isoformat())
    assert draft.fields["first"] <= anchor.isoformat()
    assert draft.fields["anchor"] == {"day": anchor.isoformat(), "basis": "metadata"}


@holds(DAYS, st.integers(1, 7))
def test_last_weekday_is_within_the_week_before(anchor, weekday):
    name = list(WEEKDAYS)[weekday - 1].title()
    (found,) = values(f"They met last {name}.", anchor.isoformat())
    assert 1 <= (anchor - date.fromisoformat(found)).days <= 7
    assert date.fromisoformat(found).isoweekday() == weekday


@holds(DAYS)
def test_the_interval_of_a_period_holds_its_day(day):
    for unit in ("D", "W", "MO", "Q", "SE", "Y", "DE", "CE"):
        first, last = n.interval(n.period(day, unit))
        assert first <= day.isoformat() <= last


@holds(st.integers(1, 999))
def test_number_words_are_read_back(number):
    assert n.number(words_for(number).replace("-", " ").split()) == number


def words_for(number: int) -> str:
    names = {value: word for word, value in NUMBER_WORDS.items() if value < 100}
    if number >= 100:
        rest = number % 100
        return f"{names[number // 100]} hundred" + (f" and {words_for(rest)}" if rest else "")
    return names.get(number) or f"{names[number // 10 * 10]}-{names[number % 10]}"


def test_tables_are_whole():
    assert sorted(set(MONTHS.values())) == list(range(1, 13))
    assert list(WEEKDAYS.values()) == list(range(1, 8))
    assert set(range(1, 20)) <= set(ORDINALS.values())
    assert NUMBER_WORDS["thirteen"] == 13
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_holiday_falls_in_every_year_or_is_of_the_moon():
    for named in holidays().values():
        for holiday in named:
            assert holiday.rule == "moon" or all(falls_on(holiday, year) for year in range(1950, 2100))


def test_easter_is_a_sunday_between_22_march_and_25_april():
    for year in range(1900, 2200):
        assert easter(year).isoweekday() == 7
        assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_the_locale_settles_the_order_of_digits_and_confidence_says_where_it_guessed():
    (british,) = dates_of("Signed 05/06/2022.", language="en-GB")
    (american,) = dates_of("Signed 05/06/2022.", language="en-US")
    (settled,) = dates_of("Signed 25/06/2022.", language="en-US")
    assert (british.fields["value"], american.fields["value"]) == ("2022-06-05", "2022-05-06")
    assert american.confidence < settled.confidence


def test_the_anchor_says_where_it_came_from():
    bases = {
        "MINSK, July 25, 2022 - They met yesterday.": "dateline",
        "1437 are held (as of 12/14/2022). They met yesterday.": "text",
    }
    for text, basis in bases.items():
        assert dates_of(text)[-1].fields["anchor"]["basis"] == basis
    assert dates_of("They met yesterday.")[0].fields["anchor"] is None
    assert dates_of("They met yesterday.", "2022-07-26")[0].fields["anchor"]["basis"] == "metadata"


def test_look_alikes_are_declined_with_a_reason():
    text = "Flight 2013 left gate 4. Room 1984 held 1437 persons. The index of 2020 people stood at 3:45."
    declined = [found for found in reading(text) if isinstance(found, Declined)]
    assert {text[d.start : d.end] for d in declined} >= {"2013", "1984", "1437", "2020"}
    assert all(d.reason for d in declined)


@pytest.mark.parametrize(
    "text",
    ["a" * 400_000, "1" * 100_000, "." * 100_000, "1 " * 3_000, "May " * 2_000, "the " * 4_000, "two years " * 1_000,
     "1-" * 3_000, "twenty " * 4_000, "'" * 20_000, "9/" * 3_000, "\n" * 20_000, "1,000" * 3_000, "Christmas " * 1_000],
    ids=lambda text: repr(text[:10]),
)  # fmt: skip
def test_long_texts_take_linear_time(text):
    def seconds(part: str) -> float:
        doc = doc_of(part)
        started = time.process_time()
        list(read(doc))
        return time.process_time() - started

    half = seconds(text[: len(text) // 2])
    assert seconds(text) < 6 * half + 0.5


def test_importing_the_room_does_not_import_dateparser():
    import subprocess
    import sys

    code = "import extract.facts.date, sys; sys.exit('dateparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
