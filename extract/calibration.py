"""Confidences that keep what they promise: of the facts that carry 0.8, about 80 in 100 are right.

Rules and the model give each fact an estimate. Curves by type, and by rule where enough was decided, lead from the
estimate to the share that was right; `extract calibrate` fits them. Nothing but the confidence changes.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract.errors import DataFileError

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Curve:
    """A rising line through points: straight between them, level beyond the first and the last."""

    estimates: tuple[float, ...]
    shares: tuple[float, ...]

    def __call__(self, estimate: float) -> float:
        """The share that the estimate comes to.

        >>> curve = Curve((0.5, 0.9), (0.6, 1.0))
        >>> curve(0.2), round(curve(0.7), 3), curve(0.95)
        (0.6, 0.8, 1.0)
        """
        at = bisect_right(self.estimates, estimate)
        if at in {0, len(self.estimates)}:
            return self.shares[max(0, at - 1)]
        low, high = self.estimates[at - 1], self.estimates[at]
        part = (estimate - low) / (high - low)
        return self.shares[at - 1] + part * (self.shares[at] - self.shares[at - 1])


@dataclass(frozen=True)
class Calibration:
    """Curves by type and by `type/rule`; without one, the estimate stands. `about` says what they were fitted on."""

    curves: Mapping[str, Curve] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, type_: str, rule: str, estimate: float) -> float:
        """The confidence of a fact of that type that the rule made."""
        curve = self.curves.get(key_of(type_, rule)) or self.curves.get(type_)
        return curve(estimate) if curve else estimate

    def to_json(self) -> str:
        """The file, which `of_json` reads."""
        curves = {key: [list(one.estimates), list(one.shares)] for key, one in sorted(self.curves.items())}
        return json.dumps({"about": dict(self.about), "curves": curves}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def of_json(cls, text: str, where: str = "") -> Calibration:
        """The calibration in a file's text.

        Raises:
            DataFileError: it is none; names the curve.
        """
        try:
            page = json.loads(text)
            curves = {key: _curve(key, *points) for key, points in page["curves"].items()}
            return cls(curves, page.get("about", {}))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataFileError(f"no calibration: {error}", where=where, expected='"curves" of rising points',
                                advice="Make it anew with `extract calibrate`") from error  # fmt: skip


def key_of(type_: str, rule: str) -> str:
    """Under what a rule's curve stands: its name without the line of the lexicon that it read.

    >>> key_of("event", "free/verb/release@239")
    'event/free/verb/release'
    """
    return f"{type_}/{rule.partition('@')[0]}"


def read_calibration(folder: Path) -> Calibration:
    """The calibration in a folder; an empty one where there is none.

    Raises:
        DataFileError: the file is broken.
    """
    path = folder / FILE
    return Calibration.of_json(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else Calibration()


def write_calibration(calibration: Calibration, folder: Path) -> None:
    """Writes the calibration into a folder; an empty one leaves no file."""
    if calibration.curves:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(calibration.to_json(), encoding="utf-8")


def _curve(key: str, estimates: list[float], shares: list[float]) -> Curve:
    rises = all(sorted(points) == points and points and points[0] >= 0 and points[-1] <= 1
                for points in (estimates, shares))  # fmt: skip
    if not rises or len(estimates) != len(shares) or len(set(estimates)) < len(estimates):
        raise ValueError(f"the curve of {key} doesn't rise from 0 to 1")
    return Curve(tuple(map(float, estimates)), tuple(map(float, shares)))
