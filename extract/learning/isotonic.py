"""Curves from decisions: isotonic regression by pooling neighbours that fall, on blocks that hold enough of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extract.calibration import Calibration, Curve, key_of

BLOCK = 20  # decisions that a point of a curve rests on, at least
OF_A_RULE = 150  # decisions from which on a rule has a curve of its own
BINS = 10
# A share is drawn towards its type's: so many decisions weigh as much as what was seen.
PRIOR = 4


@dataclass(frozen=True, slots=True)
class Decision:
    """An estimate that turned out right or wrong."""

    type: str
    rule: str
    estimate: float
    is_right: bool


def fit(decisions: Sequence[Decision]) -> Calibration:
    """The calibration that the decisions come to."""
    curves: dict[str, Curve] = {}
    for type_ in sorted({one.type for one in decisions}):
        ours = [one for one in decisions if one.type == type_]
        share = _share(ours)
        if len(ours) >= BLOCK:
            curves[type_] = isotonic(ours, share)
        for key in sorted({key_of(type_, one.rule) for one in ours}):
            made = [one for one in ours if key_of(type_, one.rule) == key]
            if OF_A_RULE <= len(made) < len(ours):
                curves[key] = isotonic(made, share)
    return Calibration(curves)


def isotonic(decisions: Iterable[Decision], share: float) -> Curve:
    """The rising curve that fits best, each point drawn a little towards `share` (Barlow et al. 1972: pool violators).

    >>> made = [Decision("count", "r", estimate, estimate > 0.6) for estimate in [0.5] * 40 + [0.9] * 40]
    >>> isotonic(made, 0.5)
    Curve(estimates=(0.5, 0.9), shares=(0.0455, 0.9545))
    """
    pooled: list[list[float]] = []  # number, sum of estimates, number right
    for block in _blocks(sorted(decisions, key=lambda one: one.estimate)):
        pooled.append(block)
        while len(pooled) > 1 and _level(pooled[-2], share) >= _level(pooled[-1], share):
            last = pooled.pop()
            pooled[-1] = [one + other for one, other in zip(pooled[-1], last, strict=True)]
    points = [
        (round(total / number, 4), round(_level([number, total, right], share), 4)) for number, total, right in pooled
    ]
    return Curve(tuple(x for x, _ in points), tuple(y for _, y in points))


def _level(block: Sequence[float], share: float) -> float:
    number, _, right = block
    return (right + PRIOR * share) / (number + PRIOR)


def _blocks(ordered: Sequence[Decision]) -> list[list[float]]:
    """Runs of decisions, none too short, none with an estimate that the next has, too."""
    blocks: list[list[float]] = []
    last = -1.0
    for one in ordered:
        if not blocks or (blocks[-1][0] >= BLOCK and one.estimate > last):
            blocks.append([0.0, 0.0, 0.0])
        blocks[-1] = [blocks[-1][0] + 1, blocks[-1][1] + one.estimate, blocks[-1][2] + one.is_right]
        last = one.estimate
    if len(blocks) > 1 and blocks[-1][0] < BLOCK:
        short = blocks.pop()
        blocks[-1] = [one + other for one, other in zip(blocks[-1], short, strict=True)]
    return blocks


def _share(decisions: Sequence[Decision]) -> float:
    return sum(one.is_right for one in decisions) / len(decisions)


def error(decisions: Iterable[Decision], confidence: Callable[[Decision], float]) -> float:
    """The expected calibration error: how far confidences and shares are apart, over ten equal steps (Guo et al. 2017).

    >>> error([Decision("date", "r", 0.8, True), Decision("date", "r", 0.8, False)], lambda one: one.estimate)
    0.3
    """
    gaps = [0.0] * BINS
    number = 0
    for one in decisions:
        sure = confidence(one)
        gaps[min(BINS - 1, int(sure * BINS))] += sure - one.is_right
        number += 1
    return round(sum(map(abs, gaps)) / max(1, number), 4)
