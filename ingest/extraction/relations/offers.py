"""Who makes, sells or lends a technology: ``offersTechnology``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.extraction.model import Mention, Relation
from ingest.extraction.relations.reader import ClauseReader


class OfferReader(ClauseReader):
    """Finds the maker in the words between organisation and technology, or in what was spoken of before."""

    def relations(self) -> Iterator[Relation]:
        """What the clause states."""
        technologies = list(self.clause.technologies)
        for technology in technologies:
            for offerer, confidence in self._offerers(technology):
                yield self._relation(offerer, "offersTechnology", technology, confidence)
        if not technologies and self.topic.technology and self._speaks_of_topic():
            maker = self._maker_of_topic()
            if maker:
                yield self._relation(maker, "offersTechnology", self.topic.technology, 0.6)

    def _speaks_of_topic(self) -> bool:
        """Whether a clause without a technology goes on about the last one: この装置は…, …社が製造している."""
        if self.words.same_technology.search(self.clause.text):
            return True
        made = re.search(r"が(?:製造|開発|運転|運営|販売|提供)(?:し|する|を)", self.clause.text)
        return bool(made) and not self.clause.issues

    def _offerers(self, technology: Mention) -> Iterator[tuple[Mention, float]]:
        """Who makes or lends a technology, from the words between the two and behind them."""
        for organisation in self.clause.organisations:
            said = self._offers_it(organisation, technology)
            if said:
                yield organisation, said
                return
        company = self.words.same_company.search(self.clause.text)
        maker = self.topic.company or self.topic.organisation
        if company and maker and not self.clause.organisations and self._offer_verb():
            yield maker, 0.6

    def _offer_verb(self) -> bool:
        return bool(self.words.offered.search(self.clause.text))

    def _offers_it(self, organisation: Mention, technology: Mention) -> float:
        before = organisation.end <= technology.start
        between = self._text(
            *((organisation.end, technology.start) if before else (technology.end, organisation.start))
        )
        if any(
            min(organisation.start, technology.start) < o.start < max(organisation.start, technology.start)
            for o in self._rivals(organisation)
        ):
            return 0.0
        behind = self._text(max(organisation.end, technology.end), self.clause.end)
        if self.sentence.lang == "ja":
            return self._offers_in_japanese(before, between, behind)
        return self._offers_in_english(before, between, behind)

    def _rivals(self, organisation: Mention) -> list[Mention]:
        return [other for other in self.clause.organisations if other is not organisation]

    def _offers_in_japanese(self, before: bool, between: str, behind: str) -> float:
        between = re.sub(r"^[(（][^)）]*[)）]", "", between)
        if before:
            if re.match(r"(?:の|が持つ|が開発した|製の?|による)", between) and len(between) <= 12:
                return 0.9
            if self.words.offered.search(between) and re.match(r"の?(?:が|は|の|も|から)", between):
                return 0.9
            said = self.words.offered.search(behind)
            return (
                0.9
                if said
                and not self.words.used.search(behind)
                and re.match(r"(?:[(（].*?[)）])?(?:は|が|も|から|：|:|、)", between)
                else 0.0
            )
        if re.match(r"(?:は|を|が)", between) and re.match(
            r"(?:の技術|の製品|製|が(?:開発|運転|運営|製造|販売|手がけ|提供)|による)", behind
        ):
            return 0.9
        return 0.9 if re.search(r"(?:手がけた|開発した|製造した|運営する|つくった)のは", between) else 0.0

    def _offers_in_english(self, before: bool, between: str, behind: str) -> float:
        if self.words.used.search(between):
            return 0.0
        if before:
            return (
                0.9 if len(between) < 90 and self.words.offered.search(re.sub(r"\b(?:of|by)\b", "", between)) else 0.0
            )
        return 0.9 if re.search(r"\b(?:of|by|from)\s(?:the\s)?$", between) and len(between) < 40 else 0.0

    def _maker_of_topic(self) -> Mention | None:
        verb = self.words.offered.search(self.clause.text)
        if not verb or self.words.used.search(self.clause.text):
            return None
        if self.clause.organisations:
            return self.clause.organisations[0] if self.sentence.lang == "ja" else None
        said = self.words.same_company.search(self.clause.text)
        return (self.topic.company or self.topic.organisation) if said else None
