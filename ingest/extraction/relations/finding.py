"""The relations of a text: clause by clause, with what earlier clauses spoke of carried over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.extraction.model import Mention, Relation
from ingest.extraction.relations.clauses import Topic, clause_of, clauses_of
from ingest.extraction.relations.issues import IssueReader
from ingest.extraction.relations.offers import OfferReader
from ingest.extraction.relations.partners import PartnerReader
from ingest.extraction.relations.use import UseReader
from ingest.extraction.relations.words import relation_words
from ingest.extraction.sentences import Sentence
from ingest.extraction.spans import by_sentence

_READERS = (UseReader, OfferReader, IssueReader, PartnerReader)


def find_relations(sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[Relation]:
    """The relations of a text, each once, in the order in which they are said."""
    topic = Topic(main=_main_region(mentions))
    found: dict[tuple[str, str, str], Relation] = {}
    for sentence, inside in zip(sentences, by_sentence(sentences, mentions), strict=True):
        topic.enter(sentence.paragraph)
        if sentence.text.startswith(("#", "＃")) or not sentence.text:
            for clause in clauses_of(sentence, inside):
                topic.note(clause)
            continue
        said = list(_in_sentence(sentence, inside, topic))
        given_up = {(_place(r.subject), r.object.text) for r in said if r.predicate == "rejected"}
        for relation in said:
            if relation.predicate == "deployedIn" and (_place(relation.object), relation.subject.text) in given_up:
                continue  # 実証を行ったが、中止した
            key = _key(relation)
            if key not in found or found[key].confidence < relation.confidence:
                found[key] = relation
    return sorted(found.values(), key=lambda relation: (relation.start, relation.subject.start))


def _main_region(mentions: Sequence[Mention]) -> Mention | None:
    """The municipality that is named most often, the first of equals; None where no place stands out."""
    towns = [m for m in mentions if m.kind == "region" and len(m.code or "") == 5]
    counted = Counter(m.code for m in towns)
    return max(towns, key=lambda m: counted[m.code], default=None)


def _key(relation: Relation) -> tuple[str, str, str]:
    # 本市 and 飯田市 are one place: what was said of it is said once
    pair = tuple(map(_place, (relation.subject, relation.object)))
    ends = tuple(sorted(pair)) if relation.predicate == "partnerOf" else pair
    return (ends[0], relation.predicate, ends[1])


def _place(end: Mention) -> str:
    return end.code or end.text


def _in_sentence(sentence: Sentence, mentions: Sequence[Mention], topic: Topic) -> Iterator[Relation]:
    words = relation_words(sentence.lang)
    whole = clause_of(sentence, mentions, sentence.start, sentence.end)
    for clause in clauses_of(sentence, mentions):
        for reader in _READERS:
            yield from reader(clause, whole, sentence, words, topic).relations()
        topic.note(clause)
