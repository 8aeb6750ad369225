"""Words and shapes of quotations, cues and speakers."""

from __future__ import annotations

import re

MARK = re.compile(r"""``|''|["“”„‟«»‹›‘’‚‛'＂「」『』〝〞]|\n[^\S\n]*(?:\n\s*)?""")
OPENERS = frozenset("“„‟«»‹›「『〝") | {"``"}
CLOSERS = frozenset("”〞」』") | {"''"}
DIGITS = frozenset("0123456789")
# "" is the text's edge: `x in frozenset` with it in holds there
LEFT_NEIGHBOURS = frozenset(' \t\n\r\u00a0\u2009\u202f([{<—–-/:,.;…“„«‘"') | {""}
RIGHT_NEIGHBOURS = frozenset(" \t\n\r\u00a0\u2009\u202f)]}>—–-/:,.;!?…”»’\"'“") | {""}
# what an apostrophe at the head of a word cuts short: 'em, 'tis, '90s
BREAK = re.compile(r"(?:em|tis|twas|til|cause|bout|round|n)\b|\d0s", re.IGNORECASE)

PREPOSITIONS = frozenset(
    {"of", "for", "from", "with", "to", "at", "in", "by", "on", "against", "about", "near", "under"}
)
ARTICLES = frozenset({"a", "an", "the", "one", "another"})
POSSESSIVES = frozenset({"'s", "’s", "'", "’", "`s"})
RELATIVES = frozenset({"who", "which", "that", "whom", "whose", "where", "when"})
CONJUNCTIONS = frozenset({"but", "and", "or", "yet", "nor", "&"})
COMPLEMENTISERS = frozenset({"that", "how", "why", "whether", "if", "what", "who", "when", "where", "which"})
FIRST_AND_SECOND = frozenset({"i", "we", "you", "me", "us"})
HE_OR_SHE = frozenset({"he", "she"})
PRONOUNS = frozenset({"i", "we", "you", "he", "she", "it", "they", "who", "which", "both", "others", "many", "some"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
FULL_STOPS = frozenset({".", "!", "?", "…", "..", "...", "....", "?!", "!!"})
CLAUSE_ENDS = FULL_STOPS | {";"}
DASHES = frozenset({"-", "–", "—", "--", "---", "‑", "―"})
COMMAS = frozenset({",", "，", "،"})
BRACKETS = frozenset({"(", "[", "{"})
EDGES = frozenset(
    {",", "，", ".", ";", ":", "-", "–", "—", "--", "―", "(", ")", "[", "]", "•", "*", "…", "...", "!", "?"}
)
MARKS = frozenset({'"', "“", "”", "„", "‟", "«", "»", "‹", "›", "‘", "’", "‚", "'", "``", "''", "＂"})
# what may follow the name of an organisation that speaks as one: "the Viasna human rights center said"
ORGANISATION_NOUNS = frozenset({
    "agency", "alliance", "association", "centre", "center", "channel", "coalition", "committee", "company", "council",
    "daily", "foundation", "group", "initiative", "institute", "magazine", "media", "movement", "network", "news",
    "newspaper", "ngo", "organisation", "organization", "outlet", "paper", "party", "project", "service", "site",
    "station", "telegram", "television", "tv", "union", "watchdog", "website", "weekly", "human", "rights",
    "monitoring", "advocacy", "aid", "charity", "civil", "society", "independent", "rebel", "militant", "itself",
    "wire", "ministry", "government", "bloc", "regime", "radio", "broadcaster", "forces", "army",
})  # fmt: skip
FULL_ENDS = frozenset(",.!?…—–-")
DATELINE = re.compile(r"[A-Z][\w .,'’/-]{1,60}(?:\([^()\n]{1,40}\) ?[:–—-]+|(?<=\d):|\s[–—-]{1,2}(?=\s)) *")
# what one acts according to without its saying anything: "according to the law"
NO_SOURCES = frozenset({
    "it", "this", "that", "which", "them", "law", "laws", "plan", "plans", "schedule", "constitution", "rules",
    "tradition", "need", "needs", "ability", "rule", "procedure", "procedures", "legislation", "code",
    "standards", "principle", "principles", "custom", "article", "criteria", "size", "age",
})  # fmt: skip
# who gives a figure or a statement vouches for it
GIVING = frozenset({"give", "provide", "publish", "release", "issue", "present", "offer", "cite", "quote", "make"})
LIST_HEAD = re.compile(r":[ \t]{0,8}(?=\n)")
LIST_MARKS = re.compile(r"\n{1,2}[ \t]{0,8}(?:[-–—•*·▪]|\d{1,2}[.)])[ \t]")
SUBORDINATORS = frozenset({
    "though", "although", "while", "if", "when", "because", "since", "after", "before", "unless", "until", "as",
    "once", "whereas", "despite", "following", "whenever",
})  # fmt: skip
PHRASE_WORDS = frozenset({"according", "words", "view", "opinion", "eyes", "for", "per", "based"})
# cues whose object is the one who is told
ADDRESSING = frozenset({"tell", "inform", "assure", "remind", "warn", "ask", "reassure", "advise", "promise", "notify"})
