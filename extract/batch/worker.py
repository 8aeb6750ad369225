"""A process that extracts: answers each article with its result, and one that forks such processes."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import TYPE_CHECKING

import extract
from extract.article import Article
from extract.batch.limits import die_with_parent, limit_memory, offer_to_the_oom_killer
from extract.batch.result import extract_article
from extract.errors import ExtractError, ModelError
from extract.reading import Page

if TYPE_CHECKING:
    from extract.pipeline import Extractor

ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"),
    "TOKENIZERS_PARALLELISM": "false",
}
_DEADLY = {signal.SIGINT, signal.SIGTERM}
# Read before the first fork, so that what is opened and compiled at first use is shared.
_WARMING = (
    'Police in Minsk detained at least 12 protesters on 3 May 2024, Viasna said. "They were beaten," the lawyer Anna '
    "Novik told Reuters on Tuesday. The number fell from 1,420 to 1,187 prisoners in the past two years."
)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The model that a worker loads, how many MB of memory it may have (0: no bound), whether it warns of nothing."""

    model: str | None = None
    memory: int = 0
    quiet: bool = False


def serve(connection: Connection, settings: WorkerSettings, extractor: Extractor | None = None) -> None:
    """Answers "ready" or the error that stops the model from loading, then articles until the other end closes."""
    become_child()
    offer_to_the_oom_killer()
    limit_memory(settings.memory)
    if settings.quiet:
        logging.getLogger("extract").setLevel(logging.ERROR)
    with suppress(BrokenPipeError, ConnectionResetError):  # the parent was killed: nobody waits for an answer
        _answer(connection, settings.model, extractor)


def tend(line: Connection, settings: WorkerSettings) -> None:
    """Forks a worker for each connection that comes, answers with its number; ends and buries those named.

    The model that ships is loaded and has read a text before: workers share it. Any other is loaded after the fork,
    since not every library survives one.
    """
    become_child()
    extractor = _load_to_share() if settings.model is None else None
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            pid = line.recv()
            line.send(_bury(pid) if pid else _fork(line, settings, extractor))


def become_child() -> None:
    """Leaves Ctrl-C to the parent, which every process of the terminal gets, and dies with it."""
    for number in _DEADLY:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _DEADLY)  # held back while this process was being started
    die_with_parent()
    sys.stdout = sys.stderr  # the parent's data goes there


def _fork(line: Connection, settings: WorkerSettings, extractor: Extractor | None) -> int:
    handle = recv_handle(line)
    pid = os.fork()
    if pid:
        os.close(handle)
        return pid
    code = 1
    try:
        line.close()
        serve(Connection(handle), settings, extractor)
        code = 0
    finally:
        os._exit(code)


def _bury(pid: int) -> int:
    os.kill(pid, signal.SIGKILL)  # a child not yet waited for: the number is still its own
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _load_to_share() -> Extractor | None:
    gc.disable()  # all that is loaded stays: looking through it for what may go takes a seventh of the time
    try:
        extractor = extract.load()
        extract_article(extractor, Article(id="", text=_WARMING, published="2024-05-07"), "")
    except (ExtractError, ImportError, OSError, ValueError):
        return None  # each worker meets the error itself, and tells of it
    finally:
        gc.freeze()
        gc.enable()
    return extractor


def _answer(connection: Connection, model: str | None, extractor: Extractor | None) -> None:
    is_warm = extractor is not None
    try:
        extractor = extractor or extract.load(model)
    except (ExtractError, ImportError, OSError, ValueError) as error:
        is_ours = isinstance(error, ExtractError)
        connection.send(error if is_ours else ModelError(f"the model can't be loaded: {error}", where=model or "news"))
        return
    from extract.pipeline import settle  # spaCy: the parent imports this module, and needs none

    connection.send("ready")
    while (job := _receive(connection)) is not None:
        key, article = job
        connection.send(extract_article(extractor, article, key))
        if not is_warm:
            settle()
            is_warm = True


def _receive(connection: Connection) -> tuple[str, Article | Page] | None:
    try:
        job: tuple[str, Article | Page] | None = connection.recv()
        return job
    except EOFError:
        return None


def set_one_thread() -> None:
    """Tells the numeric libraries of the processes to come that one thread is enough: the cores are the workers'."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
