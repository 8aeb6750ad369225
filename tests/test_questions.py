"""Questions to a database, on SQLite and PostgreSQL alike: views, series, timelines, search, Datasette."""

from __future__ import annotations

import asyncio
import csv
import json
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract import Article
from extract.cli import main
from extract.correction import Log, Reviewed, Stamp, correct
from extract.database import load_file
from extract.database.asking import asking
from extract.database.current import current
from extract.database.datasette import metadata
from extract.database.matching import UnknownNameError
from extract.database.search import search
from extract.database.series import series
from extract.database.terms import QueryError
from extract.database.timeline import life
from extract.errors import OutputError
from extract.fact import FACT, fact_id, to_json

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
STAMP = Stamp("desk", NOON)


def span(article, words):
    start = article.text.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def fact(article, words, type_, **fields):
    where = span(article, words)
    id_ = fact_id(article.text_sha256, type_, where["start"], where["end"], fields.get("event_type", ""))
    return FACT.validate_python(
        {
            "id": id_,
            "type": type_,
            "article": {"id": article.id, "text_sha256": article.text_sha256, "published": article.published},
            "span": where,
            "sentence": {"start": 0, "end": len(article.text)},
            "confidence": 0.9,
            "by": {"component": type_, "rule": "r", "version": "1", "model": "m"},
            **fields,
        }
    )


def named(article, words, type_, **fields):
    return fact(article, words, type_, name=words, mentions=[span(article, words)], **fields)


def counted(id_, place, number="1,437", source="Viasna", day="2022-12-14", published="2022-12-15", **fields):
    """An article with one count, and its facts: the count last. Without a day, it is that of the article."""
    on = f" on {day}" if day else ""
    text = f"{source} counted {number} prisoners in {place}{on}."
    article = Article(id=id_, text=text, published=published, title=f"News from {place}")
    kb = {"kb": "x-viasna"} if source == "Viasna" else {}
    org, where = named(article, source, "organisation", kind="ngo", **kb), named(article, place, "place")
    when = [fact(article, day, "date", timex="DATE", value=day, first=day, last=day)] if day else []
    said = {"source": span(article, source), "source_id": org.id, "cue": span(article, "counted")}
    exact = {} if {"low", "high"} & fields.keys() else {"value": int(number.replace(",", ""))}
    basis = {"as_of": when[0].id, "as_of_basis": "stated"} if day else {"as_of_basis": "publication"}
    count = fact(article, number, "count", **{
        "category": "imprison", "aggregation": "stock", "place": where.id, "attribution": said,
        "counted": span(article, "prisoners"), **exact, **basis, **fields,
    })  # fmt: skip
    return article, [org, where, *when, count]


def happened(id_, person, event_type="arrest", words="arrested", day="2021-07-14", **fields):
    kb = {"kb": fields.pop("kb")} if "kb" in fields else {}
    article = Article(id=id_, text=f"{person} was {words}, Viasna said on {day}.", published="2021-08-01")
    who = named(article, person, "person", roles=[], **kb)
    when = fact(article, day, "date", timex="DATE", value=day, first=day, last=day)
    said = {"source": span(article, "Viasna"), "source_id": None, "cue": span(article, "said")}
    roles = [{"role": "target", "span": span(article, person), "entity": who.id},
             {"role": "time", "span": span(article, day), "fact": when.id}]  # fmt: skip
    event = fact(article, words, "event", event_type=event_type, arguments=roles, attribution=said, **fields)
    quote = fact(article, f"{person} was {words}", "statement", direct=False, cue=span(article, "said"),
                 speaker=span(article, "Viasna"))  # fmt: skip
    return article, [who, when, event, quote]


def stories():
    """Each place is a case of its own."""
    yield from (counted(f"wire-{number}", "Aland") for number in range(10))
    yield counted("least", "Borduria", "1,300", "Memorial", low=1300, comparator="at_least")
    yield counted("exact", "Borduria")
    yield counted("few", "Carpania", "900", "Ministry")
    yield counted("many", "Carpania")
    yield counted("stock", "Dacia")
    yield counted("flow", "Dacia", "90", "Ministry", aggregation="flow")
    yield counted("sum", "Dacia", "4,000", "Office", aggregation="cumulative")
    yield counted("most", "Elbonia", "900", "Ministry", high=900, comparator="at_most")
    yield counted("more", "Elbonia")
    yield counted("round", "Freedonia", "1,400", "Memorial", comparator="about")
    yield counted("sharp", "Freedonia")
    for number, day in enumerate(("2022-12-01", "2022-12-05", "2022-12-09", "2023-02-01")):
        yield counted(f"echo-{number}", "Gondal", day=None, published=day)
    yield counted("other-day", "Carpania", "700", "Office", day="2023-06-01")
    yield counted("men", "Hav", "30", "Ministry", aggregation="flow", counted=None)
    yield counted("wrong", "Illyria", "1,473")
    yield counted("invented", "Illyria", "14")
    yield counted("undone", "Illyria", "15")
    yield counted("confirmed", "Illyria", "16")
    yield counted("denied", "Jotun", "17", modality="negated")
    yield counted("gone", "Jotun", "18")
    yield counted("added", "Lutha", "21")
    yield counted("unknown", "Krakozhia", "19", published="2022-W50-3", day=None)
    yield happened("ales", "Ales Bialiatski", kb="x-bialiatski-ales")
    yield happened("ales-again", "Ales Bialiatski", words="taken", kb="x-bialiatski-ales")
    yield happened("ales-other", "Ales Beliatsky", "release", "freed", "2014-06-21")
    yield happened("ihar", "Ihar Losik", kb="x-losik-ihar")
    yield happened("darya", "Darya Losik", "sentence", "sentenced", "2023-01-19", kb="x-losik-darya")
    yield happened("mistaken", "Marta Quill")
    yield happened("hostile", '"; DROP TABLE fact; --', "die", "dead")


def decisions(log, told):
    """An edit, a rejection, a rejection taken back, a count that was confirmed before it was misread, one that was
    missed, and an event of another type, which has another id, by which it is confirmed."""
    by_id = {article.id: (article, facts) for article, facts in told}

    def decide(name, action, one=None, **what):
        article, facts = by_id[name]
        reviewed = Reviewed(article.text, {one.id: one for one in facts})
        return log.append(correct(reviewed, action, one or facts[-1], STAMP, **what))

    decide("wrong", "edit", value=by_id["wrong"][1][-1].model_copy(update={"value": 1437}))
    decide("invented", "reject")
    taken_back = decide("undone", "reject")
    decide("undone", "undo", undoes=taken_back.digest)
    decide("confirmed", "accept")
    decide("added", "add")
    article, (_, _, event, _) = by_id["mistaken"]
    release = fact(article, "arrested", "event", event_type="release", arguments=event.arguments, modality="possible")
    decide("mistaken", "edit", event, value=release)
    decide("mistaken", "accept", release)


def write(folder, told, *, without=()):
    facts = [one for article, facts in told for one in (facts[:-1] if article.id in without else facts)]
    (folder / "facts.jsonl").write_text("".join(f"{to_json(one)}\n" for one in facts), encoding="utf-8")
    lines = "".join(f"{article.model_dump_json()}\n" for article, _ in told)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    return folder / "facts.jsonl", folder / "articles.jsonl"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    """A database with all the stories, decided upon; one count is no longer extracted, one is read in another way."""
    folder = tmp_path_factory.mktemp("questions")
    sqlite = f"sqlite:///{folder}/facts.db"
    address = sqlite if request.param == "sqlite" else request.getfixturevalue("postgresql").new_database()
    told = list(stories())
    facts, articles = write(folder, told, without=["added"])
    load_file(facts, address, articles=articles, at=NOON)
    decisions(Log(folder / "log.jsonl"), told)
    again = [(a, [*f[:-1], f[-1].model_copy(update={"value": 99})]) if a.id == "confirmed" else (a, f) for a, f in told]
    facts, articles = write(folder, again, without=["gone", "added"])
    load_file(facts, address, articles=articles, corrections=folder / "log.jsonl", at=NOON)
    return address


@pytest.fixture
def connection(url):
    with asking(url) as connection:
        yield connection


def ask(connection, query):
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def numbers(connection, place, **more):
    return [
        (one.value, one.low, len(one.articles)) for one in series(connection, "imprison", place=place, **more).figures
    ]


def test_one_figure_of_one_source_in_ten_papers_is_one_statement(connection):
    assert numbers(connection, "Aland") == [(1437, None, 10)]
    assert ask(connection, "SELECT count(*) FROM count_series WHERE place = 'Aland'") == [(10,)]
    told = series(connection, "imprison", place="Aland").figures[0].articles
    assert [one.article for one in told] == [f"wire-{number}" for number in range(10)]


def test_a_series_has_what_the_issue_asks_for(connection):
    rows = connection.exec_driver_sql("SELECT * FROM count_series WHERE place = 'Borduria' ORDER BY article").mappings()
    row = dict(rows.first())
    wanted = {"category": "imprison", "place": "Borduria", "source": "Viasna", "value": 1437, "low": None, "high": None,
              "comparator": "exact", "aggregation": "stock", "article": "exact", "published": "2022-12-15"}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert [str(row["as_of_first"]), str(row["as_of_last"])] == ["2022-12-14"] * 2
    assert len(row["fact"]) == 32


@pytest.mark.parametrize("place", ["Borduria", "Dacia", "Freedonia", "Aland", "Gondal", "Hav"])
def test_what_can_both_be_true_is_no_conflict(connection, place):
    assert ask(connection, f"SELECT * FROM count_conflicts WHERE place = '{place}'") == []


@pytest.mark.parametrize("place", ["Carpania", "Elbonia"])
def test_figures_that_exclude_each_other_are_a_conflict_by_source(connection, place):
    query = f"SELECT source, value, other_source FROM count_conflicts WHERE place = '{place}'"
    assert ask(connection, query) == [("Viasna", 1437.0, "Ministry")]
    disputed = {one.source: [other.source for other in one.disputed]
                for one in series(connection, "imprison", place=place).figures}  # fmt: skip
    assert {name: others for name, others in disputed.items() if others} == {
        "Viasna": ["Ministry"],
        "Ministry": ["Viasna"],
    }


def test_without_a_day_the_articles_days_join_within_a_week(connection):
    found = series(connection, "imprison", place="Gondal").figures
    assert [(str(one.first), str(one.last), len(one.articles)) for one in found] == [
        ("2022-12-01", "2022-12-09", 3), ("2023-02-01", "2023-02-01", 1),
    ]  # fmt: skip


def test_a_day_that_is_none_breaks_no_view(connection):
    found = series(connection, "imprison", place="Krakozhia").figures
    assert [(one.value, one.first) for one in found] == [(19, None)]


def test_decisions_stand_over_what_was_extracted(connection):
    assert sorted(numbers(connection, "Illyria")) == [(15, None, 1), (16, None, 1), (1437, None, 1)]
    query = "SELECT decision FROM count_series WHERE place = 'Illyria' ORDER BY value"
    assert ask(connection, query) == [(None,), ("accept",), ("edit",)]
    query = "SELECT count(*), count(decision) FROM fact_current WHERE type = 'count' AND article IN {}"
    assert ask(connection, query.format("('wrong', 'invented', 'undone', 'confirmed', 'gone')")) == [(3, 2)]


def test_what_a_person_added_is_in_the_series(connection):
    found = series(connection, "imprison", place="Lutha", source="Viasna").figures
    assert [(one.value, str(one.first), one.articles[0].article) for one in found] == [(21, "2022-12-14", "added")]
    assert ask(connection, "SELECT key, decision FROM count_series WHERE place = 'Lutha'") == [(None, "add")]


def test_an_event_that_was_given_another_type_has_that_one(connection):
    happening = life(connection, "Marta Quill").timeline
    assert [(one.event_type, one.role, one.modality, str(one.first)) for one in happening] == [
        ("release", "target", "possible", "2021-07-14")
    ]
    query = "SELECT event_type, decision FROM person_timeline WHERE person = 'Marta Quill'"
    assert ask(connection, query) == [("release", "accept")]


def test_what_is_denied_or_retracted_is_in_no_series(connection):
    found = series(connection, "imprison", place="Jotun")
    assert (found.figures, found.unreal) == ((), 1)
    assert ask(connection, "SELECT count(*) FROM fact WHERE article = 'gone' AND retracted IS NOT NULL") == [(1,)]


@pytest.mark.parametrize("name", ["Viasna", "Вясна", "VIASNA", "x-viasna", "Human Rights Centre Viasna"])
def test_a_source_is_found_by_alias_and_transliteration(connection, name):
    assert numbers(connection, "Carpania", source=name) == [(1437, None, 1)]


@pytest.mark.parametrize("name", ["Борд", "Nowhere", "'; DROP TABLE fact; --", "", "\0", "x" * 10_000])
def test_a_place_that_is_none_is_told_of(connection, name):
    if name:
        with pytest.raises(UnknownNameError, match="no place"):
            series(connection, "imprison", place=name)
    assert ask(connection, "SELECT count(*) > 0 FROM fact") in ([(True,)], [(1,)])


@pytest.mark.parametrize(
    "name", ["Ales Bialiatski", "Алесь Беляцкий", "Ales Beliatsky", "Bialiatski", "x-bialiatski-ales"]
)
def test_a_person_is_one_in_every_spelling(connection, name):
    found = life(connection, name)
    assert (found.name, found.kb, found.articles) == ("Ales Bialiatski", "x-bialiatski-ales", 3)
    assert [(str(one.first), one.event_type, one.role) for one in found.timeline] == [
        ("2014-06-21", "release", "target"), ("2021-07-14", "arrest", "target"),
    ]  # fmt: skip
    arrest = found.timeline[1].quotes
    assert [(one.text, one.source, one.cue, one.article) for one in arrest] == [
        ("arrested", "Viasna", "said", "ales"), ("taken", "Viasna", "said", "ales-again"),
    ]  # fmt: skip
    assert arrest[0].sentence == "Ales Bialiatski was arrested, Viasna said on 2021-07-14."
    assert {one.text for one in found.said_of} == {
        "Ales Bialiatski was arrested", "Ales Bialiatski was taken", "Ales Beliatsky was freed",
    }  # fmt: skip


def test_relatives_stay_apart_and_a_bare_surname_asks_back(connection):
    assert [one.event_type for one in life(connection, "Игорь Лосик").timeline] == ["arrest"]
    assert [one.event_type for one in life(connection, "Дарья Лосик").timeline] == ["sentence"]
    with pytest.raises(UnknownNameError, match=r"may be 2: .*Losik \(x-losik-"):
        life(connection, "Losik")


def test_mentions_lead_to_articles(connection):
    query = "SELECT text, article FROM entity_mentions WHERE kb = 'x-losik-ihar'"
    assert ask(connection, query) == [("Ihar Losik", "ihar")]


def test_a_search_finds_forms_of_words_and_shows_them(connection):
    hits = search(connection, "prisoner Carpania")
    assert {hit.article for hit in hits.articles} == {"few", "many", "other-day"}
    assert "prisoners" in hits.articles[0].found[1::2]
    assert [hit.article for hit in search(connection, '"was freed"').statements] == ["ales-other"]
    assert [hit.speaker for hit in search(connection, "freed").statements] == ["Viasna"]


def test_equal_texts_are_found_once(connection):
    assert [(hit.article, hit.copies) for hit in search(connection, "Aland").articles] == [("wire-0", 10)]


def test_a_search_excludes_and_chooses(connection):
    found = search(connection, "Losik -sentenced").articles
    assert {hit.article for hit in found} == {"ihar"}
    found = search(connection, "Freedonia or Hav", limit=5).articles
    assert {hit.article for hit in found} == {"round", "sharp", "men"}


@pytest.mark.parametrize(
    "query",
    ['"', "NEAR(", "*", "a" * 1_000_000, "title:", "'; DROP TABLE fact; --", "\0", "\ud800", "^ AND OR NOT", "(((",
     "!|&", "a " * 499, "-x", "%s :term0 {query}", "\\"],
)  # fmt: skip
def test_no_search_is_an_error_of_sql(connection, query):
    with suppress(QueryError):
        found = search(connection, query)
        assert all(hit.found for hit in (*found.articles, *found.statements))
    assert ask(connection, "SELECT count(*) FROM article") != [(0,)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_any_search_gives_hits_or_says_why_not(connection, query):
    with suppress(QueryError):
        search(connection, query, limit=2)


def test_search_follows_what_is_loaded_anew(database_url, tmp_path):
    first = happened("a", "Ihar Losik")
    second = Article(id="a", text="Nothing was said of anybody.", published="2021-08-02")
    write(tmp_path, [first])
    load_file(tmp_path / "facts.jsonl", database_url, articles=tmp_path / "articles.jsonl", at=NOON)
    (tmp_path / "articles.jsonl").write_text(f"{second.model_dump_json()}\n", encoding="utf-8")
    (tmp_path / "facts.jsonl").write_text("", encoding="utf-8")
    load_file(tmp_path / "facts.jsonl", database_url, articles=tmp_path / "articles.jsonl", at=NOON + timedelta(days=1))
    with asking(database_url) as connection:
        assert search(connection, "arrested") == search(connection, "Losik")
        assert not search(connection, "arrested").articles
        assert [hit.article for hit in search(connection, "anybody").articles] == ["a"]


def test_what_stands_comes_out_again(connection):
    told = {reference.id: facts for reference, facts, _ in current(connection)}
    assert [one.value for one in told["wrong"] if one.type == "count"] == [1437]
    assert [one.value for one in told["confirmed"] if one.type == "count"] == [16]
    assert not [one for name in ("invented", "gone") for one in told[name] if one.type == "count"]
    articles = {article.id: article.text for _, _, article in current(connection) if article}
    assert all(one.span.text == articles[one.article.id][one.span.start : one.span.end] for one in told["wrong"])


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code or 0


def test_the_commands_print_what_people_read(url, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "160")
    of = ("series", "--category", "imprison", "--db", url)
    assert run(*of, "--place", "Elbonia") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[2:] == ["2022-12-14 at most 900 prisoners Elbonia Ministry 1 Viasna: 1,437",
                         "2022-12-14 1,437 prisoners Elbonia Viasna 1 Ministry: at most 900"]  # fmt: skip
    assert run(*of, "--place", "Gondal") == 0
    assert "2022-12-01 to 2022-12-09 *" in (said := capsys.readouterr()).out
    assert "* the article's day" in said.err
    assert run(*of, "--place", "Aland", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["articles"]) == 10
    assert run(*of, "--place", "Borduria", "--csv") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["value"], row["low"], row["first"]) for row in rows] == [
        ("", "1300.0", "2022-12-14"), ("1437.0", "", "2022-12-14"),
    ]  # fmt: skip
    assert run(*of, "--place", "Nowhere") == 4
    assert run("ask", "--person", "Алесь Беляцкий", "--db", url) == 0
    said = capsys.readouterr().out
    assert "2021-07-14                arrest · target" in said
    assert "and 1 more article" in said
    assert run("search", "freed", "--db", url, "--json") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (found[0]["kind"], found[0]["found"]) == ("statement", "Ales Beliatsky was [freed]")
    assert run("search", "*", "--db", url) == 4
    assert run("export", "--to", "csv", "--db", url, "-o", str(tmp_path / "csv")) == 0


def test_a_chart_shows_bounds_sources_and_conflicts(url, tmp_path, capsys):
    pytest.importorskip("altair")
    chart = tmp_path / "chart.svg"
    assert run("series", "--category", "imprison", "--place", "Elbonia", "--db", url, "--svg", str(chart)) == 0
    drawn = chart.read_text(encoding="utf-8")
    for shown in ("imprison in Elbonia", "≤ 900", "1,437", "Viasna", "Ministry", "a ring: another source says"):
        assert shown in drawn, shown
    assert drawn.count("inside: white") > 0
    assert run("series", "--category", "imprison", "--place", "Krakozhia", "--db", url, "--svg", str(chart)) == 1
    assert "nothing to draw" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["sqlite:///nowhere.db", "sqlite:///old.db", "nonsense"])
def test_a_database_that_can_not_be_asked_is_told_of(address, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.db").touch()
    with ExitStack() as stack, pytest.raises(OutputError) as said:
        stack.enter_context(asking(address))
    assert said.value.advice


def test_datasette_reads_it_with_labels_and_descriptions(tmp_path):
    app = pytest.importorskip("datasette.app")
    told = list(stories())
    facts, articles = write(tmp_path, told)
    load_file(facts, f"sqlite:///{tmp_path}/facts.db", articles=articles, at=NOON)
    with asking(f"sqlite:///{tmp_path}/facts.db") as connection:
        described = metadata(connection, "facts")
    pages = asyncio.run(_pages(app.Datasette([str(tmp_path / "facts.db")], metadata=described)))
    assert {status for status, _ in pages.values()} == {200}
    series_, counts, facts_, found = (pages[path][1] for path in _PAGES)
    assert "never add the three up" in series_
    assert ">Carpania</a>" in counts  # the place's name stands where its number is
    assert "News from Aland" in facts_
    assert "Ales Beliatsky was freed" in found


_PAGES = ("/facts/count_series?_size=5", "/facts/count", "/facts/fact?_size=5", "/facts/statements?words=freed")


async def _pages(datasette):
    answers = {path: await datasette.client.get(path) for path in _PAGES}
    return {path: (answer.status_code, answer.text) for path, answer in answers.items()}


def test_every_column_of_every_table_and_view_is_described(tmp_path):
    facts, articles = write(tmp_path, [counted("a", "Aland")])
    load_file(facts, f"sqlite:///{tmp_path}/facts.db", articles=articles, at=NOON)
    with asking(f"sqlite:///{tmp_path}/facts.db") as connection:
        tables = metadata(connection, "facts")["databases"]["facts"]["tables"]
        objects = ask(connection, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        for (name,) in objects:
            if not name.startswith(("article_search", "statement_search")):
                columns = {row[1] for row in ask(connection, f'PRAGMA table_info("{name}")')}
                assert tables[name].get("hidden") or tables[name]["columns"].keys() == columns, name


def test_the_series_of_the_two_articles_that_it_began_with(shared, tmp_path, monkeypatch, capsys):
    """1,437 on 14 December 2022 and at least 1,300 in September 2024, both counted by Viasna."""
    monkeypatch.chdir(tmp_path)
    gold = str(shared / "gold" / "articles.jsonl")
    assert run("run", gold, "-o", "facts.jsonl", "--articles", "articles.jsonl", "--workers", "0", "-q") == 0
    assert run("load", "facts.jsonl", "--articles", "articles.jsonl", "--db", "sqlite:///facts.db") == 0
    capsys.readouterr()
    of = ("--category", "imprison", "--place", "Беларусь", "--source", "Viasna", "--db", "sqlite:///facts.db")
    assert run("series", *of, "--json") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    first = next(one for one in found if one["first"] == one["last"] == "2022-12-14")
    assert (first["value"], first["source"]) == (1437, "Viasna")
    later = [one for one in found if one["first"] and one["first"] <= "2024-09-30" and one["last"] >= "2024-09-01"]
    assert [(one["low"], one["high"], one["source"]) for one in later] == [(1300, None, "Viasna")]
