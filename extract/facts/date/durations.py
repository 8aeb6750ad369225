"""Productions for lengths of time, ages and sets: `two years`, `36-month-old`, `every Monday`, `twice a week`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.fact import Mod
from extract.facts.date import normalise as n
from extract.facts.date.absolute import Outcome, ordinal
from extract.facts.date.lexer import Lexeme
from extract.facts.date.scene import Match, Refused

LENGTH, AGE, SET, BARE, GUESS = 0.92, 0.93, 0.9, 0.8, 0.7
UNKNOWN = {
    "D": "XXXX-XX-XX", "W": "XXXX-WXX", "F": "XXXX-WXX", "WE": "XXXX-WXX-WE", "MO": "XXXX-XX", "Q": "XXXX-QX",
    "Y": "XXXX", "DE": "XXX",
    "CE": "XX", "NI": "XXXX-XX-XXTNI", "SE": "XXXX-HX", "ML": "X",
}  # fmt: skip
_NUMBERS = frozenset({"number", "day", "year", "numword"})


def unit_of(match: Match) -> str | None:
    """The unit that the match names last: "D" for "day", "MO" for "months"."""
    units = match.all("unit", "units", "second")
    return str(units[-1].value) if units else None


def amount_of(match: Match) -> float | None:
    """How many units the match counts; 1 for "a week", 2 for "a couple of", None for "several"."""
    return amount([item for item in match.items if item.kind not in {"about", "nearly", "over", "under"}])


def amount(items: Sequence[Lexeme]) -> float | None:
    """How many units these lexemes count, None where they don't say.

    Reads numbers, "a", "a couple of", "a dozen", "half a", "two and a half"; "several" and "two or three" are None.
    """
    kinds = [item.kind for item in items]
    numbers = [item for item in items if item.kind in _NUMBERS]
    if "or" in kinds or {"vague", "few", "dozens", "recent"} & set(kinds) or ("some" in kinds and not numbers):
        return None
    half = 0.5 if "half" in kinds else 0.0
    if "dozen" in kinds:
        return 12 * (half or 1)
    if "couple" in kinds:
        return 2
    if numbers:
        value = n.number([item.text for item in numbers])
        return None if value is None else n.plain(value + half)
    if "a" in kinds or "another" in kinds or "whole" in kinds or "straight" in kinds:
        is_more = half and kinds.index("half") > kinds.index("a") + 1 if "a" in kinds else False
        return (1 + half) if is_more else (half or 1)
    return half or None


_APPROXIMATIONS: dict[str, Mod] = {
    "about": "APPROX", "nearly": "LESS_THAN", "over": "MORE_THAN", "under": "LESS_THAN", "more": "MORE_THAN",
    "less": "LESS_THAN",
    "least": "EQUAL_OR_MORE", "most": "EQUAL_OR_LESS", "up": "EQUAL_OR_LESS", "close": "APPROX",
}  # fmt: skip


def approximation(match: Match) -> Mod | None:
    """The modifier that "about", "more than" and their like put on a length."""
    word = match.one(*_APPROXIMATIONS)
    if word is None and match.has("some") and match.has(*_NUMBERS):
        return "APPROX"
    if word is None or (word.kind == "more" and not match.has("than", "or")):
        return None
    if word.kind == "more" and match.has("or") and not match.has("than"):
        return "EQUAL_OR_MORE"
    return _APPROXIMATIONS[word.kind]


def length(match: Match) -> Outcome:
    """`two years`, `more than two months`, `several weeks`, `a day`, `half an hour`, `the first six months`."""
    size = unit_of(match)
    if size is None or (match.has("some") and not match.has("units")) or (size == "WE" and not match.has("units")):
        return None
    value = amount_of(match)
    if reason := _no_length(match, size):
        return Refused(reason)
    if value is None and (size == "NI" or match.items[0].kind == "following" or _tells_two_numbers(match)):
        return None
    if size == "Q" and value is not None and (match.has("half") or (value in {1, 3} and not match.has("straight"))):
        return Refused("a fraction, not a quarter of a year")
    is_prenominal = len(match.items) > 2 and match.items[-2].kind == "hyphen" and match.items[0].kind == "a"
    start = match.items[1].start if is_prenominal else match.start
    return match.part((start, match.end), n.duration(value, size), LENGTH, timex="DURATION", mod=approximation(match))


def _no_length(match: Match, size: str) -> str | None:
    """Why a number of units is no length, None where nothing speaks against one."""
    after = match.scene.word_after(match.end)
    if size == "M" and after.lower() == "read":
        return "how long a page takes to read: boilerplate"
    if match.scene.word_before(match.start).lower() == "as" and match.has("vague"):
        return "as many units as were counted before"
    words = [match.scene.text[item.start] for item in match.items if item.kind in {"numword", "units", "unit"}]
    if len(words) > 1 and after[:1].isupper() and after.title() == after and all(word.isupper() for word in words):
        return "part of a name"  # "the Seven Years War"
    return None


def _tells_two_numbers(match: Match) -> bool:
    """Whether the words state two numbers, as in "three and seven years"."""
    return match.has(*_NUMBERS) and not match.has("or", "vague", "few", "dozens", "recent", "some", "to", "hyphen")


def single(match: Match) -> Outcome:
    """`a day`, `an hour`: a length; a rate after what is counted ("15 a year" is a set)."""
    size = unit_of(match)
    if match.has("half"):
        return length(match)
    if match.after.kind == "hyphen":
        return None
    if size in {None, "S", "Q", "WE", "NI"} or (
        size == "M" and match.scene.word_before(match.start).lower() in {"just", "wait", "for", "take"}
    ):
        return None
    if match.items[0].kind == "a" and _is_rate(match):
        return match.date(n.duration(1, str(size)), SET, timex="SET")
    before = match.scene.word_before(match.start).lower()
    after = match.scene.word_after(match.end).lower()
    if before in {"such", "what", "quite"} or after in {"when", "where", "that"}:
        return Refused("a day or a year as a thing, not a length")
    return match.date(n.duration(1, str(size)), BARE, timex="DURATION", mod=approximation(match))


def _is_rate(match: Match) -> bool:
    before = match.before
    if before.kind in _NUMBERS | {"units"} or before.text in {"times", "once", "twice", "%"}:
        return True
    if before.kind != "x" or match.first < 2:
        return False
    gap = match.scene.text[match.scene.items[match.first - 2].end : match.start]
    is_near = len(gap) < 24 and not set(gap) & set('.,;:!?\n"“”()')
    return is_near and match.scene.items[match.first - 2].kind in _NUMBERS and gap.strip().count(" ") < 2


def bare(match: Match) -> Outcome:
    """`for months`, `in decades`, `over the years`, `hours after`: a vague length."""
    size = unit_of(match)
    before = match.scene.word_before(match.start).lower()
    if size in {None, "S", "Q", "NI", "WE"} or before in _NO_LENGTH or match.after.kind == "hyphen":
        return None
    if size == "H" and before not in _BEFORE_HOURS and match.scene.word_after(match.end).lower() not in _AFTER_HOURS:
        return Refused("when something is open, not how long")
    if match.has("the") and before not in {"over", "through", "down", "of"} and not _is_beside_an_event(match, before):
        return None
    if before in {"-", "–", "/", "'"} or _is_counted(match) or match.before.kind in _ORDINALS or _has_adjective(match):
        return None
    return match.date(n.duration(None, str(size)), BARE, timex="DURATION")


def _has_adjective(match: Match) -> bool:
    token = match.scene.token(match.start - 2) if match.start > 2 else None
    is_compound = token is not None and token.dep_ == "compound" and token.head.idx == match.items[-1].start
    return token is not None and (token.pos_ == "ADJ" or is_compound)


_BEFORE_HOURS = frozenset({
    "for", "in", "within", "after", "of", "by", "over", "just", "only", "took", "takes", "take", "lasted", "last",
    "spent", "spend", "wait", "waited",
})  # fmt: skip
_AFTER_HOURS = frozenset({"after", "before", "later", "earlier", "on", "into", "and", "following", "prior"})
_ORDINALS = frozenset({"ordinal", "dayth", "second"})
_NO_LENGTH = frozenset({
    "its", "these", "those", "such", "no", "business", "working", "opening", "office", "school", "light", "man", "all",
    "both", "half", "morning", "evening", "night",
})  # fmt: skip


def _is_beside_an_event(match: Match, before: str) -> bool:
    after = match.scene.word_after(match.end).lower()
    return before in {"in", "during", "over"} and after in {
        "following",
        "after",
        "before",
        "since",
        "leading",
        "ahead",
        "to",
        "that",
        "and",
    }


def _is_counted(match: Match) -> bool:
    return match.before.kind in _NUMBERS | {"half", "dozen"}


def whole(match: Match) -> Outcome:
    """`the whole day`, `the entire year`, `a full week`."""
    size = unit_of(match)
    if size is None or size in {"S", "Q"} or (match.has("all") and match.before.kind in {"of", "at", "a"}):
        return None
    return match.date(n.duration(1, size), 0.8, timex="DURATION")


def long(match: Match) -> Outcome:
    """`a two-day visit`, `month-long`, `years-long`, `yearlong`."""
    word = match.one("longword")
    size = str(word.value) if word else unit_of(match)
    if size is None:
        return None
    count = None if match.has("units") and not match.has(*_NUMBERS) else amount_of(match) or 1
    return match.date(n.duration(count, size), LENGTH, timex="DURATION", mod=approximation(match))


def age(match: Match) -> Outcome:
    """`62-year-old`, `70 years old`, `36-month-old`."""
    size = unit_of(match)
    is_bare = match.items[0].kind in {"unit", "units"}
    value = (None if match.has("units") else 1) if is_bare else amount_of(match)
    return (
        match.date(n.duration(value, size), AGE, timex="DURATION", mod=approximation(match))
        if size and (value is not None or is_bare)
        else None
    )


def ordinal_unit(match: Match) -> Outcome:
    """`the second day`, `a third straight week`, `the first night`: one of a row, whose place is not told."""
    size = unit_of(match)
    if size not in {"D", "W", "MO", "Y", "NI"} or match.after.kind in {"hyphen", "unit", "units"}:
        return None
    if match.has("straight"):
        anchor = match.scene.anchor
        value = n.period(anchor, size) if anchor else UNKNOWN[size]
        return match.date(value, GUESS, timex="TIME" if size == "NI" else "DATE", relative=True)
    if size in {"D", "NI"}:
        return match.date(UNKNOWN[size], GUESS, timex="TIME" if size == "NI" else "DATE")
    return match.date(n.duration(1, size), GUESS, timex="DURATION")


def bare_age(match: Match) -> Outcome:
    """`Ivan Petrov, 53,`, `aged 17`, `at the age of 62`: the number alone."""
    word = match.all("day", "number")[-1]
    value = n.number([word.text])
    if value is None or not 0 < value < 120 or value % 1:
        return None
    if match.has("and") and (match.has("aged") or _follows_a_person(match)):
        return tuple(
            match.part((w.start, w.end), n.duration(n.number([w.text]), "Y"), AGE, timex="DURATION")
            for w in match.all("day", "number")
        )
    if match.has("age", "aged"):
        return match.part((word.start, word.end), n.duration(value, "Y"), AGE, timex="DURATION")
    return (
        match.part((word.start, word.end), n.duration(value, "Y"), 0.85, timex="DURATION")
        if _follows_a_person(match)
        else None
    )


def told_age(match: Match) -> Outcome:
    """`who is 61`, `He was 38`, `a girl of 12`, `men over 65`: the number alone, with nothing counted after it."""
    word = match.items[-1]
    value = n.number([word.text])
    told = _TOLD_OF[match.items[-2].kind].search(match.scene.text, max(0, match.start - 40), word.start)
    if told is None or value is None or not 1 < value < 120 or value % 1 or not _ends_after(match, word):
        return None
    return match.part((word.start, word.end), n.duration(value, "Y"), 0.85, timex="DURATION")


_TOLD_OF = {
    "is": re.compile(r"(?:\bwho|(?:^|[.!?”\"]\s|\n)(?:He|She))\s(?:is|was)\s$"),
    "of": re.compile(
        r"\b[Aa]n?\s(?:[a-z-]{2,16}\s){0,2}(?:girl|boy|man|woman|child|teenager|youth|student|pupil|school(?:boy|girl)"
        r"|teacher|headmaster|headmistress|doctor|nurse|farmer|driver|lawyer|journalist|pensioner|widow|widower|welder"
        r"|baker|carpenter|fisherman|shopkeeper|clerk|miner|plumber|engineer|electrician|baby|toddler)\sof\s$"
    ),
    **dict.fromkeys(
        ("over", "under"),
        re.compile(r"(?i:\b(?:men|women|children|people|boys|girls|adults|those|anyone|everyone|persons|minors|pensioners"
                   r"|youths|voters|citizens|aged))\s(?:over|under)\s$"),
    ),
}  # fmt: skip


def _ends_after(match: Match, word: Lexeme) -> bool:
    """Whether the number stands by itself: a mark, a verb or a link follows, no noun."""
    after = match.scene.word_after(word.end)
    if not after[:1].isalnum():
        return after not in {"%", "-", "–", "/", "°"}
    following = match.scene.token(word.end + 1)
    return after in _AFTER_AGES or (following is not None and following.pos_ in {"VERB", "AUX"})


_AFTER_AGES = frozenset({
    "and", "or", "who", "when", "but", "was", "were", "is", "are", "has", "had", "may", "can", "must", "will", "from",
    "died", "told", "said", "at", "to",
})  # fmt: skip


def _follows_a_person(match: Match) -> bool:
    scene = match.scene
    name = scene.word_before(match.start)
    if not name[:1].isupper():
        return False
    gap = scene.text[max(0, match.start - 4) : match.start]
    if not gap.strip():
        return False
    token = scene.token(match.start - 1 - (len(gap) - len(gap.rstrip())))
    if token is not None and token.doc.ents:
        is_unmarked = token.pos_ == "PROPN" and not token.ent_type_
        return "PERSON" in {token.ent_type_, token.doc[token.i - 1].ent_type_ if token.i else ""} or is_unmarked
    return token is None or token.pos_ in {"PROPN", ""}


def count_pair(match: Match) -> Outcome:
    """`between 60 and 90 days`, `six to eight weeks`: two lengths; of "two or three years" one vague one."""
    size = unit_of(match)
    joint = match.one("to", "hyphen", "dash", "and", "or")
    if size is None or joint is None:
        return None
    at = next(
        i
        for i, item in enumerate(match.items)
        if item.kind in {"to", "dash", "and", "or"} or (item is joint and not match.has("to", "or"))
    )
    left, right = match.items[:at], match.items[at + 1 :]
    low, high = amount(left), amount(right)
    if joint.kind == "or" or low is None or high is None:
        return match.date(n.duration(None, size), LENGTH, timex="DURATION")
    if low >= high or size == "S":
        return None
    first = match.part((match.start, left[-1].end), n.duration(low, size), 0.8, timex="DURATION")
    return first, match.part((right[0].start, match.end), n.duration(high, size), LENGTH, timex="DURATION")


def compound(match: Match) -> Outcome:
    """`two years and six months`, `1 hour 20 minutes`."""
    parts: list[tuple[float | None, str]] = []
    cut = 0
    for i, item in enumerate(match.items):
        if item.kind in {"unit", "units", "second"}:
            parts.append((amount(match.items[cut : i + 1]), str(item.value)))
            cut = i + 1
    sizes = [_place(size) for _, size in parts]
    if any(value is None or value % 1 for value, _ in parts) or sizes != sorted(set(sizes)) or -1 in sizes:
        return None
    values = [n.duration(value, size) for value, size in parts]
    joined = values[0]
    for value in values[1:]:
        joined += value[2:] if "T" in joined else value[1:]
    return match.date(joined, LENGTH, timex="DURATION", mod=approximation(match))


def part_of_century(match: Match) -> Outcome:
    """`a quarter of a century`, `a quarter century`: 25 years."""
    units = match.all("unit")
    if [unit.value for unit in units] != ["Q", "CE"]:
        return None
    return match.date("P25Y", LENGTH, timex="DURATION", mod=approximation(match))


_ORDER = ("Y", "MO", "W", "D", "H", "M", "S")


def _place(size: str) -> int:
    return _ORDER.index(size) if size in _ORDER else -1


def every(match: Match) -> Outcome:
    """`every day`, `each Monday`, `every two weeks`, `every other year`, `every summer`."""
    weekday, month, season, part = (match.one(kind) for kind in ("weekday", "month", "season", "daypart"))
    if weekday:
        return match.date(f"XXXX-WXX-{weekday.value}{f'T{part.value}' if part else ''}", SET, timex="SET")
    if month or season:
        number = match.one("day", "dayth") if month else None
        day = f"-{ordinal(number):02}" if number else ""
        part_of_year = f"{int(month.value or 0):02}{day}" if month else season.value if season else ""
        return match.date(f"XXXX-{part_of_year}", SET, timex="SET")
    if part:
        return match.date(f"XXXX-XX-XXT{part.value}", SET, timex="SET")
    size = unit_of(match)
    if size is None or match.items[-1].kind == "second":
        return None
    value = 2 if match.has("other") else amount_of(match) or (_ordinal_amount(match) or 1)
    if size == "NI":
        return match.date("XXXX-XX-XXTNI", SET, timex="SET")
    return match.date(n.duration(value, size), SET, timex="SET")


def _ordinal_amount(match: Match) -> int | None:
    words = {"second": 2}
    word = match.one("ordinal", "second")
    return words.get(word.kind) if word and match.items[-1] is not word else None


def set_word(match: Match) -> Outcome:
    """`daily`, `weekly`, `annual`, `annually`: not in a newspaper's name."""
    word = match.items[-1]
    text = match.scene.text[word.start : word.end]
    if match.before.kind == "hyphen" and match.before.end == word.start:
        return None
    is_a_paper = word.text in {"daily", "weekly", "monthly"} and (
        match.scene.word_after(word.end)[:1].isupper() or _follows_a_paper(match, word)
    )
    if is_a_paper or (text[0].isupper() and _is_in_a_name(match, word)):
        return Refused("part of a name")
    return match.date(str(word.value), 0.8, timex="SET")


def _follows_a_paper(match: Match, word: Lexeme) -> bool:
    """Whether a paper's name stands before and no noun after: "told the Al-Watan daily that"."""
    token, name = match.scene.token(word.start), match.scene.word_before(word.start)
    if token is None or not token.i or not name[:1].isupper():
        return False
    after = token.nbor() if token.i + 1 < len(token.doc) else None
    is_free = after is None or after.pos_ not in {"NOUN", "ADJ", "PROPN", "NUM"}
    return is_free and token.doc[token.i - 1].pos_ == "PROPN"


def _is_in_a_name(match: Match, word: Lexeme) -> bool:
    """Whether a word in capitals is a name's, or stands amid a sentence."""
    token = match.scene.token(word.start)
    if token is None:
        return match.scene.word_before(word.start) not in {"", ".", "!", "?"}
    return token.ent_type_ in {"ORG", "PERSON", "FAC"} or not token.is_sent_start


def times_per(match: Match) -> Outcome:
    """`twice a week`, `three times a day`, `once every two years`, `per day`."""
    size = unit_of(match)
    if size is None or size == "S":
        return None
    after = [item for item in match.items if item.start > match.all("a", "per", "each")[-1].start]
    return match.date(n.duration(amount(after) or 1, size), SET, timex="SET")


def weekday_set(match: Match) -> Outcome:
    """`on Sundays`, `weekends`, `weekdays`."""
    word = match.items[-1]
    if word.kind == "units" and word.value != "WE":
        return None
    value = (
        f"XXXX-WXX-{word.value}"
        if word.value in range(1, 8)
        else "XXXX-WXX-WE"
        if word.text == "weekends"
        else "XXXX-WXX-XX"
    )
    return match.date(value, 0.85, timex="SET")
