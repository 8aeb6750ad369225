"""The workers: articles out, results in, in input order; one that hangs or dies is replaced, its article told of."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

import extract
from extract.article import Article
from extract.batch.nursery import Child, Source, source_of
from extract.batch.result import Result, extract_article, result_of_failure
from extract.batch.worker import WorkerSettings, set_one_thread
from extract.errors import ExtractError, ModelError
from extract.reading import Failure, Page

Job = tuple[str, Article | Page] | Result
WINDOW = 16  # articles per worker that may be under way or waiting for one before them
LETTERS = 32_000_000  # characters of all articles under way, but for one that is longer
RETIREMENT = 5_000  # articles after which a worker is replaced: spaCy keeps every word that it has met
STARTS = 3  # times in a row that workers may die before they are ready
TRIES = 2  # times that an article may be there when a worker dies


@dataclass(slots=True)
class Slot:
    """An article's place in the order: its job, what came of it, how often a worker died of it."""

    key: str
    article: Article | Page | None = None
    result: Result | None = None
    tries: int = 0
    letters: int = 0


@dataclass(slots=True)
class Worker:
    """A process, and the slot that it has been at work on since `since`; not ready until its model is loaded."""

    child: Child
    is_ready: bool = False
    slot: Slot | None = None
    since: float = 0.0
    answered: int = 0

    @property
    def connection(self) -> Connection:
        """The way to it."""
        return self.child.connection

    @property
    def is_idle(self) -> bool:
        """Whether it waits for an article."""
        return self.is_ready and self.slot is None


def extract_here(jobs: Iterable[Job], model: str | None) -> Iterator[Result]:
    """Yields the results, made in this process: no time limit, no protection from crashes."""
    extractor = extract.load(model)
    for job in jobs:
        yield job if isinstance(job, Result) else extract_article(extractor, job[1], job[0])


class Pool:
    """Up to `size` workers; `results` yields one result a job, in the order of the jobs; `close` ends the workers.

    A `source` that was prepared saves the first worker a wait.
    """

    def __init__(self, size: int, settings: WorkerSettings, *, timeout: float, source: Source | None = None) -> None:
        self.size = size
        self.timeout = timeout
        self._source = source or source_of(settings)
        self._workers: list[Worker] = []
        self._waiting: deque[Slot] = deque()
        self._letters = 0
        self._failed_starts = 0

    def results(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Yields the results in the order of the jobs; never more than a window of them in memory.

        Raises:
            ModelError: the workers can't load the model.
        """
        set_one_thread()
        window: deque[Slot] = deque()
        source = iter(jobs)
        while self._fill(window, source):
            while window and (result := window[0].result):
                self._letters -= window.popleft().letters
                yield result
            self._dispatch()
            self._listen()

    def close(self) -> None:
        """Ends the workers."""
        for worker in list(self._workers):
            self._remove(worker)
        self._source.close()

    def _fill(self, window: deque[Slot], source: Iterator[Job]) -> bool:
        """Takes jobs into the window; False when there are none left in it."""
        while len(window) < WINDOW * self.size and self._letters < LETTERS and (job := next(source, None)) is not None:
            slot = Slot(job.key, result=job) if isinstance(job, Result) else Slot(*job)
            window.append(slot)
            if slot.article:
                slot.letters = len(slot.article.text)
                self._letters += slot.letters
                self._waiting.append(slot)
            elif window[0] is slot:
                break
        return bool(window)

    def _dispatch(self) -> None:
        """Gives waiting slots to idle workers, and starts workers while there are more slots than workers."""
        for worker in [worker for worker in self._workers if worker.is_idle]:
            if self._waiting:
                self._give(worker, self._waiting.popleft())
        starting = sum(not worker.is_ready for worker in self._workers)
        for _ in range(min(self.size - len(self._workers), len(self._waiting) - starting)):
            self._start()

    def _give(self, worker: Worker, slot: Slot) -> None:
        """Sends the slot's article to a worker that waits for one, so that neither can block the other."""
        worker.slot, worker.since = slot, time.monotonic()
        try:
            worker.connection.send((slot.key, slot.article))
        except OSError:  # it died while it waited: no fault of the article
            worker.slot = None
            self._waiting.appendleft(slot)
            self._remove(worker)

    def _listen(self) -> None:
        """Waits for the next answer, death or time-out, and deals with what has come."""
        pending = [worker for worker in self._workers if not worker.is_idle]
        if not pending:
            return
        patience = min((self._time_left(worker) for worker in pending if worker.slot), default=None)
        answered = wait([worker.connection for worker in pending], patience)
        for worker in pending:
            if worker.connection in answered:
                self._hear(worker)
            elif worker.slot and self._time_left(worker) <= 0:
                self._fail(worker.slot, f"took more than {self.timeout:g} seconds", "Raise --timeout, or leave it out")
                self._remove(worker)

    def _time_left(self, worker: Worker) -> float:
        return max(0.0, worker.since + self.timeout - time.monotonic())

    def _hear(self, worker: Worker) -> None:
        try:
            answer = worker.connection.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if isinstance(answer, ExtractError):
            raise answer
        if not worker.slot or not isinstance(answer, Result):
            worker.is_ready = True
            self._failed_starts = 0
            return
        worker.slot.result, worker.slot = answer, None
        worker.answered += 1
        if worker.answered >= RETIREMENT or answer.failed:  # who knows what an article that failed has left behind
            self._remove(worker)

    def _bury(self, worker: Worker) -> None:
        """Deals with a worker's death: the article at work is tried once more, then told of."""
        slot = worker.slot
        code = self._remove(worker)
        if slot is None:
            self._count_failed_start(f"exit code {code}")
            return
        slot.tries += 1
        if slot.tries < TRIES:
            self._waiting.appendleft(slot)
        else:
            self._fail(slot, f"the worker died of it, {TRIES} times (exit code {code})",
                       "Leave it out, and report it: no article may do that")  # fmt: skip

    def _count_failed_start(self, why: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= STARTS:
            raise ModelError(f"the workers die as they start ({why})", advice="Try --workers 0 to see why")

    def _fail(self, slot: Slot, what: str, advice: str) -> None:
        id_ = slot.article.id if slot.article else ""
        slot.result = result_of_failure(Failure(id_, id_, what, "an article that can be extracted", advice), slot.key)

    def _start(self) -> None:
        try:
            self._workers.append(Worker(self._source.start()))
        except EOFError as error:
            self._count_failed_start(str(error))

    def _remove(self, worker: Worker) -> int | None:
        """Ends a worker; gives its exit code."""
        self._workers.remove(worker)
        return worker.child.end()
