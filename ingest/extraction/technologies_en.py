"""Finds technologies in English: compounds with the label of a concept in them, or with a technical head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.extraction.phrases_en import core_start
from ingest.extraction.technologies_ja import Found, Labelled
from ingest.nlp.words import Word

_HEADS = re.compile(
    r"^(?:systems?|plants?|boilers?|platforms?|machines?|robots?|units?|lines?|press(?:es)?|pumps?|dryers?"
    r"|crushers?|reactors?|digesters?"
    r"|batter(?:y|ies)|microgrids?|turbines?|apps?|process(?:es)?|technolog(?:y|ies)|devices?|facilit(?:y"
    r"|ies)|kilns?|incinerators?|composters?"
    r"|furnaces?|stoves?|heaters?|sensors?|drones?|equipment|gasifiers?|shredders?|chippers?|sorters?"
    r"|generators?|panels?|filters?|tanks?"
    r"|vehicles?|buses|shuttles?|engines?|modules?|tools?|software|boom|mulch|heating|storage|cells?"
    r"|chargers?|coating|burners?|collectors?"
    r"|greenhouses?|solution|network|membranes?|containers?|separators?|balers?|bins?|monitors?|meters?"
    r"|thermal|digestion|gasification"
    r"|pyrolysis|composting|desalination|cogeneration|method)$",
    re.IGNORECASE,
)
# with these a head names something else
_OTHER = re.compile(
    r"\b(?:bus|power|phone|pipe|front|coast|base|time|hot|rail|railway|fishing|shipping|product|production"
    r"|assembly)\slines?$|\b(?:public|school|tour|local|city|town|sports?|medical|"
    r"health|care|administrative|family|housing|residential|research|planning|approval|decision\S*|hiring"
    r"|consultation|political|water|legal|education\S*|support|subsidy|"
    r"grant|registration|tax|social|food|house|potted|young|native)\s(?:systems?|units?|process(?:es)?"
    r"|facilit(?:y|ies)|network|plants?|solution|buses|tools?|storage|method|panels?)$"
    r"|\b(?:printing|drinking|rice|commercial|pilot)\spress(?:es)?$|\bday\s\w+$|\b(?:expert|review"
    r"|discussion)\spanels?$|\bpress\s",
    re.IGNORECASE,
)
_LEADING = frozenset(
    {
        "same",
        "new",
        "old",
        "existing",
        "large",
        "small",
        "first",
        "second",
        "current",
        "such",
        "said",
        "proposed",
        "planned",
        "modern",
    }
)
_KEPT = frozenset({"small-scale"})


def find_technologies(words: Sequence[Word], labels: Iterable[Labelled]) -> list[Found]:
    """The technologies among the words of a sentence (places in the document)."""
    inside = list(labels)
    found: list[Found] = []
    for end in range(1, len(words) + 1):
        span = _headed(words, end)
        if span:
            start, stop = span
            here = [label for label in inside if start <= label.start and label.end <= stop]
            found.append(Found(start, stop, here[-1].iri if here else None, 0.85 if here else 0.9))
    for label in inside:
        if not any(one.start < label.end and label.start < one.end for one in found):
            found.append(_widened(words, label))
    return sorted(found, key=lambda one: one.start)


def _headed(words: Sequence[Word], end: int) -> tuple[int, int] | None:
    """A compound that ends in a technical head, with at least one word before it."""
    head = words[end - 1]
    if not _HEADS.match(head.text) or (
        end < len(words) and words[end].tag.startswith(("NN", "HYPH")) and words[end].start - head.end < 2
    ):
        return None
    start = core_start(words, end) if head.tag.startswith(("NN", "VBG")) else _verbal(words, end)
    if start is None:
        return None
    start = _without_leading(words, start, end)
    text = " ".join(word.text for word in words[start:end])
    return None if end - start < 2 or _OTHER.search(text) else (words[start].start, head.end)


def _verbal(words: Sequence[Word], end: int) -> int | None:
    """A head that the tagger took for a verb (a mobile pellet press)."""
    return core_start([*words[: end - 1], words[end - 1]._replace(tag="NN")], end)


def _without_leading(words: Sequence[Word], start: int, end: int) -> int:
    while start < end - 2 and words[start].norm in _LEADING and words[start + 1].tag != "HYPH":
        start += 1
    return start


def _widened(words: Sequence[Word], label: Labelled) -> Found:
    """A label with the words of its compound in front of it."""
    end = next((number + 1 for number, word in enumerate(words) if word.end >= label.end), len(words))
    start = core_start(words, end)
    first = words[_without_leading(words, start, end)].start if start is not None else label.start
    return Found(min(first, label.start), label.end, label.iri, 0.75)
