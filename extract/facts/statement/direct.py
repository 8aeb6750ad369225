"""Direct speech: which quotations are statements, with which cue and by whom."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from extract.facts.statement.page import Page, is_word
from extract.facts.statement.patterns import (
    ADDRESSING,
    CLAUSE_ENDS,
    COMMAS,
    DASHES,
    FINITE,
    FULL_ENDS,
    FULL_STOPS,
    MARKS,
    RELATIVES,
)
from extract.facts.statement.schema import Cue, Found, Quotation, Speaker
from extract.facts.statement.speakers import by_subject, in_tokens, is_participle, subject_in
from extract.room import Declined
from extract.syntax import ADNOMINAL_CLAUSES, subjects

_REACH = 45
_OWN_LINE = 16
_GAP = 400
_SPOKEN = frozenset({"clause", "quotation", "that", "infinitive", "bid", "label", "whether"})


def quoted(quotation: Quotation, cue: tuple[int, int], speaker: Speaker | None, rule: str, confidence: float) -> Found:
    """The statement that a quotation is; less sure where its last mark is missing."""
    return Found(
        quotation.start,
        quotation.end,
        direct=True,
        cue=cue,
        speaker=speaker,
        rule=rule,
        confidence=confidence - (0 if quotation.closed else 0.25),
    )


def _has_subject(verb: Token) -> bool:
    """Whether the verb of a relative clause has a subject of its own: "prisoners whom it calls"."""
    return any(s.lower_ not in RELATIVES for s in subjects(verb))


class Direct:
    """Reads the quotations of a page in order, and remembers who spoke last."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.last: Found | None = None
        self.taken: set[int] = set()

    def __iter__(self) -> Iterator[Found | Declined]:
        """Yields a statement or a declined candidate for each quotation."""
        for quotation in self.page.quotations:
            found = self._read(quotation)
            if found:
                self.last = found
                yield found
            else:
                yield Declined(
                    "statement", quotation.start, quotation.end, "quotation", "nobody is said to have said it"
                )

    def _read(self, quotation: Quotation) -> Found | None:
        first, last = self.page.token_from(quotation.start), self.page.token_from(quotation.end)
        if not any(is_word(t) for t in self.page.doc[first:last]):
            return None
        return (
            self._after_cue(quotation, first, last, fresh=True)
            or self._before_cue(quotation, first, last)
            or self._after_cue(quotation, first, last, fresh=False)
            or self._on_its_line(quotation, last)
            or self._going_on(quotation, first)
            or self._fragment(quotation, first)
        )

    def _found(self, quotation: Quotation, cue: Token, speaker: Speaker | None, rule: str, confidence: float) -> Found:
        if rule != "quoted-fragment":
            self.taken.add(cue.i)
        words = (cue.idx, cue.idx + len(cue))
        return quoted(quotation, words, speaker, rule, confidence)

    # He said: "We won." / The court said "nobody is above the law". / Petrov wrote that "nobody came."
    def _after_cue(self, quotation: Quotation, first: int, last: int, *, fresh: bool) -> Found | None:
        cue, joined = self._cue_before(first)
        if cue is None or (fresh and cue.token.i in self.taken):
            return None
        if joined == "" and not self._is_whole(quotation, last):
            return None
        token = cue.token
        speaker = self._subject(cue, high=first)
        if speaker is None and (joined == "" or not fresh):
            return None
        return self._found(quotation, token, speaker, "quotation-after-cue", 0.9 if speaker else 0.6)

    def _cue_before(self, first: int) -> tuple[Cue | None, str]:
        """The cue that introduces a quotation from the left, and the mark between: a colon, a comma or nothing."""
        doc, at, joined = self.page.doc, first - 1, ""
        while at >= 0 and (doc[at].is_space or doc[at].text in COMMAS or doc[at].text in {":", "that"} | DASHES):
            if not doc[at].is_space and doc[at].text != "that":
                joined = doc[at].text
            if self.page.breaks(at) and joined == "" and not self._colon_before(at):
                return None, ""
            at -= 1
        for back in range(at, max(-1, at - _REACH), -1):
            token = doc[back]
            if self._ends_the_search(back, at):
                break
            cue = self.page.verb_at.get(back)
            if cue and cue.word.takes & _SPOKEN and not is_participle(token) and self._introduces(cue, at, joined):
                return cue, joined
            if joined != ":" and token.tag_ in FINITE:
                break
        return None, joined

    def _colon_before(self, at: int) -> bool:
        while at > 0 and self.page.doc[at].is_space:
            at -= 1
        return self.page.doc[at].text in {":"}

    def _ends_the_search(self, back: int, at: int) -> bool:
        doc = self.page.doc
        if self.page.breaks(back) or (doc[back].text in FULL_STOPS and not self._is_initial(back)):
            return True
        return back < at and self.page.quotation_at(doc[back].idx) is not None and doc[back].text in MARKS

    def _is_initial(self, at: int) -> bool:
        return at > 0 and len(self.page.doc[at - 1]) == 1 and self.page.doc[at - 1].is_upper

    def _introduces(self, cue: Cue, at: int, joined: str) -> bool:
        """Whether nothing but an addressee, an adverb or a date stands between cue and quotation."""
        if joined == ":":
            return True
        between = self.page.doc[cue.token.i + 1 : at + 1]
        if joined:
            return len(between) <= 14 and not (cue.takes("label") and not cue.takes("clause"))
        if cue.takes("label") or cue.takes("bid"):
            return False
        limit = 5 if cue.word.lemma in ADDRESSING else 0
        return sum(1 for t in between if t.pos_ not in {"ADV", "SCONJ"} and not t.is_space) <= limit

    def _is_whole(self, quotation: Quotation, last: int) -> bool:
        """Whether the quotation is all that was said: it ends in a stop, or the clause ends with it."""
        if self._ends_full(quotation):
            return True
        doc = self.page.doc
        if last >= len(doc) or self.page.breaks(last):
            return True
        return doc[last].text in CLAUSE_ENDS or doc[last].text in COMMAS or doc[last].pos_ == "CCONJ"

    def _ends_full(self, quotation: Quotation) -> bool:
        text = self.page.text
        inner = text[quotation.start + 1 : quotation.end - 1].rstrip(" \u00a0'’”\"") if quotation.closed else ""
        return inner[-1:] in FULL_ENDS if inner else False

    # "We won," said Ivan Petrov. / "We won", the minister told reporters. / "We won," he added.
    def _before_cue(self, quotation: Quotation, first: int, last: int) -> Found | None:
        if not self._is_apart(first):
            return None
        comma = last < len(self.page.doc) and self.page.doc[last].text in COMMAS
        if not quotation.closed or not (self._ends_full(quotation) or comma):
            return None
        cue = self._cue_after(last)
        if cue is None:
            return None
        end = self._tail_end(cue.token.i)
        speaker = self._subject(cue, low=last, high=end) or self._beside(cue.token, last, end)
        if speaker is None:
            return None
        return self._found(quotation, cue.token, speaker, "quotation-before-cue", 0.93)

    def _is_apart(self, first: int) -> bool:
        """Whether a mark, a line or a conjunction parts the quotation from the words before it."""
        before = self.page.doc[first - 1] if first else None
        if before is None or before.is_space or before.is_punct or before.pos_ in {"CCONJ", "PUNCT"}:
            return True
        return before.text[-1] in FULL_STOPS and len(before) > 1

    def _cue_after(self, last: int) -> Cue | None:
        """The cue verb that follows a quotation: the first finite verb of its tail that is in no relative clause."""
        doc, relative = self.page.doc, -9
        last = self._after_break(last)
        for at in range(last, min(len(doc), last + _REACH)):
            token = doc[at]
            if self.page.breaks(at) or token.text in {";", ":"} or self._stops(at):
                return None
            if at > last and token.text in MARKS and self.page.quotation_at(token.idx):
                return None
            if token.lower_ in RELATIVES and token.tag_ in {"WP", "WDT", "WP$"}:
                relative = at
            elif token.text in COMMAS and any(t.tag_ in FINITE for t in doc[max(relative, last) : at]):
                relative = -9
            cue = self.page.verb_at.get(at)
            if cue and at - relative > 6 and (cue.takes("clause") or cue.takes("quotation")):
                return cue
            if token.tag_ in FINITE and token.pos_ != "AUX" and at - relative > 6:
                return None
        return None

    def _after_break(self, last: int) -> int:
        """The index after a comma outside a quotation and the line's end that follows the comma, if they are there."""
        doc, at = self.page.doc, last
        comma = self.page.doc[last - 2].text in COMMAS if last > 1 else False
        if at < len(doc) and doc[at].text in COMMAS:
            at, comma = at + 1, True
        return at + 1 if comma and at < len(doc) and self.page.breaks(at) else last

    def _stops(self, at: int) -> bool:
        doc = self.page.doc
        return doc[at].text in FULL_STOPS and not self._is_initial(at)

    def _tail_end(self, cue: int) -> int:
        doc = self.page.doc
        for at in range(cue + 1, min(len(doc), cue + _REACH)):
            stops = doc[at].text in CLAUSE_ENDS and not self._is_initial(at)
            if stops or self.page.breaks(at) or (doc[at].text in MARKS and self.page.quotation_at(doc[at].idx)):
                return at
        return min(len(doc), cue + _REACH)

    def _subject(self, cue: Cue, *, high: int, low: int = 0) -> Speaker | None:
        """The speaker by the parse, where it finds one in the same stretch."""
        subject = subject_in(self.page, cue)
        if subject is None:
            return None
        head, verb = subject.head, cue.token
        if not low <= head.i < high or self.page.verb_at.get(head.i):
            return None
        if self.page.quotation_at(head.idx) is not self.page.quotation_at(verb.idx):
            return None
        return by_subject(self.page, subject)

    def _beside(self, verb: Token, low: int, high: int) -> Speaker | None:
        """The speaker by the words: those between quotation and cue, or after the cue up to a comma."""
        before = [t for t in self.page.doc[low : verb.i] if is_word(t) and t.pos_ not in {"ADV", "AUX", "PART"}]
        if before:
            return in_tokens(self.page, before[0].i, verb.i)
        return in_tokens(self.page, verb.i + 1, high)

    # "We won."\n\nIvan Petrov stated
    def _on_its_line(self, quotation: Quotation, last: int) -> Found | None:
        doc = self.page.doc
        if last >= len(doc) or not self.page.breaks(last):
            return None
        end = last + 1
        while end < len(doc) and not self.page.breaks(end) and end - last <= _OWN_LINE:
            end += 1
        line = [t for t in doc[last + 1 : end] if is_word(t)]
        if not line or end - last > _OWN_LINE or any(t.text in MARKS or t.text == ":" for t in doc[last + 1 : end]):
            return None
        cue = next((self.page.verb_at[t.i] for t in line if t.i in self.page.verb_at), None)
        if cue is None or not (cue.takes("clause") or cue.takes("quotation")):
            return None
        if cue.token.i not in {line[0].i, line[-1].i}:
            return None
        speaker = in_tokens(self.page, line[0].i, cue.token.i) or in_tokens(self.page, cue.token.i + 1, end)
        return self._found(quotation, cue.token, speaker, "quotation-on-its-line", 0.85) if speaker else None

    # "We won," he said. "They lost."
    def _going_on(self, quotation: Quotation, first: int) -> Found | None:
        last = self.last
        if last is None or not self._stands_alone(quotation, first):
            return None
        if quotation.start - last.end > _GAP:
            return None
        gap = self.page.text[last.end : quotation.start]
        if gap.count("\n\n") > 2 or gap.count("\n") > 5:
            return None
        starts_line = first == 0 or self.page.breaks(first - 1)
        if starts_line and not self._fills_line(quotation):
            return None
        confidence = 0.75 if starts_line else 0.85
        return quoted(quotation, last.cue, last.speaker, "quotation-going-on", confidence)

    def _stands_alone(self, quotation: Quotation, first: int) -> bool:
        """Whether the quotation is a sentence of its own."""
        doc, at = self.page.doc, first - 1
        while at >= 0 and doc[at].is_space:
            if self.page.breaks(at):
                break
            at -= 1
        starts = at < 0 or self.page.breaks(at) or doc[at].text in FULL_STOPS or doc[at].text in MARKS
        body = self.page.text[quotation.start + 1 : quotation.end].rstrip(" \"”’'»“")
        return starts and body[-1:] in {".", "!", "?", "…", ","} and not self.page.text[quotation.start + 1].islower()

    def _fills_line(self, quotation: Quotation) -> bool:
        rest = self.page.text[quotation.end : quotation.end + 30].split("\n", 1)[0]
        return len(rest.strip()) < 15

    def _is_called_so(self, verb: Token) -> bool:
        """Whether the verb is a participle: "often referred to as", "described as"."""
        if verb.tag_ == "VBN" and verb.dep_ == "advcl":
            return True
        after = [t.lower_ for t in self.page.doc[verb.i + 1 : verb.i + 3]]
        return (after[:1] == ["as"] and verb.lower_ != "dismissed") or after == ["to", "as"]

    def _may_quote(self, cue: Cue) -> bool:
        """Whether a cue may take a fragment: a verb that labels, bids or speaks of, with a subject, in no passive."""
        verb = cue.token
        speaks_of = cue.takes("about") and verb.i + 1 < len(verb.doc) and verb.nbor().lower_ in {"of", "about"}
        if not (cue.word.takes & {"label", "bid", "infinitive"} or speaks_of) or is_participle(verb):
            return False
        return not (self._is_called_so(verb) or (verb.dep_ in ADNOMINAL_CLAUSES and not _has_subject(verb)))

    # The mayor called them "traitors" and "thieves". / Poland asked it to "change direction".
    def _fragment(self, quotation: Quotation, first: int) -> Found | None:
        page, doc = self.page, self.page.doc
        for back in range(first - 1, max(-1, first - _REACH), -1):
            if page.breaks(back) or (self._stops(back) and page.quotation_at(doc[back].idx) is None):
                return None
            cue = page.verb_at.get(back)
            if cue is None or page.quotation_at(doc[back].idx) is not None:
                continue
            if not self._may_quote(cue):
                continue
            speaker = self._subject(cue, high=first)
            if speaker is None:
                continue
            return self._found(quotation, cue.token, speaker, "quoted-fragment", 0.6)
        return None
