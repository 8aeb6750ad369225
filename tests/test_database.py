"""Loading is idempotent, retracts and never deletes, and takes any text for text."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from extract import Article
from extract.correction import Correction, Log, Reviewed
from extract.correction.anchor import anchor_of
from extract.database import METADATA, load_file, upgrade_database
from extract.database.current import current
from extract.database.engine import open_engine
from extract.errors import LineError, OutputError
from extract.fact import FACT, Extent, fact_id, to_json

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


class Changes(tuple):
    """What a load changed, and beside it how many corrections were new."""

    def __new__(cls, *numbers):
        made = super().__new__(cls, numbers[:4])
        made.corrections = numbers[4]
        return made


class Base:
    """A database, and a folder for what is loaded into it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def load(self, facts, articles=(), **options):
        (self.folder / "facts.jsonl").write_text("".join(f"{to_json(f)}\n" for f in facts), encoding="utf-8")
        stories = "".join(f"{a.model_dump_json()}\n" for a in articles)
        (self.folder / "articles.jsonl").write_text(stories, encoding="utf-8")
        loaded = load_file(self.folder / "facts.jsonl", self.url, articles=self.folder / "articles.jsonl", at=NOON,
                           **options)  # fmt: skip
        return Changes(loaded.inserted, loaded.updated, loaded.unchanged, loaded.retracted, loaded.corrections)

    def do(self, *statements, **values):
        engine = open_engine(self.url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)
        engine.dispose()

    def ask(self, query):
        engine = open_engine(self.url)
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return rows


@pytest.fixture
def base(tmp_path, database_url):
    return Base(tmp_path, database_url)


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
    assert base.load(facts_of(STORY)[:3]) == (0, 1, 2, 2)  # the statement's speaker is gone
    assert base.ask("SELECT count(*), count(*) - count(retracted), max(retracted) FROM fact") == [(5, 3, 2)]
    assert base.load(facts_of(STORY)) == (0, 3, 2, 0)
    assert base.ask("SELECT count(*), count(retracted) FROM fact") == [(5, 0)]


def test_a_changed_fact_is_replaced_under_its_id(base):
    base.load(facts_of(STORY))
    changed = [f.model_copy(update={"value": 1438}) if f.type == "count" else f for f in facts_of(STORY)]
    assert base.load(changed) == (0, 1, 4, 0)
    assert base.ask("SELECT value FROM count") == [(1438.0,)]


def test_a_fact_follows_what_it_refers_to(base):
    base.load(facts_of(STORY))
    known = [f.model_copy(update={"kb": "x-ales"}) if f.type == "person" else f for f in facts_of(STORY)]
    assert base.load(known) == (0, 2, 3, 0)
    assert base.ask("SELECT entity FROM statement") == [("person:x-ales",)]
    assert base.load([f for f in known if f.type != "person"]) == (0, 1, 3, 1)
    assert base.ask("SELECT entity_fact, entity FROM statement") == [(None, None)]


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


@pytest.mark.parametrize(
    ("type_", "field", "value"),
    [("count", "value", "NaN"), ("count", "high", "1e999"), ("organisation", "name", r'"\ud800"')],
)
def test_what_no_column_holds_is_refused_by_its_line(base, type_, field, value):
    lines = [to_json(f) for f in facts_of(STORY)]
    at = next(n for n, line in enumerate(lines) if f'"type":"{type_}"' in line)
    lines[at] = re.sub(rf'"{field}":(?:null|"[^"]*"|[\d.]+)', lambda _: f'"{field}":{value}', lines[at])
    (base.folder / "facts.jsonl").write_text("\n".join(lines))
    with pytest.raises(LineError, match=rf"facts\.jsonl:{at + 1}"):
        load_file(base.folder / "facts.jsonl", base.url)
    assert base.ask("SELECT count(*) FROM fact") == [(0,)]


def test_a_day_that_is_none_and_an_offset_beyond_all_texts_are_refused(base):
    undated = fact(STORY, "1,437", "date", timex="DATE", value="2022", first="2022-13-01", last="2022-13-01")
    with pytest.raises(LineError, match="ISO day"):
        base.load([undated])
    far = facts_of(STORY)[1].model_copy(update={"sentence": Extent(start=0, end=10**12)})
    with pytest.raises(LineError, match="offset"):
        base.load([far])


def test_a_number_of_hundreds_of_digits_keeps_them_in_the_json(base):
    long = [f.model_copy(update={"value": 10**400}) if f.type == "count" else f for f in facts_of(STORY)]
    assert base.load(long) == (5, 0, 0, 0)
    assert base.load(long) == (0, 0, 5, 0)
    assert base.ask("SELECT value > 1e300 FROM count") == [(True,)]


def test_a_compressed_file_is_unpacked(base):
    packed = base.folder / "facts.jsonl.gz"
    packed.write_bytes(gzip.compress("".join(f"{to_json(f)}\n" for f in facts_of(STORY)).encode()))
    assert load_file(packed, base.url).inserted == 5


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x/y", "sqlite:////proc/no/facts.db"])
def test_an_address_that_leads_nowhere_is_told_of(base, url):
    (base.folder / "facts.jsonl").write_text("")
    with pytest.raises(OutputError):
        load_file(base.folder / "facts.jsonl", url)


def test_nothing_is_broken_by_foreign_keys(tmp_path):
    base = Base(tmp_path, f"sqlite:///{tmp_path}/facts.db")
    base.load(facts_of(STORY), [STORY])
    base.load(facts_of(STORY)[:2])
    assert base.ask("PRAGMA foreign_key_check") == []


def test_one_entity_stands_for_its_mentions_in_all_articles(base):
    base.load([*facts_of(STORY), *facts_of(STORY.model_copy(update={"id": "b"}))])
    mentioned = "SELECT name, count(DISTINCT fact) FROM entity JOIN mention ON entity = id GROUP BY 1 ORDER BY 1"
    assert base.ask(mentioned) == [
        ("Ales Bialiatski", 2), ("Viasna", 2),
    ]  # fmt: skip


def test_a_reference_leads_to_the_fact_of_its_own_article(base):
    base.load([*facts_of(STORY), *facts_of(STORY.model_copy(update={"id": "b"}))])
    led = "SELECT c.article, s.article, s.text FROM fact c JOIN fact s ON s.key = c.source_fact ORDER BY 1"
    assert base.ask(led) == [("a", "a", "Viasna"), ("b", "b", "Viasna")]


def test_an_article_without_facts_loses_those_that_it_had(base):
    base.load(facts_of(STORY), [STORY])
    assert base.load([], [STORY]) == (0, 0, 0, 5)
    assert base.load([], [STORY]) == (0, 0, 0, 0)


def test_a_load_that_changes_nothing_leaves_no_trace(base):
    base.load(facts_of(STORY), [STORY])
    base.load(facts_of(STORY), [STORY])
    assert base.ask("SELECT id, inserted, updated, retracted FROM load") == [(1, 5, 0, 0)]


def test_a_dry_run_says_what_would_change_and_changes_nothing(base):
    base.load(facts_of(STORY), [STORY])
    before = [base.ask(f'SELECT * FROM "{table}" ORDER BY 1') for table in METADATA.tables]
    assert base.load(facts_of(STORY)[:3], [STORY], dry_run=True) == (0, 1, 2, 2)
    assert [base.ask(f'SELECT * FROM "{table}" ORDER BY 1') for table in METADATA.tables] == before


def test_a_dry_run_makes_no_file(tmp_path):
    base = Base(tmp_path, f"sqlite:///{tmp_path}/facts.db")
    assert base.load(facts_of(STORY), dry_run=True) == (5, 0, 0, 0)
    assert not (tmp_path / "facts.db").exists()


def test_facts_of_an_article_may_stand_apart(base):
    ours, theirs = facts_of(STORY), facts_of(STORY.model_copy(update={"id": "b"}))
    scattered = [fact for pair in zip(ours, theirs, strict=True) for fact in pair]
    assert base.load([*ours, *theirs]) == (10, 0, 0, 0)
    assert base.load(scattered) == (0, 0, 10, 0)
    assert base.load([*ours[:1], *theirs[:2], *ours[1:]]) == (0, 1, 6, 3)


def test_an_articles_file_of_another_text_is_refused(base):
    with pytest.raises(LineError, match=r"articles\.jsonl:1"):
        base.load(facts_of(STORY), [STORY.model_copy(update={"text": f"{STORY.text} More."})])


def test_corrections_come_along_once_and_outlive_their_facts(base):
    log = Log(base.folder / "corrections.jsonl")
    count = next(f for f in facts_of(STORY) if f.type == "count")
    log.append(
        Correction(
            fact=count.id, action="reject", annotator="eva", at=NOON, anchor=anchor_of(count, Reviewed(STORY.text))
        )
    )
    assert base.load(facts_of(STORY), [STORY], corrections=log.path).corrections == 1
    assert base.load([], [STORY], corrections=log.path).corrections == 0
    assert base.ask("SELECT fact, action, annotator FROM correction") == [(count.id, "reject", "eva")]


def test_a_newer_database_is_left_alone(base):
    base.load(facts_of(STORY))
    base.do("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OutputError, match="revision 9999"):
        base.load(facts_of(STORY))


def test_a_database_of_the_first_version_is_taken_over(base):
    facts = facts_of(STORY)
    base.do(*OF_THE_FIRST_VERSION)
    base.do(
        "INSERT INTO load VALUES (1, 'facts.jsonl', '2024-05-01 12:00:00'), (2, 'facts.jsonl', '2024-05-02 12:00:00')"
    )
    base.do(f"INSERT INTO article (id, text_sha256) VALUES ('a', '{STORY.text_sha256}')")
    rows = [(to_json(f), 2 if f.type == "event" else None) for f in facts]
    for json_, retracted in rows:
        base.do("INSERT INTO fact (article, json, loaded, retracted) VALUES ('a', CAST(:json AS JSON_), 1, :retracted)"
                .replace("JSON_", "TEXT" if base.url.startswith("sqlite") else "JSON"),
                json=json_, retracted=retracted)  # fmt: skip
    upgrade_database(base.url)
    assert base.ask("SELECT type, loaded, retracted FROM fact ORDER BY key") == [
        ("statement", 1, None), ("organisation", 1, None), ("count", 1, None), ("event", 1, 2), ("person", 1, None),
    ]  # fmt: skip
    assert base.ask("SELECT count(*) FROM fact_current") == [(4,)]
    assert base.load(facts, [STORY]) == (0, 1, 4, 0)
    assert base.ask("SELECT value, counted FROM count") == [(1437.0, "prisoners")]
    assert base.ask("SELECT text FROM article") == [(STORY.text,)]


# What matters here of the tables that 0.1.0 made.
OF_THE_FIRST_VERSION = (
    "CREATE TABLE load (id INTEGER PRIMARY KEY, file TEXT, at TIMESTAMP)",
    "CREATE TABLE article (id TEXT PRIMARY KEY, text_sha256 TEXT, url TEXT, published TEXT, title TEXT, source TEXT,"
    " text TEXT)",
    "CREATE TABLE fact (article TEXT, json JSON, loaded INTEGER, retracted INTEGER)",
    *(f"CREATE TABLE {name} (fact TEXT)" for name in
      ("entity", "mention", "role", "date", "count", "event", "argument", "statement")),
)  # fmt: skip


HOSTILE = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufdd0")).map(
    lambda tail: f"x'); DROP TABLE fact; --\0%d\t\\N\n\\.\n{tail}"
)


@settings(deadline=None, max_examples=30)
@given(HOSTILE)
def test_a_text_never_becomes_sql(tmp_path_factory, hostile):
    folder = tmp_path_factory.mktemp("hostile")
    check_hostile(Base(folder, f"sqlite:///{folder}/facts.db"), hostile, hostile)


@settings(deadline=None, max_examples=10)
@given(HOSTILE)
def test_a_text_never_becomes_sql_in_postgresql(postgresql, tmp_path_factory, hostile):
    base = Base(tmp_path_factory.mktemp("hostile"), postgresql.new_database())
    check_hostile(base, hostile, hostile.replace("\0", "\ufdd0"))


def check_hostile(base, hostile, stored):
    article = Article(id=hostile, text=hostile, title=hostile)
    named = fact(article, hostile, "person", name=hostile, mentions=[span(article, hostile)])
    assert base.load([named], [article]) == (1, 0, 0, 0)
    assert base.load([named], [article]) == (0, 0, 1, 0)
    assert base.ask("SELECT id, text, title FROM article") == [(stored, stored, stored)]
    assert base.ask("SELECT name FROM entity") == [(stored,)]


def test_nul_comes_out_where_it_went_in(base):
    article = Article(id="a\0b", text=f"{STORY.text}\0", title="\0")
    facts = [*facts_of(article), fact(article, "said.\0", "event", event_type="accuse")]
    assert base.load(facts, [article]) == (6, 0, 0, 0)
    engine = open_engine(base.url)
    with engine.connect() as connection:
        [(reference, found, read)] = current(connection)
    engine.dispose()
    assert (reference.id, read) == (article.id, article)
    assert {to_json(f) for f in found} == {to_json(f) for f in facts}


def test_a_note_with_nul_is_kept(base):
    log = Log(base.folder / "corrections.jsonl")
    count = next(f for f in facts_of(STORY) if f.type == "count")
    anchor = anchor_of(count, Reviewed(STORY.text))
    log.append(Correction(fact=count.id, action="reject", annotator="eva", at=NOON, anchor=anchor, note="a\0"))
    assert base.load(facts_of(STORY), [STORY], corrections=log.path).corrections == 1


def test_a_name_of_a_megabyte_is_a_name(base):
    article = Article(id="a", text='"\\' * 500_000)
    named = fact(article, article.text, "person", name=article.text, mentions=[span(article, article.text)])
    assert base.load([named], [article]) == (1, 0, 0, 0)
