"""Technologies and issues of a text: what each language's finders see, with the concepts whose labels they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.extraction import issues_en, issues_ja, technologies_en, technologies_ja
from ingest.extraction.issues_ja import FoundIssue, Span
from ingest.extraction.model import Goal, Mention
from ingest.extraction.sentences import Reading, Sentence
from ingest.extraction.spans import by_sentence
from ingest.extraction.technologies_ja import Found, Labelled
from ingest.nlp.pipelines import tagged_english
from ingest.nlp.words import Word


def find_phrases(
    reading: Reading, names: Sequence[Mention], labels: Sequence[Mention], goals: Sequence[Goal]
) -> list[Mention]:
    """The technologies and issues; ``names`` (regions, organisations) and ``goals`` are no part of either."""
    found: list[Mention] = []
    names_in, labels_in = by_sentence(reading.sentences, names), by_sentence(reading.sentences, labels)
    goals_in = by_sentence(reading.sentences, goals)
    for number, (sentence, tagged) in enumerate(_tagged(reading.sentences)):
        blocked = [(name.start, name.end) for name in names_in[number]]
        here = [label for label in labels_in[number] if not _touches(label, blocked)]
        technologies = _technologies(sentence, tagged, here)
        technologies = [t for t in technologies if not _meets(t.start, t.end, blocked)]
        taken = [*blocked, *((t.start, t.end) for t in technologies), *((g.start, g.end) for g in goals_in[number])]
        found += [_technology(reading, technology) for technology in technologies]
        found += [_issue(reading, issue, here) for issue in _issues(sentence, tagged, taken)]
    return found


def _tagged(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, list[Word]]]:
    """The sentences with the tagged words of the English ones."""
    english = [sentence for sentence in sentences if sentence.lang == "en"]
    words = tagged_english(sentence.text for sentence in english) if english else iter(())
    for sentence in sentences:
        found = next(words) if sentence.lang == "en" else []
        yield sentence, [w._replace(start=w.start + sentence.start, end=w.end + sentence.start) for w in found]


def _technologies(sentence: Sentence, tagged: Sequence[Word], labels: Sequence[Mention]) -> list[Found]:
    concepts = [Labelled(m.start, m.end, m.iri or "") for m in labels if m.kind == "technology"]
    if sentence.lang == "ja":
        return technologies_ja.find_technologies(sentence, concepts)
    return technologies_en.find_technologies(tagged, concepts)


def _issues(sentence: Sentence, tagged: Sequence[Word], blocked: Sequence[Span]) -> list[FoundIssue]:
    if sentence.lang == "ja":
        return issues_ja.find_issues(sentence, blocked)
    return issues_en.find_issues(sentence, tagged, blocked)


def _technology(reading: Reading, found: Found) -> Mention:
    text = reading.text[found.start : found.end]
    method = "label" if found.iri else "rule"
    return Mention("technology", found.start, found.end, text, found.confidence, method, found.iri)  # type: ignore[arg-type]


def _issue(reading: Reading, issue: FoundIssue, labels: Sequence[Mention]) -> Mention:
    themes = [m for m in labels if m.kind == "issue" and issue.start <= m.start and m.end <= issue.end]
    theme = max(themes, key=lambda m: m.end - m.start, default=None)
    text = reading.text[issue.start : issue.end]
    return Mention("issue", issue.start, issue.end, text, issue.confidence, "rule", theme.iri if theme else None)


def _touches(mention: Mention, spans: Sequence[Span]) -> bool:
    return _meets(mention.start, mention.end, spans)


def _meets(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)
