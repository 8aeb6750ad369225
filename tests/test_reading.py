"""Files become articles as they are, and what can't is told of: where, what, what was expected, what to do."""

from __future__ import annotations

import gzip
import io
import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import Article
from extract.errors import ReadError
from extract.reading import Failure, Keys, Notice
from extract.reading.decoding import decode
from tests.outcomes import only, read

ENGLISH = "The court has freed twelve of the prisoners who were held for a year, and the judge said that he was glad. "
PAGE = """<html><head><title>Court frees twelve</title><link rel="canonical" href="https://news.example/a/1">
<meta property="article:published_time" content="2024-03-01T10:00:00+00:00"></head><body><nav>Home | Share</nav>
<article><h1>Court frees twelve</h1><p>A court in Marvik freed twelve people on Friday, and the prosecutor said that he
would appeal against the ruling.</p></article></body></html>"""


def test_a_text_is_kept_to_the_last_character(folder):
    text = "\n\tTwo  spaces,\r\na tab at the end\t\r\n\n"
    (folder / "a.txt").write_bytes(text.encode())
    assert only(read("a.txt")).text == text


def test_a_byte_order_mark_is_no_text(folder):
    (folder / "a.txt").write_bytes("\ufeffTwelve.".encode())
    assert only(read("a.txt")).text == "Twelve."


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_utf_8_comes_back_as_it_went_in(text):
    assert decode(text.encode(), "").text in {text, text.removeprefix("\ufeff")}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_tells_the_encoding(folder, encoding):
    (folder / "a.txt").write_bytes(ENGLISH.encode(encoding))
    assert only(read("a.txt")).text == ENGLISH


def test_another_encoding_is_found_and_reported(folder):
    text = ("Café owners in Málaga said that the señor was arrested. " * 4).strip()
    (folder / "a.txt").write_bytes(text.encode("cp1252"))
    outcomes = read("a.txt")
    assert only(outcomes).text == text
    assert "cp1252" in only(outcomes, Notice).what


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("empty.txt", b" \r\n\t", "empty"),
        ("binary.txt", bytes(range(256)), "binary"),
        ("cut.txt", "The café".encode()[:-1], "cut off"),
        ("large.txt", b"a" * 20_000_000, "larger than"),
        ("long.txt", b"a" * 5_000_000, "5,000,000 characters long"),
        ("german.txt", b"Der Richter hat am Freitag die Angeklagten freigesprochen. " * 9, "not in English"),
        ("russian.txt", ("Суд освободил двенадцать человек. " * 20).encode(), "not in English"),
        ("deep.html", b"<div>" * 20_000 + b"word " * 40, "no main text"),
        ("tags.html", b"<div>" * 50_000 + b"word " * 40, "50,000 tags"),
    ],
)
def test_what_is_no_english_article_is_told_of(folder, name, data, what):
    (folder / name).write_bytes(data)
    failure = only(read(name), Failure)
    assert what in failure.what
    assert failure.where == name
    assert failure.expected
    assert failure.advice
    assert json.loads(failure.to_json())["id"] == name.split(".")[0]


def test_a_short_or_plain_text_passes_as_english(folder):
    (folder / "short.txt").write_text("Marvik, 2024: 12 Festnahmen.")
    (folder / "digits.txt").write_text("1" * 100_000)
    assert [a.id for a in read(".")] == ["digits", "short"]


def test_html_gives_its_main_text_title_date_and_url(folder):
    (folder / "a.html").write_text(PAGE)
    article = only(read("a.html"))
    assert (article.title, article.published, article.url) == (
        "Court frees twelve", "2024-03-01", "https://news.example/a/1",
    )  # fmt: skip
    assert "freed twelve people on Friday" in article.text
    assert "Share" not in article.text


def test_each_line_of_jsonl_is_an_article_or_a_failure_of_its_own(folder):
    lines = [
        b'{"id": 7, "text": "One.", "published": "2024-01-01", "title": "T"}',
        b"{broken",
        b"",
        b'{"text": "Two."}',
        b'{"id": "bad-date", "text": "Three.", "date": "14/12/2022"}',
        b'{"id": "half", "text": "\\ud800"}',
        b"[1]",
        b'{"id": "no-text"}',
        b"[" * 100_000,
        b'{"id": "mail", "text": "Four.", "date": "Wed, 14 Dec 2022 10:30:00 +0100"}',
    ]
    (folder / "a.jsonl").write_bytes(b"\n".join(lines))
    outcomes = read("a.jsonl")
    articles = {o.id: o.published for o in outcomes if isinstance(o, Article)}
    assert articles == {"7": "2024-01-01", "a.jsonl:4": None, "mail": "2022-12-14T10:30:00+01:00"}
    failed = {o.id: o.where for o in outcomes if isinstance(o, Failure)}
    assert failed == {
        "a.jsonl:2": "a.jsonl:2",
        "bad-date": "a.jsonl:5",
        "half": "a.jsonl:6",
        "a.jsonl:7": "a.jsonl:7",
        "no-text": "a.jsonl:8",
        "a.jsonl:9": "a.jsonl:9",
    }


@pytest.mark.parametrize("key", ["id", "title", "url", "date", "language", "source", "text"])
def test_half_a_character_anywhere_is_told_of_in_unicode(folder, key):
    (folder / "a.jsonl").write_text(json.dumps({"id": "1", "text": "Twelve.", key: "\udc00"}))
    line = only(read("a.jsonl"), Failure).to_json()
    assert json.loads(line.encode())["where"] == "a.jsonl:1"


def test_keys_can_be_named(folder):
    (folder / "a.jsonl").write_text('{"nr": 1, "story": "One.", "day": "2024-01-01", "at": "https://a.example"}\n')
    article = only(read("a.jsonl", keys=Keys("story", "nr", "day", "at")))
    assert (article.id, article.published, article.url) == ("1", "2024-01-01", "https://a.example")


def test_a_date_given_outright_is_for_articles_that_carry_none(folder):
    (folder / "a.jsonl").write_text('{"text": "One.", "published": "2024-01-01"}\n{"text": "Two."}\n')
    assert [a.published for a in read("a.jsonl", published="2025-05-05")] == ["2024-01-01", "2025-05-05"]


def test_csv_keeps_line_breaks_and_tells_of_rows_that_do_not_fit(folder):
    (folder / "a.csv").write_bytes(b'id;text;published\r\n1;"One\r\ntwo; ""three""";2024-01-01\r\n2;x\r\n3;Four;\r\n')
    outcomes = read("a.csv")
    assert [(a.id, a.text, a.published) for a in outcomes if isinstance(a, Article)] == [
        ("1", 'One\r\ntwo; "three"', "2024-01-01"),
        ("3", "Four", None),
    ]
    assert only(outcomes, Failure).where == "a.csv:4"


def test_a_quote_left_open_costs_only_the_rest_of_its_file(folder):
    (folder / "a.csv").write_bytes(b'id,text\n1,One\n2,"two\n3,three\n')
    (folder / "b.txt").write_text("Four.")
    outcomes = read("a.csv", "b.txt")
    assert [a.id for a in outcomes if isinstance(a, Article)] == ["1", "b"]
    assert "no CSV" in only(outcomes, Failure).what


def test_compressed_lines_are_streamed_and_a_cut_file_gives_what_it_has(folder):
    packed = gzip.compress(b'{"text": "One."}\n' * 1000)
    (folder / "whole.jsonl.gz").write_bytes(packed)
    assert len(read("whole.jsonl.gz")) == 1000
    (folder / "cut.jsonl.gz").write_bytes(packed[:-12])
    outcomes = read("cut.jsonl.gz")
    assert sum(isinstance(o, Article) for o in outcomes) > 900
    assert "can't be read" in only(outcomes, Failure).what


def test_a_bomb_is_left_after_one_line(folder):
    (folder / "bomb.jsonl.gz").write_bytes(gzip.compress(b"0" * 300_000_000, 1))
    assert "rest of the file is left" in only(read("bomb.jsonl.gz"), Failure).what


def test_a_sidecar_says_what_texts_do_not(folder):
    (folder / "a.txt").write_text("One.")
    (folder / "b.txt").write_text("Two.")
    (folder / "c.txt").write_text("Three.")
    (folder / "metadata.jsonl").write_text(
        '{"id": "a", "published": "2020-01-02", "title": "T", "source": "S", "note": "n"}\nbroken\n'
        '{"id": "b.txt", "url": "https://b.example"}\n{"id": "c", "published": "2.1.2020"}\n'
    )
    outcomes = read(".")
    articles = {o.id: o for o in outcomes if isinstance(o, Article)}
    assert (articles["a"].published, articles["a"].title, articles["a"].source) == ("2020-01-02", "T", "S")
    assert articles["b"].url == "https://b.example"
    assert [o.where for o in outcomes if isinstance(o, Failure)] == ["metadata.jsonl:2", "metadata.jsonl:4"]


def test_the_order_of_inputs_makes_no_difference(folder):
    (folder / "sub").mkdir()
    for name in ("b.txt", "a.txt", "sub/c.txt", "sub/a.txt"):
        (folder / name).write_text(f"{name}.")
    one = read("b.txt", "sub", "a.txt")
    other = read("sub/c.txt", "a.txt", "sub/a.txt", "b.txt", "a.txt")
    assert one == other
    assert [a.id for a in one] == ["a.txt", "sub/a.txt", "b", "c"]


def test_ids_are_unique(folder):
    (folder / "a.jsonl").write_text('{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n')
    (folder / "x.txt").write_text("Three.")
    assert [a.id for a in read(".")] == ["x", "x@a.jsonl:2", "x@x.txt"]


def test_no_path_comes_from_a_text(folder):
    (folder / "a.jsonl").write_text('{"id": "../../etc/passwd", "text": "/etc/passwd", "url": "file:///etc/passwd"}\n')
    assert only(read("a.jsonl")).text == "/etc/passwd"


def test_globs_and_folders_are_searched_and_strange_files_passed_over(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_text("One.")
    (folder / "sub" / ".hidden.txt").write_text("Two.")
    (folder / "sub" / "photo.png").write_bytes(b"x")
    assert only(read("s*/*.txt")).id == "a"
    assert "photo.png" in only(read("sub"), Notice).where
    (folder / "notes").write_text("Three.")
    assert only(read("notes")).id == "notes"


@pytest.mark.parametrize("missing", ["nothing.txt", "*.nothing", "a**b"])
def test_an_input_that_names_nothing_is_an_error(folder, missing):
    with pytest.raises(ReadError, match="no such file"):
        read(missing)


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n', ["a", "b"]),
        (PAGE.encode(), ["stdin"]),
        (b"One.", ["stdin"]),
    ],
)
def test_standard_input_is_lines_a_page_or_a_text(monkeypatch, data, ids):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
    assert [a.id for a in read("-")] == ids


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_a_failure(data):
    with pytest.MonkeyPatch.context() as patch:
        for kind in (b"", b"{", b"<html>"):
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(kind + data))))
            for outcome in read("-"):
                assert isinstance(outcome, Article | Failure)
