"""Clusters: the mentions of one person, organisation or place, with the fullest name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extract.names.mention import ORGANISATION, PERSON, PLACE, Mention
from extract.names.transliteration import person_name, same_person, skeletons
from extract.names.words import words
from extract.room import Draft

_SHORTEST = 4


@dataclass(slots=True)
class Cluster:
    """One entity of the article: its type and its mentions in the order of the text."""

    type: str
    mentions: list[Mention] = field(default_factory=list)
    draft: Draft | None = None
    merged: Cluster | None = None

    @property
    def fullest(self) -> Mention:
        """The first mention of the fullest name."""
        return max(self.mentions, key=_fullness)


def _fullness(m: Mention) -> tuple[int, bool, int, int]:
    return len(m.text.split()), not m.text.isupper(), len(m.text), -m.first


def clusters(mentions: Iterable[Mention]) -> list[Cluster]:
    """The entities of an article, in the order of their first mentions."""
    by_type: dict[str, list[Mention]] = defaultdict(list)
    for m in mentions:
        by_type[m.type].append(m)
    found = [c for type_, ms in by_type.items() for c in _CLUSTER.get(type_, _by_key)(ms)]
    for cluster in found:
        cluster.mentions.sort(key=lambda m: m.first)
    return sorted(found, key=lambda c: c.mentions[0].first)


def _by_key(mentions: list[Mention]) -> list[Cluster]:
    found: dict[str, Cluster] = {}
    for m in mentions:
        found.setdefault(m.key, Cluster(m.type)).mentions.append(m)
    return list(found.values())


def _persons(mentions: list[Mention]) -> list[Cluster]:
    """Full names first, with their other spellings; then each short form goes to the person whose name it is."""
    whole = [(_parts(c), c) for c in _by_name_and_gender(mentions)]
    whole.sort(key=lambda row: (-len(row[0]), row[1].mentions[0].first))
    known: dict[str, list[tuple[list[str], Cluster]]] = defaultdict(list)
    found: list[Cluster] = []
    for parts, cluster in whole:
        home = _short_home(parts, cluster, known) or _spelled_home(parts, cluster, known)
        if home:
            home.mentions.extend(cluster.mentions)
            continue
        found.append(cluster)
        for part in {*parts, *(f"/{s}" for s in skeletons(parts[-1]))}:
            known[part].append((parts, cluster))
    return found


def _by_name_and_gender(mentions: list[Mention]) -> list[Cluster]:
    """Equal names are one, but "Mr. Losik" and "Ms. Losik" are two."""
    found: dict[tuple[str, str | None], Cluster] = {}
    for m in mentions:
        found.setdefault((m.key, None if " " in m.key else m.gender), Cluster(m.type)).mentions.append(m)
    return list(found.values())


def _short_home(
    parts: list[str], cluster: Cluster, known: dict[str, list[tuple[list[str], Cluster]]]
) -> Cluster | None:
    """The person whose name the short form is, and whose gender its title doesn't contradict."""
    gender = cluster.mentions[0].gender
    for full, home in known.get(parts[-1], ()):
        told = person_name(home.mentions[0].text).gender if gender else None
        if _is_short_for(parts, full) and (told is None or told == gender):
            return home
    return None


def _spelled_home(
    parts: list[str], cluster: Cluster, known: dict[str, list[tuple[list[str], Cluster]]]
) -> Cluster | None:
    """The person whose name this is in another spelling: "Kolesnikova" after "Maria Kalesnikava"."""
    name = cluster.mentions[0].text
    near = [row for s in sorted(skeletons(parts[-1])) if len(s) > _SHORTEST for row in known.get(f"/{s}", ())]
    for full, home in near:
        if len(parts) == 1 or (len(full) > 1 and same_person(name, home.mentions[0].text)):
            return home
    return None


def _parts(cluster: Cluster) -> list[str]:
    parts = cluster.mentions[0].key.replace(",", "").split()
    return [p for p in parts if p not in words().suffixes] or parts


def _is_short_for(short: list[str], full: list[str]) -> bool:
    if len(short) >= len(full):
        return False
    if full[-len(short) :] == short or (full[: len(short)] == short and len(full) > 2):
        return True
    return len(short) > 1 and short[0] == full[0] and short[-1] == full[-1]


def _by_entry_or_acronym(mentions: list[Mention]) -> list[Cluster]:
    """Equal names first; then names of one known entity, short forms in brackets, and acronyms by their initials."""
    found = _by_key(mentions)
    homes: dict[str | None, Cluster] = {m.entry: c for c in reversed(found) for m in c.mentions if m.entry}
    ends = {m.last: c for c in found for m in c.mentions}
    spelled = {short: c for c in reversed(found) if c.type == ORGANISATION for short in _short_forms(c)}
    kept: dict[int, Cluster] = {id(c): c for c in found}
    for cluster in found:
        home = _home(cluster, homes, ends, spelled)
        while home is not None and id(home) not in kept:
            home = home.merged
        if home is not None and home is not cluster:
            home.mentions.extend(cluster.mentions)
            cluster.merged = home
            del kept[id(cluster)]
    return list(kept.values())


def _home(
    cluster: Cluster, homes: dict[str | None, Cluster], ends: dict[int, Cluster], spelled: dict[str, Cluster]
) -> Cluster | None:
    for m in cluster.mentions:
        if m.entry:
            return homes[m.entry]
        before = ends.get(m.first - 1)
        if m.bracketed and before is not None:
            return before
    key = cluster.mentions[0].key
    return spelled.get(key) if " " not in key else None


def _short_forms(cluster: Cluster) -> Iterator[str]:
    """Yields what stands for a longer name: its initials, its first or last word where that is a common noun."""
    name = cluster.mentions[0].key
    if " " in name:
        yield initials(cluster.mentions[0].text)
        yield from (word for word in (name.split()[0], name.split()[-1]) if word in words().strong_heads)


def initials(name: str) -> str:
    """The initials of the capitalised words, in lower case.

    >>> initials("Coalition for Unity and Democracy")
    'cud'
    """
    return "".join(w[0] for w in name.split() if w[0].isupper()).casefold()


_CLUSTER = {PERSON: _persons, ORGANISATION: _by_entry_or_acronym, PLACE: _by_entry_or_acronym}
