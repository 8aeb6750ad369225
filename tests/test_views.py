"""Views follow people's merges and this version's definitions; entities go by their fullest name."""

from __future__ import annotations

import pytest

from extract import Article
from extract.correction import Correction, Log, Reviewed
from extract.correction.anchor import anchor_of
from extract.correction.entry import Other
from extract.database import upgrade_database
from extract.database.asking import asking
from extract.database.series import series
from extract.database.timeline import life
from extract.database.views import VIEWS
from extract.errors import OutputError
from tests.test_database import NOON, Base, fact, span

FULL = "Marta Jana Quill"


@pytest.fixture
def base(tmp_path, database_url):
    return Base(tmp_path, database_url)


def arrest(id_, name, *, kb=None):
    """An article in which somebody of that name is arrested, with the person, the event, and who counts how many."""
    article = Article(id=id_, text=f"In Carpania {name} was arrested, one of 12.", published="2024-03-01")
    person = fact(article, name, "person", name=name, mentions=[span(article, name)], kb=kb)
    where = fact(article, "Carpania", "place", name="Carpania", mentions=[span(article, "Carpania")], kind="country")
    target = {"role": "target", "span": span(article, name), "entity": person.id}
    event = fact(article, "arrested", "event", event_type="arrest", arguments=[target])
    by = {"source": span(article, name), "source_id": person.id, "cue": span(article, "one of")}
    count = fact(article, "12", "count", value=12, category="arrest", place=where.id, attribution=by,
                 as_of_basis="publication", aggregation="flow")  # fmt: skip
    return article, [person, where, event, count]


def decide(log, action, one, other, **what):
    """Appends a decision on the persons of two articles."""
    (article, (person, *_)), (their_article, (their_person, *_)) = one, other
    theirs = Other(fact=their_person.id, anchor=anchor_of(their_person, Reviewed(their_article.text)))
    anchor = anchor_of(person, Reviewed(article.text))
    return log.append(
        Correction(fact=person.id, action=action, annotator="eva", at=NOON, anchor=anchor, other=theirs, **what)
    )


def people(base):
    return base.ask("SELECT DISTINCT name, kb FROM entity_mentions WHERE type = 'person' ORDER BY name")


def test_people_who_were_merged_are_one_in_every_view_and_question(base):
    told = [arrest("a", FULL, kb="x-quill"), arrest("b", "Tessel Orm"), arrest("c", "Orm")]
    log = Log(base.folder / "log.jsonl")
    decide(log, "merge", told[1], told[0])
    decide(log, "merge", told[1], told[2])
    facts, articles = [one for _, facts in told for one in facts], [article for article, _ in told]
    base.load(facts, articles)
    assert people(base) == [(FULL, "x-quill"), ("Orm", None), ("Tessel Orm", None)]
    base.load(facts, articles, corrections=log.path)
    assert people(base) == [(FULL, "x-quill")]
    assert base.ask("SELECT DISTINCT person FROM person_timeline") == [(FULL,)]
    assert base.ask("SELECT source, articles FROM count_statement") == [(FULL, 3)]
    with asking(base.url) as connection:
        for name in (FULL, "Tessel Orm", "Orm"):
            found = life(connection, name)
            assert (found.name, found.articles, len(found.counts)) == (FULL, 3, 3)
            assert len(series(connection, "arrest", source=name).figures) == 1


def test_a_merge_that_was_taken_back_merges_nobody(base):
    told = [arrest("a", FULL), arrest("b", "Tessel Orm")]
    log = Log(base.folder / "log.jsonl")
    merged = decide(log, "merge", *told)
    decide(log, "undo", *told, undoes=merged.digest)
    base.load([one for _, facts in told for one in facts], corrections=log.path)
    assert people(base) == [(FULL, None), ("Tessel Orm", None)]


def test_a_group_with_two_who_are_to_be_kept_apart_is_left_as_it_was(base):
    told = [arrest("a", FULL), arrest("b", "Tessel Orm"), arrest("c", "Ida Quist")]
    log = Log(base.folder / "log.jsonl")
    decide(log, "merge", told[0], told[1])
    decide(log, "merge", told[1], told[2])
    decide(log, "keep_apart", told[2], told[0])
    base.load([one for _, facts in told for one in facts], corrections=log.path)
    assert people(base) == [("Ida Quist", None), (FULL, None), ("Tessel Orm", None)]
    with asking(base.url) as connection:
        assert life(connection, FULL).articles == 1


@pytest.mark.parametrize("names", [("Quill", FULL, "MARTA QUILL"), (FULL, "Quill", "MARTA QUILL")])
def test_an_entity_goes_by_its_fullest_name_whichever_came_first(base, names):
    for name in names:
        base.load(arrest(name, name, kb="x-quill")[1])
    assert people(base) == [(FULL, "x-quill")]


def test_an_entity_that_the_gazetteer_knows_goes_by_its_name_there(base):
    base.load(arrest("a", "ALES BIALIATSKI the laureate", kb="x-bialiatski-ales")[1])
    assert people(base) == [("Ales Bialiatski", "x-bialiatski-ales")]


def test_a_view_whose_definition_changed_needs_no_revision(base, monkeypatch):
    base.load(arrest("a", FULL)[1])
    assert upgrade_database(base.url).views is False
    with monkeypatch.context() as other:
        other.setitem(VIEWS, "entity_mentions", lambda _: "SELECT 'changed' AS name")
        other.setitem(VIEWS, "of_another_version", lambda _: "SELECT name FROM entity_mentions")
        with pytest.raises(OutputError, match="views are of another version"), asking(base.url):
            pass
        base.load(arrest("a", FULL)[1])
        assert base.ask("SELECT name FROM of_another_version") == [("changed",)]
    assert upgrade_database(base.url).views is True
    assert people(base) == [(FULL, None)]
    with asking(base.url) as connection:
        assert life(connection, FULL).name == FULL


def test_tables_of_the_first_revision_are_brought_up_to_date(base):
    base.load(arrest("a", FULL)[1])
    before = indexes(base)
    base.do("DROP TABLE definition", "UPDATE alembic_version SET version_num = '0001'",
            *(f"CREATE INDEX ix_{table}_{column} ON {table} ({column})" for table, column in
              (("argument", "entity_fact"), ("statement", "entity_fact"), ("event", "chain"))),
            "CREATE INDEX ix_fact_type_article ON fact (type, article)")  # fmt: skip
    assert upgrade_database(base.url)[:2] == ("0001", "0002")
    assert indexes(base) == before
    assert base.load(arrest("a", FULL)[1]) == (0, 0, 4, 0)


def indexes(base):
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"
    return base.ask(sqlite if base.url.startswith("sqlite") else "SELECT indexname FROM pg_indexes ORDER BY 1")
