"""Indirect speech with a verb: the clause that it attributes to its subject."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from spacy.tokens import Token

from extract.facts.statement.cues import cues
from extract.facts.statement.extent import content_start, is_dash, is_finite, is_that, opens, told, whole
from extract.facts.statement.page import Page, is_word
from extract.facts.statement.patterns import (
    ADDRESSING,
    BRACKETS,
    CLAUSE_ENDS,
    COMMAS,
    COMPLEMENTISERS,
    FINITE,
    FIRST_AND_SECOND,
    MARKS,
    RELATIVES,
    SUBORDINATORS,
)
from extract.facts.statement.schema import Cue, Found, Speaker
from extract.facts.statement.speakers import (
    Subject,
    beside,
    by_head,
    by_subject,
    holds_finite,
    in_tokens,
    is_participle,
    subject_in,
    subject_of,
    with_name,
)
from extract.syntax import ADNOMINAL_CLAUSES, objects, particles, passive_subjects, subjects

_COMPLEMENTS = frozenset({"ccomp", "xcomp", "csubj:pass"})
_REFUSALS = frozenset({"decline", "refuse", "fail"})
_GERUNDS = frozenset({"VBG"})
_OWNS_UP = frozenset({"deny", "admit", "recall", "acknowledge"})  # "denied firing on boats"
_BIDS = frozenset({"recommend", "advise", "warn"})
_REACH = 40
_THAT = 14
_INSERTED = frozenset({"clause-before-cue", "according-to", "by-count"})
_TURNS = frozenset({"while", "although", "though", "whereas", "but"})
_JOINS = frozenset({"and", "but", "because"})
_GOES_ON = _JOINS | {"or", "with", "of", "including", "most", "among"}
_LONGEST_NAME = 10  # tokens
_CONCEDES = frozenset({"although", "though", "while", "unless", "if"})  # "said although 30 were held, 12 were free"


def clauses(page: Page, taken: Container[int]) -> Iterator[Found]:
    """Yields the indirect statements of the cue verbs of an article, but of those that a quotation has taken."""
    for cue in page.verbs:
        if cue.token.i in taken:
            continue
        found = _of_verb(page, cue)
        if found:
            yield found


def _of_verb(page: Page, cue: Cue) -> Found | None:
    if not cue.word.takes & {"clause", "that", "infinitive", "whether"} or is_negated(cue):
        return None
    if not cue.takes("clause") and page.quotation_at(cue.token.idx) is not None:
        return None
    if _is_as_clause(cue.token):
        return _as_clause(page, cue)
    subject = subject_in(page, cue)
    if subject is not None and not _is_near(page, subject.head, cue.token):
        subject = None
    speaker = by_subject(page, subject) if subject is not None else None
    if subject is not None and (_is_own_voice(page, cue, subject) or _is_nobody(subject.head)):
        return None
    own = subject.head if subject is not None and subject.verb.i == cue.token.i else None
    if own is not None and own.pos_ == "NUM" and _is_inverted(page, cue):
        return _inserted(page, cue, None)
    return (
        _inserted(page, cue, own)
        or (
            _inserted(page, cue, None) if own is not None and own.pos_ != "PRON" and _ends_sentence(page, cue) else None
        )
        or _after(page, cue, speaker or _beside(page, cue))
        or _after_by_words(page, cue, speaker or _beside(page, cue))
    )


def _is_near(page: Page, head: Token, verb: Token) -> bool:
    """Whether a subject stands in the sentence of its verb, and in the same quotation or outside all as it does."""
    if head.i == verb.i or page.sentence[head.i] != page.sentence[verb.i]:
        return False
    if any(t.text == ":" and page.quotation_at(t.idx) is None for t in page.doc[head.i + 1 : verb.i]):
        return False
    return page.quotation_at(head.idx) is page.quotation_at(verb.idx)


def _beside(page: Page, cue: Cue) -> Speaker | None:
    if cue.token.tag_ not in FINITE | {"VBN"} or is_participle(cue.token):
        return None
    return beside(page, page.sentence[cue.token.i], cue.token.i)


def is_negated(cue: Cue) -> bool:
    """Whether the cue says that nothing was said: "have not said", "declined to say"."""
    verb = cue.token
    if cue.word.lemma == "deny" or (cue.word.lemma == "rule" and "out" in particles(verb)):
        return False
    if any(
        c.dep_ == "neg" or c.lower_ in {"not", "n't", "n’t", "never", "neither"} for c in verb.children if c.i < verb.i
    ):
        return True
    return verb.dep_ == "xcomp" and verb.head.lemma_ in _REFUSALS


def _is_impersonal(verb: Token) -> bool:
    """Whether the verb says without saying who: "it was reported that"."""
    return is_participle(verb) and any(c.lower_ == "it" for c in verb.children if c.i < verb.i)


def _is_nobody(head: Token) -> bool:
    """Whether the subject is nobody: "neither side said whether"."""
    return head.left_edge.lower_ in {"no", "none", "nobody", "neither"}


def _is_own_voice(page: Page, cue: Cue, subject: Subject | None) -> bool:
    """Whether the speaker of a quotation speaks of himself in it: "I think", "we hope"."""
    return (
        subject is not None and subject.head.lower_ in FIRST_AND_SECOND and page.quotation_at(cue.token.idx) is not None
    )


# Viasna reports that 65,000 people have been arrested.
def _after(page: Page, cue: Cue, speaker: Speaker | None) -> Found | None:
    complement = _complement(cue) or _bidden(page, cue)
    if complement is None or (speaker is None and not _is_impersonal(cue.token)):
        return None
    end = page.sentence_end(cue.token.i)
    first = max(complement.left_edge.i, cue.token.i + 1)
    last = min(complement.right_edge.i + 1, end)
    if _is_infinitive(complement) and _quotes_first(page, first, last):
        return None
    that = next((c.i for c in complement.children if c.lower_ == "that" and c.dep_ == "mark" and c.i >= first), None)
    if that is not None:
        first = that
    elif (
        cue.takes("clause")
        and cue.word.lemma not in ADDRESSING
        and not _has_object(page, cue.token)
        and _starts_clause(page, cue.token.i + 1, end)
    ):
        first = cue.token.i + 1
    if not any(t.pos_ in {"VERB", "AUX", ""} for t in page.doc[first:last]):
        return None
    if cue.takes("clause") and not _is_infinitive(complement) and not _is_embedded(cue.token):
        last = end
    last = _cut(page, first, last, cue, complement)
    return told(page, first, last, cue.token, speaker, ("clause-after-cue", 0.88))


def _quotes_first(page: Page, first: int, last: int) -> bool:
    """Whether a quotation begins at an infinitive or right after its "to": the fragments are what was said."""
    return any(opens(page, t.i) for t in page.doc[first : min(first + 2, last)])


def _is_embedded(verb: Token) -> bool:
    """Whether the cue stands in a clause that ends before its sentence does: "what he says he wants is ..."."""
    for _ in range(4):
        if verb.dep_ in ADNOMINAL_CLAUSES or verb.dep_ in {"csubj", "csubj:pass", "csubjpass", "pcomp"}:
            return True
        if verb.dep_ not in {"conj", "xcomp"}:
            break
        verb = verb.head
    return any(c.tag_ in {"WP", "WDT", "WRB"} for c in verb.children if c.i < verb.i)


def _complement(cue: Cue) -> Token | None:
    """The clause after the cue that tells what is said."""
    verb = cue.token
    for child in verb.children:
        if child.i < verb.i or child.dep_ not in _COMPLEMENTS or (cue.takes("belief") and verb.tag_ in {"VB", "VBG"}):
            continue
        if child.left_edge.lower_ in SUBORDINATORS - {"if"}:
            continue
        if _is_infinitive(child):
            if cue.takes("infinitive"):
                return child
            continue
        if child.dep_ == "xcomp" or (child.tag_ in _GERUNDS and not _has_finite(child)):
            if cue.word.lemma in _OWNS_UP and child.tag_ in _GERUNDS:
                return child
            continue
        if _is_marked(child) or cue.takes("clause") or (_is_shared_belief(cue) and _has_finite(child)):
            return child
    return None


def _bidden(page: Page, cue: Cue) -> Token | None:
    """The infinitive that the parse hangs elsewhere: "recommended to the men who had fled to stay away"."""
    if cue.word.lemma not in _BIDS or cue.token.tag_ not in FINITE:
        return None
    for token in page.doc[cue.token.i + 1 : min(page.sentence_end(cue.token.i), cue.token.i + _REACH)]:
        if token.tag_ == "TO" and token.head.i > token.i:
            return token.head
        if token.text in COMMAS or token.text == ":":
            break
    return None


def _is_infinitive(head: Token) -> bool:
    tags = {c.tag_ for c in head.children if c.i < head.i}
    return "TO" in tags and "MD" not in tags and head.tag_ in {"VB", ""}


def _has_finite(head: Token) -> bool:
    return any(c.tag_ in FINITE for c in head.children)


def _is_marked(clause: Token) -> bool:
    return clause.left_edge.lower_ in COMPLEMENTISERS or any(
        c.dep_ == "mark" and c.lower_ in COMPLEMENTISERS for c in clause.children
    )


def _cut(page: Page, first: int, last: int, cue: Cue, complement: Token) -> int:
    """Where the clause ends: before ", adding that", "; others say" and another cue that shares the speaker."""
    for at in range(max(first + 1, complement.i + 1), last):
        if page.doc[at].text == ";" and page.verbs_in(at, last):
            return at
        if page.doc[at].lemma_ in _REFUSALS and page.doc[at - 1].pos_ == "CCONJ":
            return at - 1
        other = page.verb_at.get(at)
        if other is None or not other.word.takes & {"clause", "that", "quotation", "bid"}:
            continue
        before = at - 1
        while before > first and page.doc[before].pos_ == "ADV":
            before -= 1
        text = page.doc[before].text
        if page.doc[at].tag_ == "VBG" and text in COMMAS and page.doc[at].dep_ in {"advcl", "conj", "acl", "xcomp"}:
            return before
        if page.doc[before].pos_ == "CCONJ" and _shares_subject(page.doc[at], cue.token):
            return before - 1 if page.doc[before - 1].text in COMMAS else before
    return last


# The police spokesman, a former boxer, said nobody was hurt.
def _after_by_words(page: Page, cue: Cue, speaker: Speaker | None) -> Found | None:
    """The rest of the sentence, where the parse shows no clause but the words do."""
    verb, doc = cue.token, page.doc
    if speaker is None or not cue.word.takes & {"clause", "that"} or is_participle(verb) or verb.tag_ == "VB":
        return None
    last = page.sentence_end(verb.i)
    reach = 3 if cue.takes("belief") else _THAT
    first = None
    if not _opens_clause(page, cue, last):
        first = next((t.i for t in doc[verb.i + 1 : min(last, verb.i + reach)] if is_that(t)), None)
    if first is None and (cue.word.lemma in ADDRESSING or verb.tag_ == "VBG"):
        return None
    if first is not None and doc[first - 1].lower_ in cues("noun"):
        return None
    if first is None:
        if not _opens_clause(page, cue, last):
            return None
        first = verb.i + 1
    if not any(t.pos_ in {"VERB", "AUX", ""} for t in doc[first:last]):
        return None
    last = _cut(page, first, last, cue, doc[first])
    return told(page, first, last, verb, speaker, ("clause-by-words", 0.7))


def _opens_clause(page: Page, cue: Cue, last: int) -> bool:
    """Whether a clause without "that" follows the cue at once."""
    verb = cue.token
    return cue.takes("clause") and not _has_object(page, verb) and _starts_clause(page, verb.i + 1, last)


def _has_object(page: Page, verb: Token) -> bool:
    """Whether the verb has a plain object, and not the subject of a clause that the parse took for one."""
    return any(
        o.i > verb.i and page.doc[o.right_edge.i + 1].tag_ not in FINITE
        for o in objects(verb)
        if o.right_edge.i + 1 < len(page.doc)
    )


def _starts_clause(page: Page, first: int, last: int) -> bool:
    """Whether a subject and its finite verb follow at once: no comma, preposition or infinitive before it."""
    if first + 1 < last and page.doc[first].lower_ in _CONCEDES and page.doc[first + 1].tag_ != "VBG":
        first += 1
    for at in range(first, min(last, first + 25)):
        token = page.doc[at]
        if token.tag_ in FINITE:
            return at > first
        if token.lower_ == "that" and at > first and token.tag_ != "DT":
            return False
        if (
            is_dash(page, token.i)
            or token.tag_ in {"TO", "CC"}
            or (
                at == first
                and (
                    token.pos_ in {"ADP", "PUNCT", "SCONJ"}
                    or token.lower_ in SUBORDINATORS
                    or (token.is_punct and token.text not in MARKS)
                )
            )
        ):
            return False
    return False


def _shares_subject(verb: Token, cue: Token) -> bool:
    """Whether a verb after "and" goes on about the one who says: by the parse, or by its form."""
    if verb.lemma_ == "call" and verb.i + 1 < len(verb.doc) and verb.nbor().lower_ in {"on", "for"}:
        return True
    return (verb.dep_ == "conj" and verb.head.i == cue.i) or (verb.tag_ == cue.tag_ != "VB" and not any(subjects(verb)))


# The attacks were linked, officials said on Friday. / The attacks, officials said, were linked.
def _inserted(page: Page, cue: Cue, head: Token | None) -> Found | None:
    """The clause before a cue that stands between commas or at the sentence's end."""
    verb, doc = cue.token, page.doc
    first = page.sentence[verb.i]
    start = _own_start(page, verb, head)
    before = start - 1
    if before <= first or not (_may_be_inserted(cue) or _is_inverted(page, cue)) or not _parts(page, before):
        return None
    content_first, last = content_start(page, first, before), page.sentence_end(verb.i)
    speaker, end = _inserted_speaker(page, verb, start, head)
    if speaker is None or not _ends_well(page, end, last):
        return None
    if not _is_told(page, verb, content_first, before) or _is_subordinate(page, content_first, before):
        if end >= last or doc[end].text not in COMMAS or not holds_finite(page, end, last):
            return None
        before = last
    return told(page, content_first, before, verb, speaker, ("clause-before-cue", 0.88))


def _is_told(page: Page, verb: Token, first: int, last: int) -> bool:
    """Whether tokens are a clause: by a finite verb, or by one with a subject that is told though tagged as passive."""
    if holds_finite(page, first, last):
        return True
    told_of = [c for c in verb.children if c.dep_ == "ccomp" and first < c.i < last and c.tag_ == "VBN"]
    if any(s.i < c.i for c in told_of for s in [*subjects(c), *passive_subjects(c)]):
        return True
    others = [s for s in subjects(verb) if first <= s.i < last]  # "A truck packed with men overturned, police said."
    return any(c.tag_ == "VBN" and c.i < last for s in others for c in s.children)


def _is_subordinate(page: Page, first: int, last: int) -> bool:
    """Whether tokens are but a subordinate clause: of "if he returns, he will be jailed", the main one follows."""
    if page.doc[first].lower_ not in SUBORDINATORS:
        return False
    commas = [at for at in range(first, last) if page.doc[at].text in COMMAS]
    return not any(holds_finite(page, comma, last) for comma in commas)


def _may_be_inserted(cue: Cue) -> bool:
    """Whether the cue is a finite verb that says, and without an object of its own but for the one who is told."""
    verb = cue.token
    if not (cue.takes("clause") or _is_shared_belief(cue)) or is_participle(verb) or verb.tag_ in {"VBG", "VB"}:
        return False
    return verb.lemma_ in ADDRESSING or not any(o.i > verb.i for o in objects(verb))


def _is_inverted(page: Page, cue: Cue) -> bool:
    """Whether what a parse takes for the object of a cue is its subject: "... were lost, states the report"."""
    verb = cue.token
    if verb.i + 1 >= len(page.doc):
        return False
    says = cue.takes("clause") and verb.tag_ in {"VBD", "VBZ"} and not any(s.pos_ != "NUM" for s in subjects(verb))
    return says and page.doc[verb.i - 1].text in COMMAS and page.doc[verb.i + 1].pos_ in {"DET", "PROPN", "NOUN"}


def _is_shared_belief(cue: Cue) -> bool:
    """Whether a noun, no pronoun, believes, finds or shows: "campaigners fear", "data from the agency showed"."""
    told = cue.takes("that") and (cue.takes("belief") or cue.takes("object") or cue.word.lemma == "find")
    return told and any(s.pos_ in {"NOUN", "PROPN"} for s in subjects(cue.token))


def _parts(page: Page, token: int) -> bool:
    """Whether a token parts what is said from the cue: a comma, a dash or a quotation mark."""
    text = page.doc[token].text
    return text in COMMAS or text in MARKS or is_dash(page, token)


def _ends_sentence(page: Page, cue: Cue) -> bool:
    after = cue.token.i + 1
    return after >= len(page.doc) or page.doc[after].text in CLAUSE_ENDS


def _own_start(page: Page, verb: Token, head: Token | None) -> int:
    """Where the cue's own words begin: its subject, auxiliaries and adverbs."""
    doc, first = page.doc, page.sentence[verb.i]
    if head is not None and first < head.i < verb.i:
        start = max(head.left_edge.i, first)
        while start < head.i and doc[start].is_punct:
            start += 1
        return start - 1 if doc[start - 1].pos_ == "CCONJ" and doc[start - 2].text in COMMAS else start
    start = _before_apposition(page, verb.i)
    while start > first and doc[start - 1].pos_ in {"ADV", "AUX"}:
        start -= 1
    while (
        start > first
        and verb.i - start < 14
        and not (doc[start - 1].text in COMMAS or is_dash(page, start - 1) or doc[start - 1].text in MARKS)
    ):
        start -= 1
    return start


def _before_apposition(page: Page, verb: int) -> int:
    """Where a name between commas before the verb begins, the comma before it included: "a chief, Musa Garba, said"."""
    doc = page.doc
    if verb < 3 or doc[verb - 1].text not in COMMAS:
        return verb
    name = next((m for m in page.names_in(max(0, verb - _LONGEST_NAME), verb - 1) if m.last == verb - 1), None)
    return name.first - 1 if name is not None and name.first and doc[name.first - 1].text in COMMAS else verb


def _inserted_speaker(page: Page, verb: Token, start: int, head: Token | None) -> tuple[Speaker | None, int]:
    """The speaker before the cue or, where the cue comes first, after it, and where the two end."""
    doc = page.doc
    own = [t for t in doc[start : verb.i] if is_word(t) and t.pos_ != "ADV"]
    while own and own[-1].pos_ == "AUX":
        own.pop()
    if own or any(t.pos_ == "AUX" for t in doc[start : verb.i]):
        if (
            not own
            or own[0].pos_ in {"CCONJ", "SCONJ", "ADP", "AUX"}
            or own[0].lower_ in RELATIVES
            or holds_finite(page, start, own[-1].i + 1)
        ):
            return None, verb.i
        return (
            by_head(page, head) if head is not None and head.i < verb.i else in_tokens(page, start, verb.i)
        ), verb.i + 1
    last = page.sentence_end(verb.i)
    end = verb.i + 1
    while (
        end < last
        and doc[end].text not in COMMAS
        and doc[end].text not in CLAUSE_ENDS
        and doc[end].text not in BRACKETS
    ):
        if doc[end].lower_ == "who" and end > verb.i + 1:
            return in_tokens(page, verb.i + 1, end), last
        if doc[end].tag_ in FINITE or doc[end].lower_ == "that":
            return None, end
        end += 1
    if end == verb.i + 1 or doc[verb.i + 1].pos_ in {"ADP", "SCONJ"}:
        return None, end
    return with_name(page, in_tokens(page, verb.i + 1, end), end), end


def _ends_well(page: Page, first: int, last: int) -> bool:
    """Whether nothing is said after the cue: the sentence ends, or only when, where and to whom follow."""
    doc = page.doc
    for at in range(first, min(last, first + 12)):
        token = doc[at]
        if token.tag_ == "WDT" and at > first + 1:
            return True
        if (
            token.text in CLAUSE_ENDS
            or token.text in COMMAS
            or is_dash(page, token.i)
            or token.text in BRACKETS
            or page.breaks(at)
        ):
            return True
        if (
            token.text == ":"
            or token.text in MARKS
            or (token.lower_ == "that" and token.tag_ != "WDT")
            or token.pos_ == "VERB"
            or token.tag_ in FINITE
        ):
            return False
    return True


def _is_as_clause(verb: Token) -> bool:
    return verb.dep_ == "advcl" and verb.tag_ != "VBG" and any(c.lower_ == "as" and c.i < verb.i for c in verb.children)


# As Viasna reports, 65,000 people have been arrested.
def _as_clause(page: Page, cue: Cue) -> Found | None:
    subject = subject_of(cue.token)
    speaker = by_subject(page, subject) if subject is not None else None
    if speaker is None or not cue.takes("clause") or _complement(cue) is not None:
        return None
    first, last = page.sentence[cue.token.i], page.sentence_end(cue.token.i)
    begin, end = cue.token.left_edge.i, cue.token.right_edge.i + 1
    if begin <= first + 1:
        start = end
    elif page.doc[begin - 1].text in COMMAS:
        start, last = content_start(page, first, begin), begin
    else:
        return None
    return told(page, start, last, cue.token, speaker, ("as-clause", 0.75)) if is_finite(page, start, last) else None


# Forty were hurt, the ministry said, and 12 houses burned.
def going_on(page: Page, found: Found) -> tuple[int, int] | None:
    """The tokens of the rest of a sentence in which a source was only inserted, or None where another speaks there."""
    speaker = found.speaker
    if found.rule not in _INSERTED or speaker is None or found.end > found.cue[0]:
        return None
    at = page.token_from(max(found.cue[1], speaker.end))
    last = page.sentence_end(at) if at < len(page.doc) else at
    if at + 2 >= last or page.doc[at].text not in COMMAS or not _goes_on(page, at + 1, found):
        return None
    others = [c for c in page.verbs_in(at, last) if c.word.takes & {"clause", "that"} and not is_participle(c.token)]
    return None if others or page.phrases_in(at, last) else (at + 1, last)


def _goes_on(page: Page, token: int, found: Found) -> bool:
    """Whether what follows an inserted source is still its own: after a verb only what a conjunction joins."""
    word = page.doc[token].lower_
    return word in _GOES_ON if found.rule == "clause-before-cue" else word not in _TURNS


def joined(page: Page, told_: Iterable[Found]) -> Iterator[Found]:
    """Yields the clauses that go on after an inserted source: "..., she said, and ballots would be counted again"."""
    for found in told_:
        rest = going_on(page, found)
        if rest and page.doc[rest[0]].lower_ in _JOINS and holds_finite(page, rest[0] + 1, rest[1]):
            more = whole(page, rest[0] + 1, rest[1], found.cue, found.speaker, ("clause-going-on", 0.6))
            if more:
                yield more
