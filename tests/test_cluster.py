"""The same facts come from a cluster as from one machine, whatever dies on the way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extract.batch.parts import State
from extract.batch.totals import Totals
from extract.errors import OutputError

ROOT = Path(__file__).resolve().parent.parent
# Ray gives way to all else that runs, unless told otherwise
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_DEDUP_LOGS": "0", "RAY_worker_niceness": "0"}


def run_extract(*arguments, **options):
    command = [sys.executable, "-m", "extract", "run", *map(str, arguments)]
    return subprocess.Popen(command, env=ENV, stderr=subprocess.PIPE, **options)


def finish(running, code):
    _, said = running.communicate(timeout=300)
    assert running.returncode == code, said.decode()
    return said.decode()


@pytest.fixture(scope="module")
def cluster():
    """A cluster of two nodes, each a Ray runtime of its own."""
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    os.environ.update({key: ENV[key] for key in ("PYTHONPATH", "RAY_worker_niceness")})  # of the nodes' workers
    running = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    running.add_node(num_cpus=2)
    yield running
    running.shutdown()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """450 short articles as files, pages, JSONL and Parquet, and what one machine makes of them.

    Of several files, each has an article of an id that another has, two have broken articles; a sidecar has a broken
    line; the table has row groups; a few articles repeat others.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    box = tmp_path_factory.mktemp("cluster")
    (box / "in").mkdir()
    whole = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus" / "articles").glob("*.txt"))]
    told = [sentence for text in whole for sentence in re.split(r"(?<=[.!?])\s+", text) if len(sentence) > 60]
    texts = [" ".join(told[n % 390 : n % 390 + 4]) for n in range(450)]
    for n, text in enumerate(texts[:40]):
        (box / "in" / f"file{n:03}.txt").write_text(text, encoding="utf-8")
    for n, text in enumerate(texts[40:50]):
        (box / "in" / f"page{n}.html").write_text(f"<html><body><article><p>{text}</p></article></body></html>")
    for part, some in enumerate((texts[50:100], texts[100:200], texts[200:350])):
        with (box / "in" / f"lines{part}.jsonl").open("w", encoding="utf-8") as lines:
            for n, text in enumerate(some):
                lines.write(json.dumps({"id": f"line{n}" if n == 7 else f"line{part}-{n}", "text": text}) + "\n")
            lines.write("{broken\n")
    rows = [{"id": f"row{n}", "text": text, "published": "2024-05-18"} for n, text in enumerate(texts[350:])]
    rows[40]["id"] = "line7"
    pq.write_table(pa.Table.from_pylist(rows), box / "in" / "table.parquet", row_group_size=20, compression="none")
    (box / "in" / "binary.txt").write_bytes(b"\0")
    (box / "in" / "metadata.jsonl").write_text('{"id": "file003", "published": "2024-05-19"}\nbroken\n')
    finish(run_extract("in", "-o", "one.jsonl", "--articles", "one.articles.jsonl", cwd=box), 3)
    return box


def lines_of(*paths):
    return sorted(line for path in paths for line in path.read_bytes().splitlines())


def actors():
    """The processes of the actors that extract."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"Extracting" in path.read_bytes() and b"ray::" in path.read_bytes():
                yield int(path.parent.name)
        except OSError:
            continue


def wait_for(condition, running, seconds=280):
    """Waits until something is so, and gives it, while the run goes on."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert running.poll() is None, running.stderr.read().decode()
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def is_alive(pid):
    return Path(f"/proc/{pid}").exists()


def check(archive, name):
    """Checks that the parts hold the lines of the run on one machine; gives the record and that of one machine."""
    assert not [*archive.glob("*.unfinished"), *archive.glob("*.state")]
    for output, one in (("", "one.jsonl"), (".articles", "one.articles.jsonl"), (".errors", "one.errors.jsonl")):
        assert lines_of(*(archive / f"{name}{output}").glob("part-*.jsonl")) == lines_of(archive / one)
    return (json.loads((archive / f"{each}.run.json").read_text()) for each in (name, "one"))


@pytest.mark.slow
def test_a_command_that_is_killed_goes_on_and_ends_with_the_lines_of_one_machine(cluster, archive):
    command = ("in", "-o", "killed", "--articles", "killed.articles", "--engine", "ray", "--address", cluster.address)
    running = run_extract(*command, "--workers", 2, cwd=archive)
    wait_for(lambda: list((archive / "killed.state").glob("part-*.json")), running)
    running.kill()
    running.communicate()
    assert not (archive / "killed").exists()
    running = run_extract(*command, "--workers", 3, cwd=archive)
    os.kill(wait_for(lambda: list(actors()), running)[0], signal.SIGKILL)
    said = finish(running, 3)
    assert "failed: see killed.errors" in said
    record, alone = check(archive, "killed")
    assert 0 < record["totals"].pop("kept") < 450
    assert record["totals"] | {"kept": 0} == alone["totals"]
    assert "killed: exists already" in finish(run_extract(*command, cwd=archive), 1)


@pytest.mark.slow
def test_a_node_that_is_lost_changes_no_line(cluster, archive):
    where = ("--engine", "ray", "--address", cluster.address, "--workers", 3)  # the head has room for two
    running = run_extract("in", "-o", "lost", "--articles", "lost.articles", *where, cwd=archive)
    node = cluster.list_all_nodes()[-1]
    wait_for(lambda: len(list(actors())) == 3 and list((archive / "lost.state").glob("part-*.json")), running)
    before = list(actors())
    cluster.remove_node(node, allow_graceful=False)
    wait_for(lambda: not all(map(is_alive, before)), running)
    try:
        finish(running, 3)
    finally:
        cluster.add_node(num_cpus=2)
    record, alone = check(archive, "lost")
    assert record["totals"] == alone["totals"]


@pytest.mark.slow
def test_repeats_are_told_by_the_order_of_the_inputs_and_parquet_parts_hold_the_lines(cluster, archive):
    import pyarrow.parquet as pq

    finish(run_extract("in", "-o", "once.jsonl", "--dedupe", "skip", cwd=archive), 3)
    where = ("--engine", "ray", "--address", cluster.address, "--workers", 2, "--format", "parquet", "--dedupe", "skip")
    finish(run_extract("in", "-o", "tables", *where, cwd=archive), 3)
    table = pq.read_table(archive / "tables")
    assert sorted(line.encode() for line in table["line"].to_pylist()) == lines_of(archive / "once.jsonl")
    record, alone = (json.loads((archive / f"{name}.run.json").read_text()) for name in ("tables", "once"))
    assert record["totals"] == alone["totals"]
    assert record["totals"]["skipped"] > 3
    row = table.slice(7, 1).to_pylist()[0]
    fact = json.loads(row["line"])
    assert (row["id"], row["type"], row["article"]) == (fact["id"], fact["type"], fact["article"]["id"])
    assert (row["start"], row["text"]) == (fact["span"]["start"], fact["span"]["text"])


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_named(tmp_path):
    pytest.importorskip("ray")
    (tmp_path / "one.txt").write_text("On 2 May 2024 some 3,000 people marched.")
    said = finish(run_extract("one.txt", "-o", "f", "--engine", "ray", "--address", "127.0.0.1:1", cwd=tmp_path), 1)
    assert "extract: 127.0.0.1:1: no Ray cluster answers" in said
    assert "Traceback" not in said


def lines(*names):
    return {name: f"{name}\n".encode() if name in names else b"" for name in ("facts", "articles", "issues", "errors")}


def open_state(plan="plan", **options):
    targets = {"facts": Path("f"), "articles": Path("a"), "errors": Path("e")}
    return State(targets, plan, **{"parquet": False, "force": False, **options})


def counted(articles):
    return Totals(articles=articles)


def test_what_no_mark_names_is_removed_and_the_rest_is_known(folder):
    state = open_state()
    state.folders.write(0, lines("facts", "articles"), {0: [(0, 9)], 3: [(2, 2)]}, counted(11))
    state.folders.write(1, lines("articles"), {0: [(12, 14)]}, counted(3))
    (folder / "a.unfinished" / "part-000002.jsonl").write_bytes(b"no mark names it\n")
    state.close()
    again = open_state()
    assert again.done == {0: [(0, 9), (12, 14)], 3: [(2, 2)]}
    assert (again.totals.articles, again.totals.kept) == (14, 14)
    name = again.folders.write(0, lines("facts", "errors"), {0: [(10, 11)]}, counted(2))
    state.folders.write(5, lines("facts"), {0: [(10, 11)]}, counted(2))  # what is left of the first attempt, dying
    again.publish([name])
    again.discard()
    assert sorted(path.as_posix() for path in Path().rglob("part-*")) == [
        "a/part-000000.jsonl", "a/part-000001.jsonl", "e/part-1-000000.jsonl", "f/part-000000.jsonl",
        "f/part-1-000000.jsonl",
    ]  # fmt: skip
    assert not list(folder.glob("*.unfinished")) + list(folder.glob("*.state"))


def test_another_plan_begins_anew(folder):
    state = open_state()
    state.folders.write(0, lines("facts"), {0: [(0, 9)]}, counted(10))
    state.close()
    other = open_state("another")
    assert (other.done, other.totals.articles) == ({}, 0)
    assert not list(folder.rglob("part-*"))


def test_a_kill_while_folders_get_their_names_is_made_good(folder):
    state = open_state()
    name = state.folders.write(0, lines("facts", "articles"), {0: [(0, 9)]}, counted(10))
    (folder / "a").write_text("in the way")
    with pytest.raises(OutputError, match="can't be written"):
        state.publish([name])
    state.close()
    assert (folder / "f").is_dir()
    (folder / "a").unlink()
    again = open_state()
    assert (again.is_over, again.totals.kept) == (True, 10)
    again.publish([])
    again.discard()
    assert sorted(path.name for path in folder.iterdir()) == ["a", "f"]
    with pytest.raises(OutputError, match="exists already"):
        open_state()


def test_two_runs_do_not_write_to_one_place(folder):
    state = open_state()
    with pytest.raises(OutputError, match="another run writes here"):
        open_state()
    state.close()
    assert open_state().done == {}


def test_an_address_of_rays_client_is_refused_before_anything_is_written(folder, capsys):
    pytest.importorskip("ray")
    from extract.cli import main

    (folder / "one.txt").write_text("On 2 May 2024 some 3,000 people marched.")
    with pytest.raises(SystemExit) as left:
        main(["run", "one.txt", "-o", "f", "--engine", "ray", "--address", "ray://127.0.0.1:10001"])
    assert left.value.code == 1
    assert "--address auto" in " ".join(capsys.readouterr().err.split())
    assert [path.name for path in folder.iterdir()] == ["one.txt"]


def test_without_ray_the_error_names_the_extra(tmp_path):
    (tmp_path / "one.txt").write_text("On 2 May 2024 some 3,000 people marched.")
    (tmp_path / "ray.py").write_text("raise ModuleNotFoundError('No module named ray', name='ray')")
    env = {**ENV, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    command = [sys.executable, "-m", "extract", "run", "one.txt", "-o", "facts", "--engine", "ray"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=False)
    assert done.returncode == 1
    assert 'pip install "news-extract[ray]"' in done.stderr.decode()


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ((), "needs -o"),
        (("-o", "f", "--incremental"), "keeps no state"),
        (("-o", "f", "--db", "sqlite://"), "database"),
    ],
)
def test_what_ray_can_not_do_is_said_before_it_starts(tmp_path, more, what, capsys):
    from extract.cli import main

    with pytest.raises(SystemExit) as left:
        main(["run", "one.txt", "--engine", "ray", *more])
    assert left.value.code == 2
    assert what in " ".join(capsys.readouterr().err.split())
