"""What every reader of a clause has: the clause, its sentence, and what came before."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.extraction.model import Mention, Predicate, Relation
from ingest.extraction.relations.clauses import Clause, Topic
from ingest.extraction.relations.words import RelationWords
from ingest.extraction.sentences import Sentence


@dataclass(frozen=True)
class ClauseReader:
    """Reads one clause; ``whole`` is its sentence, ``topic`` what came before."""

    clause: Clause
    whole: Clause
    sentence: Sentence
    words: RelationWords
    topic: Topic

    def _relation(self, subject: Mention, predicate: Predicate, object_: Mention, confidence: float) -> Relation:
        return Relation(subject, predicate, object_, self.sentence.start, self.sentence.end, confidence)

    def _text(self, start: int, end: int) -> str:
        base = self.sentence.start
        return self.sentence.text[max(start - base, 0) : max(end - base, 0)]

    def _is_seat(self, region: Mention) -> bool:
        """Whether a region only says where an organisation sits: （愛知県豊橋市）."""
        return self._text(region.start - 1, region.start) in "(（" and bool(self._text(region.start - 1, region.start))
