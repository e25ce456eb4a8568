"""Which technology answers an issue, and who has it: ``addressesIssue`` and ``facesIssue``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction.model import Mention, Relation
from ingest.extraction.relations.reader import ClauseReader

_SPEAKS_JA = re.compile(r"(?:は|が|も|では|では、|としては|としても|の業界|：|:)")
_SUFFERS_EN = re.compile(r"[^.;]{0,30}?\b(?:fac|suffer|struggl|has|have|report|complain|worr|is|are|was)")
_NOT_ANSWERED = re.compile(r"(?:でき(?:ず|な|ませ)|困難|至ら|ならず|進まず|\b(?:not|cannot|failed|unable|difficult)\b)")


class IssueReader(ClauseReader):
    """An issue that is answered in a clause is not one that somebody suffers from there."""

    def relations(self) -> Iterator[Relation]:
        """What the clause states."""
        yield from self._answers()
        yield from self._faced()

    def _answers(self) -> Iterator[Relation]:
        verb = self.words.answered.search(self.clause.text)
        if not verb or _NOT_ANSWERED.search(self.clause.text[verb.start() :]):
            return
        technology = self._answering_technology()
        issue = self._answered_issue()
        if technology and issue:
            sure = technology in self.clause.technologies and issue in self.clause.issues
            yield self._relation(technology, "addressesIssue", issue, 0.75 if sure else 0.55)

    def _answering_technology(self) -> Mention | None:
        if self.clause.technologies:
            return self.clause.technologies[0]
        if self.words.same_technology.search(self.clause.text) or self.clause.issues:
            return self.topic.technology
        return None

    def _answered_issue(self) -> Mention | None:
        if self.clause.issues:
            verb = self.words.answered.search(self.clause.text)
            place = self.clause.start + (verb.start() if verb else 0)
            behind = [issue for issue in self.clause.issues if issue.start >= place]
            return behind[0] if behind and self.sentence.lang == "en" else self.clause.issues[-1]
        return self.topic.issue if self.words.same_issue.search(self.clause.text) else None

    def _faced(self) -> Iterator[Relation]:
        answered = self._answered_issue() if self.words.answered.search(self.clause.text) else None
        for issue in self.clause.issues:
            if issue is answered and self._answering_technology():
                continue
            actor = self._suffering(issue)
            if actor:
                yield self._relation(actor, "facesIssue", issue, 0.75 if actor in self.clause.actors else 0.55)

    def _suffering(self, issue: Mention) -> Mention | None:
        """Who has the issue: the region before it, an organisation that speaks, a region behind it, the topic."""
        regions = [region for region in self.whole.regions if region.end <= issue.start]
        organisations = [o for o in self.clause.organisations if o.end <= issue.start and self._speaks(o)]
        if organisations and (not regions or organisations[-1].start > regions[-1].start):
            return organisations[-1]
        if regions:
            return regions[-1]
        behind = [region for region in self.clause.regions if region.start >= issue.end]
        if behind and self.sentence.lang == "en":
            return behind[0]
        return self.topic.region or self.topic.organisation

    def _speaks(self, organisation: Mention) -> bool:
        """Whether a clause says something of an organisation, rather than naming it in passing."""
        after = self._text(organisation.end, organisation.end + 50)
        return bool((_SPEAKS_JA if self.sentence.lang == "ja" else _SUFFERS_EN).match(after))
