"""Attributions that are wider than statements: "Viasna counts 1,437 prisoners", "12 deaths reported by the army"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from extract.facts.statement.clauses import is_negated
from extract.facts.statement.page import Page
from extract.facts.statement.patterns import LIST_MARKS
from extract.facts.statement.phrases import owner_of
from extract.facts.statement.schema import Cue, Found, Scope, Speaker
from extract.facts.statement.speakers import by_head, by_subject, is_participle, subject_of
from extract.syntax import clause_head, passive_agents, passive_subjects

_CLAUSAL = frozenset({"advcl", "conj", "cc", "punct", "parataxis", "mark"})
_MAX_LIST = 40


def scopes(page: Page, statements: Iterable[Found]) -> Iterator[Scope]:
    """Yields the stretches of an article for which somebody vouches, with source and cue."""
    for found in statements:
        yield Scope(found.start, _through_list(page, found.end), found.speaker, found.cue)
    for cue in page.verbs:
        if cue.takes("object") and not is_negated(cue):
            yield from _of_verb(page, cue)
    for cue in page.nouns:
        if cue.takes("document"):
            yield from _of_noun(page, cue)
    yield from _of_adverbs(page)


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
    speaker = by_subject(page, subject) if subject is not None and subject.head.i != verb.i else None
    last = max((c.right_edge.i for c in verb.children if c.i > verb.i and c.dep_ not in _CLAUSAL), default=verb.i)
    if speaker and last > verb.i:
        yield _scope(page, verb.i + 1, min(last + 1, page.sentence_end(verb.i)), speaker, words)


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
    if noun.right_edge.i == noun.i:
        return
    speaker = owner_of(page, noun)
    if speaker:
        last = min(noun.right_edge.i + 1, page.sentence_end(noun.i))
        yield _scope(page, noun.i, last, speaker, (noun.idx, noun.idx + len(noun)))


# Twelve men were allegedly beaten.
def _of_adverbs(page: Page) -> Iterator[Scope]:
    for token in page.adverbs:
        head = clause_head(token)
        first = max(head.left_edge.i, page.sentence[token.i])
        last = min(head.right_edge.i + 1, page.sentence_end(token.i))
        if first < last:
            yield _scope(page, first, last, None, (token.idx, token.idx + len(token)))


def _scope(page: Page, first: int, last: int, speaker: Speaker | None, cue: tuple[int, int]) -> Scope:
    return Scope(page.starts[first], page.end_of(last - 1), speaker, cue)


# According to Viasna, in May:\n- 12 people were arrested\n- 3 were fined
def _through_list(page: Page, end: int) -> int:
    """The end of an attribution that a colon carries on over the lines of a list."""
    text = page.text
    at, lines = end, 0
    if text[at : at + 1] == ":" or text[at - 1 : at] == ":":
        following = page.text.find("\n", at, at + 3)
        while following >= 0 and lines < _MAX_LIST and (item := LIST_MARKS.match(text, following)):
            following = text.find("\n", item.end())
            at = following if following >= 0 else len(text)
            lines += 1
    return at if lines else end
