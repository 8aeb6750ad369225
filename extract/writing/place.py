"""Small outputs: written beside their place, and put into it whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extract.errors import OutputError


@contextmanager
def in_place(path: Path) -> Iterator[Path]:
    """A path to write to; what is there takes its place under `path`, whole, once the block ends without an error.

    Raises:
        OutputError: it can't be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        raise OutputError(f"can't be written: {error.strerror or error}", where=str(path),
                          expected="a place to write to", advice="Check that it is yours to write to"
                          ) from error  # fmt: skip
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
