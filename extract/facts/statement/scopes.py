"""Attributions that are wider than statements: "Viasna counts 1,437 prisoners", "12 deaths reported by the army"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from extract.facts.statement.clauses import going_on, is_negated
from extract.facts.statement.cues import cues
from extract.facts.statement.page import Page
from extract.facts.statement.patterns import COMMAS, FINITE, FIRST_AND_SECOND, LIST_HEAD, LIST_MARKS, PRONOUNS
from extract.facts.statement.phrases import owner_of, source_of
from extract.facts.statement.schema import Cover, Cue, Found, Scope, Speaker
from extract.facts.statement.speakers import by_head, by_subject, in_tokens, is_participle, subject_of
from extract.syntax import clause_head, governor, objects, passive_agents, passive_subjects, phrases

_CLAUSAL = frozenset({"advcl", "conj", "cc", "punct", "parataxis", "mark"})
_MAX_LIST = 40
_VOUCHES = frozenset({"clause", "object", "that"})
_TOLD_OF = frozenset({"object", "about"})
_ABOUT = frozenset({"of", "about", "to", "at", "for"})


def scopes(page: Page, statements: Iterable[Found]) -> Iterator[Scope]:
    """Yields the stretches of an article for which somebody vouches, with source and cue.

    A country or a town that only registers what happened ("China reported 699 cases, the commission said") gives way
    to whoever else vouches for the same.
    """
    read = [s for s in _all(page, list(statements)) if s.speaker is None or _is_source(page, s.speaker)]
    found = [*read, *(other for s in read if s.speaker is not None for other in _gapped(page, s))]
    firm = [s for s in found if s.speaker is not None and not _is_place(page, s.speaker)]
    covered = Cover(firm)
    for scope in found:
        if scope.speaker is None or not _is_place(page, scope.speaker) or not covered.holds(scope.start, scope.end):
            yield scope


# Organisers put the crowd at 30,000, police at 9,000. / The government counts 12 dead and the opposition 40.
def _gapped(page: Page, scope: Scope) -> Iterator[Scope]:
    """Yields the stretch in which another source gives its number without a verb of its own."""
    doc, first = page.doc, page.token_at(scope.start)
    last = max(page.token_from(scope.end), min(page.token_from(scope.end) + _BEYOND, page.sentence_end(first)))
    for at in range(first + 2, last - 1):
        if doc[at - 1].text not in COMMAS and doc[at - 1].lower_ not in _LINKS:
            continue
        end = at
        while end < min(last, at + _LONGEST_SOURCE) and doc[end].pos_ in _NOMINAL:
            end += 1
        if end > at and _numbered(page, end, last) and _speaks_for_some(page, end):
            yield Scope(page.starts[at], max(scope.end, page.end_of(last - 1)), in_tokens(page, at, end), scope.cue)


def _numbered(page: Page, at: int, last: int) -> bool:
    """Whether a number follows, after "at" or "of" or as the last word of its clause."""
    by_preposition = at < last and page.doc[at].lower_ in {"at", "of"}
    at += by_preposition
    while at < last and page.doc[at].lower_ in _HEDGES | {"than", "least", "to"}:
        at += 1
    if at >= last or page.doc[at].pos_ != "NUM":
        return False
    return by_preposition or at + 1 >= len(page.doc) or page.doc[at + 1].is_punct


def _speaks_for_some(page: Page, last: int) -> bool:
    """Whether a noun phrase is of those who give figures: an organisation or "the opposition"."""
    head = page.doc[last - 1]
    return head.lower_ in cues("viewer") or head.lower_ in _COUNTERS or page.is_organisation(head)


_LONGEST_BRACKET = 8  # tokens
_LINKS = frozenset({"and", "but", "while"})
_LONGEST_SOURCE = 6  # tokens
_BEYOND = 8  # tokens: a parse may end before what is left out
_NOMINAL = frozenset({"DET", "ADJ", "NOUN", "PROPN"})
_COUNTERS = frozenset({"police", "army", "military", "ministry", "union", "unions", "organisers", "organizers", "media",
                       "rebels", "hospital", "hospitals", "council", "mayor", "television", "agency"})  # fmt: skip


def _is_source(page: Page, speaker: Speaker) -> bool:
    """Whether words can stand for somebody: no bare number and no "this"."""
    words = page.doc[page.token_at(speaker.start) : page.token_from(speaker.end)]
    if len(words) == 1 and (words[0].lower_ in _POINTERS or words[0].pos_ == "NUM"):
        return False
    if words[0].pos_ == "NUM" and not _PEOPLE.search(words[-1].lower_):
        return False
    return words[-1].lower_ not in _THINGS and not any(t.text == "%" or t.lower_ in _SHARES for t in words)


_PEOPLE = re.compile(
    r"(?:people|men|women|children|sources|witnesses|families|[a-z](?:ists|ers|ors|als|ians|ees|ants|ents))$"
)
_SHARES = frozenset({"percent", "percentage", "cent"})
_THINGS = frozenset({"index", "cpi", "gdp", "rate", "rates", "price", "prices", "market", "markets", "case", "cases",
                     "economy", "year", "month", "quarter", "season"})  # fmt: skip
_POINTERS = frozenset({"this", "that", "these", "those", "there", "what"})


def _is_place(page: Page, speaker: Speaker) -> bool:
    """Whether a place registers or reports: by its name, or as "the country"."""
    first, last = page.token_at(speaker.start), page.token_from(speaker.end)
    if page.doc[last - 1].lower_ in _PLACES:
        return True
    named = page.names_in(first, last)
    return len(named) == 1 and named[0].type == "place" and named[0].first == first and named[0].last == last


_PLACES = frozenset({"country", "nation", "city", "town", "province", "region", "district", "village", "island"})


def _all(page: Page, statements: list[Found]) -> Iterator[Scope]:
    """Yields every scope that a rule reads."""
    for found in statements:
        yield Scope(found.start, found.end, found.speaker, found.cue)
        rest = going_on(page, found)
        if rest:
            yield Scope(page.starts[rest[0]], page.end_of(rest[1] - 1), found.speaker, found.cue)
    yield from _of_lists(page)
    for cue in page.verbs:
        if (cue.word.takes & _TOLD_OF or _numbers(cue)) and not is_negated(cue):
            yield from _of_verb(page, cue)
    for cue in page.nouns:
        if cue.takes("document"):
            yield from _of_noun(page, cue)
    yield from _of_adverbs(page)
    cued = {found.cue[0] for found in statements}
    for cue in page.verbs:
        if cue.word.lemma in _SAYS and cue.token.idx not in cued and cue.token.tag_ in FINITE and not is_negated(cue):
            yield from _of_rest(page, cue)


_SAYS = frozenset({"say", "add", "state"})
"""Verbs that are followed by nothing but what is said."""


# Wardens say a lorry and two barges burned, and the parse shows no clause.
def _of_rest(page: Page, cue: Cue) -> Iterator[Scope]:
    verb, doc = cue.token, page.doc
    last = _closing(page, verb.i)
    first = verb.i + 1
    if first >= last or not _opens_rest(doc[first]) or is_participle(verb):
        return
    subject = subject_of(verb)
    if subject is None or not page.sentence[verb.i] <= subject.head.i < verb.i or not _may_vouch(page, subject.head):
        return
    if page.quotation_at(subject.head.idx) is not page.quotation_at(verb.idx):
        return
    speaker = by_subject(page, subject)
    if speaker is not None:
        yield _scope(page, first, last, speaker, (verb.idx, verb.idx + len(verb)))


def _opens_rest(token: Token) -> bool:
    """Whether a clause may begin here: a noun, a number or a determiner."""
    return token.pos_ in {"NOUN", "PROPN", "NUM", "DET", "ADJ", "PRON"} or token.lower_ in _HEDGES


_HEDGES = frozenset(
    {"about", "around", "over", "more", "fewer", "less", "up", "at", "nearly", "almost", "some", "only"}
)


def _closing(page: Page, verb: int) -> int:
    """Where the sentence around a verb ends, or the brackets around it, or what a semicolon ends."""
    opened = any(t.text == "(" for t in page.doc[page.sentence[verb] : verb])
    ends = {";", ")"} if opened else {";"}
    last = page.sentence_end(verb)
    return next((t.i for t in page.doc[verb + 1 : last] if t.text in ends), last)


# Viasna counts 1,437 political prisoners. / Twelve deaths were reported by the ministry.
def _of_verb(page: Page, cue: Cue) -> Iterator[Scope]:
    verb = cue.token
    words = (verb.idx, verb.idx + len(verb))
    if is_participle(verb):
        agent = next(iter(passive_agents(verb)), None)
        speaker = by_head(page, agent) if agent is not None else None
        if speaker:
            yield _scope(page, *_passive_extent(verb), speaker, words)
        return
    subject = subject_of(verb)
    if subject is None or subject.head.i == verb.i or not _may_vouch(page, subject.head):
        return
    speaker = by_subject(page, subject)
    last = max((c.right_edge.i for c in _told_of(cue)), default=verb.i)
    if speaker and last > verb.i:
        yield _scope(page, verb.i + 1, min(last + 1, page.sentence_end(verb.i)), speaker, words)


def _may_vouch(page: Page, subject: Token) -> bool:
    """Whether a subject can be a source: no number, and nobody who speaks of himself.

    So "we" in "we counted two buses" and "they" in "doctors said they counted two" are none: another vouches.
    """
    if subject.lower_ in FIRST_AND_SECOND:
        return page.quotation_at(subject.idx) is None
    if subject.lower_ in PRONOUNS and subject.head.dep_ == "ccomp" and subject.head.head.i in page.verb_at:
        return False
    return subject.pos_ != "NUM" and subject.lower_ not in {"percent", "%"}


def _numbers(cue: Cue) -> list[Token]:
    """The bare number that a verb of saying has for a clause: "police say fewer than 30"."""
    return [c for c in cue.token.children if c.dep_ == "ccomp" and c.pos_ == "NUM" and cue.takes("clause")]


def _told_of(cue: Cue) -> list[Token]:
    """What a verb tells of: what hangs on it after it, clauses apart but for gerunds ("accused of holding 700")."""
    verb = cue.token
    numbers = _numbers(cue)
    if numbers:
        return numbers
    after = [c for c in verb.children if c.i > verb.i]
    about = {noun.i for each in (verb, *objects(verb)) for word, noun in phrases(each) if word in _ABOUT}
    if cue.word.lemma == "declare" and not any(t.lower_ in _WON for c in after for t in c.subtree):
        return []
    if cue.word.lemma == "put" and not any(t.lower_ == "at" for c in after for t in c.subtree):
        return []
    if (not cue.takes("object") and not about) or (cue.word.lemma == "report" and not _reports(verb)):
        return []
    if cue.word.lemma in _SHIFTS and not _shifts_figure(verb):
        return []
    return [c for c in after if c.dep_ not in _CLAUSAL or (c.i in about and cue.takes("about")) or _brings(c)]


def _reports(verb: Token) -> bool:
    """Whether "report" has something that it tells of: not so "reported to the police"."""
    return bool(objects(verb)) or any(c.dep_ in {"xcomp", "ccomp"} for c in verb.children)


def _shifts_figure(verb: Token) -> bool:
    """Whether somebody raises a figure, and not a death itself: "the ministry raised the toll to 40"."""
    if not any(o.lemma_ in _FIGURES for o in [*objects(verb), *passive_subjects(verb)]):
        return False
    head = next((s.head for s in [subject_of(verb)] if s is not None), None)
    return head is None or head.lower_ in cues("viewer") or head.lower_ in _COUNTERS or head.pos_ in {"PROPN", "PRON"}


_SHIFTS = frozenset({"raise", "revise", "lower", "update"})
_FIGURES = frozenset({"figure", "number", "toll", "count", "total", "tally", "estimate"})
_WON = frozenset({"winner", "winners", "victor", "elected", "re-elected", "reelected"})


def _brings(clause: Token) -> bool:
    """Whether a clause tells where a figure goes: "confirmed nine cases, bringing the total to 90"."""
    return clause.dep_ == "advcl" and clause.lower_ in {"bringing", "taking", "raising", "lifting", "pushing"}


def _passive_extent(verb: Token) -> tuple[int, int]:
    """The tokens of what a passive is about: its subject to its verb, or the noun that a participle follows."""
    for subject in passive_subjects(verb):
        return subject.left_edge.i, verb.right_edge.i + 1
    if verb.dep_ in {"acl", "acl:relcl", "relcl"}:
        return verb.head.left_edge.i, verb.right_edge.i + 1
    return verb.left_edge.i, verb.right_edge.i + 1


# a tally of 300 deaths by the opposition / the ministry's figure of 300
def _of_noun(page: Page, cue: Cue) -> Iterator[Scope]:
    noun = cue.token
    last = max(noun.right_edge.i, _predicate_end(noun))
    if last == noun.i:
        return
    speaker = owner_of(page, noun)
    if speaker:
        last = min(last + 1, page.sentence_end(noun.i))
        yield _scope(page, noun.i, last, speaker, (noun.idx, noun.idx + len(noun)))


def _predicate_end(noun: Token) -> int:
    """Where what is said of a figure ends: "the ministry's tally stands at 300"."""
    role, _, verb = governor(noun)
    if role != "subject":
        return noun.i
    return max((c.right_edge.i for c in verb.children if c.i > verb.i and c.dep_ not in _CLAUSAL), default=verb.i)


# Twelve men were allegedly beaten.
def _of_adverbs(page: Page) -> Iterator[Scope]:
    for token in page.adverbs:
        head = clause_head(token)
        first = max(head.left_edge.i, page.sentence[token.i])
        last = min(head.right_edge.i + 1, page.sentence_end(token.i))
        if first < last:
            yield _scope(page, first, last, None, (token.idx, token.idx + len(token)))


def _scope(page: Page, first: int, last: int, speaker: Speaker | None, cue: tuple[int, int]) -> Scope:
    """A stretch of tokens with what stands in brackets behind it: "put losses at 1.9 billion ($37 million)"."""
    if last < len(page.doc) and page.doc[last].text == "(":
        within = page.doc[last : min(len(page.doc), last + _LONGEST_BRACKET)]
        last = next((t.i + 1 for t in within if t.text == ")"), last)
    return Scope(page.starts[first], page.end_of(last - 1), speaker, cue)


# According to Viasna, in May:\n- 12 people were arrested\n- 3 were fined
def _of_lists(page: Page) -> Iterator[Scope]:
    for head in LIST_HEAD.finditer(page.text):
        end = _list_end(page.text, head.end())
        if end == head.end():
            continue
        introduced = _introduced(page, page.token_at(head.start()))
        if introduced:
            yield Scope(page.starts[page.sentence[page.token_at(head.start())]], end, *introduced)


def _introduced(page: Page, colon: int) -> tuple[Speaker, tuple[int, int]] | None:
    """Who vouches for the list after a colon, and with which cue."""
    for token in page.phrases_in(page.sentence[colon], colon):
        source = source_of(page, token)
        if source:
            return source, (token.idx, page.end_of(token.i + 1))
    for cue in page.verbs_in(page.sentence[colon], colon):
        subject = subject_of(cue.token)
        speaker = by_subject(page, subject) if subject is not None and cue.word.takes & _VOUCHES else None
        if speaker:
            return speaker, (cue.token.idx, page.end_of(cue.token.i))
    return None


def _list_end(text: str, end: int) -> int:
    """The end of the last line of a list that begins after a character."""
    for _ in range(_MAX_LIST):
        item = LIST_MARKS.match(text, end)
        if item is None:
            break
        following = text.find("\n", item.end())
        end = following if following >= 0 else len(text)
    return end
