"""Indirect speech: the clause that a cue attributes to its source."""

from __future__ import annotations

from collections.abc import Container, Iterator

from spacy.tokens import Token

from extract.facts.statement.cues import cues
from extract.facts.statement.page import Page, is_word
from extract.facts.statement.patterns import (
    ADDRESSING,
    BRACKETS,
    CLAUSE_ENDS,
    COMMAS,
    COMPLEMENTISERS,
    CONJUNCTIONS,
    DASHES,
    DATELINE,
    EDGES,
    FINITE,
    FIRST_AND_SECOND,
    MARKS,
    NO_SOURCES,
    POSSESSIVES,
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
)
from extract.syntax import ADNOMINAL_CLAUSES, clause_head, objects, obliques, possessors, subjects

_COMPLEMENTS = frozenset({"ccomp", "xcomp", "csubj:pass"})
_SUBJECTS = frozenset({"DET", "PRON", "PROPN", "NOUN", "NUM"})
_REFUSALS = frozenset({"decline", "refuse", "fail"})
_GERUNDS = frozenset({"VBG"})
_BIDS = frozenset({"recommend", "advise", "warn"})
_REACH = 40
_THAT = 14


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
    if speaker and _is_own_voice(page, cue, subject):
        return None
    own = subject.head if subject is not None and subject.verb.i == cue.token.i else None
    return (
        _inserted(page, cue, own)
        or (_inserted(page, cue, None) if own is not None and _ends_sentence(page, cue) else None)
        or _after(page, cue, speaker or _beside(page, cue))
        or _after_by_words(page, cue, speaker or _beside(page, cue))
    )


def _is_near(page: Page, head: Token, verb: Token) -> bool:
    """Whether a subject stands in the sentence of its verb, and in the same quotation or outside all as it does."""
    if head.i == verb.i or page.sentence[head.i] != page.sentence[verb.i]:
        return False
    return page.quotation_at(head.idx) is page.quotation_at(verb.idx)


def _beside(page: Page, cue: Cue) -> Speaker | None:
    if cue.token.tag_ not in FINITE | {"VBN"} or is_participle(cue.token):
        return None
    return beside(page, page.sentence[cue.token.i], cue.token.i)


def is_negated(cue: Cue) -> bool:
    """Whether the cue says that nothing was said: "have not said", "declined to say"."""
    if cue.word.lemma in {"deny"}:
        return False
    verb = cue.token
    if any(
        c.dep_ == "neg" or c.lower_ in {"not", "n't", "n’t", "never", "neither"} for c in verb.children if c.i < verb.i
    ):
        return True
    return verb.dep_ == "xcomp" and verb.head.lemma_ in _REFUSALS


def _is_impersonal(verb: Token) -> bool:
    """Whether the verb says without saying who: "it was reported that"."""
    return is_participle(verb) and any(c.lower_ == "it" for c in verb.children if c.i < verb.i)


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
    return _found(page, first, last, cue.token, speaker, "clause-after-cue", 0.88)


def _quotes_first(page: Page, first: int, last: int) -> bool:
    """Whether a quotation begins at an infinitive or right after its "to": the fragments are what was said."""
    return any(_opens(page, t.i) for t in page.doc[first : min(first + 2, last)])


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
            continue
        if _is_marked(child) or cue.takes("clause"):
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
    """Where the clause ends: before ", adding that ...", and before another cue that shares the speaker."""
    for at in range(max(first + 1, complement.i + 1), last):
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
        first = next((t.i for t in doc[verb.i + 1 : min(last, verb.i + reach)] if _is_that(t)), None)
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
    return _found(page, first, last, verb, speaker, "clause-by-words", 0.7)


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


def _is_that(token: Token) -> bool:
    """Whether "that" joins a clause: by its tag, its relation, or because a subject follows it."""
    if token.lower_ != "that" or token.i + 1 >= len(token.doc):
        return False
    return token.tag_ in {"IN", ""} or token.dep_ == "mark" or (token.tag_ == "WDT" and token.nbor().pos_ in _SUBJECTS)


def _starts_clause(page: Page, first: int, last: int) -> bool:
    """Whether a subject and its finite verb follow at once: no comma, preposition or infinitive before it."""
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
                    or (token.is_punct
                    and token.text not in MARKS)
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
    if not cue.takes("clause") or is_participle(verb) or verb.tag_ in {"VBG", "VB"}:
        return None
    if verb.lemma_ not in ADDRESSING and any(o.i > verb.i for o in objects(verb)):
        return None
    first = page.sentence[verb.i]
    start = _own_start(page, verb, head)
    if start - 1 <= first:
        return None
    before = start - 1
    if doc[before].text not in COMMAS and not is_dash(page, before) and doc[before].text not in MARKS:
        return None
    content_first, last = _content_start(page, first, before), page.sentence_end(verb.i)
    speaker, end = _inserted_speaker(page, verb, start, head)
    if speaker is None or not _ends_well(page, end, last):
        return None
    if not holds_finite(page, content_first, before) or doc[content_first].lower_ in SUBORDINATORS:
        if end >= last or doc[end].text not in COMMAS or not holds_finite(page, end, last):
            return None
        before = last
    return _found(page, content_first, before, verb, speaker, "clause-before-cue", 0.88)


def _ends_sentence(page: Page, cue: Cue) -> bool:
    after = cue.token.i + 1
    return after >= len(page.doc) or page.doc[after].text in CLAUSE_ENDS


def _own_start(page: Page, verb: Token, head: Token | None) -> int:
    """Where the cue's own words begin: its subject, auxiliaries and adverbs."""
    doc, first = page.doc, page.sentence[verb.i]
    if head is not None and first < head.i < verb.i:
        start = max(head.left_edge.i, first)
        return start - 1 if doc[start - 1].pos_ == "CCONJ" and doc[start - 2].text in COMMAS else start
    start = verb.i
    while start > first and doc[start - 1].pos_ in {"ADV", "AUX"}:
        start -= 1
    while (
        start > first
        and verb.i - start < 14
        and not (doc[start - 1].text in COMMAS or is_dash(page, start - 1) or doc[start - 1].text in MARKS)
    ):
        start -= 1
    return start


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
        if doc[end].tag_ in FINITE or doc[end].lower_ == "that":
            return None, end
        end += 1
    if end == verb.i + 1 or doc[verb.i + 1].pos_ in {"ADP", "SCONJ"}:
        return None, end
    return in_tokens(page, verb.i + 1, end), end


def _ends_well(page: Page, first: int, last: int) -> bool:
    """Whether nothing is said after the cue: the sentence ends, or only when, where and to whom follow."""
    doc = page.doc
    for at in range(first, min(last, first + 12)):
        token = doc[at]
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
            or token.lower_ == "that"
            or token.pos_ == "VERB"
            or token.tag_ in FINITE
        ):
            return False
    return True


def _content_start(page: Page, first: int, last: int) -> int:
    """The start of a sentence's content: after "But", "However," and a dateline."""
    doc = page.doc
    if first == 0 or page.breaks(first - 1):
        dateline = DATELINE.match(page.text, page.starts[first])
        if dateline and dateline.end() < page.starts[min(last, len(doc) - 1)]:
            first = max(first, page.token_from(dateline.end()))
    if first < last and (doc[first].lower_ in CONJUNCTIONS or doc[first].pos_ == "CCONJ"):
        first += 1
    if first + 1 < last and doc[first].pos_ == "ADV" and doc[first + 1].text in COMMAS:
        first += 2
    return first


def _is_finite(page: Page, first: int, last: int) -> bool:
    """Whether the tokens hold a clause: a finite verb, or no tags to tell by."""
    return any(t.tag_ in FINITE or not t.tag_ for t in page.doc[first:last])


def _is_as_clause(verb: Token) -> bool:
    return verb.dep_ == "advcl" and any(c.lower_ == "as" and c.i < verb.i for c in verb.children)


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
        start, last = _content_start(page, first, begin), begin
    else:
        return None
    return _found(page, start, last, cue.token, speaker, "as-clause", 0.75) if _is_finite(page, start, last) else None


def phrases(page: Page) -> Iterator[Found]:
    """Yields the statements that a phrase attributes: "according to X", "in X's words", "for X's critics"."""
    for token in page.phrases:
        found = _of_phrase(page, token)
        if found:
            yield found


def _of_phrase(page: Page, token: Token) -> Found | None:
    word = token.lower_
    if word == "according":
        return _according(page, token)
    if word == "for":
        return _for(page, token) if page.sentence[token.i] == token.i else None
    return _in_the_words_of(page, token) or _by_count(page, token)


# According to Viasna, 1,437 people are held. / 1,437 people are held, according to Viasna.
def _according(page: Page, token: Token) -> Found | None:
    doc = page.doc
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return None
    cue = (token.idx, page.end_of(token.i + 1))
    return _sourced(page, token.i, token.i + 2, cue, "according-to", 0.9)


# In the words of the judge, nobody is above the law.
def _in_the_words_of(page: Page, token: Token) -> Found | None:
    doc, at = page.doc, token.i
    if at < 2 or at + 2 >= len(doc) or doc[at + 1].lower_ != "of" or doc[at - 2].lower_ != "in":
        return None
    return _sourced(page, at - 2, at + 2, (doc[at - 2].idx, page.end_of(at + 1)), "in-the-words-of", 0.75)


# By Viasna's count, 1,437 people are held.
def _by_count(page: Page, token: Token) -> Found | None:
    owners = possessors(token)
    if not owners:
        return None
    first = token.left_edge.i
    begin = first if page.doc[first].lower_ in {"by", "in"} else first - 1
    if begin < 0 or page.doc[begin].lower_ not in {"by", "in"}:
        return None
    speaker = by_head(page, owners[0])
    if speaker is None:
        return None
    return _around(page, begin, token.i + 1, (token.idx, page.end_of(token.i)), speaker, ("by-count", 0.75))


# For the opposition, the vote was a farce.
def _for(page: Page, token: Token) -> Found | None:
    doc = page.doc
    end = token.i + 1
    while end < len(doc) and end < token.i + 14 and doc[end].text not in COMMAS and not page.breaks(end):
        end += 1
    if end >= len(doc) or doc[end].text not in COMMAS:
        return None
    if not any(t.lower_ in cues("viewer") for t in doc[token.i + 1 : end]):
        return None
    speaker = in_tokens(page, token.i + 1, end)
    last = page.sentence_end(token.i)
    if speaker is None or not _is_finite(page, end, last):
        return None
    return _whole(page, end + 1, last, (token.idx, page.end_of(token.i)), speaker, ("point-of-view", 0.6))


def _sourced(page: Page, begin: int, first: int, cue: tuple[int, int], rule: str, confidence: float) -> Found | None:
    """The statement around a phrase that names its source after the cue."""
    end = _source_end(page, first)
    if end > first and page.doc[end - 1].lower_ in NO_SOURCES:
        return None
    speaker = in_tokens(page, first, end)
    return _around(page, begin, end, cue, speaker, (rule, confidence)) if speaker else None


def _source_end(page: Page, first: int) -> int:
    """Where the source's phrase ends: by the parse, but never beyond a comma or another clause's subject."""
    doc = page.doc
    limit = min(page.sentence_end(first), first + _REACH)
    end = first
    while end < limit:
        token = doc[end]
        if (
            token.text in COMMAS
            or token.text in CLAUSE_ENDS
            or token.text in BRACKETS
            or page.breaks(end)
            or is_dash(page, token.i)
            or token.text == ":"
        ):
            break
        if (
            end > first
            and token.lower_ in {"there", "he", "she", "it", "they", "which", "who", "that", "and"}
            and token.dep_ not in {"cc", "conj"}
        ):
            break
        if end > first and token.tag_ in FINITE:
            head = next((c for c in token.children if c.dep_.startswith(("nsubj", "expl")) and c.i < token.i), None)
            return max(first + 1, min(end, head.left_edge.i if head is not None and head.left_edge.i > first else end))
        end += 1
    return end


def _around(
    page: Page, begin: int, end: int, cue: tuple[int, int], speaker: Speaker, rule: tuple[str, float]
) -> Found | None:
    """The statement of which tokens `begin` to `end` name the source: what follows where they open a clause."""
    doc = page.doc
    first, last = page.sentence[begin], page.sentence_end(begin)
    end = _after_bracket(page, end, last)
    before = begin - 1
    opener = before < first or (
        (before == first and doc[before].pos_ in {"CCONJ", "ADV", "PUNCT"}) or doc[before].text in MARKS
    )
    inserted = before > first and doc[before].text in COMMAS and end < last and doc[end].text in COMMAS
    if (
        not opener
        and before > first
        and (
            doc[before].text in {";", ":"}
            or is_dash(page, before)
            or doc[before].lower_ in {"that", "but", "and", "which"}
        )
    ):
        opener = True
    if opener or (inserted and not _is_finite(page, _clause_start(page, first, before), before)):
        while end < last and (not is_word(doc[end])) and doc[end].text not in MARKS and doc[end].text not in BRACKETS:
            end += 1
        return _whole(page, end, last, cue, speaker, rule) if _is_finite(page, end, last) else None
    start = _content_start(page, first, begin)
    return _whole(page, start, begin, cue, speaker, rule) if _is_finite(page, start, begin) else None


def _after_bracket(page: Page, at: int, last: int) -> int:
    """The index after a bracketed abbreviation: "the Association of Journalists (BAJ)"."""
    if at >= last or page.doc[at].text not in BRACKETS:
        return at
    return next((t.i + 1 for t in page.doc[at : min(last, at + 12)] if t.text in {")", "]", "}"}), at)


def _clause_start(page: Page, first: int, last: int) -> int:
    """The start of the clause that an inserted phrase interrupts: after the last relative word before it."""
    for at in range(last, max(first, last - 3) - 1, -1):
        if page.doc[at].lower_ in COMPLEMENTISERS:
            return at
    return first


def _whole(
    page: Page, first: int, last: int, cue: tuple[int, int], speaker: Speaker | None, rule: tuple[str, float]
) -> Found | None:
    extent = content(page, first, last)
    if extent is None:
        return None
    return Found(*extent, _is_quotation(page, *extent), cue, speaker, *rule)


def nouns(page: Page) -> Iterator[Found]:
    """Yields the statements that a noun introduces: "his claim that ...", "the position is clear: ..."."""
    for cue in page.nouns:
        found = None
        if cue.takes("clause"):
            found = _noun_clause(page, cue)
        elif cue.takes("colon"):
            found = _noun_colon(page, cue)
        if found:
            yield found


# He repeated his claim that the vote was fair. / She keeps her pledge to free them.
def _noun_clause(page: Page, cue: Cue) -> Found | None:
    noun = cue.token
    for child in noun.children:
        if child.i < noun.i or child.dep_ not in {"acl", "ccomp", "acl:relcl", "relcl"}:
            continue
        marked = [c for c in child.children if c.dep_ == "mark" and c.lower_ == "that"]
        infinitive = child.dep_ == "acl" and any(c.tag_ == "TO" for c in child.children) and cue.takes("infinitive")
        speaker = owner_of(page, noun)
        if not (marked or (infinitive and speaker)):
            continue
        first, last = child.left_edge.i, min(child.right_edge.i + 1, page.sentence_end(noun.i))
        return _found(page, first, last, noun, speaker, "noun-cue", 0.75 if speaker else 0.45)
    return _noun_clause_by_words(page, noun)


def _noun_clause_by_words(page: Page, noun: Token) -> Found | None:
    last = page.sentence_end(noun.i)
    for token in page.doc[noun.i + 1 : min(last, noun.i + 10)]:
        if _is_that(token):
            speaker = owner_of(page, noun)
            if speaker is None or not holds_finite(page, token.i, last):
                return None
            return _found(page, token.i, last, noun, speaker, "noun-cue-by-words", 0.6)
        if token.is_punct or token.tag_ in FINITE:
            return None
    return None


def owner_of(page: Page, noun: Token) -> Speaker | None:
    """Whose claim, report or count a noun is: "X's claim", "the claim by X"."""
    documents = {form for form, word in cues("noun").items() if "document" in word.takes}
    for owner in possessors(noun):
        if owner.tag_ == "PRP$":
            subject = subject_of(clause_head(noun))
            if subject is not None and subject.head.i < noun.left_edge.i:
                return by_subject(page, subject)
        return by_head(page, owner)
    for preposition, owner in obliques(noun):
        if preposition.lower_ in {"by", "from"} or (preposition.lower_ == "of" and noun.lower_ not in documents):
            return by_head(page, owner)
    return _owner_by_words(page, noun)


def _owner_by_words(page: Page, noun: Token) -> Speaker | None:
    """Whose the noun is where the parse hangs the owner elsewhere."""
    doc, first, last = page.doc, page.sentence[noun.i], page.sentence_end(noun.i)
    if noun.i + 2 < last and doc[noun.i + 1].lower_ == "by":
        end = next((t.i for t in doc[noun.i + 2 : last] if t.lower_ == "that" or t.tag_ in FINITE), last)
        return in_tokens(page, noun.i + 2, min(end, noun.i + 12))
    if noun.i - 2 >= first and doc[noun.i - 1].text in POSSESSIVES:
        begin = noun.i - 2
        while begin > first and doc[begin - 1].pos_ in {"PROPN", "NOUN", "ADJ", "DET"}:
            begin -= 1
        return in_tokens(page, begin, noun.i - 1)
    return None


# The government's position is clear: the army must leave.
def _noun_colon(page: Page, cue: Cue) -> Found | None:
    doc, noun = page.doc, cue.token
    last = page.sentence_end(noun.i)
    colon = next((t.i for t in doc[noun.i + 1 : min(last, noun.i + 8)] if t.text == ":"), None)
    speaker = owner_of(page, noun)
    if colon is None or speaker is None or not any(t.pos_ == "AUX" or t.tag_ in FINITE for t in doc[noun.i : colon]):
        return None
    return _found(page, colon + 1, last, noun, speaker, "noun-colon", 0.6)


def _found(
    page: Page, first: int, last: int, cue: Token, speaker: Speaker | None, rule: str, confidence: float
) -> Found | None:
    return _whole(page, first, last, (cue.idx, cue.idx + len(cue)), speaker, (rule, confidence))


def is_dash(page: Page, token: int) -> bool:
    """Whether a token is a dash between clauses, not a hyphen inside a word."""
    return page.doc[token].text in DASHES and token > 0 and bool(page.doc[token - 1].whitespace_)


def content(page: Page, first: int, last: int) -> tuple[int, int] | None:
    """The characters of a clause without "that", white space and punctuation at its edges; quotations stay whole."""
    doc = page.doc
    while first < last and (
        doc[first].is_space
        or doc[first].text in EDGES
        or (doc[first].text in POSSESSIVES
        and not _opens(page, first))
        or (doc[first].lower_ == "that" and not _is_demonstrative(page, first))
    ):
        first += 1
    while last > first and (doc[last - 1].is_space or _is_loose_end(page, first, last - 1)):
        last -= 1
    if last - first < 2:
        return None
    return _widened(page, page.starts[first], page.end_of(last - 1))


def _is_loose_end(page: Page, first: int, at: int) -> bool:
    """Whether a mark at the end of a clause is not part of it: a bracket that it opens itself closes it."""
    text = page.doc[at].text
    if (text in MARKS and page.doc[at].whitespace_ != "") or at + 1 == len(page.doc):
        quotation = page.quotation_at(page.starts[at])
        if quotation is not None and quotation.end == page.end_of(at) and quotation.start < page.starts[first]:
            return True
    if text == ")" and any(t.text == "(" for t in page.doc[max(first, at - 12) : at]):
        return False
    return text in EDGES and not _closes(page, at)


def _is_demonstrative(page: Page, token: int) -> bool:
    """Whether "that" points ("that figure is wrong", "that is wrong") rather than joins."""
    if page.doc[token].tag_ == "DT" or token + 1 >= len(page.doc):
        return True
    after = page.doc[token + 1]
    return after.tag_ in FINITE or (after.tag_ == "NN" and after.dep_ not in {"compound", "nmod:poss", "poss"})


def _opens(page: Page, token: int) -> bool:
    quotation = page.quotation_at(page.starts[token])
    return quotation is not None and quotation.start == page.starts[token]


def _closes(page: Page, token: int) -> bool:
    quotation = page.quotation_at(page.starts[token])
    return quotation is not None and quotation.end == page.end_of(token)


def _widened(page: Page, start: int, end: int) -> tuple[int, int] | None:
    """The extent with the closing mark of a quotation that it ends in; inside a quotation, clipped to it."""
    around = page.quotation_at(start)
    if around and around.start < start:
        inner = around.end - 1 if around.closed else around.end
        end = min(end, inner)
    else:
        tail = page.quotation_at(end - 1)
        if tail and tail.start >= start:
            end = tail.end
        elif end < len(page.text):
            after = page.quotation_at(end)
            if after and after.end - end <= 2 and after.start >= start:
                end = after.end
    return (start, end) if end > start else None


def _is_quotation(page: Page, start: int, end: int) -> bool:
    quotation = page.quotation_at(start)
    return quotation is not None and quotation.start == start and quotation.end == end
