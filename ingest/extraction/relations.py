"""Reads how the things of a text are related: clause by clause, with what earlier clauses spoke of carried over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest.extraction.model import Mention, Predicate, Relation
from ingest.extraction.relation_words import RelationWords, relation_words
from ingest.extraction.sentences import Sentence

_LISTED = re.compile(
    r"^\s*(?:[(（][^）)]*[)）])?(?:、|,\s(?:and(?:,\ssince\s\w+,)?\s(?:the\s|in\s)?|the\s)?|と|・"
    r"|\sand\s(?:the\s|in\s)?|及び|および|、および)$"
)
# an actor is what a clause speaks of, not where it happens
_ACTS_JA = re.compile(r"(?:[(（][^）)]*[)）])?(?:は|が|も|と|、|・|及び|および|並びに|では|の[3３三]者|など|:|：)")
_SPEAKS_JA = re.compile(r"(?:は|が|も|では|では、|としては|としても|の業界|：|:)")
_SUFFERS_EN = re.compile(r"[^.;]{0,30}?\b(?:fac|suffer|struggl|has|have|report|complain|worr|is|are|was)")
_WE = re.compile(r"\b(?:we|our|the city|the town|the village|it|they)\b", re.IGNORECASE)
_TOWN_HALL = re.compile(r"\b(?:city|town|village|council|mayor|prefecture|residents|assembly)\b")
# whoever only supplies is no partner
_SUPPLIES = re.compile(
    r"(?:developed|made|supplied|built|provided|manufactured|operated|run|sold|proposed"
    r"|offered)\sby\s(?:the\s)?$|\bof\s(?:the\s)?$"
)
_NOT_ANSWERED = re.compile(r"(?:でき(?:ず|な|ませ)|困難|至ら|ならず|進まず|\b(?:not|cannot|failed|unable|difficult)\b)")
_COMPANY = re.compile(r"会社|[(（]株|㈱|㈲|Co\.|Ltd|Inc|Corp|LLC|Company|K\.K")


@dataclass(frozen=True)
class Clause:
    """A part of a sentence (half-open, characters of the document) with the mentions in it, in order."""

    start: int
    end: int
    text: str
    actors: tuple[Mention, ...]
    technologies: tuple[Mention, ...]
    issues: tuple[Mention, ...]

    @property
    def regions(self) -> list[Mention]:
        """The regions among the actors."""
        return [actor for actor in self.actors if actor.kind == "region"]

    @property
    def organisations(self) -> list[Mention]:
        """The organisations among the actors."""
        return [actor for actor in self.actors if actor.kind == "organisation"]


@dataclass
class Topic:
    """What the text spoke of last."""

    region: Mention | None = None
    organisation: Mention | None = None
    company: Mention | None = None
    actor: Mention | None = None
    main: Mention | None = None
    paragraph: int = 0
    technology: Mention | None = None
    issue: Mention | None = None

    def enter(self, paragraph: int) -> None:
        """A new paragraph speaks of the document's own region until it names another."""
        if paragraph != self.paragraph and self.main is not None:
            self.region = self.main
        self.paragraph = paragraph

    def note(self, clause: Clause) -> None:
        """Remember what a clause spoke of."""
        self.region = clause.regions[0] if clause.regions else self.region
        self.organisation = clause.organisations[-1] if clause.organisations else self.organisation
        companies = [o for o in clause.organisations if _COMPANY.search(o.text)]
        self.company = companies[-1] if companies else self.company
        self.actor = clause.actors[0] if clause.actors else self.actor
        self.technology = clause.technologies[-1] if clause.technologies else self.technology
        self.issue = clause.issues[-1] if clause.issues else self.issue


def find_relations(sentences: Iterable[Sentence], mentions: Sequence[Mention]) -> list[Relation]:
    """The relations of a text, each once, in the order in which they are said."""
    topic = Topic(main=_main_region(mentions))
    found: dict[tuple[str, str, str], Relation] = {}
    for sentence in sentences:
        inside = [m for m in mentions if sentence.start <= m.start and m.end <= sentence.end]
        topic.enter(sentence.paragraph)
        if sentence.text.startswith(("#", "＃")) or not sentence.text:
            for clause in _clauses(sentence, inside):
                topic.note(clause)
            continue
        for relation in _in_sentence(sentence, inside, topic):
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
    pair = tuple(end.code or end.text for end in (relation.subject, relation.object))
    ends = tuple(sorted(pair)) if relation.predicate == "partnerOf" else pair
    return (ends[0], relation.predicate, ends[1])


def _in_sentence(sentence: Sentence, mentions: Sequence[Mention], topic: Topic) -> Iterator[Relation]:
    words = relation_words(sentence.lang)
    whole = _clause(sentence, mentions, sentence.start, sentence.end)
    for clause in _clauses(sentence, mentions):
        reader = _ClauseReader(clause, whole, sentence, words, topic)
        yield from reader.relations()
        topic.note(clause)


def _clauses(sentence: Sentence, mentions: Sequence[Mention]) -> Iterator[Clause]:
    words = relation_words(sentence.lang)
    cuts = [sentence.start + match.end() for match in words.clause.finditer(sentence.text)]
    cuts = [cut for cut in cuts if not any(m.start < cut < m.end for m in mentions)]
    for start, end in zip([sentence.start, *cuts], [*cuts, sentence.end], strict=True):
        if start < end:
            yield _clause(sentence, mentions, start, end)


def _clause(sentence: Sentence, mentions: Sequence[Mention], start: int, end: int) -> Clause:
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    return Clause(
        start,
        end,
        sentence.text[start - sentence.start : end - sentence.start],
        tuple(m for m in inside if m.kind in ("region", "organisation")),
        tuple(m for m in inside if m.kind == "technology"),
        tuple(m for m in inside if m.kind == "issue"),
    )


@dataclass(frozen=True)
class _ClauseReader:
    """Reads one clause; ``whole`` is its sentence, ``topic`` what came before."""

    clause: Clause
    whole: Clause
    sentence: Sentence
    words: RelationWords
    topic: Topic

    def relations(self) -> Iterator[Relation]:
        """All relations that the clause states."""
        rejected = self.words.rejected.search(self.clause.text)
        if rejected:
            yield from self._rejections(rejected)
        else:
            yield from self._deployments()
        yield from self._offers()
        yield from self._answers()
        yield from self._faced()
        yield from self._partners()

    def _relation(self, subject: Mention, predicate: Predicate, object_: Mention, confidence: float) -> Relation:
        return Relation(subject, predicate, object_, self.sentence.start, self.sentence.end, confidence)

    def _rejections(self, verb: re.Match[str]) -> Iterator[Relation]:
        technology, carried = self._technology_at(verb.start())
        if technology is None:
            return
        if carried and not (self.clause.actors or self.words.same_technology.search(self.clause.text)):
            return
        actor = self._rejecting_actor(verb, technology) or self._carried_actor()
        if actor:
            yield self._relation(
                actor, "rejected", technology, 0.65 if carried or actor not in self.clause.actors else 0.8
            )

    def _carried_actor(self) -> Mention | None:
        if self.sentence.lang == "ja" or _TOWN_HALL.search(self.clause.text):
            return self.topic.region
        return self.topic.actor

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

    def _is_seat(self, region: Mention) -> bool:
        """Whether a region only says where an organisation sits: （愛知県豊橋市）."""
        return self._text(region.start - 1, region.start) in "(（" and bool(self._text(region.start - 1, region.start))

    def _text(self, start: int, end: int) -> str:
        base = self.sentence.start
        return self.sentence.text[max(start - base, 0) : max(end - base, 0)]

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

    def _offers(self) -> Iterator[Relation]:
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
                return 0.8
            if self.words.offered.search(between) and re.match(r"の?(?:が|は|の|も|から)", between):
                return 0.7
            said = self.words.offered.search(behind)
            return (
                0.7
                if said
                and not self.words.used.search(behind)
                and re.match(r"(?:[(（].*?[)）])?(?:は|が|も|から|：|:|、)", between)
                else 0.0
            )
        if re.match(r"(?:は|を|が)", between) and re.match(
            r"(?:の技術|の製品|製|が(?:開発|運転|運営|製造|販売|手がけ|提供)|による)", behind
        ):
            return 0.8
        return 0.8 if re.search(r"(?:手がけた|開発した|製造した|運営する|つくった)のは", between) else 0.0

    def _offers_in_english(self, before: bool, between: str, behind: str) -> float:
        if self.words.used.search(between):
            return 0.0
        if before:
            return (
                0.8 if len(between) < 90 and self.words.offered.search(re.sub(r"\b(?:of|by)\b", "", between)) else 0.0
            )
        return 0.8 if re.search(r"\b(?:of|by|from)\s(?:the\s)?$", between) and len(between) < 40 else 0.0

    def _maker_of_topic(self) -> Mention | None:
        verb = self.words.offered.search(self.clause.text)
        if not verb or self.words.used.search(self.clause.text):
            return None
        if self.clause.organisations:
            return self.clause.organisations[0] if self.sentence.lang == "ja" else None
        said = self.words.same_company.search(self.clause.text)
        return (self.topic.company or self.topic.organisation) if said else None

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

    def _partners(self) -> Iterator[Relation]:
        joined = self.words.joined.search(self.clause.text)
        carried = self.words.same_company.search(self.clause.text) and self.topic.company
        if not joined or not (self.whole.organisations or carried):
            return
        partners = self._partaking()
        for one, other in combinations(partners, 2):
            if not (one.kind == other.kind == "region"):
                yield self._relation(one, "partnerOf", other, 0.7)

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
        return self.topic.region or self.topic.organisation
