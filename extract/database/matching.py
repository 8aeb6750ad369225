"""Which entities of the database a name means, in whatever spelling: by gazetteer, alias and transliteration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.errors import InputError
from extract.names.gazetteer import Entry, gazetteer
from extract.names.mention import PERSON, fold
from extract.names.transliteration import person_name, same_person, skeletons, stems

_LISTED = 6


class UnknownNameError(InputError):
    """A name means nobody and nothing in the database, or several."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity of the database: its key, its name, the gazetteer's id where it is known there, and the key of the one
    that it stands for where people merged it with others."""

    key: str
    name: str
    kb: str | None = None
    merged: str | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.kb})" if self.kb else self.name


def matching(query: str, types: Sequence[str], known: Sequence[Named]) -> list[Named]:
    """The known entities, of these types, that the name means; the first of these ways that finds one is the way.

    1. It is an id of the gazetteer, or the key.
    2. The gazetteer has the name or an alias; a person also in any spelling of the region.
    3. It is the name, accents and case apart; a person also in any spelling, relatives of other names apart.
    4. Each word of it is, in some spelling, a word of the name ("Тарвения").

    >>> known = [Named("1", "Ihar Losik", "x-losik-ihar"), Named("2", "Darya Losik"), Named("3", "Minsk", "Q2280")]
    >>> [one.name for one in matching("Игорь Лосик", ["person"], known)]
    ['Ihar Losik']
    >>> [one.name for one in matching("losik", ["person"], known)]
    ['Ihar Losik', 'Darya Losik']
    """
    ways = (_by_id, _by_gazetteer, _by_name, _by_spelling)
    return next((found for way in ways if (found := way(query.strip(), types, known))), [])


def the_one(query: str, types: Sequence[str], known: Sequence[Named]) -> list[Named]:
    """The entities that the name means, all of them one: they share the gazetteer's id, or the name in some spelling.

    Raises:
        UnknownNameError: it means none, or several.
    """
    found = matching(query, types, known)
    what = " or ".join(types)
    ones = _distinct(found)
    if not found:
        raise UnknownNameError(f"no {what} of the database is called that", where=query,
                         advice="`extract search` finds what the articles say")  # fmt: skip
    if len(ones) > 1:
        names = ", ".join(map(str, ones[:_LISTED])) + (" ..." if len(ones) > _LISTED else "")
        raise UnknownNameError(f"may be {len(ones)}: {names}", where=query, expected=f"one {what}",
                         advice="Give the full name, or the id in brackets")  # fmt: skip
    named = {one.key: one for one in (*found, *(_unlinked(ones[0].name, known) if PERSON in types else ()))}
    groups = {one.merged for one in named.values() if one.merged}
    named |= {one.key: one for one in known if one.merged in groups}
    return list(named.values())


def leading(found: Sequence[Named]) -> Named:
    """Of entities that are one, the one whose name stands for all: whom people merged them with, or the gazetteer has.

    >>> leading([Named("2", "Losik"), Named("1", "Ihar Losik", "x-losik-ihar")]).name
    'Ihar Losik'
    """
    return max(found, key=lambda one: (one.key == one.merged, one.kb is not None))


def _distinct(found: Sequence[Named]) -> list[Named]:
    """The first of each that is not one with another, those whom the gazetteer knows first."""
    ones: list[Named] = []
    for one in sorted(found, key=lambda named: named.kb is None):
        if not any(_are_one(one, other) for other in ones):
            ones.append(one)
    return ones


def _are_one(a: Named, b: Named) -> bool:
    if a.merged and a.merged == b.merged:
        return True
    if a.kb and b.kb:
        return a.kb == b.kb
    return fold(a.name) == fold(b.name) or (" " in a.name and " " in b.name and same_person(a.name, b.name))


def _by_id(query: str, _: Sequence[str], known: Sequence[Named]) -> list[Named]:
    return [one for one in known if query in {one.kb, one.key}]


def _by_gazetteer(query: str, types: Sequence[str], known: Sequence[Named]) -> list[Named]:
    entries = {entry.id for type_ in types for entry in _entries(query, type_)}
    return [one for one in known if one.kb in entries]


def _entries(query: str, type_: str) -> list[Entry]:
    if type_ == PERSON and (known := gazetteer().person(query)):
        return [known]
    return gazetteer().named(query, type_)


def _unlinked(query: str, known: Sequence[Named]) -> list[Named]:
    """People whom no article's name led to the gazetteer, of the same name in some spelling."""
    wanted = _stems(query)
    return [one for one in known if one.kb is None and " " in one.name and _is_spelled(query, one.name, wanted)]


def _by_name(query: str, types: Sequence[str], known: Sequence[Named]) -> list[Named]:
    folded = fold(query)
    same = [one for one in known if fold(one.name) == folded]
    if same or PERSON not in types:
        return same
    wanted = _stems(query)
    return [one for one in known if _is_spelled(query, one.name, wanted)]


def _stems(name: str) -> frozenset[str]:
    surname = person_name(name).surname
    return stems(surname[-1]) if surname else frozenset()


def _is_spelled(query: str, name: str, wanted: frozenset[str]) -> bool:
    """Whether the names may be one person's; the surname is looked at first, since most names differ there."""
    return bool(_stems(name) & wanted or "-" in query + name) and same_person(query, name)


def _by_spelling(query: str, _: Sequence[str], known: Sequence[Named]) -> list[Named]:
    words = [skeletons(word) for word in fold(query).split()]
    return [one for one in known if _same_words(words, fold(one.name).split())]


def _same_words(words: list[frozenset[str]], name: list[str]) -> bool:
    return len(words) == len(name) > 0 and all(word & skeletons(other) for word, other in zip(words, name, strict=True))
