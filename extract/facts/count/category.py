"""What a count measures: the event type that its sentence tells of the people or things counted.

Evidence is asked in the order of `CATEGORY_RULES`: what the sentence says of them now ("300 of them were released")
before what is said of them on the side ("who were arrested") before what they are called ("prisoners").
"""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from extract.facts.count.lexicon import Meaning, read_rows
from extract.facts.count.page import Candidate, Page
from extract.rule import Rule
from extract.syntax import (
    adnominal_clauses,
    complements,
    governor,
    is_passive,
    objects,
    obliques,
    passive_subjects,
    subjects,
)

VERBS = frozenset({"VERB", "AUX"})
_STATE_PREPOSITIONS = frozenset({"in", "behind", "on", "under", "at", "into", "to"})
_GOVERNING_PREPOSITIONS = frozenset({"of", "against", "to", "for", "on", "by", "among"})
_LIGHT = frozenset({"grant", "give", "face", "hold", "make", "await", "carry", "stage", "bring", "file", "open",
                    "issue", "impose", "order", "launch", "serve", "get", "receive", "see", "secure"})  # fmt: skip
_TALLIES = {"toll": "die", "population": "population", "turnout": "vote", "caseload": None, "number": None,
            "total": None, "tally": None, "count": None, "figure": None}  # fmt: skip
_DEMANDS = frozenset({"call", "demand", "urge", "seek", "request", "appeal", "plead", "press", "insist", "negotiate"})
_STOCKS = frozenset({"imprison", "population", "disappear"})
_SINCE = frozenset({"since", "cumulatively", "overall", "altogether"})
_SO_FAR = ("so far", "to date", "until now", "up to now", "in total", "over the years", "this year")
NEAR = 3
"""Tokens that a state or participle may stand after the counted noun: "36 people dead", "two others executed"."""
REACH = 14
"""Tokens that the fallback without a parse looks ahead for the verb."""


@cache
def meanings() -> dict[tuple[str, str], Meaning]:
    """The lexicon of categories by part and lemma."""
    return {(row.part, row.lemma): row for row in read_rows("categories.jsonl", Meaning)}


def lemma(token: Token) -> str:
    """The lemma in lower case, or the word where the model gives none."""
    return token.lemma_.lower() or token.lower_


def categorise(page: Page, candidate: Candidate) -> None:
    """Sets the candidate's category and the name of the rule that found it, and aggregation."""
    if candidate.kind in {"money", "measure"}:
        return
    for rule in CATEGORY_RULES:
        found = rule.produce(page, candidate)
        if found:
            candidate.category, candidate.evidence = found, rule.name
            break
    candidate.fields["aggregation"] = aggregation(page, candidate)


def aggregation(page: Page, candidate: Candidate) -> str | None:
    """Whether the count stands on a day (stock), happened over a period (flow) or since a day (cumulative)."""
    if candidate.category is None:
        return None
    if candidate.category in _STOCKS or (candidate.category == "flee" and candidate.evidence in {"counted_noun", "state"}):
        return "stock"
    first, last = page.sentence(candidate.first)
    words = {page.doc[i].lower_ for i in range(first, min(last, first + 120))}
    if words & _SINCE or _says_so_far(page, first, last):
        return "cumulative"
    return "flow"


def _says_so_far(page: Page, first: int, last: int) -> bool:
    ending = page.doc[last - 1]
    clause = page.text[page.doc[first].idx : min(ending.idx + len(ending), page.doc[first].idx + 600)].lower()
    return any(phrase in clause for phrase in _SO_FAR)


def base(page: Page, candidate: Candidate) -> Token:
    """The token that stands for the counted in its clause: the noun that the number depends on, else the number."""
    number = page.doc[candidate.last - 1]
    for _ in range(4):
        if number.head.i == number.i or not candidate.first <= number.head.i < candidate.last:
            break
        number = number.head
    if candidate.head is not None and not candidate.partitive and number.dep_ not in _CLAUSAL:
        return page.doc[candidate.head]
    if number.dep_.startswith("nummod") and number.head.pos_ in {"NOUN", "PROPN", "PRON"} and number.head.i > number.i:
        return number.head
    return number


_CLAUSAL = frozenset({"nsubj", "nsubj:pass", "nsubjpass", "obj", "dobj", "ROOT", "root"})


def _told(token: Token, role: str) -> str | None:
    """The category of a verb for what stands in a role to it: subject, passive, object."""
    row = meanings().get(("verb", lemma(token)))
    if row is None:
        return None
    wanted = "subject" if role == "subject" else "object"
    return row.category if row.role in {wanted, "either"} else None


def _state(token: Token) -> str | None:
    """The category of a state: "jail", "death row", "dead"."""
    table = meanings()
    before = token.nbor(-1).lower_ if token.i else ""
    row = table.get(("state", f"{before} {lemma(token)}")) or table.get(("state", lemma(token))) or table.get(("state", token.lower_))
    return row.category if row else None


def _event(token: Token) -> str | None:
    row = meanings().get(("event", lemma(token))) or meanings().get(("event", token.lower_))
    return row.category if row else None


def _called(token: Token) -> str | None:
    row = meanings().get(("counted", lemma(token)))
    return row.category if row else None


def _place_in_clause(token: Token) -> tuple[str, str, Token]:
    """The governor of a noun, seen through coordination and apposition."""
    role, preposition, head = governor(token)
    for _ in range(4):
        if role not in {"conjunct", "apposition"} or head.pos_ in VERBS:
            break
        role, preposition, head = governor(head)
    return role, preposition, head


# --- rules ------------------------------------------------------------------------------------------------------------


def by_predicate(page: Page, candidate: Candidate) -> str | None:
    """"65,000 individuals have been arrested", "killing more than 2,100", "hundreds are in detention"."""
    if not page.parsed:
        return None
    role, _, head = _place_in_clause(base(page, candidate))
    if role not in {"subject", "passive", "object"}:
        return None
    return _predicate(head, "passive" if role == "subject" and is_passive(head) else role, depth=3)


def _predicate(head: Token, role: str, *, depth: int) -> str | None:
    """What a predicate tells of its subject or object."""
    if head.pos_ not in VERBS:
        return _state(head) or (_event(head) if role != "object" else None) or _participle(head) or _stated_beside(head)
    return (
        (_killed(head) if lemma(head) == "leave" else _told(head, role))
        or _completed(head, role, depth=depth)
        or _light(head, role)
        or _stated_beside(head)
    )


def _participle(token: Token) -> str | None:
    return _told(token, "object") if token.tag_ == "VBN" else None


def _killed(leave: Token) -> str | None:
    """"The attack left 36 dead" is killing, "the flood left 36 dead" is dying."""
    state = next((s for c in leave.children if (s := _state(c))), None)
    if state == "die" and any(_event(s) in {"attack", "kill"} for s in subjects(leave)):
        return "kill"
    return state


def _completed(head: Token, role: str, *, depth: int) -> str | None:
    """"are believed to be on death row", "being shot dead", "remain missing"."""
    if depth == 0:
        return None
    for child in complements(head):
        if child.dep_ == "advcl" and child.i < head.i:
            continue
        if child.pos_ not in VERBS:
            found = _state(child) or _called(child)
        else:
            found = _predicate(child, "passive" if is_passive(child) or child.tag_ == "VBN" else role, depth=depth - 1)
        if found and (child.dep_ != "advcl" or role == "subject"):
            return found
    return None


def _light(head: Token, role: str) -> str | None:
    """"face trial": a light verb's noun."""
    if lemma(head) not in _LIGHT or role == "object":
        return None
    return next((found for noun in objects(head) if (found := _event(noun))), None)


def _stated_beside(head: Token) -> str | None:
    """"remained behind bars", "spend 90 days in detention"."""
    for preposition, noun in obliques(head):
        if preposition.lower_ in _STATE_PREPOSITIONS and (found := _state(noun)):
            return found
    return None


def by_state(page: Page, candidate: Candidate) -> str | None:
    """"36 people dead", "40 injured", "seven opponents in jail", "thousands rounded up"."""
    at = page.token_from(candidate.counted[1] if candidate.counted else candidate.end)
    for i in range(at, min(at + NEAR, len(page.doc))):
        token = page.doc[i]
        if token.lower_ in {"and", ",", ";", ".", "more", "others", "who", "that", "by"} and token.lower_ != "more" or token.pos_ == "AUX":
            return None
        if i == at or page.word(i - 1) in _STATE_PREPOSITIONS or page.word(i - 1) in {"more", "others"}:
            found = _state(token) if token.pos_ != "VERB" or token.tag_ == "VBN" else None
            found = found or (_told(token, "object") if token.tag_ == "VBN" or (token.pos_ == "ADJ" and i == at) else None)
            found = found or _state_pair(page, i)
            if found:
                return found
    return None


def _state_pair(page: Page, at: int) -> str | None:
    """"on death row", "in pretrial detention": a state of two words."""
    if at + 1 >= len(page.doc) or page.word(at - 1) not in _STATE_PREPOSITIONS:
        return None
    return _state(page.doc[at + 1]) if page.doc[at + 1].pos_ in {"NOUN", ""} else None


def by_governing_noun(page: Page, candidate: Candidate) -> str | None:
    """"the execution of four", "proceedings against forty", "granted pardons to 115"."""
    if not page.parsed:
        return None
    role, preposition, head = _place_in_clause(base(page, candidate))
    if role == "modifier" and preposition in _GOVERNING_PREPOSITIONS:
        return _unless_demanded(page, candidate, head, _event(head))
    if role == "oblique" and preposition in {"to", "on", "for", "against"}:
        return next((found for noun in [*objects(head), *passive_subjects(head)] if (found := _event(noun))), None)
    if role == "oblique" and preposition == "in":
        return next((found for noun in [*subjects(head), *passive_subjects(head)] if (found := _event(noun)) == "election"), None)
    return None


def _unless_demanded(page: Page, candidate: Candidate, noun: Token, category: str | None) -> str | None:
    """A release that is only called for leaves people where they are: in prison."""
    if category not in {"release", "pardon"}:
        return category
    asked = any(lemma(page.doc[i]) in _DEMANDS for i in range(max(0, noun.i - 6), noun.i))
    if asked and (held := by_clause(page, candidate) or by_counted_noun(page, candidate)):
        return held
    return category


def by_tally(page: Page, candidate: Candidate) -> str | None:
    """"the death toll rose to 45", "a population of 9.4 million", "the number of prisoners stands at 1,437"."""
    if not page.parsed:
        return _tally_before(page, candidate)
    role, _, head = _place_in_clause(base(page, candidate))
    nouns = [head] if role == "modifier" else [*subjects(head), *objects(head), *passive_subjects(head)] if head.pos_ in VERBS else subjects(head)
    for noun in nouns:
        if lemma(noun) in _TALLIES:
            return _tally(page, candidate, noun)
    return None


def _tally(page: Page, candidate: Candidate, noun: Token) -> str | None:
    category = _TALLIES[lemma(noun)]
    if category or candidate.head is not None:
        return category
    for preposition, counted in obliques(noun):
        if preposition.lower_ == "of":
            candidate.head = counted.i
            candidate.fields["tallied"] = counted.i
            return by_clause(page, candidate) or _called(counted)
    return None


def _tally_before(page: Page, candidate: Candidate) -> str | None:
    words = [page.word(i) for i in range(max(0, candidate.first - 6), candidate.first)]
    return next((_TALLIES[word] for word in words if _TALLIES.get(word)), None)


def by_clause(page: Page, candidate: Candidate) -> str | None:
    """"people who were arrested", "prisoners currently held", "detained activists"."""
    if candidate.head is None:
        return None
    head = page.doc[candidate.head]
    for clause in adnominal_clauses(head) if page.parsed else ():
        role = "passive" if clause.tag_ == "VBN" and not subjects(clause) or is_passive(clause) else "subject"
        found = _predicate(clause, role, depth=2)
        if found:
            return found
    return _premodified(page, candidate)


def _premodified(page: Page, candidate: Candidate) -> str | None:
    if candidate.counted is None or candidate.head is None:
        return None
    for i in range(page.token_from(candidate.counted[0]), candidate.head):
        token = page.doc[i]
        row = meanings().get(("verb", lemma(token))) or meanings().get(("state", token.lower_))
        if row and token.lower_.endswith(("ed", "en")) and row.role != "subject":
            return row.category
    return None


def by_counted_noun(page: Page, candidate: Candidate) -> str | None:
    """"1,300 political prisoners", "thousands of lawsuits", "12 deaths"."""
    if candidate.head is None or candidate.compound:
        return None
    return _called(page.doc[candidate.head])


def by_nearby_verb(page: Page, candidate: Candidate) -> str | None:
    """Without a parse: the verb right before the number, or the first participle after what is counted."""
    if page.parsed:
        return None
    for i in range(candidate.first - 1, max(-1, candidate.first - 5), -1):
        row = meanings().get(("verb", _stem(page.word(i))))
        if row and row.role != "subject":
            return row.category
    at = page.token_from(candidate.counted[1] if candidate.counted else candidate.end)
    for i in range(at, min(at + REACH, page.sentence(candidate.first)[1])):
        row = meanings().get(("verb", _stem(page.word(i))))
        if row:
            return row.category
    return None


def _stem(word: str) -> str:
    """The dictionary form that a regular past or participle points to.

    >>> [_stem(word) for word in ("arrested", "killed", "released", "killing", "freed")]
    ['arrest', 'kill', 'release', 'kill', 'free']
    """
    for suffix in ("ed", "ing", "d"):
        stem = word.removesuffix(suffix)
        for form in (stem, f"{stem}e"):
            if stem != word and ("verb", form) in meanings():
                return form
    return {"shot": "shoot", "held": "hold", "died": "die", "fled": "flee", "beaten": "beat"}.get(word, word)


CATEGORY_RULES = (
    Rule("predicate", "verb", by_predicate),
    Rule("state", "state", by_state),
    Rule("governing_noun", "event", by_governing_noun),
    Rule("tally", "event", by_tally),
    Rule("clause", "verb", by_clause),
    Rule("counted_noun", "counted", by_counted_noun),
    Rule("nearby_verb", "verb", by_nearby_verb),
)
"""What is asked for the category, in order."""
