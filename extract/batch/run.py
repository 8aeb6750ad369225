"""A run: inputs in, files out, totals back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from extract.article import Article
from extract.batch.digests import model_digest, rules_digest, versions
from extract.batch.limits import default_memory
from extract.batch.nursery import Source
from extract.batch.pool import Job, Pool, extract_here
from extract.batch.result import Result
from extract.batch.session import Follower, Session, Stream
from extract.batch.totals import Totals
from extract.batch.worker import WorkerSettings
from extract.reading import Failure, Notice, Outcome, Page, ReadOptions, Repeat, read_articles
from extract.reading.remote import without_secrets
from extract.writing import in_place, refuse_addresses

DEFAULT_TIMEOUT = 60.0


class Watcher(Protocol):
    """Who wants to know how the run goes on."""

    def notice(self, notice: Notice) -> None:
        """Something that is worth knowing."""

    def result(self, result: Result, totals: Totals) -> None:
        """Another article is done."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Where things go (`facts` None: standard output), and how they are made; `workers` 0 is this process.

    `timeout` is in seconds an article, `memory` in MB a worker: None for a share of the machine's, 0 for no bound.
    `command` is the command line, for the record. On Ray, `workers` are actors of the cluster at `address`, the outputs
    folders, and `format` that of the parts in them.
    """

    facts: Path | None = None
    articles: Path | None = None
    issues: Path | None = None
    errors: Path | None = None
    model: str | None = None
    workers: int = 1
    engine: str = "processes"
    address: str | None = None
    format: str = "jsonl"
    timeout: float = DEFAULT_TIMEOUT
    memory: int | None = None
    force: bool = False
    incremental: bool = False
    reading: ReadOptions = field(default_factory=ReadOptions)
    command: tuple[str, ...] = ()
    quiet: bool = False

    def of_worker(self) -> WorkerSettings:
        """What each worker is told."""
        memory = default_memory(self.workers) if self.memory is None else self.memory
        return WorkerSettings(self.model, memory, self.quiet)

    def targets(self) -> dict[str, Path]:
        """The files that the run writes, by output."""
        if self.facts is None:
            return {}
        errors = self.errors or beside(self.facts, "errors" if self.engine == "ray" else "errors.jsonl")
        named = {"facts": self.facts, "articles": self.articles, "issues": self.issues, "errors": errors}
        return {name: path for name, path in named.items() if path}


def run(
    inputs: Sequence[str],
    settings: RunSettings,
    watcher: Watcher,
    *,
    follower: Follower | None = None,
    source: Source | None = None,
) -> Totals:
    """Extracts the articles that the inputs name; gives what was counted. A `source` of workers may be prepared before.

    Raises:
        ReadError: an input names nothing.
        OutputError: an output exists already or can't be written.
        ModelError: the model can't be loaded.
    """
    started = time.monotonic()
    targets = settings.targets()
    refuse_addresses(targets.values())
    but = frozenset(os.path.realpath(path) for path in targets.values())
    outcomes = read_articles(inputs, replace(settings.reading, but=but, pages_later=True))
    totals = Totals()
    digests = {"rules": rules_digest(), "model": model_digest(settings.model)} if targets else {}
    session = _session(settings, targets, digests, follower)

    def record() -> None:
        if settings.facts:
            made = record_of(inputs, settings, digests, totals, time.monotonic() - started)
            write_record(beside(settings.facts, "run.json"), made)

    try:
        with closing(_results(session.jobs(_heard(outcomes, watcher), totals), settings, source)) as results:
            for result in results:
                session.take(result)
                totals.add(result.tally, kept="kept" in result.tally)
                watcher.result(result, totals)
        session.publish(record)
    except BaseException:  # an interrupt, too, must find its work kept
        session.close()
        raise
    return totals


def beside(facts: Path, suffix: str) -> Path:
    """The file that belongs to a file of facts.

    >>> beside(Path("out/facts.jsonl.gz"), "run.json").as_posix()
    'out/facts.run.json'
    """
    stem = facts.name.removesuffix(".gz").removesuffix(".zst").removesuffix(".jsonl")
    return facts.with_name(f"{stem}.{suffix}")


def _session(
    settings: RunSettings, targets: dict[str, Path], digests: dict[str, str], follower: Follower | None
) -> Session | Stream:
    if not targets:
        return Stream(follower)
    kinds = [name for name in targets if name != "errors"]
    made_of = json.dumps([versions(), digests, kinds], sort_keys=True)
    digest = blake2b(made_of.encode(), digest_size=16).hexdigest()
    return Session(targets, digest, force=settings.force, incremental=settings.incremental, follower=follower)


def _heard(outcomes: Iterable[Outcome | Page], watcher: Watcher) -> Iterator[Article | Failure | Page | Repeat]:
    for outcome in outcomes:
        if isinstance(outcome, Notice):
            watcher.notice(outcome)
        else:
            yield outcome


def _results(jobs: Iterator[Job], settings: RunSettings, source: Source | None) -> Generator[Result, None, None]:
    if settings.workers == 0:
        yield from extract_here(jobs, settings.model)
        return
    with closing(Pool(settings.workers, settings.of_worker(), timeout=settings.timeout, source=source)) as pool:
        yield from pool.results(jobs)


def record_of(
    inputs: Sequence[str], settings: RunSettings, digests: dict[str, str], totals: Totals, seconds: float
) -> dict[str, Any]:
    """What was run, with which versions, and what came of it."""
    reading = settings.reading
    return {
        "command": [without_secrets(word) for word in settings.command],
        "versions": versions(),
        "model": settings.model or "news",
        "digests": digests,
        "inputs": [without_secrets(name) for name in inputs],
        "outputs": {name: path.as_posix() for name, path in settings.targets().items()},
        "settings": {"engine": settings.engine, "workers": settings.workers, "timeout": settings.timeout,
                     "memory": settings.of_worker().memory, "incremental": settings.incremental,
                     "published": reading.published, "dedupe": reading.dedupe},
        "totals": totals.as_json(),
        "seconds": round(seconds, 3),
    }  # fmt: skip


def write_record(path: Path, record: dict[str, Any]) -> None:
    """Writes the record, whole or not at all.

    Raises:
        OutputError: it can't be written.
    """
    with in_place(path, then="; the same command then goes on") as part:
        part.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
