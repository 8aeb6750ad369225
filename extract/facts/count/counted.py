"""What is counted: the noun phrase's head with the words before it, by the parse where there is one, else by words."""

from __future__ import annotations

import re

from spacy.tokens import Token

from extract.facts.count.page import Candidate, Page
from extract.facts.count.patterns import AFTER

LONGEST_PHRASE = 9
"""Tokens between a number and the end of what it counts."""

NOMINAL = frozenset({"NOUN", "PROPN"})
_INSIDE = frozenset({"ADJ", "NOUN", "PROPN", "ADV", "VERB", "NUM", "PUNCT", "CCONJ", "X", "PART"})
_PARTITIVES = frozenset({
    "the", "these", "those", "his", "her", "its", "their", "our", "my", "all", "such", "this", "that", "your", "an",
    "a",
})  # fmt: skip
_HEDGES = frozenset({"estimated", "some", "about", "more", "than", "at", "least", "over", "nearly", "around", "roughly",
                     "approximately", "total", "of", "up", "to", "only", "just", "a", "an", "the"})  # fmt: skip
_FUNCTION = frozenset({
    "of", "in", "on", "at", "to", "from", "for", "with", "by", "and", "or", "but", "who", "which", "that", "were",
    "is", "are", "be", "been", "have", "has", "had", "will", "would", "as", "than", "while", "when", "after", "before",
    "since", "into", "over", "under", "during", "against", "about", "said", "the", "a", "an", "they", "he", "she", "it",
    "was", "out", "among", "including", "not", "also", "still", "remain", "remained", "died", "dead", "killed",
    "injured", "wounded", "arrested", "missing", "detained", "per", "more", "less", "if", "so", "though",
})  # fmt: skip
_NOT_COUNTED = frozenset({"percent", "percentage", "cent", "pm", "am", "p.m.", "a.m.", "ago", "time", "now", "today",
                          "voting"})  # fmt: skip
_COMPOUND = re.compile(r"[-‑–](?P<noun>[A-Za-z]{2,24})")
_STRONG = frozenset({"strong", "plus", "odd", "old", "something", "some", "and", "or", "to"})
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})


def find_counted(page: Page, candidate: Candidate) -> None:
    """Sets the candidate's counted phrase (characters), its head token, and whether it is "of" a larger set."""
    if candidate.kind in {"money", "measure"}:
        return
    compound = _COMPOUND.match(page.text, candidate.end)
    if compound and compound["noun"].lower() not in _STRONG:
        _take_compound(page, candidate, compound)
        return
    behind = AFTER.match(page.text, candidate.end)
    at = _skip_partitive(page, candidate, page.token_from(behind.end() if behind else candidate.end))
    if at is None or (candidate.kind == "percent" and not candidate.partitive):
        return
    head = _head(page, candidate, at)
    if head is not None:
        candidate.head = head
        candidate.counted = _extent(page, at, head)


def _take_compound(page: Page, candidate: Candidate, compound: re.Match[str]) -> None:
    """Reads "27-member bloc": the member."""
    candidate.compound = True
    candidate.counted = compound.span("noun")
    candidate.head = page.token_at(compound.start("noun"))


def _skip_partitive(page: Page, candidate: Candidate, at: int) -> int | None:
    """The token where the counted phrase starts, past "of", "of the", "of Algeria's"; None where it is left out."""
    if page.word(at).isspace() and "\n" not in page.word(at):
        at += 1
    if page.word(at) == "more" and page.word(at + 1) not in {"than", "of"}:
        at += 1
    if candidate.rule == "fraction" and page.word(at) in {"the", "its", "their", "his", "her", "all", "our"}:
        candidate.partitive = True
        return at + 1
    if page.word(at) != "of":
        return at if page.word(at) not in _FUNCTION or page.word(at) in {"more"} else None
    candidate.partitive = True
    at += 1
    while page.word(at) in _PARTITIVES:
        at += 1
    for ahead in range(at, at + 5):
        other = page.memory["starts"].get(ahead)
        if other is not None and other is not candidate:
            at = page.token_from(other.end)
            break
        if page.word(ahead) not in _HEDGES:
            break
    for ahead in range(at, min(at + 6, len(page.doc))):
        token = page.doc[ahead]
        if token.lower_ in _POSSESSIVE and token.tag_ in {"POS", ""}:
            at = ahead + 1
        elif token.pos_ not in _INSIDE or token.pos_ == "PUNCT":
            break
    return at


def _head(page: Page, candidate: Candidate, at: int) -> int | None:
    """The head noun of the phrase that starts at a token."""
    run = _run(page, at)
    if not run:
        return _nationality(page, at)
    if not page.doc[at].pos_:
        return run[-1]
    nominals = [i for i in run if page.doc[i].pos_ in NOMINAL]
    if not nominals:
        return _plural(page, run)
    if page.parsed:
        governing = _governing(page.doc[candidate.last - 1], candidate)
        if governing is not None and governing.i in nominals and governing.lower_ not in _NOT_COUNTED:
            return _to_the_right(governing.i, nominals)
    return nominals[-1]


def _nationality(page: Page, at: int) -> int | None:
    """Reads "five Japanese were freed": an adjective that stands for people."""
    token = page.doc[at] if at < len(page.doc) else None
    stands = token is not None and token.is_title and token.pos_ == "ADJ" and not page.in_date(token)
    return at if stands else None


def _to_the_right(head: int, nominals: list[int]) -> int:
    """The last of the nouns that stand side by side from the head on: a parse may stop at "law" of "law officers"."""
    while head + 1 in nominals:
        head += 1
    return head


def _plural(page: Page, run: list[int]) -> int | None:
    """The last word of a run without nouns, where it has the look of a plural: "two homeless", "the others"."""
    word = page.doc[run[-1]]
    return word.i if word.lower_ in {"others", "other"} or word.tag_ in {"NNS", "NNPS"} else None


def _governing(token: Token, candidate: Candidate) -> Token | None:
    """The noun that the number depends on, outside the number itself."""
    for _ in range(4):
        head = token.head
        if head.i == token.i:
            return None
        if not candidate.first <= head.i < candidate.last:
            return head
        token = head
    return None


def _run(page: Page, at: int) -> list[int]:
    """The tokens from `at` that may belong to one noun phrase, up to its last nominal."""
    run: list[int] = []
    seen_noun = False
    for i in range(at, min(at + LONGEST_PHRASE, len(page.doc))):
        token = page.doc[i]
        if not _continues(page, token, run, seen_noun=seen_noun):
            break
        run.append(i)
        seen_noun = seen_noun or (token.pos_ in NOMINAL and token.tag_ in {"NNS", "NNPS"})
    tagged = any(page.doc[i].pos_ for i in run)
    while run and (page.doc[run[-1]].pos_ not in NOMINAL and tagged and not _closes(page.doc[run[-1]])):
        run.pop()
    return run


def _closes(token: Token) -> bool:
    return token.lower_ in {"others", "other"}


def _continues(page: Page, token: Token, run: list[int], *, seen_noun: bool) -> bool:
    """Whether a token goes on with the noun phrase."""
    if token.is_space or page.in_date(token) or token.lower_ in _NOT_COUNTED:
        return False
    if not token.pos_:
        return token.is_alpha and token.lower_ not in _FUNCTION
    if token.pos_ not in _INSIDE or token.tag_ in _VERB_TAGS:
        return False
    if token.pos_ in {"PUNCT", "CCONJ"}:
        return _joins(page, token, run, seen_noun=seen_noun)
    return not (seen_noun and token.pos_ in {"ADV", "ADJ", "VERB", "NUM", "PROPN"})


_VERB_TAGS = frozenset({"VBD", "VBZ", "VBP", "VB", "MD", "POS", "RP"})
_OPENING = frozenset({'"', "“", "‘"})
_INNER = frozenset({"-", "‑", "–", "”", "'", "’"}) | _OPENING


def _joins(page: Page, token: Token, run: list[int], *, seen_noun: bool) -> bool:
    """Whether a hyphen, a quotation mark or an "and" stands inside the noun phrase."""
    if token.pos_ == "PUNCT":
        return token.text in _OPENING or (bool(run) and token.text in _INNER and not token.whitespace_)
    if not run or seen_noun:
        return False
    before = page.doc[token.i - 1]
    return (before.pos_ in {"ADJ", "PROPN"} and _adjective_follows(page, token)) or (
        before.pos_ in {"ADJ", "PROPN", "NOUN"} and _compound_follows(page, token)
    )


def _compound_follows(page: Page, conjunction: Token) -> bool:
    """Reads "10,000 Afghan and coalition troops", "20 transport and storage companies": a noun before a plural."""
    at = conjunction.i + 1
    if conjunction.lower_ != "and" or at + 1 >= len(page.doc):
        return False
    noun, head = page.doc[at], page.doc[at + 1]
    return noun.tag_ in {"NN", "JJ"} and noun.head.i in {head.i, at - 2} and head.tag_ == "NNS"


def _adjective_follows(page: Page, token: Token) -> bool:
    after = page.doc[token.i + 1] if token.i + 1 < len(page.doc) else None
    return after is not None and after.pos_ in {"ADJ", "PROPN"}


def _extent(page: Page, at: int, head: int) -> tuple[int, int]:
    """Characters of the phrase from a token to its head, without quotes and determiners at its start."""
    doc = page.doc
    while at < head and (doc[at].is_punct or doc[at].pos_ == "DET" or doc[at].lower_ in _PARTITIVES):
        at += 1
    return doc[at].idx, doc[head].idx + len(doc[head])


def phrase(page: Page, at: int) -> int | None:
    """The head of the noun phrase that starts at a token, or None."""
    run = _run(page, at)
    return next((i for i in reversed(run) if page.doc[i].pos_ in NOMINAL), None)


def take_tallied(page: Page, candidate: Candidate) -> None:
    """Sets the counted phrase of "the number of prisoners rose to 1,500", whose head the category rules found."""
    head = candidate.fields.pop("tallied", None)
    if head is not None and candidate.counted is None:
        at = head
        while at > 0 and (page.doc[at - 1].pos_ in {"ADJ", "NOUN", "PROPN"} or page.doc[at - 1].tag_ == "VBN"):
            at -= 1
        candidate.counted = _extent(page, at, head)
