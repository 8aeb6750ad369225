"""Tables: how each event type reads the prepositions and verbs around a noun that names it."""

from __future__ import annotations

_DONE_TO = {"of": "target", "by": "agent", "against": "target", "on": "target", "for": "target", "to": "target"}
_UNDERGONE = {"of": "target", "by": "target", "among": "target"}
_DONE_AT = {"by": "agent", "from": "agent", "against": "target", "on": "target", "upon": "target", "to": "target",
            "at": "target", "with": "target"}  # fmt: skip
_MUTUAL = {"between": "agent", "of": "agent", "with": "target", "by": "agent", "among": "agent"}

# What a preposition after a noun of this type introduces: "the arrest of X by Y", "pressure from Y on X".
NOUN_PREPOSITIONS: dict[str, dict[str, str]] = {
    "arrest": {"of": "target", "by": "agent"},
    "search": {"of": "target", "by": "agent", "on": "target", "at": "target"},
    "charge": {"against": "target", "of": "target", "by": "agent"},
    "trial": {"of": "target", "against": "target", "for": "target", "by": "agent"},
    "sentence": {"of": "target", "by": "agent", "against": "target", "for": "target", "on": "target"},
    "imprison": {"of": "target", "by": "agent"},
    "release": {"of": "target", "by": "agent", "for": "target"},
    "pardon": _DONE_TO,
    "abuse": {"of": "target", "by": "agent", "against": "target", "on": "target"},
    "kill": {"of": "target", "by": "agent", "against": "target"},
    "die": _UNDERGONE,
    "injure": {"of": "target", "to": "target", "by": "agent"},
    "disappear": {"of": "target", "by": "agent"},
    "deport": {"of": "target", "by": "agent"},
    "flee": _UNDERGONE,
    "protest": {"by": "target", "of": "target", "among": "target"},
    "election": {"of": "target"},
    "legislate": {"by": "agent"},
    "restrict": {"on": "target", "of": "target", "against": "target", "by": "agent"},
    "sanction": {"on": "target", "upon": "target", "against": "target", "by": "agent", "from": "agent"},
    "coerce": {**_DONE_AT, "of": "target"},
    "attack": {"by": "agent", "from": "agent", "against": "target", "on": "target", "of": "target", "between": "agent",
               "with": "target"},
    "disaster": {},
    "accuse": {"by": "agent", "from": "agent", "against": "target", "of": "target"},
    "demand": {"by": "agent", "from": "agent", "to": "target", "on": "target"},
    "meet": _MUTUAL,
    "agree": _MUTUAL,
    "appoint": {"of": "target", "by": "agent"},
    "award": {"to": "target", "for": "target", "from": "agent"},
}  # fmt: skip

# What the possessor is ("X's arrest"): target, unless the type's nouns are told of the one who acts.
AGENT_POSSESSORS = frozenset(
    {"accuse", "demand", "coerce", "attack", "meet", "agree", "sanction", "legislate", "restrict", "search"}
)

# Nouns of other types whose possessor acts.
AGENT_POSSESSED = frozenset({"appeal", "visit", "campaign"})

# What a preposition after a verb of this type introduces, beside its object.
VERB_PREPOSITIONS: dict[str, dict[str, str]] = {
    "meet": {"with": "target"},
    "agree": {"with": "target"},
    "demand": {"on": "target", "upon": "target", "from": "target", "to": "target"},
    "attack": {"at": "target", "on": "target", "with": "target", "against": "target"},
    "accuse": {"at": "target", "on": "target"},
    "arrest": {"on": "target"},
    "restrict": {"on": "target"},
    "coerce": {},
}

# Verbs that say little: their subject does what the noun says ("carried out arrests", "imposed sanctions").
GIVING_VERBS = frozenset({
    "extend", "renew", "tighten", "ease",
    "announce",
    "claim", "begin", "carry", "commit", "conduct", "continue", "declare", "deliver", "do", "enact", "exert",
    "file", "give", "grant", "hand", "have", "hold", "impose", "inflict", "intensify", "issue", "launch", "lead",
    "lift", "lodge", "make", "mount", "offer", "open", "order", "organise", "organize", "perpetrate", "perform",
    "place", "plan", "practise", "put", "raise", "repeat", "resume", "secure", "sign", "stage", "start", "step",
    "submit", "suspend", "undertake", "use", "wage", "reach", "strike", "join", "attend", "call", "increase",
    "apply", "bring", "force",
})  # fmt: skip
# Verbs whose subject bears what the noun says ("faced charges", "lost their appeals").
BEARING_VERBS = frozenset({
    "await", "avoid", "bear", "endure", "escape", "evade", "experience", "face", "get", "lose", "receive", "serve",
    "spend", "suffer", "survive", "sustain", "undergo", "win", "earn", "accept", "deny", "resist", "confront",
    "risk", "fear", "deserve",
})  # fmt: skip

# Verbs that say what an attack or a disaster did: "the quake hit Haiti".
STRIKING_VERBS = frozenset({"hit", "strike", "shake", "devastate", "batter", "damage", "destroy", "ravage", "target"})

# Whose subject wins a prize; who is called the winner of one.
WINNING = frozenset({"win", "receive", "accept", "collect", "get", "share", "claim", "scoop"})
PRESENTING = frozenset({"go", "give", "award", "present", "hand"})
WINNERS = frozenset({"winner", "laureate", "recipient", "co-winner", "joint-winner", "co-laureate", "holder"})
ASKING = frozenset({"ask", "petition", "appeal", "apply", "plead", "beg", "sue"})  # "petitioned the king for a pardon"
# Verbs whose subject puts their object into a state: "took him into custody".
PUTTING = frozenset(
    {"take", "put", "place", "bring", "throw", "hold", "keep", "send", "lead", "haul", "drag", "remand"}
)
INTRANSITIVE = frozenset({"go", "be", "remain", "stay", "come", "live", "flee", "die", "languish", "return"})
THROWING = frozenset({"throw", "fire", "launch", "hurl", "drop", "lob", "pelt"})  # their objects are weapons
LAWS = frozenset({"@law", "it"})
LOCATIVE = frozenset(
    {"in", "at", "near", "outside", "inside", "across", "throughout", "around", "on", "within", "over", "along"}
)
# Nouns that count events ("a wave of arrests"): what is told of them is told of the events.
SERIES = frozenset({
    "series", "wave", "string", "spate", "round", "spree", "flurry", "barrage", "outbreak", "start", "beginning",
    "opening", "signing", "eve", "day", "week", "number", "pair",
})  # fmt: skip
# Types whose nouns take a place before them as where they happened; of attacks by a country only these.
SETTINGS = frozenset({"attack", "protest", "election", "disaster", "meet", "kill", "die"})
ALL_ROUND = frozenset({"war", "conflict", "fighting", "violence", "insurgency", "clash", "crisis", "bombing"})
STATIVE = frozenset({"in", "into", "behind", "under", "from", "on", "to", "while", "out"})
QUANTITIES = frozenset({
    "safety", "life", "lives",
    "hundred", "dozen", "thousand", "million", "ten", "number", "majority", "most", "some", "all", "many", "one",
    "none", "part", "rest", "series", "total", "few", "several", "half", "third", "group", "score", "couple",
    "handful", "any", "each", "both", "more", "lot", "tens", "hundreds", "thousands", "dozens", "scores",
    "millions", "member", "other", "others",
})  # fmt: skip
CHARGED = frozenset({"arrest", "charge", "trial", "sentence", "imprison"})
CHARGE_PREPOSITIONS = frozenset({"for", "of", "with", "under", "on", "over"})
CHARGE_NOUNS = frozenset({"charge", "count", "suspicion", "allegation", "accusation", "crime", "offence", "offense"})
# Types whose nouns name a state that one is in: "in custody", "on trial", "under arrest".
STATES = frozenset(
    {"imprison", "trial", "arrest", "disappear", "flee", "release", "protest", "coerce", "injure", "abuse"}
)
TIME_UNITS = frozenset({"year", "month", "day", "week", "hour", "decade"})
SPOKEN = frozenset({"accuse", "demand"})
# Types whose verbs make a passive in headlines: "Four killed in blast".
DONE_TO_SUBJECTS = frozenset({
    "arrest", "charge", "sentence", "imprison", "release", "pardon", "kill", "injure", "deport", "abuse", "disappear",
    "appoint", "restrict", "sanction",
})  # fmt: skip
# Types whose nouns take people only as what is done to: "terms of imprisonment" has no target in it.
DONE_TO_PEOPLE = frozenset({
    "charge",
    "arrest", "sentence", "imprison", "release", "pardon", "kill", "die", "flee", "injure", "disappear", "deport",
    "trial",
})  # fmt: skip
COURTS = frozenset({"court", "tribunal"})  # that may be a trial, but here act or stand for a place
SUFFERED = frozenset({"die", "flee"})  # whose subject didn't attack: "died in the war"
ALLEGING = frozenset({"allegation", "accusation", "claim", "charge"})
# Types whose event is told of its subject, the target: who protests, dies, flees.
TOLD_OF_SUBJECT = frozenset({"protest", "die", "flee"})
# Types of one story, whose targets are the same people unless the article says otherwise.
CASES = frozenset({"arrest", "charge", "trial", "sentence", "imprison", "release", "pardon"})
RELATED = {
    **dict.fromkeys(CASES, CASES), "kill": frozenset({"kill", "die"}), "die": frozenset({"die", "kill"}),
    **{t: frozenset({t}) for t in ("search", "attack", "injure", "abuse", "disappear", "deport", "flee", "protest",
                                   "sanction", "award", "legislate")},
}  # fmt: skip
SAME_AGENT = {
    "trial": frozenset({"trial", "sentence"}),
    "pardon": frozenset({"pardon", "release"}), "release": frozenset({"pardon", "release"}),
}  # fmt: skip
POINTING = frozenset({"the", "this", "that", "these", "those", "both"})
TERMED = frozenset({"sentence", "imprison", "arrest", "restrict"})
CHAINED_NOT = frozenset({"accuse", "demand"})
THIRD_PERSON_SINGULAR = frozenset({"he", "him", "his", "she", "her", "hers", "himself", "herself"})
MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = THIRD_PERSON_SINGULAR - MASCULINE
OF_OBJECTS = frozenset({"him", "her", "them"})
MASCULINE_NOUNS = frozenset({
    "mr", "sir", "man", "boy", "father", "husband", "brother", "son", "uncle", "nephew", "grandfather", "king",
    "prince", "spokesman", "businessman", "chairman", "congressman", "actor", "widower", "policeman", "monk", "pope",
    "imam", "bishop", "archbishop", "cardinal", "sheikh", "emir", "sultan", "lord", "waiter", "boyfriend",
})  # fmt: skip
FEMININE_NOUNS = frozenset({
    "mrs", "ms", "miss", "woman", "girl", "mother", "wife", "sister", "daughter", "aunt", "niece", "grandmother",
    "queen", "princess", "spokeswoman", "businesswoman", "chairwoman", "congresswoman", "actress", "widow",
    "policewoman", "nun", "lady", "dame", "waitress", "girlfriend",
})  # fmt: skip
THIRD_PERSON_NEUTER = frozenset({"it", "its"})
THIRD_PERSON_PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
PERSONAL = THIRD_PERSON_SINGULAR | THIRD_PERSON_PLURAL | frozenset({
    "i", "me", "we", "us", "you", "who", "whom", "those", "these", "everyone", "everybody", "someone", "somebody",
    "anyone", "anybody", "nobody", "one", "ones", "others", "both", "many", "several", "most", "some", "all", "few",
    "none", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "another", "each", "myself",
    "ourselves",
})  # fmt: skip
