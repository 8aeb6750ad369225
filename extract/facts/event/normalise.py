"""Words to their forms: what an English verb or noun of the lexicon looks like in a text."""

from __future__ import annotations

from collections.abc import Iterator

_IRREGULAR = {
    "stand": "stands stood standing", "withdraw": "withdraws withdrew withdrawn withdrawing",
    "forbid": "forbids forbade forbidden forbidding", "go": "goes went gone going",
    "get": "gets got gotten getting", "send": "sends sent sending", "bring": "brings brought bringing",
    "lose": "loses lost losing", "cut": "cuts cut cutting", "force-feed": "force-feeds force-fed force-feeding",
    "come": "comes came coming", "hear": "hears heard hearing", "write": "writes wrote written writing",
    "rise": "rises rose risen rising", "rescind": "rescinds rescinded rescinding",
    "withhold": "withholds withheld withholding", "beat": "beats beat beaten beating", "become": "became",
    "bestow": "bestowed", "break": "breaks broke broken breaking",
    "browbeat": "browbeats browbeat browbeaten browbeating", "burn": "burns burned burnt burning",
    "blow": "blows blew blown blowing",
    "bleed": "bleeds bled bleeding", "burst": "bursts burst bursting", "catch": "catches caught catching",
    "drive": "drives drove driven driving", "drag": "drags dragged dragging", "fight": "fights fought fighting",
    "flee": "flees fled fleeing", "forgive": "forgives forgave forgiven forgiving",
    "freeze": "freezes froze frozen freezing", "give": "gives gave given giving",
    "hang": "hangs hanged hung hanging", "hit": "hits hit hitting", "hold": "holds held holding",
    "hurt": "hurts hurt hurting", "keep": "keeps kept keeping", "lay": "lays laid laying",
    "lead": "leads led leading", "leave": "leaves left leaving", "let": "lets let letting",
    "meet": "meets met meeting", "overrun": "overruns overran overrunning",
    "overthrow": "overthrows overthrew overthrown overthrowing", "put": "puts put putting",
    "quit": "quits quit quitting", "rewrite": "rewrites rewrote rewritten rewriting", "run": "runs ran running",
    "seek": "seeks sought seeking", "set": "sets set setting", "shoot": "shoots shot shooting",
    "shut": "shuts shut shutting", "sink": "sinks sank sunk sinking", "sit": "sits sat sitting",
    "slay": "slays slew slain slaying", "strike": "strikes struck stricken striking",
    "swear": "swears swore sworn swearing", "sweep": "sweeps swept sweeping", "take": "takes took taken taking",
    "throw": "throws threw thrown throwing", "win": "wins won winning", "gas": "gasses gassed gassing",
    "free": "frees freed freeing", "veto": "vetoes vetoed vetoing", "traffic": "traffics trafficked trafficking",
    "strip-search": "strip-searches strip-searched strip-searching", "crisis": "crises",
    "spy": "spies spied spying", "die": "dies died dying", "dialogue": "dialogues",
    "hostage-taking": "hostage-takings", "sit-in": "sit-ins", "round-up": "round-ups", "walk-out": "walk-outs",
    "re-elect": "re-elects re-elected re-electing",
    "court-martial": "courts-martial court-martialled court-martialed",
}  # fmt: skip
_PLURALS = {"life": "lives", "crisis": "crises", "court-martial": "courts-martial"}
_DOUBLING = frozenset({
    "grab", "eavesdrop", "tap", "bug", "rap", "club", "acquit", "transfer", "surveil", "model", "quit", "drug",
    "drag", "trap", "mob", "nab", "expel", "stab", "ban", "bar", "jam", "gag", "rebel", "riot", "slam", "wiretap",
    "kidnap", "compel", "corral", "dispel", "gun", "lash", "pin", "plan", "plot", "raid", "rob", "scrap", "slap",
    "strip", "swap", "whip", "patrol", "traffic", "step", "throttle", "flog", "disbar", "annul", "label", "cancel",
    "quarrel", "shell", "commit", "beg", "submit", "permit", "defer", "refer", "deter", "confer", "clamp",
    "pistol-whip", "rape", "remit", "hijack", "drop", "wed", "stop",
})  # fmt: skip
_VOWELS = frozenset("aeiou")


def forms(lemma: str, pos: str) -> Iterator[str]:
    """Yields the forms of a word, itself first.

    >>> list(forms("ban", "VERB"))
    ['ban', 'bans', 'baned', 'baning', 'banned', 'banning']
    >>> list(forms("felony", "NOUN"))
    ['felony', 'felonies']
    >>> list(forms("guilty", "ADJ"))
    ['guilty']
    """
    yield lemma
    if pos == "ADJ":
        return
    irregular = _IRREGULAR.get(lemma, "").split()
    if irregular and pos == "VERB":
        yield from irregular
        return
    yield _PLURALS.get(lemma, _sibilant(lemma)) if pos == "NOUN" else _sibilant(lemma)
    if pos == "VERB":
        yield from _past_and_gerund(lemma)
        if lemma in _DOUBLING:
            yield from (lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing")


def _sibilant(lemma: str) -> str:
    """The plural, or the third person."""
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ies"
    return lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _past_and_gerund(lemma: str) -> tuple[str, str]:
    """The regular past and the gerund."""
    if lemma.endswith("ee"):
        return lemma + "d", lemma + "ing"
    if lemma.endswith("e"):
        return lemma + "d", lemma[:-1] + "ing"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return lemma[:-1] + "ied", lemma + "ing"
    return lemma + "ed", lemma + "ing"
