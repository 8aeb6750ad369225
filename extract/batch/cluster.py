"""A run on a Ray cluster: several readers, many actors that load the model once, parts of lines in a folder an output.

Reading, extracting and the lines are those of a run on one machine: Ray Data moves articles to actors and lines to
files. Each actor has a worker process as any pool has, so an article that hangs, crashes or eats memory costs itself;
what dies with a machine is done again on another. What was written when the command is killed is not done again.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import ray
from ray.data import Datasink, Datasource, ReadTask
from ray.data.block import BlockMetadata
from ray.exceptions import RayError

from extract.article import Article
from extract.batch.digests import model_digest, rules_digest, versions
from extract.batch.parts import Folders, Runs, State, runs_of
from extract.batch.pool import Job, Pool
from extract.batch.result import OUTPUTS, Result, key_of
from extract.batch.run import RunSettings, Watcher, beside, record_of, write_record
from extract.batch.session import job_of
from extract.batch.totals import Totals
from extract.errors import ExtractError, OutputError
from extract.reading import Notice, Page, ReadOptions, find_sources
from extract.reading.stretches import Stretch, cut, identities, taken_before
from extract.writing import refuse_addresses

AT_ONCE = 16  # articles that go to an actor together: a second or two of work
FEWEST, MOST = 16, 500  # articles of a part; a killed command loses one part, besides the articles under way
PARTS = 100  # at least, where the inputs have so many articles
BYTES = 3_000  # of an article of 500 words, or of a packed page
READERS = 4  # tasks that read at a time: one alone reads 5,000 articles a second
_NO_CORE = {"num_cpus": 0}  # what reads and writes waits for disks and networks: the cores are the actors'
_PATIENCE = 10.0  # seconds for a cluster to answer


def run_on_ray(inputs: Sequence[str], settings: RunSettings, watcher: Watcher) -> Totals:
    """Extracts the articles on the cluster at the settings' address, or on a new one of this machine's cores.

    Raises:
        ReadError: an input names nothing.
        OutputError: an output exists already or can't be written; the cluster can't be reached, or gave up.
        ModelError: the model can't be loaded there.
    """
    started = time.monotonic()
    targets = settings.targets()
    refuse_addresses(targets.values())
    _refuse_client(settings.address)
    options = _options(settings)
    sources, notices = find_sources(inputs, but=options.but)
    stretches = cut(sources, options)
    digests = {"rules": rules_digest(), "model": model_digest(settings.model)}
    plan = _plan_of(digests, settings, identities(sources))
    state = State(targets, plan, parquet=settings.format == "parquet", force=settings.force)
    try:
        for notice in notices:
            watcher.notice(notice)
        work = Work(stretches, options, state.done)
        sink = Sink(state.folders, work.part)
        if not state.is_over:
            _extract(work, sink, settings, watcher)
        state.publish(sink.names)
        totals = state.totals
        totals.add(sink.totals.as_json())
        made = record_of(inputs, settings, digests, totals, time.monotonic() - started)
        write_record(beside(targets["facts"], "run.json"), made)
        state.discard()
    finally:
        state.close()
    return totals


def _options(settings: RunSettings) -> ReadOptions:
    but = frozenset(os.path.realpath(path) for path in settings.targets().values())
    return replace(settings.reading, but=but, pages_later=True, gauge=None)


def _plan_of(digests: dict[str, str], settings: RunSettings, inputs: Sequence[object]) -> str:
    """A digest of all that the lines and their parts depend on: another plan begins anew."""
    reading = settings.reading
    asked = [asdict(reading.keys), reading.published, reading.dedupe, settings.format, sorted(settings.targets())]
    made_of = json.dumps([versions(), digests, asked, list(inputs)], sort_keys=True)
    return blake2b(made_of.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be read, how, and what of it is done."""

    stretches: Sequence[Stretch]
    options: ReadOptions
    done: Runs

    @property
    def part(self) -> int:
        """How many articles make a part, the same for the same inputs."""
        articles = sum(stretch.size for stretch in self.stretches) // BYTES
        return max(FEWEST, min(MOST, articles // PARTS))

    @property
    def is_here(self) -> bool:
        """Whether any file is to be read where it lies: on this machine."""
        return any(not source.address for stretch in self.stretches for source in stretch.sources)


def _extract(work: Work, sink: Sink, settings: RunSettings, watcher: Watcher) -> None:
    _connect(settings.address, settings.workers)
    try:
        _dataset(work, settings, watcher).write_datasink(sink, ray_remote_args=_NO_CORE)
    except ExtractError:
        raise
    except (RayError, OSError) as error:
        raise _told(error) from error
    finally:
        ray.shutdown()


def _told(error: BaseException) -> ExtractError:
    """What went wrong on the cluster: our own error where it was one."""
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ExtractError):
            return inner
        inner = getattr(inner, "cause", None) or inner.__cause__
    what = " ".join(str(error).split())[:500]
    return OutputError(f"the cluster gave up: {what}", expected="machines that stay long enough for an article",
                       advice="See to the cluster; the same command then goes on where this one stopped")  # fmt: skip


def _refuse_client(address: str | None) -> None:
    if address and address.startswith("ray://"):
        raise OutputError("Ray's client has no part in reading and writing files", where=address,
                          expected="a machine of the cluster to start from",
                          advice="Start it there, with --address auto or host:6379 (`ray job submit` does so from afar)"
                          )  # fmt: skip


def _connect(address: str | None, workers: int) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what can be mended is mended, and no news
    warnings.filterwarnings("ignore", category=UserWarning, module=r"ray\.")  # advice on more tasks than there are
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # Ray's new way, or it warns of the old one
    try:
        if address:
            _knock(address)
            ray.init(address=address, **quiet)
        else:
            ray.init(num_cpus=max(1, workers), include_dashboard=False, **quiet)
    except Exception as error:  # Ray raises bare ones, too
        why = (str(error) or repr(error)).splitlines()[0][:300]
        raise OutputError(f"no Ray cluster answers: {why}", where=address or "Ray",
                          expected="the address of a running cluster, such as auto or host:6379",
                          advice="Start one with `ray start --head`, or leave --address out") from error  # fmt: skip
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    ray.data.DataContext.get_current().enable_progress_bars = False


def _knock(address: str) -> None:
    """Sees whether anyone listens there: Ray itself would try for five minutes.

    Raises:
        OSError: nobody does.
    """
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


def _dataset(work: Work, settings: RunSettings, watcher: Watcher) -> Any:
    """The results as rows, made as they are asked for."""
    here = {"resources": {f"node:{ray.util.get_node_ip_address()}": 0.001}} if work.is_here else {}
    source = Articles(work, _taken(work, _NO_CORE | here, watcher))
    blocks = len(work.stretches)
    workers = max(1, settings.workers)
    cores = int(ray.cluster_resources().get("CPU", 1))
    readers = min(READERS, blocks)
    read = ray.data.read_datasource(source, override_num_blocks=blocks, concurrency=readers, **_NO_CORE, **here)
    return read.map_batches(
        Extracting,
        fn_constructor_kwargs={"settings": replace(settings, reading=ReadOptions())},
        batch_format="pyarrow",
        batch_size=AT_ONCE,
        compute=ray.data.ActorPoolStrategy(min_size=max(1, min(workers, cores)), max_size=workers),
        num_cpus=1,
    )


def _taken(work: Work, here: dict[str, Any], watcher: Watcher) -> list[frozenset[bytes]]:
    """For each stretch the ids that are taken before it; where there are several, their ids are read beforehand."""
    if len(work.stretches) < 2:
        return [frozenset()]
    survey = ray.remote(_surveyed).options(**here)
    surveyed = ray.get([survey.remote(stretch, work.options, Path.cwd()) for stretch in work.stretches])
    for _, notices in surveyed:
        for notice in notices:
            watcher.notice(notice)
    return taken_before([ids for ids, _ in surveyed])


def _surveyed(stretch: Stretch, options: ReadOptions, folder: Path) -> tuple[list[bytes], list[Notice]]:
    with chdir(folder):
        return stretch.survey(options)


class Articles(Datasource):  # type: ignore[misc]
    """The articles as rows: a task reads a stretch of the inputs, in order, without those that are done."""

    def __init__(self, work: Work, taken: Sequence[frozenset[bytes]]) -> None:
        super().__init__()
        self._work = work
        self._taken = taken

    def estimate_inmemory_data_size(self) -> int | None:
        """Nobody knows."""
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None
    ) -> list[ReadTask]:
        """A task for each stretch."""
        del parallelism, data_context
        nothing_known = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None, task_exec_stats=None)
        work = self._work
        return [
            ReadTask(
                partial(_blocks, Path.cwd(), number, stretch, work.options, taken, work.done.get(number, [])),
                nothing_known,
                per_task_row_limit=per_task_row_limit,
            )
            for number, (stretch, taken) in enumerate(zip(work.stretches, self._taken, strict=True))
        ]


def _blocks(
    folder: Path,
    place: int,
    stretch: Stretch,
    options: ReadOptions,
    taken: frozenset[bytes],
    done: list[tuple[int, int]],
) -> Iterator[pa.Table]:
    """Yields tables of AT_ONCE articles: each as JSON, or as the lines that stand in its place."""
    finished = {number for first, last in done for number in range(first, last + 1)}
    with chdir(folder):  # errors name the files as the command line does
        outcomes = (outcome for outcome in stretch.read(options, taken) if not isinstance(outcome, Notice))
        rows = (
            {"stretch": place, "number": number, **_row_of(job_of(outcome, key_of(outcome)))}
            for number, outcome in enumerate(outcomes)
            if number not in finished
        )
        while some := list(islice(rows, AT_ONCE)):
            yield pa.Table.from_pylist(some, schema=_ROW)


_ROW = pa.schema([
    ("stretch", pa.int64()), ("number", pa.int64()), ("key", pa.string()), ("article", pa.binary()),
    ("page", pa.binary()), *((name, pa.binary()) for name in OUTPUTS), ("tally", pa.string()),
])  # fmt: skip


def _row_of(job: Job) -> dict[str, Any]:
    if isinstance(job, Result):
        return {"key": job.key, **dict(zip(OUTPUTS, job.lines, strict=True)), "tally": json.dumps(job.tally)}
    key, article = job
    if isinstance(article, Page):
        return {"key": key, "page": json.dumps(asdict(article)).encode()}
    return {"key": key, "article": article.model_dump_json().encode()}


def _job_of_row(row: dict[str, Any]) -> Job:
    if row["page"] is not None:
        return row["key"], Page(**json.loads(row["page"]))
    if row["article"] is not None:
        return row["key"], Article.model_validate_json(row["article"])
    return Result(row["key"], tuple(row[name] for name in OUTPUTS), json.loads(row["tally"]))


class Extracting:
    """An actor: a pool of one worker, whose model is loaded once."""

    def __init__(self, settings: RunSettings) -> None:
        self._pool = Pool(1, settings.of_worker(), timeout=settings.timeout)

    def __call__(self, batch: pa.Table) -> pa.Table:
        """The results of some articles, as rows."""
        rows = batch.to_pylist()
        results = self._pool.results(_job_of_row(row) for row in rows)
        places = ({key: row[key] for key in ("stretch", "number")} for row in rows)
        return pa.Table.from_pylist(
            [{**place, **_row_of(result)} for place, result in zip(places, results, strict=True)], schema=_ROW
        )

    def __del__(self) -> None:
        self._pool.close()


class Sink(Datasink):  # type: ignore[misc]
    """Writes parts of the outputs, and knows when all is written what was counted and the parts' names."""

    def __init__(self, folders: Folders, part: int) -> None:
        self._folders = folders
        self._part = part
        self.totals = Totals()
        self.names: list[str] = []

    @property
    def min_rows_per_write(self) -> int:
        """How many articles make a part, at least."""
        return self._part

    def write(self, blocks: Iterable[pa.Table], ctx: Any) -> tuple[str, dict[str, Any]]:
        """Writes one part of each output; gives its name and what was counted."""
        totals = Totals()
        rows = [row for block in blocks for row in pa.table(block).to_pylist()]
        for row in rows:
            totals.add(json.loads(row["tally"]))
        lines = {name: b"".join(row[name] for row in rows) for name in OUTPUTS}
        runs = runs_of((row["stretch"], row["number"]) for row in rows)
        return self._folders.write(ctx.task_idx, lines, runs, totals), totals.as_json()

    def on_write_complete(self, write_result: Any) -> None:
        """Adds up what the parts counted."""
        for name, counted in write_result.write_returns:
            self.names.append(name)
            self.totals.add(counted)
