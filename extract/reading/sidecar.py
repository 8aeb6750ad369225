"""The `metadata.jsonl` that may lie in a folder of texts: what the texts themselves don't say."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from extract.errors import InputError, LineError
from extract.reading.many import read_json_object
from extract.reading.outcome import Failure
from extract.reading.record import read_published
from extract.reading.remote import exists
from extract.reading.sources import SIDECAR, Source, stem_of
from extract.reading.streams import opened, read_lines

_FIELDS = ("title", "url", "source", "language")
Entries = dict[str, tuple[str, dict[str, Any]]]


class Sidecars:
    """The sidecars of the folders met so far: each is read once, and its broken lines are told of once.

    What is wrong with those that were `told` of elsewhere is no longer said.
    """

    def __init__(self, told: frozenset[str] = frozenset()) -> None:
        self._read: dict[str, Entries] = {}
        self._told = told

    def broken_lines(self, source: Source) -> Iterator[tuple[str, Failure]]:
        """Reads the sidecar in a file's folder unless that was done; yields (path:line, failure) for broken lines."""
        sidecar = source.beside(SIDECAR)
        if sidecar.shown in self._read:
            return
        entries: Entries = {}
        self._read[sidecar.shown] = entries
        if sidecar.shown in self._told:
            with suppress(InputError):
                deque(_entered(sidecar, entries), maxlen=0)
        else:
            yield from _entered(sidecar, entries)

    def fields_of(self, source: Source) -> dict[str, str]:
        """What the sidecar says of a file, under its stem or its name, as fields of an article.

        Raises:
            PublishedError: the date there is none.
        """
        entries = self._read.get(source.beside(SIDECAR).shown, {})
        where, entry = entries.get(stem_of(source.path)) or entries.get(source.path.name) or ("", {})
        stated = {key: entry[key] for key in _FIELDS if isinstance(entry.get(key), str)}
        published = read_published(entry.get("published"), where)
        return {**stated, "published": published} if published else stated


def _entered(sidecar: Source, entries: Entries) -> Iterator[tuple[str, Failure]]:
    """Enters what the lines say; yields (path:line, failure) for broken ones."""
    for where, line in _lines(sidecar):
        try:
            entry = read_json_object(line, where)
            entries[str(entry.get("id"))] = (where, entry)
        except LineError as error:
            yield where, Failure.of(where.rpartition("/")[2], error)


def _lines(sidecar: Source) -> Iterator[tuple[str, bytes]]:
    if not _is_there(sidecar):
        return
    with opened(sidecar) as stream:
        for number, line in read_lines(stream, sidecar.shown):
            if isinstance(line, InputError):
                raise line
            if line.strip():
                yield f"{sidecar.shown}:{number}", line


def _is_there(sidecar: Source) -> bool:
    if sidecar.address:
        return not sidecar.web_address and exists(sidecar.address)
    return sidecar.path.is_file()
