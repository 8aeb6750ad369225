"""What a worker may cost: its memory is bounded, it dies before the run does, and never outlives it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

MEGABYTE = 1_000_000
MOST_MEMORY = 4_000  # MB: 100,000 characters, a very long article, take 60 beyond what the worker has
LEAST_MEMORY = 600  # MB: a worker with the model that ships has 250
_SHARE = 0.8  # of the machine's memory, for all workers together
_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_OOM_SCORE = Path("/proc/self/oom_score_adj")
_SIGNAL_AT_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG


def default_memory(workers: int) -> int:
    """How many MB each of so many workers may have on this machine, or in this container."""
    return max(LEAST_MEMORY, min(MOST_MEMORY, int(_SHARE * _machine_memory() / MEGABYTE / max(1, workers))))


def limit_memory(megabytes: int) -> None:
    """Bounds what this process may take: beyond it, taking more is a MemoryError. 0 is no bound.

    Data alone is counted (RLIMIT_DATA): files that are mapped, as libraries are, cost nothing. Linux keeps the bound;
    other systems may not.
    """
    if megabytes and sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # a lower bound is in force already
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE, megabytes * MEGABYTE))


def offer_to_the_oom_killer() -> None:
    """Tells Linux that, where memory runs out, this process goes first, not the one that keeps the results."""
    with suppress(OSError):
        _OOM_SCORE.write_text("800")


def die_with_parent() -> None:
    """Asks Linux to kill this process when its parent ends; elsewhere a closed pipe ends it after its article."""
    if sys.platform == "linux":
        import ctypes
        import signal

        parent = os.getppid()
        ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error tells of memory that could not be had, in Python's words or in those of C++."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or "bad_alloc" in said or "allocate memory" in said


def _machine_memory() -> float:
    """The bytes of memory of the machine, or of the container where that has less."""
    try:
        found = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (ValueError, OSError, AttributeError):
        return float(MOST_MEMORY * MEGABYTE)
    for path in _CGROUPS:
        with suppress(OSError, ValueError):  # no such group, or "max"
            found = min(found, float(Path(path).read_text().strip()))
    return found
