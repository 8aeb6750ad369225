"""What every tool's module can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.annotation.exchange import Returned, Task
from extract.annotation.files import broken

_NOT_AS_EXPECTED = (KeyError, TypeError, ValueError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool's two ways: `write` gives how many tasks went out, `parse` yields what came back."""

    write: Callable[[Iterable[Task], Path], int]
    parse: Callable[[Path], Iterator[Returned]]

    def read(self, path: Path) -> Iterator[Returned]:
        """Yields what came back.

        Raises:
            ReadError: the file can't be read, or is not what the tool makes of our tasks.
        """
        try:
            yield from self.parse(path)
        except _NOT_AS_EXPECTED as error:
            raise broken(path, "what the tool exports", f"A part of it can't be read: {error!r}") from error
