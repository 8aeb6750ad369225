"""What rooms may ask of a parse. The label schemes of different spaCy models stop here.

Two schemes are understood: Universal Dependencies 2 (`nsubj:pass`, `obj`, `obl` with a `case` child) and the CLEAR
scheme of the common English models (`nsubjpass`, `dobj`, `prep` with a `pobj` child).
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

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
_NAME_PARTS = frozenset({"flat", "flat:name", "flat:foreign", "goeswith", "fixed"})
_PREMODIFIERS = frozenset({"amod", "compound", "nmod:unmarked", "nmod:npmod", "npadvmod", "nmod", "advmod", "punct",
                           "obl:npmod", "obl:unmarked", "quantmod", "nummod", "flat"})  # fmt: skip


def sentence_extent(token: Token | Span) -> tuple[int, int]:
    """Start and end, in characters, of the sentence around the token, without the white space at its ends."""
    sent = token.sent
    start, end = sent.start, sent.end
    doc = sent.doc
    while start < end - 1 and doc[start].is_space:
        start += 1
    while end - 1 > start and doc[end - 1].is_space:
        end -= 1
    return doc[start].idx, doc[end - 1].idx + len(doc[end - 1])


def subjects(verb: Token) -> list[Token]:
    """Heads of the active subjects of the verb itself, conjuncts included."""
    return _with_conjuncts(child for child in verb.children if child.dep_ in SUBJECTS)


def passive_subjects(verb: Token) -> list[Token]:
    """Heads of the passive subjects of the verb itself, conjuncts included."""
    return _with_conjuncts(child for child in verb.children if child.dep_ in PASSIVE_SUBJECTS)


def objects(verb: Token) -> list[Token]:
    """Heads of the direct objects, conjuncts included."""
    return _with_conjuncts(child for child in verb.children if child.dep_ in OBJECTS)


def passive_agents(verb: Token) -> list[Token]:
    """Heads of the by-phrases of a passive, conjuncts included."""
    return _with_conjuncts(noun for preposition, noun in obliques(verb) if preposition.lower_ == "by")


def obliques(head: Token) -> Iterator[tuple[Token, Token]]:
    """Yields (preposition, noun) for the prepositional phrases that depend on a verb or a noun, in either scheme."""
    for child in head.children:
        if child.dep_ in {"prep", "agent"}:
            for noun in child.children:
                if noun.dep_ == "pobj":
                    yield child, noun
        elif child.dep_.startswith(("obl", "nmod")) and child.dep_ != "nmod:poss":
            for case in child.children:
                if case.dep_ == "case" and case.i < child.i:
                    yield case, child
                    break


def possessors(noun: Token) -> list[Token]:
    """Heads of the possessives before a noun: "X's arrest"."""
    return _with_conjuncts(c for c in noun.children if c.dep_ in {"poss", "nmod:poss"})


def appositions(noun: Token) -> list[Token]:
    """Heads of the appositions of a noun."""
    return [child for child in noun.children if child.dep_ == "appos"]


def conjuncts(token: Token) -> list[Token]:
    """The token and what is coordinated with it after it, in order."""
    return _with_conjuncts([token])


def is_passive(verb: Token) -> bool:
    """Whether the verb has a passive subject or a passive auxiliary."""
    return any(c.dep_ in PASSIVE_SUBJECTS or c.dep_ in {"aux:pass", "auxpass"} for c in verb.children)


def clause_head(token: Token) -> Token:
    """The verb, or other predicate, of the smallest clause around the token."""
    while token.dep_ not in CLAUSES or (token.dep_ == "conj" and token.pos_ not in {"VERB", "AUX"}):
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
        if child.right_edge.i != first - 1:
            break
        first = child.left_edge.i
    while first < head.i and (head.doc[first].is_punct or head.doc[first].pos_ in {"DET", "NUM"}):
        first += 1
    return head.doc[first : last + 1]


def _with_conjuncts(heads: Iterator[Token] | list[Token]) -> list[Token]:
    out: list[Token] = []
    queue = list(heads)
    seen: set[int] = set()
    while queue:
        token = queue.pop(0)
        if token.i in seen:
            continue
        seen.add(token.i)
        out.append(token)
        queue.extend(c for c in token.children if c.dep_ == "conj" and c.i > token.i)
    return sorted(out, key=lambda t: t.i)


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
    "conj": "conjunct", "nummod": "number", "nummod:gov": "number", "quantmod": "number", "root": "root", "ROOT": "root",
}  # fmt: skip


def adnominal_clauses(noun: Token) -> list[Token]:
    """Heads of the relative clauses and participles that depend on a noun."""
    return [child for child in noun.children if child.dep_ in ADNOMINAL_CLAUSES]


def complements(verb: Token) -> list[Token]:
    """Heads of what completes a predicate: infinitives, participles, adjectives ("left 36 people dead")."""
    return [child for child in verb.children if child.dep_ in _COMPLEMENTS]


_COMPLEMENTS = frozenset({"xcomp", "ccomp", "acomp", "attr", "oprd", "pcomp", "advcl"})
