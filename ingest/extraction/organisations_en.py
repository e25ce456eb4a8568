"""Finds the names of organisations in English: by legal form and by what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction.organisations_ja import Named
from ingest.extraction.region_names import region_names
from ingest.extraction.sentences import Sentence
from ingest.regions.names import key

_WORD = r"[A-Z][\w’'&-]*"
_NAME = rf"{_WORD}(?:\s(?:&\s)?{_WORD}){{0,6}}?"
_LEGAL = re.compile(
    rf"\b(?P<name>{_NAME}),?\s(?:Co\.,?\s?Ltd\.?|Co\.,?\sInc\.?|Company,?\s(?:Limited|Ltd\.?)|K\.\s?K\."
    rf"|Co\.|Ltd\.?|Limited|Inc\.?|Corp\.?"
    r"|Corporation|LLC|LLP|GmbH|PLC|Holdings|Company)(?![\w-])"
)
_KIND = (
    r"University|College|Institute|Institution|Laborator(?:y|ies)|Association|Cooperative|Co-operative"
    r"|Union|Federation|Foundation|Society"
    r"|Council|Consortium|Alliance|Agency|Authority|Bureau|Bank|Chamber\sof\sCommerce(?:\sand\sIndustry)?"
    r"|Ministry|Trust|Guild|League|Club"
    r"|School|Academy|Museum|Fund|Group|Utility|Utilities|Network"
)
_TAIL = rf"(?:\s(?:of|for)\s(?:the\s)?{_WORD}(?:(?:,\s|,?\sand\s|\s){_WORD}){{0,4}})?"
_OF = re.compile(
    rf"\b(?P<name>(?:University|Ministry|Institute|Bank|Agency|Federation|Association|Academy|Society"
    rf"|Council|Chamber)\sof\s(?:the\s)?"
    rf"{_WORD}(?:(?:,\s{_WORD},?\sand\s|,?\sand\s|\s){_WORD}){{0,4}})"
)
_IS = re.compile(rf"\b(?P<name>(?:{_WORD}\s(?:&\s)?){{1,6}}(?:{_KIND})(?![\w-]){_TAIL})")
_NPO = re.compile(rf"\b(?P<name>(?:NPO|NGO|non-profit)\s{_WORD}(?:\s{_WORD}){{0,4}})")
_TRADE = re.compile(
    rf"\b(?P<name>(?P<place>{_WORD})(?:\s{_WORD}){{0,2}}\s(?:Gas|Electric|Electronics|Power|Bank|Shimbun"
    rf"|Heavy\sIndustries|Steel|Railways?"
    r"|Energy|Chemicals?|Foods|Cement|Motors|Engineering|Systems|Works|Construction|Recycling|Timber"
    r"|Fisheries|Farm|Brewery))(?![\w-])"
)
_OPENERS = re.compile(
    r"^(?:[A-Z]\w+-based|The|A|An|In|At|On|By|From|With|And|But|Our|Their|Its|This|That|For|Of|Mr|Ms|Mrs"
    r"|Dr|Contact|Both"
    r"|Between|Together)\s"
)


def find_organisations(sentence: Sentence) -> list[Named]:
    """The organisations that a sentence names, in order, without overlaps."""
    found = sorted(_all(sentence), key=lambda named: (named.start, -named.end))
    kept: list[Named] = []
    for named in found:
        if not kept or named.start >= kept[-1].end:
            kept.append(named)
    return kept


def find_legal_names(sentence: Sentence) -> list[Named]:
    """Only those with a legal form, which also stand in sentences of another language."""
    matches = (_trimmed(sentence, match, 0.95) for match in _LEGAL.finditer(sentence.text))
    return [named for named in matches if named]


def _all(sentence: Sentence) -> Iterator[Named]:
    for pattern, confidence in ((_LEGAL, 0.97), (_OF, 0.9), (_IS, 0.85), (_NPO, 0.9), (_TRADE, 0.7)):
        for match in pattern.finditer(sentence.text):
            if pattern is _TRADE and not region_names().english.get(key(match["place"])):
                continue
            named = _trimmed(sentence, match, confidence)
            if named:
                yield named


def _trimmed(sentence: Sentence, match: re.Match[str], confidence: float) -> Named | None:
    """Without an article or a preposition that the sentence began with, and what stands before a comma of a list."""
    start, text = match.start(), match.group()
    while opener := _OPENERS.match(text):
        start += opener.end()
        text = text[opener.end() :]
    end = match.end()
    if text.endswith("."):
        # a full stop that ends the sentence belongs to the name only after an abbreviation
        end = match.end() if re.search(r"(?:Co|Ltd|Inc|Corp|K)\.$", text) else match.end() - 1
    if len(text.split()) < 2:
        return None
    return Named(sentence.start + start, sentence.start + end, confidence)
