"""An article's text as a string of kinds: one private character a lexeme, so that a rule is a regex over kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate, count
from operator import add
from typing import NamedTuple

from extract.facts.date import patterns as p
from extract.facts.date.holidays import holiday_name, holiday_words, names_regex


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

# What may stand beside the words of a date and makes none by itself: every rule needs a kind that isn't here.
FILLERS = frozenset({
    "x", "the", "a", "of", "and", "or", "to", "in", "on", "at", "by", "from", "since", "until", "between", "for",
    "over", "per", "before", "after", "about", "nearly", "under", "less", "more", "than", "least", "most", "up", "just",
    "close", "this", "that", "these", "those", "other", "is", "so", "as", "who", "our", "very", "then", "being",
    "local", "model", "another", "comma", "dot", "hyphen", "dash", "quote", "colon", "open", "close_", "possessive",
    "slash", "plus", "numword", "some", "few", "vague", "couple", "dozen", "dozens", "straight", "whole",
    "hard", "all", "mid", "early", "late", "beginning", "end", "rest", "last", "next", "previous", "following",
    "coming", "same", "ordinal", "near", "long", "short", "old", "times", "zone", "ampm", "hrs",
})  # fmt: skip
_OPAQUE, _FILLER, _CORE, _ALONE = range(4)  # alone: a core that is read anew, with what stands around it


class _Levels(dict[str, int]):
    """Whether dates may hang on what stands between two spaces: most words of an article have been met before.

    With `_MAY_BEGIN` added where the name of a holiday may begin there: "New" of "New Year's Eve".
    """

    def __missing__(self, chunk: str) -> int:
        if len(chunk) > _LONGEST_CHUNK:
            return _ALONE
        if len(self) >= _MOST_CHUNKS:
            self.clear()
        found = self[chunk] = _level(chunk)
        return found


class _Chunks(dict[str, tuple[Lexeme, ...]]):
    """The lexemes of what stands between two spaces, with places counted from its start."""

    def __init__(self, *, wrapped: bool) -> None:
        super().__init__()
        self.wrapped = wrapped

    def __missing__(self, chunk: str) -> tuple[Lexeme, ...]:
        if len(self) >= _MOST_CHUNKS:
            self.clear()
        found = self[chunk] = tuple(_lex_stretch(f"{chunk} ", 0, len(chunk), wrapped=self.wrapped))
        return found


_LONGEST_CHUNK, _MOST_CHUNKS = 64, 50_000
_LEVELS = _Levels()
_CHUNKS = {wrapped: _Chunks(wrapped=wrapped) for wrapped in (True, False)}
# Lexemes that hold a space, and an "a." that is an article or not by the letter after the space.
_SPANNING = re.compile(r"\d \d|(?<![^\W\d_])[aApPbB]\. ")


def _level(chunk: str) -> int:
    kinds = {lexeme.kind for lexeme in _lex_stretch(f"{chunk} ", 0, len(chunk), wrapped=True)}
    is_filler = "x" not in kinds or chunk in _HALVES
    level = _CORE if kinds - FILLERS else _FILLER if is_filler else _OPAQUE
    return level + _MAY_BEGIN * bool(_holidays_of(chunk))


def _holidays_of(chunk: str) -> tuple[str, ...]:
    """The names of the holidays that may begin in the chunk."""
    words = {match[0].lower() for match in p.LEXEME.finditer(chunk) if match[0][0].isupper()}
    return tuple(name for word in sorted(words & holiday_words().keys()) for name in holiday_words()[word])


@lru_cache(maxsize=1000)
def _holidays_regex(chunk: str) -> re.Pattern[str]:
    return names_regex(_holidays_of(chunk))


def _levels(text: str, chunks: Sequence[str], ends: Sequence[int]) -> bytearray:
    """The level of each chunk; one where a holiday may begin is to be read anew if its name goes on."""
    levels = bytearray(map(_LEVELS.__getitem__, chunks))
    for at in [match.start() for match in _MAYBE_BEGUN.finditer(levels)]:
        start = ends[at] + at
        is_holiday = _holidays_regex(chunks[at]).search(text, start, start + len(chunks[at]) + _LONGEST_CHUNK)
        levels[at] = _ALONE if is_holiday else levels[at] - _MAY_BEGIN
    return levels


_MAY_BEGIN = 4
_MAYBE_BEGUN = re.compile(rb"[\x04-\x06]")
_HALVES = frozenset({"A.", "a.", "B.", "b.", "p.", "P."})  # of "A. D." and "p. m."

# Chunks by level: a core amid its fillers, with the opaque chunk on either side that no stretch before it has taken.
_STRETCH = re.compile(rb"(?:\x00|(?<![\x01-\x03]))\x01*+[\x02\x03][\x01-\x03]*+\x00?")


def lex(text: str) -> Lexemes:
    """The lexemes of the text around the words that dates are made of; all else is one gap, whatever its length."""
    wrapped = _is_wrapped(text)
    known = _CHUNKS[wrapped]
    chunks = text.split(" ")
    ends = [0, *accumulate(map(len, chunks))]
    levels = _levels(text, chunks, ends)
    known_to = len(chunks) - text.endswith(("'", "’"))  # a chunk was read with a space after it, which tells of "s'"
    may_be_alone = _ALONE in levels
    items: list[Lexeme] = []
    for found in _STRETCH.finditer(levels):
        first, last = found.span()
        start, end = ends[first] + first, ends[last] + last - 1
        is_alone = last > known_to or (may_be_alone and levels.find(_ALONE, first, last) >= 0)
        if is_alone or _SPANNING.search(text, start, end + 2):
            lexemes = _lex_stretch(text, start, end, wrapped=wrapped)
            items += lexemes[1:] if items and lexemes and items[-1][2] == lexemes[0][2] == "x" else lexemes
        else:
            _place(items, map(known.__getitem__, chunks[first:last]), map(add, ends[first:last], count(first)))
    return Lexemes(items, "".join([ALPHABET[item[2]] for item in items]))


def _place(items: list[Lexeme], chunks: Iterable[tuple[Lexeme, ...]], places: Iterable[int]) -> None:
    """Adds the lexemes of chunks with their places in the text, of gaps in a row the first alone."""
    before = items[-1][2] if items else ""
    for at, lexemes in zip(places, chunks):  # noqa: B905  strict costs, and they are as many
        for start, end, kind, word, value in lexemes:
            if kind != "x" or before != "x":
                items.append(_new(Lexeme, (at + start, at + end, kind, word, value)))
            before = kind


_new = tuple.__new__  # a named tuple's own takes twice as long


def _lex_stretch(text: str, start: int, end: int, *, wrapped: bool) -> list[Lexeme]:
    """The lexemes that begin in a stretch of the text, which begins where a lexeme does."""
    items: list[Lexeme] = []
    skip_to = start
    is_gap = False
    for match in p.LEXEME.finditer(text, start):
        at = match.start()
        if at >= end:
            break
        if at < skip_to:
            continue
        if match.lastgroup == "word" and match[0].lower() not in _KNOWN:
            lexeme: Lexeme | None = OTHER
        else:
            lexeme = _lexeme(match, wrapped=wrapped)
        if lexeme is None:
            continue
        if lexeme[2] == "x":
            if not is_gap:
                items.append(Lexeme(at, match.end(), "x", match[0]))
            is_gap = True
            continue
        is_gap = False
        skip_to = lexeme.end + _dot_after(lexeme, text)
        items.append(lexeme)
    return items


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
        holiday = names_regex(holiday_words()[lower]).match(match.string, match.start())
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
