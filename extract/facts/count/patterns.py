"""Words and shapes that numbers are written in. Tables and regexes only.

Every regex is linear or bounded, so a megabyte of one character costs no more than a megabyte of prose.
"""

from __future__ import annotations

import re
from decimal import Decimal

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {
    "dozen": 12, "hundred": 100, "thousand": 1_000, "lakh": 100_000, "million": 10**6, "crore": 10**7,
    "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
GLUED_SCALES = {
    "k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9, "bln": 10**9,
    "t": 10**12, "tn": 10**12, "trn": 10**12,
}  # fmt: skip
PLURALS = {
    "tens": 10, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1_000, "lakhs": 100_000,
    "millions": 10**6, "crores": 10**7, "billions": 10**9, "trillions": 10**12,
}  # fmt: skip
DENOMINATORS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5, "sixth": 6,
    "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10,
    "tenths": 10,
}  # fmt: skip
VULGAR = {
    "½": Decimal("0.5"), "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3, "¼": Decimal("0.25"), "¾": Decimal("0.75"),
    "⅕": Decimal("0.2"), "⅖": Decimal("0.4"), "⅗": Decimal("0.6"), "⅘": Decimal("0.8"), "⅙": Decimal(1) / 6,
    "⅛": Decimal("0.125"), "⅜": Decimal("0.375"), "⅝": Decimal("0.625"), "⅞": Decimal("0.875"),
}  # fmt: skip

MOST_DIGITS = 15
"""Longer runs of digits are identifiers; a float holds no more."""

_SPACES = " \u00a0\u2009\u202f"
_DIGITS = (
    r"[0-9]{1,3}(?:,[0-9]{2,3}){0,5},[0-9]{3}(?![0-9])(?:\.[0-9]+)?"
    rf"|[0-9]{{1,3}}(?:[{_SPACES}'’][0-9]{{3}}){{1,4}}(?![0-9])"
    r"|[0-9]{1,3},[0-9]{1,2}(?=\s(?:thousand|million|billion|trillion|per\s?cent)\b|\s?%)"
    r"|[0-9]+(?:\.[0-9]+)?"
    r"|(?<![0-9a-z.])\.[0-9]+"
)
_SMALL = "|".join(sorted([*ONES, *TENS], key=len, reverse=True))
_SCALE = "|".join(SCALES)
_PLURAL = "|".join(PLURALS)
_PILE = rf"(?:{_PLURAL})(?:\s{{1,3}}(?:and|upon)\s{{1,3}}(?:{_PLURAL}))?\s{{1,3}}of\s{{1,3}}(?:{_PLURAL})"
ATOM = re.compile(
    rf"(?P<digits>{_DIGITS})"
    rf"|(?<![a-z0-9_])(?=[abcdefhlmnoqstz][a-z]{{2}}|a )(?:(?P<pile>{_PILE})"
    rf"|(?P<several>(?:several|(?:a\s|the\s)?few|many|(?:a\s)?couple(?:\sof)?)\s(?:{_SCALE})s?(?:\s(?:{_SCALE})s?)?)"
    rf"|(?P<vague>{_PLURAL})"
    rf"|(?P<small>{_SMALL})|(?P<scale>{_SCALE})"
    rf"|(?P<part>{'|'.join(sorted(DENOMINATORS, key=len, reverse=True))}))\b"
    rf"|(?P<vulgar>[{''.join(VULGAR)}])"
)
"""The atoms of numbers, in one pass over the text in lower case."""

GAP = re.compile(r"[\s\u00a0-]{1,2}|\s?-\s?")
GAP_AND = re.compile(r"[\s-]{1,2}and[\s-]{1,2}", re.IGNORECASE)
GLUED_SCALE = re.compile(r"\s?(?P<scale>mln|mio|bln|trn|mn|bn|tn)\b|(?P<letter>[kmbtKMBT])(?![\w])", re.IGNORECASE)
OF_A = re.compile(r"\s(?:of\s)?(?:an?\s)", re.IGNORECASE)
TAKES = re.compile(r"\s(?:of|the)\s", re.IGNORECASE)
BEFORE_A = re.compile(r"\b(?:half\s)?(?:an?)\s{1,2}$", re.IGNORECASE)
AND_A_HALF = re.compile(
    r"\sand\s(?:an?|one|three)[\s-](?:half|quarter|quarters)\b"
    r"(?:\s(?P<scale>hundred|thousand|million|billion|trillion|dozen)\b)?",
    re.IGNORECASE,
)
POWER = re.compile(r"\s?[×x]\s?10(?:\^|\*\*)?(?P<exponent>[-−–]?[0-9]{1,2})(?![0-9])")
METRES = re.compile(
    r"\s?(?:-|long|wide|tall|high|deep|above|below|away|apart|from|of|in|on|\(|[.,;:)]|$)", re.IGNORECASE
)
"""After a bare "37m": what shows that it means metres rather than millions."""

GLUED_UNIT = re.compile(r"(?P<unit>kW|mL|km|cm|mm|kg|[WVgmLp])(?![\w/])")
"""Units of one or two letters that are read only where they are glued to their digits."""
RATIO = re.compile(r"\s(?:in|out\sof)\s(?:every\s)?", re.IGNORECASE)
RANGE = re.compile(r"\s?[-–‐‑]\s?(?!\s)|\s(?:to|or)\s(?:even\s)?|\sto[\s-]", re.IGNORECASE)
BETWEEN = re.compile(r"\bbetween\s(?:(?:about|around|roughly|some|an?\sestimated)\s)?$", re.IGNORECASE)
RANGE_AND = re.compile(r"\sand\s", re.IGNORECASE)
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
SLASHED = re.compile(r"[/⁄][0-9]")
FRACTION = re.compile(r"[/⁄](?P<under>[0-9]{1,4})(?![0-9/])")

COMPARATORS = {
    "at least": "at_least", "no fewer than": "at_least", "not fewer than": "at_least", "no less than": "at_least",
    "not less than": "at_least", "a minimum of": "at_least", "minimum of": "at_least", "minimum": "at_least",
    "as few as": "at_least", "as little as": "at_least", "nothing less than": "at_least",
    "more than": "more_than", "over": "more_than", "above": "more_than", "greater than": "more_than",
    "higher than": "more_than", "in excess of": "more_than", "upwards of": "more_than", "upward of": "more_than",
    "well over": "more_than", "just over": "more_than", "slightly over": "more_than", "a little over": "more_than",
    "well above": "more_than", "just above": "more_than", "far more than": "more_than", "well more than": "more_than",
    "slightly more than": "more_than", "slightly above": "more_than", "over than": "more_than",
    "exceed": "more_than", "exceeds": "more_than", "exceeded": "more_than", "exceeding": "more_than",
    "surpass": "more_than", "surpassed": "more_than", "surpasses": "more_than", "surpassing": "more_than",
    "topping": "more_than", "topped": "more_than", "beyond": "more_than", "north of": "more_than", ">": "more_than",
    "longer than": "more_than", "larger than": "more_than", "bigger than": "more_than", "heavier than": "more_than",
    "no more than": "at_most", "not more than": "at_most", "up to": "at_most", "at most": "at_most",
    "a maximum of": "at_most", "maximum of": "at_most", "maximum": "at_most", "as many as": "at_most",
    "as much as": "at_most", "at the most": "at_most", "no greater than": "at_most", "as high as": "at_most",
    "fewer than": "less_than", "less than": "less_than", "under": "less_than", "below": "less_than",
    "just under": "less_than", "just below": "less_than", "well under": "less_than", "well below": "less_than",
    "slightly less than": "less_than", "slightly under": "less_than", "slightly below": "less_than",
    "a little under": "less_than", "just shy of": "less_than", "lower than": "less_than", "short of": "less_than",
    "smaller than": "less_than", "<": "less_than", "sub-": "less_than",
    "about": "about", "around": "about", "approximately": "about", "approx": "about", "approx.": "about",
    "roughly": "about", "some": "about", "nearly": "about", "almost": "about", "close to": "about", "circa": "about",
    "c.": "about", "ca.": "about", "~": "about", "≈": "about", "an estimated": "about", "estimated": "about",
    "the estimated": "about", "in the region of": "about", "on the order of": "about", "in the order of": "about",
    "something like": "about", "more or less": "about", "just about": "about", "virtually": "about",
    "barely": "about", "a rough": "about", "near": "about", "nearing": "about", "approaching": "about",
    "practically": "about", "an approximate": "about", "estimated at": "about", "estimated at about": "about",
    "estimated to be": "about", "an average": "about" , "as good as": "about",
}  # fmt: skip
COMPARATORS_AFTER = {
    "or more": "at_least", "or above": "at_least", "or over": "at_least", "or higher": "at_least", "plus": "at_least",
    "-plus": "at_least", "+": "at_least", "at least": "at_least", "and counting": "at_least", "and above": "at_least",
    "and over": "at_least", "if not more": "at_least", "or greater": "at_least", "and more": "at_least",
    "or fewer": "at_most", "or less": "at_most", "at most": "at_most", "or under": "at_most", "and under": "at_most",
    "or so": "about", "-odd": "about", "odd": "about", "or thereabouts": "about", "more or less": "about",
}  # fmt: skip
AFTER = re.compile(
    r"\s?(?:\+(?![0-9])|-plus\b|-odd\b)|\s(?:or\s(?:more|above|over|higher|greater|fewer|less|under|so|thereabouts)|at\s(?:least|most)"
    r"|and\s(?:counting|(?:above|over|more|under)(?!\s(?:[0-9]|than|a\b)))|if\snot\smore|more\sor\sless|odd\b|plus(?=\s[a-z]+s\b))",
    re.IGNORECASE,
)
"""A comparator behind its number, or behind what is counted."""
ABOUT_WHAT = frozenset({
    "talk", "speak", "know", "complain", "concern", "concerned", "worry", "worried", "information", "ask", "write",
    "report", "story", "think", "hear", "learn", "tell", "question", "news", "debate", "statement", "rumour", "rumor",
    "film", "book", "data", "article", "joke", "say", "inquire", "warn", "post", "documentary", "care", "forget",
})  # fmt: skip
"""Lemmas before "about" or "around" that make it a topic, not a comparator."""
OVER_WHAT = frozenset({
    "dispute", "row", "debate", "concern", "fight", "war", "control", "custody", "conflict", "argue", "clash",
    "rule", "reign", "tension", "outrage", "anger", "fear", "victory", "advantage", "power", "sue", "quarrel",
    "investigate", "protest", "charge", "trial", "preside", "win", "take", "hand", "turn", "lead", "stretch",
    "spread", "carry", "jurisdiction", "sovereignty", "talk", "vote", "prosecute", "arrest", "detain",
})  # fmt: skip
"""Lemmas before "over", "above", "under" that make it a preposition: only for numbers under ten."""
HANDED = frozenset({"hand", "turn", "sign", "run", "knock"})
"""Verbs that "over" makes another word of, where the parse hangs it on them: "handed over 15 bodies"."""

# --- what is no count -------------------------------------------------------------------------------------------------

_CHAIN = r"(?:[0-9][0-9.()a-z-]{0,10}(?:\s?,\s?(?:and\s|or\s)?|\s(?:and|or|&|to|through)\s|\s?[-–]\s?)){0,6}"
_NUMBER_SIGN = r"(?:(?:no|nos|nr)\.?\s?|number\s|№\s?|#\s?)?"
LAW = re.compile(
    rf"(?:\b(?:[Aa]rticles?|ARTICLES?|[Aa]rts?\.|[Ss]ections?|[Ss]ecs?\b\.?|[Cc]lauses?|[Pp]aragraphs?|[Pp]ara\.|[Cc]hapters?"
    r"|[Rr]esolutions?|Decrees?|Orders?|Laws?|Acts?|Bills?|Rules?|[Rr]egulations?|[Dd]irectives?|Protocol|Amendments?"
    r"|[Aa]nnex|Schedule|E\.O\.|Convention|[Pp]art|Title|Proposition|Prop|Measure|[Pp]oint|[Ss]ubsections?)|§{1,2})"
    rf"\s?{_NUMBER_SIGN}{_CHAIN}$"
)
SINGULAR_LAW = re.compile(r"\b(?:[Aa]rticle|[Ss]ection|[Pp]art|[Pp]oint|[Cc]lause)\s[0-9.]{1,8}\sand\s$")
IDENTIFIER = re.compile(
    r"(?:\b(?:[Ff]lights?|[Rr]ooms?|[Rr]oute|[Hh]ighway|[Ii]nterstate|Building|Unit|[Bb]lock|[Gg]ate|[Pp]latform"
    r"|District|Channel|Case|[Cc]ase\s(?:file|number)|[Ff]ile|[Tt]ype|[Mm]odel|[Cc]lass|[Cc]ategory|[Ll]evel|[Gg]rade"
    r"|[Pp]hase|[Ss]tage|[Pp]ages?|[Vv]olume|[Vv]ol\.|pp?\.|[Ee]pisode|[Ss]eason|Apollo|Formula|Windows|iPhone|iPad"
    r"|Galaxy|Boeing|Airbus|PlayStation|Xbox|[Nn]umber|[Nn]os?\.|No|№|[Ll]ine|[Tt]erminal|[Pp]ier|[Bb]us|[Tt]ram"
    r"|[Cc]ell|[Ww]ard|[Ss]ector|[Zz]one|Area|School|Hospital|[Cc]olony|Prison|SIZO|IK|Battalion|Brigade|Division"
    r"|[Vv]ersion|[Vv]er\.|Goal|SDG|Group|Team|[Rr]ound|[Gg]ame|[Ll]ap|[Ll]ot|[Aa]partment|[Aa]pt\.|[Ff]lat|Box"
    r"|[Zz]ip|ZIP|Code|[Ee]xtension|[Ee]xt\.|[Tt]el\.?|[Pp]hone|[Ff]ax|[Qq]uestion|[Ss]tep|[Oo]ption|Plan|[Tt]ier"
    r"|Fortune|Top|Big|Forbes|Super\sBowl|World|Covid|COVID|Studio|Pier|Psalms?|Genesis|Table|Figure|Fig\.|Day|Week"
    r"|[Ff]loor|[Mm]ile|[Kk]ilomet(?:re|er)|[Ww]eek|[Dd]ay|[Cc]amp|[Cc]heckpoint|Quarter|[Ss]ession|Hill|Bridge|Shaft|Dam|Dock|Post"
    r"|(?:[Pp]ostcode|[Zz]ip\scode|ID|[Pp]assport)(?:\s(?:is|was|number))?|Report|Bulletin|Petition|Witness|Reach|Hall|Court|Precinct|Ward|Exit|[Tt]rack|Radio|Act|Chapter|Book|Catch|Area)|#)"
    rf"\s?[-–]?{_NUMBER_SIGN}$"
)
NEVER_COUNTS = re.compile(
    r"\b(?:[Ff]light|COVID|Covid|S(?:\s?&\s?|\s)P|sp|FTSE|Nikkei|CAC|DAX|Boeing|Airbus|iPhone|Windows|Fortune|Apollo|Channel|Route|Highway|Interstate|Forbes|[Rr]oom"
    r"|No\.|№|MH|Agenda|Gaza\sStrip)(?:\s?[-–]?\s?|\s(?:no\.?|number)\s)$"
)
"""Before a number that is a name whatever follows: "COVID-19 tests", "S&P 500 companies"."""
NAMED_GROUP = re.compile(r"\b(?:Group|Gang|Committee|Council|Power|Club|Rule|Big|Chicago)\sof\s(?:the\s)?$|\bG[- ]?$")
AGE = re.compile(
    r"\b(?:aged?|at\sage|the\s(?:[a-z]{3,8}\s){0,2}ages?\sof|turned|turns|turning|aged\sbetween)\s(?:just\s|only\s|about\s|around\s|over\s|under\s|nearly\s|almost\s)?$",
    re.IGNORECASE,
)
AGE_SAID = re.compile(
    r"\b(?:he|she|who|woman|man|boy|girl|father|mother|son|daughter|husband|wife|brother|sister)"
    r"\s(?:was|is|(?:will|would)\sbe|turned)\s(?:(?:just|only|about|around|over|above|under|nearly|almost|barely)\s)?$",
    re.IGNORECASE,
)
"""Before "91." in "He was 91."."""
AGE_END = re.compile(r"\s?(?:[.,;)]|when\b|and\b|after\b|before\b|$)")
AGE_CHAIN = re.compile(r"\baged\s(?:between\s)?[0-9]{1,3}\s?(?:,|and|to|or|-|–)\s?(?:and\s)?$", re.IGNORECASE)
RANK = re.compile(r"\b(?:top|bottom|last|first|ranked|ranking|number|no\.|rank)\s(?:the\s)?$", re.IGNORECASE)
CLOCK = re.compile(
    r"[:.][0-9]{2}(?:[:.][0-9]{2})?(?![0-9])|\s?[ap]\.?\s?m\b|\s?(?:o['’]clock|hrs|GMT|UTC|CET)\b", re.IGNORECASE
)
CLOCK_COLON = re.compile(r":[0-9]{2}(?![0-9])")
TIME_UNIT = re.compile(
    r"[\s-]?(?:and[\s-](?:a[\s-])?half[\s-])?(?:(?:consecutive|straight|more|full|long|whole|calendar|working|business|sleepless|previous|past|additional|extra)\s)?"
    r"(?:nano|micro|milli)?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|fortnights?|months?|years?|yrs?|decades?"
    r"|centur(?:y|ies)|millenni(?:um|a)|weekends?)\b(?:[\s-]olds?\b)?",
    re.IGNORECASE,
)
COUNTER = re.compile(
    r"\s?(?:views?|comments?|shares?|likes?|retweets?|reads?|followers|subscribers|min(?:ute)?s?\sread|reactions?|replies|downloads)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s*$")
LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]{0,8}[\[(]?$")
LIST_NUMBER_END = re.compile(r"(?:[.)\]]|\.\))(?:\s|$)")
FOOTNOTE = re.compile(r"^\s?[\])]")
SCORE_WORD = re.compile(
    r"\b(?:beat|won|win|wins|winning|lost|lose|defeat|defeated|defeats|draw|drew|lead|led|leading|leads|victory|score|scored|game|match|set|tie"
    r"|tied|final|goal|goals|semi-?final|half-time|thrash|thrashed|down|ahead)\b",
    re.IGNORECASE,
)
PHONE = re.compile(r"[0-9+()][-0-9 ().]{6,20}[0-9]")
VERSION = re.compile(r"\.[0-9]")
STREET = re.compile(
    r"\s(?:[NSEW]\.?\s)?(?:(?:[A-Z]|[0-9]{1,3}[a-z])[\w'’.]{0,20}\s){0,3}(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Drive|Dr|Way|Square|Court|Place|Terrace|ZIP)\b"
)
YEAR_RANGE = re.compile(r"\b(?:19|20)[0-9]{2}\s?[-–]\s?$")
"""Before the 9 of "2008 - 9"."""
MAGNITUDE = re.compile(r"[\s-]magnitude\b", re.IGNORECASE)
MAGNITUDE_BEFORE = re.compile(
    r"\bmagnitude[\s-](?:of\s|at\s|as\s|was\s)?(?:at\sleast\s|about\s|around\s)?(?:a\s)?$", re.IGNORECASE
)
DECADE = re.compile(r"['’]?s\b")
MULTIPLE_STOPS = frozenset({
    "way", "ways", "fold", "time", "sided", "off", "dimensional", "faced", "handed", "track", "pronged", "tier", "step",
    "wheel", "wheeler", "timer", "size", "piece", "tone", "up", "on", "man-made", "edged", "bit", "sidedness", "self",
    "tolerance", "star", "stroke", "ply", "some", "hander", "a-side", "state", "level", "digit", "figure", "sum",
    "finger", "fingered",
})  # fmt: skip
"""After "two-", "three-": no things that anybody counts."""
IDIOMS = re.compile(r"^(?:9/11|7/7|24/7|50/50|26/11|24/365|911|999|20/20)$")
ONE_COMPARED = re.compile(r"\b(?!more|less|fewer)\w{2,12}er\sthan\s$")
"""Before "one" in "smaller than one held last week"."""
ONE_COUNTS = re.compile(r"\b(?:only|just|and|killed|wounded|injured|with)\s$")
ONE_PERSON = re.compile(r"\s(?:another|way|day|can|must|should|might|would)\b")
ONE_SUFFERED = re.compile(
    r"\s(?:was|were|has|is)\s(?:\w{2,20}ed|shot|held|found|still)\b|\s(?:dead|missing|injured|wounded|killed)\b"
)
"""What makes a bare "one" a count: "one was shot", "one dead"."""
ONE_LEFT = frozenset({
    "no", "any", "every", "each", "this", "that", "which", "another", "some", "the", "a", "an", "or", "many",
    "good", "bad", "big", "new", "old", "small", "little", "great", "last", "first", "next", "loved", "only", "such",
    "latter", "former", "right", "wrong", "his", "her", "their", "my", "our", "your", "its", "number", "square", "day",
})  # fmt: skip
ONE_STOPS = frozenset({
    "day", "time", "thing", "way", "side", "point", "moment", "word", "step", "night", "morning", "evening",
    "afternoon", "year", "month", "week", "hour", "minute", "another", "sense", "respect", "reason", "go", "place",
    "occasion", "stage", "accord", "direction", "voice", "breath", "piece", "fell",
})  # fmt: skip
"""Nouns after "one" that make an idiom or a date: "at one point", "one thing"."""
