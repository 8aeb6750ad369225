"""A run's outputs as folders of parts, and what of the work stands in them: a killed run goes on from there.

A part is written beside its place and put into it whole. When the parts of some articles are written for each output,
a mark says so: it names the articles by stretch of the inputs and number, the parts, and what was counted. Whatever no
mark names is removed. The marks lie in one folder, `facts.state`, that goes when the folders have got their names.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from extract.batch.totals import Totals
from extract.errors import OutputError
from extract.writing import clear_errors, in_place, refuse_to_overwrite

Runs = dict[int, list[tuple[int, int]]]  # the articles of each stretch, from the first to the last of a run
_GOES_ON = "; the same command then goes on where this one stopped"
_SHOWN = ("id", "type", "article", "start", "end", "text", "confidence", "line")


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the parts of each output go while the run lasts, and those of which attempt."""

    targets: Mapping[str, Path]
    state: Path
    parquet: bool = False
    attempt: int = 0

    def write(self, number: int, lines: Mapping[str, bytes], runs: Runs, totals: Totals) -> str:
        """Writes a part of each output that has lines, then the mark; gives the part's name.

        Done again, as what died with a machine is, it writes the same files anew.

        Raises:
            OutputError: they can't be written.
        """
        stem = f"part-{number:06}" if not self.attempt else f"part-{self.attempt}-{number:06}"
        name = f"{stem}.{'parquet' if self.parquet else 'jsonl'}"
        written = [output for output in self.targets if lines[output]]
        for output in written:
            with in_place(self.working(output) / name, then=_GOES_ON) as part:
                _write(part, output, lines[output], parquet=self.parquet)
        mark = {"name": name, "outputs": written, "runs": sorted(runs.items()), "totals": totals.as_json()}
        with in_place(self.state / f"{stem}.json", then=_GOES_ON) as part:
            part.write_text(json.dumps(mark), encoding="utf-8")
        return name

    def working(self, output: str) -> Path:
        """The folder that is written to."""
        path = self.targets[output]
        return path.with_name(f"{path.name}.unfinished")


class State:
    """What the marks say: `done`, and the totals of it; `is_over` where only the folders' names are missing.

    Raises:
        OutputError: an output exists already and may not be replaced, or another run writes here.
    """

    def __init__(self, targets: Mapping[str, Path], plan: str, *, parquet: bool, force: bool) -> None:
        facts = targets["facts"].absolute()
        absolute = {name: path.absolute() for name, path in targets.items()}
        self.folders = Folders(absolute, facts.with_name(f"{facts.name}.state"), parquet)
        self._plan = self.folders.state / "plan"
        self._over = self.folders.state / "over"
        resumes = self._plan.is_file() and self._plan.read_text(encoding="utf-8") == plan
        if not force and not resumes:
            refuse_to_overwrite(targets.values())
        with clear_errors(self.folders.state):
            self.folders.state.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(self.folders.state / "lock")
            if not resumes:
                self._begin(plan)
        self.is_over = self._over.exists()
        self._marks = self._read()
        if resumes and not self.is_over:
            with clear_errors(self.folders.state):
                self._number_attempt()
                self._sweep(self._marks)
        self.totals = Totals()
        self.done: Runs = {}
        for mark in self._marks.values():
            self._take(mark)
        self.totals.kept = self.totals.articles + self.totals.failed + self.totals.skipped

    def publish(self, names: Iterable[str]) -> None:
        """Gives the folders their names, with the parts that were kept and those that this attempt has marked.

        `names` are those of this attempt; an output that nothing came of has no folder. A kill in between finds that
        the run is over, and only this is done again.
        """
        with clear_errors(self.folders.state):
            if not self.is_over:
                known = {name: mark for name, mark in self._read().items() if name in self._marks or name in set(names)}
                self._sweep(known)
                self._over.touch()
            for output, path in self.folders.targets.items():
                self._name(output, path)

    def discard(self) -> None:
        """Removes the marks: the outputs are in place."""
        shutil.rmtree(self.folders.state, ignore_errors=True)
        self.close()

    def close(self) -> None:
        """Keeps the marks for another attempt."""
        self._lock.close()

    def _begin(self, plan: str) -> None:
        for path in self.folders.state.iterdir():
            if path.name != "lock":
                path.unlink()
        for output in self.folders.targets:
            shutil.rmtree(self.folders.working(output), ignore_errors=True)
        for output in self.folders.targets:
            self.folders.working(output).mkdir(parents=True)
        with in_place(self._plan) as part:
            part.write_text(plan, encoding="utf-8")

    def _number_attempt(self) -> None:
        """A number that no attempt before has: parts of one that is dying are not to meet this one's."""
        number = 1 + sum(1 for _ in self.folders.state.glob("attempt-*"))
        (self.folders.state / f"attempt-{number}").touch()
        self.folders = Folders(self.folders.targets, self.folders.state, self.folders.parquet, number)

    def _read(self) -> dict[str, dict[str, Any]]:
        marks = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.folders.state.glob("*.json")))
        return {mark["name"]: mark for mark in marks}

    def _sweep(self, known: Mapping[str, dict[str, Any]]) -> None:
        """Removes the parts, and the marks, of no mark that is known."""
        for output in self.folders.targets:
            folder = self.folders.working(output)
            folder.mkdir(parents=True, exist_ok=True)
            for path in folder.iterdir():
                if path.name not in known or output not in known[path.name]["outputs"]:
                    path.unlink()
        stems = {Path(name).stem for name in known}
        for path in self.folders.state.glob("*.json"):
            if path.stem not in stems:
                path.unlink()

    def _take(self, mark: dict[str, Any]) -> None:
        self.totals.add(mark["totals"])
        for stretch, runs in mark["runs"]:
            self.done.setdefault(stretch, []).extend((first, last) for first, last in runs)

    def _name(self, output: str, path: Path) -> None:
        folder = self.folders.working(output)
        if not folder.exists():  # it has its name already
            return
        shutil.rmtree(path, ignore_errors=True)
        if output == "errors" and not any(folder.iterdir()):
            folder.rmdir()
        else:
            folder.replace(path)


def runs_of(places: Iterable[tuple[int, int]]) -> Runs:
    """Articles by stretch and number, as runs.

    >>> runs_of([(0, 1), (0, 2), (1, 5), (0, 3), (0, 7)])
    {0: [(1, 3), (7, 7)], 1: [(5, 5)]}
    """
    found: Runs = {}
    for stretch, number in sorted(places):
        runs = found.setdefault(stretch, [])
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return found


def _locked(path: Path) -> TextIO:
    """The file, which no other process may have open in this way."""
    stream = path.open("w", encoding="utf-8")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        stream.close()
        raise OutputError("another run writes here", where=path.parent.as_posix(), expected="one run at a time",
                          advice="Wait for the other run, or name another output") from error  # fmt: skip
    except OSError:  # a disk that knows no locks
        pass
    return stream


def _write(path: Path, output: str, lines: bytes, *, parquet: bool) -> None:
    if parquet:
        import pyarrow.parquet as pq

        pq.write_table(_table_of(output, lines), path)
    else:
        path.write_bytes(lines)
    with suppress(OSError), path.open("rb") as stream:  # a mark may not outlive its parts
        os.fsync(stream.fileno())


def _table_of(name: str, lines: bytes) -> Any:
    """Lines as a table: facts with what they are found by, and every line as it is under `line`."""
    import pyarrow as pa

    texts = [line.decode() for line in lines.split(b"\n")[:-1]]
    if name != "facts":
        return pa.table({"line": pa.array(texts, pa.string())})
    facts = [json.loads(text) for text in texts]
    rows = (
        (f["id"], f["type"], f["article"]["id"], *(f["span"][key] for key in ("start", "end", "text")), f["confidence"])
        for f in facts
    )
    columns = [*zip(*rows, strict=True), texts]
    return pa.table(dict(zip(_SHOWN, columns, strict=True)))
