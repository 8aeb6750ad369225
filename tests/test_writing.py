"""What is written is whole, in order, checked, and the same however often it was interrupted."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import Article
from extract.batch.result import Result, key_of
from extract.batch.session import Session
from extract.batch.totals import Totals
from extract.errors import OutputError
from extract.evaluation.verify import Problem, verify
from extract.fact import FACT, fact_id, to_json
from extract.writing import Part

ARTICLES = [Article(id=f"{n}", text=f"Text {n}.") for n in range(9)]


def result_of(job):
    if isinstance(job, Result):
        return job
    key, article = job
    return Result(
        key, (f"fact of {article.id}\n".encode() * 2, f"{article.text}\n".encode(), b"", b""), {"articles": 1}
    )


def session(path, *, force=False, incremental=False, settings="s"):
    return Session(
        {"facts": path, "articles": path.with_name("articles")}, settings, force=force, incremental=incremental
    )


def work(running, articles, stop=None):
    """Does the session's jobs, all or so many; gives how many there were."""
    done = 0
    for job in running.jobs(articles, Totals()):
        if done == stop:
            break
        running.take(result_of(job))
        done += 1
    return done


@pytest.fixture
def undisturbed(tmp_path):
    running = session(tmp_path / "undisturbed" / "facts")
    work(running, ARTICLES)
    running.publish()
    return (tmp_path / "undisturbed" / "facts").read_bytes()


def test_nothing_stands_under_its_name_before_it_is_whole(tmp_path):
    running = session(tmp_path / "facts")
    work(running, ARTICLES)
    assert not (tmp_path / "facts").exists()
    running.publish()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["articles", "facts"]


def test_a_file_that_exists_is_not_replaced(tmp_path):
    (tmp_path / "articles").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        session(tmp_path / "facts")
    assert (tmp_path / "articles").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["articles"]


@pytest.mark.parametrize("stop", range(10))
def test_a_run_that_stopped_goes_on_and_ends_with_the_same_bytes(tmp_path, undisturbed, stop):
    first = session(tmp_path / "facts")
    work(first, ARTICLES, stop)
    first.close()
    second = session(tmp_path / "facts")
    assert work(second, ARTICLES) == len(ARTICLES) - min(stop, len(ARTICLES))
    second.publish()
    assert (tmp_path / "facts").read_bytes() == undisturbed


def test_lines_that_no_piece_tells_of_are_cut_off(tmp_path, undisturbed):
    first = session(tmp_path / "facts")
    work(first, ARTICLES, 4)
    first.close()
    with (tmp_path / "facts.part").open("ab") as part:
        part.write(b"fact of 4\nfact o")
    second = session(tmp_path / "facts")
    work(second, ARTICLES)
    second.publish()
    assert (tmp_path / "facts").read_bytes() == undisturbed


@pytest.mark.parametrize("lost", ["facts.part", "articles.part"])
def test_a_run_whose_part_is_gone_begins_anew(tmp_path, undisturbed, lost):
    first = session(tmp_path / "facts")
    work(first, ARTICLES, 4)
    first.close()
    (tmp_path / lost).unlink()
    second = session(tmp_path / "facts")
    assert work(second, ARTICLES) == len(ARTICLES)
    second.publish()
    assert (tmp_path / "facts").read_bytes() == undisturbed


def test_a_kill_between_two_renames_is_made_good(tmp_path, undisturbed):
    first = session(tmp_path / "facts")
    work(first, ARTICLES)
    first.close()
    with closing(sqlite3.connect(tmp_path / "facts.state", isolation_level=None)) as state:
        state.execute("UPDATE run SET state = 'publishing'")
    (tmp_path / "facts.part").rename(tmp_path / "facts")
    second = session(tmp_path / "facts")
    assert work(second, ARTICLES) == 0
    second.publish()
    assert (tmp_path / "facts").read_bytes() == undisturbed
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["articles", "facts"]


def test_other_settings_begin_anew(tmp_path):
    first = session(tmp_path / "facts")
    work(first, ARTICLES, 4)
    first.close()
    assert work(session(tmp_path / "facts", settings="t"), ARTICLES) == len(ARTICLES)


def test_a_changed_article_cuts_what_was_done_there(tmp_path):
    first = session(tmp_path / "facts")
    work(first, ARTICLES, 6)
    first.close()
    changed = [*ARTICLES[:2], Article(id="2", text="Another."), *ARTICLES[3:]]
    second = session(tmp_path / "facts")
    assert work(second, changed) == 7


def test_an_incremental_run_keeps_what_is_the_same(tmp_path):
    first = session(tmp_path / "facts", incremental=True)
    work(first, ARTICLES[1:6])
    first.publish()
    grown = [ARTICLES[0], ARTICLES[5], Article(id="4", text="Changed."), *ARTICLES[1:4], *ARTICLES[6:]]
    second = session(tmp_path / "facts", incremental=True)
    jobs = list(second.jobs(grown, Totals()))
    assert [job[1].id for job in jobs if not isinstance(job, Result)] == ["0", "4", "6", "7", "8"]
    for job in jobs:
        second.take(result_of(job))
    second.publish()
    assert (tmp_path / "facts").read_text().split() == " ".join(f"fact of {a.id} " * 2 for a in grown).split()


def test_a_file_changed_by_hand_is_not_taken_over(tmp_path):
    first = session(tmp_path / "facts", incremental=True)
    work(first, ARTICLES)
    first.publish()
    written = (tmp_path / "facts").read_bytes()
    (tmp_path / "facts").write_bytes(written.replace(b"fact of 3", b"FACT of 3"))
    second = session(tmp_path / "facts", incremental=True)
    jobs = second.jobs(ARTICLES, Totals())
    assert [job[1].id for job in jobs if not isinstance(job, Result)] == ["3"]


def test_two_runs_into_one_file_are_refused(tmp_path):
    running = session(tmp_path / "facts")
    with pytest.raises(OutputError, match="another run"):
        session(tmp_path / "facts")
    running.close()


def test_a_compressed_file_is_the_same_each_time(tmp_path):
    packed = []
    for name in ("a.gz", "b.gz"):
        part = Part(tmp_path / name)
        part.open()
        part.append(b"line\n" * 1000)
        part.publish()
        packed.append((tmp_path / name).read_bytes())
    assert packed[0] == packed[1]
    assert gzip.decompress(packed[0]) == b"line\n" * 1000


def test_a_folder_that_can_not_be_made_is_told_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="can't be"):
        session(tmp_path / "file" / "facts")


@st.composite
def facts_in_text(draw):
    """A text, and dates that stand in it."""
    text = draw(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
    article = Article(id=draw(st.text(alphabet=st.characters(exclude_categories=["Cs"]))), text=text)
    starts = draw(st.lists(st.integers(0, len(text) - 1), unique=True, max_size=5))
    extents = [(start, draw(st.integers(start + 1, len(text)))) for start in sorted(starts)]
    return article, [date_fact(article, start, end) for start, end in extents]


def date_fact(article, start, end):
    return FACT.validate_python(
        {
            "id": fact_id(article.text_sha256, "date", start, end),
            "type": "date",
            "article": {"id": article.id, "text_sha256": article.text_sha256},
            "span": {"start": start, "end": end, "text": article.text[start:end]},
            "sentence": {"start": 0, "end": len(article.text)},
            "confidence": 0.5,
            "by": {"component": "date", "rule": "r", "version": "1", "model": "m"},
            "timex": "DATE",
            "value": "2024",
        }
    )


@settings(deadline=None)
@given(facts_in_text())
def test_any_text_comes_back_as_it_was_written(tmp_path_factory, written):
    article, facts = written
    folder = tmp_path_factory.mktemp("any")
    part = Part(folder / "facts")
    part.open()
    part.append("".join(f"{to_json(fact)}\n" for fact in facts).encode())
    part.publish()
    (folder / "articles").write_text(article.model_dump_json() + "\n", encoding="utf-8", newline="")
    assert list(verify(folder / "facts", folder / "articles")) == [len(facts)]
    assert [FACT.validate_json(line) for line in (folder / "facts").read_bytes().split(b"\n") if line] == facts


def complaints(tmp_path, line, article):
    (tmp_path / "facts").write_text(line + "\n", encoding="utf-8")
    (tmp_path / "articles").write_text(article.model_dump_json() + "\n", encoding="utf-8")
    return " / ".join(p.what for p in verify(tmp_path / "facts", tmp_path / "articles") if isinstance(p, Problem))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda line: line["span"].update(start=1, end=5, text="y 20"), "doesn't follow from text, type and span"),
        (lambda line: line.update(confidence=2), "less than or equal to 1"),
        (lambda line: line.pop("value"), "Field required"),
        (lambda line: line.update(extra=1), "Extra inputs"),
        (lambda line: line["article"].update(id="other"), "not among the articles"),
        (lambda line: line["article"].update(text_sha256="0" * 64), "another text"),
        (lambda line: line["span"].update(text="june"), "claims 'june'"),
        (lambda line: line["sentence"].update(start=5, end=9), "doesn't hold the span"),
        (lambda line: line.update(attribution={"source": None, "source_id": "0" * 32, "cue": line["span"]}), "no fact"),
        (lambda line: line.update(span=line.pop("span")), "out of order"),
    ],
)
def test_each_way_to_be_wrong_is_named(tmp_path, change, what):
    article = Article(id="a", text="July 2024 was hot.")
    line = json.loads(to_json(date_fact(article, 0, 4)))
    assert complaints(tmp_path, json.dumps(line, separators=(",", ":")), article) == ""
    change(line)
    assert what in complaints(tmp_path, json.dumps(line, separators=(",", ":")), article)


def test_an_article_is_another_when_anything_of_it_changes():
    one = Article(id="a", text="Text.")
    others = [one.model_copy(update=change) for change in ({"text": "Text"}, {"published": "2024-01-01"}, {"id": "b"})]
    assert len({key_of(one), *map(key_of, others)}) == 4
