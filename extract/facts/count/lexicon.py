"""The room's data files, read once: currencies, units, categories. A broken row names its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from extract.fact import Category, CountKind
from extract.lexicon import rows

_HERE = Path(__file__).resolve().parent


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Currency(_Row):
    """An ISO 4217 code with the signs that stand before or after a number, and its names in the singular.

    The code is null where a name alone does not tell whose money it is: "pesos".
    """

    code: str | None
    signs: tuple[str, ...]
    words: tuple[str, ...]


class Unit(_Row):
    """A unit's symbol with the words that stand after a number, spelled words in the singular."""

    kind: CountKind
    symbol: str
    words: tuple[str, ...]


class Meaning(_Row):
    """What a lemma says of the people or things that are counted.

    `part` is where the lemma stands: a `verb` whose object (or, by `role`, subject) is counted, an `event` noun that
    governs the counted noun ("execution of four"), the `counted` noun itself, or a `state` that they are in ("in
    jail", "dead"). The role `passive` is for verbs that mean it only so: "are held", but not "held 12 seats". A counted
    noun of the role `either` names what was counted whatever is said of it: "investigated 12 deaths". A verb with
    words `beside` it means it only near one of them: "took 12 people into custody".
    """

    lemma: str
    part: Literal["verb", "event", "counted", "state"]
    category: Category | None
    role: Literal["object", "passive", "subject", "either"] = "object"
    beside: frozenset[str] = frozenset()


def read_rows(name: str, model: type[_Row]) -> Iterator[Any]:
    """Yields the rows of a data file of this room.

    Raises:
        DataFileError: a row is no JSON or breaks the model; names file and line.
    """
    expected = ", ".join(model.model_fields)
    yield from rows(
        _HERE / name, lambda line, _: model.model_validate_json(line), kind=model.__name__, expected=expected
    )


@dataclass(frozen=True)
class Affixes:
    """Signs before a number, and signs and words after it, each with its kind and unit."""

    before: re.Pattern[str]
    signs: dict[str, str | None]
    units: dict[str, tuple[CountKind, str | None]]
    endings: tuple[str, ...]

    def sign_before(self, text: str, end: int) -> re.Match[str] | None:
        """The sign that ends where a number begins, a blank or a minus between them at most."""
        near = text[max(0, end - 8) : end].rstrip().rstrip("-").rstrip()
        return self.before.search(text, max(0, end - 8), end) if near.endswith(self.endings) else None

    def unit_after(self, text: str, start: int) -> re.Match[str] | None:
        """The longest unit that begins where a number ends, two blanks or hyphens between them at most."""
        gap = _GAP.match(text, start)
        at = gap.end() if gap else start
        near = text[at : at + 2].casefold()
        units = self._by_initials.get(near[:2], ()) + self._by_initials.get(near[:1], ())
        return _after(units).match(text, start) if units else None

    @cached_property
    def _by_initials(self) -> dict[str, tuple[str, ...]]:
        """The units by their first two letters or their first sign: a pattern of all takes a tenth of a second."""
        found: dict[str, tuple[str, ...]] = {}
        for unit in self.units:
            initials = unit[:2].casefold() if unit[1:2].isalnum() else unit[0].casefold()
            found[initials] = (*found.get(initials, ()), unit)
        return found

    def unit_of(self, words: str) -> tuple[CountKind, str | None]:
        """Kind and unit of the words that `unit_after` matched."""
        key = " ".join(words.replace("-", " ").split())
        return self.units.get(key) or self.units.get(key.lower()) or self.units[key.lower().rstrip("s")]


@cache
def affixes() -> Affixes:
    """What may stand beside a number, compiled once."""
    signs: dict[str, str | None] = {}
    units: dict[str, tuple[CountKind, str | None]] = {}
    for currency in read_rows("currencies.jsonl", Currency):
        code = currency.code
        signs |= dict.fromkeys((*currency.signs, *([code] if code else [])), code)
        units |= {key: ("money", currency.code) for word in currency.words for key in _forms(word)}
        after = [sign for sign in (*currency.signs, *([code] if code else [])) if len(sign) > 1 or sign in "$€£₽"]
        units |= dict.fromkeys(after, ("money", code))
    for unit in read_rows("units.jsonl", Unit):
        units |= {key: (unit.kind, unit.symbol) for word in unit.words for key in _forms(word)}
    return Affixes(_before(signs), signs, units, tuple({sign[-1] for sign in signs}))


def _forms(word: str) -> set[str]:
    """The word as written, in lower case, and its plurals, with blanks for hyphens.

    >>> sorted(_forms("euro"))
    ['euro', 'euros']
    """
    plain = word.replace("-", " ")
    if len(plain) < 4 or (not plain.isalpha() and " " not in plain):
        return {plain}
    plurals = set() if plain.endswith("s") else {f"{plain}s"}
    return {form for one in {plain, *plurals} for form in (one, one.lower())}


def _before(signs: dict[str, str | None]) -> re.Pattern[str]:
    ordered = "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))
    return re.compile(rf"(?:(?<![\w$])|(?<=[A-Z])(?=[$£€]))(?P<sign>{ordered})\s?(?P<minus>-?)$")


_GAP = re.compile(r"(?:[^\S\n]|-){0,2}")


@cache
def _after(units: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(units, key=len, reverse=True)
    words = [rf"{_loose(unit)}(?!\w)" for unit in longest if unit[-1].isalnum()]
    signs = [re.escape(unit) for unit in longest if not unit[-1].isalnum()]
    return re.compile(rf"{_GAP.pattern}(?P<unit>{'|'.join([*words, *signs])})")


def _loose(unit: str) -> str:
    words = r"[\s-]".join(re.escape(word) for word in unit.split())
    return rf"(?i:{words})" if len(unit) > 3 else words
