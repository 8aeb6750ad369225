"""Measures the peak memory of `extract run`, all its processes together, as the number of articles grows.

    python tests/memory.py 1000 20000

Memory is the sum of what each process has to itself and its share of what it shares (PSS), read twice a second.
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


def proportional(pid: int) -> int:
    """The KB of a process: its own, and its share of what it shares."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def measure(archive: Path, workers: int) -> tuple[float, float, float, int]:
    """Peak MB of all processes, peak MB of the largest, seconds, and the number of processes at the peak."""
    output = archive.with_name("facts.jsonl")
    command = [sys.executable, "-m", "extract", "run", str(archive), "-o", str(output), "--force", "-q"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.monotonic()
    running = subprocess.Popen([*command, "--workers", str(workers)], env=env)
    peak = (0.0, 0.0, 0)
    while running.poll() is None:
        each = [proportional(pid) / 1024 for pid in processes(running.pid)]
        peak = max(peak, (sum(each), max(each), len(each)))
        time.sleep(0.5)
    if running.returncode:
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
