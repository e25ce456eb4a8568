"""Who works with whom: ``partnerOf``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from ingest.extraction.model import Mention, Relation
from ingest.extraction.relations.reader import ClauseReader

# an actor is what a clause speaks of, not where it happens
_ACTS_JA = re.compile(r"(?:[(（][^）)]*[)）])?(?:は|が|も|と|、|・|及び|および|並びに|では|の[3３三]者|など|:|：)")
# whoever only supplies is no partner
_SUPPLIES = re.compile(
    r"(?:developed|made|supplied|built|provided|manufactured|operated|run|sold|proposed"
    r"|offered)\sby\s(?:the\s)?$|\bof\s(?:the\s)?$"
)


class PartnerReader(ClauseReader):
    """Finds those that take part in what a clause says is done together."""

    def relations(self) -> Iterator[Relation]:
        """What the clause states."""
        joined = self.words.joined.search(self.clause.text)
        carried = self.words.same_company.search(self.clause.text) and self.topic.company
        if not joined or not (self.whole.organisations or carried):
            return
        partners = self._partaking()
        for one, other in combinations(partners, 2):
            if not (one.kind == other.kind == "region"):
                inside = one in self.clause.actors and other in self.clause.actors
                yield self._relation(one, "partnerOf", other, 0.9 if inside else 0.65)

    def _partaking(self) -> list[Mention]:
        actors = [a for a in self.clause.actors if a.kind == "organisation" or self._takes_part(a)]
        actors = [a for a in actors if not _SUPPLIES.search(self._text(a.start - 24, a.start))]
        if self.words.same_company.search(self.clause.text) and self.topic.company:
            actors = [self.topic.company, *actors]
        distinct: dict[str | None, Mention] = {}
        for actor in actors:
            distinct.setdefault(actor.code or actor.text, actor)
        partners = list(distinct.values())
        if len(partners) == 1 and partners[0].kind == "organisation":
            other = self._other_partner()
            return [other, *partners] if other and other.text != partners[0].text else partners
        return partners

    def _takes_part(self, region: Mention) -> bool:
        if self._is_seat(region) or len(region.code or "") == 2:
            return False
        return self.sentence.lang == "en" or bool(_ACTS_JA.match(self._text(region.end, region.end + 12)))

    def _other_partner(self) -> Mention | None:
        """With whom the one organisation of a clause works: the company or the region spoken of before."""
        if self.sentence.lang == "en":
            return self.topic.actor
        (one,) = self.clause.organisations[:1]
        if self._text(one.start - 1, one.start) == "と":
            return None  # 農家3戸と…が共同で: somebody stands there who is no mention
        return self.topic.region or self.topic.organisation
