"""Numbers in digits and in words -> value, with the characters that they stand on. No dates, no units, no sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.facts.count.patterns import (
    AND_A_HALF,
    ATOM,
    BEFORE_A,
    DENOMINATORS,
    GAP,
    GAP_AND,
    GLUED_SCALE,
    GLUED_SCALES,
    METRES,
    MOST_DIGITS,
    OF_A,
    ONES,
    PLURALS,
    POWER,
    SCALES,
    TAKES,
    TENS,
    VULGAR,
)

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in the text: where it stands, its value, the rule that read it.

    `rule` is one of digits, words, multiplied, vague_plural, fraction. `value` of a vague plural is the least number
    that it can mean; None means a run of digits too long to count anything. `dotted` marks "1.300", which is 1300 in
    some articles.
    """

    start: int
    end: int
    value: Decimal | None
    rule: str
    dotted: bool = False
    scale: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Atom:
    start: int
    end: int
    kind: str
    value: Decimal | None


def numerals(text: str) -> Iterator[Numeral]:
    """Yields the numbers of a text in order.

    >>> [(text[n.start:n.end], str(n.value)) for text in ["one hundred and fifteen of 1,300"] for n in numerals(text)]
    [('one hundred and fifteen', '115'), ('1,300', '1300')]
    >>> [str(n.value) for n in numerals("9.4 million, half a million, a dozen, two-thirds, 4 hundred million, $1.5bn")]
    ['9400000', '500000', '12', '0.6666666667', '400000000', '1500000000']
    >>> [(n.rule, str(n.value)) for n in numerals("dozens, tens of thousands, several hundred")]
    [('vague_plural', '24'), ('vague_plural', '20000'), ('vague_plural', '200')]
    """
    atoms = [_atom(match) for match in ATOM.finditer(_lower(text))]
    at, done = 0, 0
    while at < len(atoms):
        numeral, following = _compose(text, atoms, at)
        skipped, at = atoms[at].start < done, following
        if numeral and not skipped:
            done = numeral.end
            whole = _whole(numeral.value)
            yield numeral if whole is numeral.value else replace(numeral, value=whole)


_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _lower(text: str) -> str:
    """The text in lower case, as long as before: outside ASCII, lower case may be longer."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def _whole(value: Decimal | None) -> Decimal | None:
    """The value without a fraction of zero."""
    if value is None or value.as_tuple().exponent == 0 or value != value.to_integral_value():
        return value
    return Decimal(int(value))


def _atom(match: re.Match[str]) -> _Atom:
    kind = match.lastgroup or ""
    return _Atom(match.start(), match.end(), kind, _ATOM_VALUE[kind](match[0]))


def digits_value(written: str) -> Decimal | None:
    """The value of a number in digits, whatever separates its thousands; None where it is too long to count anything.

    >>> [str(digits_value(w)) for w in ("1,437", "1 437", "12,34,567", "1'300", ".001", "2,5", "1" * 16)]
    ['1437', '1437', '1234567', '1300', '0.001', '2.5', 'None']
    """
    if len(written) < LONGEST_COMMA and _DECIMAL_COMMA.fullmatch(written):
        written = written.replace(",", ".")
    plain = "".join(c for c in written if c in "0123456789.")
    return Decimal(plain) if len(plain) <= MOST_DIGITS else None


_DECIMAL_COMMA = re.compile(r"[0-9]{1,3},[0-9]{1,2}")
LONGEST_COMMA = 7
"""Characters that no number with a decimal comma reaches: "999,99"."""


def _pile_value(words: str) -> Decimal:
    """Tens of thousands: at least two tens of one thousand."""
    found = re.findall(r"[a-z]+", words.lower())
    return Decimal(2 * PLURALS[found[-3] if found[-3] in PLURALS else found[0]] * PLURALS[found[-1]])


def _several_value(words: str) -> Decimal:
    value = Decimal(2)
    for word in words.lower().split():
        value *= SCALES.get(word, 0) or SCALES.get(word.rstrip("s"), 1)
    return value


_ATOM_VALUE: dict[str, Callable[[str], Decimal | None]] = {
    "digits": digits_value,
    "pile": _pile_value,
    "several": _several_value,
    "vague": lambda word: Decimal(2 * PLURALS[word.lower()]),
    "small": lambda word: Decimal(ONES.get(word.lower(), TENS.get(word.lower(), 0))),
    "scale": lambda word: Decimal(SCALES[word.lower()]),
    "part": lambda word: Decimal(DENOMINATORS[word.lower()]),
    "vulgar": lambda sign: VULGAR[sign],
}


def _compose(text: str, atoms: list[_Atom], at: int) -> tuple[Numeral | None, int]:
    """The numeral that starts at an atom, or None, and the index of the first atom after it."""
    atom = atoms[at]
    if atom.kind in {"pile", "several", "vague"}:
        return Numeral(atom.start, atom.end, atom.value, "vague_plural"), at + 1
    if atom.kind == "part":
        return _bare_part(text, atoms, at)
    if atom.kind == "vulgar":
        return Numeral(atom.start, atom.end, _short(atom.value), "fraction"), at + 1
    if atom.kind == "scale":
        return _after_article(text, atoms, at)
    return _sum(text, atoms, at, atom.start)


def _after_article(text: str, atoms: list[_Atom], at: int) -> tuple[Numeral | None, int]:
    """Reads "a hundred", "half a million"; a bare "million" is no number."""
    atom = atoms[at]
    article = BEFORE_A.search(text, max(0, atom.start - 10), atom.start)
    if not article:
        return None, at + 1
    numeral, following = _sum(text, atoms, at, article.start())
    if numeral and numeral.value and article[0].lower().startswith("half"):
        numeral = replace(numeral, value=numeral.value * HALF)
    return numeral, following


def _bare_part(text: str, atoms: list[_Atom], at: int) -> tuple[Numeral | None, int]:
    """Reads "a third of", "half of": a part where no number stands before it; "a quarter of a million" is a number."""
    atom = atoms[at]
    half = text[atom.start : atom.end].lower() == "half"
    article = BEFORE_A.search(text, max(0, atom.start - 4), atom.start)
    if (half or article) and (scaled := _part_of_scale(text, atoms, at)):
        return scaled
    takes = TAKES.match(text, atom.end)
    if takes and (article or (half and _free(text, atom.start))):
        start = article.start() if article and not half else atom.start
        return Numeral(start, atom.end, _short(1 / Decimal(atom.value or 1)), "fraction"), at + 1
    return None, at + 1


def _part_of_scale(text: str, atoms: list[_Atom], at: int) -> tuple[Numeral, int] | None:
    """Reads "half a million", "a quarter of a million"."""
    of = OF_A.match(text, atoms[at].end)
    if not of or at + 1 == len(atoms) or atoms[at + 1].kind != "scale" or atoms[at + 1].start != of.end():
        return None
    numeral, following = _sum(text, atoms, at + 1, atoms[at].start)
    if numeral is None or numeral.value is None:
        return None
    return replace(numeral, value=numeral.value / (atoms[at].value or 1)), following


def _free(text: str, start: int) -> bool:
    """Whether "half" stands on its own, not in "the first half of"."""
    return not re.search(
        r"(?:first|second|last|other|latter|final|better|and a|the)[\s-]$",
        text[max(0, start - 8) : start],
        re.IGNORECASE,
    )


def _sum(text: str, atoms: list[_Atom], at: int, start: int) -> tuple[Numeral | None, int]:
    """Adds and multiplies atoms from `at` on for as long as they make one number."""
    first = atoms[at]
    if first.value is None:
        return Numeral(start, first.end, None, "digits"), at + 1
    total, group = Decimal(0), first.value
    roof, scale = _roof(first), (first.value if first.kind == "scale" else Decimal(1))
    end, rule, following = first.end, "digits" if first.kind == "digits" else "words", at + 1
    while following < len(atoms):
        atom = atoms[following]
        gap = text[end : atom.start]
        if atom.kind == "part" and total == 0 and first.kind == "small" and group < 10 and re.fullmatch(r"[\s-]", gap):
            return Numeral(start, atom.end, _short(group / (atom.value or 1)), "fraction"), following + 1
        if atom.kind == "vulgar" and not gap.strip() and len(gap) < 2:
            return Numeral(start, atom.end, _short(total + group + (atom.value or 0)), "fraction"), following + 1
        if atom.kind == "vague" and first.kind == "digits" and gap == " " and _may_multiply(group, atom):
            atom = replace(atom, kind="scale", value=(atom.value or Decimal(2)) / 2)
        if atom.kind == "scale" and GAP.fullmatch(gap) and _may_multiply(group, atom):
            total, group, roof = _multiply(total, group, atom.value or Decimal(1))
            scale = atom.value or scale
            rule = "multiplied" if first.kind == "digits" else rule
        elif atom.kind == "small" and first.kind != "digits" and _may_add(gap, atom, group, roof):
            group += atom.value or 0
            roof = _roof(atom)
        else:
            break
        end, following = atom.end, following + 1
    return _finish(text, Numeral(start, end, total + group, rule, scale=scale), first), following


def _roof(atom: _Atom) -> Decimal:
    """What may still be added after an atom must be smaller than this."""
    value = atom.value or Decimal(0)
    return Decimal(10) if atom.kind == "small" and value >= 20 else value if atom.kind == "scale" else Decimal(0)


def _may_multiply(group: Decimal, atom: _Atom) -> bool:
    value = atom.value or Decimal(1)
    if value == 12:
        return group < 100
    return group < value or (value == 100 and group < 100) or group != group.to_integral_value()


def _multiply(total: Decimal, group: Decimal, scale: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Total, group and roof after a scale: hundred stays in its group, thousand and more close it."""
    if scale <= 100:
        return total, group * scale, scale
    return total + group * scale, Decimal(0), scale


def _may_add(gap: str, atom: _Atom, group: Decimal, roof: Decimal) -> bool:
    value = atom.value or Decimal(0)
    if not 0 < value < roof:
        return False
    if GAP_AND.fullmatch(gap):
        return roof >= 100
    return bool(GAP.fullmatch(gap)) and (group == 0 or value < group)


def _finish(text: str, numeral: Numeral, first: _Atom) -> Numeral:
    """The numeral with what is glued to its end: "1.5m", "300k", "two and a half million", "1.99×10−30"."""
    value = numeral.value or Decimal(0)
    if first.kind == "digits" and numeral.rule == "digits":
        power = POWER.match(text, numeral.end)
        if power:
            exponent = int(power["exponent"].translate(_MINUS))
            return replace(numeral, end=power.end(), value=value.scaleb(exponent), rule="multiplied")
        glued = _glued(text, numeral.end)
        if glued:
            return replace(numeral, end=glued[0], value=value * glued[1], rule="multiplied", scale=Decimal(glued[1]))
        written = text[numeral.start : numeral.end]
        return replace(numeral, dotted=True) if _DOTTED.fullmatch(written) else numeral
    half = AND_A_HALF.match(text, numeral.end)
    if half and value < 100:
        scale = Decimal(SCALES.get((half["scale"] or "").lower(), 1))
        return replace(numeral, end=half.end(), value=(value + _half_value(half[0])) * scale, scale=scale)
    if half and numeral.scale >= 1000 and not half["scale"] and value % numeral.scale == 0:
        return replace(numeral, end=half.end(), value=value + _half_value(half[0]) * numeral.scale)
    return numeral


_MINUS = str.maketrans("−–", "--")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def _half_value(words: str) -> Decimal:
    lowered = words.lower()
    return Decimal("0.75") if "three" in lowered else Decimal("0.25") if "quarter" in lowered else HALF


def _glued(text: str, end: int) -> tuple[int, int] | None:
    """End and factor of a scale glued to digits; a small "m" before what shows metres is no million."""
    match = GLUED_SCALE.match(text, end)
    if not match:
        return None
    word = match["scale"] or match["letter"]
    if word == "m" and METRES.match(text, match.end()) and not _money_before(text, end):
        return None
    if word in {"b", "t", "K", "T"} and not _money_before(text, end):
        return (match.end(), 1000) if word == "K" else None
    return match.end(), GLUED_SCALES[word.lower()]


def _money_before(text: str, end: int) -> bool:
    return bool(re.search(r"(?:[$£€¥₹]|\b[A-Z]{2,3})\s?[0-9.,]{1,12}$", text[max(0, end - 14) : end]))


def _short(number: Decimal | None) -> Decimal:
    """A fraction of ten decimals."""
    return Decimal(number or 0).quantize(Decimal("0.0000000001")).normalize()
