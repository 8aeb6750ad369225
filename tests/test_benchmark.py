"""Public benchmarks: how dates and counts are scored, and what becomes of data that breaks its own format."""

from __future__ import annotations

import json

import pytest

from extract.article import Article
from extract.errors import ReadError
from extract.evaluation import benchmark, competitors
from extract.evaluation.benchmark import Score, run, score_counts, score_dates
from extract.pipeline import Extraction

GOLD = [{"start": 3, "end": 9, "value": "2021-03"}, {"start": 20, "end": 28, "value": "P2D"}]


class Silent:
    """An extractor that finds nothing."""

    def __init__(self):
        self.read_so_far: list[Article] = []

    def extract(self, article: Article) -> list[Extraction]:
        self.read_so_far.append(article)
        return []


def scored(found, gold=GOLD, scorer=score_dates):
    score = Score()
    scorer(gold, found, score)
    return score


def test_a_date_is_right_by_extent_by_overlap_and_by_value():
    score = scored([[3, 9, "2021-03"], [22, 28, "P3D"]])
    assert score.hits == {"strict": 1, "relaxed": 2, "value": 1}
    assert score.f1("relaxed") == 100


def test_what_is_found_beside_gold_costs_precision():
    assert scored([[3, 9, "2021-03"], [20, 28, "P2D"], [40, 44, "2021"]]).f1("value") == pytest.approx(80)


def test_one_date_found_answers_for_one_of_gold():
    assert scored([[0, 30, "2021-03"]]).hits["relaxed"] == 1


def test_a_count_is_right_by_value_then_by_change():
    gold = [{"value": "20-30", "change": "="}, {"value": "6", "change": ">"}]
    assert scored([[20, 30, "="], [6, 6, "="]], gold, score_counts).hits == {"value": 2, "value+change": 1}


def test_a_day_that_may_be_of_two_months_is_left_out_and_told_of(tmp_path, caplog):
    lines = [
        {"id": str(i), "text": "Rain.", "published": day, "gold": []}
        for i, day in enumerate(["2021-03-01", "03-02-2021"])
    ]
    (tmp_path / "dates_two.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    silent = Silent()
    list(run("dates", tmp_path, silent, None))
    assert [article.published for article in silent.read_so_far[1:]] == ["2021-03-01", None]
    assert "article 1: '03-02-2021'" in caplog.text


def test_a_folder_without_a_benchmark_is_named(tmp_path):
    with pytest.raises(ReadError, match="no benchmark of dates"):
        next(run("dates", tmp_path, Silent(), None))


def test_published_scores_stand_beside_ours(tmp_path):
    (tmp_path / "dates_meantime.jsonl").write_text('{"id": "1", "text": "Rain.", "gold": []}\n')
    tools = [row.tool for row in run("dates", tmp_path, Silent(), None) if row.benchmark == "dates_meantime"]
    assert tools == ["extract", "Recognizers (published)", "SUTime (published)", "HeidelTime (published)"]
    assert all(row.seconds_per_article is None for row in benchmark._published_for("dates_meantime"))


def test_an_article_that_takes_a_tool_too_long_is_late_and_the_next_one_is_read():
    def read(article):
        while article["text"] == "endless":
            pass
        return {"dates": [[0, 4, "2021"]], "counts": []}

    found = [competitors.findings(read, {"id": text, "text": text}, 0.05) for text in ("endless", "2021")]
    assert [(f["late"], f["dates"]) for f in found] == [(True, []), (False, [[0, 4, "2021"]])]


def test_a_tool_that_was_late_is_scored_with_us_on_the_other_articles(caplog):
    articles = [{"id": "long", "gold": GOLD}, {"id": "short", "gold": GOLD}]
    right = [[g["start"], g["end"], g["value"]] for g in GOLD]
    found = [{"id": i, "seconds": 1.0, "late": i == "long", "dates": right} for i in ("long", "short")]
    ours = [{"seconds": 1.0, "dates": []}, {"seconds": 1.0, "dates": right[:1]}]
    rows = list(benchmark._beside("dates", "histories", "Tool", articles, found, ours))
    assert [(row.tool, row.scores["value"]) for row in rows] == [("Tool (1 of 2)", 100), ("extract (the same 1)", 66.7)]
    assert "article long" in caplog.text
