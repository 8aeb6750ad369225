"""`extract review --db`: facts out of the database, decisions to the log first and then to the table."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from extract.article import Article
from extract.cli import app
from extract.correction import Log, read_log
from extract.correction.moving import Target
from extract.correction.revise import added
from extract.database import load_file
from extract.errors import ReadError
from extract.fact import to_json
from extract.review.database import Mirror, write_files
from extract.review.desk import Desk
from extract.review.library import Library

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "Viasna counted 1,437 prisoners in Minsk."


@pytest.fixture
def folder(tmp_path):
    article = Article(id="a", text=TEXT)
    facts = []
    for type_, quote, fields in (("count", "1,437", {"value": 1437}), ("event", "counted", {"event_type": "accuse"})):
        at = TEXT.index(quote)
        span = {"start": at, "end": at + len(quote), "text": quote}
        facts.append(added(Target(article), type_, {"span": span} | fields, "rule"))
    (tmp_path / "facts.jsonl").write_text("".join(to_json(fact) + "\n" for fact in facts))
    (tmp_path / "articles.jsonl").write_text(article.model_dump_json() + "\n")
    (tmp_path / "read").mkdir()
    return tmp_path


def url(folder):
    return f"sqlite:///{folder / 'facts.db'}"


def load(folder):
    load_file(folder / "facts.jsonl", url(folder), articles=folder / "articles.jsonl")


def desk_of(folder):
    mirror = Mirror(folder / "log.jsonl", url(folder))
    mirror.follow()
    library = Library(*write_files(url(folder), folder / "read"))
    return Desk(library, Log(folder / "log.jsonl"), lambda: NOON, mirror.follow)


def rows(folder, query):
    with sqlite3.connect(folder / "facts.db") as connection:
        return connection.execute(query).fetchall()


def test_the_database_gives_the_facts_that_were_loaded(folder):
    load(folder)
    facts, articles = write_files(url(folder), folder / "read")
    assert sorted(facts.read_text().splitlines()) == sorted((folder / "facts.jsonl").read_text().splitlines())
    assert Article.model_validate_json(articles.read_text()).text == TEXT


def test_decisions_go_to_the_log_and_to_the_table_and_change_what_is_current(folder):
    load(folder)
    desk = desk_of(folder)
    view = desk.view(0)
    event, count = view.shown[0].fact, view.shown[1].fact
    desk.decide(view, "reject", event, ("ann", "no such event"))
    desk.decide(view, "accept", count, ("ann", None))
    log = [line for _, line in read_log(folder / "log.jsonl")]
    assert rows(folder, "SELECT digest, action, annotator, position, note FROM correction ORDER BY position") == [
        (log[0].digest, "reject", "ann", 1, "no such event"), (log[1].digest, "accept", "ann", 2, None),
    ]  # fmt: skip
    assert rows(folder, "SELECT text FROM fact_current") == [("1,437",)]
    desk.undo(view, "ann", event.id)
    assert rows(folder, "SELECT text FROM fact_current ORDER BY 1") == [("1,437",), ("counted",)]
    assert {one.state for one in desk_of(folder).view(0).shown} == {"open", "accepted"}


def test_what_the_database_refuses_is_in_the_log_and_follows_later(folder, capsys):
    load(folder)
    desk = desk_of(folder)
    view = desk.view(0)
    (folder / "facts.db").rename(folder / "away.db")
    desk.decide(view, "accept", view.shown[0].fact, ("ann", None))
    assert "kept in the log, not yet in the database" in capsys.readouterr().err
    assert len(list(read_log(folder / "log.jsonl"))) == 1
    (folder / "away.db").rename(folder / "facts.db")
    desk.decide(view, "accept", view.shown[1].fact, ("ann", None))
    assert rows(folder, "SELECT count(*) FROM correction") == [(2,)]


def test_a_database_without_texts_is_told(folder):
    load_file(folder / "facts.jsonl", url(folder))
    with pytest.raises(ReadError, match="no article with its text"):
        write_files(url(folder), folder / "read")


@pytest.mark.parametrize("arguments", [[], ["f.jsonl"], ["f.jsonl", "--articles", "a", "--db", "sqlite:///x.db"]])
def test_files_or_a_database_and_not_both(arguments):
    assert CliRunner().invoke(app, ["review", *arguments]).exit_code == 2
