"""Other people's tools: what goes out and comes back untouched is the same; what a person did there is told apart."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from extract.annotation import TOOLS, Problem, decisions, labelstudio, tasks
from extract.annotation.exchange import LABELS, Mark, Returned, Task, of_label
from extract.annotation.prodigy import tokenise
from extract.article import Article
from extract.cli import app
from extract.correction import Stamp, apply, read_log
from extract.errors import InputError, ReadError, SpanError
from extract.fact import FACT, FACT_TYPES, fact_id, to_json

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = (
    "Police 👮🏽‍♀️ arrested 1,437 people in Mi\u0301nsk on 14 May 2024,\nsaid Ales\nBialiatski & <b>Viasna</b>. "
    "“Мы будем ждать”, he said."
)
ALL = tuple(TOOLS)


def span_of(quote, text=TEXT):
    start = text.index(quote)
    return {"start": start, "end": start + len(quote), "text": quote}


def make(type_, quote, of, **fields):
    span = span_of(quote, of.text)
    if type_ in {"person", "organisation", "place"}:
        fields = {"name": quote, "mentions": [span]} | fields
    return FACT.validate_python({
        "schema": "1", "type": type_, "span": span, "confidence": 0.7, "sentence": {"start": 0, "end": len(of.text)},
        "id": fact_id(of.text_sha256, type_, span["start"], span["end"], fields.get("event_type", "")),
        "article": {"id": of.id, "text_sha256": of.text_sha256, "published": of.published, "url": of.url},
        "by": {"component": type_, "rule": "r", "version": "1", "model": "m"}, **fields,
    })  # fmt: skip


def facts_of(of):
    person, place = make("person", "Ales\nBialiatski", of), make("place", "Mi\u0301nsk", of, kind="city")
    date = make("date", "14 May 2024", of, timex="DATE", value="2024-05-14")
    attribution = {"source": person.span.model_dump(), "source_id": person.id, "cue": span_of("said", of.text)}
    count = make("count", "1,437", of, value=1437, counted=span_of("people", of.text), as_of=date.id, place=place.id,
                 as_of_basis="stated", attribution=attribution)  # fmt: skip
    return [
        make("event", "arrested", of, event_type="arrest", modality="possible"), count, place, date, person,
        make("organisation", "Viasna", of, kind="ngo"),
        make("statement", "“Мы будем ждать”", of, direct=True, cue=span_of("said", of.text), entity=person.id),
    ]  # fmt: skip


class Round:
    """A folder with facts and articles, and a tool's file between."""

    def __init__(self, folder):
        self.folder = folder
        self.facts, self.articles = folder / "facts.jsonl", folder / "articles.jsonl"
        self.article = Article(id="wire/2024 №5", text=TEXT, title="Title", url="https://example.org/5")
        self.by_quote = {f.span.text: f for f in facts_of(self.article)}
        self.facts.write_text("".join(to_json(f) + "\n" for f in self.by_quote.values()))
        self.articles.write_text(self.article.model_dump_json() + "\n")

    def task(self):
        return next(tasks(self.facts, self.articles))

    def out(self, tool):
        path = self.folder / f"out-{tool}"
        assert TOOLS[tool].write(tasks(self.facts, self.articles), path) == 1
        return path

    def back(self, tool, path):
        (returned,) = TOOLS[tool].read(path)
        return list(decisions(self.task(), returned, Stamp("ann", NOON)))


@pytest.fixture
def round_(tmp_path):
    return Round(tmp_path)


def annotated(path):
    """What Label Studio exports when an annotator submits a prediction as it is."""
    exported = json.loads(path.read_text())
    for task in exported:
        result = [part | {"origin": "prediction"} for part in task["predictions"][0]["result"]]
        task["annotations"] = [{
            "id": 1, "completed_by": {"id": 1, "email": "ann@example.org"}, "result": result, "was_cancelled": False,
            "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-01T12:05:00.123456Z",
        }]  # fmt: skip
        task["predictions"] = []
    return exported


def in_tool(round_, tool):
    path = round_.out(tool)
    if tool == "labelstudio":
        path.write_text(json.dumps(annotated(path)))
    return path


@pytest.mark.parametrize("tool", ALL)
def test_a_round_trip_without_work_accepts_every_fact_as_it_was(round_, tool):
    lines = round_.back(tool, in_tool(round_, tool))
    assert [line.action for line in lines] == ["accept"] * 7
    assert [line.value for line in lines] == list(round_.by_quote.values())


def label_studio(round_, change):
    path = in_tool(round_, "labelstudio")
    exported = json.loads(path.read_text())
    change(exported[0]["annotations"][0]["result"], {q: f.id for q, f in round_.by_quote.items()})
    path.write_text(json.dumps(exported))
    return {line.anchor.quote: line for line in round_.back("labelstudio", path)}


def test_label_studio_tells_edited_rejected_and_added_apart(round_):
    def change(result, ids):
        for part in list(result):
            if part.get("id") == ids["Viasna"]:
                result.remove(part)
            elif part.get("id") == ids["1,437"] and part["type"] == "number":
                part["value"]["number"] = 1438
            elif part.get("id") == ids["arrested"] and part["from_name"] == "event_type":
                part["value"]["choices"] = ["imprison"]
            elif part.get("from_id") == ids["1,437"] and part["labels"] == ["as_of"]:
                result.remove(part)
        new = span_of("Police 👮🏽‍♀️")
        result.append({"id": "aBcDeFgHiJ", "from_name": "label", "to_name": "text", "type": "labels",
                       "origin": "manual", "value": new | {"labels": ["organisation"]}})  # fmt: skip

    lines = label_studio(round_, change)
    assert {q: line.action for q, line in lines.items() if line.action != "accept"} == {
        "Viasna": "reject", "1,437": "edit", "arrested": "edit", "Police 👮🏽‍♀️": "add",
    }  # fmt: skip
    count = lines["1,437"].value
    assert (count.value, count.as_of, count.as_of_basis, count.place) == (
        1438, None, None, round_.by_quote["Mi\u0301nsk"].id,
    )  # fmt: skip
    assert lines["arrested"].value.event_type == "imprison"
    assert lines["Police 👮🏽‍♀️"].value.name == "Police 👮🏽‍♀️"


def test_label_studio_says_who_and_when_and_skips_what_was_cancelled(round_):
    path = in_tool(round_, "labelstudio")
    exported = json.loads(path.read_text())
    cancelled = exported[0]["annotations"][0] | {"was_cancelled": True}
    exported[0]["annotations"].append(cancelled)
    path.write_text(json.dumps(exported))
    (returned,) = TOOLS["labelstudio"].read(path)
    assert returned.annotator == "labelstudio-ann@example.org"
    assert returned.at == datetime(2026, 3, 1, 12, 5, 0, 123456, tzinfo=UTC)


def test_a_moved_region_and_another_label_are_edits(round_):
    def change(result, ids):
        for part in result:
            if part.get("id") == ids["14 May 2024"]:
                part["value"] |= span_of("May 2024")
            if part.get("id") == ids["Viasna"] and part["type"] == "labels":
                part["value"]["labels"] = ["place"]

    lines = label_studio(round_, change)
    assert lines["14 May 2024"].value.span.text == "May 2024"
    assert lines["Viasna"].value.type == "place"


def test_what_label_studio_let_pass_is_named_and_not_taken(round_):
    def change(result, ids):
        result.append(
            {"id": "x", "from_name": "label", "type": "labels", "value": {"start": 0, "end": 6, "labels": ["?"]}}
        )
        result.append({"id": "y", "from_name": "label", "type": "labels",
                       "value": {"start": 0, "end": 6, "text": "Pxlice", "labels": ["person"]}})  # fmt: skip
        result.append({"id": "z", "from_name": "label", "type": "labels",
                       "value": {"start": 0, "end": 9999, "labels": ["person"]}})  # fmt: skip

    path = in_tool(round_, "labelstudio")
    exported = json.loads(path.read_text())
    change(exported[0]["annotations"][0]["result"], {})
    path.write_text(json.dumps(exported))
    problems = [one.what for one in round_.back("labelstudio", path) if isinstance(one, Problem)]
    assert problems == [
        "0..6 has the unknown label '?'", "0..6 is 'Pxlice' there and 'Police' in the article",
        "added person: 0..9999 lies outside of the text",
    ]  # fmt: skip


def test_the_labelling_configuration_names_everything(round_):
    tree = ET.fromstring(labelstudio.config())
    assert [label.get("value") for label in tree.iter("Label")] == list(FACT_TYPES)
    named = {part.get("name") for part in tree.iter() if part.get("name")}
    sent = {
        p["from_name"] for p in annotated(round_.out("labelstudio"))[0]["annotations"][0]["result"] if "from_name" in p
    }
    assert sent == {"label", "modality", "event_type", "number", "value"} <= named
    assert (round_.folder / "out-labelstudio.config.xml").exists()


def test_prodigy_tokens_end_inclusively_and_rejected_answers_say_nothing(round_):
    path = round_.out("prodigy")
    (line,) = [json.loads(one) for one in path.read_text().splitlines()]
    for span in line["spans"]:
        first, last = line["tokens"][span["token_start"]], line["tokens"][span["token_end"]]
        assert (first["start"], last["end"]) == (span["start"], span["end"])
    assert all(TEXT[t["start"] : t["end"]] == t["text"] for t in line["tokens"])
    line["spans"] = line["spans"][1:]
    path.write_text(json.dumps(line | {"answer": "accept", "_annotator_id": "bob", "_timestamp": 1772366400}) + "\n")
    assert [one.action for one in round_.back("prodigy", path)] == ["reject"] + ["accept"] * 6
    (returned,) = TOOLS["prodigy"].read(path)
    assert (returned.annotator, returned.at) == ("bob", datetime(2026, 3, 1, 12, tzinfo=UTC))
    for answer in ("reject", "ignore"):
        path.write_text(json.dumps(line | {"answer": answer}) + "\n")
        assert list(TOOLS["prodigy"].read(path)) == []


def test_prodigy_tokens_are_cut_where_facts_begin():
    assert [t["text"] for t in tokenise("a 14May", {4})] == ["a", "14", "May"]


def test_doccano_finds_facts_again_without_their_ids(round_):
    path = round_.out("doccano")
    (line,) = [json.loads(one) for one in path.read_text().splitlines()]
    for n, entity in enumerate(line["entities"]):
        entity["id"] = 900 - n
    line["entities"][0]["label"] = "event_imprison"
    line["entities"][3]["start_offset"] += 3
    line["entities"].append({"id": 1, "start_offset": 0, "end_offset": 6, "label": "organisation"})
    path.write_text(json.dumps(line) + "\n")
    lines = {one.anchor.quote: one for one in round_.back("doccano", path)}
    assert lines["arrested"].value.event_type == "imprison"
    assert lines["14 May 2024"].value.span.text == "May 2024"
    assert lines["Police"].action == "add"
    assert sum(one.action == "accept" for one in lines.values()) == 5


def test_doccano_lines_all_have_the_same_keys_and_its_other_form_is_read(round_):
    path = round_.out("doccano")
    line = json.loads(path.read_text())
    label = [[e["start_offset"], e["end_offset"], e["label"]] for e in line["entities"]]
    path.write_text(json.dumps({k: line[k] for k in ("text", "article", "text_sha256", "facts")} | {"label": label}))
    assert [one.action for one in round_.back("doccano", path)] == ["accept"] * 7


def test_brat_lines_hold_the_text_and_nothing_hangs_on_a_trigger(round_):
    folder = round_.out("brat")
    (ann,), (txt,) = folder.glob("*.ann"), folder.glob("*.txt")
    assert txt.read_bytes().decode() == TEXT
    lines = [line.split("\t") for line in ann.read_text().splitlines()]
    for line in lines:
        if line[0].startswith("T"):
            places = [tuple(map(int, p.split())) for p in line[1].split(" ", 1)[1].split(";")]
            assert " ".join(TEXT[s:e] for s, e in places) == line[2]
    triggers = {line[1].split(":")[1] for line in lines if line[0].startswith("E")}
    hung = {word.split(":")[-1] for line in lines if line[0][0] in "A#R" for word in line[1].split()[1:]}
    assert triggers
    assert triggers.isdisjoint(hung)
    assert "[events]\nevent_arrest" in (folder / "annotation.conf").read_text()


def test_brat_edits_come_back(round_):
    folder = round_.out("brat")
    (ann,) = folder.glob("*.ann")
    source = ann.read_text()
    source = re.sub(r"modality E1 possible", "modality E1 negated", source)
    source = source.replace("value=1437", "value=1438")
    source += "T99\tperson 0 6\tPolice\nnonsense\nT7x\n"
    ann.write_text(source)
    lines = round_.back("brat", folder)
    edits = {one.anchor.quote: one for one in lines if not isinstance(one, Problem)}
    assert edits["arrested"].value.modality == "negated"
    assert edits["1,437"].value.value == 1438
    assert edits["Police"].action == "add"
    assert sum(isinstance(one, Problem) for one in lines) == 2


def test_web_annotations_have_both_selectors_and_carry_every_field(round_):
    path = round_.out("w3c")
    page = json.loads(path.read_text())
    for item in page["items"]:
        position, quote = item["target"]["selector"]
        assert TEXT[position["start"] : position["end"]] == quote["exact"]
        assert TEXT[: position["start"]].endswith(quote["prefix"])
        assert item["target"]["source"] == "https://example.org/5"
    fact = json.loads(page["items"][1]["body"][1]["value"]) | {"low": 1400, "comparator": "at_least", "value": None}
    page["items"][1]["body"][1]["value"] = json.dumps(fact)
    del page["items"][0]
    path.write_text(json.dumps(page))
    lines = round_.back("w3c", path)
    assert [one.action for one in lines] == ["reject", "edit"] + ["accept"] * 5
    assert (lines[1].value.low, lines[1].value.value) == (1400, None)


@pytest.mark.parametrize("tool", ALL)
def test_facts_that_were_extracted_since_are_not_rejected(round_, tool):
    path = in_tool(round_, tool)
    since = make("place", "Police", round_.article)
    with round_.facts.open("a") as facts:
        facts.write(to_json(since) + "\n")
    lines = round_.back(tool, path)
    assert since.id not in {line.fact for line in lines}


def said_of(tool, path):
    """The path where the file is refused, or the marks that were read."""
    try:
        return "".join(repr(one.marks) for one in TOOLS[tool].read(path) if one.marks)
    except InputError as error:
        return error.where.removesuffix(":1")


@pytest.mark.parametrize("tool", ALL)
def test_what_is_no_export_is_refused_with_its_name(tmp_path, tool):
    for n, content in enumerate(
        (
            "",
            "{}",
            "[1]",
            '{"a": 1}\n',
            "\x00",
            "[]x",
            '[{"data": {"text_sha256": "x"}, "annotations": [3]}]',
            '{"extract": {"facts": [], "article": 1}}',
            '{"items": [{}]}',
        )
    ):
        path = tmp_path / f"broken{n}"
        path.write_text(content)
        assert said_of(tool, path) in {"", str(path)}
    with pytest.raises(ReadError):
        list(TOOLS[tool].read(tmp_path / "not there"))


def test_a_fact_that_lies_about_its_span_never_goes_out(round_):
    broken = round_.facts.read_text().replace('"start":7', '"start":7').replace("Viasna", "Wiasna")
    round_.facts.write_text(broken)
    with pytest.raises(SpanError):
        round_.out("labelstudio")


def test_an_added_fact_without_what_it_needs_is_reported(round_):
    added = Returned(round_.article.text_sha256, (Mark(0, 6, "date"),), exported=frozenset())
    (problem,) = decisions(Task(round_.article, ()), added, Stamp("ann", NOON))
    assert problem == Problem("wire/2024 №5 at 0..6", "added date: value is missing")


def test_labels_lead_back_to_their_types():
    assert {of_label(label)[0] for label in LABELS} == set(FACT_TYPES)


@pytest.mark.parametrize("tool", ALL)
def test_the_commands_export_and_import(round_, tool):
    run, out = CliRunner().invoke, round_.folder / "out"
    both = ["--articles", str(round_.articles)]
    done = run(app, ["export", str(round_.facts), *both, "--to", tool, "-o", str(out)])
    assert done.exit_code == 0, done.output
    if tool == "labelstudio":
        out.write_text(json.dumps(annotated(out)))
    command = ["import", str(out), "--from", tool, "--facts", str(round_.facts), *both, "--annotator", "ann"]
    assert "7 accepted" in run(app, command).output
    assert "7 known already" in run(app, command).output
    lines, summary = apply(round_.facts, round_.folder / "corrections.jsonl")
    assert len(list(lines)) == 7
    assert {one.what for one in summary.outcomes} == {"applied"}
    assert {line.annotator for _, line in read_log(round_.folder / "corrections.jsonl")} == {"ann"}


# ---- The real Label Studio: set EXTRACT_LABEL_STUDIO to the `label-studio` of an environment of its own

TOKEN = "0123456789abcdef0123456789abcdef01234567"


class LabelStudio:
    """A server on SQLite, asked as its users' scripts ask it."""

    def __init__(self, base):
        self.base = base

    def ask(self, path, content=None):
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self.base}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def label_studio_server(tmp_path_factory):
    running = os.environ.get("EXTRACT_LABEL_STUDIO_URL")
    if running:
        yield LabelStudio(running)
        return
    program = os.environ.get("EXTRACT_LABEL_STUDIO")
    if program is None:
        pytest.skip("EXTRACT_LABEL_STUDIO does not name a label-studio program")
    folder = tmp_path_factory.mktemp("label-studio")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder), "COLLECT_ANALYTICS": "False", "LATEST_VERSION_CHECK": "False",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "",
    }  # fmt: skip
    command = [program, "start", "--no-browser", "--port", str(port), "--data-dir", str(folder), "--username",
               "ann@example.org", "--password", "Sesame12345", "--user-token", TOKEN]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield LabelStudio(wait_for(f"http://127.0.0.1:{port}", server))
    finally:
        server.terminate()
        server.wait(30)


def wait_for(base, server):
    for _ in range(300):
        assert server.poll() is None, "label-studio ended"
        try:
            with urllib.request.urlopen(f"{base}/health", timeout=5):
                return base
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise TimeoutError(base)


@pytest.mark.slow
def test_a_round_trip_through_the_real_label_studio(round_, label_studio_server):
    ask = label_studio_server.ask
    path = round_.out("labelstudio")
    config = path.with_suffix(".config.xml").read_text()
    project = ask("/api/projects", {"title": "extract", "label_config": config})["id"]
    assert ask(f"/api/projects/{project}/import", json.loads(path.read_text()))["task_count"] == 1
    (task,) = ask(f"/api/tasks?project={project}&fields=all")["tasks"]
    assert task["data"]["text"] == TEXT
    result = task["predictions"][0]["result"]
    dropped, changed = round_.by_quote["Viasna"].id, round_.by_quote["1,437"].id
    result = [part for part in result if part.get("id") != dropped]
    for part in result:
        if part.get("id") == changed and part["type"] == "number":
            part["value"]["number"] = 1438
    new = span_of("Police 👮🏽‍♀️") | {"labels": ["organisation"]}
    result.append({"id": "aBcDeFgHiJ", "from_name": "label", "to_name": "text", "type": "labels", "value": new})
    ask(f"/api/tasks/{task['id']}/annotations/", {"result": result})
    exported = ask(f"/api/projects/{project}/export?exportType=JSON")
    path.write_text(json.dumps(exported))
    lines = {line.anchor.quote: line for line in round_.back("labelstudio", path)}
    assert {quote: line.action for quote, line in lines.items()} == dict.fromkeys(round_.by_quote, "accept") | {
        "Viasna": "reject", "1,437": "edit", "Police 👮🏽‍♀️": "add",
    }  # fmt: skip
    assert lines["1,437"].value.value == 1438
    (returned,) = TOOLS["labelstudio"].read(path)
    assert returned.at is not None
    assert returned.annotator.startswith("labelstudio-")
