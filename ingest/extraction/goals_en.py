"""Reads quantitative goals in English sentences: what, how much, in which unit, until when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ingest.extraction.goals import Indicator, TargetYear, goal_at, last_before, read_in_order
from ingest.extraction.model import Goal
from ingest.extraction.sentences import Sentence
from ingest.normalise.amounts import normalise_unit

_YEAR = re.compile(
    r"(?:(?P<lead>by|in|until|till|before|from|since|for|to|and|of|against|over)\s+)?"
    r"(?:the\s+(?:end|close|start|beginning)\s+of\s+)?(?:the\s+)?(?:(?:fiscal|financial)(?:\s+year)?|FY"
    r"|year|March|December)?\s*"
    r"(?<![\d,.])(?P<year>(?:19|20|21)\d{2})(?![\d,.]*\d|\s?(?:t|kg|kWh|MWh|ha|tonnes|tons|%|households"
    r"|people|passengers)\b)(?P<base>\s+(?:level|baseline|figure|value))?",
    re.IGNORECASE,
)
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_UNIT = (
    r"%|per\s?cent|percent|percentage points?|t-CO2|tCO2|t|tons?|tonnes?|kg|kilograms?|g|grams?|kL|L"
    r"|litres?|liters?|m3|cubic met(?:re|er)s?"
    r"|GWh|MWh|kWh|GW|MW|kW|GJ|TJ|ha|hectares?|km2|km|m2|yen|people|persons|households|homes|families"
    r"|passengers|riders|users|visitors|"
    r"buildings|vehicles|buses|cars|farms|companies|schools|units|sites|places|hours|days|times|members"
    r"|jobs|trees|cases|bottles|stores|shops|stations"
)
_AMOUNT = re.compile(
    rf"(?P<number>(?<![\d.,\w-])\d[\d,]*(?:\.\d+)?)(?:\s(?P<scale>thousand|million|billion"
    rf"|trillion))?\s?-?(?P<unit>{_UNIT})(?![a-zA-Z0-9])"
    rf"|(?P<bare>(?<![\d.,\w-])\d[\d,]*(?:\.\d+)?)(?=\s(?P<noun>(?:annual|daily|new|registered|public|local"
    rf"|active)\s[a-z]+))"
    r"|\b(?P<word>(?:one |a )?half|halve|(?:one |a )?third|(?:one |a )?quarter|two[- ]thirds"
    r"|three[- ]quarters|zero(?:\s(?P<zero_unit>tonnes|tons|t|kg|%|per cent))?|double|triple)\b(?!\s*\()"
)
_WORDS = {"half": 50.0, "halve": 50.0, "third": 33.0, "quarter": 25.0, "two-thirds": 67.0, "three-quarters": 75.0}
_VERBS = (
    r"cut|reduc|lower|decreas|rais|increas|boost|grow|expand|lift|bring|halv|doubl|tripl|reach|achiev"
    r"|limit|keep|slash|attain|rise|fall|climb|drop|down|up|carry|supply|generat|recycl|collect|plant"
    r"|install|cover|train|produc|cap|shrink|trim|source|meet|obtain|replac|convert|attract|create|treat"
    r"|compost|divert|recover|restor|use|utili[sz]|process|sell|provid|open|employ|send|serv|deliver|build"
    r"|win|save|sav|store"
)
_VERB = re.compile(rf"\b(?P<verb>(?:{_VERBS})\w*)\b", re.IGNORECASE)
_INTENT = re.compile(
    r"\b(?:will|shall|aims?|aiming|goals?|targets?|plans?|intends?|wants?|hopes?|is to|are to"
    r"|to (?!date)[a-z]+|should|must|pledge[sd]?|commit(?:s|ted)?|by (?:the end of )?(?:fiscal "
    r"|FY ?)?20\d\d|set itself|objective|ambition)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:fell|rose|dropped|grew|was|were|stood|stands|had|has been|have been|reached|achieved|increased"
    r"|decreased|reduced|cut"
    r"|climbed|declined|recorded|totalled|amounted|already)\b",
    re.IGNORECASE,
)
_NOT_PAST = re.compile(r"\b(?:to|will|would|shall|should|must|can|and|be|that)\s$", re.IGNORECASE)
_DETERMINER = re.compile(r"^(?:the|a|an|its|our|their|this|all|total|overall|each|every)\s+", re.IGNORECASE)
_NOUNS = (
    r"[A-Za-z][\w’'/-]*(?:[ \n](?!(?:and|to|by|from|is|are|will|should|must|shall|in|at|with|that|which"
    r"|who|as)\b)[\w’'/()-]+){0,9}?"
)

_STARTING_POINT = re.compile(r"\bfrom\s(?:about |some )?$|(?<!quarter )(?<!half )(?<!third )\(\s*$")
_STATED = re.compile(
    r"(?::|\bof|\bat|\bto|aims?\sfor(?:\san?)?|goal\sis(?:\san?)?|target\sis(?:\san?)?)\s*(?:at least "
    r"|about |around )?$"
)
_NUMBER = re.compile(r"\bto\s\d[\d,.]*\s?(?:%|[a-z])")
_BEHIND = re.compile(
    r"\s(?:of\s)?(?P<what>(?:(?!(?:by|in|from|to|a|per|each|and|at|for|with|every|annually)\b)[A-Za-z-]+\s?){1,5}?)"
    r"(?=\s?(?:by|in|a year|per|each|every|annually|from|to|at|for|with|and)\b|\s?[,.;)]|$)"
)
_COMPARED = re.compile(r"(?:compared (?:with|to)|relative to|versus|vs\.?|than|below|above|on|against)\s*(?:the\s*)?$")
_NEW_CLAUSE = re.compile(r";\s|,?\sand\s(?=(?:the\s)?[a-z]+ing\b|to\s)|,\sand\s|(?<=\w):\s(?=[a-z]+\s(?:the|a|our))")


def find_goals(sentence: Sentence, heading: bool = False) -> list[Goal]:
    """The goals of a sentence, in order; ``heading`` says that it stands under a heading about goals."""
    text = sentence.text
    years = list(_target_years(text))
    if not (_INTENT.search(text) or heading or re.search(r":\s", text)):
        return []
    amounts = (match for match in _AMOUNT.finditer(text) if not _says_again(text, match))
    return read_in_order(sentence, amounts, years, partial(_goal, sentence))


def _says_again(text: str, match: re.Match[str]) -> bool:
    """Whether "double … to 30 %" says in a figure what its verb said."""
    return match["word"] in ("double", "triple", "halve") and bool(_NUMBER.search(text, match.end()))


def _target_years(text: str) -> Iterator[TargetYear]:
    for match in _YEAR.finditer(text):
        lead = (match["lead"] or "").lower()
        before = text[max(0, match.start() - 24) : match.start()].lower()
        compared = _COMPARED.search(before)
        if lead in ("from", "since", "against", "over", "to", "of", "and") or match["base"] or compared:
            continue
        yield TargetYear(match.start(), match.end(), int(match["year"]))


def _goal(sentence: Sentence, match: re.Match[str], years: Sequence[TargetYear], last_end: int) -> Goal | None:
    text = sentence.text
    clause_start = _clause_start(text, match.start(), last_end)
    before = text[clause_start : match.start()]
    if _STARTING_POINT.search(before):
        return None
    if _is_past(before):
        return None
    year = _year_of(match, years, clause_start, text)
    if year is None or not (_VERB.search(before) or _VERB.match(match[0]) or _states(before)):
        return None
    indicator = _indicator(text, clause_start, match)
    end = max(match.end(), year.end) if year.start >= match.end() and year.start - match.end() < 60 else match.end()
    first = clause_start if year.start < clause_start + 3 else match.start()
    start = min(first, indicator[0]) if indicator else first
    verb = list(_VERB.finditer(before))
    if verb and (not indicator or clause_start + verb[-1].start() < indicator[0]):
        start = min(start, clause_start + verb[-1].start())
    return goal_at(sentence, (start, end), indicator, _value(match), year)


def _is_past(before: str) -> bool:
    """Whether a verb in the past stands before an amount, with nothing intended behind it."""
    past = [match for match in _PAST.finditer(before) if not _NOT_PAST.search(before[: match.start()])]
    return bool(past) and not re.search(r"\b(?:to|will|shall|should|must)\s\w+", before[past[-1].end() :])


def _states(before: str) -> bool:
    """Whether "recycling rate: 80% in 2028", "a rate of 90% by 2030" and the like state a goal without a verb."""
    return bool(_STATED.search(before))


def _clause_start(text: str, end: int, last_end: int) -> int:
    """Where the clause of an amount begins: behind the goal before it, or a semicolon."""
    start = last_end
    for match in _NEW_CLAUSE.finditer(text[last_end:end]):
        start = last_end + match.end()
    return start


def _year_of(match: re.Match[str], years: Sequence[TargetYear], clause_start: int, text: str) -> TargetYear | None:
    behind = [year for year in years if match.end() <= year.start and ";" not in text[match.end() : year.start]]
    own = last_before(years, match.start(), clause_start)
    if own:
        return own
    if behind and behind[0].start - match.end() < 90:
        return behind[0]
    return last_before(years, match.start())


def _value(match: re.Match[str]) -> tuple[float, str]:
    if match["word"]:
        return _word_value(match["word"].lower(), match["zero_unit"])
    number = float((match["number"] or match["bare"]).replace(",", ""))
    if match["bare"]:
        return number, match["noun"].split()[-1]
    unit = re.sub(r"per\s?cent|percent$", "%", match["unit"].lower() if len(match["unit"]) > 3 else match["unit"])
    unit = {"litres": "L", "liters": "L", "litre": "L", "hectares": "ha", "hectare": "ha", "tonne": "t"}.get(unit, unit)
    return number * _SCALE.get(match["scale"] or "", 1), normalise_unit(unit)


def _word_value(word: str, zero_unit: str | None) -> tuple[float, str]:
    if word.startswith("zero"):
        return 0.0, normalise_unit((zero_unit or "").replace("per cent", "%"))
    if word in ("double", "triple"):
        return (2.0 if word == "double" else 3.0), "times"
    return _WORDS[re.sub(r"^(?:one|a) ", "", word).replace(" ", "-")], "%"


def _indicator(text: str, clause_start: int, match: re.Match[str]) -> Indicator | None:
    """Where the words for what is measured begin, and those words."""
    before = text[clause_start : match.start()]
    if match["bare"]:
        return match.start(), match["noun"]
    behind = _BEHIND.match(text, match.end())
    if behind and re.search(r"(?:\bfor|\bof|\ban?|\bto|\w+ing|\b[a-z]+)\s(?:about |at least |around )?$", before):
        said = behind["what"].strip()
        if not re.search(r"\b(?:by|to|at|below|of)\s(?:about |at least |around )?$", before):
            return match.start(), said
    for pattern in _INDICATORS:
        found = pattern.search(before)
        if found:
            words = found["what"]
            bare = _DETERMINER.sub("", words)
            start = clause_start + found.end("what") - len(bare)
            return start, bare.strip()
    return None


_INDICATORS = (
    # cut household waste by, raise the amount to, reduce X from A to
    re.compile(
        rf"\b(?:{_VERBS})\w*\s(?:down\s)?(?P<what>{_NOUNS})\s(?:by|to|from\s.*?\sto|at|below|under"
        rf"|above)\s(?:at least |about |around |some |up to |as much as |no more than |less than "
        rf"|more than )?(?:a |one )?(?:(?:quarter|half|third)\s\()?$",
        re.IGNORECASE,
    ),
    # the share is to reach, consumption will fall by
    re.compile(
        rf"(?:^(?!By\s|In\s|Until\s)|[,;.]\s|\b(?:and|that|until)\s|\d{{4}},?\s)(?P<what>{_NOUNS})\s(?:is|are"
        rf"|will|shall|should|must)\s(?:be\s)?(?:to\s)?(?:be\s)?\w+\s?(?:by|to|at|below|under)?\s?(?:at least "
        rf"|about |around )?(?:a )?$",
        re.IGNORECASE,
    ),
    # a recycling rate of, a reuse rate of offcuts of
    re.compile(rf"\b(?:a|an|the)\s(?P<what>{_NOUNS})\sof\s(?:at least |about )?$", re.IGNORECASE),
    # kerosene consumption: down
    re.compile(rf"(?:^|[.;]\s)(?P<what>{_NOUNS}):\s(?:down|up|by|to|at|at least|minus|plus|\s)*$", re.IGNORECASE),
    # recycle 90 % of X is left to the words behind
    re.compile(rf"\b(?P<what>{_NOUNS})\s(?:by|to|of|at)\s$", re.IGNORECASE),
)
