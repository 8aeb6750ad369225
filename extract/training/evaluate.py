"""Measures a pipeline: names on gold, newswire and PUD; tags and parse on PUD; sentences on EWT; confidence."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.training.corpora import ANNOTATES, Passage, Sentence, read_conllu, read_names
from extract.training.examples import surface

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

log = logging.getLogger(__name__)

KINDS = {"PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
MARK = re.compile(r"<(/?)(person|organisation|place|date|count|ev|said)((?:\s+[a-z_]+=\"[^\"]*\")*)\s*>")
Spans = set[tuple[int, int, str]]
# Confidences are compared with accuracies in this many equal steps.
BINS = 10


def f1(found: int, wanted: int, right: int) -> dict[str, float]:
    """Precision, recall and F1 in percent."""
    p, r = right / found if found else 0.0, right / wanted if wanted else 0.0
    return {
        "p": round(100 * p, 1),
        "r": round(100 * r, 1),
        "f1": round(200 * p * r / (p + r), 1) if p + r else 0.0,
        "gold": wanted,
    }


def read_gold(path: Path) -> tuple[str, Spans]:
    """Text and names of an annotated article."""
    source, text, at = path.read_text(encoding="utf-8"), "", 0
    stack: list[tuple[str, int]] = []
    spans: Spans = set()
    for match in MARK.finditer(source):
        text += source[at : match.start()]
        at = match.end()
        if match[1]:
            tag, start = stack.pop()
            if tag in KINDS.values():
                spans.add((start, len(text), tag))
        else:
            stack.append((match[2], len(text)))
    return text + source[at:], spans


def named(doc: Doc) -> Spans:
    """Persons, organisations and places of a doc."""
    return {(e.start_char, e.end_char, KINDS[e.label_]) for e in doc.ents if e.label_ in KINDS}


def gold_scores(nlp: Language, folder: Path) -> dict[str, dict[str, float]]:
    """Strict scores on articles annotated by the contract."""
    pairs = [read_gold(path) for path in sorted(folder.glob("*.xml"))]
    return name_scores(
        (spans, named(doc)) for (_, spans), doc in zip(pairs, nlp.pipe(text for text, _ in pairs), strict=True)
    )


def set_scores(nlp: Language, path: Path, split: str, most: int) -> dict[str, dict[str, float]]:
    """Strict scores on a set of names, leaving out what touches a `missing` span."""
    passages = [p for p in read_names(path) if p.split == split][:most]
    rows = []
    for p, doc in zip(passages, nlp.pipe(p.text for p in passages), strict=True):
        wanted = {(s, e, KINDS[label]) for s, e, label in p.names if label in KINDS}
        found = {
            (s, e, k) for s, e, k in named(doc) if (s, e, k) in wanted or not any(s < b and a < e for a, b in p.missing)
        }
        rows.append((wanted, found))
    return name_scores(rows)


def name_scores(rows: Iterable[tuple[Spans, Spans]]) -> dict[str, dict[str, float]]:
    """Scores by kind of (wanted, found)."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for wanted, found in rows:
        for kind, spans in (("wanted", wanted), ("found", found), ("right", wanted & found)):
            for _, _, label in spans:
                tally[label][kind] += 1
    return {
        label: f1(tally[label]["found"], tally[label]["wanted"], tally[label]["right"])
        for label in ("person", "organisation", "place")
    }


def label_scores(nlp: Language, passages: list[Passage]) -> dict[str, dict[str, dict[str, float]]]:
    """Strict scores by set and by the model's own label, of the labels that the set annotates."""
    tally: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for p, doc in zip(passages, nlp.pipe(p.text for p in passages), strict=True):
        source = next(name for name in ANNOTATES if p.source.startswith(name))
        wanted = {name for name in p.names if name[2] in ANNOTATES[source]}
        named = {(e.start_char, e.end_char, e.label_) for e in doc.ents if e.label_ in ANNOTATES[source]}
        found = {n for n in named if n in wanted or not any(n[0] < b and a < n[1] for a, b in p.missing)}
        for kind, names in (("wanted", wanted), ("found", found), ("right", wanted & found)):
            for _, _, label in names:
                tally[source][label][kind] += 1
    return {
        source: {k: f1(row["found"], row["wanted"], row["right"]) for k, row in labels.items()}
        for source, labels in tally.items()
    }


def parse_scores(nlp: Language, path: Path) -> dict[str, float]:
    """UPOS, XPOS, lemmas, UAS and LAS over gold words and sentences, read one sentence at a time."""
    from spacy.tokens import Doc

    sentences = list(read_conllu(path))
    tally: Counter[str] = Counter()
    docs = (Doc(nlp.vocab, words=list(s.words), spaces=list(s.spaces)) for s in sentences)
    for s, doc in zip(sentences, nlp.pipe(docs), strict=True):
        for i, token in enumerate(doc):
            head = token.head.i == s.heads[i]
            relation = token.dep_.lower() == s.deps[i]
            base = token.dep_.lower().split(":")[0] == s.deps[i].split(":")[0]
            tally += Counter(
                words=1,
                upos=token.pos_ == s.upos[i],
                xpos=token.tag_ == s.xpos[i],
                lemma=token.lemma_ == s.lemmas[i],
                feats=str(token.morph) == s.feats[i],
            )
            tally += Counter(uas=head, las=head and relation, base_las=head and base)
    return {
        key: round(100 * tally[key] / tally["words"], 1)
        for key in ("upos", "xpos", "lemma", "feats", "uas", "las", "base_las")
    }


def raw_parse_scores(nlp: Language, path: Path) -> dict[str, float]:
    """The same from raw text by article, over words that both tokenise alike: F1 as in the CoNLL shared task."""
    tally: Counter[str] = Counter()
    for article in _articles(path):
        text, rows = _laid_out(article)
        doc = nlp(text)
        found = {(t.idx, t.idx + len(t)): t for t in doc if not t.is_space}
        tally += Counter(wanted=len(rows), found=len(found))
        for (start, end), (upos, head, dep) in rows.items():
            token = found.get((start, end))
            if token is not None:
                at = (token.head.idx, token.head.idx + len(token.head))
                tally += Counter(
                    words=1, upos=token.pos_ == upos, uas=at == head, las=at == head and token.dep_.lower() == dep
                )
    return {key: f1(tally["found"], tally["wanted"], tally[key])["f1"] for key in ("words", "upos", "uas", "las")}


def _laid_out(article: list[Sentence]) -> tuple[str, dict[tuple[int, int], tuple[str, tuple[int, int], str]]]:
    text = ""
    rows: dict[tuple[int, int], tuple[str, tuple[int, int], str]] = {}
    for s in article:
        text += "\n\n" if s.opens_paragraph and text else ""
        places = []
        for word, space in zip(s.words, s.spaces, strict=True):
            places.append((len(text), len(text) + len(word)))
            text += word + " " * space
        rows |= {places[i]: (s.upos[i], places[s.heads[i]], s.deps[i]) for i in range(len(places))}
        text = text if text.endswith(" ") else text + " "
    return text, rows


def _articles(path: Path) -> list[list[Sentence]]:
    articles: list[list[Sentence]] = []
    for sentence in read_conllu(path):
        if sentence.opens_article or not articles:
            articles.append([])
        articles[-1].append(sentence)
    return articles


def sentence_scores(nlp: Language, path: Path) -> dict[str, float]:
    """Exact sentences of raw articles, paragraphs apart by a blank line."""
    found = wanted = right = 0
    for article in _articles(path):
        text, gold = "", set()
        for s in article:
            text += "\n\n" if s.opens_paragraph and text else ""
            gold.add((len(text), len(text) + len(surface(s))))
            text += surface(s) + " "
        got = {_extent(sent) for sent in nlp(text).sents if sent.text.strip()}
        found, wanted, right = found + len(got), wanted + len(gold), right + len(got & gold)
    return f1(found, wanted, right)


def _extent(sent: Any) -> tuple[int, int]:
    start = sent.start_char + len(sent.text) - len(sent.text.lstrip())
    return start, start + len(sent.text.strip())


def calibration(pairs: list[tuple[float, bool]]) -> float:
    """Expected calibration error in percent of (confidence, was right)."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for sure, right in pairs:
        bins[min(BINS - 1, int(sure * BINS))].append((sure, right))
    gaps = [abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins]
    return round(100 * sum(gaps) / max(1, len(pairs)), 2)


def confidences(
    nlp: Language, texts: list[tuple[str, Spans]], kept: Callable[[int, int, int], bool] = lambda *_: True
) -> list[tuple[float, bool]]:
    """(confidence, was right) of each name found in the texts that `kept` (text number, start, end) lets in."""
    pairs = []
    for number, ((_, spans), doc) in enumerate(zip(texts, nlp.pipe(t for t, _ in texts), strict=True)):
        pairs += [
            (float(e._.confidence), (e.start_char, e.end_char, KINDS[e.label_]) in spans)
            for e in doc.ents
            if e.label_ in KINDS and kept(number, e.start_char, e.end_char)
        ]
    return pairs


def evaluate(nlp: Language, data: Path, gold: Path) -> dict[str, Any]:
    """All scores of the card."""
    aside = data / "ner" / "evaluation_only"
    scores = {
        "gold": gold_scores(nlp, gold),
        "worldwide test": set_scores(nlp, aside / "worldwide.jsonl", "test", 10_000),
        "uner_pud": set_scores(nlp, aside / "uner_pud.jsonl", "test", 10_000),
        "pud parse, gold words": parse_scores(nlp, data / "syntax" / "en_pud-ud-test.conllu"),
        "pud parse, raw text": raw_parse_scores(nlp, data / "syntax" / "en_pud-ud-test.conllu"),
        "ewt test sentences": sentence_scores(nlp, data / "syntax" / "en_ewt-ud-test.conllu"),
    }
    for name, row in scores.items():
        log.info("%s: %s", name, row)
    return scores
