"""The commands, as they are used: what comes out where, and the exit code."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
import spacy

from extract.cli import main

ROOT = Path(__file__).resolve().parent.parent
TEXTS = {
    "one": "On 14 December 2022 the centre counted 1,437 prisoners. About 65,000 people were held by 2021.",
    "two": "At least six people died in May 2023, the ministry said on Tuesday. He was charged under Article 361.",
    "three": "Nothing to see here.",
}
OUTPUTS = ("-o", "facts.jsonl", "--articles", "articles.jsonl")
HOSTILE = """
import os, time
import spacy
from spacy.language import Language

@Language.component("hostile_news")
def hostile(doc):
    if doc.text.startswith("HANG"):
        time.sleep(600)
    if doc.text.startswith("DIE"):
        os._exit(9)
    if doc.text.startswith("RAISE"):
        raise ValueError("on purpose")
    if doc.text.startswith("SLOW"):
        time.sleep(0.15)
    return doc

def load(**options):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("hostile_news")
    return nlp
"""


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A pipeline that only splits sentences: enough for the rooms that need no parse."""
    path = tmp_path_factory.mktemp("model") / "blank"
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(path)
    return str(path)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The environment for a model that hangs, dies or raises on texts that say so."""
    site = tmp_path_factory.mktemp("site")
    (site / "hostile_news").mkdir()
    (site / "hostile_news" / "__init__.py").write_text(HOSTILE)
    (site / "hostile_news-1.0.dist-info").mkdir()
    (site / "hostile_news-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: hostile_news\nVersion: 1.0\n"
    )
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "in" / f"{name}.txt").write_text(text)
    return tmp_path


def call(*arguments):
    """Runs a command in this process; gives its exit code."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return left.value.code or 0


def spawn(*arguments, env=None, **options):
    command = [sys.executable, "-m", "extract", *map(str, arguments)]
    env = env or {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=env, capture_output=True, timeout=300, check=False, **options)


def extract_all(blank, *more):
    return call(
        "run", "in", "-o", "facts.jsonl", "--articles", "articles.jsonl", "--model", blank, "--workers", 0, *more
    )


def lines(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def test_a_run_writes_facts_that_verify(folder, blank, capsys):
    assert extract_all(blank, "--issues", "issues.jsonl") == 0
    assert {fact["type"] for fact in lines("facts.jsonl")} >= {"date", "count"}
    assert [article["id"] for article in lines("articles.jsonl")] == ["one", "three", "two"]
    assert any("Article 361" in row["span"]["text"] or row["span"]["text"] == "361" for row in lines("issues.jsonl"))
    assert not Path("facts.errors.jsonl").exists()
    assert call("verify", "facts.jsonl", "--articles", "articles.jsonl") == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "agree with schema and text" in captured.err


def test_facts_go_to_standard_output_and_all_else_to_standard_error(folder, blank):
    done = spawn("run", "in", "nothing-else.txt", "--model", blank, "--workers", 1)
    assert (done.returncode, done.stdout) == (4, b"")
    done = spawn("run", "-", "--model", blank, "--workers", 1, "--published", "2024-05-01", input=TEXTS["two"].encode())
    assert done.returncode == 0, done.stderr
    facts = [json.loads(line) for line in done.stdout.splitlines()]
    assert {fact["article"]["published"] for fact in facts} == {"2024-05-01"}
    assert b"1 articles" in done.stderr


def test_each_line_satisfies_the_schema(folder, blank, capsys):
    extract_all(blank)
    capsys.readouterr()
    call("schema")
    schema = json.loads(capsys.readouterr().out)
    validator = jsonschema.Draft202012Validator(schema)
    for fact in lines("facts.jsonl"):
        validator.validate(fact)


def test_the_number_of_workers_and_the_order_of_files_change_no_byte(folder, blank):
    for n in range(12):
        (folder / "in" / f"more{n}.txt").write_text(f"On {n + 1} May 2024 some {n + 3},000 people marched.")
    extract_all(blank)
    files = sorted((folder / "in").iterdir())
    random.Random(7).shuffle(files)
    for workers in (1, 3):
        done = spawn("run", *files, "-o", "again.jsonl", "--force", "--model", blank, "--workers", workers)
        assert done.returncode == 0, done.stderr
        assert Path("again.jsonl").read_bytes() == Path("facts.jsonl").read_bytes()


def test_a_file_that_exists_is_kept_unless_forced(folder, blank, capsys):
    Path("facts.jsonl").write_text("mine")
    assert extract_all(blank) == 1
    assert "--force" in capsys.readouterr().err
    assert Path("facts.jsonl").read_text() == "mine"
    assert extract_all(blank, "--force") == 0


def test_articles_that_fail_have_their_line_and_the_rest_goes_on(folder, blank):
    (folder / "in" / "binary.txt").write_bytes(b"\0\1\2")
    assert extract_all(blank) == 3
    (failure,) = lines("facts.errors.jsonl")
    assert list(failure) == ["id", "where", "what", "expected", "advice"]
    assert (failure["id"], failure["where"]) == ("binary", "in/binary.txt")
    assert len(lines("articles.jsonl")) == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("run",), 2),
        (("run", "in", "--published", "14/12/2022"), 2),
        (("run", "in", "--db", "sqlite://"), 2),
        (("run", "nothing.txt"), 4),
        (("verify", "nothing.jsonl"), 4),
        (("score", "nothing", "in/one.txt"), 4),
        (("run", "in/one.txt", "--model", "no_such_model", "--workers", "0"), 1),
        (("load", "nothing.jsonl", "--db", "sqlite://"), 4),
        (("load", "in/one.txt", "--db", "no address"), 1),
        (("--version",), 0),
        (("--help",), 0),
    ],
)
def test_exit_codes_tell_usage_from_input_from_failure(folder, arguments, code):
    assert call(*arguments) == code


def test_a_bad_line_is_named_and_the_exit_code_says_so(folder, blank, capsys):
    extract_all(blank)
    facts = Path("facts.jsonl").read_text().splitlines()
    Path("facts.jsonl").write_text(
        "\n".join([facts[0], facts[1].replace('"confidence":0', '"confidence":7'), *facts[2:]])
    )
    assert call("verify", "facts.jsonl", "--articles", "articles.jsonl") == 4
    assert "facts.jsonl:2:" in capsys.readouterr().out


def test_explain_shows_facts_rules_and_what_was_declined(folder, blank, capsys):
    assert call("explain", "in/two.txt", "--published", "2023-06-01", "--model", blank) == 0
    shown = capsys.readouterr().out
    assert "at least 6 people" in shown
    assert "2023-05" in shown
    assert "declined" in shown
    assert "\x1b" not in shown


def test_a_text_can_not_play_with_the_terminal(folder, blank, capsys):
    (folder / "evil.txt").write_text("On 14 December 2022 \x1b[2J\x1b]0;title\x07 the centre counted 12 prisoners.")
    call("explain", "evil.txt", "--model", blank)
    assert "\x1b" not in capsys.readouterr().out


def test_the_summary_shows_facts_in_their_place(folder, blank, capsys):
    assert extract_all(blank, "--summary") == 0
    shown = capsys.readouterr().err
    assert "3 articles" in shown
    assert "[1,437]" in shown or "[65,000]" in shown
    assert "words a second" in shown


def test_a_run_can_fill_a_database(folder, blank):
    assert extract_all(blank, "--db", "sqlite:///facts.db") == 0
    with sqlite3.connect("facts.db") as db:
        assert db.execute("SELECT count(*) FROM fact").fetchone()[0] == len(lines("facts.jsonl"))
        assert db.execute("SELECT value FROM count WHERE counted = 'prisoners'").fetchone()[0] == 1437


def test_the_record_says_what_was_run(folder, blank):
    extract_all(blank)
    record = json.loads(Path("facts.run.json").read_text())
    assert record["totals"]["articles"] == 3
    assert record["digests"]["model"]
    assert record["digests"]["rules"]


def test_an_incremental_run_extracts_only_what_is_new(folder, blank, capsys):
    assert extract_all(blank, "--incremental") == 0
    (folder / "in" / "four.txt").write_text("On 2 May 2024 some 3,000 people marched.")
    (folder / "in" / "two.txt").write_text("At least seven people died in May 2023.")
    capsys.readouterr()
    assert extract_all(blank, "--incremental") == 0
    assert "2 kept from before" in capsys.readouterr().err
    kept = Path("facts.jsonl").read_bytes()
    Path("facts.jsonl.state").unlink()
    assert extract_all(blank, "--force") == 0
    assert Path("facts.jsonl").read_bytes() == kept


def test_an_incremental_run_keeps_what_it_knows_without_the_other_outputs(folder, blank, capsys):
    for _ in range(2):
        capsys.readouterr()
        assert call("run", "in", "-o", "facts.jsonl", "--model", blank, "--workers", 0, "--incremental") == 0
    assert "3 kept from before" in capsys.readouterr().err


def test_an_article_that_hangs_dies_or_raises_costs_only_itself(folder, hostile):
    for name in ("HANG", "DIE", "RAISE"):
        (folder / "in" / f"{name}.txt").write_text(f"{name} on 2 May 2024.")
    done = spawn("run", "in", *OUTPUTS, "--model", "hostile_news", "--workers", 2, "--timeout", 8, env=hostile)
    assert done.returncode == 3, done.stderr
    failed = {row["id"]: row["what"] for row in lines("facts.errors.jsonl")}
    assert list(failed) == ["DIE", "HANG", "RAISE"]
    assert "died" in failed["DIE"]
    assert "8 seconds" in failed["HANG"]
    assert "ValueError: on purpose" in failed["RAISE"]
    assert [article["id"] for article in lines("articles.jsonl")] == ["one", "three", "two"]


def test_a_run_that_is_killed_or_told_to_end_goes_on(folder, hostile):
    for n in range(40):
        (folder / "in" / f"slow{n:02}.txt").write_text(
            f"SLOW: on {n % 30 + 1} May 2024 some {n + 3},000 people marched."
        )
    settings = ["--model", "hostile_news", "--workers", "2"]
    assert spawn("run", "in", "-o", "undisturbed.jsonl", *settings, env=hostile).returncode == 0
    command = [sys.executable, "-m", "extract", "run", "in", "-o", "facts.jsonl", *settings]
    part = Path("facts.jsonl.part")
    for deadly, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 130)):
        before = part.stat().st_size if part.exists() else 0
        running = subprocess.Popen(command, env=hostile, stderr=subprocess.PIPE)
        wait_for(lambda size=before: part.exists() and part.stat().st_size > size)
        running.send_signal(deadly)
        running.communicate(timeout=60)
        assert running.returncode == code
        assert not Path("facts.jsonl").exists()
    done = spawn("run", "in", "-o", "facts.jsonl", *settings, env=hostile)
    assert done.returncode == 0, done.stderr
    assert b"kept from before" in done.stderr
    assert Path("facts.jsonl").read_bytes() == Path("undisturbed.jsonl").read_bytes()


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_floors_may_rise_and_only_fall_when_told(folder, blank, capsys):
    (folder / "gold").mkdir()
    (folder / "gold" / "one.xml").write_text(
        'On <date type="DATE" value="2022-12-14">14 December 2022</date> the centre counted '
        '<count value="1437" counted="prisoners">1,437</count> prisoners. '
        'About <count value="65000" cmp="about">65,000</count> people were held by '
        '<date type="DATE" value="2021">2021</date>.'
    )
    extract_all(blank)
    assert call("score", "gold", "facts.jsonl", "--floor", "floor.json", "--set-floor") == 0
    assert call("score", "gold", "facts.jsonl", "--floor", "floor.json") == 0
    capsys.readouterr()
    worse = [fact for fact in lines("facts.jsonl") if fact["type"] != "count"]
    Path("worse.jsonl").write_text("".join(json.dumps(fact) + "\n" for fact in worse))
    assert call("score", "gold", "worse.jsonl", "--floor", "floor.json") == 1
    assert "count value: 0.0 is below its floor of 100.0" in capsys.readouterr().err
    assert call("score", "gold", "worse.jsonl", "--floor", "floor.json", "--set-floor") == 1
    assert call("score", "gold", "worse.jsonl", "--floor", "floor.json", "--set-floor", "--allow-lower") == 0
    assert call("score", "gold", "worse.jsonl", "--floor", "floor.json") == 0


def test_light_commands_start_without_spacy(folder):
    code = "import sys; from extract.cli import main\ntry: main(['schema'])\n"
    code += "except SystemExit: sys.exit('spacy' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False).returncode == 0
