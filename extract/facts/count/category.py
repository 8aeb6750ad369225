"""What a count measures: the event type that its sentence tells of the people or things counted.

Evidence is asked in the order of `CATEGORY_RULES`: what the sentence says of them now ("300 of them were released")
before what is said of them on the side ("who were arrested") before what they are called ("prisoners").
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from extract.facts.count.clause import STATE_PREPOSITIONS, VERBS, goes_on, predicate, stated_beside
from extract.facts.count.counted import phrase, take_tallied
from extract.facts.count.meaning import (
    PEOPLE,
    by_violence,
    called,
    event_of,
    lemma,
    meanings,
    of_case,
    state_of,
    stem,
    told,
)
from extract.facts.count.page import Candidate, Page
from extract.facts.count.patterns import AFTER
from extract.rule import Rule
from extract.syntax import (
    adnominal_clauses,
    governor,
    is_passive,
    is_relative,
    objects,
    obliques,
    passive_subjects,
    subjects,
)

_HELD_IN = STATE_PREPOSITIONS - {"into", "to"} | {"more", "others"}
_GOVERNING_PREPOSITIONS = frozenset({"of", "against", "to", "for", "on", "by", "among"})
_TALLIES = {"toll": "die", "population": "population", "turnout": "vote", "crowd": "protest", "caseload": None,
            "number": None, "total": None, "tally": None, "count": None, "figure": None}  # fmt: skip
_DEMANDS = frozenset({"call", "demand", "urge", "seek", "request", "appeal", "plead", "press", "insist", "negotiate"})
_STOCKS = frozenset({"imprison", "population", "disappear"})
_ARRIVES = frozenset({"arrived", "reached", "crossed", "entered", "landed", "returned", "arrive", "cross", "enter"})
_SINCE = frozenset({"since", "cumulatively", "overall", "altogether"})
_SO_FAR = ("so far", "to date", "until now", "up to now", "in total", "over the years")
NEAR = 3
"""Tokens that a state or participle may stand after the counted noun: "36 people dead", "two others executed"."""
REACH = 14
"""Tokens that the fallback without a parse looks ahead for the verb."""


def categorise(page: Page, candidate: Candidate) -> None:
    """Sets the candidate's category, the name of the rule that found it, and its aggregation.

    A whole that a part is taken "of" is asked for its own clause and noun alone: of "115 out of 1,300 prisoners were
    released", the prisoners are imprisoned.
    """
    if candidate.compound:
        return
    candidate.fields["capacity"] = bool(_CAPACITY.search(candidate.left))
    for rule in () if candidate.fields["capacity"] else _rules_for(candidate):
        found = rule.produce(page, candidate)
        if found:
            candidate.category, candidate.evidence = _crowd(page, candidate, found), rule.name
            break
    take_tallied(page, candidate)
    candidate.fields["aggregation"] = aggregation(page, candidate)


_ABOUT = r"(?:(?:about|around|over|some|up\sto|more\sthan|at\sleast|only|just|nearly|almost|the|an?|another)\s){0,3}"
_CAPACITY = re.compile(
    rf"\b(?:(?:built|designed|meant|intended|laid\sout|room|space|beds|places|seats)\sfor|capacity\s(?:of|for|is|was))\s{_ABOUT}$",
    re.IGNORECASE,
)
"""Before what a place is made for, whoever is in it: "built for 24,000 inmates"."""


_FRONTED = re.compile(r"(?:^|[.\n\"“”]\s?)Of\s(?:the|some|those|these)\s$")
"""Before a whole that opens its sentence: "Of the three colonels, one is dead"."""


def _crowd(page: Page, candidate: Candidate, found: str) -> str:
    """Reads "thousands demanded his resignation" as a protest: a crowd that demands is one."""
    marches = candidate.head is not None and called(page.doc[candidate.head]) == "protest"
    many = candidate.rule == "vague_plural" and candidate.value >= CROWD
    return "protest" if found == "demand" and (marches or many) else found


CROWD = 200
"""So many whose number nobody counted are no signatories: "hundreds"."""


def _rules_for(candidate: Candidate) -> tuple[Rule, ...]:
    """The rules in the order in which to ask them."""
    if candidate.kind in {"money", "measure"}:
        return MONEY_RULES
    if candidate.fields.get("denominator") or _FRONTED.search(candidate.left):
        return WHOLE_RULES if candidate.counted else ELIDED_WHOLE_RULES
    return CATEGORY_RULES if candidate.counted else ELIDED_RULES


def aggregation(page: Page, candidate: Candidate) -> str | None:
    """Whether the count stands on a day (stock), happened over a period (flow) or since a day (cumulative)."""
    if candidate.category is None:
        return None
    if candidate.category in _STOCKS:
        return "stock"
    first, last = page.sentence(candidate.first)
    words = {page.doc[i].lower_ for i in range(first, min(last, first + 120))}
    summed = bool(words & _SINCE) or _says_so_far(page, first, last)
    if candidate.category == "flee" and candidate.evidence in {"counted_noun", "state"}:
        return ("cumulative" if summed else "flow") if words & _ARRIVES else "stock"
    return "cumulative" if summed else "flow"


def _says_so_far(page: Page, first: int, last: int) -> bool:
    ending = page.doc[last - 1]
    clause = page.text[page.doc[first].idx : min(ending.idx + len(ending), page.doc[first].idx + 600)].lower()
    return any(phrase in clause for phrase in _SO_FAR) or bool(_THIS_YEAR.search(clause))


_THIS_YEAR = re.compile(
    r"(?<![0-9]\s)(?<!jan\s)(?<!ary\s)(?<!ber\s)(?<!rch\s)(?<!pril\s)(?<!may\s)(?<!june\s)(?<!july\s)(?<!ust\s)"
    r"\bthis\syear\b"
)
"""A year that runs, and not that of "on 1 April this year"."""


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


def _place_in_clause(token: Token) -> tuple[str, str, Token]:
    """The governor of a noun, seen through coordination and apposition."""
    role, preposition, head = governor(token)
    for _ in range(4):
        held = role == "modifier" and preposition == "of" and lemma(head) in _MEASURES
        if not held and (role not in {"conjunct", "apposition"} or head.pos_ in VERBS):
            break
        role, preposition, head = governor(head)
    return role, preposition, head


_MEASURES = frozenset({"total", "group", "majority", "handful", "series", "batch", "list", "wave", "crowd", "family"})
""""A total of 858 NGOs were outlawed": nouns that stand for what they are "of"."""


def _words_near(page: Page, candidate: Candidate, before: int, behind: int) -> set[str]:
    """The words of its sentence so many tokens before the count and behind it, in lower case."""
    first, last = page.sentence(candidate.first)
    return {page.word(i) for i in range(max(first, candidate.first - before), min(last, candidate.last + behind))}


# --- rules ------------------------------------------------------------------------------------------------------------


def by_told_noun(_page: Page, candidate: Candidate) -> str | None:
    """Reads "investigated 12 deaths": a noun that names what happened, whatever was done about it."""
    if candidate.head is None:
        return None
    row = meanings().get(("counted", lemma(_page.doc[candidate.head])))
    return row.category if row is not None and row.role == "either" else of_case(_page.doc[candidate.head])


def by_settlement(page: Page, candidate: Candidate) -> str | None:
    """Reads "a town of 18,000 people", "home to 4 million"."""
    lives = candidate.counted is None or page.doc[candidate.head or 0].lower_ in _SOULS
    return "population" if lives and _SETTLEMENT.search(candidate.left) else None


_SOULS = frozenset({"people", "inhabitants", "residents", "souls", "persons"})
_SETTLEMENT = re.compile(
    r"\b(?:(?:city|town|village|country|nation|island|state|province|region|district|settlement|municipality|suburb"
    rf"|territory|republic|metropolis|community)\sof|home\sto)\s{_ABOUT}$",
    re.IGNORECASE,
)


def by_division(page: Page, candidate: Candidate) -> str | None:
    """Reads "carried by 131 votes to 64", "passed by a single vote, 77 to 76"."""
    words = _words_near(page, candidate, 20, 12)
    voted = words & _VOTES or _CARRIED.search(candidate.left)
    sided = _AGAINST.match(candidate.right) or (candidate.counted is None and _IS_AGAINST.match(candidate.right))
    return "vote" if voted and (sided or _OTHER_SIDE.search(candidate.left)) else None


_VOTES = frozenset({"vote", "votes", "voted", "voting", "abstentions", "abstaining", "ballot"})
_AGAINST = re.compile(r"\s(?:(?:votes\s)?(?:to|against|in\sfavou?r)\s?[0-9]|voting\b|abstain)")
_IS_AGAINST = re.compile(r"\s(?:were\s)?(?:against|in\sfavou?r|for)\b(?=[.,;]|\sand\b)")
_OTHER_SIDE = re.compile(r"[0-9]\s(?:votes\s)?(?:to|against)\s$")
_CARRIED = re.compile(
    r"\b(?:pass|approv|adopt|carri|reject|defeat|vot)\w{1,4}\s(?:\w+\s){0,4}?by\s(?:[0-9]{1,3}\sto\s)?$"
)


def by_vote_share(page: Page, candidate: Candidate) -> str | None:
    """Reads "was re-elected with 90 percent", "the poll put the party at 27.5 percent"."""
    if candidate.kind != "percent" or candidate.counted or not _POLLED.search(candidate.left):
        return None
    if candidate.right.startswith(" margin"):
        return None
    words = _words_near(page, candidate, 25, 15)
    return "vote" if words & _BALLOTS and not words & _RATED else None


_POLLED = re.compile(
    rf"\b(?:got|gets?|won|wins?|took|takes?|received|garner\w*|secured?|polled|scored|obtained|gained|with|at|has|had|to)\s{_ABOUT}$"
)
_RATED = frozenset({"approval", "approve", "approved", "disapprove", "rating", "ratings", "popularity", "confidence"})
_BALLOTS = _VOTES | {"election", "elections", "re-elected", "reelected", "elected", "runoff", "candidate", "candidates",
                     "poll", "polls", "ballots", "incumbent"}  # fmt: skip


def by_class(page: Page, candidate: Candidate) -> str | None:
    """Reads "Among the dead were five children", "nine girls were among those wounded"."""
    among = _AMONG.search(candidate.left) or _IS_AMONG.match(page.text, _end(page, candidate))
    return _class(among["class"].lower()) if among else None


def by_organisers(page: Page, candidate: Candidate) -> str | None:
    """Reads "organisers spoke of 450,000 people": those who count a crowd that they called for."""
    people = candidate.counted is None or page.doc[candidate.head or 0].lower_ in _SOULS
    hosts = people and candidate.kind == "cardinal" and _words_near(page, candidate, 25, 15) & _HOSTS
    return "protest" if hosts else None


_HOSTS = frozenset({"organisers", "organizers"})


def by_set(_page: Page, candidate: Candidate) -> str | None:
    """Reads "30 of those freed"."""
    those = _OF_THOSE.match(candidate.right)
    return _class(those["class"]) if those else None


def _class(word: str) -> str | None:
    """The category of a word for a set of people: "the dead", "those freed", "the prisoners"."""
    table = meanings()
    row = table.get(("state", word)) or table.get(("counted", word)) or table.get(("verb", stem(word)))
    row = row or table.get(("counted", word.removesuffix("s")))
    return row.category if row is not None else None


_IS_AMONG = re.compile(
    r"\s(?:is|are|was|were)\samong\s(?:the|those)\s(?:[\w,]{1,9}\s)?(?:people\s)?"
    r"(?P<class>dead|killed|wounded|injured|missing|arrested|detained|released|freed|victims)\b"
)
_OF_THOSE = re.compile(
    r"\sof\s(?:the|those|these)\s(?:who\s(?:have\s|had\s|were\s|was\s)?)?(?P<class>[a-z]{2,20}(?:ed|ned|wn|en|ld|ot|ing)|dead)\b"
)
_AMONG = re.compile(rf"\bamong\s(?:the|those)\s(?P<class>[a-z]{{3,20}})\s(?:is|are|was|were)\s{_ABOUT}$", re.IGNORECASE)


def by_fine(page: Page, candidate: Candidate) -> str | None:
    """Reads "fined 5,000 dollars", "€4,200 in savings were seized"."""
    words = _words_near(page, candidate, MONEY_REACH, MONEY_REACH)
    return "sentence" if words & _FINES else "search" if words & _SEIZED else None


MONEY_REACH = 10
"""Tokens before and behind a sum among which the fine or the seizure is named."""
_FINES = frozenset({"fine", "fines", "fined", "damages"})
_SEIZED = frozenset({"seized", "confiscated", "seize", "confiscate", "impounded"})


def by_predicate(page: Page, candidate: Candidate) -> str | None:
    """Reads "65,000 individuals have been arrested", "killing more than 2,100", "hundreds are in detention"."""
    if not page.parsed:
        return None
    if _AND.search(candidate.left) and (own := _gapped(page, candidate)):
        return own
    role, _, head = _place_in_clause(base(page, candidate))
    beside = bool(_WITH.search(candidate.left)) or (role == "object" and lemma(head) == "leave")
    if beside and (own := by_state(page, candidate)):
        return own
    if role not in {"subject", "passive", "object"}:
        return None
    found = predicate(head, "passive" if role == "subject" and is_passive(head) else role, depth=3)
    return found if found or role == "object" else goes_on(head)


_AND = re.compile(rf"\band\s{_ABOUT}$")


def _gapped(page: Page, candidate: Candidate) -> str | None:
    """Reads "60 people were arrested and eight officers injured": a participle that shares the auxiliary before."""
    at = page.token_from(_end(page, candidate))
    if at >= len(page.doc) or page.doc[at].tag_ not in {"VBN", "VBD"}:
        return None
    last = min(page.sentence(candidate.first)[1], at + GAPPED)
    return None if any(t.pos_ == "AUX" for t in page.doc[at + 1 : last]) else by_state(page, candidate)


GAPPED = 8
"""Tokens behind a participle in which no auxiliary may follow: else it only says which "officers injured" they were."""
_WITH = re.compile(rf"\bwith\s{_ABOUT}$")
"""Before "with seven of them in jail", "with 12 missing": they are in a state of their own."""


def by_verb_before(page: Page, candidate: Candidate) -> str | None:
    """Reads "killing more than 2,100": the verb right before the number and its comparator."""
    for i in range(candidate.first - 1, max(-1, candidate.first - 6), -1):
        token = page.doc[i]
        if token.tag_ == "RP":
            continue
        if token.tag_ == "WRB":
            return None
        if token.pos_ in {"VERB", ""} and (found := told(token, "object")):
            return found
        if token.pos_ in {"NOUN", "PROPN", "PUNCT", "VERB", "AUX", "CCONJ", "SCONJ"} or (
            token.pos_ == "ADP" and token.lower_ not in _COMPARING
        ):
            return None
    return None


_COMPARING = frozenset(
    {"over", "about", "around", "than", "above", "under", "up", "to", "at", "of", "below", "between"}
)


def by_state(page: Page, candidate: Candidate) -> str | None:
    """Reads "36 people dead", "40 injured", "seven opponents in jail", "thousands rounded up"."""
    at = page.token_from(_end(page, candidate))
    if page.word(at) == "of" and page.word(at + 1) in {"them", "whom", "these", "those"}:
        at += 2
    for i in range(at, min(at + NEAR, len(page.doc))):
        token = page.doc[i]
        if (
            token.lower_ in {"and", ",", ";", ".", "more", "others", "who", "that", "by"} and token.lower_ != "more"
        ) or token.pos_ == "AUX":
            return None
        if i == at or page.word(i - 1) in STATE_PREPOSITIONS - {"into", "to"} or page.word(i - 1) in {"more", "others"}:
            stands = token.pos_ != "VERB" or token.tag_ in {"VBN", "JJ"}
            found = by_violence(token, state_of(token)) if stands else None
            if not found and _is_participle(page, token, first=i == at):
                found = told(token, "object") or stated_beside(token)
            found = found or _state_pair(page, i)
            if found:
                return found
    return None


def _end(page: Page, candidate: Candidate) -> int:
    """The character after what is counted, or after the number and its "or so"."""
    if candidate.counted:
        return candidate.counted[1]
    behind = AFTER.match(page.text, candidate.end)
    return behind.end() if behind else candidate.end


def _is_participle(page: Page, token: Token, *, first: bool) -> bool:
    """Whether a verb after the counted says what was done to them: "thousands rounded up in raids"."""
    if token.tag_ == "VBN" or (token.pos_ == "ADJ" and first):
        return True
    if token.tag_ != "VBD":
        return False
    at = token.i + 1
    while at < len(page.doc) and (
        page.doc[at].pos_ in {"ADV", "PART"} or page.word(at) in {"up", "down", "out", "off"}
    ):
        at += 1
    return at >= len(page.doc) or page.doc[at].pos_ in {"ADP", "AUX", "PUNCT", "CCONJ", "SPACE", "SCONJ"}


def _state_pair(page: Page, at: int) -> str | None:
    """Reads "on death row", "in pretrial detention": a state of two words."""
    if at + 1 >= len(page.doc) or page.word(at - 1) not in STATE_PREPOSITIONS:
        return None
    return state_of(page.doc[at + 1]) if page.doc[at + 1].pos_ in {"NOUN", ""} else None


def by_governing_noun(page: Page, candidate: Candidate) -> str | None:
    """Reads "the execution of four", "proceedings against forty", "granted pardons to 115"."""
    noun = _noun_before(page, candidate)
    if noun is not None and lemma(noun) == "life":
        return told(noun.head, "object")
    if noun is not None and (found := event_of(noun)):
        asked = lemma(noun) == "poll"
        return None if asked else _unless_demanded(page, candidate, noun, found)
    if not page.parsed:
        return None
    if _ALONG_WITH.search(candidate.left):
        return _beside_subject(base(page, candidate))
    role, preposition, head = _place_in_clause(base(page, candidate))
    if role == "modifier" and preposition in _GOVERNING_PREPOSITIONS:
        return _unless_demanded(page, candidate, head, event_of(head))
    return _by_oblique(preposition, head) if role == "oblique" else None


_ALONG_WITH = re.compile(rf"\b(?:along|together)\swith\s{_ABOUT}$", re.IGNORECASE)


def _beside_subject(token: Token) -> str | None:
    """Reads "was closed along with 100 others": what is said of the subject is said of them."""
    found = None
    for _ in range(6):
        if token.pos_ in VERBS and not found:
            found = predicate(token, "passive" if is_passive(token) else "subject", depth=2)
        token = token.head
    return found


def _by_oblique(preposition: str, head: Token) -> str | None:
    """Reads "granted pardons to 115", "elections held in 12 districts", "signed by 7,000 teachers"."""
    if preposition == "by":
        return told(head, "subject")
    nouns = [*passive_subjects(head), *(subjects(head) if preposition in {"in", "with"} else objects(head))]
    events = [found for noun in nouns if (found := event_of(noun))]
    if preposition == "with":
        return "protest" if "protest" in events else None
    if preposition == "in":
        return "election" if "election" in events or told(head, "subject") == "election" else None
    return events[0] if events and preposition in {"to", "on", "for", "against"} else None


def _noun_before(page: Page, candidate: Candidate) -> Token | None:
    """The noun right before the number and its preposition: "release of more than 135"."""
    for i in range(candidate.first - 1, max(0, candidate.first - 6), -1):
        token = page.doc[i]
        if token.lower_ in _GOVERNING_PREPOSITIONS and page.doc[i - 1].pos_ == "NOUN":
            return page.doc[i - 1]
        if token.pos_ in {"NOUN", "VERB", "PROPN", "PUNCT", "AUX", "PRON"}:
            return None
    return None


def _unless_demanded(page: Page, candidate: Candidate, noun: Token, category: str | None) -> str | None:
    """A release that is only called for leaves people where they are: in prison; a sentence commuted is a pardon."""
    if category == "sentence" and told(noun.head, "object") == "pardon":
        return "pardon"
    if category not in {"release", "pardon"}:
        return category
    asked = any(lemma(page.doc[i]) in _DEMANDS for i in range(max(0, noun.i - 14), noun.i))
    held = by_counted_noun(page, candidate) or by_clause(page, candidate) if asked else None
    return "imprison" if held == "imprison" else category


def by_tally(page: Page, candidate: Candidate) -> str | None:
    """Reads "the death toll rose to 45", "a population of 9.4 million", "the number of prisoners stands at 1,437"."""
    joined = _AND_OF.search(candidate.left) if candidate.head is None else None
    if joined:
        at = page.token_at(candidate.start - len(candidate.left) + joined.start("noun"))
        candidate.head = candidate.fields["tallied"] = at
        return called(page.doc[at]) or state_of(page.doc[at])
    if not page.parsed:
        return _tally_before(page, candidate)
    role, _, head = _place_in_clause(base(page, candidate))
    nouns = (
        [head]
        if role == "modifier"
        else [*subjects(head), *objects(head), *passive_subjects(head)]
        if head.pos_ in VERBS
        else subjects(head)
    )
    for noun in nouns:
        if lemma(noun) in _TALLIES and not (lemma(noun) == "crowd" and role == "object"):
            return _tally(page, candidate, noun)
        if (
            lemma(head) in (_SHARES if candidate.kind == "percent" else _RISES)
            and noun.i < candidate.first
            and (found := called(noun) or of_case(noun))
        ):
            return found
    return _number_of(page, candidate)


_AND_OF = re.compile(r"\band\s(?:that\s)?of\s(?:the\s)?(?P<noun>[a-z]{3,20})\s(?:to|at)\s$")
"""Before the second number of "the number of infections to 90 and of deaths to 28"."""


_RISES = frozenset({
    "rise", "fall", "reach", "stand", "number", "total", "climb", "jump", "drop", "exceed", "pass", "hit", "grow",
    "increase", "decrease", "decline", "top", "surpass", "average", "soar", "dip", "put", "estimate",
})  # fmt: skip


_SHARES = _RISES | {"make", "account", "constitute", "represent", "form"}


def _number_of(page: Page, candidate: Candidate) -> str | None:
    """Reads "The number of prisoners has reached 1,500", by words where the parse goes astray."""
    first, _ = page.sentence(candidate.first)
    for i in range(candidate.first - 2, max(first, candidate.first - 24) - 1, -1):
        if page.word(i) == "number" and page.word(i + 1) == "of" and candidate.head is None:
            counted = phrase(page, i + 2)
            if counted is None or counted >= candidate.first:
                return _class(page.word(i + 3 if page.word(i + 2) == "the" else i + 2))
            candidate.head, candidate.fields["tallied"] = counted, counted
            head = page.doc[counted]
            return by_clause(page, candidate) or called(head) or state_of(head)
    return None


def _tally(page: Page, candidate: Candidate, noun: Token) -> str | None:
    category = _TALLIES[lemma(noun)]
    if category or candidate.head is not None:
        return category
    for preposition, counted in obliques(noun):
        if preposition.lower_ == "of" and counted.i < candidate.first:
            candidate.head, candidate.fields["tallied"] = counted.i, counted.i
            return by_clause(page, candidate) or called(counted) or of_case(counted) or state_of(counted)
    return None


def _tally_before(page: Page, candidate: Candidate) -> str | None:
    words = [page.word(i) for i in range(max(0, candidate.first - 6), candidate.first)]
    return next((_TALLIES[word] for word in words if _TALLIES.get(word)), None)


def by_clause(page: Page, candidate: Candidate) -> str | None:
    """Reads "people who were arrested", "prisoners currently held", "detained activists"."""
    if candidate.head is None:
        return None
    head = page.doc[candidate.head]
    number = page.doc[candidate.last - 1]
    heads = ([head, number] if candidate.partitive else [head]) if page.parsed else []
    clauses = [clause for noun in heads for clause in adnominal_clauses(noun)]
    for clause in clauses:
        role = _role_in(clause)
        found = predicate(clause, role, depth=2) if role else None
        if found:
            return found
    return _premodified(page, candidate) or (stated_beside(head) if page.parsed else None)


def _role_in(clause: Token) -> str | None:
    """What the noun is to a clause that hangs on it: "people whom they let go" are its object; None for neither."""
    if passive_subjects(clause) and not any(is_relative(noun) for noun in passive_subjects(clause)):
        return None
    if (clause.tag_ == "VBN" and not subjects(clause)) or is_passive(clause):
        return "passive"
    return "subject" if all(is_relative(noun) for noun in subjects(clause)) else "object"


def _premodified(page: Page, candidate: Candidate) -> str | None:
    if candidate.counted is None or candidate.head is None:
        return None
    for i in range(page.token_from(candidate.counted[0]), candidate.head):
        token = page.doc[i]
        row = meanings().get(("verb", lemma(token))) or meanings().get(("state", token.lower_))
        if row and token.lower_.endswith(("ed", "en")) and row.role != "subject":
            people = row.lemma != "seize" or PEOPLE.fullmatch(page.doc[candidate.head].lower_)
            return row.category if people else "search"
    return None


def by_counted_noun(page: Page, candidate: Candidate) -> str | None:
    """Reads "1,300 political prisoners", "thousands of lawsuits", "12 deaths"."""
    if candidate.head is None or candidate.compound:
        return None
    head = page.doc[candidate.head]
    if lemma(head) in {"life", "lives"}:
        return (
            "die"
            if any(lemma(page.doc[i]) in _COSTS for i in range(max(0, candidate.first - 5), candidate.first))
            else None
        )
    return called(head)


_COSTS = frozenset({"cost", "claim", "lose", "take"})


def by_adjacent_verb(page: Page, candidate: Candidate) -> str | None:
    """Where the parse says nothing: "N people have been killed"."""
    if page.parsed and _hangs(*governor(base(page, candidate))):
        return None
    at = page.token_from(candidate.counted[1] if candidate.counted else candidate.end)
    passive = False
    if page.word(at) == ",":
        at = _past_aside(page, at)
    for i in range(at, min(at + REACH, page.sentence(candidate.first)[1])):
        token = page.doc[i]
        if token.lower_ in _BE:
            passive = True
        elif token.lower_ not in _AUXILIARIES and not token.lower_.endswith("ly"):
            found = _adjacent(page, token, passive=passive)
            if found:
                return found
            break
    return None


def _hangs(role: str, preposition: str, _head: Token) -> bool:
    """Whether the counted is no subject of what follows: "lawmakers in six countries have called"."""
    return role == "object" or (role in {"oblique", "modifier"} and preposition not in _COMPARING | {""})


def _past_aside(page: Page, at: int) -> int:
    """The token after an aside: "23 miners, one of them a cook, are dead"."""
    for i in range(at + 2, min(at + 13, len(page.doc))):
        if page.word(i) == "," and (
            page.word(i + 1) in _BE | _AUXILIARIES or page.doc[min(i + 1, len(page.doc) - 1)].pos_ == "VERB"
        ):
            return i + 1
    return at


def _adjacent(page: Page, token: Token, *, passive: bool) -> str | None:
    if token.pos_ in {"VERB", ""}:
        return told(token, "passive" if passive else "subject")
    if passive and token.lower_ in STATE_PREPOSITIONS and token.i + 1 < len(page.doc):
        return state_of(page.doc[token.i + 1]) or _state_pair(page, token.i + 1)
    return state_of(token) if passive else None


_BE = frozenset({"been", "were", "was", "are", "is", "being", "be", "got"})
_AUXILIARIES = frozenset(
    {"have", "has", "had", "also", "still", "already", "who", "that", "which", "others", "more", "will"}
)


CATEGORY_RULES = (
    Rule("told_noun", "counted", by_told_noun),
    Rule("class", "state", by_class),
    Rule("settlement", "counted", by_settlement),
    Rule("division", "event", by_division),
    Rule("vote_share", "event", by_vote_share),
    Rule("tally", "event", by_tally),
    Rule("verb_before", "verb", by_verb_before),
    Rule("predicate", "verb", by_predicate),
    Rule("governing_noun", "event", by_governing_noun),
    Rule("state", "state", by_state),
    Rule("clause", "verb", by_clause),
    Rule("set", "state", by_set),
    Rule("adjacent_verb", "verb", by_adjacent_verb),
    Rule("counted_noun", "counted", by_counted_noun),
    Rule("organisers", "event", by_organisers),
)
"""What is asked for the category, in order."""
MONEY_RULES = (Rule("fine", "verb", by_fine),)
WHOLE_RULES = tuple(rule for rule in CATEGORY_RULES if rule.name in {"told_noun", "clause", "set", "counted_noun"})
ELIDED_WHOLE_RULES = (*(rule for rule in CATEGORY_RULES if rule.name == "state"), *WHOLE_RULES)
ELIDED_RULES = (
    *(rule for rule in CATEGORY_RULES if rule.name == "state"),
    *(rule for rule in CATEGORY_RULES if rule.name != "state"),
)
"""Where the counted is left out, what stands right behind the number comes first: "46 were killed and 12 injured"."""
