"""Indirect speech without a verb: "according to X", "in X's words", "his claim that"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from extract.facts.statement.cues import cues
from extract.facts.statement.extent import content_start, is_dash, is_finite, is_that, told, whole
from extract.facts.statement.page import Page, is_word
from extract.facts.statement.patterns import (
    BRACKETS,
    CLAUSE_ENDS,
    COMMAS,
    COMPLEMENTISERS,
    FINITE,
    GIVING,
    MARKS,
    NO_SOURCES,
    POSSESSIVES,
)
from extract.facts.statement.schema import Cue, Found, Speaker
from extract.facts.statement.speakers import by_head, by_subject, holds_finite, in_tokens, subject_of, with_name
from extract.syntax import clause_head, governor, obliques, possessors

_REACH = 40
_TOLLS = frozenset({"toll", "tally", "count"})  # "the toll from the floods": what they are from is no source
_MEDIA = frozenset({"media", "television", "radio", "newspapers", "press", "outlets", "officials", "agencies"})


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
    if word in {"per", "based"}:
        return _by_document(page, token)
    return _in_the_words_of(page, token) or _by_count(page, token)


# According to Viasna, 1,437 people are held. / 1,437 people are held, according to Viasna.
def _according(page: Page, token: Token) -> Found | None:
    doc = page.doc
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return None
    cue = (token.idx, page.end_of(token.i + 1))
    return _sourced(page, token.i, token.i + 2, cue, "according-to", 0.9)


def source_of(page: Page, token: Token) -> Speaker | None:
    """The source that "according" names."""
    if token.lower_ != "according" or token.i + 2 >= len(page.doc) or page.doc[token.i + 1].lower_ != "to":
        return None
    end = _source_end(page, token.i + 2)
    return in_tokens(page, token.i + 2, end)


# As per an estimate by the ministry, 12 people died. / Based on the agency's figures, 12 people died.
def _by_document(page: Page, token: Token) -> Found | None:
    doc, at = page.doc, token.i
    first = at - 1 if token.lower_ == "per" else at
    end = at + 1 if token.lower_ == "per" else at + 2
    if first < 0 or end >= len(doc):
        return None
    if doc[first].lower_ not in {"as", "based"} or doc[end - 1].lower_ not in {"per", "on"}:
        return None
    nouns_ = cues("noun")
    named = [nouns_[t.lower_] for t in doc[end : _source_end(page, end)] if t.lower_ in nouns_]
    if not any("document" in noun.takes for noun in named):
        return None
    return _sourced(page, first, end, (doc[first].idx, page.end_of(end - 1)), "according-to", 0.75)


# In the words of the judge, nobody is above the law.
def _in_the_words_of(page: Page, token: Token) -> Found | None:
    doc, at = page.doc, token.i
    if at < 2 or at + 2 >= len(doc) or doc[at + 1].lower_ != "of" or doc[at - 2].lower_ != "in":
        return None
    return _sourced(page, at - 2, at + 2, (doc[at - 2].idx, page.end_of(at + 1)), "in-the-words-of", 0.75)


# By Viasna's count, 1,437 people are held.
def _by_count(page: Page, token: Token) -> Found | None:
    owners = possessors(token) or _compounded(token)
    named = [noun for word, noun in obliques(token) if word.lower_ == "of" and page.is_organisation(noun)]
    if not owners and not named:
        return None
    first = next(t.i for t in page.doc[token.left_edge.i : token.i + 1] if not t.is_punct)
    begin = first if page.doc[first].lower_ in {"by", "in"} else first - 1
    if begin < 0 or page.doc[begin].lower_ not in {"by", "in"}:
        return None
    pronoun = bool(owners) and owners[0].tag_ == "PRP$"
    speaker = in_tokens(page, owners[0].i, token.i + 1) if pronoun else by_head(page, (owners or named)[0])
    if speaker is None:
        return None
    end = token.i + 1 if owners else page.token_from(speaker.end)
    return _around(page, begin, end, (token.idx, page.end_of(token.i)), speaker, ("by-count", 0.75))


def _compounded(noun: Token) -> list[Token]:
    """The word compounded with a noun in the plural: "by police estimates"."""
    return [c for c in noun.children if c.dep_ == "compound" and c.i == noun.i - 1 and noun.tag_ == "NNS"]


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
    if speaker is None or not is_finite(page, end, last):
        return None
    return whole(page, end + 1, last, (token.idx, page.end_of(token.i)), speaker, ("point-of-view", 0.6))


def _sourced(page: Page, begin: int, first: int, cue: tuple[int, int], rule: str, confidence: float) -> Found | None:
    """The statement around a phrase that names its source after the cue."""
    end = _source_end(page, first)
    if end > first and page.doc[end - 1].lower_ in NO_SOURCES:
        return None
    speaker = with_name(page, in_tokens(page, first, end), end)
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
    if opener or (inserted and not is_finite(page, _clause_start(page, first, before), before)):
        while end < last and (not is_word(doc[end])) and doc[end].text not in MARKS and doc[end].text not in BRACKETS:
            end += 1
        return whole(page, end, last, cue, speaker, rule) if is_finite(page, end, last) else None
    start = content_start(page, first, begin)
    return whole(page, start, begin, cue, speaker, rule) if is_finite(page, start, begin) else None


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
        return told(page, first, last, noun, speaker, ("noun-cue", 0.75 if speaker else 0.45))
    return _noun_clause_by_words(page, noun)


def _noun_clause_by_words(page: Page, noun: Token) -> Found | None:
    last = page.sentence_end(noun.i)
    for token in page.doc[noun.i + 1 : min(last, noun.i + 10)]:
        if is_that(token):
            speaker = owner_of(page, noun)
            if speaker is None or not holds_finite(page, token.i, last):
                return None
            return told(page, token.i, last, noun, speaker, ("noun-cue-by-words", 0.6))
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
        named = noun.lower_ not in documents or page.is_organisation(owner)
        if preposition.lower_ == "by" or (preposition.lower_ == "from" and noun.lemma_ not in _TOLLS):
            return by_head(page, owner)
        if preposition.lower_ == "of" and named:
            return by_head(page, owner)
    return _owner_by_words(page, noun) or _owner_above(page, noun) or _media_before(page, noun)


def _media_before(page: Page, noun: Token) -> Speaker | None:
    """Who reports where a verb was taken for a noun: "Danish media report police have freed 30"."""
    at = noun.i - 1
    if noun.lower_ not in {"report", "reports"} or at < page.sentence[noun.i] or page.doc[at].lower_ not in _MEDIA:
        return None
    first = min(noun.left_edge.i, page.doc[at].left_edge.i)
    return in_tokens(page, max(first, page.sentence[noun.i]), noun.i)


def _owner_above(page: Page, noun: Token) -> Speaker | None:
    """Who speaks in the document or gives it: "she said in a statement that", "the army gave a toll of 16"."""
    role, word, verb = governor(noun)
    cue = page.verb_at.get(verb.i)
    says = role == "oblique" and word == "in" and cue is not None and cue.takes("clause")
    if not (says or (role == "object" and verb.lemma_ in GIVING)):
        return None
    subject = subject_of(verb)
    return by_subject(page, subject) if subject is not None and subject.head.i < verb.i else None


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
    return told(page, colon + 1, last, noun, speaker, ("noun-colon", 0.6))
