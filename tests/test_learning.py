"""What people decided moves the model and the confidences, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import spacy

import extract
from extract.article import Article
from extract.calibration import Calibration, Curve, read_calibration
from extract.correction import Log, Reviewed, Stamp, correct
from extract.correction.moving import Target
from extract.correction.revise import respanned, revised
from extract.errors import DataFileError, ModelError, OutputError
from extract.evaluation.gold import parse_gold, read_gold
from extract.learning.calibrating import calibrate, judged_by_people, place_calibration, uncalibrated
from extract.learning.graph import OpenEncoder, with_correction
from extract.learning.head import Lesson, Past
from extract.learning.head import fit as fit_head
from extract.learning.isotonic import Decision, error, fit
from extract.learning.retrain import Course, Score, Step, corpus_path, learn, read_moments
from extract.learning.texts import Labelled, Reader, component_of, labelled, possible
from extract.model.encoder import Encoder
from extract.model.labels import TAGS
from extract.pipeline import WRITER, load, model_path

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Viasna counts at least 1,437 political prisoners. Ales Bialiatski was released in May 2025."


def decisions(type_, estimates, rule="r"):
    return [Decision(type_, rule, estimate, right) for estimate, right in estimates]


def test_curves_lead_estimates_to_the_share_that_was_right():
    made = decisions("count", [(0.5, n % 5 > 0) for n in range(100)] + [(0.9, n % 20 > 0) for n in range(100)])
    curve = fit(made).curves["count"]
    assert curve(0.5) == pytest.approx(0.8, abs=0.01)
    assert curve(0.9) == pytest.approx(0.95, abs=0.01)
    assert error(made, lambda one: curve(one.estimate)) < 0.01 < 0.1 < error(made, lambda one: one.estimate)


def test_a_curve_never_falls():
    made = decisions("date", [(n / 200, n % 3 > 0 or n < 60) for n in range(200)])
    shares = fit(made).curves["date"].shares
    assert list(shares) == sorted(shares)


def test_a_rule_with_enough_decisions_has_a_curve_of_its_own_whatever_line_it_read():
    rows = [(0.8, n % 2 > 0) for n in range(160)]
    calibration = fit(decisions("event", rows, "free@7") + decisions("event", [(0.8, True)] * 160, "kill@9"))
    assert calibration("event", "free@12", 0.8) < 0.55 < 0.95 < calibration("event", "kill@1", 0.8)
    assert calibration("event", "other@1", 0.8) == pytest.approx(0.75, abs=0.01)
    assert calibration("date", "free@7", 0.8) == 0.8


def test_a_calibration_survives_its_file_and_a_broken_one_is_told():
    calibration = Calibration({"date": Curve((0.5, 0.9), (0.6, 0.95))}, {"articles": 3})
    assert Calibration.of_json(calibration.to_json()) == calibration
    for page in ("{}", "[]", '{"curves": {"date": [[0.5, 0.4], [0.1, 0.2]]}}', '{"curves": {"date": [[0.5], [1.2]]}}'):
        with pytest.raises(DataFileError, match="no calibration"):
            Calibration.of_json(page, "calibration.json")


def test_what_would_make_confidences_worse_is_refused():
    judged = {f"{n:02}": decisions("date", [(0.9, True)] * 9 + [(0.9, False)]) for n in range(4)}
    judged |= {"zz": decisions("date", [(0.9, False)] * 30)}
    assert calibrate(judged | {"zz": []}).total.after <= 0.05
    with pytest.raises(DataFileError, match="expected 40 or more"):
        calibrate({"a": decisions("date", [(0.9, True)] * 30)})


def test_the_pipeline_applies_its_calibration_and_changes_nothing_else(extractor, tmp_path):
    article = Article(id="a", text=TEXT, published="2025-06-01")
    if extractor.nlp.path is None or not (model_path() / WRITER).exists():
        pytest.skip("another model")
    raw = uncalibrated(load()).extract(article)
    place_calibration(Calibration({"person": Curve((0.0,), (0.123,))}), model_path(), tmp_path / "mine")
    ours = load(tmp_path / "mine")
    mine = ours.extract(article)
    assert [fact.model_copy(update={"confidence": 0.5}) for fact in mine] == [
        fact.model_copy(update={"confidence": 0.5}) for fact in raw
    ]
    assert {fact.confidence for fact in mine if fact.type == "person"} == {0.123}
    writer = ours.nlp.get_pipe(WRITER)
    assert load().nlp.get_pipe(WRITER).from_bytes(writer.to_bytes()).calibration == writer.calibration


def test_the_shipped_calibration_was_fitted_on_the_corpus():
    about = read_calibration(model_path() / WRITER).about
    assert about["articles"] == 30
    assert about["expected calibration error, held out"]["all"][1] <= 0.05


def test_people_decide_what_is_right(extractor, tmp_path):
    article = Article(id="a", text=TEXT)
    facts = {fact.span.text: fact for fact in extractor.extract(article)}
    count, person, date = facts["1,437"], facts["Ales Bialiatski"], facts["May 2025"]
    log, reviewed = Log(tmp_path / "log.jsonl"), Reviewed(TEXT, {fact.id: fact for fact in facts.values()})
    stamp = Stamp("ann", datetime(2026, 3, 1, tzinfo=UTC))
    other_category = revised(Target(article), count, "count", {"category": "die"}, "ann")
    shorter = respanned(Target(article), person, {"start": 55, "end": 65, "text": "Bialiatski"}, "ann")
    log.append(correct(reviewed, "edit", count, stamp, value=other_category))
    log.append(correct(reviewed, "edit", person, stamp, value=shorter))
    log.append(correct(reviewed, "reject", date, stamp))
    (judged,) = judged_by_people(extractor, log.path, [article]).values()
    assert {one.type: one.is_right for one in judged} == {"count": True, "person": False, "date": False}


# ---- The model


@pytest.fixture(scope="module")
def opened():
    ours = load()
    return component_of(ours).encoder, Reader(ours)


def test_a_correction_in_the_graph_is_the_correction_that_was_tried(opened):
    pytest.importorskip("onnx")
    plain, reader = opened
    width = reader.see(TEXT).vectors.shape[1]
    correction = np.random.default_rng(1).normal(0, 0.05, (width + 1, len(TAGS))).astype(np.float32)
    window = ([101, 7, 8, 9, 102], [0, 1, 1, 1, 0], [1, 2, 3])
    before = plain.read(*window)
    written = Encoder(with_correction(plain.encoder, correction), plain.relations_).read(*window)
    tried = OpenEncoder(plain)
    tried.correction = correction
    np.testing.assert_allclose(written.names, tried.read(*window).names, atol=1e-3)
    assert np.abs(written.names - before.names).max() > 0.1
    for part in ("starts", "upos", "xpos", "arcs", "rel_word", "rel_head"):
        np.testing.assert_array_equal(getattr(written, part), getattr(before, part))


def test_gold_leaves_open_what_it_does_not_mark(opened):
    article = parse_gold("a", '<place id="l1" kind="facility">Insein Prison</place> opened in <place id="l1">Insein'
                              '</place>, said <person id="p1">Win</person> on Monday.')  # fmt: skip
    _, reader = opened
    rows = possible(article, reader.see(article.text).places)
    said = [{TAGS[tag] for tag in np.flatnonzero(row)} for row in rows]
    assert said[:2] == [{"B-FAC"}, {"L-FAC"}]
    assert said[4] == {"U-FAC"}
    assert {"O", "U-DATE", "U-NORP"} <= said[-2]
    assert not {"U-PERSON", "U-ORG", "U-GPE"} & said[-2]


def test_too_little_gold_and_nothing_old_are_told(opened):
    _, reader = opened
    gold = [parse_gold(str(n), TEXT) for n in range(5)]
    with pytest.raises(DataFileError, match="5 or more"):
        learn(reader, Course(gold[:4], [], {"old": [Labelled(TEXT, frozenset())]}))
    with pytest.raises(DataFileError, match="old articles that the gold has not"):
        learn(reader, Course(gold, [], {}))


def test_a_pipeline_of_another_make_can_not_be_taught():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    with pytest.raises(ModelError, match="can't be taught"):
        component_of(extract.pipeline.Extractor(nlp))


@pytest.mark.slow
def test_names_that_people_correct_are_learnt_and_the_old_are_not_forgotten(tmp_path):
    names = ("Kessaru", "Ombira", "Talvegno", "Rustiken", "Balshory", "Ferrando Deyn")
    lines = (
        "The militia {0} said it had freed two drivers.", "{0} denied that its fighters were near the town.",
        "On Monday {0} and the police signed a truce.", "Three members of {0} were tried in May.",
        "“We will not leave”, said the spokesman of {0}.", "Money from {0} paid for the school.",
    )  # fmt: skip
    gold = tmp_path / "gold"
    gold.mkdir()
    for number, name in enumerate(names * 2):
        tag = f'<organisation id="o1">{name}</organisation>'
        text = "\n\n".join(line.format(tag) for line in lines[number % 2 :])
        (gold / f"{number:02}.xml").write_text(text)
    reader = Reader(load())
    taught = [Lesson(article, reader.see(article.text)) for article in read_gold(gold)]
    old = [article.text for folder in corpus_path() for article in read_gold(folder)][:6]
    past = Past([reader.see(text) for text in old], read_moments(model_path()))
    fresh = "Talvegno closed the road, witnesses said. The governor met Ombira on Friday."
    was, before = reader.names(fresh), [reader.names(text) for text in old]
    reader.encoder.correction = fit_head(taught, past, 4.0)
    assert was != reader.names(fresh) == {(0, 8, "organisation"), (59, 65, "organisation")}
    after = [reader.names(text) for text in old]
    lost = sum(len(one - other) for one, other in zip(before, after, strict=True))
    assert lost <= 0.01 * sum(map(len, before))


def test_a_worse_model_is_refused_with_the_figures(monkeypatch, opened):
    _, reader = opened
    gold = [parse_gold(str(n), '<person id="p1">Ales Bialiatski</person> spoke in Kestovo.') for n in range(5)]
    monkeypatch.setattr("extract.learning.retrain.CAUTIONS", (4.0,))
    old = {"old": [labelled(parse_gold("o", 'In <place id="l1">Kestovo</place> it rained.'))]}
    with pytest.raises(OutputError, match=r"caution 4: old \(1 texts\): 100.0 .* → 0.0"):
        learn(reader, Course(gold, [], old))


def test_a_step_tells_both_scores():
    before, after = Score(), Score()
    before.add(Labelled("x", frozenset({(0, 1, "person")})), [])
    after.add(Labelled("x", frozenset({(0, 1, "person")})), [(0, 1, "person")])
    assert str(Step("old", 1, before, after)).startswith("old (1 texts): 0.0 (person 0.0")
    assert Step("old", 1, after, before).fell
    assert not Step("old", 1, before, after).fell
