"""Mends what the public sets mark differently from the contract, before anything is learnt from it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from extract.model.extents import trim
from extract.training.corpora import Passage

SILVER = "gmb"
# Alliances and seats of government that one set or another calls places.
ORGANISATIONS = """
    U.N.|UN|United Nations|EU|E.U.|European Union|NATO|African Union|AU|Arab League|ASEAN|OSCE|OPEC|IAEA|IMF
    |World Bank|WTO|European Commission|European Parliament|Hamas|Hezbollah|Fatah|Taliban|al-Qaida|al-Qaeda
    |Al-Qaida|White House|Kremlin|Pentagon|State Department|Congress|Senate|Security Council|Supreme Court
    |Interpol
"""
PLACES = "US|U.S.|U.S|UK|U.K.|Northern Ireland|West Bank|Gaza|Gaza Strip|Darfur|Kashmir"
ALWAYS = dict.fromkeys((n.strip() for n in ORGANISATIONS.split("|")), "ORG") | dict.fromkeys(PLACES.split("|"), "GPE")
PRIZE = re.compile(r"\b(Prize|Award|Medal|Trophy)s?$")
SCHOOL = re.compile(r"\b(University|College|Institute|Academy|School|Polytechnic)\b")
COUNTRY = re.compile(r"^(name|is_country|alpha3): *['\"]?(.*?)['\"]?$", re.M)
# A surface form of the silver set keeps its rarer label only if it is seen that often.
MINORITY = 0.25
COMMON = 4
WORD = re.compile(r"[\w.'’&-]+|\S")


def read_countries(folder: Path) -> frozenset[str]:
    """Names of the countries in a folder of rigour's territories."""
    names = set()
    for path in folder.glob("??.yml"):
        fields = dict(COUNTRY.findall(path.read_text(encoding="utf-8")))
        if fields.get("is_country") == "true":
            names.add(fields["name"])
    return frozenset(names)


def clean(passages: Iterable[Passage], countries: frozenset[str]) -> list[Passage]:
    """The passages with extents and labels brought to the contract."""
    tidied = [_tidied(p, countries) for p in passages]
    usual = _usual_labels(tidied)
    mended = [_harmonised(p, usual) if p.source == SILVER else p for p in tidied]
    adjectives = peoples(mended)
    return [_without_peoples(p, adjectives) for p in mended]


def _tidied(passage: Passage, countries: frozenset[str]) -> Passage:
    names = []
    for start, end, label in passage.names:
        first, last = _trimmed(passage.text[start:end], label)
        text = passage.text[start + first : start + last]
        if PRIZE.search(text) and label != "EVENT":
            continue  # prizes are no entities
        names.append((start + first, start + last, _label(text, label, countries)))
    return replace(passage, names=tuple(names))


def _trimmed(text: str, label: str) -> tuple[int, int]:
    matches = list(WORD.finditer(re.sub(r"(['’]s?)$", r" \1", text) if text[-2:] in ("'s", "’s") else text))
    if not matches or label in ("DATE", "LAW"):
        return 0, len(text)
    first, last = trim([m[0] for m in matches], label)
    return matches[first].start(), min(matches[last - 1].end(), len(text))


def _label(text: str, label: str, countries: frozenset[str]) -> str:
    if label in ("DATE", "LAW", "EVENT"):
        return label
    if text in ALWAYS:
        return ALWAYS[text]
    if text in countries and label in ("ORG", "NORP", "LOC", "FAC"):
        return "GPE"
    return "ORG" if label == "FAC" and SCHOOL.search(text) else label


def _usual_labels(passages: list[Passage]) -> dict[str, str]:
    """The label of each common surface form: the gold sets' where they agree, else the silver majority's."""
    gold: dict[str, Counter[str]] = defaultdict(Counter)
    silver: dict[str, Counter[str]] = defaultdict(Counter)
    for p in passages:
        for start, end, label in p.names:
            (silver if p.source == SILVER else gold)[p.text[start:end]][label] += 1
    usual = {}
    for text, counts in silver.items():
        votes = counts + gold[text] + gold[text] + gold[text]
        label, most = votes.most_common(1)[0]
        if votes.total() >= COMMON and most >= (1 - MINORITY) * votes.total():
            usual[text] = label
        elif len(gold[text]) == 1:
            usual[text] = next(iter(gold[text]))
    return usual


def _harmonised(passage: Passage, usual: dict[str, str]) -> Passage:
    names, missing = [], list(passage.missing)
    for start, end, label in passage.names:
        text = passage.text[start:end]
        if text.lower().rstrip(".") in ("mr", "mrs", "ms", "dr"):
            missing.append((start, end))
        else:
            names.append((start, end, usual.get(text, label)))
    return replace(passage, names=tuple(names), missing=tuple(missing))


def peoples(passages: list[Passage]) -> frozenset[str]:
    """Words that name a people or a creed more often than not: "Uzbek", "Soviet"."""
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for p in passages:
        for start, end, label in p.names:
            if label in ("NORP", "GPE", "LOC", "ORG"):
                counts[p.text[start:end].split()[-1]][label == "NORP"] += 1
    return frozenset(word for word, c in counts.items() if c[True] > 1 and c[True] > c[False])


def _without_peoples(passage: Passage, adjectives: frozenset[str]) -> Passage:
    """A place that ends in a people's name is a people: "Central Asian"."""
    names = [
        (s, e, "NORP" if label in ("GPE", "LOC") and passage.text[s:e].split()[-1] in adjectives else label)
        for s, e, label in passage.names
    ]
    return replace(passage, names=tuple(names))
