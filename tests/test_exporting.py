"""Exports: what a spreadsheet, a data frame and FollowTheMoney get is what the facts say, and nothing runs."""

from __future__ import annotations

import csv
import datetime
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import Article
from extract.cli import main
from extract.errors import OutputError, ReadError
from extract.exporting import FORMATS, Extracted, extracted
from extract.exporting.spreadsheet import guarded, unguarded
from extract.exporting.tables import TABLES, rows
from extract.fact import FACT_TYPES, ArticleReference, to_json

TEXT = (
    "As of 14 December 2022, Viasna counted at least 1,437 political prisoners in Belarus. "
    "Ales Bialiatski, Viasna's founder, was arrested in Minsk in July 2021. "
    '"We will not stop," Bialiatski said. No journalist was released on Monday. '
    "Marta Quill, a librarian, was fined in Tarvenia."
)
STORY = Article(id="story", text=TEXT, published="2022-12-15", title="=cmd|' /C calc'!A0", url="https://e.org/1")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def told(extractor):
    facts = tuple(extractor.extract(STORY))
    return Extracted(facts[0].article, facts, STORY)


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def read_ftm(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def as_twin(told, name, text=None):
    """The same story in another paper, or with another text."""
    article = told.article.model_copy(update={"id": name, **({"text": text} if text else {})})
    reference = ArticleReference(id=name, text_sha256=article.text_sha256, published=article.published)
    facts = tuple(fact.model_copy(update={"article": reference}) for fact in told.facts)
    return Extracted(reference, facts, article)


def test_every_column_is_filled_by_every_row(told):
    tables = [(table, row) for table, row in rows([told])]
    assert {table for table, _ in tables} == {"article", *FACT_TYPES}
    assert all(list(row) == list(row | TABLES[table]) and row.keys() == TABLES[table].keys() for table, row in tables)


def test_a_count_in_a_spreadsheet_reads_without_another_table(told, tmp_path):
    assert FORMATS["csv"]([told], tmp_path / "out") == len(told.facts)
    count = read_csv(tmp_path / "out" / "count.csv")[0]
    told_of = ("low", "comparator", "counted", "source", "source_kb", "place", "as_of_first", "as_of_last")
    assert [count[name] for name in told_of] == [
        "1437", "at_least", "political prisoners", "Viasna", "x-viasna", "Belarus", "2022-12-14", "2022-12-14",
    ]  # fmt: skip
    assert count["value"] == ""
    assert count["sentence"] == TEXT[: TEXT.index(" Ales")]


def test_no_cell_is_a_formula_and_none_is_lost(told, tmp_path):
    FORMATS["csv"]([told], tmp_path)
    titles = {row["title"] for row in read_csv(tmp_path / "article.csv")}
    assert titles == {f"'{STORY.title}"}
    assert {unguarded(title) for title in titles} == {STORY.title}
    for path in tmp_path.glob("*.csv"):
        assert not [cell for row in read_csv(path) for cell in row.values() if cell.startswith(FORMULAS)]


@given(st.text())
def test_a_guarded_text_comes_back_and_never_begins_a_formula(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(FORMULAS)


def test_parquet_has_types(told, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert FORMATS["parquet"]([told], tmp_path) == len(told.facts)
    counts = parquet.read_table(tmp_path / "count.parquet")
    assert [str(counts.schema.field(name).type) for name in ("low", "as_of_first", "start")] == [
        "double", "date32[day]", "int64",
    ]  # fmt: skip
    assert counts.column("low").to_pylist()[0] == 1437.0
    assert counts.column("as_of_first").to_pylist()[0] == datetime.date(2022, 12, 14)
    events = parquet.read_table(tmp_path / "event.parquet").to_pylist()
    assert ["Ales Bialiatski"] in [event["target"] for event in events if event["event_type"] == "arrest"]
    assert {path.stem for path in tmp_path.iterdir()} == set(TABLES)


def test_a_number_beyond_64_bits_is_infinite_and_breaks_nothing(told, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    huge = [fact.model_copy(update={"low": 10**400}) if fact.type == "count" else fact for fact in told.facts]
    FORMATS["parquet"]([Extracted(told.reference, tuple(huge))], tmp_path)
    assert float("inf") in parquet.read_table(tmp_path / "count.parquet").column("low").to_pylist()


@pytest.fixture
def ftm():
    return pytest.importorskip("followthemoney", reason="followthemoney is not installed: pip install '.[ftm]'")


def by_schema(entities):
    found = {}
    for entity in entities:
        found.setdefault(entity["schema"], []).append(entity)
    return found


def test_entities_are_valid_and_their_ids_stable(ftm, told, tmp_path):
    assert FORMATS["ftm"]([told], tmp_path / "a.json") == FORMATS["ftm"]([told], tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    entities = read_ftm(tmp_path / "a.json")
    known = {entity["id"] for entity in entities}
    for entity in entities:
        proxy = ftm.model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(proxy.to_dict())
        assert proxy.to_dict()["properties"] == entity["properties"]
        assert {value for _, value in proxy.itervalues() if _.type.name == "entity"} <= known


def test_what_happened_is_an_event_and_what_did_not_is_a_note(ftm, told, tmp_path):
    FORMATS["ftm"]([told], tmp_path / "out.json")
    found = by_schema(read_ftm(tmp_path / "out.json"))
    person = next(one for one in found["Person"] if one["properties"]["name"] == ["Ales Bialiatski"])
    arrest = next(one for one in found["Event"] if "arrest" in one["properties"]["keywords"])
    assert arrest["properties"]["involved"] == [person["id"]]
    assert arrest["properties"]["date"] == ["2021-07"]
    assert person["properties"]["weakAlias"] == ["Bialiatski"]
    notes = [one["properties"]["keywords"] for one in found["Note"]]
    assert ["event", "release", "negated"] in notes
    assert not [one for one in found["Event"] if "release" in one["properties"]["keywords"]]
    assert [one["properties"]["role"] for one in found["UnknownLink"]] == [["Viasna's founder"]]


def test_two_texts_share_known_people_and_no_namesakes(ftm, told, tmp_path):
    twin, other = as_twin(told, "twin"), as_twin(told, "other", f"{TEXT} More.")
    other = Extracted(other.reference, tuple(_with_new_id(fact) for fact in other.facts), other.article)
    FORMATS["ftm"]([told, twin, other], tmp_path / "out.json")
    people = by_schema(read_ftm(tmp_path / "out.json"))["Person"]
    proofs = {(one["properties"]["name"][0], len(one["properties"]["proof"])) for one in people}
    assert proofs == {("Ales Bialiatski", 3), ("Marta Quill", 2), ("Marta Quill", 1)}


def _with_new_id(fact):
    return fact.model_copy(update={"id": fact.id[::-1]}) if fact.type == "person" else fact


@pytest.mark.parametrize(("to", "package"), [("parquet", "pyarrow"), ("ftm", "followthemoney")])
def test_a_missing_package_is_told_with_its_extra(told, tmp_path, monkeypatch, to, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(OutputError, match=rf"news-extract\[{to}\]"):
        FORMATS[to]([told], tmp_path / "out")
    assert not list(tmp_path.rglob("*.part"))


def test_the_command_writes_each_format_from_files(told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.jsonl").write_text("".join(f"{to_json(fact)}\n" for fact in told.facts), encoding="utf-8")
    (tmp_path / "articles.jsonl").write_text(f"{STORY.model_dump_json()}\n", encoding="utf-8")
    assert run("export", "facts.jsonl", "--to", "csv", "-o", "out", "--articles", "articles.jsonl") == 0
    assert f"{len(told.facts):,} facts for csv: out" in capsys.readouterr().err
    assert run("export", "facts.jsonl", "--to", "csv", "-o", "out") == 1
    assert "exists already" in capsys.readouterr().err
    assert run("export", "facts.jsonl", "--to", "brat", "-o", "brat") == 2
    assert run("export", "facts.jsonl", "--to", "csv", "-o", "facts.jsonl/out") == 1
    assert "can't be written" in capsys.readouterr().err


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code or 0


def test_articles_of_another_text_are_refused(told, tmp_path):
    facts, articles = tmp_path / "facts.jsonl", tmp_path / "articles.jsonl"
    facts.write_text(f"{to_json(told.facts[0])}\n", encoding="utf-8")
    articles.write_text(f"{STORY.model_copy(update={'text': 'Other.'}).model_dump_json()}\n", encoding="utf-8")
    with pytest.raises(ReadError, match="another text"):
        list(extracted(facts, articles))
