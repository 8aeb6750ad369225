"""Numerals with their signs, units, ranges and comparators: what stands in the text, still unbound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import cast

from extract.fact import Comparator, CountKind
from extract.facts.count.lexicon import affixes
from extract.facts.count.normalise import Numeral, numerals
from extract.facts.count.page import Candidate, Page
from extract.facts.count.patterns import (
    ABOUT_WHAT,
    AFTER,
    BETWEEN,
    COMPARATORS,
    COMPARATORS_AFTER,
    FRACTION,
    GLUED_UNIT,
    HANDED,
    MAGNITUDE,
    MAGNITUDE_BEFORE,
    OVER_WHAT,
    RANGE,
    RANGE_AND,
    RATIO,
)
from extract.facts.count.relations import CHANGE
from extract.facts.count.schema import Quantity, plain_number

LEFT, RIGHT = 70, 48
"""Characters of context that rules look at beside a number."""
_WORDS = re.compile(r"[\w.'’-]+|[~≈<>]")
_FILLERS = frozenset(
    {"another", "additional", "further", "us", "u.s", "record", "a", "an", "whopping", "staggering", "only", "just"}
)


def candidates(page: Page) -> list[Candidate]:
    """The numbers of the article that no date covers, ranges joined, with their kinds and units."""
    free: list[Numeral] = []
    for numeral in numerals(page.text):
        (page.dated if _in_date(page, numeral) else free).append(numeral)
    found = [_affixed(page, numeral) for numeral in free]
    found = [c for at, c in enumerate(found) if not at or c.numeral.start >= found[at - 1].end]
    _read_dots(page, found)
    return list(_joined(page, list(_fractions(page, found))))


_COUNTS_PEOPLE = re.compile(
    r"\s(?:[a-z-]{2,20}\s){0,2}(?!points|units|times|degrees|seconds|stars|grams)(?:[a-z]{3,20}s|people|men|women|children)\b"
)


def _read_dots(page: Page, found: list[Candidate]) -> None:
    """Reads "1.300 prisoners" as 1300 in an article that never writes "1,300"."""
    dotted = [c for c in found if c.numeral.dotted and c.kind == "cardinal" and _COUNTS_PEOPLE.match(page.text, c.end)]
    if not dotted or any("," in page.text[c.numeral.start : c.numeral.end] for c in found):
        return
    for candidate in dotted:
        candidate.numeral = replace(candidate.numeral, value=candidate.value * 1000)


def _in_date(page: Page, numeral: Numeral) -> bool:
    return page.date_marks.overlap(numeral.start, numeral.end)


def _affixed(page: Page, numeral: Numeral) -> Candidate:
    """The candidate of a numeral with the sign before it and the unit after it."""
    table, text = affixes(), page.text
    candidate = Candidate(numeral.start, numeral.end, numeral, numeral.rule)
    before = table.sign_before(text, numeral.start)
    if before:
        candidate.start, candidate.kind, candidate.unit = before.start(), "money", table.signs[before["sign"]]
        candidate.negative = bool(before["minus"])
    after = table.unit_after(text, numeral.end)
    if (after and not before and numeral.rule != "fraction") or (after and not before and after["unit"][0].isalpha()):
        candidate.kind, candidate.unit = _unit(after["unit"], numeral)
        candidate.end = after.end()
    if candidate.kind == "cardinal" and numeral.rule == "vague_plural":
        _sum(page, candidate)
        return candidate
    if candidate.kind == "cardinal" and numeral.rule in {"digits", "multiplied"}:
        _glued(page, candidate)
    if candidate.kind == "cardinal" and numeral.rule == "digits":
        _magnitude(page, candidate)
    _sign(page, candidate)
    if candidate.kind != "cardinal":
        candidate.rule = candidate.kind
    return candidate


def _sum(page: Page, candidate: Candidate) -> None:
    """Reads "millions of dollars"."""
    of = page.text.startswith(" of ", candidate.end)
    unit = affixes().unit_after(page.text, candidate.end + len(" of")) if of else None
    kind, sign = affixes().unit_of(unit["unit"]) if unit else ("cardinal", None)
    if unit and kind == "money" and unit["unit"].endswith("s"):
        candidate.kind, candidate.unit, candidate.end = kind, sign, unit.end()


def _magnitude(page: Page, candidate: Candidate) -> None:
    """Reads "a 6.4 magnitude quake", "a quake of magnitude 7.3"."""
    before = MAGNITUDE_BEFORE.search(page.text, max(0, candidate.start - 40), candidate.start)
    if before or MAGNITUDE.match(page.text, candidate.end):
        candidate.kind, candidate.unit = "measure", "M"


def _glued(page: Page, candidate: Candidate) -> None:
    """Reads "37m", "118.5p", and currency codes that no table holds: "PS8.1bn"."""
    numeral, text = candidate.numeral, page.text
    unit = GLUED_UNIT.match(text, numeral.end) if numeral.rule == "digits" else None
    if unit:
        candidate.kind, candidate.unit, candidate.end = "measure", unit["unit"], unit.end()
    is_large = numeral.rule == "multiplied" or bool(_PARTED.search(text, numeral.start, numeral.end))
    code = _CODE.search(text, max(0, numeral.start - 4), numeral.start) if is_large else None
    if code:
        candidate.kind, candidate.unit, candidate.start = "money", _LETTERS.get(code[0]), code.start()
    won = _WON.match(text, numeral.end) if numeral.rule == "multiplied" else None
    if won:
        candidate.kind, candidate.unit, candidate.end = "money", "KRW", won.end()


_PARTED = re.compile(r"[^0-9.]")
"""In digits with a mark of thousands: "120,000", "120 000"."""
_CODE = re.compile(r"(?<![\w-])(?:[A-Z]{2,3}|R)$")
_LETTERS = {"R": "ZAR"}
_WON = re.compile(r"\swon\b(?!\s(?:the|an?|his|her|their|its|over|back|out|more)\b)")
"""Behind a million or a billion the word for the currency, and no verb."""


def _unit(words: str, numeral: Numeral) -> tuple[CountKind, str | None]:
    """Kind and unit; "pounds" weigh unless there are a thousand of them or more."""
    kind, unit = affixes().unit_of(words)
    if words.lower() in {"pound", "pounds"} and (numeral.value or 0) < 1000:
        return "measure", "lb"
    return kind, unit


_MINUS = re.compile(r"(?:(?<![\w])(?:minus[\s-])|(?:(?<=\s)|(?<=\()|^)[-−])$", re.IGNORECASE)


def _sign(page: Page, candidate: Candidate) -> None:
    """A minus before an amount or a measure."""
    if candidate.kind == "cardinal":
        return
    minus = _MINUS.search(page.text, max(0, candidate.start - 6), candidate.start)
    if minus:
        candidate.start, candidate.negative = minus.start(), True


def _fractions(page: Page, found: list[Candidate]) -> Iterator[Candidate]:
    """Joins "1/16" of a pint; other slashes stay as they are, for the rule that declines them."""
    skip = -1
    for candidate in found:
        if candidate.start < skip:
            continue
        under = FRACTION.match(page.text, candidate.end)
        if (
            under
            and candidate.rule == "digits"
            and re.match(r"(?:\s?of\b|[\s-](?:inch|mile|cup|share))", page.text[under.end() : under.end() + 8])
        ):
            below = Decimal(under["under"])
            if below > candidate.value:
                numeral = replace(
                    candidate.numeral,
                    end=under.end(),
                    value=(candidate.value / below).quantize(Decimal("1e-10")).normalize(),
                    rule="fraction",
                )
                skip = under.end()
                yield Candidate(candidate.start, under.end(), numeral, "fraction")
                continue
        yield candidate


def _joined(page: Page, found: list[Candidate]) -> Iterator[Candidate]:
    """Joins "20 to 30", "between 5% and 6%", "two or three"."""
    at = 0
    while at < len(found):
        candidate = found[at]
        following = found[at + 1] if at + 1 < len(found) else None
        if following is not None and _ratio(page, candidate, following):
            candidate = _share(candidate, following)
            following = None
            at += 1
        if following is not None and _range(page, candidate, following):
            candidate = _span_range(candidate, following)
            at += 1
        elif following is not None and _goes_to(page, candidate, following):
            _share_measure(candidate, following)
        at += 1
        yield candidate


_FROM = re.compile(r"\bfrom\s(?:(?:about|around|nearly|some|roughly|just)\s)?$", re.IGNORECASE)


def _goes_to(page: Page, former: Candidate, present: Candidate) -> bool:
    """Whether a bare number changes to one of a measure or a million: "from 12 to 15 million dollars"."""
    if page.text[former.end : present.start] != " to " or former.rule != "digits" or former.kind != "cardinal":
        return False
    return bool(_FROM.search(page.text, max(0, former.start - LEFT), former.start))


def _share_measure(former: Candidate, present: Candidate) -> None:
    """Gives the number that something changed from the million and the unit of what it changed to."""
    scale = present.numeral.scale
    if scale >= LEAST_SHARED and former.value < MOST_APART * present.value / scale:
        former.numeral = replace(former.numeral, value=former.value * scale, scale=scale)
    if present.kind != "cardinal":
        former.kind, former.unit, former.rule = present.kind, present.unit, present.kind


LEAST_SHARED = 1000
"""A multiplier that two numbers share: "from 12 to 15 million"; a hundred is said with each."""
MOST_APART = 20
"""How many times the number that it fell to a bare one may be, and share its million: not "from 900 to 1 million"."""


def _range(page: Page, low: Candidate, high: Candidate) -> bool:
    """Whether two neighbours are the bounds of one count."""
    gap = page.text[low.end : high.start]
    if len(gap) > LONGEST_GAP or not _may_bound(low, high):
        return False
    left = page.text[max(0, low.start - 34) : low.start]
    joins = BETWEEN.search(left) if RANGE_AND.fullmatch(gap) else RANGE.fullmatch(gap)
    bottom = _shared(low, high)
    if not joins or bottom >= high.value:
        return False
    word = gap.strip().lower()
    if word == "or":
        return high.value - bottom <= max(Decimal(2), bottom / 2)
    if word == "to":
        return bool(_ON_TO.match(page.text, high.end)) or not _changes(page, left, low, high)
    return word == "and" or not _dashed_score(page, high)


LONGEST_GAP = 10
"""Characters between the bounds of a range: " to about "."""
_ON_TO = re.compile(r"\sto\s[0-9$€£]")


def _may_bound(low: Candidate, high: Candidate) -> bool:
    known = low.numeral.value is not None and high.numeral.value is not None
    return known and "vague_plural" not in {low.rule, high.rule} and _one_measure(low, high)


def _ratio(page: Page, part: Candidate, whole: Candidate) -> bool:
    """Reads "one in five women", "nine in 10", "one out of three": a share, no two counts."""
    gap = RATIO.fullmatch(page.text[part.end : whole.start]) if whole.start - part.end < 16 else None
    if gap is None or (part.kind, whole.kind) != ("cardinal", "cardinal") or not 0 < part.value < whole.value:
        return False
    small = whole.value <= 10 or whole.value in {20, 100, 1000}
    if "out" in gap[0].lower() or "every" in gap[0].lower():
        return small and (part.value == 1 or "every" in gap[0].lower())
    return small and part.value < 10 and bool(re.match(r"\s[a-z]|[.,;]", page.text[whole.end : whole.end + 2]))


def _share(part: Candidate, whole: Candidate) -> Candidate:
    value = (part.value / whole.value).quantize(Decimal("1e-10")).normalize()
    numeral = replace(part.numeral, end=whole.numeral.end, value=value, rule="fraction")
    return Candidate(part.start, whole.end, numeral, "fraction")


def _one_measure(low: Candidate, high: Candidate) -> bool:
    if low.kind == "cardinal":
        return True
    return (low.kind, low.unit) == (high.kind, high.unit) or (low.kind == "money" and high.kind == "cardinal")


def _shared(low: Candidate, high: Candidate) -> Decimal:
    """The lower bound with the million that it shares with the upper: "1 to 2 million"."""
    scale = high.numeral.scale
    if low.numeral.scale == 1 and scale >= 100 and low.value < high.value / scale:
        return low.value * scale
    return low.value


def _changes(page: Page, left: str, low: Candidate, high: Candidate) -> bool:
    """Whether "from A to B" tells of a change: then they are two counts."""
    if re.search(r"\b(?:ranging|ranges?|range|varying|anywhere)\s(?:\w+\s)?(?:from\s)?$", left, re.IGNORECASE):
        return False
    if re.search(r"\bby\s$", left, re.IGNORECASE) and low.kind == "cardinal" != high.kind:
        return False
    if re.search(r"\b(?:from|by)\s(?:(?:about|around|roughly|some|nearly|up to|more than)\s)?$", left, re.IGNORECASE):
        first, _ = page.sentence(page.token_at(low.start))
        return bool(CHANGE.search(page.text, max(page.doc[first].idx, low.start - 160), low.start))
    return bool(re.search(rf"{CHANGE.pattern}\s$", left, re.IGNORECASE)) and low.kind != "cardinal"


def _dashed_score(page: Page, high: Candidate) -> bool:
    """Reads "lost 0-3": small bare numbers with a dash, with nothing counted after them."""
    if high.kind != "cardinal" or high.value > HIGHEST_SCORE:
        return False
    return not re.match(r"[\s-][a-z]", page.text[high.end : high.end + 2])


HIGHEST_SCORE = 20


def _span_range(low: Candidate, high: Candidate) -> Candidate:
    joined = replace(low.numeral, end=high.numeral.end, value=_shared(low, high))
    out = Candidate(low.start, high.end, joined, "range", high.kind, high.unit, high.value, "between")
    if high.kind == "cardinal" and low.kind == "money":
        out.kind, out.unit = low.kind, low.unit
    return out


def look_around(page: Page, candidate: Candidate) -> None:
    """Sets what stands left and right of the candidate, and its tokens."""
    candidate.left = page.text[max(0, candidate.start - LEFT) : candidate.start]
    candidate.right = page.text[candidate.end : candidate.end + RIGHT]
    candidate.first = page.token_at(candidate.start)
    candidate.last = page.token_at(candidate.end - 1) + 1


def compare(page: Page, candidate: Candidate, previous: Candidate | None) -> None:
    """Sets the comparator by the words before and after; "(9 kg)" compares as the amount that it converts does."""
    if candidate.rule == "vague_plural":
        candidate.comparator = "vague"
        return
    if candidate.high is not None:
        return
    if previous is not None and _converts(page, candidate, previous):
        candidate.comparator = previous.comparator if previous.high is None else "exact"
        return
    candidate.comparator = _before(page, candidate) or _behind(page, candidate) or "exact"


def _converts(page: Page, candidate: Candidate, previous: Candidate) -> bool:
    """Whether it says the amount before it in another unit: "20 lb (9 kg)"."""
    same = candidate.kind in {"money", "measure"} and previous.kind == candidate.kind
    return same and bool(re.fullmatch(r"\s?\(|\s/\s", page.text[previous.end : candidate.start]))


def _before(page: Page, candidate: Candidate) -> Comparator | None:
    words = [w.lower().strip("'’") for w in _WORDS.findall(candidate.left)[-7:]]
    if re.search(r"(?<!approx)(?<!\bca)(?<!\bc)[.;:!?]\s*$|[,)]\s*$|\n\s*$", candidate.left):
        return None
    if candidate.left.lower().endswith("sub-"):
        return "less_than"
    if words[-2:] == ["up", "to"] and words[-3:-2] and words[-3] in _MOVES:
        return None
    while words and words[-1] in _FILLERS and len(words) > 1 and not _known(words):
        words.pop()
    found = _known(words)
    if found is None:
        return None
    length, comparator = found
    return None if length == 1 and _is_preposition(page, candidate, words) else comparator


_MOVES = frozenset({"shot", "edged", "went", "stepped", "ticked", "crept", "inched"})
"""Before an "up to" that tells where something went: "shot up to 46 percent"."""


def _known(words: list[str]) -> tuple[int, Comparator] | None:
    """The longest comparator that the words end with."""
    for length in (4, 3, 2, 1):
        comparator = COMPARATORS.get(" ".join(words[-length:])) if len(words) >= length else None
        if comparator:
            return length, cast("Comparator", comparator)
    return None


def _is_preposition(page: Page, candidate: Candidate, words: list[str]) -> bool:
    """Whether "about", "over", "under" is a preposition of what stands before: "talked about 300 cases"."""
    word = words[-1]
    if (
        word not in {"about", "over", "above", "under", "below", "around", "beyond", "near", "some"}
        or candidate.first < 2
    ):
        return False
    before = page.doc[candidate.first - 2]
    stem = {before.lemma_.lower(), before.lower_}
    if word in {"about", "around"}:
        return bool(stem & ABOUT_WHAT)
    if word == "some":
        return False
    if word == "over" and stem & HANDED and page.doc[candidate.first - 1].head.i == before.i:
        return True  # "handed over 15 bodies"
    if word == "under" and candidate.kind == "cardinal" and before.pos_ in {"NOUN", "PROPN"}:
        return True
    return (
        bool(stem & OVER_WHAT)
        and candidate.kind == "cardinal"
        and (candidate.value < 10 or word in {"above", "beyond"})
    )


def _behind(page: Page, candidate: Candidate) -> Comparator | None:
    after = AFTER.match(page.text, candidate.end)
    if after is None and candidate.counted:
        after = AFTER.match(page.text, candidate.counted[1])
    return cast("Comparator | None", COMPARATORS_AFTER.get(" ".join(after[0].lower().split()))) if after else None


def quantity(candidate: Candidate) -> Quantity:
    """The value or bounds that the candidate states."""
    value = plain_number(-candidate.value if candidate.negative else candidate.value)
    if candidate.high is not None:
        bounds = {"low": value, "high": plain_number(candidate.high)}
    elif candidate.comparator in {"at_least", "more_than", "vague"}:
        bounds = {"low": value}
    elif candidate.comparator in {"at_most", "less_than"}:
        bounds = {"high": value}
    else:
        bounds = {"value": value}
    return Quantity(**bounds, comparator=candidate.comparator, kind=candidate.kind, unit=candidate.unit)
