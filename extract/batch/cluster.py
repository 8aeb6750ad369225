"""A run on a Ray cluster: one reader, many actors that load the model once, parts of lines in a folder per output.

Reading, extracting and the lines are those of a run on one machine: Ray Data moves articles to actors and lines to
files. Each actor has a worker process as any pool has, so an article that hangs, crashes or eats memory costs itself;
what dies with a machine is done again on another. A folder of parts takes its name when all are written.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import ray
from ray.data import Datasink, Datasource, ReadTask
from ray.data.block import BlockMetadata

from extract.article import Article
from extract.batch.digests import model_digest, rules_digest
from extract.batch.pool import Job, Pool
from extract.batch.result import OUTPUTS, Result, key_of
from extract.batch.run import RunSettings, Watcher, beside, record_of, write_record
from extract.batch.session import job_of
from extract.batch.totals import Totals
from extract.errors import OutputError
from extract.reading import Notice, Page, ReadOptions, read_articles
from extract.writing import refuse_to_overwrite

AT_ONCE = 64  # articles that go to an actor together
PART = 5_000  # articles of a part
WORKING = ".unfinished"
_PATIENCE = 10.0  # seconds for a cluster to answer
_SHOWN = ("id", "type", "article", "start", "end", "text", "confidence", "line")


def run_on_ray(inputs: Sequence[str], settings: RunSettings, watcher: Watcher) -> Totals:
    """Extracts the articles on the cluster at the settings' address, or on a new one of this machine's cores.

    Raises:
        ReadError: an input names nothing.
        OutputError: an output exists already or can't be written; the cluster can't be reached.
    """
    started = time.monotonic()
    targets = settings.targets()
    if not settings.force:
        refuse_to_overwrite(targets.values())
    _connect(settings.address, settings.workers)
    try:
        sink = Parts(targets, parquet=settings.format == "parquet")
        _dataset(inputs, settings, watcher).write_datasink(sink)
        sink.publish()
    finally:
        ray.shutdown()
    digests = {"rules": rules_digest(), "model": model_digest(settings.model)}
    made = record_of(inputs, settings, digests, sink.totals, time.monotonic() - started)
    write_record(beside(targets["facts"], "run.json"), made)
    return sink.totals


def _connect(address: str | None, workers: int) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # Ray's new way, or it warns of the old one
    try:
        if address:
            _knock(address)
            ray.init(address=address, **quiet)
        else:
            ray.init(num_cpus=workers + 1, include_dashboard=False, **quiet)  # one reads
    except (OSError, ValueError, RuntimeError) as error:
        raise OutputError(f"no Ray cluster answers: {str(error).splitlines()[0][:300]}", where=address or "Ray",
                          expected="the address of a running cluster, such as auto or ray://host:10001",
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


def _dataset(inputs: Sequence[str], settings: RunSettings, watcher: Watcher) -> Any:
    """The results as rows, made as they are asked for."""
    but = frozenset(os.path.realpath(path) for path in settings.targets().values())
    source = Articles(inputs, replace(settings.reading, but=but, pages_later=True, gauge=None), watcher)
    here = {f"node:{ray.util.get_node_ip_address()}": 0.001}
    read = ray.data.read_datasource(source, override_num_blocks=1, resources=here)
    return read.map_batches(
        Extracting,
        fn_constructor_kwargs={"settings": replace(settings, reading=ReadOptions())},
        batch_format="pyarrow",
        batch_size=AT_ONCE,
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=max(1, settings.workers)),
        num_cpus=1,
    )


class Articles(Datasource):  # type: ignore[misc]
    """The articles as rows: one task reads them in order, on the machine that has the files."""

    def __init__(self, inputs: Sequence[str], options: ReadOptions, watcher: Watcher) -> None:
        super().__init__()
        self._inputs = list(inputs)
        self._options = options
        for outcome in read_articles(inputs, options):  # an input that names nothing is told of here
            if not isinstance(outcome, Notice):
                break
            watcher.notice(outcome)

    def estimate_inmemory_data_size(self) -> int | None:
        """Nobody knows."""
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None
    ) -> list[ReadTask]:
        """The one task."""
        del parallelism, data_context
        nothing_known = BlockMetadata(num_rows=None, size_bytes=None, exec_stats=None, task_exec_stats=None)
        read = partial(_blocks, self._inputs, self._options, Path.cwd())
        return [ReadTask(read, nothing_known, per_task_row_limit=per_task_row_limit)]


def _blocks(inputs: Sequence[str], options: ReadOptions, folder: Path) -> Iterator[pa.Table]:
    """Yields tables of AT_ONCE articles: each as JSON, or as the lines that stand in its place."""
    with chdir(folder):  # errors name the files as the command line does
        outcomes = (outcome for outcome in read_articles(inputs, options) if not isinstance(outcome, Notice))
        while rows := [_row_of(job_of(outcome, key_of(outcome))) for outcome in islice(outcomes, AT_ONCE)]:
            yield pa.Table.from_pylist(rows, schema=_ROW)


_ROW = pa.schema([
    ("key", pa.string()), ("article", pa.binary()), ("page", pa.binary()),
    *((name, pa.binary()) for name in OUTPUTS), ("tally", pa.string()),
])  # fmt: skip


def _row_of(job: Job) -> dict[str, Any]:
    if not isinstance(job, Result):
        if isinstance(job[1], Page):
            return {"key": job[0], "page": json.dumps(asdict(job[1])).encode()}
        return {"key": job[0], "article": job[1].model_dump_json().encode()}
    return {"key": job.key, **dict(zip(OUTPUTS, job.lines, strict=True)), "tally": json.dumps(job.tally)}


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
        results = self._pool.results(_job_of_row(row) for row in batch.to_pylist())
        return pa.Table.from_pylist([_row_of(result) for result in results], schema=_ROW)

    def __del__(self) -> None:
        self._pool.close()


class Parts(Datasink):  # type: ignore[misc]
    """Writes parts into folders beside their names, and names them when all is there."""

    def __init__(self, targets: dict[str, Path], *, parquet: bool) -> None:
        self._targets = {name: path.absolute() for name, path in targets.items()}
        self._parquet = parquet
        self.totals = Totals()

    @property
    def min_rows_per_write(self) -> int:
        """How many articles make a part, at least."""
        return PART

    def on_write_start(self, schema: pa.Schema | None = None) -> None:
        """Makes the folders, empty."""
        del schema
        for path in self._targets.values():
            folder = _unfinished(path)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)

    def write(self, blocks: Iterable[pa.Table], ctx: Any) -> dict[str, Any]:
        """Writes one part of each output; done again, it writes the same part anew. Gives what was counted."""
        totals = Totals()
        lines: dict[str, list[bytes]] = {name: [] for name in self._targets}
        for row in (row for block in blocks for row in pa.table(block).to_pylist()):
            totals.add(json.loads(row["tally"]))
            for name, found in lines.items():
                found.append(row[name])
        for name, found in lines.items():
            if any(found):
                self._write_part(name, ctx.task_idx, b"".join(found))
        return totals.as_json()

    def _write_part(self, name: str, number: int, lines: bytes) -> None:
        suffix = "parquet" if self._parquet else "jsonl"
        path = _unfinished(self._targets[name]) / f"part-{number:06}.{suffix}"
        working = path.with_name(f".{path.name}")
        if self._parquet:
            pq.write_table(_table_of(name, lines), working)
        else:
            working.write_bytes(lines)
        working.replace(path)

    def on_write_complete(self, write_result: Any) -> None:
        """Adds up what the parts counted."""
        for counted in write_result.write_returns:
            self.totals.add(counted)

    def publish(self) -> None:
        """Gives the folders their names; an output that nothing came of has no folder."""
        try:
            for name, path in self._targets.items():
                shutil.rmtree(path, ignore_errors=True)
                folder = _unfinished(path)
                if name == "errors" and not any(folder.iterdir()):
                    folder.rmdir()
                else:
                    folder.replace(path)
        except OSError as error:
            raise OutputError(f"can't be written: {error.strerror or error}", where=str(error.filename),
                              expected="a folder that all machines of the cluster share",
                              advice="Name one with -o") from error  # fmt: skip


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + WORKING)


def _table_of(name: str, lines: bytes) -> pa.Table:
    """Lines as a table: facts with what they are found by, and every line as it is under `line`."""
    texts = [line.decode() for line in lines.splitlines()]
    if name != "facts":
        return pa.table({"line": pa.array(texts, pa.string())})
    facts = [json.loads(text) for text in texts]
    rows = (
        (f["id"], f["type"], f["article"]["id"], *(f["span"][key] for key in ("start", "end", "text")), f["confidence"])
        for f in facts
    )
    columns = [*zip(*rows, strict=True), texts]
    return pa.table(dict(zip(_SHOWN, columns, strict=True)))
