"""What must hold for every text: no exception, no wrong span, the same bytes again, and time that grows linearly."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract import Article
from extract.fact import FACT, check_spans, fact_id, to_json

CORPUS = Path(__file__).resolve().parent.parent / "corpus/articles"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
FRAGMENTS = st.sampled_from([
    "Ales Bialiatski", "said", "according to", "Viasna", "1,437", "at least", "political prisoners", "were arrested",
    "on Tuesday", "last week", "August 2020", "“", "”", '"', "'", "(", ")", "\n\n", "\n", " ", ",", ".", "40%", "$5",
    "million", "dozens of", "no one", "has been released", "in", "Minsk", "\u00a0", "\u202e", "👩‍👩‍👧", "e\u0301",
    "\x00", "Беларусь", "سجناء", "2O22",
    "12/14/2022", "115", "of", "1,300", "who", "'s", "’s", "–", "-", "the", "and", "may",
])  # fmt: skip
NEWSLIKE = st.lists(FRAGMENTS, max_size=60).map(" ".join)
SLOW_IS_FINE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def facts_of(extractor, text):
    return extractor.extract(Article(id="any", text=text, published="2022-12-14"))


@SLOW_IS_FINE
@given(text=ANY_TEXT | NEWSLIKE)
def test_every_fact_holds_the_characters_that_it_claims(extractor, text):
    ids = set()
    for fact in facts_of(extractor, text):
        check_spans(fact, text)
        assert fact.sentence.start <= fact.sentence.end <= len(text)
        assert FACT.validate_json(to_json(fact)) == fact
        event_type = getattr(fact, "event_type", "")
        sha = Article(id="x", text=text).text_sha256
        assert fact.id == fact_id(sha, fact.type, fact.span.start, fact.span.end, event_type)
        ids.add(fact.id)
    assert len(ids) == len(facts_of(extractor, text))


def test_a_text_may_begin_and_end_at_any_word(extractor):
    chance = random.Random(1)
    words = [path.read_text("utf-8").split(" ") for path in sorted(CORPUS.glob("*.txt"))]
    cuts = []
    for number in range(400):
        article = chance.choice(words)
        first = chance.randrange(len(article))
        cuts.append(Article(id=str(number), text=" ".join(article[first : first + chance.randint(1, 40)]) or "x"))
    assert len(list(extractor.pipe(cuts))) == len(cuts)


@SLOW_IS_FINE
@given(text=NEWSLIKE)
def test_references_lead_to_facts_of_the_same_article(extractor, text):
    facts = {f.id: f for f in facts_of(extractor, text)}
    for fact in facts.values():
        for field in ("of", "was", "as_of", "place", "entity"):
            assert getattr(fact, field, None) in {None, *facts}
        for argument in getattr(fact, "arguments", ()):
            assert {argument.entity, argument.fact} <= {None, *facts}
        for role in getattr(fact, "roles", ()):
            assert role.organisation in {None, *facts}
        if fact.attribution:
            assert fact.attribution.source_id in {None, *facts}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(NEWSLIKE, min_size=2, max_size=5))
def test_company_in_the_batch_changes_no_byte(extractor, texts):
    articles = [Article(id=str(i), text=t) for i, t in enumerate(texts)]
    alone = [[to_json(f) for f in extractor.extract(a)] for a in articles]
    together = [[to_json(f) for f in facts] for facts in extractor.pipe(articles)]
    assert alone == together


@pytest.mark.parametrize("text", [
    "a" * 1_000_000, "1" * 100_000, "1," * 4_000, "“" * 4_000, "' " * 4_000, "( " * 4_000, "\n" * 100_000,
    " " * 100_000, "\x00" * 4_000, "said " * 4_000, "of " * 4_000, "2022-" * 4_000, "A. " * 4_000, "’s " * 4_000,
    "\u202e" * 4_000, "👩‍👩‍👧" * 1_000, "Ales Bialiatski " * 2_000, "at least " * 2_000, "1 million " * 2_000,
], ids=lambda t: repr(t[:6]))  # fmt: skip
def test_hostile_repetition_takes_linear_time(extractor, text):
    half = text[: len(text) // 2]
    facts_of(extractor, half[:1000])
    started = time.process_time()
    facts_of(extractor, half)
    first = time.process_time() - started
    started = time.process_time()
    facts_of(extractor, text)
    assert time.process_time() - started < 3.2 * first + 0.5
