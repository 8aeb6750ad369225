"""Kills `extract run` with SIGKILL at random moments, starts it again, and compares all outputs byte for byte.

    python tests/kill_and_resume.py --runs 20

Each run is killed one to three times, each time either as a whole (all its processes at once) or one of its workers
alone, and is started again with the same command until it ends by itself. Its outputs must then be the bytes of a run
that nobody disturbed. Ends with exit code 1 where one differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUTS = ("facts.jsonl", "articles.jsonl", "issues.jsonl", "facts.errors.jsonl")
LEFT_OVER = (".part", ".packed", ".state", ".state-wal", ".state-shm")
FINE = (0, 3)  # done, and done with articles that failed: a few of ours do


def make_inputs(folder: Path, number: int, chance: random.Random) -> None:
    """Writes that many short articles, half of them files and half of them lines, and four that can't be read."""
    folder.mkdir()
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus" / "articles").glob("*.txt"))]
    paragraphs = [paragraph for text in texts for paragraph in text.split("\n\n") if len(paragraph) > 150]
    with (folder / "many.jsonl").open("w", encoding="utf-8") as lines:
        for n in range(number):
            text = "\n\n".join(chance.sample(paragraphs, 2))
            if n % 2:
                (folder / f"article{n:05}.txt").write_text(text, encoding="utf-8")
            else:
                lines.write(json.dumps({"id": f"line{n:05}", "text": text, "published": "2024-05-17"}) + "\n")
        lines.write('{"id": "broken"\n{"id": "no text"}\n')
    (folder / "binary.txt").write_bytes(b"\0\1\2")
    (folder / "empty.txt").write_bytes(b"")


def start(inputs: Path, folder: Path, more: list[str]) -> subprocess.Popen[bytes]:
    """Starts the command, in a session of its own, so that all its processes can be killed at once."""
    named = [
        f"{option}={folder / name}" for option, name in zip(("-o", "--articles", "--issues"), OUTPUTS, strict=False)
    ]
    command = [sys.executable, "-m", "extract", "run", str(inputs), *(part for n in named for part in n.split("=", 1))]
    log = (folder / "log.txt").open("ab")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log:
        return subprocess.Popen([*command, *more], stderr=log, stdout=log, env=env, start_new_session=True)


def descendants(pid: int) -> list[int]:
    """The processes that came from this one."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *descendants(child)]
    return found


def disturb(running: subprocess.Popen[bytes], seconds: float, chance: random.Random) -> str:
    """Waits, then kills all of the run, or one of its workers alone; says what was done."""
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    else:
        return f"over before {seconds:.1f} s"
    others = descendants(running.pid)
    if others and chance.random() < 0.3:
        os.kill(chance.choice(others), signal.SIGKILL)
        return f"a worker at {seconds:.1f} s"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    return f"all at {seconds:.1f} s"


def disturbed_run(inputs: Path, folder: Path, more: list[str], longest: float, chance: random.Random) -> str:
    """Runs, kills, runs again to the end; says what was done."""
    folder.mkdir()
    done = []
    for _ in range(chance.randint(1, 3)):
        if (folder / "facts.jsonl").exists() and not (folder / "facts.jsonl.state").exists():
            break  # all was in place when the kill came
        running = start(inputs, folder, more)
        done.append(disturb(running, chance.uniform(0.05, longest), chance))
        if running.wait() in FINE:
            break
    else:
        if not (folder / "facts.jsonl").exists() or (folder / "facts.jsonl.state").exists():
            finish(start(inputs, folder, more), folder)
    return ", ".join(done)


def finish(running: subprocess.Popen[bytes], folder: Path) -> None:
    """Waits for the end, which must be a good one."""
    if running.wait(600) not in FINE:
        raise SystemExit(f"exit code {running.returncode}:\n{(folder / 'log.txt').read_text()}")


def differences(folder: Path, undisturbed: Path) -> list[str]:
    """The outputs that aren't the same bytes, and the files that should be gone."""
    names = {*OUTPUTS, *(path.name for path in folder.iterdir())} - {"log.txt", "facts.run.json"}
    wrong = [name for name in sorted(names) if name.endswith(LEFT_OVER)]
    for name in OUTPUTS:
        there = folder / name
        if not there.exists() or there.read_bytes() != (undisturbed / name).read_bytes():
            wrong.append(name)
    if not (folder / "facts.run.json").exists():
        wrong.append("facts.run.json")
    return wrong


def tell(line: str) -> None:
    """Says it at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Does the runs, a line each."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("--articles", type=int, default=100)
    options.add_argument("--seed", type=int, default=20220)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    chance = random.Random(given.seed)
    more = ["--workers", str(given.workers)]
    bad = 0
    with tempfile.TemporaryDirectory() as box:
        inputs, undisturbed = Path(box) / "in", Path(box) / "undisturbed"
        make_inputs(inputs, given.articles, chance)
        undisturbed.mkdir()
        started = time.monotonic()
        finish(start(inputs, undisturbed, more), undisturbed)
        longest = time.monotonic() - started
        size = sum((undisturbed / name).stat().st_size for name in OUTPUTS)
        tell(f"undisturbed: {longest:.1f} s, {size:,} bytes of output")
        for n in range(1, given.runs + 1):
            folder = Path(box) / f"run{n}"
            done = disturbed_run(inputs, folder, more, longest, chance)
            wrong = differences(folder, undisturbed)
            bad += bool(wrong)
            tell(f"run {n}: {'differs in ' + ', '.join(wrong) if wrong else 'the same bytes'} (killed {done})")
    tell(f"{given.runs - bad} of {given.runs} runs ended with the bytes of the undisturbed run")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
