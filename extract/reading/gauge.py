"""How much of the inputs has been read, by their bytes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from extract.reading.sources import Source


class Gauge:
    """Told of the sources and of each file that is opened, it knows the share of the bytes that has been read."""

    def __init__(self) -> None:
        self._total: int | None = 0
        self._before = 0
        self._open: BinaryIO | None = None

    def expect(self, sources: Iterable[Source]) -> None:
        """Adds up the files to come; where one has no size, as standard input, the share stays unknown."""
        try:
            self._total = sum(source.path.stat().st_size for source in sources)
        except OSError:
            self._total = None

    def follow(self, stream: BinaryIO) -> None:
        """Another file has been opened."""
        self.leave()
        self._open = stream

    def leave(self) -> None:
        """The file that is open is about to be closed."""
        self._before += self._position()
        self._open = None

    @property
    def share(self) -> float | None:
        """From 0 to 1, or None where nobody can tell."""
        return min(1.0, (self._before + self._position()) / self._total) if self._total else None

    def _position(self) -> int:
        with suppress(OSError, ValueError):  # a stream that can't tell, or is closed
            return self._open.tell() if self._open else 0
        return 0
