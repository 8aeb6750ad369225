"""Where workers come from: forked from one process that has loaded the model, or each started on its own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import send_handle
from pathlib import Path
from typing import Protocol

from extract.batch.worker import WorkerSettings, serve, set_one_thread, tend

_CONTEXT = get_context("spawn")
_THREADS = Path("/proc/self/task")


class Child(Protocol):
    """A worker's process and the connection to it."""

    connection: Connection

    def end(self) -> int | None:
        """Kills it where it still lives; gives its exit code, a signal's number negative, None where unknown."""
        ...


class Source(Protocol):
    """What gives birth to workers."""

    def prepare(self) -> None:
        """Begins what the first worker would wait for: the model is loaded while this process does something else."""

    def start(self) -> Child:
        """A new worker.

        Raises:
            EOFError: it could not be started.
        """
        ...

    def close(self) -> None:
        """Ends what gave birth; the workers are ended before."""
        ...


def source_of(settings: WorkerSettings) -> Source:
    """Forks on Linux; elsewhere, where libraries forbid it, each worker is a process of its own from the start."""
    return Nursery(settings) if sys.platform == "linux" else Spawning(settings)


class Spawning:
    """Starts each worker on its own."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings

    def prepare(self) -> None:
        """Nothing to begin: each worker loads the model."""

    def start(self) -> Spawned:
        """A new worker."""
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(target=serve, args=(theirs, self._settings), daemon=True)
        _start(process)
        theirs.close()
        return Spawned(process, ours)

    def close(self) -> None:
        """Nothing to end."""


class Spawned:
    """A worker that was started on its own."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self._process = process
        self.connection = connection

    def end(self) -> int | None:
        """Kills it where it still lives; gives its exit code."""
        self.connection.close()
        self._process.kill()
        self._process.join()
        return self._process.exitcode


class Nursery:
    """A process that loads the model once and forks the workers: they share its memory, and begin at once."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    def prepare(self) -> None:
        """Begins to load the model, in a fork of this process where it has no threads: Python needs no second start."""
        if self._process is None:
            self._open(by_fork=len(list(_THREADS.iterdir())) == 1)

    def start(self) -> Forked:
        """A new worker; the first waits for the model."""
        line, process = self._open()
        ours, theirs = _CONTEXT.Pipe()
        try:
            line.send(0)
            send_handle(line, theirs.fileno(), process.pid)
            return Forked(self, process, line.recv(), ours)
        except (EOFError, OSError) as error:
            self.close()
            raise EOFError(f"exit code {process.exitcode}") from error
        finally:
            theirs.close()

    def end(self, pid: int, parent: BaseProcess) -> int | None:
        """Kills a worker; gives its exit code. One whose parent is gone is ending with it."""
        try:
            if self._line and self._process is parent:
                self._line.send(pid)
                code: int = self._line.recv()
                return code
        except (EOFError, OSError):
            self.close()
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
        return None

    def close(self) -> None:
        """Ends the process."""
        if self._process and self._line:
            self._line.close()
            self._process.kill()
            self._process.join()
            self._process = self._line = None

    def _open(self, *, by_fork: bool = False) -> tuple[Connection, BaseProcess]:
        if self._line is None or self._process is None:
            set_one_thread()
            self._line, theirs = _CONTEXT.Pipe()
            start = get_context("fork").Process if by_fork else _CONTEXT.Process
            inherited = self._line if by_fork else None
            self._process = start(target=_tend, args=(theirs, self._settings, inherited), daemon=True)
            _start(self._process)
            theirs.close()
        return self._line, self._process


def _tend(line: Connection, settings: WorkerSettings, inherited: Connection | None) -> None:
    """Tends to workers once the other end of the line, which a fork has got as well, is closed here."""
    if inherited:
        inherited.close()
    tend(line, settings)


class Forked:
    """A worker that was forked: a child of the nursery."""

    def __init__(self, nursery: Nursery, parent: BaseProcess, pid: int, connection: Connection) -> None:
        self._nursery = nursery
        self._parent = parent
        self.pid = pid
        self.connection = connection

    def end(self) -> int | None:
        """Kills it where it still lives; gives its exit code."""
        self.connection.close()
        return self._nursery.end(self.pid, self._parent)


def _start(process: BaseProcess) -> None:
    with _signals_held_back():
        process.start()


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Holds back Ctrl-C, in this process and the one that it starts, until that one knows to leave it to its parent."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
