"""What rooms may ask of a parse. The label schemes of different spaCy models stop here.

Two schemes are understood: Universal Dependencies 2 (`nsubj:pass`, `obj`, `obl` with a `case` child) and the CLEAR
scheme of the common English models (`nsubjpass`, `dobj`, `prep` with a `pobj` child).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from spacy.strings import StringStore
from spacy.tokens import Doc, Span, Token


def _numbers(labels: Iterable[str]) -> frozenset[int]:
    """The numbers that spaCy keeps labels under in every vocabulary: `token.dep` is cheaper to read than its name."""
    return frozenset(StringStore(list(labels))[label] for label in labels)


SUBJECTS = frozenset({"nsubj", "csubj", "nsubj:outer"})
PASSIVE_SUBJECTS = frozenset({"nsubj:pass", "nsubjpass", "csubj:pass", "csubjpass"})
OBJECTS = frozenset({"obj", "dobj"})
RELATIVE_CLAUSES = frozenset({"acl:relcl", "relcl"})
ADNOMINAL_CLAUSES = frozenset({"acl", "acl:relcl", "relcl"})
CLAUSES = frozenset({
    "ROOT", "root", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "relcl", "csubj", "parataxis", "conj", "pcomp",
    "advcl:relcl",
})  # fmt: skip
DETERMINERS = frozenset({"det", "det:predet", "predet", "poss", "nmod:poss"})
MAX_CONJUNCTS = 64  # a longer coordination is a list, and reading it from each of its words would be quadratic
_GENITIVE_WITHIN = 6  # tokens
MAX_CLIMB = 12  # steps towards the root; deeper is a broken parse
_NAME_PARTS = frozenset({"flat", "flat:name", "flat:foreign", "goeswith", "fixed"})
_PREMODIFIERS = frozenset({"amod", "compound", "nmod:unmarked", "nmod:npmod", "npadvmod", "nmod", "advmod", "punct",
                           "obl:npmod", "obl:unmarked", "quantmod", "nummod", "flat"})  # fmt: skip


_SUBJECTS, _PASSIVE_SUBJECTS, _OBJECTS = _numbers(SUBJECTS), _numbers(PASSIVE_SUBJECTS), _numbers(OBJECTS)
_PASSIVE_MARKS = _PASSIVE_SUBJECTS | _numbers({"aux:pass", "auxpass"})
_AUXILIARIES = _numbers({"aux", "auxpass", "aux:pass", "cop"})
_PREPOSITIONS = _numbers({"prep", "agent", "dative"})
_CONJUNCT, _CASE, _MARK, _NOUN_OF_PREPOSITION = (
    next(iter(_numbers({label}))) for label in ("conj", "case", "mark", "pobj")
)
_BESIDE_NOUNS = _numbers({"amod", "compound", "advmod"})
_PARTICLES = _numbers({"compound:prt", "prt", "advmod"})
_PREPOSITION = next(iter(_numbers({"prep"})))
_GERUNDS = _numbers({"advcl", "acl", "xcomp"})
_INTRODUCERS = {"case": _CASE, "mark": _MARK}


class Sentences:
    """The sentences of a doc, each measured when first asked for."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._extents: dict[int, tuple[int, int]] = {}

    @cached_property
    def _starts(self) -> list[int]:
        return [sent.start for sent in self._doc.sents]

    def around(self, token: int) -> tuple[int, int]:
        """Start and end, in characters, of the sentence around a token, without the white space at its ends."""
        at = bisect_right(self._starts, token) - 1
        if at not in self._extents:
            end = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._doc)
            self._extents[at] = self._extent(self._starts[at], end)
        return self._extents[at]

    def _extent(self, start: int, end: int) -> tuple[int, int]:
        doc = self._doc
        while start < end - 1 and doc[start].is_space:
            start += 1
        while end - 1 > start and doc[end - 1].is_space:
            end -= 1
        last = doc[end - 1]
        return doc[start].idx, last.idx + len(last)


def subjects(verb: Token) -> list[Token]:
    """Heads of the active subjects of the verb itself, conjuncts included."""
    return _with_conjuncts([child for child in verb.children if child.dep in _SUBJECTS])


def passive_subjects(verb: Token) -> list[Token]:
    """Heads of the passive subjects of the verb itself, conjuncts included."""
    return _with_conjuncts([child for child in verb.children if child.dep in _PASSIVE_SUBJECTS])


def objects(verb: Token) -> list[Token]:
    """Heads of the direct objects, conjuncts included."""
    return _with_conjuncts([child for child in verb.children if child.dep in _OBJECTS])


def passive_agents(verb: Token) -> list[Token]:
    """Heads of the by-phrases of a passive, conjuncts included."""
    return _with_conjuncts(noun for preposition, noun in obliques(verb) if preposition.lower_ == "by")


def obliques(head: Token) -> Iterator[tuple[Token, Token]]:
    """Yields (preposition, noun) for the prepositional phrases that depend on a verb or a noun, in either scheme."""
    for child in head.children:
        if child.dep in _PREPOSITIONS:
            for noun in child.children:
                if noun.dep == _NOUN_OF_PREPOSITION:
                    yield child, noun
        elif (child.n_lefts or child.n_rights) and _is_oblique(child.dep_):
            for case in child.lefts:
                if case.dep == _CASE:
                    yield case, child
                    break


def _is_oblique(dep: str) -> bool:
    return dep.startswith(("obl", "nmod")) and dep != "nmod:poss"


def possessors(noun: Token) -> list[Token]:
    """Heads of the possessives before a noun: "X's arrest"."""
    return _with_conjuncts([c for c in noun.children if c.dep_ in {"poss", "nmod:poss"}] or _genitive_before(noun))


def _genitive_before(noun: Token) -> list[Token]:
    """The word with a possessive mark before a noun and its adjectives, however it was parsed."""
    doc, at = noun.doc, noun.i - 1
    while at > max(0, noun.i - _GENITIVE_WITHIN) and doc[at].dep in _BESIDE_NOUNS:
        at -= 1
    return [doc[at - 1]] if at > 0 and doc[at].tag_ == "POS" and at > noun.sent.start else []


def conjuncts(token: Token) -> list[Token]:
    """The token and what is coordinated with it after it, in order."""
    return _with_conjuncts([token])


def is_passive(verb: Token) -> bool:
    """Whether the verb has a passive subject or a passive auxiliary."""
    return any(c.dep in _PASSIVE_MARKS for c in verb.children)


class Attachment(NamedTuple):
    """What a word depends on: the word above it, how, and the preposition or subordinator between, in lower case.

    `relation` is one of subject, passive subject, object, oblique, complement (an open clause or predicate),
    clause (a content clause), adverbial, adnominal, relative, conjunct, modifier, apposition, possessor, other.
    """

    head: Token
    relation: str
    word: str


_RELATIONS = {
    **dict.fromkeys(SUBJECTS, "subject"), **dict.fromkeys(PASSIVE_SUBJECTS, "passive subject"),
    **dict.fromkeys(OBJECTS, "object"), **dict.fromkeys(RELATIVE_CLAUSES, "relative"),
    "xcomp": "complement", "acomp": "complement", "attr": "complement", "oprd": "complement", "ccomp": "clause",
    "advcl": "adverbial", "advcl:relcl": "adverbial", "acl": "adnominal", "conj": "conjunct", "appos": "apposition",
    "amod": "modifier", "compound": "modifier", "nmod:desc": "modifier", "nmod:unmarked": "modifier",
    "poss": "possessor", "nmod:poss": "possessor", "parataxis": "other", "dep": "other",
}  # fmt: skip


def attachment(token: Token) -> Attachment | None:
    """What the token depends on, in either scheme, or None at the root of a sentence."""
    head, dep = token.head, token.dep_
    if head.i == token.i:
        return None
    if dep in {"pobj", "pcomp"}:
        top = head.head if head.dep_ in {"prep", "agent", "dative", "pcomp"} else head
        relation = "oblique" if dep == "pobj" else "adverbial"
        return Attachment(top, relation, head.lower_) if top.i != head.i else Attachment(head, relation, head.lower_)
    if dep.startswith("obl") or dep == "nmod":
        return Attachment(head, "oblique", _introducer(token, "case"))
    return Attachment(head, _RELATIONS.get(dep, "other"), _introducer(token, "mark"))


def _introducer(token: Token, dep: str) -> str:
    """The case or the mark before a word, in lower case, or nothing."""
    if not token.n_lefts:
        return ""
    wanted = _INTRODUCERS[dep]
    for child in token.lefts:
        if child.dep == wanted:
            return str(child.lower_)
    return ""


def first_conjunct(token: Token) -> Token:
    """The first of the words that the token is coordinated with, or itself."""
    for _ in range(MAX_CLIMB):
        if token.dep_ != "conj" or token.head.i == token.i:
            break
        token = token.head
    return token


def phrases(head: Token) -> Iterator[tuple[str, Token]]:
    """Yields (preposition, word) for the prepositional phrases and gerund clauses on a word, conjuncts included."""
    for preposition, noun in obliques(head):
        for each in _with_conjuncts([noun]):
            yield preposition.lower_, each
    for child in head.children:
        if child.dep == _PREPOSITION:
            yield from ((child.lower_, clause) for clause in child.children if clause.dep_ == "pcomp")
        elif child.dep in _GERUNDS and (word := _introducer(child, "mark")) and word != "to":
            yield word, child


def particles(verb: Token) -> set[str]:
    """The particles and bare adverbs of a verb, in lower case: "round up", "take away"."""
    return {c.lower_ for c in verb.rights if c.dep in _PARTICLES} if verb.n_rights else set()


def clauses(head: Token) -> Iterator[Token]:
    """Yields the heads of the clauses that complete a verb or noun: "threatened to leave", "alleged that he fled"."""
    for child in head.children:
        completes = child.dep_ in {"xcomp", "ccomp"} or (child.dep_ in {"acl", "advcl"} and is_infinitive(child))
        if completes and (child.pos_ in {"VERB", "AUX"} or any(c.dep_ == "cop" for c in child.children)):
            yield child


def predicates(verb: Token) -> Iterator[Token]:
    """Yields the nouns and adjectives that a verb says of its object or subject: "found him guilty"."""
    for child in verb.children:
        if child.dep_ in {"xcomp", "acomp", "oprd", "attr", "ccomp"} and child.pos_ in {"ADJ", "NOUN", "PROPN", "ADV"}:
            yield child
    yield from [c for c in verb.children if c.dep_ in OBJECTS][1:]  # "named him director", read as two objects


def is_infinitive(verb: Token) -> bool:
    """Whether "to" stands before the verb as its own mark."""
    return bool(verb.n_lefts) and any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in verb.lefts)


def auxiliaries(verb: Token) -> list[Token]:
    """The auxiliaries of a verb or predicate, the copula among them."""
    return [c for c in verb.children if c.dep in _AUXILIARIES and c.lower_ != "to"]


def is_undergoing(verb: Token) -> bool:
    """Whether the verb tells what was done to its subject: passives, and participles without "have"."""
    if is_passive(verb):
        return not _is_mislabelled(verb)
    if verb.tag_ != "VBN" or any(a.lemma_ == "have" for a in auxiliaries(verb)):
        return False
    if verb.dep_ == "conj" and not any(c.dep in _OBJECTS for c in verb.children):
        first = first_conjunct(verb)
        return is_undergoing(first) if first.i != verb.i else True
    return verb.dep_ not in {"conj"} and not any(c.dep in _OBJECTS for c in verb.children)


def _is_mislabelled(verb: Token) -> bool:
    """Whether a subject read as passive stands with an object and no form of be: "his party had pardoned 2,600 men"."""
    if verb.lemma_ in _OF_TWO_OBJECTS or any(a.lemma_ in {"be", "get"} for a in auxiliaries(verb)):
        return False
    return any(c.dep_ in OBJECTS and c.i > verb.i and c.ent_type_ != "DATE" for c in verb.children)


def doers(verb: Token) -> list[Token]:
    """Heads of who does what the verb says, found through passives, relatives, control and coordination."""
    if is_undergoing(verb):
        return passive_agents(verb) or _agents_of_conjuncts(verb)
    own = [child for child in verb.children if child.dep in _SUBJECTS or child.dep in _PASSIVE_SUBJECTS]
    if len(own) > 1:  # a dateline or a vocative beside the subject: the nearest is the subject
        own = [min(own, key=lambda child: abs(child.i - verb.i))]
    return _unrelative(_with_conjuncts(own)) or _understood_subjects(verb) or _bare_nouns_before(verb)


def _bare_nouns_before(verb: Token) -> list[Token]:
    """The noun before a finite verb that no preposition introduces: a subject taken for less."""
    return [c for c in _bare_nouns(verb) if c.i < verb.i][-1:]


def _bare_nouns(verb: Token) -> list[Token]:
    """Nouns and numbers, no dates, that a parser took for obliques though no preposition introduces them."""
    if verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return []
    bare = [c for c in verb.children if c.pos_ in {"NOUN", "NUM", "PROPN"} and c.ent_type_ != "DATE"]
    return [c for c in bare if c.dep_ in {"obl", "dep"} and not _introducer(c, "case")]


def undergoers(verb: Token) -> list[Token]:
    """Heads of whom or what the verb is done to, found through passives, relatives, control and coordination."""
    if is_undergoing(verb):
        own = passive_subjects(verb) or subjects(verb)
        return _unrelative(own) or _understood_subjects(verb)
    return _unrelative(objects(verb)) or _relative_object(verb) or _shared_objects(verb) or _of_predicates(verb)


def _of_predicates(verb: Token) -> list[Token]:
    """The noun that a parse hangs on what is said of it, or on nothing: "shot dead a man", "found him guilty"."""
    own = next((own for p in predicates(verb) if (own := objects(p) or subjects(p))), [])
    return own or [c for c in _bare_nouns(verb) if c.i > verb.i][:1]


def _agents_of_conjuncts(verb: Token) -> list[Token]:
    """The by-phrase that stands on the last of several participles: "beaten and arrested by police"."""
    following = [c for c in _with_conjuncts([verb]) if c.i != verb.i and c.tag_ == verb.tag_]
    return next((agents for c in following if (agents := passive_agents(c))), [])


def _shared_objects(verb: Token) -> list[Token]:
    """The object that stands on a later coordinated verb: "detained and beat protesters"."""
    for child in verb.children:
        if child.dep_ == "conj" and child.pos_ == "VERB" and child.i - verb.i <= 3 and (shared := objects(child)):
            return shared
    return []


def _relative_object(verb: Token) -> list[Token]:
    """The noun that a relative clause without an object is about: "the men that police arrested"."""
    clause = first_conjunct(verb)
    if clause.dep_ not in RELATIVE_CLAUSES or not subjects(clause) or any(is_relative(s) for s in subjects(clause)):
        return []
    return _apposed(clause.head)


def is_relative(token: Token) -> bool:
    """Whether the token is a relative pronoun."""
    if token.lower_ in {"which", "that"}:
        return token.tag_ in {"WP", "WDT"}
    return token.lower_ in {"who", "whom", "whose"}


def _unrelative(heads: list[Token]) -> list[Token]:
    """The heads, with each relative pronoun replaced by the noun that it stands for."""
    out: list[Token] = []
    for head in heads:
        out.extend(antecedent(head) if is_relative(head) else [head])
    return out


def antecedent(pronoun: Token) -> list[Token]:
    """The noun that a relative pronoun stands for; of an apposition, the noun before it; none where no parse tells."""
    token = pronoun
    for _ in range(MAX_CLIMB):
        if token.dep_ in RELATIVE_CLAUSES:
            return _apposed(_agreeing(token, pronoun))
        if token.head.i == token.i:
            break
        token = token.head
    return []


def _agreeing(clause: Token, pronoun: Token) -> Token:
    """The noun that a clause of "who" is about: of "critics of the state, who were jailed", the critics."""
    noun, plural = clause.head, any(a.lower_ in {"were", "are", "have"} for a in auxiliaries(clause))
    within = noun.dep_ == "nmod" and noun.head.tag_ == "NNS" and noun.tag_ in {"NN", "NNP"}
    return noun.head if plural and within and pronoun.lower_ in {"who", "whom"} else noun


def _apposed(noun: Token) -> list[Token]:
    """The noun, or the name that it stands in apposition to; of "he is the one who", he."""
    if noun.lower_ == "one" and (identified := subjects(noun)):
        return identified
    if noun.dep_ == "appos" and noun.head.pos_ == "PROPN":
        return [noun.head]
    return [noun]


def _understood_subjects(verb: Token) -> list[Token]:
    """Heads of the subject that a verb without one takes from the clause above it."""
    seen = 0
    while seen < MAX_CLIMB:
        seen += 1
        head, dep = verb.head, verb.dep_
        if head.i == verb.i:
            return []
        if dep in {"acl", "amod"} or dep in RELATIVE_CLAUSES:
            above = clause_head(head)
            return doers(above) if is_infinitive(verb) and above.i != verb.i else _with_conjuncts(_apposed(head))
        if dep == "pcomp":
            head = head.head
        elif dep not in {"conj", "xcomp", "advcl", "ccomp"} or (dep == "ccomp" and not _is_bare(verb)):
            return []
        found = _controller(head, verb, attachment(verb))
        if found or head.pos_ not in {"VERB", "AUX", "ADJ", "NOUN"}:
            return found
        verb = head
    return []


def _is_bare(verb: Token) -> bool:
    """Whether a clause is without a subject and a finite verb."""
    return is_infinitive(verb) or verb.tag_ in {"VBG", "VBN", "VB"}


def _controller(head: Token, verb: Token, above: Attachment | None) -> list[Token]:
    """Heads of what the verb above lends to one without a subject: its object where it commands, else its subject."""
    commanded = objects(head) or [c for c in head.children if c.dep_ in {"iobj", "dative"}]
    if not commanded and head.lemma_ in _CALLING and is_infinitive(verb):  # "called on the army to leave"
        called = [noun for word, noun in obliques(head) if word.lower_ in {"on", "upon", "to"} and noun.i < verb.i]
        if called:
            return _unrelative(_with_conjuncts(called))
    ordered = head.lemma_ in _COMMANDS and is_infinitive(verb) and is_passive(verb)
    bound = verb.dep_ == "xcomp" or ordered or (above is not None and above.word in _OBJECT_CONTROL)
    return _unrelative((commanded if bound else []) or subjects(head) or passive_subjects(head))


_CALLING = frozenset({"call", "appeal", "prevail", "plead", "pressure", "pressurise", "pressurize"})
_COMMANDS = frozenset({"order", "ask", "urge", "want", "expect", "allow", "require", "instruct"})
_OF_TWO_OBJECTS = frozenset(
    {"give", "hand", "grant", "award", "deny", "refuse", "offer", "pay", "fine", "send", "show"}
)
_OBJECT_CONTROL = frozenset({"of", "from", "into", "for"})  # "accused him of lying", "jailed him for lying"


def clause_head(token: Token) -> Token:
    """The verb, or other predicate, of the smallest clause around the token."""
    for _ in range(MAX_CONJUNCTS):
        if token.dep_ in CLAUSES and (token.dep_ != "conj" or token.pos_ in {"VERB", "AUX"}):
            break
        if token.head.i == token.i:
            break
        token = token.head
    return token


def noun_phrase(head: Token) -> Span:
    """The noun phrase's head with the words before it, no determiner, nothing after it but the rest of a name.

    This is the extent that FACTS.md fixes for counted phrases, agents and targets.
    """
    first, last = head.i, head.i
    for child in head.children:
        if child.dep_ in _NAME_PARTS and child.i > head.i and child.i == last + 1:
            last = child.right_edge.i
    left = [c for c in head.children if c.i < head.i and c.dep_ in _PREMODIFIERS and c.pos_ not in {"DET", "NUM"}]
    for child in reversed(left):
        if child.right_edge.i != first - 1 or _holds_clause(child):
            break
        first = child.left_edge.i
    while first < head.i and (head.doc[first].is_punct or _is_counting(head.doc[first])):
        first += 1
    return head.doc[first : last + 1]


def _holds_clause(modifier: Token) -> bool:
    """Whether a broken parse has a finite verb in what stands before a noun."""
    return modifier.n_lefts > 0 and any(t.tag_ in {"VBD", "VBZ", "VBP", "MD"} for t in modifier.subtree)


def _is_counting(token: Token) -> bool:
    """Whether the word is an article or a number that is no part of a longer word, as in "71-year-old"."""
    hyphened = token.i + 1 < len(token.doc) and token.nbor().text == "-" and not token.whitespace_
    return token.pos_ == "DET" or (token.pos_ == "NUM" and not hyphened)


def _with_conjuncts(heads: Iterable[Token]) -> list[Token]:
    queue = list(heads)
    if not queue or (len(queue) == 1 and not queue[0].n_rights):
        return queue
    out: list[Token] = []
    seen: set[int] = set()
    while queue and len(out) < MAX_CONJUNCTS:
        token = queue.pop(0)
        if token.i in seen:
            continue
        seen.add(token.i)
        out.append(token)
        if token.n_rights:
            queue.extend([c for c in token.rights if c.dep == _CONJUNCT])
    return sorted(out, key=lambda t: t.i) if len(out) > 1 else out


def has_parse(doc: Doc) -> bool:
    """Whether the doc carries a dependency parse."""
    return bool(doc.has_annotation("DEP"))


def governor(noun: Token) -> tuple[str, str, Token]:
    """What a noun is to its governor: the role, the preposition or nothing, and the governor.

    Roles: subject, passive, object, oblique (of a verb), modifier (of a noun), apposition, conjunct, number, root, and
    other. "killed by 12 men": oblique, by, killed; "execution of four": modifier, of, execution.
    """
    dep, head = noun.dep_, noun.head
    if dep == "pobj":
        above = head.head
        return "oblique" if above.pos_ in {"VERB", "AUX"} else "modifier", head.lower_, above
    if dep.startswith(("obl", "nmod")) and dep != "nmod:poss":
        case = next((c.lower_ for c in noun.children if c.dep_ == "case" and c.i < noun.i), "")
        role = "oblique" if dep.startswith("obl") or head.pos_ in {"VERB", "AUX"} else "modifier"
        return role, case, head
    return _ROLES.get(dep, "other"), "", head


_ROLES = {
    **dict.fromkeys(SUBJECTS, "subject"), **dict.fromkeys(PASSIVE_SUBJECTS, "passive"),
    **dict.fromkeys(OBJECTS, "object"), "iobj": "object", "dative": "object", "appos": "apposition",
    "conj": "conjunct", "nummod": "number", "nummod:gov": "number", "quantmod": "number", "root": "root",
    "ROOT": "root",
}  # fmt: skip


def adnominal_clauses(noun: Token) -> list[Token]:
    """Heads of the relative clauses and participles that depend on a noun."""
    return [child for child in noun.children if child.dep_ in ADNOMINAL_CLAUSES]


def complements(verb: Token) -> list[Token]:
    """Heads of what completes a predicate: infinitives, participles, adjectives ("left 36 people dead")."""
    return [child for child in verb.children if child.dep_ in _COMPLEMENTS]


_COMPLEMENTS = frozenset({"xcomp", "ccomp", "acomp", "attr", "oprd", "pcomp", "advcl"})
