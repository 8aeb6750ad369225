"""How counts stand to each other and to dates and places: `of`, `was`, `as_of`, `place`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Token

from extract.facts.count.page import Candidate, Page
from extract.room import Draft
from extract.syntax import governor

_FILL = (
    r"(?:(?:the|an?|some|about|nearly|almost|more|fewer|less|than|over|at|least|around|total|of|its|their|those|these|all"
    r"|estimated|approximately|roughly|up|to|only|just|his|her|our)\s){0,6}"
)
_OF = re.compile(rf"[\s,]{{1,2}}(?:out\s)?(?:of|from\samong)\s{_FILL}", re.IGNORECASE)
_OUT_OF = re.compile(rf"\bout\sof\s{_FILL}$", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:of\s(?:which|whom|them|these|those)|among\s(?:them|whom|which|those\w*|these)|including|includes?|included)\b",
    re.IGNORECASE,
)
_COUNTED_OF = re.compile(
    r"(?:[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds))\s$", re.IGNORECASE
)
"""Before an "of them" that says of another number what it is a part of: "481 people, 64 of them children, and 109"."""
_OF_THEM = re.compile(r"\sof\s(?:them|these|those|whom|which)\b", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:from|compared\s(?:with|to)|against|versus|than\sthe)\s{_FILL}$", re.IGNORECASE)
_TO = re.compile(rf"(?:\s\w+){{0,4}}?\sto\s{_FILL}", re.IGNORECASE)
CHANGE = re.compile(
    r"\b(?:fell|falls?|fallen|falling|rose|rises?|risen|rising|drop(?:s|ped|ping)?|increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)"
    r"|went|grew|grown|grows?|growing|shr[aiu]nk|declin(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|cut|jump(?:s|ed|ing)?|climb(?:s|ed|ing)?|soar(?:s|ed|ing)?"
    r"|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|revis(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|lower(?:s|ed|ing)?|slow(?:s|ed|ing)?|surg(?:e|es|ed|ing)|swell(?:s|ed|ing)?"
    r"|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|up|down|chang(?:e|es|ed|ing)|expand(?:s|ed|ing)?|brought|edg(?:e|es|ed|ing)|slipp(?:ed|ing)|tumbl(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)
"""Words of change: what makes "from 1,420 to 1,187" two counts and not a range."""
FARTHEST = 160
"""Characters between two counts that one sentence relates."""


def relate(page: Page, candidates: Sequence[Candidate]) -> None:
    """Sets `of` and `was` of the candidates by their neighbours' ids."""
    previous: list[Candidate] = []
    for candidate in candidates:
        if candidate.kind in {"cardinal", "percent", "money", "measure"}:
            _relate_to_whole(page, candidate, previous)
            _relate_to_former(page, candidate, previous)
        previous = [*previous[-6:], candidate]


def _same_measure(one: Candidate, other: Candidate) -> bool:
    return one.kind == other.kind and (one.unit == other.unit or one.unit is None or other.unit is None)


def _id(candidate: Candidate) -> str | None:
    return candidate.draft.id if candidate.draft else None


def _relate_to_whole(page: Page, candidate: Candidate, previous: list[Candidate]) -> None:
    """Reads "115 out of 1,300", "of whom 12 are women", "547-seat parliament ... 263 seats"."""
    if candidate.kind not in {"cardinal", "percent"}:
        return
    for earlier in reversed(previous):
        if candidate.start - earlier.end > FARTHEST * 2:
            break
        gap = page.text[earlier.end : candidate.start]
        if _is_whole(page, earlier, candidate, gap):
            earlier.fields["of"] = _id(candidate)
            candidate.fields["denominator"] = True
            return
        if earlier.kind == "cardinal" and candidate.kind == "cardinal" and _is_part(page, earlier, candidate, gap):
            candidate.fields["of"] = _id(earlier)
            return


def _is_whole(page: Page, earlier: Candidate, candidate: Candidate, gap: str) -> bool:
    """Whether the later is the denominator: "N of the M", "N were outlawed, out of M"."""
    if candidate.kind != "cardinal" or earlier.kind not in {"cardinal", "percent"} or earlier.fields.get("of"):
        return False
    if earlier.kind == "cardinal" and earlier.value > candidate.value:
        return False
    if _OF.fullmatch(gap):
        return True
    if earlier.counted and _OF.fullmatch(page.text[earlier.counted[1] : candidate.start]):
        return True
    same = page.sentence_number(earlier.first) == page.sentence_number(candidate.first)
    return same and bool(_OUT_OF.search(candidate.left))


def _is_part(page: Page, earlier: Candidate, candidate: Candidate, gap: str) -> bool:
    """Whether the later is counted out of the earlier: "of whom 12", "including 13", "Of the 300, 40 were charged"."""
    if candidate.value > max(earlier.value, earlier.high or 0) or candidate.rule == "vague_plural":
        return False
    apart = page.sentence_number(candidate.first) - page.sentence_number(earlier.first)
    if _OF_THEM.match(page.text, candidate.end) or (apart == 1 and _PART.search(gap[-40:]) and "ncluding" not in gap):
        return apart <= 1
    if apart or _is_setting(page, candidate):
        return False
    said = [part for part in _PART.finditer(gap) if not _COUNTED_OF.search(gap, 0, part.start())]
    if said and (said[-1][0].lower().startswith(("of", "among")) or len(gap) - said[-1].end() < 40):
        return True
    if re.search(r"(?:^|[.\n]\s?)Of\s(?:the|some|more|an|about)\b[\w\s]{0,20}$", earlier.left) and "," in gap:
        return True
    return _shares_house(page, earlier, candidate)


def _is_setting(page: Page, candidate: Candidate) -> bool:
    """Whether a count tells where or when: "of whom 150 stay in 11 camps"."""
    if not page.parsed or candidate.head is None:
        return False
    role, preposition, _ = governor(page.doc[candidate.head])
    return role == "oblique" and preposition in _SETTING


_SETTING = frozenset({"in", "at", "on", "to", "from", "into", "across", "within", "after", "over", "through"})


def _shares_house(page: Page, earlier: Candidate, candidate: Candidate) -> bool:
    """Reads "In the 547-seat parliament they have 263 seats, the opposition has won 108"."""
    if not (earlier.compound and earlier.head is not None and page.doc[earlier.head].lower_.endswith("seat")):
        return False
    return candidate.head is None or page.doc[candidate.head].lower_ == "seats"


def _relate_to_former(page: Page, candidate: Candidate, previous: list[Candidate]) -> None:
    """Reads "fell from 1,420 to 1,187": the second `was` the first; "rose to 45, up from 12" too."""
    if not previous:
        return
    earlier = previous[-1]
    gap = page.text[earlier.end : candidate.start]
    if len(gap) > FARTHEST or page.sentence_number(earlier.first) != page.sentence_number(candidate.first):
        return
    if not _same_measure(earlier, candidate):
        return
    sentence = page.text[max(0, earlier.start - FARTHEST) : candidate.end]
    if _FROM.search(earlier.left) and _TO.search(gap) and len(gap) < 60 and CHANGE.search(sentence):
        candidate.fields["was"] = _id(earlier)
    elif _FROM.search(candidate.left) and not _OUT_OF.search(candidate.left) and CHANGE.search(sentence):
        earlier.fields["was"] = _id(candidate)


# --- dates ------------------------------------------------------------------------------------------------------------


def date_of(page: Page, candidate: Candidate) -> tuple[str | None, str | None]:
    """The id of the date at which the count stood, and its basis."""
    first, last = page.sentence(candidate.first)
    choices = [d for d in page.dates_within(first, last) if _can_date(d)]
    chosen = _stated_as_of(page, choices) or _nearest(page, candidate, choices)
    if chosen is not None:
        return chosen.id, "relative" if chosen.fields.get("anchor") else "stated"
    if candidate.category and page.doc._.published_day:
        return None, "publication"
    return None, None


def _can_date(date: Draft) -> bool:
    if date.fields.get("timex") not in {"DATE", "TIME"}:
        return False
    return bool(date.fields.get("first")) or date.fields.get("value") == "PRESENT_REF"


def _stated_as_of(page: Page, dates: list[Draft]) -> Draft | None:
    """Reads "as of 14 December"."""
    return next((d for d in dates if _AS_OF.search(page.text, max(0, d.start - 12), d.start)), None)


_AS_OF = re.compile(r"\bas\s(?:of|at|on)\s(?:the\s)?$", re.IGNORECASE)


def _nearest(page: Page, candidate: Candidate, dates: list[Draft]) -> Draft | None:
    """The date nearest to the count in its clause; one in a clause about something else is passed over."""
    if not candidate.category:
        return None
    fitting = [d for d in dates if _same_clause(page, candidate, d)]
    fitting = fitting or [
        d for d in dates if d.first > candidate.first and page.parsed and _goes_with(page, candidate, d)
    ]
    return min(fitting, key=lambda d: abs(d.first - candidate.first), default=None)


def _same_clause(page: Page, candidate: Candidate, date: Draft) -> bool:
    if abs(date.first - candidate.first) > 25:
        return False
    if not page.parsed:
        return True
    mine = _ancestors(page, candidate.head if candidate.head is not None else candidate.last - 1)
    token = page.doc[date.last - 1]
    if token.head.i > token.i and token.head.pos_ in {"NOUN", "PROPN"}:  # "the 1982 killings", "last year's average"
        return token.head.i in mine
    for _ in range(5):
        if token.pos_ in {"VERB", "AUX"}:
            return token.i in mine
        if token.head.i == token.i:
            break
        token = token.head
    return token.i in mine


def _goes_with(page: Page, candidate: Candidate, date: Draft) -> bool:
    """Whether a date belongs to what is told beside: "2 were killed and 5 hurt on Friday", "12 died when it hit".

    What is joined by "and" shares the date behind it, and so does a clause with "when" or "as" and the main one.
    """
    mine = _ancestors(page, candidate.head if candidate.head is not None else candidate.last - 1)
    token = page.doc[date.last - 1]
    verb = None if token.head.i > token.i and token.head.pos_ in {"NOUN", "PROPN"} else _verb_above(token)
    for _ in range(3):
        if verb is None or verb.head.i == verb.i:
            return False
        when = verb.dep_ == "advcl" and any(c.lower_ in {"when", "as"} and c.i < verb.i for c in verb.children)
        if verb.dep_ != "conj" and not when:
            return False
        verb = verb.head
        if verb.i in mine and verb.pos_ in {"VERB", "AUX"}:
            return True
    return False


def _verb_above(token: Token) -> Token | None:
    """The nearest verb that governs a token."""
    for _ in range(5):
        if token.pos_ in {"VERB", "AUX"}:
            return token
        if token.head.i == token.i:
            return None
        token = token.head
    return None


def _ancestors(page: Page, at: int) -> set[int]:
    """The token and what governs it, a few steps up, and the predicates beside it."""
    token, found = page.doc[at], {at}
    for _ in range(6):
        if token.head.i == token.i:
            break
        token = token.head
        found.add(token.i)
    return found


# --- places -----------------------------------------------------------------------------------------------------------

_WHERE = re.compile(
    r"\b(?:in|across|throughout|at|near|inside|outside|around|within|from|of|into)"
    r"\s(?:(?:the|northern|southern|eastern|western|central)\s){0,2}$",
    re.IGNORECASE,
)


def place_of(page: Page, candidate: Candidate) -> str | None:
    """The id of the place where what is counted is or was: the nearest after it, else before it, with a preposition."""
    if candidate.category is None and candidate.kind not in {"cardinal", "percent"}:
        return None
    first, last = page.sentence(candidate.first)
    start, end = page.doc[first].idx, page.doc[last - 1].idx + len(page.doc[last - 1])
    fitting = [
        (s, d.id)
        for s, e, d in page.places_within(start, end)
        if page.text[e : e + 1] != "-" and _WHERE.search(page.text, max(0, s - 20), s)  # no "Texas-based"
    ]
    after = [place for place in fitting if place[0] >= candidate.end]
    chosen = after[:1] or fitting[-1:]
    return chosen[0][1] if chosen else None
