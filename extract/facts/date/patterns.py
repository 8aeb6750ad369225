"""Words and shapes that dates are made of. Each word has one kind; rules are patterns over kinds."""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
ABBREVIATED = frozenset(name for name in MONTHS if len(name) <= 4 and name not in {"may", "june", "july"})

WEEKDAYS = {name: day for day, name in enumerate(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)}  # fmt: skip
WEEKDAY_ABBREVIATIONS = {
    "mon": 1,
    "tue": 2,
    "tues": 2,
    "wed": 3,
    "thu": 4,
    "thur": 4,
    "thurs": 4,
    "fri": 5,
    "sat": 6,
    "sun": 7,
}
WEEKDAY_PLURALS = {f"{name}s": day for name, day in WEEKDAYS.items()}

SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}

UNITS = {
    "second": "S", "minute": "M", "hour": "H", "day": "D", "week": "W", "fortnight": "F", "weekend": "WE",
    "month": "MO",
    "quarter": "Q", "semester": "SE", "year": "Y", "yr": "Y", "decade": "DE", "century": "CE", "millennium": "ML",
    "night": "NI", "min": "M", "hr": "H", "mo": "MO",
}  # fmt: skip
UNIT_PLURALS = {f"{name}s": unit for name, unit in UNITS.items() if name not in {"century", "millennium", "mo"}} | {
    "centuries": "CE", "millennia": "ML",
}  # fmt: skip

SMALL_NUMBERS = {
    word: value
    for value, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])
}  # fmt: skip
TENS = {word: 10 * value for value, word in enumerate(
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
NUMBER_WORDS = SMALL_NUMBERS | TENS | SCALES

_ORDINAL_UNITS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth " \
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"  # fmt: skip
ORDINALS = (
    {word: value for value, word in enumerate(_ORDINAL_UNITS.split(), 1)}
    | {f"{ten[:-1]}ieth": value for ten, value in TENS.items()}
)  # fmt: skip

DECADE_WORDS = {
    "twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7, "eighties": 8,
    "nineties": 9,
}  # fmt: skip

DAY_PARTS = {
    "morning": "MO", "mornings": "MO", "midday": "MI", "noon": "MI", "afternoon": "AF", "evening": "EV", "dawn": "MO",
    "dusk": "EV", "midnight": "MN", "overnight": "NI", "nighttime": "NI", "daytime": "DT", "lunchtime": "MI",
}  # fmt: skip

LONG_WORDS = {"hourlong": "H", "daylong": "D", "weeklong": "W", "monthlong": "MO", "yearlong": "Y", "decadelong": "DE"}

SET_ADVERBS = {
    "hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "biweekly": "P2W", "fortnightly": "P2W",
    "monthly": "P1M", "bimonthly": "P2M", "quarterly": "P1Q", "yearly": "P1Y", "annual": "P1Y", "annually": "P1Y",
    "biannual": "P6M", "biannually": "P6M", "biennial": "P2Y", "biennially": "P2Y", "everyday": "P1D",
}  # fmt: skip

# Offsets from UTC in hours; zones that two countries share a name for (IST, CST) keep the commoner reading in news.
TIME_ZONES: dict[str, float | None] = {
    "utc": 0, "gmt": 0, "z": 0, "et": None, "pt": None, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "hst": -10, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5, "pkt": 5,
    "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "myt": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12,
    "nzdt": 13, "wat": 1, "cat": 2, "sast": 2, "eat": 3, "brt": -3, "art": -3,
}  # fmt: skip

# Month names of other languages: a gate for dateparser, which gives the value. Names that are English words are left
# out.
FOREIGN_MONTHS = frozenset(
    [
        "januar",
        "februar",
        "märz",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "januari",
        "februari",
        "maart",
        "mei",
        "augustus",
        "jänner",
        "janvier",
        "février",
        "fevrier",
        "mars",
        "avril",
        "juin",
        "juillet",
        "août",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "decembre",
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "gennaio",
        "febbraio",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "settembre",
        "ottobre",
        "dicembre",
        "janeiro",
        "fevereiro",
        "março",
        "maio",
        "junho",
        "julho",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "września",
        "października",
        "listopada",
        "grudnia",
        "ledna",
        "února",
        "března",
        "dubna",
        "května",
        "června",
        "července",
        "srpna",
        "září",
        "října",
        "listopadu",
        "prosince",
        "ocak",
        "şubat",
        "mart",
        "nisan",
        "mayıs",
        "haziran",
        "temmuz",
        "ağustos",
        "eylül",
        "ekim",
        "kasım",
        "aralık",
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
        "студзеня",
        "лютага",
        "сакавіка",
        "красавіка",
        "мая",
        "чэрвеня",
        "ліпеня",
        "жніўня",
        "верасня",
        "кастрычніка",
        "лістапада",
        "снежня",
    ]
)

FOREIGN_LANGUAGES = ["de", "nl", "fr", "es", "it", "pt", "pl", "cs", "tr", "ru", "uk", "be"]

# Every other word that a rule may ask for, by kind.
WORDS = {
    "the": "the", "a": "a", "an": "a", "of": "of", "and": "and", "or": "or", "to": "to", "in": "in", "on": "on",
    "at": "at", "by": "by", "from": "from", "since": "since", "until": "until", "till": "until", "between": "between",
    "during": "in", "throughout": "in", "within": "in", "through": "to", "for": "for", "over": "over", "per": "per",
    "before": "before", "after": "after", "prior": "before", "about": "about", "around": "about", "circa": "about",
    "approximately": "about", "roughly": "about", "nearly": "nearly", "almost": "nearly", "under": "under",
    "less": "less", "fewer": "less", "more": "more", "than": "than", "least": "least", "most": "most", "up": "up",
    "just": "just", "only": "just", "well": "just", "some": "some", "exactly": "just", "close": "close",
    "last": "last", "past": "past", "previous": "previous", "preceding": "previous",
    "next": "next", "following": "following", "coming": "coming", "upcoming": "coming", "subsequent": "following",
    "succeeding": "following", "ensuing": "following", "forthcoming": "coming",
    "this": "this", "current": "current", "present": "present", "same": "same", "that": "that", "these": "these",
    "those": "those",
    "each": "each", "every": "each", "other": "other", "ago": "ago", "later": "later", "earlier": "earlier",
    "previously": "earlier", "hence": "later", "afterwards": "later", "afterward": "later", "now": "now", "old": "old",
    "long": "long", "age": "age", "aged": "aged", "straight": "straight",
    "consecutive": "straight", "full": "straight", "whole": "whole", "entire": "whole", "calendar": "straight",
    "solid": "straight", "trading": "straight", "working": "straight", "business": "straight",
    "successive": "straight", "additional": "straight", "further": "straight", "another": "another",
    **dict.fromkeys(("tumultuous", "turbulent", "brutal", "bloody", "bitter", "difficult", "painful", "gruelling",
                     "grueling", "tense", "intense", "chaotic", "tough", "dramatic", "crucial"), "hard"), "all": "all",
    "early": "early", "mid": "mid", "middle": "mid", "late": "late", "beginning": "beginning", "start": "beginning",
    "end": "end",  "turn": "beginning", "rest": "rest", "remainder": "rest", "outset": "beginning",
    "several": "vague", "few": "few", "many": "vague", "various": "vague", "numerous": "vague", "multiple": "vague",
    "recent": "recent", "couple": "couple", "dozen": "dozen", "dozens": "dozens", "hundreds": "dozens",
    "thousands": "dozens", "scores": "dozens", "half": "half", "halves": "half", "final": "final", "fiscal": "fiscal",
    "financial": "fiscal", "fy": "fy", "once": "once", "twice": "once", "thrice": "once", "times": "times",
    "time": "time",
    "today": "today", "yesterday": "yesterday", "tomorrow": "tomorrow", "tonight": "tonight", "o'clock": "oclock",
    "o’clock": "oclock", "pm": "ampm", "am": "ampm",
    "currently": "currently", "nowadays": "currently", "presently": "currently", "recently": "recently", "lately":
    "recently", "future": "future",
    "near": "near", "nearest": "near", "foreseeable": "near", "better": "near", "distant": "near", "very": "very",
    "our": "our", "its": "our", "his": "our", "her": "our", "their": "our", "my": "our", "your": "our",
    "era": "era", "moment": "moment", "being": "being", "term": "term", "short": "short",
    "period": "period", "olds": "old", "local": "local", "hrs": "hrs",
    "bc": "bc", "bce": "bc", "ad": "ad", "ce": "ad", "weekends": "units", "weekdays": "weekdays",
    "weekday": "weekdays", "fortnight": "unit", "back": "ago", "is": "is", "was": "is", "be": "is", "so": "so",
    "far": "far",
    "date": "date", "then": "then", "modern": "modern", "soon": "soon", "upon": "on", "as": "as", "history": "history",
    "eve": "eve", "single": "straight", "model": "model", "who": "who", "turned": "aged", "turning": "aged",
    "turns": "aged",
}  # fmt: skip

# What may stand before a month, a year, a season; what four digits count or number.
MONTH_CUES = frozenset({
    "in", "on", "by", "since", "from", "to", "until", "till", "during", "of", "and", "or", "between", "through",
    "after", "before", "for", "early", "late", "mid", "last", "next", "this", "the", "end", "beginning", "mid-",
    "throughout", "released", "every", "-", "–", "(", ",", "than",
})  # fmt: skip

IN_A_YEAR = frozenset({
    "in", "since", "until", "till", "by", "during", "before", "after", "early", "late", "mid", "year",
})  # fmt: skip

YEAR_CUES = frozenset({
    "in", "since", "until", "till", "by", "during", "before", "after", "of", "from", "to", "between", "through",
    "early", "late", "mid", "year", "years", "circa", "and", "throughout", "as",
})  # fmt: skip

COUNTED_NOUNS = frozenset({
    "people", "persons", "prisoners", "men", "women", "children", "detainees", "civilians", "soldiers", "troops",
    "cases", "deaths", "km", "kilometres", "kilometers", "miles", "metres", "meters", "tonnes", "tons", "kg",
    "dollars", "euros", "rubles", "roubles", "votes", "seats", "inmates", "activists", "individuals", "families",
    "others", "jobs", "workers", "employees", "students", "feet", "acres", "hectares", "homes", "houses", "hours",
    "days", "years", "weeks", "months", "gmt", "utc", "hrs", "members", "citizens", "refugees", "migrants",
    "residents", "officers", "police", "protesters", "demonstrators", "shares", "points", "units", "square",
    "cubic",
})  # fmt: skip

NUMBERED_THINGS = frozenset({
    "flight", "room", "article", "articles", "section", "no", "number", "resolution", "page", "pages", "building",
    "highway", "route", "unit", "case", "bus", "train", "gate", "line", "paragraph", "order", "e.o", "iso",
    "windows", "office", "series", "boeing", "airbus", "law", "decree", "id", "p", "pp", "nr", "apartment", "apt",
    "suite", "extension", "ext", "code", "postcode", "box", "model", "channel", "platform", "over", "exceeding",
    "some", "about", "nearly", "almost", "least", "than", "approximately", "roughly", "only", "just", "phone",
    "tel", "fax", "dial",
})  # fmt: skip

SEASON_CUES = frozenset({
    "in", "by", "since", "until", "till", "during", "from", "before", "after", "of", "for", "every", "throughout",
    "to", "and", "between",
})  # fmt: skip

AFTER_AMOUNTS = frozenset({"%", "°", "index", "series", "$", "€", "£"})

# A century or so on either side of the news, and the centuries that histories tell of.
YEAR_FROM, YEAR_TO = 1000, 2199

LEXEME = re.compile(
    r"""
    (?P<word>[oO]['’]clock|[^\W\d_]{2,}|[^\W\d_](?![.\w])|[aA](?=\.?\s[a-z]))
    |(?=['’‘`\dapbAPBIlQH])(?:
        (?P<iso>(?<![\w-])\d{4}-(?:
            \d{2}-\d{2}(?:[T\ ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?
            |W\d{2}(?:-\d)?)(?![\w-]))
        |(?P<numeric>(?<![\w./-])\d{1,4}(?P<sep>[/.-])\d{1,2}(?P=sep)\d{1,4}(?![\w/-]|\.\d))
        |(?P<clock>(?<![\w.:])\d{1,2}(?:[:h]\d{2}){1,2}(?:(?![\w:]|\.\d)|(?=hrs?\b)))
        |(?P<decade>(?<!\w)(?:['’‘]?\d0|1\d\d0|20\d0)['’]?s(?!\w))
        |(?P<qnum>(?<!\w)[QH][1-4](?!\w))
        |(?P<dayth>(?<!\w)\d{1,4}(?:st|nd|rd|th)(?!\w))
        |(?P<apostrophe>(?<![\w'’‘`])['’‘`]\d{2}(?!\w))
        |(?P<clockword>(?<!\w)\d{1,2}(?:[.:]\d{2})?(?=[aApP][mM]\b))
        |(?P<ampm>(?<![^\W\d])(?:[aApP]\.\ ?[mM]\b\.?|[aApP][mM]\b))
        |(?P<number>
            (?<![\w.,])\d{1,3}(?:[, \u00a0\u202f]\d{3}){1,4}(?![\d,])(?:\.\d{1,6})?(?!\w)
            |(?<!\d)\d{1,12}(?:\.\d{1,6})?(?!\w))
        |(?P<ocr>(?<!\w)[12Il][09Oo8][\dOolI]{2}(?!\w))
        |(?P<abbreviation>(?<!\w)(?:[bB]\.\ ?[cC]\.?(?:\ ?[eE]\.)?|[aA]\.\ ?[dD]\.))
        |(?P<possessive>['’]s(?!\w)|(?<=s)['’](?=\s))
    )
    |(?P<other>\d+|[-.*=~_#+]{2,}|[^\W\d_]|\n|[^\w\s])
    """,
    re.VERBOSE,
)

PUNCTUATION = {
    "-": "-", "‐": "-", "‑": "-", "–": "–", "—": "–", "−": "–", ",": ",", ".": ".", "/": "/", "(": "(", ")": ")",
    "+": "+", "“": '"', "”": '"', '"': '"', ":": ":",
}  # fmt: skip
