"""From a parsed article to its dates: the anchor first, then one walk over the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

from spacy.tokens import Doc

from extract.facts.date import normalise as n
from extract.facts.date.lexer import ALPHABET, compile_pattern, expand, first_kinds, lex
from extract.facts.date.rules import RULES
from extract.facts.date.scene import Found, Match, Refused, Scene
from extract.room import Declined, Draft, draft, text_of
from extract.rule import Rule


def read(doc: Doc) -> Iterator[Draft | Declined]:
    """Yields the dates of the article, and the look-alikes that were declined."""
    scene = set_scene(doc)
    for rule, found in walk(scene):
        if isinstance(found, Found):
            yield draft(
                doc, "date", found.start, found.end, rule, fields=found.timex3.fields(), confidence=found.confidence
            )
        else:
            yield found


def set_scene(doc: Doc) -> Scene:
    """The article with its anchor and the order of its all-digits dates."""
    article = doc._.article
    read_by_model = any(doc.has_annotation(part) for part in ("TAG", "DEP", "ENT_IOB"))
    return _set(text_of(doc), article.published_day, article.language or "", doc if read_by_model else None)


def find_dates(text: str, *, published: date | None = None, language: str = "") -> Iterator[Found]:
    """Yields the dates of a text by rules alone, without a model: places, readings, confidence.

    The same rules as in the pipeline, which has a parse to ask where a clause points.
    """
    for _, found in walk(_set(text, published, language, None)):
        if isinstance(found, Found):
            yield found


def _set(text: str, published: date | None, language: str, doc: Doc | None) -> Scene:
    scene = Scene(text, lex(text), doc=doc, language=language)
    scene.day_first, scene.order_is_known = _order(scene)
    if published is not None:
        scene.anchor, scene.basis = published, "metadata"
    elif scene.items:
        _anchor_in_text(scene)
    return scene


_MONTH_FIRST = frozenset({"", "en", "en-us", "en-ph", "en-pr"})


def _order(scene: Scene) -> tuple[bool, bool]:
    """Whether the day comes first in all-digits dates, and whether a date of the article's own says so."""
    told = {n.day_order(item.text) for item in scene.items if item.kind == "numeric"} - {None}
    if len(told) == 1:
        return bool(told.pop()), True
    return scene.language not in _MONTH_FIRST, False


def _anchor_in_text(scene: Scene) -> None:
    """Sets the anchor by the dateline, else by the date that the text gives for itself; else there is none."""
    days = list(_days_told(scene))
    head = scene.items[min(len(scene.items), 60) - 1].end
    lines = [(start, end, day) for start, end, day in days if start < head and _is_dateline(scene.text, start, end)]
    if lines:
        scene.anchor, scene.basis = lines[0][2], "dateline"
        return
    inferred = _dateline_without_year(scene, head)
    if inferred:
        scene.anchor, scene.basis = inferred, "dateline"
        return
    latest = max((day.year for _, _, day in days), default=0)
    own = [day for start, _, day in days if day.year >= latest - 1 and _is_own_date(scene.text, start)]
    if own:
        scene.anchor, scene.basis = own[0], "text"
        return
    named = _weekday_without_year(scene)
    if named and len(days) < 3:
        scene.anchor, scene.basis = named, "text"
        return
    scene.is_history = len(days) >= 3 or len(set(_years_told(scene))) >= 5


def _is_own_date(text: str, start: int) -> bool:
    return _OWN_DATE.search(text, max(0, start - 30), start) is not None


_OWN_DATE = re.compile(r"(?i)\b(?:as\s+of|published|posted|updated|dated|issued)\s*(?:on|at)?\s*:?\s*$")


def _days_told(scene: Scene) -> Iterator[tuple[int, int, date]]:
    """Yields every day that the text tells with its year."""
    for _, found in walk(Scene.again(scene), only=_FULL_DATES):
        if isinstance(found, Found) and n.granularity(found.timex3.value) == "D" and found.timex3.first:
            yield found.start, found.end, date.fromisoformat(found.timex3.first)


def _years_after_the_text(scene: Scene) -> tuple[int, ...]:
    """The last year that the text tells, and the one after it: an article is seldom older than what it tells of."""
    years = [year for year in _years_told(scene) if 1900 <= year <= 2099]
    return (max(years), max(years) + 1) if years else ()


def _years_told(scene: Scene) -> Iterator[int]:
    """Yields the year of every date that tells one."""
    for _, found in walk(Scene.again(scene), only=_YEARS):
        if isinstance(found, Found) and found.timex3.value[:4].isdigit():
            yield int(found.timex3.value[:4])


def _yearless_days(scene: Scene) -> Iterator[tuple[int, int, int, int, int | None]]:
    """Yields start, end, month, day and weekday, where told, of every day without a year."""
    for rule, found in walk(Scene.again(scene), only=_FULL_DATES):
        if isinstance(found, Found) and rule in {"month-day", "day-month"} and found.timex3.value.startswith("XXXX-"):
            _, month, number = found.timex3.value.split("-")
            words = (item for item in scene.items if found.start <= item.start < found.end)
            weekday = next((int(item.value or 0) for item in words if item.kind in {"weekday", "weekdayabbr"}), None)
            yield found.start, found.end, int(month), int(number), weekday


def _dateline_without_year(scene: Scene, head: int) -> date | None:
    """The dateline's day, where the weekdays told leave one year for it: "YANGON, July 25: ... on Monday"."""
    lines = [row for row in _yearless_days(scene) if row[0] < head and _is_dateline(scene.text, row[0], row[1])]
    if not lines:
        return None
    _, end, month, number, weekday = lines[0]
    named = (
        {weekday} if weekday else {item.value for item in scene.items if item.kind == "weekday" and item.start > end}
    )
    days = [d for year in _years_after_the_text(scene) if (d := n.day(year, month, number))]
    fitting = [d for d in days if d.isoweekday() in named or (not weekday and (d.isoweekday() - 2) % 7 + 1 in named)]
    return fitting[0] if len(fitting) == 1 else None


def _weekday_without_year(scene: Scene) -> date | None:
    """The first day told with its weekday, in the one year that fits: "on Friday, March 11"."""
    years = _years_after_the_text(scene)
    for _, _, month, number, weekday in _yearless_days(scene):
        fitting = [d for year in years if (d := n.day(year, month, number)) and d.isoweekday() == weekday]
        if len(fitting) == 1:
            return fitting[0]
    return None


_FULL_DATES = frozenset({"iso-date", "numeric-date", "month-day", "day-month", "date-then-clock", "foreign-date"})
_YEARS = _FULL_DATES | {"month-year", "year"}
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*"
    r"(?:[^\n]{0,60}[,(—–-][ \t]*|(?:[A-Z][\w.]{2,9}[ \t]+)?(?i:updated|published|posted)?(?:[ \t]+on)?:?[ \t]*)$"
)


def _is_dateline(text: str, start: int, end: int) -> bool:
    """Whether the day stands where a dateline has it: on a line of its own, or after a place at the start of one."""
    before = text[max(0, start - 90) : start]
    if not _DATELINE.search(before if start > 90 else f"\n{before}"):
        return False
    line = text[end : end + 60].partition("\n")[0]
    place = before.rpartition("\n")[2].strip(" ,(-–—")
    return len(line) < 40 or place.isupper() or bool(re.match(r"\s*(?:\)|[-–—:]|\([A-Z])", line))


def walk(scene: Scene, only: frozenset[str] | None = None) -> Iterator[tuple[str, Found | Declined]]:
    """Yields what the rules read, with the rule's name, in the order of the text."""
    start = end = 0
    for stretch in scene.kinds.split(_GAP):
        for offset, readings in _plan(stretch, only) if len(stretch) < _LONGEST_PLAN else _readings(stretch, only):
            at = start + offset
            if at < end:
                continue
            for length, rule in readings:
                outcome = rule.produce(Match(scene, at, at + length))
                if outcome is None:
                    continue
                end = at + length
                if isinstance(outcome, Refused):
                    yield rule.name, _declined(scene, rule, outcome, (at, end))
                    break
                for found in (outcome,) if isinstance(outcome, Found) else outcome:
                    if found.refers and n.granularity(found.timex3.value) and not _is_in_passing(scene, found):
                        scene.reference = found.timex3.value
                    yield rule.name, found
                break
        start += len(stretch) + 1


def _is_in_passing(scene: Scene, found: Found) -> bool:
    """Whether a history tells of a year ahead, or of another age, amid a sentence, and goes on where it was."""
    value, last = found.timex3.value, scene.reference
    if not scene.is_history or last is None or not last[:4].isdigit() or not value[:4].isdigit():
        return False
    if _SENTENCE_START.search(scene.text, max(0, found.start - 24), found.start):
        return False
    ahead = int(value[:4]) - int(last[:4])
    return abs(ahead) > _AN_AGE or (ahead > 0 and len(value) == 4 and n.granularity(last) in {"D", "MO"})


_AN_AGE = 30  # years
_SENTENCE_START = re.compile(r"(?:^|[.!?\n]['\"”’)]?\s{0,3})(?:[A-Z]\w{1,8}[ ,]{1,2})?(?:the\s)?$")
_GAP = ALPHABET["x"]
_LONGEST_PLAN = 24  # lexemes; longer stretches are lists and tables, which don't come again
Readings = tuple[int, list[tuple[int, Rule]]]


@lru_cache(maxsize=50_000)
def _plan(kinds: str, only: frozenset[str] | None) -> tuple[Readings, ...]:
    return tuple(_readings(kinds, only))


def _readings(kinds: str, only: frozenset[str] | None) -> Iterator[Readings]:
    """Yields each place where rules fit, with how many lexemes each takes, longest first; of equals the first named.

    What fits depends on the stretch of kinds between two gaps alone: no pattern holds a gap.
    """
    book = rule_book(only)
    for at, kind in enumerate(kinds):
        matches = [(compile_pattern(rule.pattern).match(kinds, at), rule) for rule in book.get(kind, ())]
        found = [(match.end() - at, rule) for match, rule in matches if match]
        if found:
            yield at, sorted(found, key=lambda reading: -reading[0])


def _declined(scene: Scene, rule: Rule, refused: Refused, stretch: tuple[int, int]) -> Declined:
    start, end = scene.items[stretch[0]].start, scene.items[stretch[1] - 1].end
    return Declined("date", start, end, rule.name, refused.reason)


@cache
def rule_book(only: frozenset[str] | None) -> dict[str, tuple[Rule, ...]]:
    """For each kind that a date can begin with, the rules that can begin so; their regexes are made when asked for."""
    book: dict[str, list[Rule]] = {}
    for rule in RULES:
        if only is None or rule.name in only:
            for kind in sorted(first_kinds(expand(rule.pattern))):
                book.setdefault(kind, []).append(rule)
    return {kind: tuple(rules) for kind, rules in book.items()}
