"""The gender that a person's name tells, for who "he" and "she" may be."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from extract.errors import DataFileError
from extract.names.mention import fold
from extract.names.transliteration import person_name

FORENAMES = Path(__file__).with_name("forenames.toml")


@cache
def forenames() -> Mapping[str, str]:
    """Given name in lower case without accents -> `f` or `m`.

    Raises:
        DataFileError: the file is no TOML, or lacks one of the two lists.
    """
    try:
        table = tomllib.loads(FORENAMES.read_text(encoding="utf-8"))
        return {name: gender for gender in ("f", "m") for name in table[gender].split()}
    except (tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise DataFileError(f"no forenames: {error}", where=FORENAMES.name, expected='f = "...", m = "..."') from error


@lru_cache(maxsize=16384)
def gender(name: str) -> str | None:
    """`f` or `m` where a full name tells it, by its given name or an East Slavic ending; else None.

    >>> gender("Leyla Aydin"), gender("Sviatlana Tsikhanouskaya"), gender("Kim Lee")
    ('f', 'f', None)
    """
    words = fold(name).split()
    known = forenames().get(words[0]) if len(words) > 1 else None
    return known or person_name(name).gender
