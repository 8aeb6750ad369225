"""What Python and spaCy users rely on: quick imports, two ways in to one pipeline, facts read without an NLP stack."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
import spacy

import extract
from extract import Article
from extract.errors import ModelError
from extract.fact import to_json
from extract.pipeline import model_path

TEXT = """Eleven protesters were released in Minsk on Tuesday, Ales Bialiatski said.

According to Viasna, at least 1,437 people were held as political prisoners as of 14 December 2022."""


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_extract_is_quick_and_brings_no_nlp_stack():
    code = (
        "import sys, time; t = time.perf_counter(); import extract; s = time.perf_counter() - t;"
        "print(s, 'spacy' in sys.modules, 'dateparser' in sys.modules, 'pydantic' in sys.modules)"
    )
    seconds, *loaded = run_python(code).split()
    assert float(seconds) < 0.3
    assert loaded == ["False", "False", "False"]


def test_facts_are_read_and_checked_without_spacy():
    code = "import sys; import extract; extract.Fact; extract.Article; print('spacy' in sys.modules)"
    assert run_python(code) == "False"


def test_spacy_load_gives_the_same_facts_as_the_package(extractor):
    nlp = spacy.load(model_path())
    doc = nlp(TEXT)
    ours = extractor.extract(Article(id="text", text=TEXT))
    assert [to_json(f) for f in doc._.facts] == [to_json(f) for f in ours]
    assert {f.type for f in ours} >= {"person", "organisation", "place", "date", "count", "event", "statement"}


def test_several_processes_give_the_same_facts(extractor):
    nlp = spacy.load(model_path())
    texts = [TEXT, "Nothing here.", TEXT.replace("Tuesday", "Friday")]
    one = [[to_json(f) for f in doc._.facts] for doc in nlp.pipe(texts)]
    two = [[to_json(f) for f in doc._.facts] for doc in nlp.pipe(texts, n_process=2)]
    assert one == two


def test_facts_and_errors_survive_pickling(extractor):
    facts = extractor.extract(Article(id="a", text=TEXT))
    assert pickle.loads(pickle.dumps(facts)) == facts
    error = ModelError("no model", where="here", expected="one", advice="Install it")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_model_that_is_not_there_is_a_clear_error():
    with pytest.raises(ModelError, match=r"no_such_model.*expected a folder with config.cfg or an installed package"):
        extract.load("no_such_model")


def test_the_public_names_are_all_there():
    for name in extract.__all__:
        assert getattr(extract, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = extract.nonsense
