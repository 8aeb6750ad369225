"""Numbers that count nothing, each with the reason. A rule looks at the words left and right of the number."""

from __future__ import annotations

import re

from spacy.tokens import Token

from extract.facts.count.page import Candidate, Page
from extract.facts.count.patterns import (
    AGE,
    AGE_CHAIN,
    AGE_END,
    AGE_SAID,
    CLOCK,
    CLOCK_COLON,
    COUNTER,
    DECADE,
    FOOTNOTE,
    IDENTIFIER,
    IDIOMS,
    LAW,
    LIST_NUMBER,
    LIST_NUMBER_END,
    MULTIPLE_STOPS,
    NAMED_GROUP,
    NEVER_COUNTS,
    ONE_COMPARED,
    ONE_COUNTS,
    ONE_LEFT,
    ONE_PERSON,
    ONE_STOPS,
    ONE_SUFFERED,
    ORDINAL,
    PHONE,
    RANK,
    SCORE_WORD,
    SENTENCE_END,
    SINGULAR_LAW,
    SLASHED,
    STREET,
    TIME_UNIT,
    YEAR_RANGE,
)
from extract.rule import Rule

WORDS = frozenset({"words", "fraction", "vague_plural"})


def too_long(_page: Page, candidate: Candidate) -> bool:
    return candidate.numeral.value is None


def in_address(page: Page, candidate: Candidate) -> bool:
    last = page.memory.get("address")
    if last is None or last[0] != candidate.first:  # one token may hold thousands of numbers
        last = page.memory["address"] = candidate.first, _is_address(page.doc[candidate.first])
    return bool(last[1])


def _is_address(token: Token) -> bool:
    return bool(token.like_url or token.like_email or token.text[:1] in "#@" or "://" in token.text)


def glued(_page: Page, candidate: Candidate) -> bool:
    """Whether it is like "spring96", "COVID-19", "B52", "G20", "5G", "A4", "12345,678"."""
    before, after = candidate.left[-2:], candidate.right[:2]
    if candidate.numeral.rule in WORDS or candidate.kind == "money":
        return False
    if before[-1:].isalnum() or before[-1:] == "_" or (before[-1:] in ".,:" and before[:1].isdigit()):
        return True
    if re.search(r"[A-Za-z][-‑]$", before) and not re.search(
        r"(?:sub|minus|mid|all|pre|non|plus|to|and|or)[-‑]$", candidate.left, re.IGNORECASE
    ):
        return True
    return (
        bool(re.match(r"(?:[A-Za-z](?![a-z])|[A-Za-z]{1,3}[0-9]|_)", after + candidate.right[2:4]))
        and candidate.kind == "cardinal"
    )


def ordinal(_page: Page, candidate: Candidate) -> bool:
    return candidate.numeral.rule == "digits" and bool(ORDINAL.match(candidate.right))


def idiom(page: Page, candidate: Candidate) -> bool:
    around = page.text[max(0, candidate.start - 4) : candidate.end + 4]
    return any(IDIOMS.match(word.strip(".,;:()\"'“”’")) for word in around.split()) and bool(
        re.search(r"/|911|999", around)
    )


def clock(_page: Page, candidate: Candidate) -> bool:
    if candidate.numeral.rule in WORDS or candidate.kind != "cardinal":
        return False
    if re.search(r"[0-9][:]$", candidate.left) or CLOCK_COLON.match(candidate.right):
        return True
    return not candidate.right.startswith((".", ":")) and bool(CLOCK.match(candidate.right))


def slashed(_page: Page, candidate: Candidate) -> bool:
    """Whether it is like "3/4", "12/14/2022", "and/or"; a fraction that the room reads itself never comes here."""
    return bool(SLASHED.match(candidate.right)) or bool(re.search(r"[0-9][/⁄]$", candidate.left))


def score(_page: Page, candidate: Candidate) -> bool:
    """Whether it is like "won 2-0", "6-4, 7-5", "voted 95-3", "3 to 1"."""
    if candidate.numeral.rule in WORDS or candidate.kind != "cardinal" or candidate.high is not None:
        return False
    right = re.match(r"\s?[-–‐]\s?([0-9]{1,3})\b(?!\s?%)", candidate.right)
    left = re.search(r"(?<![0-9.,])([0-9]{1,3})\s?[-–‐]\s?$", candidate.left)
    if right or left:
        return True
    after, before = _SCORE_TO.match(candidate.right), _SCORE_OF.search(candidate.left)
    return bool(after and SCORE_WORD.search(candidate.left[-40:])) or bool(
        before and _SCORE_ENDS.match(candidate.right) and SCORE_WORD.search(candidate.left[-46:])
    )


_SCORE_ENDS = re.compile(r"(?!\s[a-z])|\s(?:at|in|on|to|over|against|away|after|and|with|by|from|before)\b")
_SCORE_TO = re.compile(rf"\sto\s[0-9]{{1,2}}\b(?:{_SCORE_ENDS.pattern})")
_SCORE_OF = re.compile(r"\b[0-9]{1,2}\sto\s$")


def phone(page: Page, candidate: Candidate) -> bool:
    if candidate.numeral.rule in WORDS or candidate.kind != "cardinal":
        return False
    window = page.text[max(0, candidate.start - 14) : candidate.end + 16]
    return any(
        sum(c.isdigit() for c in m[0]) >= 9
        and re.search(r"[-()+]", m[0])
        and page.text[candidate.start : candidate.end] in m[0]
        for m in PHONE.finditer(window)
    )


def version(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "2.0", "1.2.3", "19.23"."""
    written = page.text[candidate.numeral.start : candidate.numeral.end]
    if re.match(r"\.[0-9]", candidate.right) or re.search(r"[0-9]\.$", candidate.left):
        return True
    if candidate.kind != "cardinal" or candidate.numeral.rule != "digits" or "." not in written:
        return False
    return bool(re.search(r"\b[A-Z][\w-]*\s$", candidate.left)) and candidate.counted is None and len(written) <= 4


def law(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "Article 361", "Articles 10, 19 and 21", "Resolution No. 2202"."""
    if candidate.kind != "cardinal" or not LAW.search(candidate.left):
        return False
    return not (SINGULAR_LAW.search(candidate.left) and _followed(page, candidate))


def identifier(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "Flight 4978", "Room 12", "COVID 19", "top 10"."""
    if candidate.kind != "cardinal":
        return False
    near = max(0, len(candidate.left) - LONGEST_IDENTIFIER)
    if NEVER_COUNTS.search(candidate.left, near):
        return True
    return bool(IDENTIFIER.search(candidate.left, near)) and not (
        _plural_follows(page, candidate) or _is_told(page, candidate)
    )


def _is_told(page: Page, candidate: Candidate) -> bool:
    """Whether it is written as no identifier is ("340,000", "3 million"), or what a verb says ("they number 340")."""
    numeral, before = candidate.numeral, candidate.first - 1
    if numeral.rule == "multiplied" or "," in page.text[numeral.start : numeral.end]:
        return True
    return page.word(before) in {"number", "block"} and page.doc[before].pos_ == "VERB"


LONGEST_IDENTIFIER = 36
"""More characters than any words before the number of a thing have: "postcode number", "Kilometre No."."""


def named_group(_page: Page, candidate: Candidate) -> bool:
    """Whether it is like "Group of Seven", "Gang of Four", "G-20"."""
    return bool(NAMED_GROUP.search(candidate.left))


def in_name(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "Channel 4" or "Five Eyes": inside a name, or after one with nothing counted."""
    if candidate.kind in {"money", "measure"}:
        return False
    if page.names.overlap(candidate.start, candidate.end):
        return _name_holds(page, candidate)
    if page.ents.overlap(candidate.start, candidate.end) and _name_holds(page, candidate):
        return True
    if candidate.numeral.rule == "words":
        return _opens_name(page, candidate)
    return candidate.numeral.rule == "digits" and candidate.first > 0 and _beside_name(page, candidate)


def _opens_name(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "the Seven Sisters": capitalised inside a sentence that is no headline."""
    word = page.doc[candidate.first]
    first, last = page.sentence(candidate.first)
    if not word.is_title or candidate.first <= first or word.text == "One":
        return False
    before = page.doc[candidate.first - 1]
    return (
        _capital_follows(page, candidate)
        and not before.is_punct
        and not before.is_space
        and not _headline(page, first, last)
    )


def _beside_name(page: Page, candidate: Candidate) -> bool:
    if candidate.kind != "cardinal":
        return False
    if candidate.counted is not None:
        inside = candidate.start < page.memory.get("counted", 0)
        return _capital_follows(page, candidate) and (inside or _names_one_thing(page, candidate))
    return _follows_name(page, candidate, page.sentence(candidate.first)[0])


def _follows_name(page: Page, candidate: Candidate, first: int) -> bool:
    """Whether it is like "Camp 14", after a capital that opens no sentence; "In Minsk 300 were held" counts."""
    before = page.doc[candidate.first - 1]
    capital = (before.is_title or before.is_upper) and before.is_alpha
    if not capital or page.in_date(before) or (candidate.first - 1 <= first and before.pos_ != "PROPN"):
        return False
    if candidate.value <= OLDEST and page.persons.overlap(before.idx, before.idx + 1):
        return True
    if page.names.overlap(before.idx, before.idx + 1):
        return bool(re.match(r"[.,;:)]|$", candidate.right))
    return before.pos_ in {"PROPN", "NOUN", "ADJ", ""}


def _names_one_thing(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "787 Dreamliner", "11 Pro Max": digits before one capitalised singular."""
    head = page.doc[candidate.head] if candidate.head is not None else None
    if "," in page.text[candidate.numeral.start : candidate.numeral.end]:
        return False
    return head is not None and head.tag_ == "NNP" and head.is_title and candidate.value > 1


def _name_holds(page: Page, candidate: Candidate) -> bool:
    stretch = page.names.around(candidate.start, candidate.end) or page.ents.around(candidate.start, candidate.end)
    if stretch is None:
        return False
    inner = page.text[stretch[0] : stretch[1]]
    if stretch[0] < candidate.start and re.search(r"\w", page.text[stretch[0] : candidate.start]):
        return True
    after = page.text[candidate.end : stretch[1]].split()
    if len(inner.split()) < 2 or not after or not after[0][:1].isupper():
        return False
    opens = candidate.first == page.sentence(candidate.first)[0]
    return (
        candidate.numeral.rule == "digits"
        or candidate.kind == "percent"
        or (page.text[candidate.start].isupper() and not opens)
    )


def _capital_follows(page: Page, candidate: Candidate) -> bool:
    return candidate.last < len(page.doc) and page.doc[candidate.last].is_title


def _headline(page: Page, first: int, last: int) -> bool:
    """Whether most words of a sentence are capitalised, as in a headline."""
    words = [t for t in page.doc[first : min(last, first + 40)] if t.is_alpha and len(t) > 3]
    return len(words) > 2 and sum(t.is_title or t.is_upper for t in words) >= 0.7 * len(words)


def list_number(_page: Page, candidate: Candidate) -> bool:
    if candidate.numeral.rule != "digits" or candidate.kind != "cardinal":
        return False
    if LIST_NUMBER.search(candidate.left) and LIST_NUMBER_END.match(candidate.right):
        return True
    return (
        bool(re.search(r"[\[(]$", candidate.left)) and bool(FOOTNOTE.match(candidate.right)) and candidate.value < 100
    )


def counter(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "180 views" in a line of its own: boilerplate."""
    if not COUNTER.match(candidate.right):
        return False
    start = page.text.rfind("\n", max(0, candidate.start - 120), candidate.start) + 1
    end = page.text.find("\n", candidate.end, candidate.end + 120)
    line = page.text[start : end if end >= 0 else candidate.end + 120]
    return len(line) < 110 and not SENTENCE_END.search(line)


def street(_page: Page, candidate: Candidate) -> bool:
    return candidate.numeral.rule == "digits" and candidate.kind == "cardinal" and bool(STREET.match(candidate.right))


def age(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "aged 66", "Senard, 65, now", "an age of 21"."""
    if candidate.kind != "cardinal" or candidate.value > OLDEST:
        return False
    if AGE.search(candidate.left) or AGE_CHAIN.search(candidate.left):
        return not _plural_follows(page, candidate)
    if AGE_SAID.search(candidate.left) and candidate.counted is None and AGE_END.match(candidate.right):
        return True
    return candidate.numeral.rule == "digits" and _ages_a_name(page, candidate)


OLDEST = 120
"""Larger numbers are no one's age."""


def _ages_a_name(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "Senard, 65, now" or "Petrova (45)"."""
    aside = re.match(r"\s?(?:[,;)]|and\b)", candidate.right) and re.search(r"[\w.’']\s?[,(]\s?$", candidate.left)
    if not aside or candidate.value != candidate.value.to_integral_value():
        return False
    name = page.doc[page.token_at(max(0, candidate.start - 3))]
    return name.is_title and name.pos_ in {"PROPN", ""}


def duration(_page: Page, candidate: Candidate) -> bool:
    if candidate.kind != "cardinal":
        return False
    return bool(TIME_UNIT.match(candidate.right) or _OF_YEARS.match(candidate.right))


_OF_YEARS = re.compile(
    r"\s(?:out\s)?of\s(?:the\s|its\s|his\s|her\s)?(?:last|past|first|next|previous)\s\w{1,10}\s(?:years|months|weeks|days)\b"
)
"""Behind 6 in "for 6 of the past 11 years"."""


def decade(_page: Page, candidate: Candidate) -> bool:
    """Whether it is like "1990s", "in his 30s"."""
    return (
        candidate.numeral.rule == "digits"
        and candidate.kind == "cardinal"
        and bool(DECADE.match(candidate.right))
        and not candidate.right.startswith(("' ", "’ "))
    )


def year(page: Page, candidate: Candidate) -> bool:
    """Whether it is a bare 1500 to 2199 with nothing counted after it, or the end of "2008-9"."""
    written = page.text[candidate.numeral.start : candidate.numeral.end]
    if candidate.kind != "cardinal" or not written.isdigit() or len(written) > 4:
        return False
    if candidate.comparator != "exact" and not (candidate.comparator == "about" and _YEAR_ENDS.match(candidate.right)):
        return False
    if YEAR_RANGE.search(candidate.left):
        return True
    return len(written) == 4 and 1500 <= candidate.value <= 2199 and not _plural_follows(page, candidate)


_YEAR_ENDS = re.compile(r"\s?[,.;)]")
"""Behind a year that is only guessed: "around 1565,"."""


def dated(page: Page, candidate: Candidate) -> bool:
    """Whether it is the day behind a month that no date holds: "until last July 18"."""
    if candidate.numeral.rule != "digits" or candidate.counted is not None or candidate.value > LONGEST_MONTH:
        return False
    before = page.doc[candidate.first - 1] if candidate.first else None
    return before is not None and before.text in _MONTHS and page.in_date(before)


_MONTHS = frozenset({"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                     "November", "December"})  # fmt: skip
LONGEST_MONTH = 31
_TOP_OF = re.compile(r"\s(?:of|in)\b")
"""Behind "the top 5": a place among others, whatever they are."""


def rank(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "top 10", "number one", "bottom three"."""
    return (
        candidate.kind == "cardinal"
        and bool(RANK.search(candidate.left))
        and not (candidate.counted and not _TOP_OF.match(candidate.right))
        and not _is_told(page, candidate)
    )


def multiple(_page: Page, candidate: Candidate) -> bool:
    """Whether it is like "two-way", "three-pronged", "one-off", "twofold", "double-digit"."""
    if _FOLD.match(candidate.right):
        return True
    hyphened = re.match(r"[-‑]([A-Za-z]+)", candidate.right)
    if not hyphened or candidate.kind != "cardinal":
        return False
    return candidate.value == 1 or hyphened[1].lower() in MULTIPLE_STOPS


_FOLD = re.compile(r"[-‑]?\s(?:to|or)\s[a-z]{3,8}[-‑]?fold\b")


def one_of(page: Page, candidate: Candidate) -> bool:
    return _is_one(page, candidate) and bool(re.match(r"\sof\s", candidate.right))


def pronoun(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "no one", "one must", "the one who": "one" that counts nothing."""
    if not _is_one(page, candidate):
        return False
    if ONE_COMPARED.search(candidate.left):
        return True
    if candidate.comparator != "exact" or ONE_COUNTS.search(candidate.left):
        return bool(ONE_PERSON.match(candidate.right))
    word = page.word(candidate.first - 1)
    if word in ONE_LEFT or word in {"'s", "’s"}:
        return candidate.counted is None or word in {"no", "any", "every", "each", "some", "another"}
    if candidate.counted is None:
        return not ONE_SUFFERED.match(candidate.right)
    return _one_idiom(page, candidate)


def _one_idiom(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "at one point", "on the one hand", "one another"."""
    following = page.word(candidate.last)
    if following == "hand":
        return bool(re.search(r"\bon\s(?:the\s)?$", candidate.left, re.IGNORECASE))
    head = page.doc[candidate.head] if candidate.head is not None else None
    if head is not None and head.tag_ == "NNP" and page.doc[candidate.last].tag_ == "NNP" and head.i > candidate.last:
        return True
    return following in ONE_STOPS or (head is not None and head.tag_ in {"NNS", "NNPS"} and not candidate.compound)


def vague_idiom(page: Page, candidate: Candidate) -> bool:
    """Whether it is like "test scores": "scores" counts before "of" or what was done to them, "tens" never."""
    word = page.text[candidate.numeral.start : candidate.numeral.end].lower()
    if word == "scores":
        return not re.match(r"\s(?:of|more|were|have|had|are|dead|killed|injured|arrested|detained)\b", candidate.right)
    return word == "tens"


def _is_one(page: Page, candidate: Candidate) -> bool:
    return page.text[candidate.numeral.start : candidate.numeral.end].lower() == "one" and candidate.high is None


def _followed(_page: Page, candidate: Candidate) -> bool:
    return candidate.counted is not None


def _plural_follows(page: Page, candidate: Candidate) -> bool:
    if candidate.head is None or candidate.counted is None:
        return False
    head = page.doc[candidate.head]
    return (
        head.tag_ in {"NNS", "NNPS"}
        or (not head.tag_ and head.lower_.endswith("s"))
        or head.lower_ in {"people", "men", "women", "children"}
    )


EARLY = (
    Rule("identifier_too_long", "a run of digits too long to count anything", too_long),
    Rule("address", "part of a web address, mail address or tag", in_address),
    Rule("glued", "glued to letters: part of an identifier", glued),
    Rule("idiom", "a fixed expression", idiom),
    Rule("ordinal", "an ordinal", ordinal),
    Rule("clock", "a clock time", clock),
    Rule("slashed", "part of a date or fraction written with a slash", slashed),
    Rule("score", "a score", score),
    Rule("phone", "part of a telephone number", phone),
    Rule("list_number", "the number of a list item or footnote", list_number),
    Rule("counter", "a view or share counter: boilerplate", counter),
    Rule("decade", "a decade", decade),
    Rule("duration", "a duration or an age", duration),
    Rule("street", "part of an address", street),
    Rule("named_group", "part of a name", named_group),
    Rule("vague_idiom", "a word with another sense", vague_idiom),
    Rule("multiple", "part of a compound that counts nothing", multiple),
)
"""Asked before it is known what is counted. The pattern is the reason that the issues file gives."""

LATE = (
    Rule("law", "the number of a law, an article or a document", law),
    Rule("identifier", "the number of a thing, not a count of things", identifier),
    Rule("day", "the day of a month", dated),
    Rule("rank", "a rank", rank),
    Rule("version", "a version or section number", version),
    Rule("name", "part of a name", in_name),
    Rule("age", "an age", age),
    Rule("year", "a year", year),
    Rule("one_of", '"one of" singles out, it counts nothing', one_of),
    Rule("pronoun", '"one" as a pronoun', pronoun),
)
"""Asked once the counted phrase and the comparator are known."""
