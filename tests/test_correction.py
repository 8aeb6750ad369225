"""What annotators rely on: no decision is lost, none is undone in silence, and what is written agrees with the text."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from extract.article import Article
from extract.cli import app
from extract.correction import Broken, Correction, Log, Reviewed, Stamp, apply, correct, read_log
from extract.correction.outcome import Line
from extract.correction.pairs import identities
from extract.correction.references import references
from extract.correction.status import status
from extract.evaluation.verify import Problem, verify
from extract.fact import FACT, ArticleReference, fact_id, to_json

TEXT = "Viasna 👩‍👩‍👧 counts 1,437 prisoners as of 14 December 2022. Ales Bialiatski, or Bialiatski, was jailed."
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def article(text=TEXT, id_="a", url=None):
    return Article(id=id_, text=text, url=url)


def make(type_, quote, of=None, *, nth=0, **fields):
    """A fact on the nth occurrence of a quote."""
    of = of or article()
    at = -1
    for _ in range(nth + 1):
        at = of.text.index(quote, at + 1)
    span = {"start": at, "end": at + len(quote), "text": quote}
    if type_ in {"person", "organisation", "place"}:
        fields = {"name": quote, "mentions": [span]} | fields
    id_ = fact_id(of.text_sha256, type_, at, at + len(quote), fields.get("event_type", ""))
    return FACT.validate_python({
        "schema": "1", "id": id_, "type": type_, "span": span, "confidence": 0.7,
        "article": {"id": of.id, "text_sha256": of.text_sha256, "url": of.url, "published": of.published},
        "sentence": {"start": 0, "end": len(of.text)},
        "by": {"component": type_, "rule": "r", "version": "1", "model": "m"}, **fields,
    })  # fmt: skip


def facts_of(of=None):
    of = of or article()
    date = make("date", "14 December 2022", of, timex="DATE", value="2022-12-14")
    org = make("organisation", "Viasna", of)
    count = make("count", "1,437", of, value=1437, as_of=date.id, as_of_basis="stated")
    full, short = make("person", "Ales Bialiatski", of), make("person", "Bialiatski", of, nth=1)
    event = make("event", "jailed", of, event_type="imprison", arguments=[
        {"role": "target", "span": short.span.model_dump(), "entity": short.id},
    ])  # fmt: skip
    return {f.span.text: f for f in (org, count, date, full, short, event)}


class Desk:
    """A folder with facts, articles and a log, and people who write to it."""

    def __init__(self, folder):
        self.facts, self.articles, self.path = (folder / n for n in ("facts.jsonl", "articles.jsonl", "log.jsonl"))
        self.log, self.now = Log(self.path), NOON
        self.extract(article(), facts_of().values())
        self.path.touch()

    def extract(self, of, facts):
        self.facts.write_text("".join(to_json(f) + "\n" for f in facts))
        self.articles.write_text(of.model_dump_json() + "\n")

    def say(self, action, fact, who="ann", **what):
        self.now += timedelta(minutes=1)
        reviewed = Reviewed(TEXT, {f.id: f for f in facts_of().values()})
        return self.log.append(correct(reviewed, action, fact, Stamp(who, self.now), **what))

    def replay(self, *, articles=True):
        lines, summary = apply(self.facts, self.path, articles=self.articles if articles else None)
        out = self.facts.with_name("corrected.jsonl")
        out.write_bytes(b"".join(lines))
        problems = [found for found in verify(out, self.articles) if isinstance(found, Problem)]
        assert problems == []
        return {f.span.text: f for f in map(FACT.validate_json, out.read_bytes().splitlines())}, summary

    def whats(self, **options):
        return [one.what for one in self.replay(**options)[1].outcomes]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def changed(fact, **fields):
    return FACT.validate_python(fact.model_dump(mode="json", by_alias=True) | fields)


def test_no_decisions_change_no_byte(desk):
    lines, summary = apply(desk.facts, desk.path)
    assert b"".join(lines) == desk.facts.read_bytes()
    assert summary.facts == 6


def test_accept_reject_edit_and_add(desk):
    facts = facts_of()
    desk.say("accept", facts["Viasna"])
    desk.say("reject", facts["jailed"])
    desk.say("edit", facts["1,437"], value=changed(facts["1,437"], value=1438))
    desk.say("add", make("event", "counts", event_type="accuse"))
    corrected, summary = desk.replay()
    assert [one.what for one in summary.outcomes] == ["applied"] * 4
    assert corrected["Viasna"].confidence == 1
    assert "jailed" not in corrected
    assert corrected["1,437"].value == 1438
    assert corrected["counts"].event_type == "accuse"


def test_what_extraction_says_by_now_is_already_so(desk):
    facts = facts_of()
    better = changed(facts["1,437"], value=1438)
    desk.say("edit", facts["1,437"], value=better)
    desk.say("reject", facts["jailed"])
    desk.say("add", make("event", "counts", event_type="accuse"))
    later = facts | {"1,437": better, "counts": make("event", "counts", event_type="accuse")}
    del later["jailed"]
    desk.extract(article(), later.values())
    assert desk.whats() == ["already so"] * 3


def test_an_accepted_fact_outlives_a_version_that_misses_or_changes_it(desk):
    facts = facts_of()
    desk.say("accept", facts["1,437"])
    desk.say("accept", facts["jailed"])
    desk.extract(article(), [changed(facts["1,437"], value=1.437), facts["Viasna"]])
    corrected, summary = desk.replay()
    assert corrected["1,437"].value == 1437
    assert corrected["jailed"].event_type == "imprison"
    assert [one.why for one in summary.outcomes] == [
        "extracted differently by now: kept as it was accepted", "no longer extracted: kept as it was accepted",
    ]  # fmt: skip
    assert corrected["1,437"].as_of is None, "the date is no longer extracted"
    assert corrected["1,437"].as_of_basis is None


def test_what_is_rejected_is_referred_to_no_more(desk):
    desk.say("reject", facts_of()["14 December 2022"])
    assert desk.replay()[0]["1,437"].as_of is None


def test_references_follow_a_fact_whose_span_was_edited(desk):
    facts = facts_of()
    wider = make("date", "of 14 December 2022", timex="DATE", value="2022-12-14")
    desk.say("edit", facts["14 December 2022"], value=wider)
    corrected, _ = desk.replay()
    assert "14 December 2022" not in corrected
    assert corrected["1,437"].as_of == corrected["of 14 December 2022"].id


def test_a_second_edit_continues_the_first(desk):
    facts = facts_of()
    wider = make("date", "of 14 December 2022", timex="DATE", value="2022-12-14")
    desk.say("edit", facts["14 December 2022"], value=wider)
    desk.say("edit", wider, value=make("date", "December 2022", timex="DATE", value="2022-12"))
    corrected, summary = desk.replay()
    assert {"14 December 2022", "of 14 December 2022"}.isdisjoint(corrected)
    assert corrected["1,437"].as_of == corrected["December 2022"].id
    assert [one.what for one in summary.outcomes] == ["superseded", "applied"]


def test_two_who_disagree_are_both_listed_and_the_later_wins(desk):
    count = facts_of()["1,437"]
    desk.say("reject", count, "ann")
    desk.say("accept", count, "bob")
    corrected, summary = desk.replay()
    assert "1,437" in corrected
    assert [(one.what, one.decision.annotator) for one in summary.outcomes] == [
        ("conflict", "ann"),
        ("conflict", "bob"),
    ]


def test_two_who_agree_are_no_conflict(desk):
    count = facts_of()["1,437"]
    for who in ("ann", "bob"):
        desk.say("edit", count, who, value=changed(count, value=1438))
    assert desk.whats() == ["applied", "applied"]


def test_undo_takes_one_line_back_and_leaves_it_in_the_log(desk):
    count = facts_of()["1,437"]
    rejected = desk.say("reject", count)
    desk.say("undo", count, undoes=rejected.digest)
    corrected, summary = desk.replay()
    assert corrected["1,437"].confidence == 0.7
    assert [one.what for one in summary.outcomes] == ["undone", "undone"]


def test_decisions_follow_a_republished_article(desk):
    facts = facts_of()
    desk.say("edit", facts["1,437"], value=changed(facts["1,437"], value=1438))
    desk.say("reject", facts["jailed"])
    desk.say("accept", facts["Viasna"])
    new = article("UPDATED. " + TEXT.replace("Viasna", "Human rights group"))
    desk.extract(new, [f for q, f in facts_of_text(new).items()])
    corrected, summary = desk.replay()
    assert [one.what for one in summary.outcomes] == ["moved", "moved", "orphaned"]
    assert corrected["1,437"].value == 1438
    assert corrected["1,437"].as_of == corrected["14 December 2022"].id
    assert "jailed" not in corrected
    assert desk.whats(articles=False) == ["orphaned"] * 3


def facts_of_text(new):
    found = {}
    for quote, fact in facts_of().items():
        if quote in new.text:
            nth = 1 if quote == "Bialiatski" else 0
            own = fact.model_dump(mode="json", include={"value", "timex", "event_type"})
            found[quote] = make(fact.type, quote, new, nth=nth, **own)
    return found


def test_a_quote_that_could_be_two_is_orphaned(desk):
    desk.say("reject", facts_of()["1,437"])
    desk.extract(article("First 1,437, then 1,437 more."), [])
    _, summary = desk.replay()
    assert summary.outcomes[0].what == "orphaned"
    assert "not just once" in summary.outcomes[0].why


def test_an_article_that_lost_all_its_facts_gets_back_what_was_accepted(desk):
    desk.say("accept", facts_of()["1,437"])
    desk.extract(article(), [])
    assert set(desk.replay()[0]) == {"1,437"}


def test_the_same_text_in_two_papers_is_corrected_in_both(desk):
    desk.say("reject", facts_of()["jailed"])
    other = facts_of(article(id_="b"))
    desk.extract(article(), [*facts_of().values(), *other.values()])
    desk.articles.write_text("".join(article(id_=i).model_dump_json() + "\n" for i in "ab"))
    lines, _ = apply(desk.facts, desk.path)
    kept = [FACT.validate_json(line) for line in lines]
    assert [f.article.id for f in kept] == ["a"] * 5 + ["b"] * 5


def test_merged_entities_are_one_and_stay_one(desk):
    facts = facts_of()
    desk.say("merge", facts["Bialiatski"], other=facts["Ales Bialiatski"])
    corrected, summary = desk.replay()
    assert [one.what for one in summary.outcomes] == ["applied"]
    assert "Bialiatski" not in corrected
    person = corrected["Ales Bialiatski"]
    assert [m.text for m in person.mentions] == ["Ales Bialiatski", "Bialiatski"]
    assert corrected["jailed"].arguments[0].entity == person.id


def test_keep_apart_overrules_an_earlier_merge(desk):
    facts = facts_of()
    desk.say("merge", facts["Bialiatski"], "ann", other=facts["Ales Bialiatski"])
    desk.say("keep_apart", facts["Ales Bialiatski"], "bob", other=facts["Bialiatski"])
    corrected, summary = desk.replay()
    assert "Bialiatski" in corrected
    assert [one.what for one in summary.outcomes] == ["conflict", "conflict"]
    lines = [Line(n, c) for n, c in read_log(desk.path)]
    assert [kind for kind, *_ in identities(lines)] == ["keep_apart"]


def test_entities_of_two_articles_are_kept_for_the_linker(desk):
    elsewhere = make("person", "A. Bialiatski", article("A. Bialiatski spoke.", "b"))
    desk.say("merge", facts_of()["Ales Bialiatski"], other=elsewhere)
    assert desk.replay()[1].outcomes[0].why == "kept for whoever links entities across articles"


def across(desk, *identifiers):
    """Three articles that name the same person, each with an identifier or none."""
    people = []
    for number, kb in enumerate(identifiers):
        of = article(f"A. Bialiatski spoke on day {number}.", f"b{number}")
        people.append(changed(make("person", "A. Bialiatski", of), kb=kb))
    desk.facts.write_text("".join(to_json(f) + "\n" for f in people))

    def say(action, one, other, who="ann"):
        desk.now += timedelta(minutes=1)
        reviewed = Reviewed("A. Bialiatski spoke", {})
        desk.log.append(correct(reviewed, action, people[one], Stamp(who, desk.now), other=people[other]))

    def identified():
        lines, _ = apply(desk.facts, desk.path)
        return [FACT.validate_json(line).kb for line in lines]

    return say, identified


def test_who_is_merged_across_articles_gets_the_gazetteers_identifier(desk):
    say, identified = across(desk, "Q123", None, None)
    say("merge", 1, 2)
    assert identified() == ["Q123", None, None]
    say("merge", 0, 1)
    assert identified() == ["Q123", "Q123", "Q123"]
    say("keep_apart", 0, 2, "bob")
    assert identified() == ["Q123", None, None]


def test_different_identifiers_are_not_merged_away(desk):
    say, identified = across(desk, "Q123", "Q456", None)
    say("merge", 0, 1)
    say("merge", 1, 2)
    assert identified() == ["Q123", "Q456", None]


def test_a_broken_line_is_reported_and_the_rest_applies(desk):
    desk.say("reject", facts_of()["jailed"])
    with desk.path.open("ab") as log:
        log.write(b'{"fact": "torn wri')
    desk.say("reject", facts_of()["1,437"])
    corrected, summary = desk.replay()
    assert {"jailed", "1,437"}.isdisjoint(corrected)
    assert [(type(b), b.line) for b in summary.broken] == [(Broken, 2)]


def test_a_clock_that_goes_back_does_not_turn_decisions_around(desk):
    first = desk.say("reject", facts_of()["1,437"])
    desk.now = NOON - timedelta(days=1)
    second = desk.say("accept", facts_of()["1,437"])
    assert second.at == first.at
    assert "1,437" in desk.replay()[0]


def test_a_line_says_what_it_needs_to():
    reviewed = Reviewed(TEXT, {})
    line = correct(reviewed, "reject", facts_of()["1,437"], Stamp("ann", NOON, "a misprint"))
    fields = json.loads(line.to_json())
    assert set(fields) == {"fact", "action", "annotator", "at", "note", "anchor", "by"}
    assert fields["anchor"]["before"] == TEXT[: fields["anchor"]["start"]][-32:]
    assert Correction.model_validate_json(line.to_json()) == line
    with pytest.raises(ValueError, match="edit without value"):
        Correction.model_validate(fields | {"action": "edit"})


_WRITER = """
import sys
from pathlib import Path
from extract.correction import Log, read_log
log = Log(Path(sys.argv[1]))
line = next(read_log(Path(sys.argv[2])))[1]
for i in range(40):
    log.append(line.model_copy(update={"annotator": sys.argv[3], "note": str(i) * 500}))
"""


def test_processes_and_threads_that_write_at_once_lose_nothing(desk, tmp_path):
    desk.say("reject", facts_of()["jailed"])
    shared = tmp_path / "shared.jsonl"
    command = [sys.executable, "-c", _WRITER, str(shared), str(desk.path)]
    writers = [subprocess.Popen([*command, f"p{n}"]) for n in range(3)]
    line = next(read_log(desk.path))[1]
    follower, followed = Log(shared), []

    def write(name):
        for i in range(40):
            Log(shared).append(line.model_copy(update={"annotator": name, "note": str(i) * 500}))

    threads = [threading.Thread(target=write, args=(f"t{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads) or any(w.poll() is None for w in writers):
        followed += follower.news()
    followed += follower.news()
    assert [w.returncode for w in writers] == [0, 0, 0]
    lines = [one for _, one in read_log(shared)]
    assert all(isinstance(one, Correction) for one in lines)
    assert sorted((c.annotator, c.note) for c in lines) == sorted(
        (f"{kind}{n}", str(i) * 500) for kind in "pt" for n in range(3) for i in range(40)
    )
    assert [c.at for c in lines] == sorted(c.at for c in lines)
    assert [one for _, one in followed] == lines


QUOTES = sorted(facts_of())
DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reject", "edit", "add", "undo", "merge", "keep_apart"]),
        st.sampled_from(QUOTES), st.sampled_from(["ann", "bob"]), st.integers(0, 5),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(decisions=DECISIONS, extracted=st.sets(st.sampled_from(QUOTES)), again=st.sets(st.sampled_from(QUOTES)))
def test_whatever_is_decided_and_extracted_nothing_is_lost_and_all_agrees(
    tmp_path_factory, decisions, extracted, again
):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    facts = facts_of()
    written = []
    for action, quote, who, n in decisions:
        fact = facts[quote]
        what = {}
        if action == "edit":
            what["value"] = wider_or_other(fact, n)
        elif action == "undo":
            if not written:
                continue
            what["undoes"] = written[n % len(written)].digest
        elif action in {"merge", "keep_apart"}:
            what["other"] = facts[QUOTES[n]]
        written.append(desk.say(action, fact, who, **what))
    for quotes in (extracted, again):
        kept = {facts[q].id for q in quotes}
        desk.extract(article(), [without_dangling(facts[q], kept) for q in quotes])
        corrected, summary = desk.replay()
        assert [one.line for one in summary.outcomes] == list(range(1, len(written) + 1))
        by_id = {f.id: f for f in corrected.values()}
        for one in summary.outcomes:
            if one.what == "applied" and one.decision.action == "reject":
                assert one.decision.fact not in by_id
            if one.what == "applied" and one.decision.action in {"accept", "edit", "add"} and not merges(written):
                assert one.decision.value.id in by_id


def merges(written):
    return any(c.action == "merge" for c in written)


def wider_or_other(fact, n):
    if n % 2:
        return changed(fact, modality="possible")
    start, end = max(0, fact.span.start - n), fact.span.end
    span = {"start": start, "end": end, "text": TEXT[start:end]}
    sha = fact.article.text_sha256
    return changed(fact, span=span, id=fact_id(sha, fact.type, start, end, getattr(fact, "event_type", "")))


def without_dangling(fact, kept):
    from extract.correction.references import with_references

    as_json = fact.model_dump(mode="json", by_alias=True)
    return FACT.validate_python(with_references(as_json, lambda id_: id_ if id_ in kept else None))


@settings(max_examples=100, deadline=None)
@given(before=st.text(max_size=40), after=st.text(max_size=40), quote=st.sampled_from(QUOTES))
def test_a_decision_moves_to_its_own_quote_or_nowhere(before, after, quote):
    from extract.correction.anchor import anchor_of, find

    fact = facts_of()[quote]
    anchor = anchor_of(fact, Reviewed(TEXT))
    text = f"{before} {TEXT} {after}"
    found = find(anchor, text)
    assert found is None or text[found : found + len(quote)] == quote
    if quote not in before + after:
        assert found == len(before) + 1 + fact.span.start


def test_references_are_those_that_the_contract_names():
    facts = facts_of()
    ids = set(references(facts["1,437"].model_dump(mode="json")))
    assert ids == {facts["14 December 2022"].id}
    assert isinstance(facts["1,437"].article, ArticleReference)


def test_the_commands_apply_and_status(desk, tmp_path):
    desk.say("reject", facts_of()["jailed"])
    desk.say("accept", facts_of()["1,437"], "bob")
    out = tmp_path / "out.jsonl"
    run = CliRunner().invoke
    done = run(app, ["corrections", "apply", str(desk.facts), str(desk.path), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "1: applied: reject event “jailed” in a by ann" in done.output
    assert len(out.read_text().splitlines()) == 5
    shown = run(app, ["corrections", "status", str(desk.facts), str(desk.path)])
    assert shown.exit_code == 0
    assert "event/r" in shown.output
    found = status(desk.facts, desk.path)
    assert found.by_annotator["bob"]["accept"] == 1
    with desk.path.open("a") as log:
        log.write("{}\n")
    assert run(app, ["corrections", "status", str(desk.facts), str(desk.path)]).exit_code == 3


def test_the_log_needs_no_spacy():
    code = "import sys, extract.correction, extract.correction.status; print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
