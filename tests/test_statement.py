"""Statements and attribution: what needs more than one room, or more than one line of cases."""

from __future__ import annotations

import json
import time

import pytest

from extract import Article
from extract.errors import DataFileError
from extract.facts.statement import cues
from extract.facts.statement.quotations import quotations
from extract.facts.statement.rules import RULES


def facts(extractor, text, kind, **article):
    return [f for f in extractor.extract(Article(id="test", text=text, **article)) if f.type == kind]


def sources(extractor, text, kind="count", **article):
    found = facts(extractor, text, kind, **article)
    return [f.attribution.source.text if f.attribution and f.attribution.source else None for f in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministry counts 1,437 prisoners in the north.", ["The ministry"]),
        ("According to the ministry, 12 people were killed.", ["the ministry"]),
        ("Twelve people were killed, the ministry said. A further 30 boats sank.", ["the ministry", None]),
        ("The ministry reported 12 deaths.", ["The ministry"]),
        ("Twelve deaths were reported by the ministry.", ["the ministry"]),
        ("The minister condemned the arrest of 12 men.", [None]),
        ("The army said the rebels claimed that 12 men were killed.", ["the rebels"]),
        ("Police have not said how many of the 40 men are held.", [None]),
        ("RIGA (Wire) -- The health ministry confirmed 9 cases on Monday, bringing the total to 90.",
         ["The health ministry", "The health ministry"]),
        ("By the count of the Nurses' Union, a group abroad, 120 women were jailed.", ["Nurses' Union"]),
        ("Some 40 officers were hurt, by the ministry's account, most by stones.", ["the ministry"]),
        ("Latvia has put ten bankers on its list.", [None]),
        ("The mayor spoke of 300 marchers; the rail union admits to 40.", ["The mayor", "the rail union"]),
        ("The rebels accused the army of holding 70 boys.", ["The rebels"]),
        ("The tally of the Nurses' Union stands at 912.", ["Nurses' Union"]),
        ("Twelve barns burned, the ministry said, and 40 cows were lost.", ["the ministry", "the ministry"]),
        ("Twelve barns burned, the ministry said, while 40 farmers blocked the road.", ["the ministry", None]),
        ("If it rains, 40 boats will stay in port, the harbour master said.", ["the harbour master"]),
        ("About 40 men were held (police say fewer than 30).", [None, "police"]),
        ("The Union of Nurses, a charity abroad, which has documented 61 cases, is closed.", ["Union of Nurses"]),
        ("Wardens say a lorry and two barges burned at the gate.", ["Wardens"]),
        ("Danish media report police have freed nearly 30 sailors.", ["Danish media"]),
        ("The coast has 92 wells and the hills have only 63, states the yearly report.",
         ["the yearly report", "the yearly report"]),
        ("As per an estimate by the Nurses' Union, the port lost 30 cranes.", ["Nurses' Union"]),
        ("When the mill burned, 40 barrels of rye were lost, with 12 of oats, said Anna Weber, a farmer.",
         ["Anna Weber", "Anna Weber"]),
        ("Forty cows drowned, officials at the weir told reporters.", ["officials at the weir"]),
        ("The minister said although 300 men were held, 200 were home again.", ["The minister", "The minister"]),
        ("The toll from the storms passed 2,100 on Monday.", [None]),
        ("Denmark reported 69 new cases, of which 12 were fatal, the Nurses' Union said.",
         ["Nurses' Union", "Nurses' Union"]),
        ("This showed that 12 boats had sunk.", [None]),
        ("Twelve cows died, said the mayor, Anna Weber.", ["Anna Weber"]),
        ("The council declared Anna Weber the winner with 51 percent of the votes.", ["The council"]),
        ("Anna Weber reported to the sheriff and was freed on a bond of 900 dollars.", [None]),
        ("Organisers put the crowd at 30,000, police at 9,000.", ["Organisers", "police"]),
        ("The ministry counts 12 dead, the opposition 40.", ["The ministry", "the opposition"]),
        ("The ministry counts 12 boats and 40 barges at sea.", ["The ministry", "The ministry"]),
        ("Officers found files from 400 computers.", [None]),
        ("The case would raise the toll to 16 people.", [None]),
        ("The ministry raised the toll to 40.", ["The ministry"]),
        ("A report from Quito by the Nurses' Union says 12 boats sank.", ["Nurses' Union"]),
        ("Three doctors said 12 boats had sunk.", [None, "Three doctors"]),
        ("Last night someone wrote 61 names on the wall.", [None]),
        ('"We counted 12 buses," said Anna Weber.', ["Anna Weber"]),
        ('"Nobody slept," said Anna Weber. "12 buses came."', ["Anna Weber"]),
        ("According to the ministry, in May:\n- 12 people were killed\n- 30 boats sank\n\nAbout 50 men left.",
         ["the ministry", "the ministry", None]),
    ],
)  # fmt: skip
def test_a_count_has_the_nearest_source(extractor, text, expected):
    assert sources(extractor, text) == expected


def test_a_quotation_vouches_for_what_it_counts(extractor):
    text = '"More than 100 people were held," said Anna Weber. The town has 20 schools.'
    assert sources(extractor, text) == ["Anna Weber", None]


def test_the_publisher_never_counts(extractor):
    text = "The Northern Herald reported that 12 people were killed."
    assert sources(extractor, text, source="The Northern Herald") == [None]


def test_a_plain_pronoun_is_resolved(extractor):
    text = 'Anna Weber arrived in Bern on Monday. "Nobody counted the ballots," she said.'
    weber = facts(extractor, text, "person")[0]
    (statement,) = facts(extractor, text, "statement")
    assert statement.speaker.text == "she"
    assert statement.entity == weber.id


def test_two_candidates_leave_a_pronoun_open(extractor):
    text = 'Anna Weber met Maria Rossi in Bern on Monday. "Nobody counted the ballots," she said.'
    (statement,) = facts(extractor, text, "statement")
    assert statement.entity is None


def test_a_statement_inside_a_quotation_has_its_own_speaker(extractor):
    text = '"We were told by the mayor that the bridge is closed," Anna Weber said.'
    speakers = [s.speaker.text for s in facts(extractor, text, "statement")]
    assert speakers == ["Anna Weber", "the mayor"]


def test_a_scare_quotation_is_declined_with_a_reason(extractor):
    extraction = extractor.read(Article(id="test", text='The so-called "green zone" stayed shut.'))
    assert [d.reason for d in extraction.declined if d.type == "statement"] == ["nobody is said to have said it"]


def test_a_mark_that_never_closes_ends_with_its_paragraph():
    text = "“We won.\n\nThey left. “We lost,” he said."
    assert [text[q.start : q.end] for q in quotations(text)] == ["“We won.", "“We lost,”"]


def test_an_apostrophe_is_no_quotation_mark():
    assert quotations("It isn't the workers' fault; in the '90s y'all knew Ivan's brother.") == []


@pytest.mark.parametrize(
    "text",
    ['"' * 100_000, "“" * 50_000 + "”" * 50_000, "' a" * 50_000, "‘as’ " * 30_000, '"a\n\n' * 30_000, "\n" * 100_000],
    ids=["straight", "nested", "single", "possessive", "unclosed", "lines"],
)
def test_quotation_marks_take_linear_time(text):
    began = time.process_time()
    quotations(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text",
    ['"A," he said. ' * 900, "according to " * 2_000, "he said and " * 1_500, "“ a " * 1_500],
    ids=["said", "according", "and", "open"],
)
def test_hostile_text_leaves_no_wrong_span(extractor, text):
    for fact in facts(extractor, text, "statement"):
        assert text[fact.span.start : fact.span.end] == fact.span.text


def test_every_rule_has_a_name_of_its_own():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"verb": "say"}', "cues.jsonl:2"),
        ("{", "cues.jsonl:2"),
        ('{"verb": "say", "takes": "everything"}', "cues.jsonl:2"),
        ('{"verb": "note", "takes": "clause"}', "cues.jsonl:2"),
    ],
)
def test_a_broken_cue_names_its_line(tmp_path, line, what):
    path = tmp_path / "cues.jsonl"
    path.write_text(json.dumps({"verb": "note", "takes": "clause"}) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=what):
        cues.load(path)
