"""One person in many alphabets and spellings: romanisation tables, skeletons of surnames, equal given names.

A skeleton is what a name keeps through Belarusian and Russian Cyrillic, Łacinka, the official romanisations, BGN/PCGN,
Polish and English press spellings: vowels that the languages exchange (Belarusian akanne, e for ia) are one,
г is g or h, ў and final в are one. Skeletons of unrelated names do meet, so two persons are the same only when their
given names agree too, and nothing says that one is a man and the other a woman.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from extract.lexicon import rows

GIVEN_NAMES = Path(__file__).with_name("given_names.jsonl")
ROMANISATION = Path(__file__).with_name("romanisation.toml")
SCHEMES = {
    "be": ("be-passport", "be-2007", "be-lacinka", "be-bgn"),
    "ru": ("ru-press", "ru-bgn"),
    "uk": ("uk-2010",),
}

_CYRILLIC: dict[str, str] = dict(
    part.split(":", 1)
    for part in [
        "а:a",
        "б:b",
        "в:v",
        "г:h",
        "ґ:h",
        "д:d",
        "е:e",
        "ё:e",
        "ж:ž",
        "з:z",
        "и:i",
        "і:i",
        "ї:i",
        "й:i",
        "к:k",
        "л:l",
        "м:m",
        "н:n",
        "о:o",
        "п:p",
        "р:r",
        "с:s",
        "т:t",
        "у:u",
        "ў:v",
        "ф:f",
        "х:h",
        "ц:c",
        "ч:č",
        "ш:š",
        "щ:šč",
        "ъ:",
        "ы:i",
        "ь:",
        "э:e",
        "ю:iu",
        "я:ia",
        "є:e",
    ]
)
_SOFT_C = re.compile("c(?=[ie])")
_ACCENTED = str.maketrans({
    "š": "š", "ś": "s", "ž": "ž", "ż": "ž", "ź": "z", "č": "č", "ć": "c", "ł": "l", "ŭ": "v", "ў": "v", "ń": "n",
    "ë": "e", "ı": "i", "ø": "o", "đ": "d", "ß": "s",
    "'": None, "’": None, "ʼ": None, "ʹ": None, "ʺ": None, "”": None, "`": None, "´": None, ".": None,
})  # fmt: skip
_DIGRAPHS = (
    ("shch", "šč"), ("szcz", "šč"), ("kh", "h"), ("gh", "h"), ("zh", "ž"), ("sh", "š"), ("sz", "š"), ("cz", "č"),
    ("tch", "č"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("x", "ks"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "i"),
    ("g", "h"),
)  # fmt: skip
_CODA_U = re.compile(r"(?<=[aeo])u(?=[^aeiouv]|$)")
_SOFTNESS = re.compile("i+(?=[aeou])")
_DOUBLED = re.compile(r"(.)\1+")
_BACK = str.maketrans("eo", "aa")
_PATRONYMIC = re.compile(
    r"(?:[oea][vuwŭў][nł]+a|[iy]nichna|ichna|[oeai]vn[ay]|vi(?:ch|č|cz)|ович|евич|авіч|евіч|овна|евна|аўна|еўна|івна|ївна|йович|ович|ични?а)$"
)
_FEMININE = re.compile(r"(?:skaia|ckaia|ska|cka|[aoei]va|ina|aia)$")
_MASCULINE = re.compile(r"(?:sk[iy]+|ck[iy]+|[aoei]v|[oaei]ŭ|in)$")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ.-]+[^\W\d_]+)*\.?")
_VARIANTS = 8


@lru_cache(maxsize=16384)
def skeletons(word: str) -> frozenset[str]:
    """What the word keeps through the spellings of the region; several where a spelling can be read in several ways.

    >>> bool(skeletons("Бяляцкі") & skeletons("Belyatsky")), bool(skeletons("Ціханоўская") & skeletons("Tikhanovskaya"))
    (True, True)
    """
    letters = _letters(word)
    readings = {letters, f"{letters[:-1]}č"} if letters.endswith("vic") else {letters}
    if "ch" in letters:
        readings |= {r.replace("ch", "h") for r in readings}
        readings = {r.replace("ch", "č") for r in readings}
    readings |= {_SOFT_C.sub("t", r).replace("dz", "d") for r in readings}
    return frozenset(_reduced(r) for r in list(readings)[:_VARIANTS])


def _letters(word: str) -> str:
    low = word.lower().translate(_ACCENTED) if word.isascii() else _plain(word)
    for digraph, letter in _DIGRAPHS:
        low = low.replace(digraph, letter)
    return low


def _plain(word: str) -> str:
    """Latin letters in lower case, without accents but those of š, ž and č."""
    low = unicodedata.normalize("NFC", word).casefold()
    low = "".join(_CYRILLIC.get(c, c) for c in low).translate(_ACCENTED)
    kept = unicodedata.normalize("NFD", re.sub("[šžč]", lambda m: {"š": "\1", "ž": "\2", "č": "\3"}[m[0]], low))
    low = "".join(c for c in kept if not unicodedata.combining(c))
    return low.translate({1: "š", 2: "ž", 3: "č"})


def _reduced(letters: str) -> str:
    letters = _CODA_U.sub("v", letters)
    letters = f"{letters[:-2]}v" if letters.endswith("ff") else letters
    letters = _DOUBLED.sub(r"\1", letters)
    letters = _SOFTNESS.sub("", letters).translate(_BACK)
    return _DOUBLED.sub(r"\1", letters)


@dataclass(frozen=True)
class GivenName:
    """The names that count as one with a given name, by class, and their gender; None where both occur."""

    classes: frozenset[int]
    gender: str | None


@cache
def given_names(path: Path = GIVEN_NAMES) -> dict[str, GivenName]:
    """Form in lower case -> given name.

    Raises:
        DataFileError: a line is no JSON object with `gender` and `forms`.
    """
    found: dict[str, tuple[set[int], set[str]]] = {}
    for number, gender, forms in rows(path, _given, kind="given name", expected="gender, forms"):
        for form in forms:
            classes, genders = found.setdefault(form.casefold(), (set(), set()))
            classes.add(number)
            genders.add(gender)
    return {f: GivenName(frozenset(c), min(g) if len(g) == 1 else None) for f, (c, g) in found.items()}


def _given(line: str, number: int) -> tuple[int, str, list[str]]:
    row = json.loads(line)
    return number, row["gender"], [str(form) for form in row["forms"]]


@cache
def _by_skeleton() -> dict[str, GivenName]:
    table: dict[str, GivenName] = {}
    for form, name in given_names().items():
        for skeleton in skeletons(form):
            known = table.get(skeleton)
            if known is None:
                table[skeleton] = name
            elif known != name:
                gender = known.gender if known.gender == name.gender else None
                table[skeleton] = GivenName(known.classes | name.classes, gender)
    return table


@lru_cache(maxsize=16384)
def given_name(word: str) -> GivenName | None:
    """The given name that the word is, in any spelling of it, or None.

    >>> given_name("Siarhei").gender, given_name("Сяргей").classes == given_name("Sergei").classes
    ('m', True)
    """
    exact = given_names().get(word.casefold())
    if exact:
        return exact
    return next((_by_skeleton()[s] for s in sorted(skeletons(word)) if len(s) > 3 and s in _by_skeleton()), None)


@dataclass(frozen=True)
class PersonName:
    """A person's name taken apart. `given` is empty where only a surname is there."""

    given: tuple[str, ...]
    surname: tuple[str, ...]
    gender: str | None


@lru_cache(maxsize=16384)
def person_name(text: str) -> PersonName:
    """The name taken apart: given names first, or last where only the last word is a known one; no patronymic.

    >>> person_name("Bialiatski Ales Viktaravich")
    PersonName(given=('Ales',), surname=('Bialiatski',), gender='m')
    """
    family_first = "," in text
    parts = [p for p in _WORD.findall(text) if p.casefold().rstrip(".") not in {"jr", "sr", "ii", "iii"}]
    if len(parts) > 2:
        parts = _without_patronymic(parts)
    if len(parts) < 2:
        return PersonName((), tuple(parts), surname_gender(parts[-1]) if parts else None)
    if family_first or (given_name(parts[0]) is None and given_name(parts[-1]) is not None and len(parts) == 2):
        parts = [*parts[1:], parts[0]]
    known = given_name(parts[0])
    gender = (known.gender if known else None) or surname_gender(parts[-1])
    return PersonName(tuple(parts[:-1]), (parts[-1],), gender)


def _without_patronymic(parts: list[str]) -> list[str]:
    for i in (1, 2):
        if _PATRONYMIC.search(parts[i].casefold()) and given_name(parts[i - 1]) and len(parts[i]) > 5:
            return parts[:i] + parts[i + 1 :]
    return parts


def surname_gender(surname: str) -> str | None:
    """The gender that an East Slavic surname's ending shows, or None.

    >>> surname_gender("Tsikhanouskaya"), surname_gender("Tsikhanouski"), surname_gender("Losik")
    ('f', 'm', None)
    """
    letters = _CODA_U.sub("v", _letters(surname))
    if len(letters) < 5:
        return None
    if _FEMININE.search(letters) and not letters.endswith(("shina", "mina")):
        return "f"
    return "m" if _MASCULINE.search(letters) else None


def same_person(a: str, b: str) -> bool:
    """Whether two full names may be one person's: surnames and given names agree, genders don't contradict.

    >>> same_person("Ihar Losik", "Igor Losik"), same_person("Ihar Losik", "Darya Losik")
    (True, False)
    >>> same_person("Ales Bialiatski", "Александр Беляцкий")
    True
    """
    first, second = person_name(a), person_name(b)
    if first.gender and second.gender and first.gender != second.gender:
        return False
    return _same_surname(first.surname, second.surname) and _same_given(first.given, second.given)


def _same_surname(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if not a or not b:
        return False
    return _agree(a[-1].split("-"), b[-1].split("-"))


def _agree(a: list[str], b: list[str]) -> bool:
    """Whether the parts agree one by one; of a double name one part may stand alone."""
    if len(a) > len(b):
        a, b = b, a
    return all(any(stems(x) & stems(y) for y in b) for x in a)


@lru_cache(maxsize=16384)
def stems(surname: str) -> frozenset[str]:
    """The skeletons without the endings of gender."""
    return frozenset(_stem(s) for s in skeletons(surname))


def _stem(skeleton: str) -> str:
    for ending, stem in (("ska", "sk"), ("ski", "sk"), ("cka", "ck"), ("cki", "ck"), ("ava", "av"), ("ina", "in")):
        if skeleton.endswith(ending) and len(skeleton) > len(ending) + 1:
            return skeleton[: -len(ending)] + stem
    return skeleton


def _same_given(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if not a or not b:
        return True
    return _equivalent(a[0], b[0]) and all(_equivalent(x, y) for x, y in zip(a[1:], b[1:], strict=False))


def _equivalent(a: str, b: str) -> bool:
    if _is_initial(a) or _is_initial(b):
        return bool(_initials(a) & _initials(b))
    first, second = given_name(a), given_name(b)
    if first and second:
        return bool(first.classes & second.classes)
    return bool(skeletons(a) & skeletons(b))


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1


def _initials(word: str) -> frozenset[str]:
    """First letters, in skeleton, of the name and of the names that count as one with it."""
    known = None if _is_initial(word) else given_name(word)
    forms = [f for f, name in given_names().items() if name.classes & known.classes] if known else [word]
    return frozenset(_letters(f.rstrip("."))[:1].translate(_BACK) for f in forms)


@dataclass(frozen=True)
class _Table:
    letters: dict[str, tuple[str, str]]
    pairs: tuple[tuple[re.Pattern[str], str], ...]
    start: bool


@cache
def _tables(path: Path = ROMANISATION) -> dict[str, _Table]:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: _Table(dict(_letter_rows(t["letters"])), tuple(_pairs(t.get("pairs", ""))), t.get("start", False))
        for name, t in raw.items()
    }


def _letter_rows(line: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for part in line.split():
        letter, _, latin = part.partition(":")
        after, _, other = latin.partition("/")
        yield letter, (after, other or after)


def _pairs(line: str) -> Iterator[tuple[re.Pattern[str], str]]:
    for part in line.split():
        raw, _, written = part.partition(":")
        yield re.compile(f"{re.escape(raw.rstrip('$'))}{'$' if raw.endswith('$') else ''}"), written


def romanise(text: str, scheme: str) -> str:
    """The Cyrillic text in Latin letters by a scheme of romanisation.toml.

    >>> romanise("Алесь Бяляцкі", "be-passport"), romanise("Алесь Бяляцкі", "be-lacinka")
    ('Ales Bialiatski', 'Aleś Bialacki')
    >>> romanise("Беляцкий", "ru-press"), romanise("Володимир Зеленський", "uk-2010")
    ('Belyatsky', 'Volodymyr Zelenskyi')
    """
    return " ".join(_romanised_word(word, _tables()[scheme]) for word in text.split())


def _romanised_word(word: str, table: _Table) -> str:
    out = ""
    opening = "-" if table.start else "аеёиіоуўыэюяєїьъ'-"
    previous = "-"
    for char in word.lower():
        after, other = table.letters.get(char, (char, char))
        out += other if previous in opening else after
        previous = char
    for pattern, written in table.pairs:
        out = pattern.sub(written, out)
    out = unicodedata.normalize("NFC", out)
    return "-".join(part[:1].upper() + part[1:] for part in out.split("-")) if word[:1].isupper() else out


def romanisations(text: str, language: str) -> list[str]:
    """The Latin forms that a Cyrillic name of a language (`be`, `ru`, `uk`) takes, without repetition."""
    return list(dict.fromkeys(romanise(text, scheme) for scheme in SCHEMES.get(language, ())))


def is_cyrillic(text: str) -> bool:
    """Whether the text holds a Cyrillic letter."""
    return any("Ѐ" <= c <= "ԯ" for c in text)
