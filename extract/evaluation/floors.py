"""Scores that may not fall: pinned in a file, with the digest of the gold that they were measured on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from extract.errors import DataFileError, OutputError


@dataclass(frozen=True, slots=True)
class Fall:
    """A score below its floor."""

    name: str
    floor: float
    score: float

    def __str__(self) -> str:
        return f"{self.name}: {self.score} is below its floor of {self.floor}"


@dataclass(frozen=True, slots=True)
class Floors:
    """The pinned scores, and the digest of the gold that they were measured on."""

    gold: str
    floors: dict[str, float]

    def below(self, numbers: dict[str, float]) -> list[Fall]:
        """The scores below their floors; a score that is gone counts as 0."""
        found = ((name, floor, numbers.get(name, 0.0)) for name, floor in self.floors.items())
        return [Fall(name, floor, score) for name, floor, score in found if score < floor]


def falls(numbers: dict[str, float], path: Path, gold_digest: str) -> list[Fall]:
    """The scores below their floors.

    Raises:
        DataFileError: there are no floors, or they were measured on other gold.
    """
    pinned = _read(path)
    if pinned.gold != gold_digest:
        raise DataFileError("these floors were measured on other gold", where=str(path), expected="the gold's digest",
                            advice="Score the old gold once more, then pin anew with --set-floor")  # fmt: skip
    return pinned.below(numbers)


def pin(numbers: dict[str, float], path: Path, gold_digest: str, *, allow_lower: bool) -> None:
    """Writes the scores as floors.

    Raises:
        OutputError: one would be lower than it was on the same gold, and that isn't allowed.
    """
    if path.exists() and not allow_lower:
        pinned = _read(path)
        lower = pinned.below(numbers) if pinned.gold == gold_digest else []
        if lower:
            raise OutputError(f"{len(lower)} floors would fall: {'; '.join(map(str, lower))}", where=str(path),
                              expected="scores no lower than before",
                              advice="Add --allow-lower, and a line in CHANGES.md that says why")  # fmt: skip
    page = {"gold": gold_digest, "floors": dict(sorted(numbers.items()))}
    path.write_text(json.dumps(page, indent=2) + "\n", encoding="utf-8")


def _read(path: Path) -> Floors:
    try:
        return Floors(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise DataFileError(f"no floors: {error}", where=str(path), expected='"gold" and "floors"',
                            advice="Pin them with --set-floor") from error  # fmt: skip
