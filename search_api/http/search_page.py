"""The search page: the form with what was chosen, the results as cards, the ways to narrow and widen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search_api.engine.concepts import Concept, ConceptGraph
from search_api.engine.query import KINDS
from search_api.engine.results import FacetValue, PassageEvidence, Result, SearchAnswer, Understood
from search_api.engine.situation import EVERYTHING
from search_api.http.context import Context
from search_api.http.labels import in_language
from search_api.http.region_choices import Group, Option, region_groups
from search_api.matching.ranking import above_line
from search_api.web.reader import Reader
from search_api.web.words import Piece, closeness, highlighted, likelihood

# the order in which the page offers them; a kind that is asked for by address is shown as well
FINDS = ("technology", "issue", "region", "partner", "resource", "document", "any")
PAGE = 10
SHOWN_QUERY = 1_000


@dataclass(frozen=True)
class Asked:
    """What the form holds; everything is text as it came."""

    q: str = ""
    find: str = "technology"
    region: str = ""
    level: str = ""
    theme: str = ""
    sdg: str = ""
    offset: int = 0
    ignore: tuple[str, ...] = ()
    fitting: bool = False

    def address(self, reader: Reader) -> str:
        """The address that asks the same."""
        find = None if self.find == "technology" else self.find
        fitting = "true" if self.fitting else None
        filters = {"region": self.region, "level": self.level, "theme": self.theme, "sdg": self.sdg}
        return reader.link(
            "/", q=self.q, find=find, offset=self.offset or None, ignore=self.ignore, fitting=fitting, **filters
        )


@dataclass(frozen=True)
class Form:
    """The choices of the form."""

    asked: Asked
    finds: tuple[str, ...]
    regions: list[Group]
    themes: list[Group]
    levels: list[Option]
    goals: list[Option]
    filtered: bool


@dataclass(frozen=True)
class Link:
    """A label that leads somewhere; ``count`` where it is known, ``active`` where it is chosen already."""

    label: str
    href: str
    count: int | None = None
    active: bool = False


@dataclass(frozen=True)
class Reading:
    """What was read from the query's words: ``turn`` takes it back (or up again), ``choices`` say which is meant."""

    text: str
    label: str
    kind: str
    use: str
    turn: str
    choices: list[Link]


@dataclass(frozen=True)
class Quote:
    """The sentence that speaks for a result, in pieces, with the address of its passage."""

    pieces: list[Piece]
    lang: str
    href: str | None
    page: int | None


@dataclass(frozen=True)
class Card:
    """A result as it is shown; ``ruled_out`` where the records say that a condition is not met."""

    result: Result
    href: str
    nearness: int
    named: bool
    by_meaning: bool
    quoted_summary: bool
    title: list[Piece]
    quotes: list[Quote]
    concepts: list[Link]
    paths: list[str]
    themes: list[Link]
    regions: list[Link]
    ruled_out: bool


@dataclass(frozen=True)
class Results:
    """A page of results; ``far``: even the first is not near; after ``likely`` of them none reaches the line."""

    answer: SearchAnswer
    cards: list[Card]
    facets: list[tuple[str, list[Link]]]
    removable: list[Link]
    read: list[Reading]
    unfit: int
    fitting: str
    first: int
    previous: str | None
    next: str | None
    far: bool
    likely: int


def form_of(context: Context, reader: Reader, asked: Asked) -> Form:
    """The form with its choices in the reader's language."""
    concepts = context.service.engine.concepts
    finds = FINDS if asked.find in FINDS or asked.find not in KINDS else (*FINDS, asked.find)
    return Form(
        asked=replace(asked, q=asked.q[:SHOWN_QUERY]),
        finds=finds,
        regions=region_groups(reader.lang, asked.region),
        themes=theme_groups(concepts, reader.lang),
        levels=[Option(_slug(c), in_language(c.labels, reader.lang).text) for c in _levels(concepts)],
        goals=goal_options(concepts, reader.lang, asked.sdg),
        filtered=bool(asked.region or asked.level or asked.theme or asked.sdg),
    )


def results_of(context: Context, reader: Reader, asked: Asked, answer: SearchAnswer) -> Results:
    """The cards of an answer, with the links around them."""
    cards = [_card(context, reader, asked, result) for result in answer.results]
    return Results(
        answer=answer,
        cards=cards,
        facets=[(n, links) for n, values in answer.facets.items() if (links := _facet(reader, asked, n, values))],
        removable=_removable(context, reader, asked),
        unfit=answer.unfit,
        fitting=replace(asked, fitting=not asked.fitting, offset=0).address(reader),
        read=readings_of(asked, reader, answer.understood),
        first=asked.offset + 1,
        previous=replace(asked, offset=max(0, asked.offset - PAGE)).address(reader) if asked.offset else None,
        next=replace(asked, offset=answer.next).address(reader) if answer.next else None,
        far=not asked.offset and _far(answer, cards),
        likely=max((n for n, r in enumerate(answer.results, 1) if r.score is None or above_line(r)), default=0),
    )


def theme_groups(concepts: ConceptGraph, lang: str) -> list[Group]:
    """Each top theme with the themes below it."""
    themes = list(concepts.in_scheme("theme"))
    below = {theme.iri: concepts.with_narrower(theme.iri)[1:] for theme in themes}
    narrower = {iri for iris in below.values() for iri in iris}
    groups = []
    for top in sorted((t for t in themes if t.iri not in narrower), key=lambda t: t.iri):
        inner = sorted((c for iri in below[top.iri] if (c := concepts.get(iri))), key=lambda c: c.label(lang))
        options = [Option(_slug(c), c.label(lang)) for c in inner]
        groups.append(Group(Option(_slug(top), top.label(lang)), options))
    return groups


def goal_options(concepts: ConceptGraph, lang: str, chosen: str) -> list[Option]:
    """The goals that some theme contributes to; a target that was chosen by address stands first."""
    goals = [c for c in concepts.in_scheme("sdg") if _slug(c).isdigit() and concepts.contributing_to(c.iri)]
    options = [Option(_slug(goal), goal.label(lang)) for goal in sorted(goals, key=lambda goal: int(_slug(goal)))]
    others = (c for c in concepts.in_scheme("sdg") if _slug(c) == chosen and c not in goals)
    return [*(Option(_slug(c), c.label(lang)) for c in others), *options]


def _far(answer: SearchAnswer, cards: Sequence[Card]) -> bool:
    """Whether nothing is good enough; where nothing was calibrated, whether all are far and share no concept."""
    if not cards or not answer.answered or answer.results[0].score is not None:
        return bool(cards) and not answer.answered
    return cards[0].nearness <= 2 and not any(card.concepts for card in cards[:3])


def _card(context: Context, reader: Reader, asked: Asked, result: Result) -> Card:
    evidence, labels = result.evidence, context.labels
    marks = [*evidence.matched_terms, *(concept.label for concept in evidence.shared_concepts)]
    concepts = [(concept.label, labels.path(concept.iri)) for concept in evidence.shared_concepts]
    speaks = bool(marks or evidence.paths)
    between = "、" if reader.lang == "ja" else "; "
    place = result.regions[0].code if result.regions else ""
    return Card(
        result=result,
        href=reader.link(f"/region/{place}" if result.kind == "region" else f"/id/{result.id}"),
        nearness=closeness(evidence.dense) if result.score is None else likelihood(result.score),
        named=result.kind == "region" and evidence.dense >= 1,
        by_meaning=not speaks and bool(evidence.passages),
        quoted_summary=bool(marks) and any(p.field and p.start == 0 for p in evidence.passages),
        title=highlighted(result.title, marks),
        quotes=[_quote(context, reader, p, marks, speaks) for p in evidence.passages if speaks or p.iri],
        concepts=[Link(label, reader.link(path)) for label, path in concepts if path],
        paths=[between.join(step.text for step in path) for path in evidence.paths],
        themes=[Link(t.label, _with(asked, reader, theme=t.iri.rpartition("/")[2])) for t in result.themes[:4]],
        regions=[Link(region.label, reader.link(f"/region/{region.code}")) for region in result.regions],
        ruled_out=any(c.certain and c.status == "unmet" for c in evidence.conditions),
    )


def _quote(context: Context, reader: Reader, passage: PassageEvidence, marks: Sequence[str], speaks: bool) -> Quote:
    """The sentence with its marks; where it shares nothing with the query it is no reason, only a place."""
    path = context.labels.path(passage.iri) if passage.iri else None
    href = reader.link(path, at=f"{passage.start}-{passage.end}") if path else None
    return Quote(highlighted(passage.text, marks) if speaks else [], passage.lang, href, passage.page)


def _facet(reader: Reader, asked: Asked, name: str, values: Iterable[FacetValue]) -> list[Link]:
    """The values of a facet as links; a facet with one value that is not chosen says nothing."""
    parameter = "find" if name == "kind" else name
    chosen = getattr(asked, parameter, "")
    links = [Link(v.label, _with(asked, reader, **{parameter: v.value}), v.count, v.value == chosen) for v in values]
    return links if len(links) > 1 else []


def _removable(context: Context, reader: Reader, asked: Asked) -> list[Link]:
    """The chosen filters, each with the address without it."""
    found = []
    for name in ("region", "level", "theme", "sdg"):
        value = getattr(asked, name)
        if value:
            label = _filter_label(context, reader, name, value)
            found.append(Link(label, _with(asked, reader, **{name: ""})))
    return found


def readings_of(asked: Asked, reader: Reader, understood: Iterable[Understood]) -> list[Reading]:
    """The places, amounts and traits that were read, each with the addresses that change what becomes of it."""
    found = []
    for part in understood:
        others = tuple(text for text in asked.ignore if text not in (part.text, EVERYTHING))
        ignore = others if part.use == "ignored" else (*asked.ignore, part.text)
        turn = replace(asked, ignore=ignore, offset=0).address(reader)
        choices = [Link(c.label, _with(asked, reader, region=c.code)) for c in part.candidates]
        found.append(Reading(part.text, part.label, part.kind, part.use, turn, choices))
    return found


def _filter_label(context: Context, reader: Reader, name: str, value: str) -> str:
    if name == "region":
        options = (o for g in region_groups(reader.lang, value) for o in (g.whole, *g.options))
        return next((option.label for option in options if option.value == value), value)
    concepts = context.service.engine.concepts.in_scheme(name)
    return next((c.label(reader.lang) for c in concepts if _slug(c) == value), value)


def _with(asked: Asked, reader: Reader, **changes: str) -> str:
    return Asked(**{**asked.__dict__, **changes, "offset": 0}).address(reader)


def _levels(concepts: ConceptGraph) -> list[Concept]:
    order = ("community", "region", "block", "international")
    known = {_slug(concept): concept for concept in concepts.in_scheme("level")}
    return [known[slug] for slug in order if slug in known]


def _slug(concept: Concept) -> str:
    return concept.iri.rpartition("/")[2]
