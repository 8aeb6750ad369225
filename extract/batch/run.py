"""A run: inputs in, files out, totals back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from extract._version import __version__
from extract.article import Article
from extract.batch.digests import model_digest, rules_digest
from extract.batch.pool import Pool, extract_here
from extract.batch.result import Result
from extract.batch.session import Session, Stream
from extract.batch.totals import Totals
from extract.reading import Failure, Notice, Outcome, ReadOptions, Repeat, read_articles

DEFAULT_TIMEOUT = 60.0


class Watcher(Protocol):
    """Who wants to know how the run goes on."""

    def notice(self, notice: Notice) -> None:
        """Something that is worth knowing."""

    def result(self, result: Result, totals: Totals) -> None:
        """Another article is done."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Where things go (`facts` None: standard output), and how they are made; `workers` 0 is this process."""

    facts: Path | None = None
    articles: Path | None = None
    issues: Path | None = None
    errors: Path | None = None
    model: str | None = None
    workers: int = 1
    timeout: float = DEFAULT_TIMEOUT
    force: bool = False
    incremental: bool = False
    reading: ReadOptions = field(default_factory=ReadOptions)

    def targets(self) -> dict[str, Path]:
        """The files that the run writes, by output."""
        if self.facts is None:
            return {}
        errors = self.errors or beside(self.facts, "errors.jsonl")
        named = {"facts": self.facts, "articles": self.articles, "issues": self.issues, "errors": errors}
        return {name: path for name, path in named.items() if path}


def run(inputs: Sequence[str], settings: RunSettings, watcher: Watcher) -> Totals:
    """Extracts the articles that the inputs name; gives what was counted.

    Raises:
        ReadError: an input names nothing.
        OutputError: an output exists already or can't be written.
        ModelError: the model can't be loaded.
    """
    started = time.monotonic()
    targets = settings.targets()
    but = frozenset(os.path.realpath(path) for path in targets.values())
    outcomes = read_articles(inputs, replace(settings.reading, but=but))
    totals = Totals()
    digests = {"rules": rules_digest(), "model": model_digest(settings.model)} if targets else {}
    session = _session(settings, targets, digests)
    try:
        jobs = session.jobs(_heard(outcomes, watcher), totals)
        for result in _results(jobs, settings):
            session.take(result)
            totals.add(result.tally, kept="kept" in result.tally)
            watcher.result(result, totals)
        session.publish()
    except BaseException:  # an interrupt, too, must find its work kept
        session.close()
        raise
    if settings.facts:
        record = _record(inputs, settings, digests, totals, time.monotonic() - started)
        _write_record(beside(settings.facts, "run.json"), record)
    return totals


def beside(facts: Path, suffix: str) -> Path:
    """The file that belongs to a file of facts.

    >>> beside(Path("out/facts.jsonl.gz"), "run.json").as_posix()
    'out/facts.run.json'
    """
    stem = facts.name.removesuffix(".gz").removesuffix(".zst").removesuffix(".jsonl")
    return facts.with_name(f"{stem}.{suffix}")


def _session(settings: RunSettings, targets: dict[str, Path], digests: dict[str, str]) -> Session | Stream:
    if not targets:
        return Stream()
    kinds = [name for name in targets if name != "errors"]
    made_of = json.dumps([__version__, digests, kinds], sort_keys=True)
    digest = blake2b(made_of.encode(), digest_size=16).hexdigest()
    return Session(targets, digest, force=settings.force, incremental=settings.incremental)


def _heard(outcomes: Iterable[Outcome], watcher: Watcher) -> Iterator[Article | Failure | Repeat]:
    for outcome in outcomes:
        if isinstance(outcome, Notice):
            watcher.notice(outcome)
        else:
            yield outcome


def _results(jobs: Iterator[Any], settings: RunSettings) -> Iterator[Result]:
    if settings.workers == 0:
        return extract_here(jobs, settings.model)
    return Pool(settings.workers, settings.model, timeout=settings.timeout).results(jobs)


def _record(
    inputs: Sequence[str], settings: RunSettings, digests: dict[str, str], totals: Totals, seconds: float
) -> dict[str, Any]:
    """What was run, with which versions, and what came of it."""
    return {
        "version": __version__,
        "model": settings.model or "news",
        "digests": digests,
        "inputs": list(inputs),
        "outputs": {name: path.as_posix() for name, path in settings.targets().items()},
        "settings": {"workers": settings.workers, "timeout": settings.timeout, "incremental": settings.incremental,
                     "published": settings.reading.published, "dedupe": settings.reading.dedupe},
        "totals": totals.as_json(),
        "seconds": round(seconds, 3),
    }  # fmt: skip


def _write_record(path: Path, record: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
