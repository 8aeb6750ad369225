"""An article laid open for the rules: its quotations, cues, names and sentences, each found in one pass."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from extract.facts.statement.cues import cues
from extract.facts.statement.patterns import FINITE, FULL_STOPS, MARKS, PHRASE_WORDS
from extract.facts.statement.quotations import quotations
from extract.facts.statement.schema import Cue, Quotation
from extract.room import columns_of, text_of

# the longest sentence of the tuning articles has 119 tokens; beyond this a text is no prose
_MAX_SENTENCE = 500
_LONGEST_NAME = 12  # tokens
_CLOSING = frozenset(")]}")
_VERBAL = frozenset({"VERB", "AUX", ""})
_NOMINAL = frozenset({"NOUN", "PROPN", ""})


@dataclass(frozen=True, slots=True)
class Mention:
    """A name: tokens `first` to `last` (half open), its type, and its fact's id where it has one."""

    first: int
    last: int
    type: str
    entity: str | None


class Page:
    """A parsed article with what the rules ask of it, worked out once."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = text_of(doc)
        self.starts = columns_of(doc).starts
        self.quotations = quotations(self.text)
        self._quotation_starts = [q.start for q in self.quotations]
        self.sentence = _sentence_starts(doc)
        self._sentence_ends = _sentence_ends(self.sentence)
        self.verbs: list[Cue] = []
        self.nouns: list[Cue] = []
        self.phrases: list[Token] = []
        self.adverbs: list[Token] = []
        self._find_cues()
        self.verb_at = {cue.token.i: cue for cue in self.verbs}
        self.names = _mentions(doc, self.starts)
        self._name_starts = [m.first for m in self.names]

    def quotation_at(self, position: int) -> Quotation | None:
        """The quotation around a character, its marks included."""
        at = bisect_right(self._quotation_starts, position) - 1
        if at >= 0 and position < self.quotations[at].end:
            return self.quotations[at]
        return None

    def names_in(self, first: int, last: int) -> list[Mention]:
        """The names that begin in a stretch of tokens, in order."""
        low = bisect_left(self._name_starts, first)
        return self.names[low : bisect_left(self._name_starts, last)]

    def is_organisation(self, token: Token) -> bool:
        """Whether a token is in the name of an organisation."""
        near = self.names_in(max(0, token.i - _LONGEST_NAME), token.i + 1)
        return any(m.type == "organisation" and m.last > token.i for m in near)

    def token_at(self, position: int) -> int:
        """The index of the token that holds a character, or of the last before it."""
        return max(0, bisect_right(self.starts, position) - 1)

    def token_from(self, position: int) -> int:
        """The index of the first token that begins at a character or after it."""
        return bisect_left(self.starts, position)

    def end_of(self, token: int) -> int:
        """The character after a token."""
        return self.starts[token] + len(self.doc[token])

    def sentence_end(self, token: int) -> int:
        """The index after the last token of the sentence around a token."""
        return self._sentence_ends[token]

    def cue_before(self, cue: Cue) -> Cue | None:
        """The last finite cue verb before another in its sentence, quotations apart."""
        at = bisect_left(self.verbs, cue.token.i, key=lambda c: c.token.i) - 1
        first = self.sentence[cue.token.i]
        while at >= 0 and self.verbs[at].token.i >= first:
            token = self.verbs[at].token
            if token.tag_ in FINITE and self.quotation_at(token.idx) is self.quotation_at(cue.token.idx):
                return self.verbs[at]
            at -= 1
        return None

    def verbs_in(self, first: int, last: int) -> list[Cue]:
        """The cue verbs in a stretch of tokens."""
        low = bisect_left(self.verbs, first, key=lambda c: c.token.i)
        return self.verbs[low : bisect_left(self.verbs, last, key=lambda c: c.token.i)]

    def phrases_in(self, first: int, last: int) -> list[Token]:
        """The words in a stretch of tokens that may begin or end a phrase that names a source."""
        low = bisect_left(self.phrases, first, key=lambda t: t.i)
        return self.phrases[low : bisect_left(self.phrases, last, key=lambda t: t.i)]

    def _find_cues(self) -> None:
        """Finds the cues of the article, in order, but for sentences too long to be any."""
        verbs, nouns, adverbs = cues("verb"), cues("noun"), cues("adverb")
        phrases = PHRASE_WORDS | cues("possessed").keys()
        known, lower = verbs.keys() | nouns.keys() | phrases | adverbs.keys(), columns_of(self.doc).lower
        for i in self._readable():
            word = lower[i]
            if word not in known:
                continue
            token = self.doc[i]
            if word in verbs and token.pos_ in _VERBAL and self._is_no_name(token):
                self.verbs.append(Cue(token, verbs[word]))
            elif word in nouns and token.pos_ in _NOMINAL:
                self.nouns.append(Cue(token, nouns[word]))
            if word in phrases:
                self.phrases.append(token)
            elif word in adverbs:
                self.adverbs.append(token)

    def _is_no_name(self, token: Token) -> bool:
        """Whether a verb is no part of a name such as Said: in small letters, in capitals all, or first."""
        text = token.text
        if not text[:1].isupper() or text.isupper() or self.sentence[token.i] == token.i:
            return True
        return self.doc[token.i - 1].is_punct or self.doc[token.i - 1].is_space

    def _readable(self) -> Iterator[int]:
        """Yields the tokens of sentences, ours and the parser's, that are short enough to walk about in."""
        sentences = self.doc.sents if self.doc.has_annotation("SENT_START") else [self.doc[:]]
        for sentence in sentences:
            if len(sentence) <= _MAX_SENTENCE:
                for i in range(sentence.start, sentence.end):
                    if self._sentence_ends[i] - self.sentence[i] <= _MAX_SENTENCE:
                        yield i

    def breaks(self, token: int) -> bool:
        """Whether a token is white space that ends a line."""
        return self.doc[token].is_space and "\n" in self.doc[token].text


def _sentence_starts(doc: Doc) -> list[int]:
    """For each token the index of the first token of its sentence, told by stops and lines: parsers err at both."""
    out: list[int] = []
    start = 0
    stopped = False
    for i, text in enumerate(columns_of(doc).words):
        if text.isspace():
            stopped = stopped or "\n" in text
        elif stopped and (_is_opening_word(text) or _opens_here(doc, i)):
            start, stopped = i, False
        elif text in FULL_STOPS:
            stopped = not _is_number_sign(doc, i)
        elif text not in MARKS and text not in _CLOSING:
            stopped = False
        out.append(start)
    return out


def _is_number_sign(doc: Doc, stop: int) -> bool:
    """Whether the stop ends a "No." before a numeral."""
    return 0 < stop < len(doc) - 1 and doc[stop - 1].lower_ in {"no", "nos"} and doc[stop + 1].text[:1].isdigit()


def _is_opening_word(text: str) -> bool:
    return text not in MARKS and text not in _CLOSING and not text[:1].islower()


def _opens_here(doc: Doc, at: int) -> bool:
    """Whether a quotation mark after a stop opens: space before it or a line's start, and none after."""
    token = doc[at]
    if token.text not in MARKS or at == 0 or at + 1 >= len(doc) or token.whitespace_:
        return False
    before = doc[at - 1]
    return bool(before.whitespace_) or before.is_space


def _sentence_ends(starts: list[int]) -> list[int]:
    """For each token the index after the last token of its sentence."""
    out = [len(starts)] * len(starts)
    for at in range(len(starts) - 2, -1, -1):
        out[at] = out[at + 1] if starts[at] == starts[at + 1] else at + 1
    return out


def _mentions(doc: Doc, starts: list[int]) -> list[Mention]:
    """The names that the earlier rooms found; of overlapping ones the first and longest."""
    found: list[Mention] = []
    for room in ("person", "organisation", "place"):
        for draft in doc._.drafts.get(room, ()):
            for mention in draft.fields.get("mentions", ()):
                first = max(0, bisect_right(starts, mention["start"]) - 1)
                found.append(Mention(first, bisect_left(starts, mention["end"]), room, draft.id))
    found.sort(key=lambda m: (m.first, -m.last))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.first >= kept[-1].last:
            kept.append(mention)
    return kept


def is_word(token: Token) -> bool:
    """Whether a token is neither white space nor punctuation."""
    return not (token.is_space or token.is_punct)
