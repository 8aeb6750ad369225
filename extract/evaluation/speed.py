"""How fast the pipeline is, as ratios measured in one run: against bare spaCy, against `dateparser.search`, and grown.

Every comparison runs its two sides in turn, round by round, and reports the median of the rounds' ratios of processor
time, so that a machine whose speed drifts, or that others use, changes neither side alone.
"""

from __future__ import annotations

import gc
import random
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from extract.article import Article
from extract.facts.date import find_dates
from extract.pipeline import COMPONENTS, Extractor, load, settle

SEED = 20220


@dataclass(frozen=True)
class Figure:
    """One measured ratio with what it compares."""

    name: str
    ratio: float
    goal: str
    words_per_second: float
    note: str = ""


def sample_articles(folder: Path, number: int) -> list[Article]:
    """`number` articles made from those in the folder by shuffling paragraphs, the same each time."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    shuffle = random.Random(SEED)  # noqa: S311  no secret: the same articles each time
    articles = []
    for i in range(number):
        paragraphs = texts[i % len(texts)].split("\n\n")
        if i >= len(texts):
            shuffle.shuffle(paragraphs)
        articles.append(Article(id=f"bench-{i}", text="\n\n".join(paragraphs), published="2024-05-17"))
    return articles


def measure(articles: list[Article], *, rounds: int = 3, model: str | None = None) -> Iterator[Figure]:
    """Yields the figures one by one, the cheap ones first."""
    extractor = load(model)
    words = [len(extractor.nlp.make_doc(a.text)) for a in articles]
    yield dates_against_dateparser(articles[:30], sum(words[:30]), rounds=rounds)
    yield bare_against_cnn(extractor, articles[:60], rounds=rounds)
    yield whole_against_bare(extractor, articles, sum(words), rounds=rounds)
    yield from growth(articles, words, model)


def whole_against_bare(extractor: Extractor, articles: list[Article], words: int, *, rounds: int) -> Figure:
    """Time of all components, facts validated and put into lines of JSON, over time of the model's own; one process."""

    def whole() -> None:
        _drain(extractor.pipe(articles))

    _drain(extractor.pipe(articles[:16]))
    settle()

    def bare() -> None:
        with extractor.nlp.select_pipes(disable=list(COMPONENTS)):
            _drain(extractor.nlp.pipe(a.text for a in articles))

    ratio, seconds = _compare(whole, bare, rounds)
    return Figure(
        "whole pipeline / bare nlp.pipe, time", ratio, "at most 1.25", words / seconds, f"{len(articles)} articles"
    )


def bare_against_cnn(extractor: Extractor, articles: list[Article], *, rounds: int) -> Figure:
    """Words per second of the model over those of a numpy-only spaCy pipeline of usual size."""
    texts = [a.text for a in articles]
    cnn = cnn_of_usual_size(texts)
    words = sum(len(cnn.make_doc(text)) for text in texts)

    def bare() -> None:
        with extractor.nlp.select_pipes(disable=list(COMPONENTS)):
            _drain(extractor.nlp.pipe(texts))

    ratio, _ = _compare(lambda: _drain(cnn.pipe(texts)), bare, rounds)
    return Figure("model / spaCy CNN (tagger, parser, NER; 96 wide, depth 4), words per second", ratio, "at least 0.5",
                  words / _seconds(bare), "the CNN's weights are not trained: same work, no sense")  # fmt: skip


def cnn_of_usual_size(texts: Iterable[str]) -> Language:
    """A spaCy pipeline with a shared tok2vec (96 wide, depth 4), tagger, parser and NER, not trained."""
    nlp = spacy.blank("en")
    for name in ("tok2vec", "tagger", "parser", "ner"):
        nlp.add_pipe(name, config={} if name == "tok2vec" else {"model": _listening(name)})
    rough = spacy.blank("en")
    rough.add_pipe("sentencizer")

    def examples() -> list[Example]:
        return [Example(nlp.make_doc(d.text), _dummy_annotation(d)) for d in rough.pipe(list(texts)[:4])]

    nlp.initialize(examples)
    return nlp


def _listening(name: str) -> dict[str, Any]:
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}
    if name == "tagger":
        return {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}
    return {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": name, "hidden_width": 64,
            "maxout_pieces": 2, "use_upper": True, "extra_state_tokens": False, "tok2vec": listener}  # fmt: skip


def _dummy_annotation(doc: Doc) -> Doc:
    tags = ["NN", "VBD", "DT", "IN", "JJ", "NNP", "."]
    labels = ["det", "nsubj", "obj", "amod", "case", "obl", "nmod", "punct"]
    heads = []
    for sent in doc.sents:
        heads += [sent.start if t.i == sent.start else t.i - 1 for t in sent]
    ents = [f"B-{('PERSON', 'ORG', 'GPE', 'LOC')[t.i % 4]}" if t.is_title else "O" for t in doc]
    return Doc(doc.vocab, [t.text for t in doc], [bool(t.whitespace_) for t in doc],
               tags=[tags[t.i % len(tags)] for t in doc], heads=heads, ents=ents,
               deps=["ROOT" if t.is_sent_start else labels[t.i % len(labels)] for t in doc])  # fmt: skip


def dates_against_dateparser(articles: list[Article], words: int, *, rounds: int) -> Figure:
    """Time of `dateparser.search.search_dates` over that of our rules for dates, the same texts, English told to both.

    Both find the dates of a text and resolve them to days, with no model; both have read a text before.
    """
    from dateparser.search import search_dates  # noqa: TID251  what we are measured against

    def ours() -> list[int]:
        return [len(list(find_dates(a.text, published=a.published_day))) for a in articles]

    def theirs() -> list[int]:
        return [len(search_dates(a.text, languages=["en"]) or ()) for a in articles]

    note = f"{len(articles)} articles; {sum(ours())} dates found, {sum(theirs())} by dateparser"
    pairs = [(_seconds(theirs), _seconds(ours)) for _ in range(rounds)]
    seconds = statistics.median(mine for _, mine in pairs)
    ratio = statistics.median(other / mine for other, mine in pairs)
    return Figure("dateparser.search / our dates alone, time", ratio, "at least 50", words / seconds, note)


def growth(articles: list[Article], words: list[int], model: str | None) -> Iterator[Figure]:
    """Yields the time per word at 1x, 4x and 16x the work over that at 1x, with the peak memory, each in a process."""
    size = max(1, len(articles) // 16)
    first = None
    for factor in (1, 4, 16):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            seconds, peak = alone.submit(_alone, articles[: size * factor], model).result()
        per_word = seconds / sum(words[: size * factor])
        first = first or per_word
        note = f"{size * factor} articles, {peak} MB peak memory"
        yield Figure(f"time per word at {factor}x the work", per_word / first, "about 1", 1 / per_word, note)


def _alone(articles: list[Article], model: str | None) -> tuple[float, int]:
    """Seconds that the articles take once the model is loaded, and the peak memory of the process in MB."""
    extractor = load(model)
    _drain(extractor.pipe(articles[:16]))
    settle()
    seconds = _seconds(lambda: _drain(extractor.pipe(iter(articles))))
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _drain(results: Iterable[object]) -> None:
    for _ in results:
        pass


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def _compare(a: Callable[[], object], b: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median over the rounds of a's time over b's, and a's median time in seconds."""
    b()
    pairs = [(_seconds(a), _seconds(b)) for _ in range(rounds)]
    return statistics.median(x / y for x, y in pairs), statistics.median(x for x, _ in pairs)
