"""What syntax.py answers in both label schemes: UD, as the shipped model has it, and CLEAR, as en_core_web has it."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from extract import syntax

LEMMAS = {"has": "have", "was": "be", "were": "be"}
VOCAB = spacy.blank("en").vocab


def parsed(rows: str) -> Doc:
    """A doc from lines of `word tag pos dep head`, heads counted from 0."""
    cells = [line.split() for line in rows.strip().splitlines()]
    words, tags, pos, deps, heads = zip(*cells, strict=True)
    starts = [True] + [False] * (len(words) - 1)
    return Doc(
        VOCAB,
        words=list(words),
        tags=list(tags),
        pos=list(pos),
        deps=list(deps),
        heads=[int(h) for h in heads],
        sent_starts=starts,
        lemmas=[LEMMAS.get(w, w.lower()) for w in words],
    )


def texts(tokens) -> list[str]:
    return [token.text for token in tokens]


PASSIVE = {
    "ud": """
        Two CD NUM nummod 1
        students NNS NOUN nsubj:pass 3
        were VBD AUX aux:pass 3
        beaten VBN VERB ROOT 3
        and CC CCONJ cc 5
        arrested VBN VERB conj 3
        by IN ADP case 7
        police NNS NOUN obl:agent 5
    """,
    "clear": """
        Two CD NUM nummod 1
        students NNS NOUN nsubjpass 3
        were VBD AUX auxpass 3
        beaten VBN VERB ROOT 3
        and CC CCONJ cc 3
        arrested VBN VERB conj 3
        by IN ADP agent 5
        police NNS NOUN pobj 6
    """,
}
RELATIVE = {
    "ud": """
        The DT DET det 1
        poet NN NOUN nsubj 8
        who WP PRON nsubj:pass 4
        was VBD AUX aux:pass 4
        jailed VBN VERB acl:relcl 1
        in IN ADP case 6
        Minsk NNP PROPN obl 4
        has VBZ AUX aux 8
        died VBN VERB ROOT 8
    """,
    "clear": """
        The DT DET det 1
        poet NN NOUN nsubj 8
        who WP PRON nsubjpass 4
        was VBD AUX auxpass 4
        jailed VBN VERB relcl 1
        in IN ADP prep 4
        Minsk NNP PROPN pobj 5
        has VBZ AUX aux 8
        died VBN VERB ROOT 8
    """,
}
CONTROL = {
    "ud": """
        Guards NNS NOUN nsubj 1
        forced VBD VERB ROOT 1
        Anna NNP PROPN obj 1
        to TO PART mark 4
        leave VB VERB xcomp 1
        home NN NOUN obj 4
    """,
    "clear": """
        Guards NNS NOUN nsubj 1
        forced VBD VERB ROOT 1
        Anna NNP PROPN dobj 1
        to TO PART aux 4
        leave VB VERB xcomp 1
        home NN NOUN dobj 4
    """,
}
NOMINAL = {
    "ud": """
        Ana NNP PROPN nmod:poss 2
        's POS PART case 0
        arrest NN NOUN nsubj 5
        by IN ADP case 4
        police NNS NOUN nmod 2
        surprised VBD VERB ROOT 5
        us PRP PRON obj 5
    """,
    "clear": """
        Ana NNP PROPN poss 2
        's POS PART case 0
        arrest NN NOUN nsubj 5
        by IN ADP prep 2
        police NNS NOUN pobj 3
        surprised VBD VERB ROOT 5
        us PRP PRON dobj 5
    """,
}
GERUND = {
    "ud": """
        She PRP PRON nsubj:pass 2
        was VBD AUX aux:pass 2
        jailed VBN VERB ROOT 2
        for IN SCONJ mark 4
        writing VBG VERB advcl 2
        poems NNS NOUN obj 4
    """,
    "clear": """
        She PRP PRON nsubjpass 2
        was VBD AUX auxpass 2
        jailed VBN VERB ROOT 2
        for IN ADP prep 2
        writing VBG VERB pcomp 3
        poems NNS NOUN dobj 4
    """,
}
PREDICATE = {
    "ud": """
        The DT DET det 1
        court NN NOUN nsubj 2
        found VBD VERB ROOT 2
        him PRP PRON obj 2
        guilty JJ ADJ xcomp 2
        of IN ADP case 6
        theft NN NOUN obl 4
    """,
    "clear": """
        The DT DET det 1
        court NN NOUN nsubj 2
        found VBD VERB ROOT 2
        him PRP PRON nsubj 4
        guilty JJ ADJ ccomp 2
        of IN ADP prep 4
        theft NN NOUN pobj 5
    """,
}
SCHEMES = pytest.mark.parametrize("scheme", ["ud", "clear"])


@SCHEMES
def test_coordinated_passives_share_subject_and_agent(scheme):
    doc = parsed(PASSIVE[scheme])
    assert texts(syntax.undergoers(doc[3])) == texts(syntax.undergoers(doc[5])) == ["students"]
    assert texts(syntax.doers(doc[3])) == texts(syntax.doers(doc[5])) == ["police"]


@SCHEMES
def test_a_relative_pronoun_stands_for_its_noun(scheme):
    doc = parsed(RELATIVE[scheme])
    assert texts(syntax.undergoers(doc[4])) == ["poet"]
    assert texts(syntax.doers(doc[8])) == ["poet"]


@SCHEMES
def test_the_object_of_a_command_does_what_is_commanded(scheme):
    doc = parsed(CONTROL[scheme])
    assert texts(syntax.doers(doc[4])) == ["Anna"]
    assert texts(syntax.undergoers(doc[4])) == ["home"]
    assert syntax.is_infinitive(doc[4])


@SCHEMES
def test_a_noun_has_possessor_and_phrases(scheme):
    doc = parsed(NOMINAL[scheme])
    assert texts(syntax.possessors(doc[2])) == ["Ana"]
    assert [(word, noun.text) for word, noun in syntax.phrases(doc[2])] == [("by", "police")]


@SCHEMES
def test_a_gerund_after_a_preposition_is_a_phrase(scheme):
    doc = parsed(GERUND[scheme])
    assert [(word, noun.text) for word, noun in syntax.phrases(doc[2])] == [("for", "writing")]
    assert texts(syntax.doers(doc[4])) == ["She"]


@SCHEMES
def test_a_preposition_is_named_with_what_it_hangs_on(scheme):
    doc = parsed(RELATIVE[scheme])
    above = syntax.attachment(doc[6])
    assert (above.head.text, above.relation, above.word) == ("jailed", "oblique", "in")
    assert syntax.attachment(doc[8]) is None


@SCHEMES
def test_a_predicate_is_found_with_its_verb(scheme):
    doc = parsed(PREDICATE[scheme])
    assert texts(syntax.predicates(doc[2])) == ["guilty"]
    assert texts(syntax.doers(doc[2])) == ["court"]


def test_a_long_coordination_is_read_to_a_bound():
    doc = parsed("a NN NOUN ROOT 0\n" + "\n".join(f"b NN NOUN conj {i}" for i in range(200)))
    assert len(syntax.conjuncts(doc[0])) == syntax.MAX_CONJUNCTS
    assert syntax.first_conjunct(doc[200]) is not doc[200]
