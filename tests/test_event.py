"""The lexicon of events: each row's example is a test, each fault is named; and how a fact is told, cue by cue."""

from __future__ import annotations

from collections import Counter

import pytest

from extract import Article
from extract.errors import DataFileError
from extract.fact import EVENT_TYPES
from extract.facts.event import lexicon
from extract.link.modality import CUES, Cue


def marked(example: str) -> tuple[str, int]:
    return example.replace("[[", "").replace("]]", ""), example.index("[[")


def events(extractor, texts):
    articles = [Article(id=str(i), text=text) for i, text in enumerate(texts)]
    return [[f for f in facts if f.type == "event"] for facts in extractor.pipe(articles)]


def test_each_example_of_the_lexicon_shows_its_trigger(extractor):
    rows = lexicon.triggers()
    examples = [marked(row.example) for row in rows]
    missed = []
    for row, (text, start), found in zip(rows, examples, events(extractor, [t for t, _ in examples]), strict=True):
        if not any(f.event_type == row.type and f.span.start == start for f in found):
            missed.append(
                f"{lexicon.TRIGGERS.name}:{row.line}: {text} -> {[(f.event_type, f.span.text) for f in found]}"
            )
    assert not missed, "\n".join(missed)


def test_each_example_of_a_cue_shows_its_modality(extractor):
    cues = [Cue.model_validate_json(line) for line in CUES.read_text(encoding="utf-8").splitlines()]
    cues = [cue for cue in cues if cue.modality != "actual"]
    examples = [marked(cue.example) for cue in cues]
    missed = []
    for cue, (text, start), found in zip(cues, examples, events(extractor, [t for t, _ in examples]), strict=True):
        if [f.modality for f in found if f.span.start == start] != [cue.modality]:
            missed.append(f"{text} -> {[(f.span.text, f.modality) for f in found]}, not {cue.modality}")
    assert not missed, "\n".join(missed)


def test_each_type_has_at_least_25_triggers():
    words = Counter(row.type for row in lexicon.triggers() for _ in (row.lemma, *row.also))
    assert set(words) == set(EVENT_TYPES)
    assert {type_: n for type_, n in words.items() if n < 25} == {}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("{", "no trigger"),
        ('{"lemma": "x"}', "no trigger"),
        (
            '{"lemma": "x", "pos": "VERB", "type": "kill", "plover": null, "acled": null, '
            '"company": {"object": ["@nobody"]}, "example": "He [[x]]."}',
            "unknown classes ['@nobody']",
        ),
        (
            '{"lemma": "x", "pos": "VERB", "type": "kill", "plover": null, "acled": null, "example": "He x."}',
            "an example marks its trigger once",
        ),
    ],
)
def test_a_broken_row_is_named_by_line(monkeypatch, tmp_path, row, fault):
    path = tmp_path / "triggers.jsonl"
    path.write_text(row + "\n", encoding="utf-8")
    monkeypatch.setattr(lexicon, "TRIGGERS", path)
    lexicon.triggers.cache_clear()
    try:
        with pytest.raises(DataFileError, match=r"triggers\.jsonl:1") as caught:
            lexicon.triggers()
        assert fault in str(caught.value)
    finally:
        lexicon.triggers.cache_clear()


def test_an_event_told_twice_is_one_chain(extractor):
    text = "Police arrested Anna Kos in Gomel. The arrest of Anna Kos angered readers."
    chains = {f.chain for f in events(extractor, [text])[0] if f.event_type == "arrest"}
    assert len(chains) == 1
    assert None not in chains
