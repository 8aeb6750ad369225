"""Under which name an entity goes that articles name in several ways: the gazetteer's, else the fullest."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from extract.database.rows import Row
from extract.lexicon import rows

_ROOMS = Path(__file__).resolve().parent.parent / "facts"  # read here: the gazetteer itself needs an NLP stack


def fuller(one: Row, other: Row | None) -> Row:
    """Of two rows of one entity, that of the gazetteer's name, else of the fuller one, whichever came first.

    >>> fuller(("person:x-1", "person", "Quill", "x-1", None), ("person:x-1", "person", "Marta Quill", "x-1", None))
    ('person:x-1', 'person', 'Marta Quill', 'x-1', None)
    >>> fuller(("place:Q585", "place", "OSLO", "Q585", "city"), None)
    ('place:Q585', 'place', 'Oslo', 'Q585', 'city')
    """
    known = _names().get(str(one[3])) if one[3] else None
    first = other or one  # of two that are as full, the one that is there stays
    return (*first[:2], known, *first[3:]) if known else max((first, one), key=_fullness)


def _fullness(row: Row) -> tuple[bool, int, str]:
    name = str(row[2])
    return not name.isupper(), len(name), name


@cache
def _names() -> dict[str, str]:
    """The gazetteer's names by identifier."""
    files = sorted(_ROOMS.glob("*/gazetteer.jsonl"))
    return {row["id"]: row["name"] for path in files for row in rows(path, _entry, kind="name")}


def _entry(line: str, _: int) -> dict[str, str]:
    entry: dict[str, str] = json.loads(line)
    return entry
