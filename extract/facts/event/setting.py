"""When and where an event took place: of the dates and places of its sentence, those that the parse gives to it.

A date or place belongs to the word that it hangs on. From there it is walked over the parse to the event, and each step
must keep the occasion: from "killed" to "in an attack" it does, from "condemned" to "the attack", into what somebody
said, into or out of a relative clause it doesn't. Where no way leads, the event has no time, no place.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Token

from extract import syntax
from extract.facts.event.lexicon import index, types
from extract.facts.event.patterns import COURTS, INTRANSITIVE, LOCATIVE, PUTTING, QUANTITIES, SERIES, WINNERS
from extract.room import columns_of

_DATED_BY = frozenset({"", "on", "in", "at", "during", "by", "around", "about", "within", "over", "late", "early"})
_SCHEDULING = frozenset({"schedule", "set", "slate", "plan", "due", "call", "expect"})
_ON_THE_OCCASION = frozenset({"in", "during", "at", "amid", "by", "on"})
_INTO = frozenset({"in", "into", "on", "under", "behind", "to"})  # "put on trial", "are in exile"
_PURPOSES = frozenset({"in", "on", "by"})  # "arrested in the killing", "tried on charges": no occasion
_OF_CASES = frozenset({"arrest", "charge", "trial", "sentence", "accuse", "demand", "imprison", "sanction", "release"})
_OF_SCENES = frozenset({"kill", "injure", "die", "attack", "disaster", "flee", "disappear", "abuse", "protest"})
_OCCASIONS = _OF_SCENES | {"election", "meet", "search", "award"}
_LASTING = frozenset({"imprison", "disappear", "flee"})  # "held since May": what lasts began then
_AS_ONE = frozenset({"", "when", "as", "while", "where", "in", "with"})
_TRYING = frozenset({"try", "manage", "attempt", "begin", "start", "continue", "fail", "refuse", "appear", "use"})
_HAPPENING = frozenset({
    "take", "occur", "happen", "begin", "start", "erupt", "break", "hold", "schedule", "set", "slate", "continue",
    "resume", "come", "follow", "open", "launch", "carry", "conduct", "stage", "mount", "make", "commit", "give",
    "have", "impose", "sign", "reach", "strike", "face", "suffer", "sustain", "undergo", "win", "receive", "lose",
    "pass", "hand", "issue", "file", "deliver", "attend", "join", "host", "lead", "survive", "witness", "spark",
    "trigger", "cause", "provoke", "wage", "perpetrate", "perform", "plan", "organise", "organize", "announce", "be",
    "declare", "grant", "enter", "go", "do", "due", "inflict", "claim", "rock", "hit", "shake", "kill",
})  # fmt: skip
_KINDS_OF_PLACE = frozenset({
    "city", "town", "village", "hamlet", "port", "region", "area", "province", "district", "capital", "island",
    "valley", "state", "county", "territory", "suburb", "neighbourhood", "neighborhood", "peninsula", "department",
    "republic", "country", "kingdom", "municipality", "prefecture", "oblast", "governorate", "enclave", "resort",
    "outskirts", "centre", "center", "north", "south", "east", "west", "part", "parts", "metropolis", "settlement",
})  # fmt: skip
_TIGHT = frozenset({"possessor", "modifier", "other", "apposition"})
_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}
_NEAR_BRACKET = 2  # tokens from an event to the bracket that dates it: "the Boer War (1899-1902)"
_NEXT = 2  # tokens from a verb to the one that "and" joins to it
_MISPLACED = 4  # tokens from a noun to a place that the parse hangs on its verb: "condemned the attack in Minsk"


def steps(found: Token, trigger: Token, *, place: bool) -> int | None:
    """How many steps of the parse lead from a date or place to the event that it is of; None where it is of none."""
    if _is_bracketed_off(found, trigger):
        return None
    head = _described(syntax.first_conjunct(found)) if place else syntax.first_conjunct(found)
    up, down = _ways(head, trigger)
    if not up:
        return None
    walk = _Walk(head, trigger, place=place)
    if not walk.opens():
        return None
    rises = all(walk.rises(token) for token in up[1:-1])
    return len(up) + len(down) if rises and all(walk.descends(token) for token in down) else None


def hangs_on(place: Token, trigger: Token) -> bool:
    """Whether a place is told of the event's own word."""
    above = syntax.attachment(_described(syntax.first_conjunct(place)))
    return above is not None and above.head.i == trigger.i


def _ways(found: Token, trigger: Token) -> tuple[list[Token], list[Token]]:
    """The words from the date or place up to the one that is above both, and from below that down to the event."""
    own, other = _climb(found), _climb(trigger)
    above = {token.i for token in other}
    meet = next((at for at, token in enumerate(own) if token.i in above), None)
    if meet is None:
        return [], []
    down = []
    for token in other:
        if token.i == own[meet].i:
            break
        down.append(token)
    return own[: meet + 1], down[::-1]


def _climb(token: Token) -> list[Token]:
    out = [token]
    for _ in range(syntax.MAX_CLIMB):
        above = syntax.attachment(token)
        if above is None:
            break
        token = above.head
        out.append(token)
    return out


def _described(place: Token) -> Token:
    """Of "in the town of Bourgas" and "in the capital, Kabul", the town and the capital."""
    above = syntax.attachment(place)
    if above is None or above.head.lemma_.lower() not in _KINDS_OF_PLACE:
        return place
    return above.head if above.word == "of" or above.relation in {"apposition", "modifier"} else place


def _is_bracketed_off(found: Token, trigger: Token) -> bool:
    """Whether brackets stand around the date or place, and the event is neither in them nor right before them."""
    opened = _bracket_before(found)
    if opened is None or trigger.i > opened:
        return opened is not None and _bracket_before(trigger) != opened
    return opened - trigger.i > _NEAR_BRACKET


def _bracket_before(token: Token) -> int | None:
    """Where the bracket stands that is open at the token."""
    words = columns_of(token.doc).words
    depth = 0
    for at in range(token.i - 1, token.sent.start - 1, -1):
        depth += _BRACKETS.get(words[at], 0)
        if depth > 0:
            return at
    return None


class _Walk:
    """The steps between one date or place and one event."""

    def __init__(self, found: Token, trigger: Token, *, place: bool) -> None:
        self.found = found
        self.trigger = trigger
        self.place = place

    def opens(self) -> bool:
        """Whether the date or place is told as when or where, not as a bound or a part of something else."""
        above = syntax.attachment(self.found)
        if above is None:  # "the vote is on Sunday"
            return not self.place
        if self.place:
            return above.relation == "oblique" and above.word in LOCATIVE
        if above.word == "for":
            return above.head.lemma_.lower() in _SCHEDULING
        if above.word in {"of", "since"}:
            lasts = above.word == "of" or bool(types(self.trigger) & _LASTING)
            return above.head.i == self.trigger.i and lasts
        modifies = above.relation in _TIGHT or (above.relation == "oblique" and not self._is_loose(above.head))
        if modifies and above.head.pos_ in {"NOUN", "PROPN"} and not is_event(above.head):
            return above.head.lemma_.lower() in SERIES
        return above.word in _DATED_BY

    def _is_loose(self, head: Token) -> bool:
        """Whether a date behind a noun that is no event may be the verb's: "arrested dozens of people on Sunday"."""
        return self.found.i > head.i

    def rises(self, token: Token) -> bool:
        """Whether what is told of the word is told of the one above it."""
        return self._goes(token, _RISES)

    def descends(self, token: Token) -> bool:
        """Whether what is told of the word above is told of this one."""
        return self._goes(token, _DESCENDS)

    def _goes(self, token: Token, checks: dict[str, _Check]) -> bool:
        above = syntax.attachment(token)
        check = checks.get(above.relation) if above is not None else None
        return above is not None and check is not None and check(self, token, above)

    def oblique_up(self, token: Token, above: syntax.Attachment) -> bool:
        if is_event(token):
            return _is_occasion(token, above)
        if _is_named(token):
            return False
        return above.word not in {"from", "to", "since", "after", "before", "until"} and self._is_of_noun(token)

    def subject_up(self, token: Token, above: syntax.Attachment) -> bool:
        if is_event(token):
            return above.relation == "subject" and (_is_light(above.head) or bool(types(above.head) & _OF_SCENES))
        return self.place and not _is_named(token)

    def object_up(self, token: Token, above: syntax.Attachment) -> bool:
        if is_event(token):
            return _is_light(above.head)
        return not _is_named(token) and self._is_of_noun(token)

    def _is_of_noun(self, token: Token) -> bool:
        """Whether a noun that is no event hands on its place, or a date that only stands behind it."""
        return self.place or (token.pos_ != "VERB" and self.found.i > max(token.i, self.trigger.i))

    def clause_up(self, token: Token, above: syntax.Attachment) -> bool:
        if syntax.is_infinitive(token):
            return is_event(token) and is_event(above.head)
        return _goes_with(token, above)

    def complement_up(self, token: Token, above: syntax.Attachment) -> bool:
        return not syntax.is_infinitive(token) or above.head.lemma_.lower() in _TRYING

    def conjunct_up(self, token: Token, above: syntax.Attachment) -> bool:
        if token.pos_ not in {"VERB", "AUX"}:
            return True
        joined = token.i - above.head.i == _NEXT and token.nbor(-1).lower_ == "and" and self.found.i > token.i
        return joined or _are_one_scene(token, above.head)

    def adnominal_up(self, token: Token, above: syntax.Attachment) -> bool:
        """Whether a clause on the event says that it took place: "the elections scheduled for June"."""
        return above.head.i == self.trigger.i and _is_light(token)

    def oblique_down(self, token: Token, above: syntax.Attachment) -> bool:
        if above.word == "of":
            return above.head.lemma_.lower() in QUANTITIES | SERIES | WINNERS or self._is_put_off(token)
        if above.word in _INTO and above.head.lemma_.lower() in PUTTING | INTRANSITIVE:
            return True
        told = token.i == self.trigger.i or is_event(token) or token.lemma_.lower() in SERIES
        return told and _is_occasion(token, above)

    def argument_down(self, token: Token, above: syntax.Attachment) -> bool:
        if above.head.i == self.found.i or _is_light(above.head):
            return True
        if above.relation == "subject":
            return bool(types(above.head) & _OF_SCENES)
        return self._is_put_off(token)

    def _is_put_off(self, token: Token) -> bool:
        """Whether a place right behind the noun was hung on its verb."""
        return self.place and 0 < self.found.i - token.i <= _MISPLACED and self.found.head.i < token.i

    def clause_down(self, token: Token, above: syntax.Attachment) -> bool:
        if syntax.is_infinitive(token):
            return is_event(above.head) or self.found.i > token.i
        return _goes_with(token, above)

    def complement_down(self, token: Token, above: syntax.Attachment) -> bool:
        if not syntax.is_infinitive(token):
            return True
        return above.head.lemma_.lower() in _TRYING or (self.found.i > token.i and not is_event(above.head))

    def conjunct_down(self, token: Token, above: syntax.Attachment) -> bool:
        outside = self.found.i < above.head.i or self.found.i > token.i
        return outside or (token.pos_ in {"VERB", "AUX"} and _are_one_scene(token, above.head))

    def adnominal_down(self, token: Token, above: syntax.Attachment) -> bool:
        return self.found.i > token.i and syntax.first_conjunct(self.found).head.i == above.head.i

    def modifier_down(self, token: Token, above: syntax.Attachment) -> bool:
        return token.dep_ == "compound" and bool(types(above.head) & _OCCASIONS)


_Check = Callable[[_Walk, Token, syntax.Attachment], bool]
_RISES: dict[str, _Check] = {
    "oblique": _Walk.oblique_up,
    "subject": _Walk.subject_up,
    "passive subject": _Walk.subject_up,
    "object": _Walk.object_up,
    "adverbial": _Walk.clause_up,
    "complement": _Walk.complement_up,
    "conjunct": _Walk.conjunct_up,
    "adnominal": _Walk.adnominal_up,
    "relative": _Walk.adnominal_up,
}
_DESCENDS: dict[str, _Check] = {
    "oblique": _Walk.oblique_down,
    "subject": _Walk.argument_down,
    "passive subject": _Walk.argument_down,
    "object": _Walk.argument_down,
    "adverbial": _Walk.clause_down,
    "complement": _Walk.complement_down,
    "conjunct": _Walk.conjunct_down,
    "adnominal": _Walk.adnominal_down,
    "modifier": _Walk.modifier_down,
}


def is_event(token: Token) -> bool:
    """Whether the word's form may tell of an event."""
    pos = "NOUN" if token.pos_ == "PROPN" else token.pos_
    return token.lemma_.lower() not in COURTS and any(trigger.pos == pos for trigger in index().get(token.lower_, ()))


def _is_named(token: Token) -> bool:
    return token.pos_ == "PROPN" and bool(token.ent_type_)


def _is_light(verb: Token) -> bool:
    """Whether the verb only says that the event which is its subject or object took place."""
    return verb.lemma_.lower() in _HAPPENING


def _is_occasion(noun: Token, above: syntax.Attachment) -> bool:
    """Whether the event that a preposition introduces is the occasion of what is above: "killed in a raid"."""
    if above.word == "for":
        return "meet" in types(above.head) & types(noun)
    if above.word not in _ON_THE_OCCASION:
        return False
    told = types(noun)
    cases = types(above.head) & _OF_CASES and told & (_OF_SCENES | _OF_CASES) and not told & {"protest", "search"}
    return not (cases and above.word in _PURPOSES)


def _goes_with(clause: Token, above: syntax.Attachment) -> bool:
    """Whether an adverbial clause tells of the same occasion: "killing two", "when a bomb exploded"."""
    if clause.tag_ in {"VBG", "VBN"} and above.word in {"", "in", "while", "by"}:
        return True
    when = any(c.lower_ in _AS_ONE for c in clause.children if c.dep_ == "advmod" and c.i < clause.i)
    return when or (above.word in _AS_ONE and above.word != "")


def _are_one_scene(token: Token, other: Token) -> bool:
    """Whether two coordinated verbs tell what one attack or disaster did: "killed two and wounded nine"."""
    if syntax.subjects(token) or syntax.passive_subjects(token):
        return False
    return bool(types(token) & _OF_SCENES) and bool(types(other) & _OF_SCENES)
