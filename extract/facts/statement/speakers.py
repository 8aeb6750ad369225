"""Who speaks: the subject of a cue, and the words that name it."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from extract.facts.statement.cues import cues
from extract.facts.statement.page import Mention, Page
from extract.facts.statement.patterns import (
    ARTICLES,
    BRACKETS,
    CLAUSE_ENDS,
    COMMAS,
    DASHES,
    EDGES,
    FINITE,
    HE_OR_SHE,
    MARKS,
    ORGANISATION_NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
)
from extract.facts.statement.schema import Cue, Speaker
from extract.syntax import RELATIVE_CLAUSES, SUBJECTS, is_passive, objects, passive_agents, passive_subjects, subjects

_CLIMBS = frozenset({"conj", "xcomp", "advcl", "pcomp", "parataxis", "dep", "acl", "ccomp"})
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve", "'d", "’d", "'s", "’s"})
_WH = frozenset({"WP", "WDT", "WP$", "WRB"})
_TENSED = frozenset({"VBD", "VBZ", "VBP"})
_REACH = 6
_WINDOW = 120
_ACRONYM = 5  # letters: longer words in capitals are towns of datelines
_RELATIVE = 6
_BRACKETED = 8  # tokens
_MONTHS = frozenset({"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                     "November", "December"})  # fmt: skip
_DAYS = frozenset({"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"})


@dataclass(frozen=True, slots=True)
class Subject:
    """The head of the phrase that names who says, and the verb that it is the subject of."""

    head: Token
    verb: Token


def subject_of(verb: Token) -> Subject | None:
    """Who says: the verb's subject, the agent of its passive, or that of the clause that the verb hangs on."""
    cue = verb
    for _ in range(_REACH):
        own = _own_subject(verb, cue)
        if own is not None:
            return None if verb is not cue and _is_empty(own, verb) else Subject(_antecedent(verb, own), verb)
        if is_participle(verb):
            return _first(passive_agents(verb) if verb is cue else passive_subjects(verb), verb)
        noun = _modified(verb)
        if noun is not None or not _climbs(verb):
            return noun
        verb = verb.head
    return None


def _is_empty(subject: Token, verb: Token) -> bool:
    """Whether a subject stands for nobody: "it is worth noting that"."""
    return subject.lower_ in {"it", "there"} and verb.pos_ in {"ADJ", "AUX", "NOUN"}


def _modified(verb: Token) -> Subject | None:
    """The noun that a relative clause or a gerund says something about: "a letter saying that"."""
    if verb.dep_ in RELATIVE_CLAUSES or (verb.dep_ == "acl" and verb.tag_ == "VBG"):
        return Subject(verb.head, verb)
    if verb.dep_ in _CLIMBS and verb.head.pos_ in {"NOUN", "PROPN"} and not subjects(verb.head):
        return Subject(verb.head, verb.head)
    return None


def _climbs(verb: Token) -> bool:
    """Whether the verb shares its subject with the clause above it."""
    if verb.dep_ not in _CLIMBS or (verb.dep_ == "ccomp" and verb.tag_ not in {"VBG", "VB"}):
        return False
    return verb.head.pos_ != "ADJ" or bool(subjects(verb.head))


def subject_in(page: Page, cue: Cue) -> Subject | None:
    """Who says, in view of the cues before it: of "said ..., adding that" and "said ... and urged" the same one."""
    verb = cue.token
    quoted = _quoted_as(verb)
    if quoted is not None:
        return quoted
    subject = subject_of(verb)
    if subject is not None and subject.verb.i == verb.i:
        return subject
    goes_on = verb.tag_ == "VBG" or (verb.i > 0 and page.doc[verb.i - 1].pos_ == "CCONJ" and verb.tag_ != "VB")
    earlier = page.cue_before(cue) if goes_on else None
    if earlier is None or (verb.tag_ == "VBG" and subject is not None and subject.verb.i >= earlier.token.i):
        return subject
    return subject_of(earlier.token) or subject


def _quoted_as(verb: Token) -> Subject | None:
    """Who is quoted: "the agency cited a doctor as saying", "a doctor was quoted as saying"."""
    if verb.tag_ != "VBG" or verb.i == 0 or verb.nbor(-1).lower_ != "as":
        return None
    return _first([*objects(verb.head), *passive_subjects(verb.head)], verb.head)


def _first(heads: list[Token], verb: Token) -> Subject | None:
    return Subject(heads[0], verb) if heads else None


def _own_subject(verb: Token, cue: Token) -> Token | None:
    """The verb's own subject: of several the nearest before it, else the first after it.

    A subject between a verb and the cue that hangs on it is the cue's: "few obey it: the agency, however, estimates".
    """
    own = [_after_dateline(s) for s in subjects(verb) if s.head.i == verb.i and s.ent_type_ not in {"DATE", "TIME"}]
    between = [s for s in own if verb.i < s.i < cue.i]
    if between:
        return between[-1]
    before = [s for s in own if s.i < verb.i] or ([] if own else _bare_subject(verb))
    if before or not own or verb.tag_ == "VBG":
        return before[-1] if before else None
    return own[0]


def _bare_subject(verb: Token) -> list[Token]:
    """The noun before an active verb that a parse takes for an oblique though no preposition introduces it."""
    if verb.tag_ not in _TENSED or is_passive(verb):
        return []
    bare = [c for c in verb.children if c.i < verb.i and c.dep_ in {"obl", "dep"} and c.pos_ in {"NOUN", "PROPN"}]
    return [c for c in bare if c.ent_type_ != "DATE" and not any(g.dep_ == "case" for g in c.children)][-1:]


def _after_dateline(subject: Token) -> Token:
    """The subject that a parse hangs on the town of a dateline: "KAMPALA (Xinhua) -- The ministry confirmed"."""
    if not subject.is_upper or (len(subject) <= _ACRONYM and not _opens_line(subject)):
        return subject
    return next((c for c in subject.children if c.dep_ == "appos" and not c.is_upper and _dashed(subject, c)), subject)


def _opens_line(town: Token) -> bool:
    """Whether a bracket or a comma follows a word that opens its line, as after the town of a dateline."""
    at, doc = town.i, town.doc
    return (at == 0 or doc[at - 1].is_space) and at + 1 < len(doc) and doc[at + 1].text in {"(", ","}


def _dashed(town: Token, noun: Token) -> bool:
    """Whether a dash stands between a town and a noun phrase."""
    return any(t.text in DASHES for t in noun.doc[town.i + 1 : noun.i])


def is_participle(verb: Token) -> bool:
    """Whether the verb is passive: with an auxiliary or a passive subject, or a bare past participle on a noun."""
    if _calls_on(verb) or (verb.tag_ not in {"VBN", ""} and not (verb.tag_ == "VBD" and passive_subjects(verb))):
        return False
    return is_passive(verb) or not (_has_auxiliary(verb) or (verb.dep_ == "conj" and _has_auxiliary(verb.head)))


def _calls_on(verb: Token) -> bool:
    """Whether "called on" or "called for" is active, whatever the tagger says: only a form of be makes it passive."""
    if verb.lower_ != "called" or verb.i + 1 >= len(verb.doc) or verb.nbor().lower_ not in {"on", "for"}:
        return False
    return not is_passive(verb)


def _has_auxiliary(verb: Token) -> bool:
    return any(c.lower_ in _HAVE for c in verb.children if c.i < verb.i)


def _antecedent(verb: Token, subject: Token) -> Token:
    """What a relative pronoun stands for: the noun that the clause hangs on, or the name that it stands beside."""
    if subject.lower_ in {"who", "which", "that"} and subject.tag_ in {"WP", "WDT", "PRP", "DT", "IN", ""}:
        clause = verb
        for _ in range(_REACH):
            if clause.dep_ in RELATIVE_CLAUSES:
                noun = clause.head
                return noun.head if noun.dep_ == "appos" and noun.head.pos_ == "PROPN" else noun
            clause = clause.head
    return subject


def beside(page: Page, first: int, verb: int) -> Speaker | None:
    """The speaker by the words alone: what stands between the start of a sentence or clause and its verb."""
    doc = page.doc
    first = _after_edges(page, _clause_before(page, first, verb), verb)
    if first < verb and (doc[first].pos_ in {"ADP", "SCONJ", "ADV"} or doc[first].lower_ in PREPOSITIONS):
        comma = next((at for at in range(first, verb) if doc[at].text in COMMAS), None)
        if comma is None:
            return None
        first = comma + 1
    if first >= verb or holds_finite(page, first, verb):
        return None
    return in_tokens(page, first, verb)


def _clause_before(page: Page, first: int, verb: int) -> int:
    """The start of the clause that a verb ends: after the conjunction that follows the last finite verb before it."""
    doc = page.doc
    at = verb - 1
    while at > first and doc[at].pos_ in {"AUX", "ADV", "PART"}:
        at -= 1
    joined = None
    while at >= first and verb - at < _WINDOW:
        token = doc[at]
        if token.tag_ in FINITE and doc[at - 1].lower_ not in RELATIVES:
            return joined if joined is not None else first
        if token.pos_ == "CCONJ" or token.lower_ in {"while", "but"}:
            joined = at + 1
        at -= 1
    return first


def holds_finite(page: Page, first: int, last: int) -> bool:
    """Whether tokens hold a finite verb that is in no relative clause."""
    relative = -9
    for at in range(first, last):
        token = page.doc[at]
        if token.lower_ in RELATIVES and token.tag_ in _WH:
            relative = at
        elif token.text in COMMAS and at - relative > 3:
            relative = -9
        elif token.tag_ in FINITE and at - relative > _RELATIVE:
            return True
    return False


def by_subject(page: Page, subject: Subject) -> Speaker | None:
    """The speaker that a subject names: all that stands between its start and its verb."""
    head, verb = subject.head, subject.verb
    if head.i >= verb.i or head.lower_ in PRONOUNS or page.sentence[head.i] != page.sentence[verb.i]:
        return by_head(page, head)
    last = verb.i
    while last > head.i + 1 and page.doc[last - 1].pos_ in {"AUX", "ADV", "PART"}:
        last -= 1
    if last - head.i > _REACH * 8 or holds_finite(page, head.i + 1, last):
        return by_head(page, head)
    first = min([head.left_edge.i, *(s.left_edge.i for s in _joined(page, verb, head))])
    first = max(_after_case(page, first, head.i), page.sentence[head.i])
    return in_tokens(page, _after_agency(page, first, head.i), last, head)


def _after_agency(page: Page, first: int, head: int) -> int:
    """The token after the dash that parts a news agency in brackets from the first words of an article."""
    if page.doc[first].text not in BRACKETS:
        return first
    return next((at + 1 for at in range(head - 1, first, -1) if page.doc[at].text in DASHES), first)


def _joined(page: Page, verb: Token, head: Token) -> list[Token]:
    """Other subjects that the parse sees directly before the head: "spokesman" of "spokesman Ivan Petrov"."""
    return [
        s
        for s in verb.children
        if s.dep_ in SUBJECTS
        and s.i < head.i
        and s.right_edge.i == head.left_edge.i - 1
        and not page.doc[s.right_edge.i].is_punct
    ]


def _after_case(page: Page, first: int, last: int) -> int:
    while first < last and page.doc[first].dep_ in {
        "case",
        "fixed",
        "mark",
        "prep",
        "cc",
        "preconj",
        "cc:preconj",
        "punct",
    }:
        first += 1
    return first


def by_head(page: Page, head: Token) -> Speaker | None:
    """The speaker that a noun or pronoun heads."""
    first, last = head.left_edge.i, head.right_edge.i + 1
    if head.lower_ in PRONOUNS and head.pos_ != "NOUN" and last - first == 1:
        return pronoun(page, head)
    last = min(last, page.sentence_end(head.i))
    first = _after_case(page, first, head.i)
    return in_tokens(page, max(first, page.sentence[head.i]), last, head)


def pronoun(page: Page, token: Token) -> Speaker:
    """The pronoun as it stands, with the fact of its antecedent where that is plain."""
    return Speaker(token.idx, token.idx + len(token), antecedent(page, token))


def in_tokens(page: Page, first: int, last: int, head: Token | None = None) -> Speaker | None:
    """The speaker that a stretch of tokens names: a bare name, else the phrase with its determiner."""
    doc = page.doc
    first = _after_edges(page, first, last)
    if first >= last:
        return None
    end = max(_segment_end(page, first, last), head.i + 1 if head is not None and head.i >= first else 0)
    if end - first == 1 and doc[first].lower_ in PRONOUNS:
        return pronoun(page, doc[first])
    inner = _document_source(page, first, end)
    if inner:
        return in_tokens(page, *inner)
    mention = _named(page, first, end, head) or _apposition(page, end, last)
    if mention:
        return _of_mention(page, mention)
    end = _before_edges(page, first, end)
    return Speaker(page.starts[first], page.end_of(end - 1)) if end > first else None


def _of_mention(page: Page, mention: Mention) -> Speaker:
    return Speaker(page.starts[mention.first], page.end_of(mention.last - 1), mention.entity)


def _after_edges(page: Page, first: int, last: int) -> int:
    while first < last and (
        page.doc[first].is_space or page.doc[first].text in EDGES or page.doc[first].pos_ == "CCONJ"
    ):
        first += 1
    return first


def _before_edges(page: Page, first: int, last: int) -> int:
    while last > first and (
        page.doc[last - 1].is_space
        or page.doc[last - 1].text in EDGES
        or page.doc[last - 1].text in MARKS
        or page.doc[last - 1].text in POSSESSIVES
        or page.doc[last - 1].text in _DAYS
        or page.doc[last - 1].pos_ in {"ADV", "AUX"}
    ):
        last -= 1
    return _before_date(page, first, last)


def _dates(token: Token) -> bool:
    """Whether a date begins: "a report from November 2014" is by nobody of that name."""
    return token.text in _MONTHS or token.text in _DAYS or token.text.isdigit() or token.lower_ in {"last", "this"}


def _before_date(page: Page, first: int, last: int) -> int:
    """Where a phrase ends without its date and the preposition before it: "the report of November 2014"."""
    end = last
    while end > first and (page.doc[end - 1].text in _MONTHS or page.doc[end - 1].text.isdigit()):
        end -= 1
    weekday = last < len(page.doc) and page.doc[last].text in _DAYS
    dated = weekday or any(t.text in _MONTHS for t in page.doc[end:last])
    if dated and end > first + 1 and page.doc[end - 1].lower_ in {"of", "on", "from", "in", "dated"}:
        return end - 1
    return last


def _segment_end(page: Page, first: int, last: int) -> int:
    """Where the phrase's own words end: at a comma, a bracket, a relative pronoun, a verb or a line's end."""
    for at in range(first, min(last, first + _WINDOW)):
        token = page.doc[at]
        if token.text in COMMAS or token.text in BRACKETS or token.text in {";", ":"} or page.breaks(at):
            return at
        if at > first and (token.lower_ == "that" or (token.lower_ in RELATIVES and token.tag_ in _WH)):
            return at
        if token.text in DASHES and token.whitespace_:
            return at
        if at > first and token.pos_ in {"VERB", "AUX"} and token.tag_ not in {"VBN", "VBG"}:
            return at
    return min(last, first + _WINDOW)


def _document_source(page: Page, first: int, end: int) -> tuple[int, int] | None:
    """Whose document speaks: "a report by X", "data from X" - the tokens of X."""
    nouns = cues("noun")
    for at in range(first, min(end - 1, first + 6)):
        word = nouns.get(page.doc[at].lower_)
        if word and "document" in word.takes and page.doc[at].pos_ in {"NOUN", "PROPN", ""}:
            words = [page.doc[after].lower_ for after in range(at + 1, min(end - 1, at + 5))]
            given = next((words.index(word) for word in ("by", "from") if word in words), None)
            if given is None or _dates(page.doc[at + given + 2]):
                return None
            return at + given + 2, end
    return None


def _named(page: Page, first: int, end: int, head: Token | None) -> Mention | None:
    """The name that speaks in a phrase; None where the phrase is about somebody else ("the wife of X")."""
    mentions = page.names_in(first, end)
    for kind in ("person", "organisation", "place"):
        for mention in mentions:
            if mention.type == kind and _speaks(page, mention, first, end, head):
                return mention
    return None


def _speaks(page: Page, mention: Mention, first: int, end: int, head: Token | None) -> bool:
    doc = page.doc
    after = doc[mention.last].lower_ if mention.last < end else ""
    if after in POSSESSIVES:
        return mention.last + 1 < end and _is_document(doc[mention.last + 1 : end][-1].lower_)
    if mention.type == "person":
        return _is_person_speaking(page, mention, first, head)
    if _preposition_between(page, first, mention.first):
        return False
    if mention.type == "organisation":
        return _ends_as_organisation(page, mention, end)
    return not after or after in PREPOSITIONS or _is_document(after)


def _is_document(word: str) -> bool:
    found = cues("noun").get(word)
    return found is not None and "document" in found.takes


def _is_person_speaking(page: Page, mention: Mention, first: int, head: Token | None) -> bool:
    if head is not None and mention.first <= head.i < mention.last:
        return True
    if not _preposition_between(page, first, mention.first):
        return mention.last >= len(page.doc) or page.doc[mention.last].pos_ not in {"NOUN"}
    before = page.doc[mention.first - 1]
    if before.lower_ in PREPOSITIONS or before.lower_ in ARTICLES or before.pos_ in {"ADJ", "DET"}:
        return False
    named_before = any(m.last == mention.first for m in page.names_in(first, mention.first))
    return named_before or page.doc[first].lower_ not in ARTICLES


def _preposition_between(page: Page, first: int, last: int) -> bool:
    return any(page.doc[at].lower_ in PREPOSITIONS for at in range(first, last))


def _ends_as_organisation(page: Page, mention: Mention, end: int) -> bool:
    for at in range(mention.last, end):
        word = page.doc[at].lower_
        if word in PREPOSITIONS or page.doc[at].pos_ in {"VERB", "AUX", "ADV"}:
            return True
        if word not in ORGANISATION_NOUNS and not _is_document(word):
            return False
    return True


def with_name(page: Page, speaker: Speaker | None, end: int) -> Speaker | None:
    """Who is named after a comma behind a phrase that ends at a token: "said the mayor, Ivan Petrov".

    An organisation is, where the phrase is one's: "according to the health agency, Medicor".
    """
    if speaker is None or speaker.entity is not None or end >= len(page.doc):
        return speaker
    last = page.sentence_end(max(0, end - 1))
    mention = _apposition(page, end, last)
    if mention is None or holds_finite(page, end, last):
        return speaker
    named = mention.type == "person" or page.doc[end - 1].lower_ in ORGANISATION_NOUNS
    return _of_mention(page, mention) if named else speaker


def _apposition(page: Page, end: int, last: int) -> Mention | None:
    """The name between commas after a phrase: "an activist group, the Association X, said"."""
    if end < last and page.doc[end].text in BRACKETS:  # "the superintendent (rural), Iraj Raja"
        end = next((t.i + 1 for t in page.doc[end : min(last, end + _BRACKETED)] if t.text == ")"), end)
    if end >= last or page.doc[end].text not in COMMAS:
        return None
    first = end + 1
    while first < last and (page.doc[first].lower_ in ARTICLES or _is_title(page, first)):
        first += 1
    for mention in page.names_in(first, min(first + 1, last)):
        after = page.doc[mention.last] if mention.last < last else None
        if mention.type != "place" and (after is None or after.text in COMMAS | BRACKETS | CLAUSE_ENDS):
            return mention
    return None


def _is_title(page: Page, token: int) -> bool:
    """Whether a capital stands before a name and in none: "Brigadier Tembinkosi Kinana", "ASP Tunde Alabi"."""
    doc = page.doc
    capital = doc[token].is_title or doc[token].is_upper
    return capital and not page.names_in(token, token + 1) and bool(page.names_in(token + 1, token + 2))


def antecedent(page: Page, token: Token) -> str | None:
    """The fact that "he", "she" or "it" stands for, where the two sentences before name only one that it can be."""
    word = token.lower_
    kind = "person" if word in HE_OR_SHE else "organisation" if word == "it" else ""
    if not kind:
        return None
    first = page.sentence[token.i]
    for _ in range(2):
        first = page.sentence[first - 1] if first > 0 else 0
    near = {
        m.entity
        for m in page.names_in(max(first, token.i - _WINDOW), token.i)
        if m.type == kind and not _quoted(page, m)
    }
    if len(near) == 1:
        return near.pop()
    return None


def _quoted(page: Page, mention: Mention) -> bool:
    return page.quotation_at(page.starts[mention.first]) is not None
