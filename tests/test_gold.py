"""Reviewed articles become gold, and gold the same facts again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extract.article import Article
from extract.cli import app
from extract.correction import Log, Reviewed, Stamp, correct
from extract.correction.moving import Target
from extract.correction.revise import added, respanned, revised
from extract.errors import OutputError
from extract.evaluation.gold import Mark, parse_gold, read_gold
from extract.evaluation.markup import MarkupError, marks_of, nested, to_markup
from extract.evaluation.reviewed import review, write_gold
from extract.evaluation.score import score
from extract.evaluation.unmark import facts_in
from extract.fact import to_json

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = 'Viasna said "1,437 people 👩‍👩‍👧 are held", 5 > 3 & more.\n\nOn 14 December 2022 Ales Bialiatski was jailed.'


def span(quote, text=TEXT):
    at = text.index(quote)
    return {"start": at, "end": at + len(quote), "text": quote}


def make(type_, quote, article, **fields):
    named = {"name": quote, "mentions": [span(quote, article.text)]}
    fields = (named if type_ in {"person", "organisation", "place"} else {}) | fields
    return added(Target(article), type_, {"span": span(quote, article.text)} | fields, "rule")


def facts_of(article):
    date = make("date", "14 December 2022", article, timex="DATE", value="2022-12-14")
    viasna = make("organisation", "Viasna", article, kind="ngo")
    person = make("person", "Ales Bialiatski", article)
    said = {"source": span("Viasna"), "source_id": viasna.id, "cue": span("said")}
    count = make("count", "1,437", article, value=1437, counted=span("people"), category="imprison",
                 attribution=said, as_of=date.id, as_of_basis="stated")  # fmt: skip
    event = make("event", "jailed", article, event_type="imprison", modality="possible",
                 arguments=[{"role": "target", "span": span("Ales Bialiatski"), "entity": person.id}])  # fmt: skip
    quoted = make("statement", '"1,437 people 👩‍👩‍👧 are held"', article, direct=True, cue=span("said"),
                  speaker=span("Viasna"), entity=viasna.id)  # fmt: skip
    return [date, viasna, person, count, event, quoted]


@pytest.fixture
def desk(tmp_path):
    return Reviewing(tmp_path)


class Reviewing:
    """Two articles with facts, and a log that decisions go to."""

    def __init__(self, folder):
        self.folder = folder
        self.articles = [
            Article(id="news/one.txt", text=TEXT, published="2022-12-15"),
            Article(id="two", text=TEXT + " "),
        ]
        self.facts = {article.id: facts_of(article) for article in self.articles}
        (folder / "articles.jsonl").write_text("".join(a.model_dump_json() + "\n" for a in self.articles))
        lines = [to_json(fact) + "\n" for facts in self.facts.values() for fact in facts]
        (folder / "facts.jsonl").write_text("".join(lines))
        self.log = Log(folder / "corrections.jsonl")
        self.minute = 0

    def decide(self, article, action, fact, annotator="ann", **what):
        self.minute += 1
        of = next(one for one in self.articles if one.id == article)
        reviewed = Reviewed(of.text, {one.id: one for one in self.facts[article]})
        stamp = Stamp(annotator, NOON + timedelta(minutes=self.minute))
        return self.log.append(correct(reviewed, action, fact, stamp, **what))

    def accept_all(self, article, but=()):
        for fact in self.facts[article]:
            if fact not in but:
                self.decide(article, "accept", fact)

    def command(self, *arguments):
        return CliRunner().invoke(app, ["gold", str(self.log.path), *map(str, arguments)], catch_exceptions=False)


def test_what_was_reviewed_becomes_gold_that_the_facts_match_whole(desk):
    desk.accept_all("news/one.txt")
    result = desk.command("-o", desk.folder / "gold")
    assert result.exit_code == 0
    assert [path.name for path in sorted((desk.folder / "gold").iterdir())] == ["articles.jsonl", "one.xml"]
    scores = score(desk.folder / "gold", desk.folder / "facts.jsonl")
    told = {name: measure.f1 for name, measure in scores.measures.items() if measure.gold}
    assert set(told.values()) == {100.0}
    assert {one.as_json()["accuracy"] for one in scores.shares.values()} == {100.0}
    assert {"statement", "date value", "person strict", "count value", "event trigger"} <= set(told)
    assert {"count source", "event target", "event modality", "statement speaker"} <= set(scores.shares)


def test_gold_says_what_people_decided_and_not_what_was_extracted(desk):
    one = desk.articles[0]
    date, viasna, person, count, event, quoted = desk.facts[one.id]
    target = Target(one)
    desk.decide(one.id, "reject", event)
    desk.decide(one.id, "edit", count, value=revised(target, count, "count", {"value": 1438}, "ann"))
    desk.decide(one.id, "edit", person, value=respanned(target, person, span("Bialiatski"), "ann"))
    desk.decide(one.id, "add", make("event", "held", one, event_type="imprison"))
    for fact in (date, viasna, quoted):
        desk.decide(one.id, "accept", fact)
    desk.command("-o", desk.folder / "gold")
    (gold,) = read_gold(desk.folder / "gold")
    assert gold.text == TEXT
    assert [(mark.tag, mark.text) for mark in gold.marks] == [
        ("organisation", "Viasna"), ("said", '"1,437 people 👩‍👩‍👧 are held"'), ("count", "1,437"), ("ev", "held"),
        ("date", "14 December 2022"), ("person", "Bialiatski"),
    ]  # fmt: skip
    assert gold.marked("count")[0].get("value") == "1438"


def test_a_partly_reviewed_article_is_named_and_left_out_unless_it_is_wanted(desk):
    one, two = (article.id for article in desk.articles)
    desk.accept_all(one)
    desk.accept_all(two, but=desk.facts[two][:2])
    result = desk.command("-o", desk.folder / "gold")
    assert "two: left out: 2 of 6 facts are not decided" in result.stdout
    assert [gold.name for gold in read_gold(desk.folder / "gold")] == ["one"]
    desk.command("-o", desk.folder / "all", "--partial")
    assert [gold.name for gold in read_gold(desk.folder / "all")] == ["one", "two"]
    desk.command("-o", desk.folder / "marked", "--reviewed", "two")
    assert [gold.name for gold in read_gold(desk.folder / "marked")] == ["one", "two"]


def test_a_decision_that_was_taken_back_leaves_the_article_open(desk):
    one = desk.articles[0].id
    desk.accept_all(one, but=desk.facts[one][:1])
    last = desk.decide(one, "reject", desk.facts[one][0])
    files = desk.log.path, desk.folder / "facts.jsonl", desk.folder / "articles.jsonl"
    assert [each.what for each in review(*files).articles] == ["reviewed"]
    desk.log.append(last.model_copy(update={"action": "undo", "undoes": last.digest, "value": None}))
    assert [(each.what, each.decided) for each in review(*files).articles] == [("partly", 5)]


def test_gold_that_is_there_is_not_replaced_unless_told(desk):
    desk.accept_all("two")
    found = review(desk.log.path, desk.folder / "facts.jsonl", desk.folder / "articles.jsonl").articles
    write_gold(found, desk.folder / "gold")
    with pytest.raises(OutputError, match="annotated articles already"):
        write_gold(found, desk.folder / "gold")
    write_gold(found, desk.folder / "gold", replace=True)


@pytest.mark.parametrize("id_", ["", "..", "/", "a\x00b", "a/b\x1b", "x" * 300, "back\\slash"])
def test_an_id_that_makes_no_name_of_a_file_is_left_out(desk, id_):
    article = Article(id=id_, text=TEXT)
    (desk.folder / "articles.jsonl").write_text(article.model_dump_json() + "\n")
    (desk.folder / "facts.jsonl").write_text("")
    desk.log.path.write_text("")
    found = review(desk.log.path, desk.folder / "facts.jsonl", desk.folder / "articles.jsonl", {id_})
    names = {one.name for one in found.articles if one.what != "unusable"}
    assert names <= {".."}  # which gives the file `...xml`, inside of the folder


def test_marks_that_cross_are_told_and_the_rest_nests():
    one, other = Mark("said", 0, 10, "", {}), Mark("count", 5, 15, "", {})
    assert nested([one, other, Mark("date", 5, 8, "", {})]) == ([other, Mark("date", 5, 8, "", {})], [one])


def test_a_text_with_tags_of_its_own_is_no_gold():
    with pytest.raises(MarkupError):
        to_markup("<person>x</person>", [])


def test_markup_read_again_gives_the_marks_whatever_their_attributes():
    mark = Mark("said", 0, 3, "abc", {"speaker": 'Ann "A" <b> & co.\nX', "cue": "said"})
    assert parse_gold("a", to_markup("abc <i>d</i> & e", [mark])).marks == (mark,)


@pytest.mark.parametrize("path", sorted((ROOT / "corpus" / "gold").glob("*.xml")), ids=lambda path: path.stem)
def test_gold_becomes_facts_and_the_same_gold_again(path):
    gold = parse_gold(path.stem, path.read_bytes().decode())
    again = parse_gold(path.stem, to_markup(gold.text, nested(marks_of(facts_in(gold)))[0]))
    assert again.text == gold.text
    places = [Counter((mark.tag, mark.start, mark.end, mark.get("type"), mark.get("low")) for mark in one.marks)
              for one in (gold, again)]  # fmt: skip
    assert places[0] == places[1]
    assert facts_in(again) == facts_in(gold)
