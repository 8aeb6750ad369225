"""The gazetteer: known names with their aliases and stable identifiers, one JSONL file in each of the three rooms.

A row has `id` (a Wikidata QID, or our own, starting with x-), `name`, `aliases` (`name`, `language`, `script`), and
where known `kind` (organisations, places), `gender` and `roles` (persons), `country` (an id of a place), and
`ambiguous`: those of its names that mean other things too, and need evidence.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, get_args

from extract.errors import DataFileError
from extract.fact import OrganisationKind, PlaceKind
from extract.lexicon import rows
from extract.names.mention import ORGANISATION, PERSON, PLACE, fold
from extract.names.transliteration import is_cyrillic, person_name, romanisations, same_person, stems

FACTS = Path(__file__).resolve().parent.parent / "facts"
FILES = {type_: FACTS / type_ / "gazetteer.jsonl" for type_ in (PERSON, ORGANISATION, PLACE)}
KINDS = {ORGANISATION: frozenset(get_args(OrganisationKind)), PLACE: frozenset(get_args(PlaceKind))}
_KEYS = frozenset({"id", "name", "aliases", "kind", "gender", "roles", "country", "ambiguous"})
_FIRST = re.compile(r"\w*")
_SHORTEST_IN_CAPITALS = 5
_ALIAS_KEYS = frozenset({"name", "language", "script"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A known person, organisation or place."""

    id: str
    type: str
    name: str
    names: tuple[str, ...]
    ambiguous: frozenset[str]
    kind: str | None
    gender: str | None
    country: str | None


class Gazetteer:
    """Looks names up: whole names by their words, persons also by every spelling of the region."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = {entry.id: entry for entry in entries}
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            for name in dict.fromkeys(map(fold, entry.names)):
                self._by_name[name].append(entry)

    @cached_property
    def _by_surname(self) -> dict[str, list[Entry]]:
        """The persons by the stems of their surnames: asked for where no name is the text's own."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            if entry.type == PERSON:
                for stem in _surname_stems(entry):
                    found[stem].append(entry)
        return found

    def named(self, text: str, type_: str | None = None) -> list[Entry]:
        """The entries that carry exactly this name, accents and case apart."""
        return [e for e in self._by_name.get(fold(text), ()) if type_ in (None, e.type)]

    def person(self, text: str) -> Entry | None:
        """The one known person whom the full name means in any spelling, or None."""
        found = self.named(text, PERSON)
        if not found and " " in text:
            found = [e for e in self._spelled(text) if any(same_person(text, n) for n in e.names if " " in n)]
        return found[0] if len({e.id for e in found}) == 1 else None

    def _spelled(self, text: str) -> Iterator[Entry]:
        surname = person_name(text).surname
        near = [e for stem in sorted(stems(surname[-1])) for e in self._by_surname.get(stem, ())] if surname else []
        yield from dict.fromkeys(near)


def _surname_stems(entry: Entry) -> set[str]:
    surnames = [person_name(name).surname for name in entry.names if " " in name]
    return {stem for surname in surnames for stem in stems(surname[-1])}


class Pattern(NamedTuple):
    """A name as a text may have it, and whose it is; sure where it means nothing else."""

    name: str
    entries: tuple[Entry, ...]
    sure: bool


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that ships.

    Raises:
        DataFileError: a row breaks the format; names file and line.
    """
    return Gazetteer(entry for type_, path in FILES.items() for entry in read_entries(path, type_))


@cache
def patterns() -> dict[str, tuple[Pattern, ...]]:
    """First word of a name -> the names that start with it, longest first; capitals as headlines have them, too."""
    owners: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in gazetteer().entries.values():
        for name in entry.names:
            owners[name][entry.id] = entry
            if len(name) >= _SHORTEST_IN_CAPITALS:
                owners[name.upper()][entry.id] = entry
    table: dict[str, list[Pattern]] = defaultdict(list)
    for name in sorted(sorted(owners), key=len, reverse=True):
        found = tuple(owners[name].values())
        table[first_word(name)].append(Pattern(name, found, _is_sure(name, found)))
    return {first: tuple(rows) for first, rows in table.items()}


def _is_sure(name: str, entries: tuple[Entry, ...]) -> bool:
    return len(entries) == 1 and name.upper() not in _ambiguous(entries[0].ambiguous)


@cache
def _ambiguous(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.upper() for name in names)


def first_word(text: str) -> str:
    """The letters and digits that the text starts with."""
    return text if text.isalnum() else _FIRST.match(text)[0]  # type: ignore[index]


def read_entries(path: Path, type_: str) -> Iterator[Entry]:
    """Yields the entries of a file.

    Raises:
        DataFileError: a row is no JSON object of the format; names file and line.
    """
    yield from rows(path, lambda line, number: read_entry(line, type_, f"{path}:{number}"), kind="row")


def read_entry(line: str, type_: str, where: str) -> Entry:
    """The entry that a line of a gazetteer holds; Cyrillic names bring their romanisations.

    Raises:
        DataFileError: the line is no JSON object of the format.
    """
    try:
        row = json.loads(line)
        _check_row(row, type_)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileError(f"no row of the gazetteer: {error}", where=where, expected="id, name, aliases") from error
    ambiguous = frozenset(row.get("ambiguous", ()))
    return Entry(
        row["id"], type_, row["name"], tuple(dict.fromkeys(_all_names(row, type_))), ambiguous,
        row.get("kind"), row.get("gender"), row.get("country"),
    )  # fmt: skip


def _check_row(row: dict[str, Any], type_: str) -> None:
    unknown = set(row) - _KEYS or {k for a in row["aliases"] for k in set(a) - _ALIAS_KEYS}
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    if not row["id"] or not row["name"].strip() or not all(a["name"].strip() for a in row["aliases"]):
        raise ValueError("an empty id or name")
    if type_ in KINDS and row["kind"] not in KINDS[type_]:
        raise ValueError(f"kind {row['kind']!r}")
    if row.get("gender") not in (None, "m", "f"):
        raise ValueError(f"gender {row['gender']!r}")
    strange = set(row.get("ambiguous", ())) - {row["name"], *(a["name"] for a in row["aliases"])}
    if strange:
        raise ValueError(f"ambiguous names that are no names of it: {sorted(strange)}")


def _all_names(row: dict[str, Any], type_: str) -> Iterator[str]:
    yield row["name"]
    for alias in row["aliases"]:
        yield alias["name"]
        if type_ == PERSON and is_cyrillic(alias["name"]):
            yield from romanisations(alias["name"], alias.get("language", ""))


def check_gazetteers(files: dict[str, Path] | None = None) -> list[str]:
    """What contradicts itself in the gazetteers, one line each: ids given twice, a name of two entries that no
    `ambiguous` marks, roles in unknown organisations, countries that are no place."""
    entries = [e for type_, path in (files or FILES).items() for e in read_entries(path, type_)]
    return [*_repeated_ids(entries), *_shared_names(entries), *_dangling(entries, files or FILES)]


def _repeated_ids(entries: list[Entry]) -> Iterator[str]:
    for id_, count in Counter(e.id for e in entries).items():
        if count > 1:
            yield f"{id_}: {count} rows have this id"


def _shared_names(entries: list[Entry]) -> Iterator[str]:
    owners: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        for name in entry.names:
            owners[name][entry.id] = entry
    for name, found in owners.items():
        bold = [e.id for e in found.values() if name not in e.ambiguous]
        if len(found) > 1 and bold:
            yield f"{name!r} is a name of {', '.join(sorted(found))}: mark it `ambiguous` in {', '.join(bold)}"


def _dangling(entries: list[Entry], files: dict[str, Path]) -> Iterator[str]:
    known = {e.id for e in entries}
    for entry in entries:
        if entry.country and entry.country not in known:
            yield f"{entry.id}: no place {entry.country!r}"
    for line in files[PERSON].read_text(encoding="utf-8").splitlines() if PERSON in files else ():
        row = json.loads(line)
        for role in row.get("roles", ()):
            if role.get("organisation", row["id"]) not in known:
                yield f"{row['id']}: no organisation {role['organisation']!r}"


def add_name(type_: str, row: dict[str, Any], path: Path | None = None) -> Entry:
    """Adds a row to the gazetteer of a type, and returns its entry.

    Raises:
        DataFileError: the row breaks the format, or contradicts what is there.
    """
    path = path or FILES[type_]
    line = json.dumps(row, ensure_ascii=False)
    entry = read_entry(line, type_, str(path))
    known = list(read_entries(path, type_))
    problems = [*_repeated_ids([*known, entry]), *_shared_names([*known, entry])]
    if problems:
        raise DataFileError("; ".join(problems), where=str(path), advice="Add an alias to the row that is there")
    with path.open("a", encoding="utf-8") as lines:
        lines.write(line + "\n")
    return entry


def suggest_names(lines: Iterable[str], *, at_least: int = 2) -> list[tuple[int, str, str]]:
    """The names without `kb` in lines of facts, as (articles, type, name), those of most articles first."""
    articles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in lines:
        fact = json.loads(line)
        if fact["type"] in FILES and fact.get("kb") is None:
            articles[fact["type"], fact["name"]].add(fact["article"]["text_sha256"])
    found = [(len(ids), type_, name) for (type_, name), ids in articles.items() if len(ids) >= at_least]
    return sorted(found, key=lambda row: (-row[0], row[1:]))
