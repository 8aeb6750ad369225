"""Where outputs go: on this machine's disks, small ones written beside their place and put into it whole."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extract.errors import OutputError

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]{1,30}):/{1,2}(?=[^/])", re.IGNORECASE)  # a Path keeps one of two slashes


@contextmanager
def in_place(path: Path, *, then: str = "") -> Iterator[Path]:
    """A path to write to; what is there takes its place under `path`, whole, once the block ends without an error.

    Raises:
        OutputError: it can't be written; `then` ends its advice.
    """
    refuse_addresses([path])
    part = path.with_name(path.name + ".part")
    try:
        with clear_errors(path, then=then):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield part
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def clear_errors(target: Path, *, then: str = "") -> Iterator[None]:
    """Turns the system's errors while the target is written into ones that say what to do, and what comes `then`.

    Raises:
        OutputError: it can't be written.
        BrokenPipeError: nobody reads what is written.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        advice = "Free some space" if is_full else "Check that the folder is there and yours to write to"
        raise OutputError(f"can't be written: {error.strerror or error}", where=target.as_posix(),
                          expected="a place to write to", advice=f"{advice}{then}") from error  # fmt: skip


def refuse_addresses(paths: Iterable[Path]) -> None:
    """Checks that none of the paths is an address such as s3://, which would become a folder of that name.

    Raises:
        OutputError: one is.
    """
    for path in paths:
        if found := _ADDRESS.match(path.as_posix()):
            kind = found[1].lower()
            raise OutputError(f"nothing is written to {kind}://", where=f"{kind}://{path.as_posix()[found.end() :]}",
                              expected="a path on this machine, or on a disk that it mounts",
                              advice="Name one, and copy the file when it is done (aws s3 cp, gsutil cp, rclone)"
                              )  # fmt: skip
