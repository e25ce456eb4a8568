"""What is used where, and what was given up: ``deployedIn`` and ``rejected``, never both in one clause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.extraction.model import Mention, Relation
from ingest.extraction.relations.reader import ClauseReader

_LISTED = re.compile(
    r"^\s*(?:[(（][^）)]*[)）])?(?:、|,\s(?:and(?:,\ssince\s\w+,)?\s(?:the\s|in\s)?|the\s)?|と|・"
    r"|\sand\s(?:the\s|in\s)?|及び|および|、および)$"
)
_SUPPLIED = re.compile(r"\b(?:from|by|of)\s(?:the\s)?$")
_WE = re.compile(r"\b(?:we|our|the city|the town|the village|it|they)\b", re.IGNORECASE)
_TOWN_HALL = re.compile(r"\b(?:city|town|village|council|mayor|prefecture|residents|assembly)\b")


class UseReader(ClauseReader):
    """Finds rejections in a clause that refuses or gives up, deployments in any other."""

    def relations(self) -> Iterator[Relation]:
        """What the clause states."""
        rejected = self.words.rejected.search(self.clause.text)
        yield from self._rejections(rejected) if rejected else self._deployments()

    def _rejections(self, verb: re.Match[str]) -> Iterator[Relation]:
        technology, carried = self._technology_at(verb.start())
        if technology is None:
            return
        if carried and not (self.clause.actors or self.words.same_technology.search(self.clause.text)):
            return
        actor = self._rejecting_actor(verb, technology) or self._carried_actor()
        if actor:
            yield self._relation(
                actor, "rejected", technology, 0.65 if carried or actor not in self.clause.actors else 0.9
            )

    def _carried_actor(self) -> Mention | None:
        if self.sentence.lang == "ja" or _TOWN_HALL.search(self.clause.text):
            return self.topic.region
        actor = self.topic.actor
        # a composter from Eco-Loop, but the trial was abandoned: not by its maker
        supplied = actor in self.whole.actors and actor and _SUPPLIED.search(self._text(actor.start - 10, actor.start))
        return self.topic.region if supplied else actor

    def _technology_at(self, place: int) -> tuple[Mention | None, bool]:
        """The technology that a verb speaks of: the last before it, else the first behind, else the last topic."""
        at = self.clause.start + place
        before = [t for t in self.clause.technologies if t.end <= at]
        if not self.clause.technologies:
            before = [t for t in self.whole.technologies if t.end <= self.clause.start]
        behind = [t for t in self.clause.technologies if t.start >= at]
        if before or behind:
            return (before[-1] if before else behind[0]), False
        return self.topic.technology, True

    def _rejecting_actor(self, verb: re.Match[str], technology: Mention) -> Mention | None:
        """Who gave it up: an organisation that is the subject of the verb, else the region."""
        subjects = [o for o in self.clause.organisations if self._is_subject(o, verb.start())]
        if subjects:
            return subjects[-1]
        regions = self.clause.regions
        if regions:
            near = [r for r in regions if not self._is_seat(r)]
            return (near or regions)[-1]
        if self.whole.regions and self.whole.regions[0].end <= self.clause.start:
            return self.whole.regions[0]
        return None

    def _is_subject(self, actor: Mention, verb: int) -> bool:
        after = self._text(actor.end, actor.end + 14)
        if self.sentence.lang == "ja":
            return bool(re.match(r"(?:は|が|も)(?!提案)(?!開発)", after)) and actor.end <= self.clause.start + verb
        return actor.end <= self.clause.start + verb and bool(
            re.match(
                r"\s(?:has\s|have\s|had\s)?(?:decided|rejected|gave|abandoned|dropped|declined|cancel|discontinued"
                r"|turned|opted|did)",
                after,
            )
        )

    def _deployments(self) -> Iterator[Relation]:
        verb = self.words.deployed.search(self.clause.text)
        if not verb:
            return
        if self.words.planned.search(self.clause.text) and not self._is_done(verb):
            return
        technologies = self._deployed_technologies(verb)
        regions, carried = self._deployed_regions()
        for technology in technologies:
            for region in regions:
                sure = not carried and technology in self.clause.technologies
                yield self._relation(technology, "deployedIn", region, 0.75 if sure else 0.55)

    def _is_done(self, verb: re.Match[str]) -> bool:
        done = re.search(r"(?:した|ました|されている|しており|おります|ている|られた)[。、]?$", self.clause.text)
        return bool(done) if self.sentence.lang == "ja" else bool(re.search(r"ed\b|runs?|built|bought", verb.group()))

    def _deployed_technologies(self, verb: re.Match[str]) -> list[Mention]:
        if self.clause.technologies:
            technology, _ = self._technology_at(verb.start())
            return [technology] if technology else []
        if self.words.same_technology.search(self.clause.text) or not self.clause.issues:
            return [self.topic.technology] if self.topic.technology else []
        return []

    def _deployed_regions(self) -> tuple[list[Mention], bool]:
        regions = self.clause.regions or self.whole.regions
        if not regions and self.sentence.lang == "en" and not _WE.search(self.clause.text):
            return [], True
        if regions:
            municipal = [r for r in regions if len(r.code or "") == 5]
            return self._distinct(self._places_of_use(municipal or regions)), False
        return ([self.topic.region] if self.topic.region else []), True

    def _places_of_use(self, regions: Sequence[Mention]) -> list[Mention]:
        """Where several regions stand: those the clause lists, or the one that it says it of."""
        listed = [regions[0]]
        for region in regions[1:]:
            between = self._text(listed[-1].end, region.start)
            if (
                _LISTED.match(between)
                or re.search(r"納入先|実績|in\s[A-Z]|及び|、\S{0,3}$", between)
                or re.match(r"(?:と|、|,)", between)
            ):
                listed.append(region)
        return listed

    @staticmethod
    def _distinct(regions: Iterable[Mention]) -> list[Mention]:
        seen: dict[str | None, Mention] = {}
        for region in regions:
            seen.setdefault(region.code, region)
        return list(seen.values())
