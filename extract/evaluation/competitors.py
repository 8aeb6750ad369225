"""Runs other taggers over a benchmark file: `python competitors.py TOOL FILE.jsonl [SECONDS]`, findings as JSONL.

A script that stands alone, for an environment of its own: the tools pin old versions of what the package needs.
Each line is `{"id", "seconds", "late", "dates": [[start, end, value]], "counts": [[low, high, change]]}`; value is None
where a tool gives no TIMEX3 value, change one of `=`, `~`, `>`, `<`. An article that takes a tool more than SECONDS of
processor time is `late` and has no findings.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

Findings = dict[str, list[list[Any]]]


def _anchor(article: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(article.get("published") or "")
    except ValueError:
        return datetime(2020, 1, 1)  # noqa: DTZ001


def dateparser_search(article: dict[str, Any]) -> Findings:
    """Dates by `dateparser.search.search_dates`, English, counted from the day of publication."""
    from dateparser.search import search_dates  # noqa: TID251

    settings = {"RELATIVE_BASE": _anchor(article)}
    found, at = [], 0
    for text, day in search_dates(article["text"], languages=["en"], settings=settings) or []:
        start = article["text"].find(text, at)
        if start >= 0:
            found.append([start, start + len(text), day.date().isoformat()])
            at = start + len(text)
    return {"dates": found, "counts": []}


def recognizers(article: dict[str, Any]) -> Findings:
    """Dates and numbers by Recognizers-Text, English."""
    from recognizers_date_time import recognize_datetime
    from recognizers_number import recognize_number

    text, anchor = article["text"], _anchor(article)
    dates = [[r.start, r.end + 1, _timex(r)] for r in recognize_datetime(text, "en-us", reference=anchor)]
    numbers = [r.resolution.get("value") for r in recognize_number(text, "en-us") if r.resolution]
    return {"dates": dates, "counts": [[float(n), float(n), "="] for n in numbers if _is_number(n)]}


def _timex(result: Any) -> str | None:
    values = (result.resolution or {}).get("values") or []
    past = values[0] if values else {}
    timex = past.get("timex", "")
    return past.get("value") if timex.startswith("XXXX") else timex or None


def _is_number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def quantulum(article: dict[str, Any]) -> Findings:
    """Quantities by quantulum3 without its classifier."""
    from quantulum3 import parser

    counts = []
    for q in parser.parse(article["text"]):
        uncertainty = q.uncertainty or 0
        change = "~" if uncertainty else "="
        counts.append([q.value - uncertainty, q.value + uncertainty, change])
    return {"dates": [], "counts": counts}


NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")


def number_regex(article: dict[str, Any]) -> Findings:
    """What digits alone give: every number as it is written, compared with nothing."""
    numbers = [float(m[0].replace(",", "")) for m in NUMBER.finditer(article["text"])]
    return {"dates": [], "counts": [[n, n, "="] for n in numbers]}


TOOLS: dict[str, Callable[[dict[str, Any]], Findings]] = {
    "dateparser.search": dateparser_search,
    "Recognizers-Text": recognizers,
    "quantulum3": quantulum,
    "number regex": number_regex,
}


class _LateError(Exception):
    """An article has taken its time."""


def _give_up(_signal: int, _frame: object) -> None:
    raise _LateError


def findings(read: Callable[[dict[str, Any]], Findings], article: dict[str, Any], limit: float) -> dict[str, Any]:
    """What a tool finds in an article, with the seconds of processor time; `late` and nothing after `limit` of them."""
    signal.signal(signal.SIGVTALRM, _give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    started = time.process_time()
    found, late = Findings(dates=[], counts=[]), True
    try:
        found, late = read(article), False
    except _LateError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return {"id": article["id"], "seconds": time.process_time() - started, "late": late, **found}


def main(tool: str, path: str, limit: str = "inf") -> None:
    """Writes one line of findings per article to standard output; what a tool loads first is not timed."""
    TOOLS[tool]({"text": "Two of 30 men left on 3 May 2021.", "published": None})
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            sys.stdout.write(json.dumps(findings(TOOLS[tool], json.loads(line), min(float(limit), _A_DAY))) + "\n")
            sys.stdout.flush()


_A_DAY = 86400


if __name__ == "__main__":
    main(*sys.argv[1:])
