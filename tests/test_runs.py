"""A run survives what befalls it: a full disk, a folder that goes, Ctrl-C, kills, articles that crash, hang or eat."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import spacy
from rich.console import Console

from extract.batch import Result
from extract.batch.totals import Totals
from extract.cli import progress as progress_module
from extract.cli.progress import Progress
from extract.reading import Gauge, ReadOptions, read_articles

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = """
import os, time
from spacy.language import Language

@Language.component("hostile")
def hostile(doc):
    match doc.text.split(" ", 1)[0]:
        case "HANG":
            time.sleep(600)
        case "ABORT":
            os.abort()
        case "EAT":
            eaten = []
            while True:
                eaten.append(bytearray(20_000_000))
        case "SLOW":
            time.sleep(0.1)
    return doc
"""
OUTPUTS = ("-o", "out/facts.jsonl", "--articles", "out/articles.jsonl", "--issues", "out/issues.jsonl")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """A model whose component hangs, aborts, eats memory or dawdles on texts that say so, and its environment."""
    site = tmp_path_factory.mktemp("site")
    (site / "hostile.py").write_text(HOSTILE)
    (site / "hostile-1.0.dist-info").mkdir()
    (site / "hostile-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1.0\n")
    (site / "hostile-1.0.dist-info" / "entry_points.txt").write_text("[spacy_factories]\nhostile = hostile:hostile\n")
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(site / "model")
    config = (site / "model" / "config.cfg").read_text()
    config = config.replace('["sentencizer"]', '["sentencizer","hostile"]')
    config = config.replace(
        "[components.sentencizer]", '[components.hostile]\nfactory = "hostile"\n\n[components.sentencizer]'
    )
    (site / "model" / "config.cfg").write_text(config)
    return site / "model", {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    return tmp_path


def write_articles(number, word=""):
    for n in range(number):
        text = f"{word} On {n % 28 + 1} May 2024 some {n + 3},000 people marched, and at least {n + 2} were held. " * 3
        Path(f"in/{n:04}.txt").write_text(text)


def start(hostile, *more, inputs="in", outputs=OUTPUTS, workers=2, **options):
    model, env = hostile
    command = [
        sys.executable,
        "-m",
        "extract",
        "run",
        inputs,
        *outputs,
        "--model",
        str(model),
        "--workers",
        str(workers),
    ]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores Ctrl-C
    options = {"stderr": subprocess.PIPE, "env": env, "start_new_session": True, **options}
    return subprocess.Popen([*command, *map(str, more)], **options)


def finish(running, code=0):
    """Waits for the end; gives what was said."""
    _, said = running.communicate(timeout=120)
    said = said.decode()
    assert running.returncode == code, said
    assert "Traceback" not in said
    return said


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def has_begun():
    return any(path.stat().st_size > 30_000 for path in Path("out").glob("facts.jsonl.part"))


def outputs_of(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if not path.name.endswith(".run.json")}


@pytest.fixture(scope="session")
def undisturbed(hostile, tmp_path_factory):
    """By their number and first word, the outputs of runs over articles that nothing befalls."""
    found = {}
    for number, word in ((150, ""), (40, "SLOW")):
        box = tmp_path_factory.mktemp("undisturbed")
        with contextlib.chdir(box):
            Path("in").mkdir()
            write_articles(number, word)
            finish(start(hostile))
            found[number, word] = outputs_of("out")
        assert set(found[number, word]) == {"facts.jsonl", "articles.jsonl", "issues.jsonl"}
    return found


@pytest.fixture
def small_disk(folder):
    """A file system of 200 KB at out/."""
    Path("out").mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", "out"], check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield
    subprocess.run(["umount", "out"], check=True)


def test_a_full_disk_ends_the_run_clearly_and_more_space_lets_it_go_on(hostile, undisturbed, folder, small_disk):
    write_articles(150)
    said = finish(start(hostile), 1)
    assert "No space left on device" in said or "disk is full" in said
    assert "goes on" in said
    subprocess.run(["mount", "-o", "remount,size=20m", "out"], check=True)
    assert "kept from before" in finish(start(hostile))
    assert outputs_of("out") == undisturbed[150, ""]


def test_a_file_that_may_not_grow_is_told_of_like_a_full_disk(hostile, undisturbed, folder):
    write_articles(150)

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    assert "the same command" in finish(start(hostile, preexec_fn=limit), 1)
    finish(start(hostile))
    assert outputs_of("out") == undisturbed[150, ""]


def test_an_output_folder_that_goes_away_is_noticed_before_the_end(hostile, undisturbed, folder):
    write_articles(40, "SLOW")
    running = start(hostile)
    wait_for(has_begun)
    shutil.rmtree("out")
    said = finish(running, 1)
    assert "no longer there" in said
    assert "extract: out/" in said
    finish(start(hostile))
    assert outputs_of("out") == undisturbed[40, "SLOW"]


@pytest.mark.parametrize("deadly", [signal.SIGINT, signal.SIGTERM])
def test_a_run_told_to_end_says_so_and_goes_on_later(hostile, undisturbed, folder, deadly):
    write_articles(40, "SLOW")
    running = start(hostile)
    wait_for(has_begun)
    os.killpg(running.pid, deadly)  # as a terminal does: to all processes of the run
    assert finish(running, 130).splitlines()[-1] == "interrupted; the same command goes on where this one stopped"
    assert "kept from before" in finish(start(hostile))
    assert outputs_of("out") == undisturbed[40, "SLOW"]


def test_no_worker_outlives_a_run_that_was_killed(hostile, folder):
    write_articles(2, "HANG")
    running = start(hostile)
    wait_for(lambda: len(children_of(running.pid)) >= 3)
    workers = children_of(running.pid)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    wait_for(lambda: not any(is_alive(pid) for pid in workers), 10)


def children_of(pid):
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *children_of(child)]
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_articles_that_hang_abort_or_eat_memory_cost_only_themselves(hostile, folder):
    write_articles(20)
    for n, word in enumerate(("HANG", "ABORT", "EAT")):
        Path(f"in/0005{word}.txt").write_text(f"{word} on {n + 1} May 2024.")
    finish(start(hostile, "--timeout", 3, "--memory", 700), 3)
    rows = map(json.loads, Path("out/facts.errors.jsonl").read_text().splitlines())
    failed = {row["id"].removeprefix("0005"): (row["what"], row["advice"]) for row in rows}
    assert list(failed) == ["ABORT", "EAT", "HANG"]
    assert failed["ABORT"][0] == "the worker died of it, 2 times (exit code -6)"
    assert failed["EAT"] == ("needs more memory than a worker may have", "Raise --memory, or leave it out")
    assert failed["HANG"][0] == "took more than 3 seconds"
    assert len(Path("out/articles.jsonl").read_text().splitlines()) == 20


def test_the_shipped_model_gives_the_same_bytes_for_every_number_of_workers(folder):
    corpus = ROOT / "corpus" / "articles"
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*.txt"))[:6]]
    for n, text in enumerate(text for whole in texts for text in whole.split("\n\n")):
        Path(f"in/{n:03}.txt").write_text(text, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = []
    for workers in (0, 1, 2, 3):
        command = [sys.executable, "-m", "extract", "run", "in", *OUTPUTS, "--workers", str(workers), "-q", "--force"]
        subprocess.run(command, env=env, check=False, timeout=120)
        found.append(outputs_of("out"))
    assert found[0]["facts.jsonl"].count(b"\n") > 50
    assert found[1:] == found[:1] * 3


def test_v_says_what_came_of_each_article_and_the_record_what_ran_with_what(hostile, folder):
    write_articles(2)
    Path("in/0001.txt").write_bytes(b"\0")
    said = finish(start(hostile, "-v", "--timeout", 7, "--memory", 900), 3).splitlines()
    assert any(line.startswith("0000: ") and " facts of " in line and line.endswith(" s") for line in said)
    assert any(line.startswith("failed: in/0001.txt: binary") for line in said)
    record = json.loads(Path("out/facts.run.json").read_text())
    assert record["command"][1:4] == ["run", "in", "-o"]
    assert set(record["versions"]) >= {"extract", "python", "spacy", "onnxruntime"}
    assert all(len(digest) == 32 for digest in record["digests"].values())
    assert record["settings"] | {"timeout": 7.0, "memory": 900, "workers": 2} == record["settings"]
    assert (record["totals"]["articles"], record["totals"]["failed"]) == (1, 1)
    assert record["seconds"] > 0


def test_q_says_nothing(hostile, folder):
    write_articles(1)
    assert finish(start(hostile, "-q", workers=1)) == ""


def test_a_terminal_shows_a_bar_with_counts_rate_and_time_left(hostile, folder):
    write_articles(12, "SLOW")
    ours, theirs = pty.openpty()
    model, env = hostile
    running = start((model, {**env, "TERM": "xterm", "COLUMNS": "150", "NO_COLOR": ""}), stderr=theirs)
    os.close(theirs)
    said = read_all(ours)
    assert running.wait(60) == 0
    assert "articles/s" in said
    assert " left" in said


@pytest.mark.parametrize("no_color", ["", "1"])
def test_the_bar_has_colours_unless_told_otherwise(monkeypatch, no_color):
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    said = io.StringIO()
    with Progress(Console(file=said, width=200, force_terminal=True), keeps_errors=True) as watching:
        watching.result(Result("key", (b"", b"", b"", b"")), Totals(articles=5))
    assert "5 articles" in said.getvalue()
    assert ("\x1b[3" in said.getvalue()) == (not no_color)


def read_all(terminal):
    said = b""
    try:
        while piece := os.read(terminal, 65536):
            said += piece
    except OSError:  # the other end is closed
        pass
    return said.decode()


def test_a_log_gets_a_line_a_minute_not_a_line_an_article(monkeypatch):
    clock = iter(range(0, 100_000, 7))
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: next(clock))
    said = io.StringIO()
    totals = Totals(articles=5)
    with Progress(Console(file=said, width=200), keeps_errors=True) as watching:
        for _ in range(40):
            watching.result(Result("key", (b"", b"", b"", b"")), totals)
    lines = said.getvalue().splitlines()
    assert 2 <= len(lines) < 20
    assert all("5 articles, 0 facts" in line for line in lines)


def test_the_share_that_is_read_grows_from_nothing_to_all(folder):
    write_articles(5)
    Path("in/many.jsonl").write_text("".join(json.dumps({"text": f"{n} people marched."}) + "\n" for n in range(5000)))
    gauge = Gauge()
    shares = [gauge.share for _ in read_articles(["in"], ReadOptions(gauge=gauge))]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert len(set(shares)) > 10
    assert shares[-1] == 1.0


@pytest.mark.slow
def test_runs_killed_at_random_moments_end_with_the_bytes_of_an_undisturbed_run():
    command = [sys.executable, str(ROOT / "tests" / "kill_and_resume.py"), "--runs", "3", "--articles", "40"]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
