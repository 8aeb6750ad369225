"""Loading is idempotent, retracts and never deletes, and takes any text for text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from extract import Article
from extract.database import METADATA, load_file
from extract.errors import LineError, OutputError
from extract.fact import FACT, fact_id, to_json

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
STORY = Article(id="a", text="Viasna counted 1,437 prisoners, Ales Bialiatski said.", published="2022-12-14")


def fact(article, words, type_, **fields):
    start = article.text.index(words)
    event_type = fields.get("event_type", "")
    return FACT.validate_python(
        {
            "id": fact_id(article.text_sha256, type_, start, start + len(words), event_type),
            "type": type_,
            "article": {"id": article.id, "text_sha256": article.text_sha256, "published": article.published},
            "span": span(article, words),
            "sentence": {"start": 0, "end": len(article.text)},
            "confidence": 0.9,
            "by": {"component": type_, "rule": "r", "version": "1", "model": "m"},
            **fields,
        }
    )


def span(article, words):
    start = article.text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def facts_of(article):
    source = fact(article, "Viasna", "organisation", name="Viasna", mentions=[span(article, "Viasna")], kind="ngo")
    person = fact(article, "Ales Bialiatski", "person", name="Ales Bialiatski",
                  mentions=[span(article, "Ales Bialiatski")], roles=[{"span": span(article, "Viasna")}])  # fmt: skip
    by = {"source": span(article, "Viasna"), "source_id": source.id, "cue": span(article, "counted")}
    count = fact(article, "1,437", "count", value=1437, category="imprison", attribution=by,
                 counted=span(article, "prisoners"))  # fmt: skip
    said = fact(article, "Viasna counted 1,437 prisoners", "statement", direct=False, cue=span(article, "said"),
                speaker=span(article, "Ales Bialiatski"), entity=person.id)  # fmt: skip
    event = fact(article, "prisoners", "event", event_type="imprison",
                 arguments=[{"role": "count", "span": span(article, "1,437"), "fact": count.id}])  # fmt: skip
    return [said, source, count, event, person]


class Base:
    """A SQLite database in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder}/facts.db"

    def load(self, facts, articles=()):
        (self.folder / "facts.jsonl").write_text("".join(f"{to_json(f)}\n" for f in facts), encoding="utf-8")
        stories = "".join(f"{a.model_dump_json()}\n" for a in articles)
        (self.folder / "articles.jsonl").write_text(stories, encoding="utf-8")
        loaded = load_file(self.folder / "facts.jsonl", self.url, articles=self.folder / "articles.jsonl", at=NOON)
        return loaded.inserted, loaded.updated, loaded.unchanged, loaded.retracted

    def ask(self, query):
        engine = create_engine(self.url)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return rows


@pytest.fixture
def base(tmp_path):
    return Base(tmp_path)


def test_each_fact_stands_in_the_tables_of_its_type(base):
    assert base.load(facts_of(STORY), [STORY]) == (5, 0, 0, 0)
    assert base.ask("SELECT value, counted, category, source FROM count JOIN fact ON key = fact") == [
        (1437.0, "prisoners", "imprison", "Viasna"),
    ]
    assert base.ask("SELECT name, kind FROM entity ORDER BY name") == [("Ales Bialiatski", None), ("Viasna", "ngo")]
    assert base.ask("SELECT speaker, direct FROM statement") == [("Ales Bialiatski", 0)]
    assert base.ask("SELECT event_type, role, text FROM event JOIN argument USING (fact)") == [
        ("imprison", "count", "1,437")
    ]
    assert base.ask("SELECT text FROM article") == [(STORY.text,)]
    assert base.ask("SELECT text FROM mention ORDER BY text") == [("Ales Bialiatski",), ("Viasna",)]


def test_the_same_file_twice_changes_nothing(base):
    base.load(facts_of(STORY), [STORY])
    before = [base.ask(f"SELECT * FROM {table}") for table in METADATA.tables if table != "load"]
    assert base.load(facts_of(STORY), [STORY]) == (0, 0, 5, 0)
    assert [base.ask(f"SELECT * FROM {table}") for table in METADATA.tables if table != "load"] == before


def test_what_no_longer_comes_out_is_retracted_and_can_come_back(base):
    base.load(facts_of(STORY))
    assert base.load(facts_of(STORY)[:3]) == (0, 0, 3, 2)
    assert base.ask("SELECT count(*), sum(retracted IS NULL), max(retracted) FROM fact") == [(5, 3, 2)]
    assert base.load(facts_of(STORY)) == (0, 2, 3, 0)
    assert base.ask("SELECT count(*), sum(retracted IS NULL) FROM fact") == [(5, 5)]


def test_a_changed_fact_is_replaced_under_its_id(base):
    base.load(facts_of(STORY))
    changed = [f.model_copy(update={"value": 1438}) if f.type == "count" else f for f in facts_of(STORY)]
    assert base.load(changed) == (0, 1, 4, 0)
    assert base.ask("SELECT value FROM count") == [(1438.0,)]


def test_a_changed_text_retracts_the_facts_of_the_old_one(base):
    base.load(facts_of(STORY))
    longer = Article(id="a", text=f"{STORY.text} More.", published=STORY.published)
    assert base.load(facts_of(longer)) == (5, 0, 0, 5)


def test_one_story_in_two_papers_has_its_facts_twice(base):
    twin = STORY.model_copy(update={"id": "b"})
    assert base.load([*facts_of(STORY), *facts_of(twin)]) == (10, 0, 0, 0)
    assert base.ask("SELECT count(*), count(DISTINCT id) FROM fact") == [(10, 5)]


def test_a_line_that_breaks_the_schema_is_named(base):
    line = json.loads(to_json(facts_of(STORY)[0]))
    del line["cue"]
    (base.folder / "facts.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(LineError, match=r"facts\.jsonl:1"):
        load_file(base.folder / "facts.jsonl", base.url)
    assert base.ask("SELECT count(*) FROM fact") == [(0,)]


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x/y", "sqlite:////proc/no/facts.db"])
def test_an_address_that_leads_nowhere_is_told_of(base, url):
    (base.folder / "facts.jsonl").write_text("")
    with pytest.raises(OutputError):
        load_file(base.folder / "facts.jsonl", url)


def test_nothing_is_broken_by_foreign_keys(base):
    base.load(facts_of(STORY), [STORY])
    base.load(facts_of(STORY)[:2])
    assert base.ask("PRAGMA foreign_key_check") == []


@settings(deadline=None, max_examples=30)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(lambda tail: f"x'); DROP TABLE fact; --\0{tail}"))
def test_a_text_never_becomes_sql(tmp_path_factory, hostile):
    base = Base(tmp_path_factory.mktemp("hostile"))
    article = Article(id=hostile, text=hostile, title=hostile)
    named = fact(article, hostile, "person", name=hostile, mentions=[span(article, hostile)])
    assert base.load([named], [article]) == (1, 0, 0, 0)
    assert base.ask("SELECT id, text, title FROM article") == [(hostile, hostile, hostile)]
    assert base.ask("SELECT name FROM entity") == [(hostile,)]
