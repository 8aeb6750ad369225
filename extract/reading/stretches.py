"""The inputs cut into stretches that can be read apart, on several machines, and give what one reader gives.

What one reader knows of the files before is told to each stretch: which ids are taken, which sidecars' broken lines
have been told of. A stretch is files one after another, or row groups of a large file of Parquet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extract.article import Article
from extract.errors import InputError
from extract.reading.articles import digest_of_id, read_apart, sidecar_of
from extract.reading.outcome import Notice, Outcome
from extract.reading.page import Page
from extract.reading.parquet import sizes_of_groups
from extract.reading.record import ReadOptions
from extract.reading.remote import about
from extract.reading.sources import Source
from extract.reading.streams import opened

_LEAST, _MOST = 16_000, 32_000_000  # bytes of a stretch, as the files lie there
_PARTS = 64  # stretches of inputs that aren't larger than this many of the largest
_FILES_AT_MOST = 1_000  # of a stretch

Identity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sources one after another, about how many bytes they are, and the sidecars that an earlier stretch told of."""

    sources: tuple[Source, ...]
    size: int = 0
    told: frozenset[str] = frozenset()

    def read(self, options: ReadOptions, taken: frozenset[bytes] = frozenset()) -> Iterator[Outcome | Page]:
        """Yields what comes of the sources where the ids of these digests are taken."""
        return read_apart(self.sources, options, taken=taken, told=self.told)

    def survey(self, options: ReadOptions) -> tuple[list[bytes], list[Notice]]:
        """The digests of the ids, in order, and what is worth knowing."""
        ids, notices = [], []
        for outcome in self.read(replace(options, pages_later=True, dedupe=None)):
            if isinstance(outcome, Notice):
                notices.append(outcome)
            elif isinstance(outcome, Article | Page):
                ids.append(digest_of_id(outcome.id))
        return ids, notices


def identities(sources: Iterable[Source]) -> list[Identity]:
    """Name and version of each file and sidecar: other bytes have another version, as far as size and time tell."""
    sidecars = {sidecar.shown: sidecar for source in sources if (sidecar := sidecar_of(source))}
    return [(source.shown, about(source.address or source.path)[1]) for source in [*sources, *sidecars.values()]]


def cut(sources: Sequence[Source], options: ReadOptions) -> list[Stretch]:
    """The sources as stretches, in order; a single one where repeats are looked for, since they are by their order."""
    sizes = [about(source.address or source.path)[0] for source in sources]
    total = sum(size or _LEAST for size in sizes)
    if options.dedupe or not sources:
        return [Stretch(tuple(sources), total)]
    aim = min(_MOST, max(_LEAST, total // _PARTS))
    stretches: list[Stretch] = []
    told: set[str] = set()
    for several, size in _grouped(sources, sizes, aim, options):
        stretches.append(Stretch(tuple(several), size, frozenset(told)))
        told |= {sidecar.shown for source in several if (sidecar := sidecar_of(source))}
    return stretches


def taken_before(surveyed: Sequence[Sequence[bytes]]) -> list[frozenset[bytes]]:
    """For each stretch the ids that it has and that an earlier one has."""
    seen: set[bytes] = set()
    taken = []
    for ids in surveyed:
        mine = set(ids)
        taken.append(frozenset(mine & seen))
        seen |= mine
    return taken


def _grouped(
    sources: Sequence[Source], sizes: Sequence[int | None], aim: int, options: ReadOptions
) -> Iterator[tuple[list[Source], int]]:
    several: list[Source] = []
    total = 0
    for source, size in zip(sources, sizes, strict=True):
        pieces = _by_row_groups(source, aim, options) if source.kind == "parquet" and (size or 0) > aim else [source]
        for piece in pieces:
            several.append(piece)
            total += (size or aim) // len(pieces)
            if total >= aim or len(several) >= _FILES_AT_MOST:
                yield several, total
                several, total = [], 0
    if several:
        yield several, total


def _by_row_groups(source: Source, aim: int, options: ReadOptions) -> list[Source]:
    """The file as several sources; as one where its row groups can't be told or it has no texts, which is told once."""
    try:
        with opened(source, unpack=False) as stream:
            sizes = sizes_of_groups(stream, source.shown, options)
    except InputError:
        return [source]
    pieces: list[tuple[int, int]] = []
    first = size = 0
    for group, more in enumerate(sizes, 1):
        size += more
        if size >= aim or group == len(sizes):
            pieces.append((first, group))
            first, size = group, 0
    return [replace(source, groups=piece) for piece in pieces] or [source]
