"""The shipped model: what it sets, what it bears, and that an article's reading depends on nothing but the article."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import spacy

from extract.model.agreement import agree
from extract.model.extents import trim, widen
from extract.model.labels import TAG, TAGS, decode, encode
from extract.model.names import Name, best_tags, find_names, viterbi
from extract.model.pieces import MAX_PIECES, WordPieces
from extract.model.shapes import SHAPES, shape
from extract.model.tokenizer import LONGEST_RUN
from extract.model.trees import best_tree, find_cycles
from extract.model.windows import LONGEST, Words, is_border, window_at
from extract.pipeline import COMPONENTS

MODEL = Path(__file__).parents[1] / "models" / "news"
TEXT = (
    "Minsk court jails three activists\n\n"
    "A court in Minsk sentenced Maria Ivanova, a journalist, to five years in prison on Monday, the Viasna human "
    "rights centre said. President Alexander Lukashenko's government hasn't commented.\n\n"
    "The European Union condemned the verdict."
)
needs_model = pytest.mark.skipif(not (MODEL / "meta.json").exists(), reason="no model in models/news")


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(MODEL, exclude=COMPONENTS)


def facts(doc):
    tokens = [(t.text, t.tag_, t.pos_, t.lemma_, str(t.morph), t.dep_, t.head.i, t.is_sent_start) for t in doc]
    return tokens, [(e.start, e.end, e.label_, e._.confidence) for e in doc.ents]


# --- what needs no weights


def pieces() -> WordPieces:
    letters = list("abcdefghijklmnopqrstuvwxyz.")
    specials = ["[PAD]", "[PAR]", "[UNK]", "[CLS]", "[SEP]"]
    return WordPieces([*specials, "min", "##sk", "court", *letters, *(f"##{c}" for c in letters)])


def test_a_word_is_split_into_its_longest_pieces():
    split = pieces()
    assert [split.vocabulary[i] for i in split("Minsk")] == ["min", "##sk"]


def test_accents_are_no_letters_of_their_own():
    split = pieces()
    assert split("Mínsk") == split("minsk")


def test_a_word_of_any_length_is_a_few_pieces():
    split = pieces()
    assert len(split("q" * 100_000)) <= MAX_PIECES
    assert split("\u200b") == (split.unknown,)


@pytest.mark.parametrize(
    ("word", "kind"), [("U.S.", "dotted"), ("iPhone", "mixed"), ("MiG-29", "alphanumeric"), ("", "mark")]
)
def test_case_is_a_class(word, kind):
    assert SHAPES[shape(word)] == kind


def test_tags_and_spans_are_the_same_thing():
    spans = [(0, 1, "GPE"), (2, 5, "ORG"), (5, 7, "PERSON")]
    assert decode(np.array(encode(spans, 8))) == spans


def test_only_valid_tags_come_out():
    scores = np.full((3, len(TAGS)), -9.0, np.float32)
    scores[0, TAG["B-ORG"]] = scores[1, TAG["I-PERSON"]] = scores[2, TAG["L-ORG"]] = 5
    scores[1, TAG["I-ORG"]] = 4
    assert [TAGS[t] for t in viterbi(scores)] == ["B-ORG", "I-ORG", "L-ORG"]


def test_no_name_crosses_a_sentence_start():
    scores = np.full((2, len(TAGS)), -9.0, np.float32)
    scores[0, TAG["B-ORG"]] = scores[1, TAG["L-ORG"]] = 5
    scores[:, TAG["U-ORG"]] = 3
    assert [TAGS[t] for t in best_tags(scores, [0, 2])] == ["B-ORG", "L-ORG"]
    assert [TAGS[t] for t in best_tags(scores, [0, 1, 2])] == ["U-ORG", "U-ORG"]


def test_a_title_stays_outside_a_name():
    scores = np.full((3, len(TAGS)), -9.0, np.float32)
    for i, place in enumerate("BIL"):
        scores[i, TAG[f"{place}-PERSON"]] = 5
    (name,) = find_names(scores, ["President", "Alexander", "Lukashenko"], [0, 3], 1.0)
    assert (name.start, name.end) == (1, 3)


@pytest.mark.parametrize(
    ("words", "label", "kept"),
    [
        (["the", "Supreme", "Court"], "ORG", (1, 3)),
        (["Lukashenko", "’s"], "PERSON", (0, 1)),
        (["Mr.", "President"], "PERSON", (1, 2)),
        (["The", "Gambia"], "GPE", (1, 2)),
        (["US", "Secretary", "Blinken"], "PERSON", (0, 3)),
    ],
)
def test_extents(words, label, kept):
    assert trim(words, label) == kept


def test_a_capitalised_government_is_an_organisation():
    assert widen(3, 4, "GPE", ["the", "Government", "of", "Nicaragua"]) == (1, 4, "ORG")
    assert widen(3, 4, "GPE", ["the", "government", "of", "Nicaragua"]) == (3, 4, "GPE")


def mention(start: int, label: str, **masses: float) -> Name:
    from extract.model.labels import NAMES

    return Name(start, start + 1, label, 0.9, tuple(masses.get(n, 0.0) for n in NAMES))


def test_the_sure_mention_speaks_for_the_unsure_one():
    names = [mention(0, "ORG", ORG=0.97), mention(1, "PERSON", PERSON=0.5, ORG=0.4)]
    assert [n.label for n in agree(names, ["Viasna", "Viasna"])] == ["ORG", "ORG"]


def test_two_sure_mentions_may_differ():
    names = [mention(0, "GPE", GPE=0.99), mention(1, "PERSON", PERSON=0.99)]
    assert [n.label for n in agree(names, ["Washington", "Washington"])] == ["GPE", "PERSON"]


def test_greedy_heads_that_are_a_tree_stay():
    scores = np.array([[0, 5, 0], [0, 9, 0], [0, 5, 0]], np.float32)
    assert best_tree(scores).tolist() == [1, 1, 1]


def test_a_cycle_is_broken_where_it_costs_least():
    scores = np.array([[9, 0, 0], [1, -9, 6], [4, 6, -9]], np.float32)
    assert best_tree(scores).tolist() == [0, 2, 0]


def test_every_tree_has_one_root_and_no_cycle():
    rng = np.random.default_rng(1)
    for n in (1, 2, 3, 7, 40):
        for _ in range(30):
            heads = best_tree(rng.normal(size=(n, n)).astype(np.float32))
            roots = np.flatnonzero(heads == np.arange(n))
            assert len(roots) == 1
            assert not find_cycles(heads, int(roots[0]))


def brute_force(scores: np.ndarray) -> float:
    from itertools import product

    n = len(scores)
    best = -np.inf
    for heads in product(range(n), repeat=n):
        roots = [i for i, h in enumerate(heads) if h == i]
        if len(roots) == 1 and not find_cycles(np.array(heads), roots[0]):
            best = max(best, sum(scores[i, h] for i, h in enumerate(heads)))
    return best


def test_spanning_trees_are_the_best_under_their_root():
    from extract.model.trees import spanning_tree

    rng = np.random.default_rng(2)
    for _ in range(40):
        scores = rng.normal(size=(4, 4)).astype(np.float32)
        found = max(sum(scores[i, h] for i, h in enumerate(spanning_tree(scores, root))) for root in range(4))
        assert found == pytest.approx(brute_force(scores), abs=1e-4)


def test_windows_end_where_sentences_end():
    sentence = ["the", "court", "ruled", "on", "the", "case", "in", "minsk", "."]
    texts = [w.title() if i % 9 == 0 else w for i, w in enumerate(sentence * 60)]
    words = Words(texts, [0] * len(texts))
    start, ends = 0, []
    while start < len(texts):
        window = window_at(words, start, pieces())
        assert len(window.pieces) <= LONGEST
        start = window.end
        ends.append(start)
    assert all(end % 9 == 0 for end in ends)


def test_no_border_after_an_abbreviation():
    words = Words(["Mr.", "King", "met", "U.S.", "President", "Biden", ".", "Then", "he"], [0] * 9)
    assert [i for i in range(1, 9) if is_border(words, i)] == [7]


# --- the weights


@needs_model
def test_an_article_gets_names_sentences_and_a_parse(nlp):
    doc = nlp(TEXT)
    names = {(e.text, e.label_) for e in doc.ents}
    assert {
        ("Maria Ivanova", "PERSON"),
        ("Alexander Lukashenko", "PERSON"),
        ("European Union", "ORG"),
        ("Minsk", "GPE"),
    } <= names
    assert [s.text.strip()[:8] for s in doc.sents] == ["Minsk co", "A court ", "Presiden", "The Euro"]
    verb = next(t for t in doc if t.text == "sentenced")
    assert (verb.pos_, verb.lemma_, verb.dep_) == ("VERB", "sentence", "ccomp") or verb.dep_ in (
        "ROOT",
        "ccomp",
        "parataxis",
    )
    assert {c.dep_: c.text for c in verb.children}["nsubj"] == "court"
    assert all(0 < e._.confidence <= 1 for e in doc.ents)


@needs_model
@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("MEDIRA, Tolna (North Wire) — ", "A lorry overturned on Friday, police said."),
        ("MEDIRA: ", "Two men fled."),
        ("Medira (North Wire) - ", "Two men fled."),
        ("", "MEDIRA-SUD, a town of 900, was cut off."),
        ("", "Medira - a town of 900 - was cut off."),
    ],
)
def test_what_follows_a_dateline_is_a_sentence(nlp, dateline, rest):
    doc = nlp(f"Two flee\n\n{dateline}{rest}")
    assert [s.text for s in doc.sents][-1] == rest


def test_voice_is_read_from_auxiliaries(nlp):
    doc = nlp("They were arrested. They have arrested him. She has been arrested.")
    assert [t.morph.get("Voice") for t in doc if t.text == "arrested"] == [["Pass"], [], ["Pass"]]


@needs_model
@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "\t \u2028", ".", "?!", "🙂", "а б в", "x\n", "\n\nx"])
def test_texts_of_almost_nothing(nlp, text):
    doc = nlp(text)
    assert doc.text == text
    assert len(list(doc.sents)) <= 2


@needs_model
@pytest.mark.parametrize(
    ("character", "times"), [("a", 1_000_000), (" ", 1_000_000), ("\n", 100_000), (".", 100_000), ("(", 8_000)]
)
def test_one_character_over_and_over(nlp, character, times):
    doc = nlp(character * times)
    assert len(doc.text) == times
    assert max(len(t) for t in doc) <= LONGEST_RUN


@needs_model
def test_time_grows_with_length_alone(nlp):
    def seconds(times: int) -> float:
        began = time.process_time()
        nlp("(" * times)
        return time.process_time() - began

    seconds(500)
    assert seconds(8_000) < 12 * seconds(2_000)


@needs_model
@pytest.mark.parametrize("text", ["( " * 20_000, "no " * 20_000], ids=["a bracket", "a word"])
def test_a_text_that_repeats_itself_is_read_once(nlp, text, monkeypatch):
    component = nlp.get_pipe("extract_model")
    read, windows = component.encoder.read, []
    monkeypatch.setattr(component.encoder, "read", lambda *window: windows.append(window) or read(*window))
    nlp(text)
    assert len(windows) < 10


@needs_model
def test_a_long_token_is_cut_and_its_neighbours_are_read(nlp):
    doc = nlp("Alexander Lukashenko said " + "x" * 100_000 + ". Vladimir Putin left Minsk.")
    assert {"Alexander Lukashenko", "Vladimir Putin", "Minsk"} <= {e.text for e in doc.ents}
    assert max(len(t) for t in doc) <= LONGEST_RUN


@needs_model
def test_long_articles_are_read_to_their_end(nlp):
    text = TEXT + "\n\n" + " ".join("The minister spoke about the budget and the weather." for _ in range(400))
    doc = nlp(text + " Then Angela Merkel flew to Paris.")
    assert [e.text for e in doc.ents][-2:] == ["Angela Merkel", "Paris"]
    assert len(list(doc.sents)) == 405


@needs_model
def test_a_sentence_without_end_is_read_in_parts(nlp):
    doc = nlp("and the man " * 2_000)
    assert len(doc) == 6_000
    assert all(t.dep_ for t in doc)


@needs_model
def test_a_reading_depends_on_the_article_alone(nlp):
    texts = [TEXT, "Short one.", TEXT[:150], "Reuters reported from Paris.", TEXT * 4]
    alone = [facts(nlp(text)) for text in texts]
    assert [facts(d) for d in nlp.pipe(texts, batch_size=2)] == alone
    assert [facts(d) for d in nlp.pipe(reversed(texts), batch_size=50)] == alone[::-1]


@needs_model
def test_several_processes_read_the_same(nlp):
    texts = [TEXT, "Reuters reported from Paris.", TEXT[:150], TEXT[40:]]
    assert [facts(d) for d in nlp.pipe(texts, n_process=2, batch_size=1)] == [facts(nlp(t)) for t in texts]


@needs_model
def test_it_survives_pickle_disk_and_bytes(nlp, tmp_path):
    wanted = facts(nlp(TEXT))
    assert facts(pickle.loads(pickle.dumps(nlp))(TEXT)) == wanted
    nlp.to_disk(tmp_path / "copy")
    assert facts(spacy.load(tmp_path / "copy")(TEXT)) == wanted
    again = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "extract.BoundedTokenizer.v1"}}})
    again.add_pipe("extract_model")
    assert facts(again.from_bytes(nlp.to_bytes())(TEXT)) == wanted


@needs_model
def test_the_box_is_small():
    size = sum(path.stat().st_size for path in MODEL.parent.rglob("*") if path.is_file())
    assert size <= 30_000_000


@needs_model
def test_it_runs_without_torch_and_without_a_network():
    program = f"""
import socket, sys
for name in ("torch", "transformers", "tokenizers", "huggingface_hub", "spacy_lookups_data"):
    sys.modules[name] = None
def refuse(*_, **__):
    raise OSError("no network here")
socket.socket.connect = socket.create_connection = refuse
import spacy, extract.model
doc = spacy.load({str(MODEL)!r}, exclude={list(COMPONENTS)!r})("Angela Merkel flew to Paris.")
assert [e.text for e in doc.ents] == ["Angela Merkel", "Paris"], doc.ents
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300)
