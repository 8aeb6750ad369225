"""The same facts come from a cluster as from one machine, whatever dies on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENV = {**os.environ, "PYTHONPATH": str(ROOT), "RAY_DEDUP_LOGS": "0"}


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

    os.environ["PYTHONPATH"] = ENV["PYTHONPATH"]  # what the nodes' workers import
    running = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    running.add_node(num_cpus=2)
    yield running
    running.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """300 short articles as files, JSONL and Parquet, two of them broken, and what one machine makes of them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    box = tmp_path_factory.mktemp("cluster")
    (box / "in").mkdir()
    whole = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus" / "articles").glob("*.txt"))]
    texts = [paragraph for text in whole for paragraph in text.split("\n\n") if len(paragraph) > 100][:300]
    for n, text in enumerate(texts[:60]):
        (box / "in" / f"file{n:03}.txt").write_text(text, encoding="utf-8")
    with (box / "in" / "lines.jsonl").open("w", encoding="utf-8") as lines:
        for n, text in enumerate(texts[60:200]):
            lines.write(json.dumps({"id": f"line{n}", "text": text, "published": "2024-05-17"}) + "\n")
        lines.write("{broken\n")
    rows = [{"id": f"row{n}", "text": text, "published": "2024-05-18"} for n, text in enumerate(texts[200:])]
    pq.write_table(pa.Table.from_pylist(rows), box / "in" / "table.parquet")
    (box / "in" / "binary.txt").write_bytes(b"\0")
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


@pytest.mark.slow
def test_two_nodes_give_the_lines_of_one_machine_though_an_actor_is_killed(cluster, folder):
    where = ("--engine", "ray", "--address", cluster.address, "--workers", 2)
    running = run_extract("in", "-o", "facts", "--articles", "articles", *where, cwd=folder)
    end = time.monotonic() + 120
    while not (found := list(actors())):
        assert running.poll() is None, running.stderr.read().decode()
        assert time.monotonic() < end
        time.sleep(0.1)
    time.sleep(4)  # until it is at work
    os.kill(found[0], signal.SIGKILL)
    said = finish(running, 3)
    assert "failed: see facts.errors" in said
    assert not list(folder.glob("*.unfinished"))
    for name, one in (("facts", "one.jsonl"), ("articles", "one.articles.jsonl"), ("facts.errors", "one.errors.jsonl")):
        assert lines_of(*(folder / name).glob("part-*.jsonl")) == lines_of(folder / one)
    record, alone = (json.loads((folder / f"{name}.run.json").read_text()) for name in ("facts", "one"))
    assert record["totals"] == alone["totals"]


@pytest.mark.slow
def test_parquet_parts_hold_the_same_lines_with_columns_to_ask(cluster, folder):
    import pyarrow.parquet as pq

    where = ("--engine", "ray", "--address", cluster.address, "--workers", 2, "--format", "parquet")
    finish(run_extract("in", "-o", "tables", *where, cwd=folder), 3)
    table = pq.read_table(folder / "tables")
    assert sorted(line.encode() for line in table["line"].to_pylist()) == lines_of(folder / "one.jsonl")
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
