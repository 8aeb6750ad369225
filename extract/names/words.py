"""The words around names and inside them, read once from words.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extract.errors import DataFileError

PATH = Path(__file__).with_name("words.toml")


@dataclass(frozen=True)
class Words:
    """Sets of words in lower case, as words.toml names them; `kinds` and `places` map a word to a kind."""

    titles: frozenset[str]
    titles_m: frozenset[str]
    titles_f: frozenset[str]
    determiners: frozenset[str]
    particles: frozenset[str]
    connectors: frozenset[str]
    honorifics: frozenset[str]
    roles: frozenset[str]
    suffixes: frozenset[str]
    legal_forms: frozenset[str]
    rule_nouns: frozenset[str]
    demonyms: frozenset[str]
    bodies: frozenset[str]
    faiths: frozenset[str]
    no_organisations: frozenset[str]
    trailers: frozenset[str]
    generic: frozenset[str]
    place_nouns: frozenset[str]
    rulers: frozenset[str]
    org_nouns: frozenset[str]
    officers: frozenset[str]
    sites: frozenset[str]
    lands: frozenset[str]
    wards: frozenset[str]
    fields: frozenset[str]
    bearers: frozenset[str]
    folk: frozenset[str]
    postnominals: frozenset[str]
    strong_heads: frozenset[str]
    never: frozenset[str]
    openers: frozenset[str]
    directions: frozenset[str]
    kinds: dict[str, str]
    places: dict[str, str]


@cache
def words(path: Path = PATH) -> Words:
    """The word lists.

    Raises:
        DataFileError: the file is no TOML, or lacks a list.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        kinds, places = _by_word(table.pop("kinds")), _by_word(table.pop("places"))
        return Words(kinds=kinds, places=places, **{key: frozenset(value.split()) for key, value in table.items()})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(f"the word lists can't be read: {error}", where=str(path)) from error


def _by_word(table: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, line in table.items() for word in line.split()}
