"""Scores on public benchmarks, ours beside other tools' run in the same go.

Dates by TempEval-3's measure (UzZaman et al. 2013): F1 of strict extents, of relaxed extents, and of value (relaxed and
the same value string). Counts by NewsQuant's (Almasian et al. 2023): one-to-one by value or both bounds, then with the
same change; the data has no offsets, and durations count as quantities there.
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonlines

from extract.article import Article
from extract.errors import ReadError
from extract.fact import Count, Date, Envelope
from extract.pipeline import Extractor

CHANGE = {"exact": "=", "between": "=", "about": "~", "vague": "~", "at_least": ">", "more_than": ">",
          "at_most": "<", "less_than": "<"}  # fmt: skip
MOD_CHANGE = {"APPROX": "~", "MORE_THAN": ">", "EQUAL_OR_MORE": ">", "LESS_THAN": "<", "EQUAL_OR_LESS": "<"}
_QUANTITY = re.compile(r"PT?([0-9.]+)[A-Z]+")
_TOOLS = {
    "dates": ("dateparser.search", "Recognizers-Text"),
    "counts": ("number regex", "quantulum3", "Recognizers-Text"),
}
_PUBLISHED = {
    "dates_meantime": {
        "Recognizers (published)": {"value": 69.6},
        "SUTime (published)": {"value": 74.5},
        "HeidelTime (published)": {"value": 79.2},
    },
    "dates_tempeval3": {
        "dateparser (published)": {"strict": 16.7, "relaxed": 68.9, "value": 34.9},
        "Recognizers (published)": {"strict": 68.4, "relaxed": 84.4, "value": 59.3},
        "SUTime (published)": {"strict": 79.6, "relaxed": 89.4, "value": 66.9},
        "HeidelTime (published)": {"strict": 81.3, "relaxed": 90.3, "value": 77.6},
        "SynTime (published)": {"strict": 92.1, "relaxed": 95.0},
    },
    "counts_newsquant": {
        "quantulum3 (published)": {"value": 73.1},
        "Recognizers (published)": {"value": 69.4},
        "GPT-3 (published)": {"value": 70.7, "value+change": 52.0},
        "CQE (published)": {"value": 92.0, "value+change": 88.1},
    },
}
"""F1 as others give it, by the name of the file. Dates: on TempEval-3's platinum set and on MEANTIME, by its measure.
Counts: by Almasian et al. (2023) on the whole of NewsQuant, by a measure of theirs that is kinder than ours."""
log = logging.getLogger(__name__)
_PATIENCE = 30
"""Seconds of processor time for another tool and an article: Recognizers-Text takes a minute for some of WikiWars' long
histories, and less than one for any article of news."""


@dataclass
class Score:
    """Hits by measure, with what was found and what gold has."""

    found: int = 0
    gold: int = 0
    hits: dict[str, int] = field(default_factory=dict)

    def f1(self, measure: str) -> float:
        """F1 in percent: 2 hits / (found + gold)."""
        return 200 * self.hits.get(measure, 0) / (self.found + self.gold) if self.found + self.gold else 0.0


@dataclass(frozen=True)
class Row:
    """One tool on one benchmark file; published scores come without a time."""

    benchmark: str
    tool: str
    scores: dict[str, float]
    seconds_per_article: float | None


def run(kind: str, folder: Path, extractor: Extractor, other_python: Path | None) -> Iterator[Row]:
    """Yields our row, the other tools' and the published ones for each file of a kind (`dates` or `counts`).

    Raises:
        ReadError: the folder has no file `dates_*.jsonl` or `counts_*.jsonl`.
    """
    paths = sorted(folder.glob(f"{kind}_*.jsonl"))
    if not paths:
        raise ReadError(f"no benchmark of {kind}", where=str(folder), expected=f"files {kind}_*.jsonl",
                        advice="Name their folder: make bench-dates DATA=folder-above-benchmark")  # fmt: skip
    for path in paths:
        with jsonlines.open(path) as lines:
            articles = list(lines.iter(type=dict, skip_empty=True))
        ours = list(_ours(articles, extractor))
        yield _row(kind, path.stem, "extract", articles, ours)
        for tool in _TOOLS[kind] if other_python else ():
            found = _theirs(tool, path, other_python or Path(sys.executable), len(articles))
            yield from _beside(kind, path.stem, tool, articles, found, ours)
        yield from _published_for(path.stem)
    for name in sorted(_PUBLISHED.keys() - {path.stem for path in paths}):
        if name.startswith(f"{kind}_"):
            yield from _published_for(name)


def _beside(
    kind: str,
    benchmark: str,
    tool: str,
    articles: list[dict[str, Any]],
    found: list[dict[str, Any]],
    ours: list[dict[str, Any]],
) -> Iterator[Row]:
    """Yields the tool's row; where it was late with some articles, its and ours on the others, and says with which."""
    done = [i for i, findings in enumerate(found) if not findings["late"]]
    for findings in found:
        if findings["late"]:
            log.warning("%s on %s: left out article %s, not done after %d seconds of processor time",
                        tool, benchmark, findings["id"], _PATIENCE)  # fmt: skip
    if len(done) == len(articles):
        yield _row(kind, benchmark, tool, articles, found)
    elif done:
        told = [articles[i] for i in done]
        yield _row(kind, benchmark, f"{tool} ({len(done)} of {len(articles)})", told, [found[i] for i in done])
        yield _row(kind, benchmark, f"extract (the same {len(done)})", told, [ours[i] for i in done])


def _published_for(name: str) -> Iterator[Row]:
    for tool, scores in _PUBLISHED.get(name, {}).items():
        yield Row(name, tool, scores, None)


def _row(kind: str, benchmark: str, tool: str, articles: list[dict[str, Any]], found: list[dict[str, Any]]) -> Row:
    score = Score()
    for article, findings in zip(articles, found, strict=True):
        _SCORERS[kind](article["gold"], findings[kind], score)
    seconds = sum(f["seconds"] for f in found) / len(articles)
    return Row(benchmark, tool, {m: round(score.f1(m), 1) for m in score.hits}, seconds)


def _ours(articles: list[dict[str, Any]], extractor: Extractor) -> Iterator[dict[str, Any]]:
    extractor.extract(Article(id="first", text="Two of 30 men left on 3 May 2021."))  # what is loaded first isn't timed
    for article in articles:
        read = Article(id=article["id"], text=article["text"], published=_published(article))
        started = time.process_time()
        facts = extractor.extract(read)
        seconds = time.process_time() - started
        dates = [[f.span.start, f.span.end, f.value] for f in facts if isinstance(f, Date)]
        yield {"seconds": seconds, "dates": dates, "counts": list(quantities(facts))}


def _published(article: dict[str, Any]) -> str | None:
    """The day of publication; one that may be of either of two months is none."""
    try:
        return str(datetime.fromisoformat(article.get("published") or "").date())
    except ValueError:
        if article.get("published"):
            log.warning("article %s: %r is no ISO 8601 date, left out", article["id"], article["published"])
        return None


def quantities(facts: Sequence[Envelope]) -> Iterator[list[Any]]:
    """Yields low, high and change of the counts and plain durations."""
    for fact in facts:
        if isinstance(fact, Count):
            bounds = [b for b in (fact.value, fact.low, fact.high) if b is not None]
            yield [bounds[0], bounds[-1], CHANGE[fact.comparator]]
        elif isinstance(fact, Date) and fact.timex == "DURATION":
            plain = _QUANTITY.fullmatch(fact.value)
            if plain:
                yield [float(plain[1]), float(plain[1]), MOD_CHANGE.get(fact.mod or "", "=")]


def _theirs(tool: str, path: Path, python: Path, articles: int) -> list[dict[str, Any]]:
    """What another tool finds in each article of the file, in order; fewer articles if it hangs for good."""
    script = Path(__file__).with_name("competitors.py")
    command = [str(python), "-W", "ignore", str(script), tool, str(path), str(_PATIENCE)]
    try:
        done = subprocess.run(  # noqa: S603
            command, check=True, capture_output=True, text=True, timeout=60 + 4 * _PATIENCE * articles
        )
        lines = done.stdout
    except subprocess.TimeoutExpired as stuck:
        output = stuck.stdout or b""
        lines = output.decode() if isinstance(output, bytes) else output
        lines = lines[: lines.rfind("\n") + 1]
        log.warning("%s on %s: stuck after %d articles", tool, path.name, lines.count("\n"))
    return list(jsonlines.Reader(lines.splitlines()))


def score_dates(gold: list[dict[str, Any]], found: list[list[Any]], score: Score) -> None:
    """Adds one article's dates: pairs exact extents first, then the longest overlap."""
    overlaps = []
    for i, g in enumerate(gold):
        for j, (start, end, _) in enumerate(found):
            shared = min(g["end"], end) - max(g["start"], start)
            if shared > 0:
                overlaps.append(((g["start"], g["end"]) != (start, end), -shared, i, j))
    for loose, _, i, j in _one_to_one(overlaps):
        _hit(score, "strict", not loose)
        _hit(score, "relaxed", True)  # noqa: FBT003
        _hit(score, "value", found[j][2] == gold[i]["value"])
    score.gold += len(gold)
    score.found += len(found)


def score_counts(gold: list[dict[str, Any]], found: list[list[Any]], score: Score) -> None:
    """Adds one sentence's quantities: pairs those of equal value, the same change first."""
    matches = []
    for i, g in enumerate(gold):
        bounds = _bounds(g["value"])
        for j, (low, high, change) in enumerate(found):
            if bounds and _close(low, bounds[0]) and _close(high, bounds[1]):
                matches.append((g["change"] != change, 0, i, j))
    for other, _, _, _ in _one_to_one(matches):
        _hit(score, "value", True)  # noqa: FBT003
        _hit(score, "value+change", not other)
    score.gold += len(gold)
    score.found += len(found)


def _one_to_one(pairs: list[tuple[bool, int, int, int]]) -> Iterator[tuple[bool, int, int, int]]:
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for pair in sorted(pairs):
        if pair[2] not in used_gold and pair[3] not in used_found:
            used_gold.add(pair[2])
            used_found.add(pair[3])
            yield pair


def _hit(score: Score, measure: str, right: object) -> None:
    score.hits[measure] = score.hits.get(measure, 0) + bool(right)


def _close(x: float, y: float) -> bool:
    return abs(x - y) <= 1e-6 + 1e-5 * abs(y)


def _bounds(text: str) -> tuple[float, float] | None:
    both = re.fullmatch(r"(-?[\d.]+)-([\d.]+)", text.strip())
    try:
        return (float(both[1]), float(both[2])) if both else (float(text), float(text))
    except ValueError:
        return None


_SCORERS: dict[str, Callable[[list[dict[str, Any]], list[list[Any]], Score], None]] = {
    "dates": score_dates,
    "counts": score_counts,
}
