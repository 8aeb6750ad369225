"""Measures the peak memory of `extract run`, all its processes together, as the number of articles grows.

    python tests/memory.py 1000 20000

Memory is read twice a second: what each process has to itself, its share of what it shares with the others (the
anonymous part of PSS), and, once, the files that are mapped, which are libraries: their part of PSS falls and rises
with other programs that use the same ones.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def make_archive(path: Path, number: int, words: int) -> None:
    """Writes that many articles, a line each: sentences of the corpus, at least so many words of them."""
    chance = random.Random(20220)
    texts = [text.read_text(encoding="utf-8") for text in sorted((ROOT / "corpus" / "articles").glob("*.txt"))]
    sentences = [sentence.strip() for text in texts for sentence in text.replace("\n", " ").split(". ")]
    sentences = [sentence for sentence in sentences if 6 < len(sentence.split()) < 40]
    with path.open("w", encoding="utf-8") as lines:
        for n in range(number):
            text: list[str] = []
            while sum(len(sentence.split()) for sentence in text) < words:
                text.append(chance.choice(sentences))
            lines.write(
                json.dumps({"id": f"article{n}", "text": ". ".join(text) + ".", "published": "2024-05-17"}) + "\n"
            )


def processes(pid: int) -> list[int]:
    """The process and all that came from it."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += processes(child)
    return found


def kilobytes(pid: int) -> dict[str, int]:
    """The KB of a process by the names that the kernel gives them: Rss, Pss_Anon, Anonymous ..."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return {}
    fields = (line.split() for line in rollup.splitlines() if line.endswith("kB"))
    return {name.rstrip(":"): int(size) for name, size, _ in fields}


def megabytes(pids: list[int]) -> tuple[float, float]:
    """The MB that processes take together, mapped files once, and the MB of the largest, mapped files included."""
    each = [found for found in map(kilobytes, pids) if found]
    files = max((found["Rss"] - found["Anonymous"] for found in each), default=0)
    own = sum(found["Pss_Anon"] for found in each)
    return (own + files) / 1024, max((found["Rss"] for found in each), default=0) / 1024


def measure(archive: Path, workers: int) -> tuple[float, float, float, int]:
    """Peak MB of all processes, peak MB of the largest, seconds, and the number of processes at the peak."""
    output = archive.with_name("facts.jsonl")
    command = [sys.executable, "-m", "extract", "run", str(archive), "-o", str(output), "--force", "-q"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.monotonic()
    running = subprocess.Popen([*command, "--workers", str(workers)], env=env)
    peak = (0.0, 0.0, 0)
    while running.poll() is None:
        pids = processes(running.pid)
        peak = max(peak, (*megabytes(pids), len(pids)))
        time.sleep(0.5)
    if running.returncode not in {0, 3}:  # 3: some of what chance puts together is no English
        raise SystemExit(f"extract run ended with {running.returncode}")
    return peak[0], peak[1], time.monotonic() - started, peak[2]


def main() -> None:
    """A line for each number of articles."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("numbers", type=int, nargs="*", default=[1000, 20000])
    options.add_argument("--words", type=int, default=30)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as box:
        for number in given.numbers:
            archive = Path(box) / "archive.jsonl"
            make_archive(archive, number, given.words)
            total, largest, seconds, count = measure(archive, given.workers)
            what = f"{number:,} articles of {given.words} words and more, {given.workers} workers"
            peak = f"{total:.0f} MB at the peak in {count} processes, the largest {largest:.0f} MB"
            sys.stdout.write(f"{what}: {peak}; {seconds:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
