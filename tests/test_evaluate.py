"""`extract evaluate`: two versions, the rules, the annotators, and gold against gold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extract.article import Article
from extract.cli import app
from extract.correction import Log, Reviewed, Stamp, correct
from extract.correction.moving import Target
from extract.correction.revise import added, revised
from extract.evaluation.agreement import agreement
from extract.evaluation.difference import compare
from extract.evaluation.gold import read_gold
from extract.fact import to_json

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "Viasna counted 1,437 prisoners. Police detained 23 people in Minsk on 3 May 2024."
ARTICLE = Article(id="a", text=TEXT)
TARGET = Target(ARTICLE)


def make(type_, quote, **fields):
    at = TEXT.index(quote)
    span = {"start": at, "end": at + len(quote), "text": quote}
    named = {"name": quote, "mentions": [span]} if type_ in {"person", "organisation", "place"} else {}
    return added(TARGET, type_, {"span": span} | named | fields, "rule")


FACTS = {
    fact.span.text: fact
    for fact in (
        make("organisation", "Viasna"), make("count", "1,437", value=1437), make("count", "23", value=23),
        make("place", "Minsk"), make("event", "detained", event_type="arrest"),
        make("date", "3 May 2024", timex="DATE", value="2024-05-03"),
    )
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "facts.jsonl", FACTS.values())
    (tmp_path / "articles.jsonl").write_text(ARTICLE.model_dump_json() + "\n")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.xml").write_text(
        '<organisation id="o1">Viasna</organisation> counted <count value="1437">1,437</count> prisoners. Police '
        '<ev type="arrest">detained</ev> <count value="24">23</count> people in <place id="l1">Minsk</place> on '
        '<date type="DATE" value="2024-05-03">3 May 2024</date>.'
    )
    return tmp_path


def write(path, facts):
    path.write_text("".join(to_json(fact) + "\n" for fact in facts))
    return path


def evaluate(*arguments):
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def decide(folder, *decisions):
    log = Log(folder / "corrections.jsonl")
    for minute, (annotator, action, quote, *what) in enumerate(decisions):
        stamp = Stamp(annotator, NOON + timedelta(minutes=minute))
        value = {"value": what[0]} if what else {}
        log.append(correct(Reviewed(TEXT, {f.id: f for f in FACTS.values()}), action, FACTS[quote], stamp, **value))
    return log.path


def test_the_older_name_gives_the_same_page(folder):
    runner = CliRunner()
    old = runner.invoke(app, ["score", str(folder / "gold"), str(folder / "facts.jsonl")]).stdout
    assert old == evaluate(folder / "gold", folder / "facts.jsonl")
    assert "count value 50.0 50.0 50.0 2" in " ".join(old.split())


def test_two_versions_are_compared_by_what_they_say(folder):
    changed = revised(TARGET, FACTS["23"], "count", {"value": 24, "as_of": FACTS["3 May 2024"].id}, "rule")
    longer = make("place", "Minsk on 3")
    new = [f for q, f in FACTS.items() if q not in {"23", "Minsk", "1,437"}] + [
        changed,
        longer,
        make("place", "Police"),
    ]
    old, new = folder / "facts.jsonl", write(folder / "new.jsonl", new)
    found = compare(old, new, {one.name: one for one in read_gold(folder / "gold")})
    changes = [change for sentence in found.sentences for change in sentence.changes]
    assert [(c.was and c.was.span.text, c.now and c.now.span.text, c.verdicts) for c in changes] == [
        ("1,437", None, (True, None)), (None, "Police", (None, False)), ("23", "23", (False, True)),
        ("Minsk", "Minsk on 3", (True, False)),
    ]  # fmt: skip
    assert changes[2].fields == (("value", "23", "24"), ("as_of", "none", "[3 May 2024]"))
    assert found.same == 3
    page = evaluate(folder / "gold", new, "--diff", old)
    assert "“23”  value: 23 → 24; as_of: none → [3 May 2024]  ‹edited›  wrong → right" in page
    assert "1 new, 1 gone, 2 changed, 3 the same" in page
    assert "  0  Viasna counted 1,437 prisoners." in page


def test_confidence_and_maker_are_no_disagreement(folder):
    new = [fact.model_copy(update={"confidence": 0.1}) for fact in FACTS.values()]
    found = compare(folder / "facts.jsonl", write(folder / "new.jsonl", new))
    assert (found.sentences, found.same) == ([], 6)


def test_an_article_with_another_text_is_not_compared(folder):
    other = Target(Article(id="a", text=TEXT + "!"))
    span = {"start": 0, "end": 6, "text": "Viasna"}
    fact = added(other, "person", {"span": span, "name": "Viasna", "mentions": [span]}, "rule")
    found = compare(folder / "facts.jsonl", write(folder / "new.jsonl", [fact]))
    assert (found.sentences, found.other_text) == ([], ["a"])


def test_rules_show_what_gold_and_people_say_of_them(folder):
    new = revised(TARGET, FACTS["1,437"], "count", {"value": 1438}, "ann")
    decide(folder, ("ann", "edit", "1,437", new), ("ann", "reject", "23"), ("ann", "accept", "Minsk"))
    page = json.loads(evaluate(folder / "gold", folder / "facts.jsonl", "--rules", "--json"))
    assert page["rules"]["annotator/added"] == {"made": 6, "right": 5, "accepted": 1, "edited": 1, "rejected": 1}
    assert page["count value"]["f1"] == 50.0


def test_annotators_agreement_is_measured_on_what_both_decided(folder):
    new = revised(TARGET, FACTS["1,437"], "count", {"value": 1438}, "ann")
    log = decide(
        folder,
        ("ann", "accept", "Viasna"), ("ben", "accept", "Viasna"), ("ann", "reject", "23"), ("ben", "accept", "23"),
        ("ann", "edit", "1,437", new), ("ben", "edit", "1,437", new), ("ann", "reject", "Minsk"),
        ("ben", "reject", "Minsk"), ("ann", "accept", "detained"),
    )  # fmt: skip
    found = agreement(log, folder / "facts.jsonl")
    (pair,) = found.pairs
    assert (pair.one, pair.other, pair.shared, pair.alike, pair.is_few) == ("ann", "ben", 4, 3, True)
    assert pair.kappa == pytest.approx((3 / 4 - 5 / 16) / (1 - 5 / 16))
    assert pair.f1 == pytest.approx(2 * 2 / (2 + 3))
    assert found.alpha == pytest.approx(1 - (2 / 8) / ((3 * 5 + 3 * 5 + 2 * 6) / (8 * 7)))
    page = evaluate(folder / "facts.jsonl", "--agreement")
    assert "ann, ben" in page
    assert "few: says little" in page


def test_gold_is_evaluated_against_gold(folder):
    page = evaluate(ROOT / "corpus" / "gold", ROOT / "corpus" / "gold", "--json")
    scores = json.loads(page)
    assert {row["f1"] for name, row in scores.items() if "f1" in row} == {100.0}


@pytest.mark.parametrize("arguments", [("facts.jsonl",), ("gold", "facts.jsonl", "x"), ("facts.jsonl", "--agreement")])
def test_what_can_not_be_told_is_wrong_usage(folder, monkeypatch, arguments):
    monkeypatch.chdir(folder)
    assert CliRunner().invoke(app, ["evaluate", *arguments]).exit_code == 2
