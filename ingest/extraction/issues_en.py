"""Finds issues in English: noun phrases that the sentence calls a problem, or that name one by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.extraction.issues_ja import FoundIssue, Span
from ingest.extraction.phrases_en import phrase_after, phrase_before
from ingest.extraction.sentences import Sentence
from ingest.nlp.words import Word

# before the phrase
_SUFFER = re.compile(
    r"\b(?:fac(?:e|es|ed|ing)|suffer(?:s|ed|ing)?\sfrom|struggl(?:e|es|ed|ing)\s(?:with|against)|cop(?:e"
    r"|es|ed|ing)\swith|troubled\sby|burdened\s(?:by|with)|plagued\sby"
    r"|hit\sby|hurt\sby|threatened\sby|affected\sby|worried\sabout|worr(?:y|ies)\sabout|complain(?:s|ed"
    r"|ts)?\s(?:of|about)|concerned\s(?:about|by)|concerns?\sabout|grappl\w+\swith"
    r"|confronted\swith|contend(?:s|ed|ing)?\swith|(?:reported|reports|has\san?|have\san?|has"
    r"|have)(?=\s(?:an?\s)?(?:uneven|growing|severe|serious|chronic|acute|high|rising|lack|shortage"
    r"|decline|ageing|aging))"
    r"|(?:issues?|problems?|challenges?|concerns?)\s(?:are|is|include|includes|were|was|such\sas)"
    r"|(?:[Ii]ssues?|[Pp]roblems?|[Cc]hallenges?)\s?:)\s"
)
_ANSWER = re.compile(
    r"\b(?:address(?:es|ed|ing)?|solv(?:e|es|ed|ing)|tackl(?:e|es|ed|ing)|eas(?:e|es|ed|ing)|reliev(?:e|es"
    r"|ed|ing)|mitigat(?:e|es|ed|ing)|alleviat(?:e|es|ed|ing)|combat(?:s|ed|ing)?"
    r"|overcom(?:e|es|ing)|fight(?:s|ing)?|prevent(?:s|ed|ing)?|counter(?:s|ed|ing)?|curb(?:s|ed|ing)?"
    r"|against|helps?\swith|answer\sto|remed(?:y|ies))\s"
)
# behind the phrase
_CALLED = re.compile(
    r"\s(?:is|are|has\sbecome|have\sbecome|remains?|was|were|became|has\sbeen|is\sbecoming)\s(?:an?\s"
    r"|the\s|our\s|its\s|their\s)?(?:(?:increasingly|very|most|main|major|growing|serious|biggest|"
    r"severe|big|pressing|common|constant|real|long-standing|great)\s)*(?:problems?|issues?|challenges?"
    r"|concerns?|burdens?|headaches?|serious|severe|worsening|acute|critical|alarming|nuisance)\b"
    r"|\s(?:grows?|grew|worsens?|worsened|never\sends?|keeps?\s(?:growing|rising)|weighs?|threatens?"
    r"|is\srising|are\srising|persists?)\b|,\sa\sproblem\b"
)
_STRONG = re.compile(
    r"^(?:(?:\w+[\s-]){0,3}?(?:shortages?|lack|scarcity|decline|loss|backlog|deterioration"
    r"|abandonment)\s(?:of|in)\s|(?:rising|soaring|growing|escalating|high|surging|mounting|increasing)\s"
    r"(?:\w+[\s-]){0,4}(?:costs?|prices?|bills?|demand|amounts?|numbers?|fees?|waste)\b|(?:ageing|aging"
    r"|abandoned|vacant|idle|dilapidated|neglected|derelict)\s\w+|depopulation|overtourism"
    r"|(?:\w+\s){0,2}(?:erosion|pollution|flooding|blackouts?|congestion|odours?|odors?|litter|droughts?"
    r"|outages|depopulation|dumping))",
    re.IGNORECASE,
)
_NOT_ISSUES = re.compile(
    r"^(?:problem|issue|issues|challenge|challenges|concern|it|them|this|that|city|town|year|way|work"
    r"|question|result|goal|target|lack|shortage|meeting|plan|trial|smoke|company"
    r"|(?:this|the|odour)\s(?:problem|shortage|issue))s?$",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*(?:,\s*(?:and\s+)?|and\s+|as\swell\sas\s+)(?:(?:by|from|with|of|about)\s+)?", re.IGNORECASE)


def find_issues(sentence: Sentence, words: Sequence[Word], blocked: Sequence[Span]) -> list[FoundIssue]:
    """The issues of a sentence; ``words`` are its tagged words, ``blocked`` what no issue may run over."""
    found: list[FoundIssue] = []
    for finder in (_suffered, _called, _intrinsic):
        for issue in finder(sentence, words):
            text = sentence.text[issue.start - sentence.start : issue.end - sentence.start]
            free = all(issue.end <= start or end <= issue.start for start, end in blocked)
            if (
                free
                and not _NOT_ISSUES.match(text)
                and all(issue.end <= o.start or o.end <= issue.start for o in found)
            ):
                found.append(issue)
    return sorted(found, key=lambda issue: issue.start)


def _suffered(sentence: Sentence, words: Sequence[Word]) -> Iterator[FoundIssue]:
    for pattern, confidence in ((_SUFFER, 0.85), (_ANSWER, 0.65)):
        for match in pattern.finditer(sentence.text):
            for span in _series(sentence, words, sentence.start + match.end()):
                yield FoundIssue(*span, confidence, pattern is _ANSWER)


def _series(sentence: Sentence, words: Sequence[Word], start: int) -> Iterator[Span]:
    """The noun phrase that begins at ``start``, and those that commas and "and" join to it."""
    place = next((number for number, word in enumerate(words) if word.start >= start), None)
    joint: re.Match[str] | None = None
    while place is not None:
        phrase = phrase_after(words, place)
        if phrase is None or words[phrase[0]].start - start > 12:
            return
        if joint and _is_finite(words[phrase[1] :]):
            return  # its recycling station is short of staff: another clause
        yield words[phrase[0]].start, words[phrase[1] - 1].end
        end = words[phrase[1] - 1].end
        joint = _JOINT.match(sentence.text, end - sentence.start)
        if not joint or not joint.group().strip():
            return
        start = sentence.start + joint.end()
        place = next((number for number, word in enumerate(words) if word.start >= start), None)


def _is_finite(words: Sequence[Word]) -> bool:
    """Whether a verb that has a subject comes first."""
    return bool(words) and (words[0].tag in ("VBZ", "VBP", "MD") or words[0].text in ("was", "were", "had"))


def _called(sentence: Sentence, words: Sequence[Word]) -> Iterator[FoundIssue]:
    for match in _CALLED.finditer(sentence.text):
        end = next((n for n, word in enumerate(words) if word.end > sentence.start + match.start()), None)
        phrase = phrase_before(words, end) if end else None
        if phrase:
            yield FoundIssue(words[phrase[0]].start, words[phrase[1] - 1].end, 0.75)


def _intrinsic(sentence: Sentence, words: Sequence[Word]) -> Iterator[FoundIssue]:
    place = 0
    while place < len(words):
        phrase = phrase_after(words, place)
        if phrase is None:
            place += 1
            continue
        start, end = words[phrase[0]].start, words[phrase[1] - 1].end
        if _STRONG.match(sentence.text[start - sentence.start : end - sentence.start]):
            yield FoundIssue(start, end, 0.6)
        place = phrase[1]
