"""Where a name begins and ends: no determiner, title or honorific before it, no possessive mark after it."""

from __future__ import annotations

from collections.abc import Sequence

DETERMINERS = frozenset("the a an this that these those his her its their our my your".split())
POSSESSIVES = frozenset(("'s", "’s", "'", "’", "`s"))
HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof sir dame lord lady madam madame mme monsieur señor señora sheikh sheik hajji "
    "rev reverend father fr sister brother pope archbishop bishop cardinal imam ayatollah rabbi".split()
)
OFFICES = frozenset(
    "president vice-president premier chancellor minister secretary chairman chairwoman chairperson chair speaker senator sen "
    "congressman congresswoman representative rep governor gov mayor judge justice prosecutor ambassador commissioner "
    "general gen lieutenant lt colonel col major maj captain capt sergeant sgt corporal private admiral adm commander "
    "marshal brigadier brig officer inspector detective professor doctor director spokesman spokeswoman spokesperson "
    "leader activist journalist lawyer attorney coach king queen prince princess emperor empress tsar czar sultan emir "
    "duke duchess count countess baron baroness warlord dictator comrade citizen candidate".split()
)
RANKS = frozenset("vice deputy prime foreign interior defense defence finance former ex first acting senior chief attorney major lieutenant brigadier".split())
TITLES = HONORIFICS | OFFICES
# A title that is a name as often: "Major" (John Major), "Pope", "King", "Prince" are stripped before a
# further name only, as every title is: "King" alone stays.


def trim(words: Sequence[str], label: str) -> tuple[int, int]:
    """The part of `words` that is the name: (start, end).

    >>> trim(["the", "Supreme", "Court", "'s"], "ORG")
    (1, 3)
    >>> trim(["Prime", "Minister", "Boris", "Johnson"], "PERSON")
    (2, 4)
    >>> trim(["Mr.", "King"], "PERSON")
    (1, 2)
    """
    start, end = 0, len(words)
    while end - start > 1 and words[end - 1].lower() in POSSESSIVES:
        end -= 1
    while end - start > 1 and words[start].lower() in DETERMINERS:
        start += 1
    return (start + titles(words[start:end]), end) if label == "PERSON" else (start, end)


def titles(words: Sequence[str]) -> int:
    """How many words at the front are titles; never all of them.

    >>> titles(["Pope", "Francis"]), titles(["Prince"]), titles(["Foreign", "Minister", "Lavrov"])
    (1, 0, 2)
    """
    count = 0
    for i, word in enumerate(words[:-1]):
        bare = word.lower().rstrip(".")
        if bare in TITLES:
            count = i + 1
        elif bare not in RANKS:
            break
    return count
