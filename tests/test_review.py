"""What annotators see and do: what is acknowledged is in the log, offsets are code points, nobody else gets in."""

# ruff: noqa: E402 - the imports need the extra

from __future__ import annotations

import html
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

for _package in ("starlette", "uvicorn", "jinja2", "httpx"):
    if importlib.util.find_spec(_package) is None:
        pytest.skip(f"{_package} is not installed: the extra `review` brings it", allow_module_level=True)

from starlette.testclient import TestClient
from typer.testing import CliRunner

from extract.article import Article
from extract.cli import app as cli
from extract.correction import Correction, Log, read_log
from extract.correction.revise import proposal
from extract.fact import FACT, FACT_CLASSES, FACT_TYPES, fact_id, to_json
from extract.review.app import make_app
from extract.review.controls import Context, FormError, controls_of, fields_of, span_at
from extract.review.desk import Desk
from extract.review.filters import Filter
from extract.review.guard import Gate, is_loopback
from extract.review.library import Library
from extract.review.text import LANES, Mark, pieces

BASE = "http://127.0.0.1:8642"
TEXT = (
    "Police 👮🏽‍♀️ detained 1,437 people in Mi\u0301nsk, said Ales Bialiatski.\r\n\r\n"
    "Мінск жыве. اعتقل خمسة. <script>alert('x')</script> & \"quotes\" cost $5."
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make(type_, quote, of, **fields):
    at = of.text.index(quote)
    span = {"start": at, "end": at + len(quote), "text": quote}
    if type_ in {"person", "organisation", "place"}:
        fields = {"name": quote, "mentions": [span]} | fields
    return FACT.validate_python({
        "schema": "1", "type": type_, "span": span, "confidence": fields.pop("confidence", 0.7),
        "id": fact_id(of.text_sha256, type_, at, at + len(quote), fields.get("event_type", "")),
        "article": {"id": of.id, "text_sha256": of.text_sha256, "published": of.published, "url": None},
        "sentence": {"start": 0, "end": of.text.find("\r\n") if at < of.text.find("\r\n") else len(of.text)},
        "by": {"component": type_, "rule": f"{type_}-rule", "version": "1", "model": "m"}, **fields,
    })  # fmt: skip


def facts_of(of):
    person = make("person", "Ales Bialiatski", of)
    count = make("count", "1,437", of, value=1437, category="arrest", confidence=0.4)
    span = {"start": count.span.start, "end": count.span.end, "text": "1,437"}
    said = {"start": TEXT.index("said"), "end": TEXT.index("said") + 4, "text": "said"}
    return [
        make("event", "detained", of, event_type="arrest",
             arguments=[{"role": "count", "span": span, "fact": count.id}],
             attribution={"source": person.span.model_dump(), "source_id": person.id, "cue": said}),
        count, make("place", "Mi\u0301nsk", of), person,
        make("count", "$5", of, value=5, kind="money", unit="USD"),
    ]  # fmt: skip


class Page:
    """A server without a socket, and a browser that was let in."""

    def __init__(self, folder, articles=None, password=None):
        self.articles = articles or [Article(id="a", text=TEXT, title="<b>Title</b>", published="2022-12-14")]
        (folder / "articles.jsonl").write_text("".join(a.model_dump_json() + "\n" for a in self.articles))
        rows = [to_json(f) for a in self.articles for f in facts_of(a)]
        (folder / "facts.jsonl").write_text("".join(row + "\n" for row in rows))
        self.folder, self.log = folder, folder / "corrections.jsonl"
        self.gate = Gate("ann", "127.0.0.1", 8642, password=password)
        self.app = self.start()
        self.browser = TestClient(self.app, base_url=BASE)
        if not password:
            self.browser.get(f"/?token={self.gate.token}")
        self.facts = {f.span.text: f for f in facts_of(self.articles[0])}

    def start(self):
        library = Library(self.folder / "facts.jsonl", self.folder / "articles.jsonl")
        return make_app(Desk(library, Log(self.log), lambda: NOON), self.gate)

    @property
    def csrf(self):
        return re.search(r'name="csrf" content="([^"]+)"', self.browser.get("/articles/0").text)[1]

    def decide(self, _headers=None, **wish):
        headers = {"x-csrf-token": self.csrf, "origin": BASE} | (_headers or {})
        return self.browser.post("/articles/0/decisions", json=wish, headers=headers)

    def lines(self):
        return [line for _, line in read_log(self.log)] if self.log.exists() else []

    def form_words(self, **query):
        """What the form of a fact would send back untouched."""
        answer = self.browser.get("/articles/0/form", params=query)
        assert answer.status_code == 200, answer.text
        form = answer.json()["html"]
        form = re.sub(r"<template>.*?</template>", "", form, flags=re.S)
        words = re.findall(r'<input type="(?:hidden|text|date)"[^>]*? name="([^"]+)" value="([^"]*)"', form)
        words += [(n, "yes") for n in re.findall(r'type="checkbox" name="([^"]+)" value="yes" checked', form)]
        for name, options in re.findall(r'<select name="([^"]+)">(.*?)</select>', form, flags=re.S):
            chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
            words.append((name, chosen[1] if chosen else ""))
        return {html.unescape(n): html.unescape(v) for n, v in words if not n.startswith("__")}


@pytest.fixture
def page(tmp_path):
    return Page(tmp_path)


def text_of(page_html):
    """The article's text as a browser counts it: the text nodes of the reading pane."""
    inner = re.search(r'<div id="text"[^>]*>(.*?)</div>\n', page_html, flags=re.S)[1]
    return html.unescape(re.sub(r"<[^>]+>", "", inner))


def test_the_article_stands_there_character_for_character_and_escaped(page):
    shown = page.browser.get("/articles/0").text
    assert text_of(shown).replace("\r", "\r") == TEXT
    assert "<script>alert" not in shown
    assert "<b>Title</b>" not in shown
    assert "&#13;" in shown


def test_accept_and_reject_are_lines_of_the_log_before_they_are_said(page):
    for action, quote in (("accept", "1,437"), ("reject", "detained")):
        answer = page.decide(action=action, fact=page.facts[quote].id, note="I was there")
        assert answer.json()["said"].startswith(action.capitalize())
    first, second = page.lines()
    assert (first.action, first.annotator, first.note, first.at) == ("accept", "ann", "I was there", NOON)
    assert (second.action, second.fact) == ("reject", page.facts["detained"].id)
    shown = page.browser.get("/articles/0/work").json()["html"]
    assert 'data-state="accepted"' in shown
    assert 'data-state="rejected"' in shown
    assert "2 of 5 decided" in shown


def test_a_span_is_changed_across_an_emoji_in_code_points(page):
    start, end = TEXT.index("Police"), TEXT.index("detained") + 8
    answer = page.decide(action="span", fact=page.facts["detained"].id, span=f"{start}:{end}")
    value = page.lines()[0].value
    assert value.span.text == TEXT[start:end]
    assert "👮🏽‍♀️" in value.span.text
    assert answer.json()["focus"] == value.id
    assert value.by.component == "annotator"


def test_an_entity_on_another_span_is_named_and_mentioned_there(page):
    start = TEXT.index("Bialiatski")
    page.decide(action="span", fact=page.facts["Ales Bialiatski"].id, span=f"{start}:{start + 10}")
    value = page.lines()[0].value
    assert (value.name, [m.text for m in value.mentions]) == ("Bialiatski", ["Bialiatski"])


@pytest.mark.parametrize("quote", ["1,437", "detained", "Mi\u0301nsk", "Ales Bialiatski", "$5"])
def test_a_form_sent_back_untouched_changes_nothing(page, quote):
    fact = page.facts[quote]
    words = page.form_words(fact=fact.id)
    page.decide(action="edit", fact=fact.id, type=fact.type, words=list(words.items()))
    (line,) = page.lines()
    assert line.action == "accept"
    assert line.value.model_copy(update={"confidence": fact.confidence}) == fact


def test_any_field_can_be_edited(page):
    fact = page.facts["1,437"]
    words = page.form_words(fact=fact.id)
    words |= {"value": "", "low": "1,400", "comparator": "at_least", "aggregation": "stock",
              "place": page.facts["Mi\u0301nsk"].id, "modality": "possible"}  # fmt: skip
    page.decide(action="edit", fact=fact.id, type="count", words=list(words.items()))
    value = page.lines()[0].value
    assert (value.value, value.low, value.comparator, value.aggregation) == (None, 1400, "at_least", "stock")
    assert (value.place, value.modality) == (page.facts["Mi\u0301nsk"].id, "possible")


def test_rows_can_be_added_and_left_out(page):
    fact = page.facts["detained"]
    words = {k: v for k, v in page.form_words(fact=fact.id).items() if not k.startswith("arguments.0")}
    words |= {"arguments.1000.role": "agent", "arguments.1000.span": "0:6", "arguments.1000.entity": ""}
    page.decide(action="edit", fact=fact.id, type="event", words=list(words.items()))
    assert [(a.role, a.span.text) for a in page.lines()[0].value.arguments] == [("agent", "Police")]


def test_a_fact_may_become_one_of_another_type(page):
    fact = page.facts["Mi\u0301nsk"]
    words = page.form_words(fact=fact.id, type="organisation")
    page.decide(action="edit", fact=fact.id, type="organisation", words=list(words.items()))
    assert page.lines()[0].value.type == "organisation"


@pytest.mark.parametrize(("type_", "more"), [
    ("person", {}), ("organisation", {"kind": "security"}), ("place", {"kind": "city"}), ("count", {}),
    ("date", {"value": "2022-12-14"}), ("event", {"event_type": "protest"}), ("statement", {"cue": "0:6"}),
])  # fmt: skip
def test_a_missed_fact_of_every_type_can_be_added(page, type_, more):
    start = TEXT.index("خمسة")
    words = page.form_words(type=type_, span=f"{start}:{start + 4}") | more
    answer = page.decide(action="add", type=type_, words=list(words.items()))
    assert answer.status_code == 200, answer.text
    (line,) = page.lines()
    assert (line.action, line.value.type, line.value.span.text) == ("add", type_, "خمسة")


def test_what_a_new_count_says_is_read_from_its_digits():
    assert proposal("count", {"start": 0, "end": 5, "text": "1,437"})["value"] == 1437
    assert proposal("count", {"start": 0, "end": 6, "text": "dozens"})["value"] is None


def test_a_form_that_makes_no_fact_is_refused_in_words(page):
    words = page.form_words(type="event", span="0:6")
    answer = page.decide(action="add", type="event", words=[*words.items(), ("event_type", "")])
    assert answer.status_code == 422
    assert answer.json()["error"] == "Event type is missing."
    bad = page.decide(
        action="edit", fact=page.facts["1,437"].id, type="count", words=[("span", "0:6"), ("value", "ten")]
    )
    assert bad.json()["error"].startswith("Value: 'ten' is no number")
    assert page.lines() == []


@pytest.mark.parametrize("span", ["", "5", "5:5", "9:4", "-1:4", "0:99999", "a:b", "0:1e3", "٣:٤٥"])
def test_a_span_outside_of_the_text_is_refused(page, span):
    answer = page.decide(action="span", fact=page.facts["1,437"].id, span=span)
    assert answer.status_code == 422 or TEXT[3:45] in page.lines()[0].value.span.text


def test_undo_goes_back_line_by_line_and_survives_a_restart(page):
    page.decide(action="reject", fact=page.facts["1,437"].id)
    page.decide(action="accept", fact=page.facts["detained"].id)
    page.browser = TestClient(page.start(), base_url=BASE, cookies=page.browser.cookies)
    assert page.decide(action="undo").json()["said"] == "Took back: accept “detained”"
    assert page.decide(action="undo").json()["said"] == "Took back: reject “1,437”"
    assert page.decide(action="undo").json()["said"] == "Nothing of yours to take back here"
    assert "0 of 5 decided" in page.browser.get("/articles/0").text
    assert len(page.lines()) == 4


def test_one_undoes_only_ones_own(page):
    other = TestClient(page.app, base_url=BASE)
    other.cookies.set(page.gate.cookie, page.gate.open("bob"))
    page.decide(action="reject", fact=page.facts["1,437"].id)
    page.browser = other
    assert page.decide(action="undo").json()["said"] == "Nothing of yours to take back here"
    page.decide(action="accept", fact=page.facts["1,437"].id)
    shown = other.get("/articles/0").text
    assert "disagreement" in shown
    assert "by ann, bob" in shown
    assert "disagreement" in other.get("/?show=disagreement").text


def test_two_tabs_see_each_other_and_a_stale_decision_is_refused(page):
    fact = page.facts["Ales Bialiatski"]
    start = TEXT.index("Bialiatski")
    page.decide(action="span", fact=fact.id, span=f"{start}:{start + 10}")
    stale = page.decide(action="accept", fact=fact.id)
    assert stale.status_code == 409
    assert stale.json()["stale"]
    assert len(page.lines()) == 1


def test_what_another_program_appends_to_the_log_is_seen(page):
    page.decide(action="reject", fact=page.facts["1,437"].id)
    line = page.lines()[0].model_copy(update={"annotator": "bob", "fact": page.facts["$5"].id})
    Log(page.log).append(line)
    assert "2 of 5 decided" in page.browser.get("/articles/0").text


def test_entities_are_merged_and_kept_apart(page):
    start = TEXT.index("Police")
    words = page.form_words(type="person", span=f"{start}:{start + 6}")
    page.decide(action="add", type="person", words=list(words.items()))
    added, person = page.lines()[0].value, page.facts["Ales Bialiatski"]
    page.decide(action="merge", fact=added.id, other=person.id)
    shown = page.browser.get("/articles/0").text
    assert f'id="f-{added.id}"' not in shown
    assert page.decide(action="merge", fact=person.id, other=page.facts["1,437"].id).status_code == 422


def test_filters(page):
    def quotes(query):
        return re.findall(r'<q dir="auto">([^<]*)</q></h2>', page.browser.get(f"/articles/0{query}").text)

    assert quotes("?type=count") == ["1,437", "$5"]
    assert quotes("?below=0.5") == ["1,437"]
    assert quotes("?category=arrest") == ["detained", "1,437"]
    assert quotes("?rule=place/place-rule") == ["Mi\u0301nsk"]
    page.decide(action="accept", fact=page.facts["1,437"].id)
    assert quotes("?type=count&show=open") == ["$5"]
    assert len(quotes("?type=nonsense&below=x&show=y")) == 5
    assert "No article has such facts" in page.browser.get("/?type=date").text
    assert Filter.of({"type": "count", "below": "0.5"}).query == "?type=count&below=0.5"


def test_the_least_certain_article_comes_first_and_the_finished_last(tmp_path):
    sure = Article(id="sure", text=TEXT + " Sure.")
    page = Page(tmp_path, [sure, Article(id="unsure", text=TEXT), Article(id="empty", text="No facts.")][:2])
    rows = (tmp_path / "facts.jsonl").read_text().splitlines()
    raised = [re.sub(r'"confidence":[\d.]+', '"confidence":0.99', r) if '"sure"' in r else r for r in rows]
    (tmp_path / "facts.jsonl").write_text("\n".join(raised) + "\n")
    page.browser = TestClient(page.start(), base_url=BASE, cookies=page.browser.cookies)
    order = re.findall(r'<a href="/articles/(\d)"', page.browser.get("/").text)
    assert order == ["1", "0"]


# ---- Who gets in


def test_without_the_token_nothing_is_seen(page):
    stranger = TestClient(page.app, base_url=BASE, follow_redirects=False)
    for path in ("/", "/articles/0", "/articles/0/work", "/articles/0/form?type=count&span=0:1", "/?token=wrong"):
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert "Police" not in answer.text
        assert "set-cookie" not in answer.headers


def test_the_token_makes_a_session_and_leaves_the_address(page):
    stranger = TestClient(page.app, base_url=BASE, follow_redirects=False)
    answer = stranger.get(f"/?token={page.gate.token}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize("headers", [
    {"x-csrf-token": ""}, {"x-csrf-token": "wrong"}, {"origin": "https://evil.example"}, {"origin": "null"},
    {"sec-fetch-site": "cross-site"}, {"host": "evil.example:8642"},
])  # fmt: skip
def test_a_change_from_elsewhere_is_refused(page, headers):
    answer = page.decide(headers, action="reject", fact=page.facts["1,437"].id)
    assert answer.status_code == 403
    assert page.lines() == []


def test_every_answer_carries_the_policy(page):
    for path in ("/", "/articles/0", "/articles/999", "/static/review.js", "/nowhere"):
        answer = page.browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "http" not in re.sub(r"<q.*?</q>", "", answer.text).replace(BASE, "") or path.endswith(".js")


@pytest.mark.parametrize("path", [
    "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/articles/../../etc",
    "/articles/-1", "/articles/99999999999999999999", "/articles/0x1",
])  # fmt: skip
def test_no_path_reaches_the_disk(page, path):
    answer = page.browser.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{", b"null", b'{"action": 1}', b'{"words": [1]}', b"\xff" * 9, b'{"words":3}', b"[" * 90000,
    b'{"action":"edit","fact":"\\ud800","type":"count"}',
])  # fmt: skip
def test_nonsense_is_refused(page, body):
    answer = page.browser.post("/articles/0/decisions", content=body, headers={"x-csrf-token": page.csrf})
    assert answer.status_code in {409, 422}
    assert page.lines() == []


def test_a_lone_surrogate_in_a_note_writes_nothing_broken(page):
    body = json.dumps({"action": "reject", "fact": page.facts["1,437"].id, "note": "\ud800"}).encode()
    answer = page.browser.post("/articles/0/decisions", content=body, headers={"x-csrf-token": page.csrf})
    assert answer.status_code == 422
    assert page.lines() == []


def test_a_body_without_end_is_refused(page):
    answer = page.browser.post("/articles/0/decisions", content=b"x" * 2_000_000, headers={"x-csrf-token": page.csrf})
    assert answer.status_code == 422


def test_a_full_disk_is_said_and_not_acknowledged(page, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    csrf = page.csrf
    monkeypatch.setattr("extract.correction.log.os.write", full)
    answer = page.browser.post("/articles/0/decisions", json={"action": "reject", "fact": page.facts["1,437"].id},
                               headers={"x-csrf-token": csrf})  # fmt: skip
    assert answer.status_code == 507
    assert answer.json()["error"].startswith("NOT SAVED")
    monkeypatch.undo()
    assert page.lines() == []


def test_a_password_lets_in_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.review.app._WRONG_PASSWORD_WAIT", 0)
    page = Page(tmp_path, password="sesame")
    stranger = TestClient(page.app, base_url="http://10.0.0.5:8642")
    assert "Log in" in stranger.get("/articles/0").text
    assert stranger.get(f"/?token={page.gate.token}").url.path == "/login"
    assert stranger.post("/login", data={"name": "bob", "password": "wrong"}).status_code == 403
    assert stranger.post("/login", data={"name": "", "password": "sesame"}).status_code == 403
    let_in = stranger.post(
        "/login", data={"name": "bob", "password": "sesame"}, headers={"origin": "http://10.0.0.5:8642"}
    )
    assert "you are bob" in let_in.text


def test_other_hosts_demand_a_password(tmp_path):
    page = Page(tmp_path)
    arguments = ["review", str(page.folder / "facts.jsonl"), "--articles", str(page.folder / "articles.jsonl")]
    done = CliRunner().invoke(cli, [*arguments, "--host", "0.0.0.0"])
    assert done.exit_code == 2
    assert "--password" in done.output
    assert [is_loopback(h) for h in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.org")] == [True] * 3 + [
        False
    ] * 2


# ---- Text and forms


def test_pieces_join_to_the_text_and_overlaps_get_lanes_of_their_own():
    marks = [Mark(s, e, f"{s}:{e}", "event") for s in range(0, 20, 3) for e in range(s + 1, 22, 4)]
    found = pieces("x" * 25, marks)
    assert "".join(str(p.text) for p in found) == "x" * 25
    assert all(lane.split("-")[0] in {f"l{n}" for n in range(LANES)} for p in found for lane in p.lanes)
    nested = pieces("abcdef", [Mark(0, 6, "s", "statement"), Mark(1, 3, "p", "person"), Mark(2, 5, "e", "event")])
    assert [p.lanes for p in nested][2] == ("l0-person", "l1-event", "l2-statement")


@pytest.mark.parametrize("type_", FACT_TYPES)
def test_every_field_of_every_type_has_a_control(type_):
    controls = controls_of(type_, {}, Context())
    named = {control.name for control in controls}
    assert named == set(FACT_CLASSES[type_].model_fields) - {
        "schema_", "id", "type", "article", "sentence", "confidence", "by", "chain"
    }  # fmt: skip
    assert controls[0].name == "span"


def test_numbers_of_forms():
    for said, number in (("1,437", 1437), ("9.4", 9.4), (" 5 ", 5), ("", None), ("1 000", 1000)):
        assert fields_of("count", [("value", said)], "")["value"] == number
    for said in ("ten", "nan", "inf", "1e999", "--5"):
        with pytest.raises(FormError):
            fields_of("count", [("value", said)], "")


def test_a_span_is_code_points_of_the_text():
    assert span_at("1:3", "a👍🏽b")["text"] == "👍🏽"


def test_two_thousand_articles_open_quickly(tmp_path):
    articles = [Article(id=f"a{n}", text=TEXT) for n in range(2000)]
    page = Page(tmp_path, articles[:1])
    rows = (tmp_path / "facts.jsonl").read_text() * 6
    (tmp_path / "facts.jsonl").write_text("".join(rows.replace('"id":"a0"', f'"id":"{a.id}"') for a in articles))
    (tmp_path / "articles.jsonl").write_text("".join(a.model_dump_json() + "\n" for a in articles))
    page.browser = TestClient(page.start(), base_url=BASE, cookies=page.browser.cookies)
    page.browser.get("/articles/0")
    seconds = {}
    for path in ("/", "/?type=count&below=0.5", "/articles/1500"):
        started = time.process_time()
        assert page.browser.get(path).status_code == 200
        seconds[path] = time.process_time() - started
    assert seconds["/"] < 1
    assert seconds["/articles/1500"] < 0.2


def test_decisions_replay_on_what_the_page_showed(page):
    from extract.correction import apply

    page.decide(action="reject", fact=page.facts["1,437"].id)
    lines, summary = apply(page.folder / "facts.jsonl", page.log)
    kept = {FACT.validate_json(line).span.text for line in lines}
    assert kept == set(page.facts) - {"1,437"}
    assert isinstance(page.lines()[0], Correction)
    assert summary.broken == []


# ---- In a real browser

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    with playwright.sync_playwright() as runner:
        profile = tmp_path_factory.mktemp("profile")
        browser = runner.chromium.launch_persistent_context(
            str(profile), executable_path=path, args=CHROMIUM, headless=True, viewport={"width": 1280, "height": 800}
        )
        browser.set_default_timeout(20_000)
        yield browser
        browser.close()


class Live:
    """The server as a process of its own, and a tab that is open on its first article."""

    def __init__(self, folder, chromium):
        self.page = Page(folder)
        self.chromium, self.errors = chromium, []
        self.server = self.start()
        self.tab = self.open_tab(self.url)
        self.tab.goto(f"{self.base}/articles/0")

    def start(self, port=0):
        command = [sys.executable, "-m", "extract", "review", "facts.jsonl", "--articles", "articles.jsonl",
                   "--annotator", "ann", "--port", str(port)]  # fmt: skip
        server = subprocess.Popen(command, cwd=self.page.folder, stdout=subprocess.PIPE, text=True)
        self.url = server.stdout.readline().strip()
        self.base = self.url.split("/?")[0]
        return server

    def open_tab(self, url):
        tab = self.chromium.new_page()
        tab.on("pageerror", lambda error: self.errors.append(str(error)))
        tab.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        tab.goto(url)
        return tab

    def keys(self, *keys, tab=None):
        for key in keys:
            (tab or self.tab).keyboard.press(key)

    def said(self, text, tab=None):
        (tab or self.tab).wait_for_function(
            "text => document.querySelector('#said').textContent.includes(text)", arg=text
        )

    def select(self, quote):
        """Selects the words as a mouse would, in UTF-16 units from node to node."""
        self.tab.evaluate(
            """quote => {
              const box = document.querySelector('#text');
              const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
              const nodes = [];
              let text = '';
              while (walker.nextNode()) {
                nodes.push([walker.currentNode, text.length]);
                text += walker.currentNode.data;
              }
              const place = at => { const [n, s] = nodes.findLast(([, s]) => s <= at); return [n, at - s]; };
              const start = text.indexOf(quote), range = document.createRange();
              range.setStart(...place(start)); range.setEnd(...place(start + quote.length));
              getSelection().removeAllRanges(); getSelection().addRange(range);
            }""", quote,
        )  # fmt: skip
        self.tab.wait_for_selector("#pending:not([hidden])")

    def lines(self):
        return self.page.lines()

    def close(self):
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()
        for tab in self.chromium.pages[1:]:
            tab.close()


@pytest.fixture
def live(tmp_path, chromium):
    live = Live(tmp_path, chromium)
    yield live
    live.close()


@pytest.mark.slow
def test_browser_decides_by_keyboard(live):
    live.keys("a")
    live.said("Accepted “detained”")
    live.keys("x")
    live.said("Rejected “1,437”")
    live.keys("u")
    live.said("Took back: reject “1,437”")
    live.keys("A")
    live.said("Accepted 3 facts")
    assert [(c.action, c.anchor.quote) for c in live.lines()] == [
        ("accept", "detained"), ("reject", "1,437"), ("undo", "1,437"), ("accept", "1,437"),
        ("accept", "Mi\u0301nsk"), ("accept", "Ales Bialiatski"),
    ]  # fmt: skip
    live.tab.reload()
    assert live.tab.text_content("#count").startswith("4 of 5 decided")
    assert live.errors == []


@pytest.mark.slow
def test_browser_changes_a_span_across_an_emoji(live):
    live.select("Police 👮🏽‍♀️ detained")
    live.keys("Enter")
    live.said("Changed “Police 👮🏽‍♀️ detained”")
    assert live.lines()[0].value.span.text == "Police 👮🏽‍♀️ detained"
    live.keys("j", "s", "H", "l", "Enter")
    live.said("Changed “detained 1,437 people”")
    assert live.errors == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "quote", ["Мінск", "خمسة", "<script>alert('x')</script>", "in Mi\u0301nsk", "Bialiatski.\r\n\r\nМінск"]
)
def test_browser_adds_a_fact_in_any_script(live, quote):
    live.select(quote)
    live.keys("3")
    live.tab.wait_for_selector("#fields")
    live.keys("Enter")
    live.said("Added")
    (line,) = live.lines()
    assert (line.action, line.value.type, line.value.span.text) == ("add", "place", quote)
    assert live.errors == []


@pytest.mark.slow
def test_browser_edits_a_value_and_says_what_is_wrong(live):
    live.keys("j", "e")
    live.tab.wait_for_selector("#fields")
    live.tab.fill("#fields [name=value]", "many")
    live.keys("Enter")
    live.tab.wait_for_selector("#fields .error:not([hidden])")
    assert "no number" in live.tab.text_content("#fields .error")
    live.tab.fill("#fields [name=value]", "1438")
    live.tab.select_option("#fields [name=comparator]", "at_least")
    live.tab.fill("#fields [name=__note]", "the agency corrected it")
    live.keys("Enter")
    live.said("Changed “1,437”")
    (line,) = live.lines()
    assert (line.value.value, line.value.comparator, line.note) == (1438, "at_least", "the agency corrected it")


@pytest.mark.slow
def test_browser_filters(live):
    live.keys("f")
    live.tab.select_option(".filters [name=type]", "count")
    live.tab.click(".filters button")
    live.tab.wait_for_url("**type=count**")
    assert live.tab.locator(".card").count() == 2
    live.keys("a")
    live.said("Accepted “1,437”")
    assert live.tab.locator(".card").count() == 2


@pytest.mark.slow
def test_browser_two_tabs_lose_nothing_and_catch_up(live):
    other = live.open_tab(f"{live.base}/articles/0")
    live.keys("x")
    live.said("Rejected “detained”")
    live.keys("j", "x", tab=other)
    live.said("Rejected “1,437”", tab=other)
    assert other.locator(".card.rejected").count() == 2
    live.tab.evaluate("window.dispatchEvent(new Event('focus'))")
    live.tab.wait_for_function("() => document.querySelectorAll('.card.rejected').length === 2")
    assert [c.anchor.quote for c in live.lines()] == ["detained", "1,437"]


@pytest.mark.slow
def test_browser_never_says_saved_without_a_line_in_the_log(live):
    for decided in (1, 2, 3):
        live.keys("a")
        live.said("Accepted")
        live.server.kill()
        live.server.wait()
        assert len(live.lines()) == decided
        live.keys("x")
        live.said("NOT SAVED")
        assert len(live.lines()) == decided
        live.server.stdout.close()
        live.server = live.start(int(live.base.rsplit(":", 1)[1]))
        live.tab.goto(live.url)
        live.tab.goto(f"{live.base}/articles/0")


@pytest.mark.slow
def test_browser_runs_no_script_of_an_article_and_asks_no_other_host(live):
    asked = []
    live.tab.on("request", lambda request: asked.append(request.url))
    live.tab.on("dialog", lambda dialog: live.errors.append(dialog.message))
    live.tab.reload()
    live.keys("n", "e")
    live.tab.wait_for_selector("#fields")
    assert "<script>alert('x')</script>" in live.tab.text_content("#text")
    assert live.tab.evaluate("document.querySelector('#text').textContent") == TEXT
    assert all(url.startswith(live.base) for url in asked)
    assert live.errors == []


@pytest.mark.slow
def test_browser_is_not_let_in_with_a_wrong_token_and_other_origins_change_nothing(live):
    stranger = live.open_tab(f"{live.base.replace('127.0.0.1', 'localhost')}/?token=wrong")
    assert "Wrong token" in stranger.content()
    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    Thread(target=elsewhere.serve_forever, daemon=True).start()
    evil = live.open_tab(f"http://127.0.0.1:{elsewhere.server_port}/")
    body = json.dumps({"action": "reject", "fact": live.page.facts["1,437"].id})
    for options in ({"mode": "no-cors"}, {"mode": "cors", "headers": {"x-csrf-token": "x"}}):
        evil.evaluate(
            """([url, body, options]) =>
              fetch(url, {method: 'POST', body, credentials: 'include', ...options}).catch(() => 0)""",
            [f"{live.base}/articles/0/decisions", body, options],
        )
    elsewhere.shutdown()
    elsewhere.server_close()
    assert live.lines() == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_browser_shows_everything_without_scrolling_sideways(live, scheme, width, height):
    live.tab.set_viewport_size({"width": width, "height": height})
    live.tab.emulate_media(color_scheme=scheme)
    for path in ("/", "/articles/0"):
        live.tab.goto(live.base + path)
        assert live.tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("accept", "reject", "edit", "undo"):
        assert live.tab.is_visible(f"#bar [data-do={name}]")
    colours = live.tab.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]"
    )
    assert len(set(colours)) == 2
