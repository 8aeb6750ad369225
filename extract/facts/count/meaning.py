"""What a word says of the people or things that are counted, by the lexicon of categories and the words beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spacy.tokens import Token

from extract.facts.count.lexicon import Meaning, read_rows
from extract.syntax import complements, has_parse


@cache
def meanings() -> dict[tuple[str, str], Meaning]:
    """The lexicon of categories by part and lemma, verbs that ask for words beside them left out."""
    return {(row.part, row.lemma): row for row in read_rows("categories.jsonl", Meaning) if not row.beside}


@cache
def frames() -> dict[str, tuple[Meaning, ...]]:
    """The verbs that mean something only near certain words, by lemma, in the order of the data file."""
    found: dict[str, list[Meaning]] = {}
    for row in read_rows("categories.jsonl", Meaning):
        if row.beside:
            found.setdefault(row.lemma, []).append(row)
    return {lemma: tuple(rows) for lemma, rows in found.items()}


@cache
def verbs() -> frozenset[str]:
    """The verbs of the lexicon, without their particles."""
    alone = (lemma.split()[0] for part, lemma in meanings() if part == "verb")
    return frozenset(alone) | frozenset(frames())


def lemma(token: Token) -> str:
    """The lemma in lower case, or the word where the model gives none."""
    return token.lemma_.lower() or token.lower_


def told(token: Token, role: str) -> str | None:
    """The category of a verb for what stands in a role to it: subject, passive, object."""
    row = next((row for row in _verb(token) if row.role in _ROLES_OF[role]), None)
    if row is None or _is_figurative(row, token, role):
        return _held(token, role)
    if row.lemma == "force" and not row.beside and role != "subject" and (made := _made_to(token)):
        return made
    if row.category == "demand" and _asks_pardon(token):
        return "pardon"
    if row.lemma == "seize" and role != "subject" and not has_people(token, role):
        return "search"
    return row.category


def _is_figurative(row: Meaning, token: Token, role: str) -> bool:
    """Whether what is hit is a figure ("hit 10,399 likes"), or what is burnt nobody ("burnt 20 tons")."""
    if row.lemma == "hit":
        return role == "object" and any(t.lower_ in _MARKS for t in token.doc[token.i + 1 : token.i + 7])
    return row.lemma == "burn" and row.category == "injure" and not has_people(token, role)


_MARKS = frozenset({"mark", "likes", "views", "points", "degrees", "record", "percent", "%", "target", "level"})
"""What a figure hits that nobody attacks."""


def _asks_pardon(token: Token) -> bool:
    """Reads "100 inmates asked for clemency"."""
    return any(event_of(t) == "pardon" for t in token.doc[token.i + 1 : token.i + 6])


def _held(token: Token, role: str) -> str | None:
    """Reads "holds 300 inmates": what is held in the active is imprisoned where it is people."""
    return "imprison" if lemma(token) == "hold" and role == "object" and has_people(token, role) else None


def _made_to(force: Token) -> str | None:
    """Reads "forced 300 to flee"."""
    if not has_parse(force.doc):
        return None
    return next(
        (found for child in complements(force) if child.pos_ == "VERB" and (found := told(child, "subject"))), None
    )


PEOPLE = re.compile(
    r"(?:people|persons?|m[ae]n|wom[ae]n|child|children|boys?|girls?|(?:school)?(?:children|girls|boys)|pupils?|students?|members?|nationals?|hostages?"
    r"|\w{3,20}(?:ists?|ers?|ors?|ians?|ees?|ants?))"
)
_THINGS = frozenset(
    {"computers", "papers", "containers", "newspapers", "printers", "servers", "posters", "boosters", "letters",
     "rubbers", "over", "under", "after", "number"}
)  # fmt: skip


def has_people(seized: Token, role: str) -> bool:
    """Whether it is people that are seized: phones are searched for, students are arrested."""
    at = seized.i
    beside = seized.doc[max(0, at - 6) : at] if role == "passive" else seized.doc[at + 1 : at + 7]
    return any(PEOPLE.fullmatch(t.lower_) and t.lower_ not in _THINGS for t in beside)


_ROLES_OF = {
    "subject": {"subject", "either"},
    "passive": {"object", "passive", "either"},
    "object": {"object", "either"},
}


def _verb(token: Token) -> Iterator[Meaning]:
    """The lexicon's rows for a verb: by the words beside it, with its particle ("round up"), alone."""
    form = lemma(token)
    if form not in verbs():
        form = stem(token.lower_)
    if form in frames():
        near = _beside(token)
        yield from (row for row in frames()[form] if row.beside & near)
    after = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    row = meanings().get(("verb", f"{form} {after}")) or meanings().get(("verb", form))
    if row is not None:
        yield row


def _beside(token: Token) -> set[str]:
    """The words around a verb in its sentence."""
    doc, first, last = token.doc, token.i, token.i + 1
    while first > 0 and token.i - first < BEFORE_VERB and not doc[first].is_sent_start:
        first -= 1
    while last < len(doc) and last - token.i < BEHIND_VERB and not doc[last].is_sent_start:
        last += 1
    return {t.lower_ for t in doc[first:last]}


BEFORE_VERB, BEHIND_VERB = 20, 14
"""Tokens before and behind a verb among which the words that it goes with are looked for."""


def state_of(token: Token) -> str | None:
    """The category of a state: "jail", "death row", "dead"; "Cell 9" is a place."""
    if token.is_title and not token.is_sent_start:
        return None
    table = meanings()
    before = token.nbor(-1).lower_ if token.i else ""
    row = (
        table.get(("state", f"{before} {lemma(token)}"))
        or table.get(("state", lemma(token)))
        or table.get(("state", token.lower_))
    )
    return row.category if row else None


def event_of(token: Token) -> str | None:
    """The category of a noun that names an event, with the word before it ("sexual violence") or alone."""
    table, form = meanings(), lemma(token)
    before = token.nbor(-1).lower_ if token.i else ""
    row = table.get(("event", f"{before} {form}")) or table.get(("event", form)) or table.get(("event", token.lower_))
    return row.category if row else None


def called(token: Token) -> str | None:
    row = meanings().get(("counted", lemma(token)))
    return row.category if row else None


def of_case(noun: Token) -> str | None:
    """Reads "46 cases of torture"; of plain "cases", those of the disease that the sentence names before."""
    if lemma(noun) == "patient":
        return "disaster" if _of_epidemic(noun) else None
    if lemma(noun) not in _CASES:
        return None
    words = noun.doc[noun.i + 1 : noun.i + 5]
    if words and words[0].lower_ == "of":
        found = next((found for t in words if (found := event_of(t))), None)
        return found or ("disaster" if any(_DISEASE.search(t.lower_) for t in words) else None)
    if lemma(noun) == "case" and lemma(noun.head) in _FILES and noun.head.pos_ in {"VERB", ""}:
        return "charge"
    before = noun.nbor(-1) if noun.i else noun
    if lemma(noun) == "case" and (before.lower_ in _OF_DISEASE or event_of(before) == "disaster"):
        return "disaster"
    return "disaster" if lemma(noun) == "case" and _of_epidemic(noun) else None


_FILES = frozenset({"file", "register", "lodge", "initiate"})
"""What is done with the cases of police and courts."""


def _of_epidemic(noun: Token) -> bool:
    """Whether a disease is named shortly before, and no court."""
    before = noun.doc[max(0, noun.i - CONTEXT) : noun.i]
    return any(event_of(t) == "disaster" for t in before) and not any(t.lower_ in _OF_COURT for t in before)


CONTEXT = 60
"""Tokens before plain "cases" or "patients" among which the disease is named."""
_OF_COURT = frozenset({"court", "courts", "judge", "trial", "prosecutor", "prosecutors", "lawyer", "criminal",
                       "prosecution", "convicted", "article"})  # fmt: skip


_OF_DISEASE = frozenset({"confirmed", "suspected", "probable", "possible", "active", "new", "recorded", "reported"})
_DISEASE = re.compile(r"(?:virus|itis|osis|pox|fever|flu|syndrome|disease|plague|infection)$")
_CASES = frozenset({"case", "incident", "instance", "report", "allegation", "act", "wave", "victim"})


def sentence_before(token: Token) -> list[Token]:
    """The tokens of the sentence before a token, thirty at most."""
    before: list[Token] = []
    while not token.is_sent_start and token.i > 0 and len(before) < VIOLENCE_REACH:
        token = token.nbor(-1)
        before.append(token)
    return before


VIOLENCE_REACH = 30


def by_violence(token: Token, state: str | None) -> str | None:
    """Dying is killing where an attack or a killing is named before it in the sentence."""
    if state != "die" or token.lower_ not in {"dead", "left", "leaves", "leaving", "leave"}:
        return state
    before = sentence_before(token)
    return "kill" if any(event_of(t) in {"attack", "kill"} for t in before if t.pos_ in {"NOUN", "PROPN"}) else state


def stem(word: str) -> str:
    """The dictionary form that a regular past or participle points to.

    >>> [stem(word) for word in ("arrested", "killed", "released", "killing", "freed")]
    ['arrest', 'kill', 'release', 'kill', 'free']
    """
    for suffix in ("ed", "ing", "d"):
        stem = word.removesuffix(suffix)
        for form in (stem, f"{stem}e"):
            if stem != word and form in verbs():
                return form
    return {"shot": "shoot", "held": "hold", "died": "die", "fled": "flee", "beaten": "beat"}.get(word, word)
