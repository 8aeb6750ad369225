"""What holds of counts whatever the text: values of every number, spans that fit, links between counts, no crash."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
import spacy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from extract import Article
from extract.errors import DataFileError
from extract.evaluation.competitors import number_regex
from extract.fact import EVENT_TYPES
from extract.facts.count import COUNT, lexicon
from extract.facts.count.meaning import meanings
from extract.facts.count.normalise import digits_value, numerals
from extract.facts.count.patterns import ATOM, COMPARATORS, ONES, TENS
from extract.facts.count.schema import Quantity, plain_number

UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
TEN_WORDS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(number: int) -> str:
    if number < 20:
        return UNITS[number]
    if number < 100:
        return TEN_WORDS[number // 10] + (f"-{UNITS[number % 10]}" if number % 10 else "")
    for size, word in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            tail = f"{' and' if size == 100 or rest < 100 else ''} {spell(rest)}" if rest else ""
            return f"{spell(number // size)} {word}{tail}"
    raise AssertionError(number)


@pytest.fixture(scope="module")
def blank():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10_000_000
    return nlp


def read(nlp, text):
    doc = nlp(text)
    doc._.article = Article(id="property", text=text)
    return COUNT(doc)._.drafts["count"]


@given(st.integers(0, 999_999_999_999))
def test_every_number_in_words_has_its_value(number):
    text = f"They saw {spell(number)} geese."
    assert [n.value for n in numerals(text)] == [number]


def test_the_tables_of_number_words_are_whole():
    assert [ONES[word] for word in UNITS] == list(range(20))
    assert {TENS[word] for word in TEN_WORDS[2:]} == set(range(20, 100, 10))


@given(st.integers(0, 10**12), st.sampled_from([",", " ", "\u00a0", "\u202f", "'"]))
def test_every_separator_of_thousands_reads_alike(number, separator):
    written = f"{number:,}".replace(",", separator)
    assert [(n.start, n.end, n.value) for n in numerals(written)] == [(0, len(written), number)]


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_decimals_are_exact(number):
    assert digits_value(str(number)) == number
    assert plain_number(number) == float(number)


@given(st.integers(1, 999), st.sampled_from([("million", 10**6), ("bn", 10**9), ("thousand", 1000), ("hundred", 100)]))
def test_a_scale_multiplies_what_stands_before_it(number, scale):
    word, factor = scale
    found = [n.value for n in numerals(f"{number} {word}")]
    assert found == ([number * factor] if word != "hundred" or number < 100 else [number])


@given(st.text(st.characters(codec="utf-8")))
@example("half a")
@example("a million million")
@example("1.2.3.4/5×10−99")
def test_numerals_stand_where_they_say(text):
    last = 0
    for numeral in numerals(text):
        assert last <= numeral.start < numeral.end <= len(text)
        assert numeral.value is None or numeral.value.is_finite()
        last = numeral.end


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("0123456789,.%$ -–/")), max_size=200))
@example("$-5 to $-3 between 5 and 3 % of\u202e 9")
@example("20 to 30 to 40 of the 50 of them")
@example("\n\n 1) one of the\ttwo-\x00three½ m")
def test_any_text_gives_drafts_that_fit_it(blank, text):
    for draft in read(blank, text):
        assert 0 <= draft.start < draft.end <= len(text)
        assert (
            draft.fields["low"] is None or draft.fields["high"] is None or draft.fields["low"] <= draft.fields["high"]
        )
        counted = draft.fields["counted"]
        assert counted is None or text[counted["start"] : counted["end"]] == counted["text"] != ""


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "9 ",
        "1,",
        "one ",
        "hundred ",
        "a ",
        "of the 7 ",
        "$",
        "5% ",
        "-",
        "½",
        "\n",
        "ё1",
        "one hundred and ",
        "20 to 30 to ",
        "between 2 and ",
        "the 9 of them ",
        "votes 7 to ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(blank, unit):
    def seconds(length):
        words = ((unit * length)[: length * 2]).split(" ")
        doc = Doc(blank.vocab, words=[word or "-" for word in words])
        doc._.article = Article(id="long", text=doc.text)
        started = time.process_time()
        COUNT(doc)
        return time.process_time() - started

    seconds(100)
    assert seconds(2_400) < 0.4 + 12 * seconds(600)


UNPARSED = [
    ("The storm forced 300 people from their homes.", [300]),
    ("Police arrested 12 people who were detained in Minsk.", [12]),
    ("Clashes left 36 people dead and 40 injured; 5 Missing were found.", [36, 40, 5]),
    ("More than 80 of the 95 people held remained behind bars.", [None, 95]),
]


@pytest.mark.parametrize(("text", "values"), UNPARSED)
def test_a_text_without_a_parse_is_read_all_the_same(text, values):
    doc = spacy.blank("en").make_doc(text)
    doc._.article = Article(id="unparsed", text=text)
    assert [d.fields["value"] for d in COUNT(doc)._.drafts["count"]] == values


def test_quantities_refuse_bounds_the_wrong_way_round():
    with pytest.raises(ValueError, match="over high"):
        Quantity(low=5, high=3, comparator="between")
    with pytest.raises(ValueError, match="needs a value"):
        Quantity()
    assert str(Quantity(low=20, high=30, comparator="between")) == "20..30 between cardinal"


def test_a_broken_row_of_a_lexicon_names_file_and_line(tmp_path, monkeypatch):
    (tmp_path / "units.jsonl").write_text('{"kind": "measure", "symbol": "m", "words": []}\n{"symbol": 3}\n')
    monkeypatch.setattr(lexicon, "_HERE", tmp_path)
    with pytest.raises(DataFileError, match=r"units\.jsonl:2"):
        list(lexicon.read_rows("units.jsonl", lexicon.Unit))


def test_every_unit_and_currency_is_read_back():
    for unit in lexicon.read_rows("units.jsonl", lexicon.Unit):
        for word in unit.words:
            match = lexicon.affixes().unit_after(f" {word} ", 0)
            assert match, word
            assert lexicon.affixes().unit_of(match["unit"]) == (unit.kind, unit.symbol), word
    codes = [row.code for row in lexicon.read_rows("currencies.jsonl", lexicon.Currency) if row.code]
    assert len(codes) == len(set(codes))
    assert all(len(code) == 3 and code.isupper() for code in codes)


def test_categories_name_nearly_every_event_type():
    named = {row.category for row in meanings().values()}
    assert set(EVENT_TYPES) <= named
    assert {"population", "vote"} <= named


def test_comparators_never_hold_a_number():
    assert not [words for words in COMPARATORS if [m for m in ATOM.finditer(words) if m.lastgroup != "part"]]


def counts(extractor, text, published="2024-03-01"):
    facts = extractor.extract(Article(id="links", text=text, published=published))
    return [f for f in facts if f.type == "count"], {f.id: f for f in facts}


OF = [
    ("Only 48 out of 960 prisoners were let go.", [(0, 1)]),
    ("More than 80 of the 95 miners who were arrested are in jail.", [(0, 1)]),
    ("Of the 300 people arrested, 40 were charged.", [(1, 0)]),
    ("The group lists 355 dead, of whom 20 were children.", [(1, 0)]),
    ("Police detained 90 people, including 12 minors.", [(1, 0)]),
    ("In the 547-seat parliament the party won 263 seats.", [(1, 0)]),
    ("The court tried 14 men. Two of them were acquitted.", [(1, 0)]),
    ("A total of 212 unions were banned, out of more than 3,000.", [(0, 1)]),
    ("About 60% of the 2,000 members voted.", [(0, 1)]),
    ("Fourteen protesters and four officers were killed.", []),
    ("They freed 20 prisoners and fined 12 traders.", []),
]


@pytest.mark.parametrize(("text", "links"), OF)
def test_a_part_knows_its_whole(extractor, text, links):
    found, _ = counts(extractor, text)
    ids = [f.id for f in found]
    assert [(i, ids.index(f.of)) for i, f in enumerate(found) if f.of] == links


WAS = [
    ("The number of detainees fell from 1,420 to 1,187.", [(1, 0)]),
    ("The death toll rose to 45 from 12.", [(0, 1)]),
    ("Turnout dropped from 70% to 55%.", [(1, 0)]),
    ("The court raised the fine from $100 to $250.", [(1, 0)]),
    ("The tally is 1,500, up from 1,437.", [(0, 1)]),
    ("They moved 12 men from 3 cells to 4 others.", []),
    ("Between 20 and 30 people came.", []),
]


@pytest.mark.parametrize(("text", "links"), WAS)
def test_a_count_knows_what_it_changed_from(extractor, text, links):
    found, _ = counts(extractor, text)
    ids = [f.id for f in found]
    assert [(i, ids.index(f.was)) for i, f in enumerate(found) if f.was] == links


DATED = [
    ("As of 14 December 2022, 1,437 people were in prison.", "14 December 2022", "stated"),
    ("Police arrested 12 people on 3 May 2023.", "3 May 2023", "stated"),
    ("About 5,300 people died when the wave struck in December 2004.", "December 2004", "stated"),
    ("Yesterday police arrested 12 people.", "Yesterday", "relative"),
    ("Police arrested 12 people.", None, "publication"),
    ("The shop sold 12 cakes.", None, None),
]


@pytest.mark.parametrize(("text", "date", "basis"), DATED)
def test_a_count_stands_at_a_day(extractor, text, date, basis):
    found, by_id = counts(extractor, text)
    assert [f.as_of_basis for f in found] == [basis]
    assert (by_id[found[0].as_of].span.text if found[0].as_of else None) == date


def test_what_is_joined_shares_the_day_behind_it(extractor):
    text = "Two nurses were killed and five others were injured in a crash on 3 May 2023."
    found, by_id = counts(extractor, text)
    assert [by_id[f.as_of].span.text for f in found] == ["3 May 2023"] * 2


def test_each_of_two_clauses_keeps_its_day(extractor):
    found, by_id = counts(extractor, "Police arrested 12 men on 3 May 2023 and freed 7 on 9 May 2023.")
    assert [by_id[f.as_of].span.text for f in found] == ["3 May 2023", "9 May 2023"]


def test_without_a_publication_day_nothing_is_made_up(extractor):
    found, _ = counts(extractor, "Police arrested 12 people.", published=None)
    assert [(f.as_of, f.as_of_basis) for f in found] == [(None, None)]


def test_a_count_knows_its_place(extractor):
    found, by_id = counts(extractor, "Police arrested 12 people in Minsk and 30 people in Warsaw.")
    places = [by_id[f.place].name if f.place else None for f in found]
    assert places in (["Minsk", "Warsaw"], [None, None])  # whether these are places is for the room of places to say


REASONS = [
    ("He was charged under Article 361.", "361", "law"),
    ("Flight 4978 was forced down.", "4978", "identifier"),
    ("September 3, by Staff  •  180 views", "180", "counter"),
    ("1. Free the prisoners.", "1", "list_number"),
    ("One of the men spoke.", "One", "one_of"),
    ("The Group of Seven met.", "Seven", "named_group"),
    ("The line is open 24/7 now.", "24", "idiom"),
    ("Spartak won 2-0 at home.", "2", "score"),
    ("Version 2.0 is out.", "2.0", "identifier"),
    ("The top 10 were paid.", "10", "rank"),
    ("It was the 60th time.", "60", "ordinal"),
    ("The COVID-19 ward closed.", "19", "glued"),
    ("Call +375 29 123-45-67 now.", "375", "phone"),
    ("He was jailed for 5 years.", "5", "dated"),
    ("She is 45 years old.", "45", "dated"),
    ("They left at 10.30 pm.", "10.30", "dated"),
]


@pytest.mark.parametrize(("text", "number", "rule"), REASONS)
def test_what_counts_nothing_is_declined_with_a_reason(extractor, text, number, rule):
    extraction = extractor.read(Article(id="declined", text=text))
    assert not [f for f in extraction.facts if f.type == "count"]
    declined = {text[d.start : d.end]: d for d in extraction.declined if d.type == "count"}
    assert declined[number].rule == rule
    assert declined[number].reason


def test_values_survive_json(extractor):
    found, _ = counts(extractor, "They owe 1.1 million euros and 9.4 million people agree.")
    assert [(f.value, type(f.value)) for f in found] == [(1_100_000, int), (9_400_000, int)]
    assert plain_number(Decimal("0.1")) == 0.1


def test_the_bare_regex_that_ours_is_measured_beside_reads_digits_alone():
    assert number_regex({"text": "At least 1,437 of 2.5 million."})["counts"] == [[1437, 1437, "="], [2.5, 2.5, "="]]
