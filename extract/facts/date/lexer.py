"""An article's text as a string of kinds: one private character a lexeme, so that a rule is a regex over kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from extract.facts.date import patterns as p
from extract.facts.date.holidays import holiday_name, holiday_words


class Lexeme(NamedTuple):
    """A word, a number or a mark that a date may be made of; `value` is what the tables know of it."""

    start: int
    end: int
    kind: str
    text: str
    value: str | int | None = None


@dataclass(slots=True)
class Lexemes:
    """The lexemes of a text in order, and their kinds as one string of the same length."""

    items: list[Lexeme] = field(default_factory=list)
    kinds: str = ""


OTHER = Lexeme(0, 0, "x", "")
_FIXED_KINDS = (
    "x", "month", "weekday", "weekdayabbr", "weekdays", "season", "unit", "units", "second", "numword", "ordinal",
    "daypart", "decadeword",
    "setword", "zone", "foreign", "day", "year", "number", "dayth", "iso", "numeric", "clock", "decade",
    "apostrophe", "ampm", "qnum", "longword", "possessive", "holiday", "mid", "ocryear", "bc", "ad",
    "hyphen", "dash", "comma", "dot", "slash", "open", "close_", "plus", "quote", "colon",
)  # fmt: skip
_MARKS = {"-": "hyphen", "–": "dash", ",": "comma", ".": "dot", "/": "slash", "(": "open", ")": "close_", "+": "plus",
          '"': "quote", ":": "colon"}  # fmt: skip
_NUMBERS = frozenset({"day", "year", "number"})


def _alphabet() -> dict[str, str]:
    kinds = dict.fromkeys((*_FIXED_KINDS, *p.WORDS.values()))
    return {kind: chr(0xE000 + i) for i, kind in enumerate(kinds)}


ALPHABET = _alphabet()


def _vocabulary() -> dict[str, tuple[str, str | int | None]]:
    tables: tuple[tuple[str, dict[str, int] | dict[str, str]], ...] = (
        ("zone", {k: "" if v is None else str(v) for k, v in p.TIME_ZONES.items() if len(k) > 1}),
        ("weekdayabbr", p.WEEKDAY_ABBREVIATIONS), ("season", p.SEASONS), ("setword", p.SET_ADVERBS),
        ("daypart", p.DAY_PARTS), ("decadeword", p.DECADE_WORDS), ("longword", p.LONG_WORDS), ("units",
        p.UNIT_PLURALS), ("unit", p.UNITS),
        ("ordinal", p.ORDINALS), ("numword", p.NUMBER_WORDS), ("weekdays", p.WEEKDAY_PLURALS), ("weekday", p.WEEKDAYS),
        ("month", p.MONTHS),
    )  # fmt: skip
    words: dict[str, tuple[str, str | int | None]] = dict.fromkeys(p.FOREIGN_MONTHS, ("foreign", None))
    words |= {word: (kind, None) for word, kind in p.WORDS.items()}
    for kind, table in tables:
        words |= {word: (kind, value) for word, value in table.items()}
    words["second"] = ("second", "S")
    return words


VOCABULARY = _vocabulary()
_CAPITALISED = frozenset({"may", "march", *p.ABBREVIATED, *p.WEEKDAY_ABBREVIATIONS})
_UPPER = frozenset(p.TIME_ZONES)
_DOTTED = p.ABBREVIATED | p.WEEKDAY_ABBREVIATIONS.keys() | {"yr", "yrs", "hr", "hrs", "min", "mins"}


_KNOWN = VOCABULARY.keys() | holiday_words().keys()


def lex(text: str) -> Lexemes:
    """The lexemes of the text; what no date is made of is one gap, whatever its length."""
    items: list[Lexeme] = []
    wrapped = _is_wrapped(text)
    skip_to = 0
    is_gap = False
    for match in p.LEXEME.finditer(text):
        if match.lastgroup == "word" and match[0].lower() not in _KNOWN:
            if not is_gap and match.start() >= skip_to:
                items.append(Lexeme(match.start(), match.end(), "x", match[0]))
                is_gap = True
            continue
        if match.start() < skip_to:
            continue
        lexeme = _lexeme(match, wrapped=wrapped)
        if lexeme is None:
            continue
        skip_to = lexeme.end + _dot_after(lexeme, text)
        if lexeme.kind != "x":
            items.append(lexeme)
        elif not is_gap:
            items.append(Lexeme(match.start(), match.end(), "x", match[0]))
        is_gap = lexeme.kind == "x"
    return Lexemes(items, "".join([ALPHABET[item.kind] for item in items]))


def _dot_after(lexeme: Lexeme, text: str) -> int:
    """One where an abbreviation's full stop follows, which is no lexeme of its own."""
    return int(lexeme.text in _DOTTED and text[lexeme.end : lexeme.end + 1] == ".")


def _is_wrapped(text: str) -> bool:
    """Whether the text's lines are broken at a width, so that a line's end is no end of a sentence."""
    lines = text.split("\n", 60)[:60]
    long = [len(line) for line in lines if len(line) > 40]
    return len(long) >= 6 and max(long) <= 100 and len(long) * 3 >= len(lines)


def _lexeme(match: re.Match[str], *, wrapped: bool) -> Lexeme | None:
    shape = match.lastgroup or "other"
    text = match[0]
    if shape == "word":
        return _word(match, text)
    start, end = match.span()
    if shape == "other":
        if text == "\n":
            return None if wrapped and match.string[end : end + 1] != "\n" else OTHER
        mark = p.PUNCTUATION.get(text)
        return Lexeme(start, end, _MARKS[mark], text) if mark else OTHER
    return _shaped(shape, start, end, text)


def _word(match: re.Match[str], text: str) -> Lexeme:
    lower = text.lower()
    if lower in holiday_words():
        holiday = holiday_words()[lower].match(match.string, match.start())
        if holiday:
            return Lexeme(*holiday.span(), "holiday", holiday_name(holiday[0]))
    known = VOCABULARY.get(lower)
    if known is None:
        return OTHER
    if (lower in _CAPITALISED and not text[0].isupper()) or (lower in _UPPER and not text.isupper()):
        return OTHER
    return Lexeme(match.start(), match.end(), known[0], lower, known[1])


_SHAPES = {"sep": "numeric", "clockword": "clock", "abbreviation": "bc", "ocr": "ocryear"}
_OCR = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "i": "1"})


def _shaped(shape: str, start: int, end: int, text: str) -> Lexeme:
    kind = _SHAPES.get(shape, shape)
    if shape == "number":
        return Lexeme(start, end, _number_kind(text), text)
    if shape == "abbreviation" and text[0] in "aA":
        kind = "ad"
    if kind == "ocryear":
        return Lexeme(start, end, kind, text, int(text.translate(_OCR)))
    return Lexeme(start, end, kind, text.lower())


def _number_kind(text: str) -> str:
    if not text.isascii() or not text.isdigit():
        return "number"
    if len(text) <= 2 and 1 <= int(text) <= 31:
        return "day"
    return "year" if len(text) == 4 and p.YEAR_FROM <= int(text) <= p.YEAR_TO else "number"


@cache
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern over kinds as a regex over the string of kinds.

    >>> bool(compile_pattern("month day comma? year").fullmatch(lex("May 5, 2021").kinds))
    True
    """
    return re.compile(expand(pattern))


def expand(pattern: str) -> str:
    """The pattern's regex: names become private characters, macros their patterns in brackets, spaces go."""
    return re.sub(r"\s+|[a-zA-Z_]\w*", _name, pattern)


def _name(match: re.Match[str]) -> str:
    word = match[0]
    if word.isspace():
        return ""
    return f"(?:{expand(MACROS[word])})" if word in MACROS else ALPHABET[word]


def first_kinds(regex: str) -> frozenset[str]:
    """The characters that a match of an expanded pattern can begin with.

    Knows what patterns are written in: names, brackets, `|`, `?`, `{0,n}` and lookaheads.

    >>> first_kinds(expand("the? (early | late) month")) == {ALPHABET[k] for k in ("the", "early", "late")}
    True
    """
    firsts, _, _ = _firsts(regex, 0)
    return firsts


def _firsts(regex: str, at: int) -> tuple[frozenset[str], bool, int]:
    """First characters, whether the alternatives may be empty, and where they end."""
    found: frozenset[str] = frozenset()
    may_be_empty = False
    is_open = True
    while at < len(regex) and regex[at] != ")":
        if regex[at] == "|":
            may_be_empty, is_open, at = may_be_empty or is_open, True, at + 1
            continue
        kinds, is_optional, at = _atom(regex, at)
        if is_open:
            found |= kinds
            is_open = is_optional
    return found, may_be_empty or is_open, at


def _atom(regex: str, at: int) -> tuple[frozenset[str], bool, int]:
    if regex.startswith("(?=", at):
        _, _, end = _firsts(regex, at + 3)
        return frozenset(), True, end + 1
    if regex[at] == "(":
        kinds, is_optional, end = _firsts(regex, at + (3 if regex.startswith("(?:", at) else 1))
    else:
        kinds, is_optional, end = frozenset(regex[at]), False, at
    end += 1
    if regex.startswith("{0,", end):
        return kinds, True, regex.index("}", end) + 1
    if regex.startswith("?", end):
        return kinds, True, end + 1
    return kinds, is_optional, end


MACROS = {
    "DAY": "day | dayth",
    "YEAR": "year | ocryear",
    "WORDS": "numword (hyphen? numword){0,3} (and numword (hyphen? numword){0,2})?",
    "NUM": "(number | day | year | WORDS) (and a half)?",
    "COUNT": "NUM | a? couple of? | a dozen | half a dozen | half a | a half",
    "UNIT": "unit | units | second",
    "ORD": "ordinal | second | dayth",
    "WEEKDAY": "weekday | weekdayabbr",
    "APPROX": "about | nearly | just? over | just? under | (more | less) than | at (least | most) | up to | close to",
    "PHASE": "the? (early | late) | mid hyphen? | the mid | the? (beginning | end) of | the mid of",
    "ZONE": "open zone ((plus | hyphen) (day | number))? close_ | zone ((plus | hyphen) (day | number))? | local time",
    "CLOCK": "(clock | day | number) ampm ZONE? | clock (units | hrs)? ZONE? | (year | number) (units | hrs)? zone",
    "REL": "last | next | this | past | coming | previous | following | current",
    "TO": "hyphen | dash | to | and | until",
    "AGO": "ago | earlier | later",
}
