"""Names: extents, clusters, the gazetteer, transliteration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Span

from extract import Article
from extract.errors import DataFileError
from extract.names import GAZETTEER, take
from extract.names.gazetteer import FILES, add_name, check_gazetteers, gazetteer, suggest_names
from extract.names.transliteration import given_names, romanisations, same_person, surname_gender

PAIRS = Path(__file__).resolve().parent.parent / "extract" / "facts" / "person" / "pairs.jsonl"
TYPES = ("person", "organisation", "place")


def pairs():
    return [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def blank():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def named(nlp, text, entities=(), *, with_gazetteer=True):
    """The mentions by type that come of a text in which a model saw `entities` (label, words)."""
    doc = nlp(text)
    doc._.article = Article(id="names", text=text)
    doc.user_data[GAZETTEER] = with_gazetteer
    doc.ents = [doc.char_span(at, at + len(words), label=label) for label, words, at in located(text, entities)]
    return {type_: [d for d in take(doc, type_) if hasattr(d, "fields")] for type_ in TYPES}


def located(text, entities):
    at = 0
    for label, words in entities:
        at = text.index(words, at)
        yield label, words, at
        at += len(words)


def mentions(draft):
    return [m["text"] for m in draft.fields["mentions"]]


def test_one_person_is_recognised_in_every_spelling_and_relatives_never():
    rows = pairs()
    wrong = [r for r in rows if same_person(r["a"], r["b"]) != r["same"]]
    assert len(rows) >= 200
    assert sum(not r["same"] for r in rows) >= 100
    assert len(wrong) <= 0.02 * len(rows)
    assert not [r for r in wrong if not r["same"]]


@pytest.mark.parametrize("row", pairs()[::7], ids=lambda row: f"{row['a']} / {row['b']}")
def test_sameness_has_no_direction(row):
    assert same_person(row["a"], row["b"]) == same_person(row["b"], row["a"])


@given(st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_two_texts_can_be_compared(a, b):
    assert same_person(a, b) == same_person(b, a)
    surname_gender(a)


def test_a_cyrillic_name_is_written_as_the_tables_say():
    assert romanisations("Алесь Бяляцкі", "be")[0] == "Ales Bialiatski"
    assert "Aleś Bialacki" in romanisations("Алесь Бяляцкі", "be")
    assert romanisations("Тихановская", "ru")[0] == "Tikhanovskaya"


def test_every_given_name_has_a_gender_or_both():
    assert given_names()["siarhei"].gender == "m"
    assert given_names()["volha"].gender == "f"
    assert given_names()["sasha"].gender is None


def test_the_gazetteer_contradicts_itself_nowhere():
    assert check_gazetteers() == []


def test_the_gazetteer_is_as_large_as_promised():
    entries = gazetteer().entries.values()
    count = {type_: sum(e.type == type_ for e in entries) for type_ in TYPES}
    assert count["person"] >= 150
    assert count["organisation"] >= 150
    assert sum(e.kind == "country" for e in entries) >= 190


def test_a_person_is_linked_through_the_spelling_and_a_relative_is_not():
    assert gazetteer().person("Igor Losik").id == "x-losik-ihar"
    assert gazetteer().person("Darja Łosik").id == "x-losik-darya"
    assert gazetteer().person("Anna Losik") is None


@pytest.mark.parametrize(
    "row",
    [
        {"id": "x-new", "name": "Viasna", "kind": "ngo", "aliases": []},
        {"id": "x-viasna", "name": "Another", "kind": "ngo", "aliases": []},
        {"id": "x-new", "name": "New Group", "kind": "club", "aliases": []},
        {"id": "x-new", "name": "New Group", "kind": "ngo", "aliases": [], "colour": "red"},
        {"id": "", "name": "New Group", "kind": "ngo", "aliases": []},
    ],
)
def test_a_row_that_contradicts_or_breaks_the_format_is_refused(tmp_path, row):
    copy = tmp_path / "gazetteer.jsonl"
    copy.write_bytes(FILES["organisation"].read_bytes())
    with pytest.raises(DataFileError):
        add_name("organisation", row, copy)
    assert copy.read_bytes() == FILES["organisation"].read_bytes()


def test_a_row_is_added_at_the_end(tmp_path):
    copy = tmp_path / "gazetteer.jsonl"
    copy.write_bytes(FILES["organisation"].read_bytes())
    row = {"id": "x-lantern", "name": "Lantern Group", "kind": "ngo", "aliases": []}
    assert add_name("organisation", row, copy).name == "Lantern Group"
    assert json.loads(copy.read_text(encoding="utf-8").splitlines()[-1]) == row


def test_a_broken_line_is_named_with_its_number(tmp_path):
    broken = tmp_path / "gazetteer.jsonl"
    broken.write_text('{"id": "x-a", "name": "A", "kind": "ngo", "aliases": []}\n{"id": \n', encoding="utf-8")
    with pytest.raises(DataFileError, match=r"gazetteer\.jsonl:2"):
        add_name("organisation", {"id": "x-b", "name": "B", "kind": "ngo", "aliases": []}, broken)


def test_frequent_names_without_a_row_are_suggested():
    lines = [
        json.dumps({"type": type_, "name": name, "kb": kb, "article": {"text_sha256": sha}})
        for type_, name, kb, sha in [
            ("person", "Nadia Orlenko", None, "1"), ("person", "Nadia Orlenko", None, "2"),
            ("person", "Ales Bialiatski", "x", "1"), ("place", "Tavran", None, "1"),
        ]
    ]  # fmt: skip
    assert suggest_names(lines) == [(2, "person", "Nadia Orlenko")]


def test_a_known_name_that_the_model_missed_is_found_and_without_the_gazetteer_is_not(blank):
    text = "The list comes from Viasna in Minsk."
    found = named(blank, text)
    assert [d.fields["kb"] for d in found["organisation"]] == ["x-viasna"]
    assert [d.fields["kind"] for d in found["place"]] == ["city"]
    assert named(blank, text, with_gazetteer=False) == {type_: [] for type_ in TYPES}


@pytest.mark.parametrize(
    "text", ["Chad Miller left.", "Reading is fun.", "March came early.", "Jordan scored.", "Memorial Day is in May."]
)
def test_an_ambiguous_name_needs_evidence(blank, text):
    assert named(blank, text) == {type_: [] for type_ in TYPES}


def test_an_ambiguous_name_with_evidence_is_found(blank):
    assert [mentions(d) for d in named(blank, "Troops are in Georgia.")["place"]] == [["Georgia"]]


def test_a_surname_that_the_model_missed_is_the_person_again(blank):
    text = "Nadia Orlenko left. On Monday Orlenko returned with Orlenko's brother."
    found = named(blank, text, [("PERSON", "Nadia Orlenko")])
    assert [mentions(d) for d in found["person"]] == [["Nadia Orlenko", "Orlenko", "Orlenko"]]


def test_spouses_stay_two(blank):
    text = "Ihar Losik and Darya Losik met. Darya Losik spoke."
    found = named(blank, text, [("PERSON", "Ihar Losik"), ("PERSON", "Darya Losik"), ("PERSON", "Darya Losik")])
    assert [mentions(d) for d in found["person"]] == [["Ihar Losik"], ["Darya Losik", "Darya Losik"]]


def test_two_spellings_in_one_article_are_one_person(blank):
    text = "Maria Kolesnikova is ill. Maria Kalesnikava was jailed."
    found = named(blank, text, [("PERSON", "Maria Kolesnikova"), ("PERSON", "Maria Kalesnikava")], with_gazetteer=False)
    assert [mentions(d) for d in found["person"]] == [["Maria Kolesnikova", "Maria Kalesnikava"]]


def test_a_title_parts_two_people_of_one_surname(blank):
    text = "Ihar Losik and Darya Losik met. Ms. Losik wept. Mr. Losik spoke."
    seen = [("PERSON", "Ihar Losik"), ("PERSON", "Darya Losik"), ("PERSON", "Losik"), ("PERSON", "Losik")]
    found = named(blank, text, seen)
    assert [mentions(d) for d in found["person"]] == [["Ihar Losik", "Losik"], ["Darya Losik", "Losik"]]
    assert found["person"][0].fields["mentions"][1]["start"] == text.rindex("Losik")


def test_an_acronym_in_brackets_is_the_organisation_again(blank):
    text = "The Tavran Relief Foundation (TRF) is open. The TRF feeds many."
    found = named(blank, text, [("ORG", "The Tavran Relief Foundation")])
    assert [mentions(d) for d in found["organisation"]] == [["Tavran Relief Foundation", "TRF", "TRF"]]


def test_the_organisation_of_a_role_is_the_organisations_fact(blank):
    text = "Andrei Stryzhak of BYSOL spoke."
    found = named(blank, text)
    assert found["person"][0].fields["roles"][0]["organisation"] == found["organisation"][0].id


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4)), max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_text_with_any_entities_gives_spans_that_hold(text, entities):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    doc = nlp(text)
    doc._.article = Article.model_construct(id="any", text=text)
    spans = [Span(doc, a, min(a + n, len(doc)), label="PERSON") for a, n in entities if a < len(doc)]
    doc.ents = spacy.util.filter_spans(spans)
    for type_ in TYPES:
        for draft in take(doc, type_):
            for m in getattr(draft, "fields", {}).get("mentions", ()):
                assert text[m["start"] : m["end"]] == m["text"]
