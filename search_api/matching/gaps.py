"""The view from above: issues that nobody answers, technologies that nobody asks for, concepts that nobody covers."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from pydantic import BaseModel, Field

from kg.iris import record_iri
from kg.namespaces import CES
from search_api.engine.results import ConceptLabel, RegionLabel, Result
from search_api.engine.search import region_label
from search_api.matching.ranking import above_line, fitting
from search_api.matching.records import Side, find_side
from search_api.service import Service

# how many technologies are looked at for each issue, and how many issues for a technology that none of them found
DEPTH = {"technology": 3, "issue": 1}
# so many records of each kind are looked at; the report says where there are more
MOST = 5_000
_DIMENSIONS = ("theme", "prefecture", "level")


class Nearest(BaseModel):
    """The best that there is for a record, though it is not good enough."""

    id: str
    title: str
    score: float | None = Field(description="Probability that it is useful; null where nothing is calibrated")
    closeness: float = Field(description="Cosine after language balancing")


class Gap(BaseModel):
    """An issue without an answer, or a technology without a question."""

    id: str
    title: str
    region: RegionLabel | None
    prefecture: str | None
    themes: list[ConceptLabel]
    levels: list[ConceptLabel]
    nearest: Nearest | None


class Count(BaseModel):
    """How one theme, prefecture or level stands; ``value`` is a slug or a code."""

    value: str
    label: str
    issues: int
    unmet: int
    technologies: int
    idle: int


class Missing(BaseModel):
    """A concept that unmet issues name, with how many technologies there are for it."""

    concept: ConceptLabel
    unmet: int
    technologies: int


class Gaps(BaseModel):
    """All gaps of one state of the graph. ``looked_at`` is smaller than the totals where there were too many."""

    language: str
    issues: int
    technologies: int
    looked_at: int
    unmet: list[Gap]
    idle: list[Gap]
    by: dict[str, list[Count]]
    missing: list[Missing]


@dataclass(frozen=True)
class _Found:
    """What was found for a record: the good ones, and the nearest."""

    side: Side
    good: tuple[str, ...]
    nearest: Result | None


_CACHE: WeakKeyDictionary[object, dict[str, tuple[int, Gaps]]] = WeakKeyDictionary()
_COUNTING = Lock()


def gaps_of(service: Service, lang: str) -> Gaps:
    """The gaps as they are now; counted anew only where the index has changed since."""
    with _COUNTING:
        hashes = service.index.record_hashes()
        state = hash(frozenset(hashes.items()))
        known = _CACHE.setdefault(service.index, {})
        if lang not in known or known[lang][0] != state:
            known[lang] = (state, _count(service, sorted(hashes), lang))
        return known[lang][1]


def as_csv(gaps: Gaps) -> bytes:
    """The gaps as a table that a spreadsheet opens (UTF-8 with BOM); formulas in titles stay inert text."""
    text = io.StringIO()
    writer = csv.writer(text)
    header = ("gap", "id", "title", "prefecture", "region", "themes", "levels", "nearest_id", "nearest_title", "score")
    writer.writerow(header)
    for name, found in (("unmet", gaps.unmet), ("idle", gaps.idle)):
        for gap in found:
            near = gap.nearest
            themes, levels = (";".join(c.label for c in group) for group in (gap.themes, gap.levels))
            best = (
                (near.id, near.title, near.score if near.score is not None else near.closeness)
                if near
                else ("", "", "")
            )
            place = (gap.prefecture or "", gap.region.label if gap.region else "")
            writer.writerow([_inert(cell) for cell in (name, gap.id, gap.title, *place, themes, levels, *best)])
    return "\ufeff".encode() + text.getvalue().encode()


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _count(service: Service, ids: Sequence[str], lang: str) -> Gaps:
    issues = _found(service, [id_ for id_ in ids if id_.startswith("issue-")], "technology", lang)
    asked_for = {id_ for found in issues for id_ in found.good}
    technologies = [id_ for id_ in ids if id_.startswith("technology-")]
    unasked = _found(service, [id_ for id_ in technologies if id_ not in asked_for], "issue", lang)
    unmet = [found for found in issues if not found.good]
    idle = [found for found in unasked if not found.good]
    offers = [s for id_ in technologies[:MOST] if (s := _side(service, id_))]
    asked = [found.side for found in issues]
    return Gaps(
        language=lang,
        issues=sum(id_.startswith("issue-") for id_ in ids),
        technologies=len(technologies),
        looked_at=len(issues) + len(offers),
        unmet=[_gap(service, found, lang) for found in unmet],
        idle=[_gap(service, found, lang) for found in idle],
        by={
            name: _counts(service, name, asked, [f.side for f in unmet], offers, [f.side for f in idle], lang)
            for name in _DIMENSIONS
        },
        missing=_missing(service, [f.side for f in unmet], offers, lang),
    )


def _found(service: Service, ids: Sequence[str], find: str, lang: str) -> list[_Found]:
    found = []
    for id_ in ids[:MOST]:
        record = _side(service, id_)
        if record is not None:
            results = fitting(service, record, find, lang, DEPTH[find]).results
            good = tuple(result.id for result in results if above_line(result))
            found.append(_Found(record, good, results[0] if results else None))
    return found


def _side(service: Service, id_: str) -> Side | None:
    return find_side(service.store, service.folder.base, id_)


def _gap(service: Service, found: _Found, lang: str) -> Gap:
    near, labels = found.nearest, service.engine.labels
    nearest = Nearest(id=near.id, title=near.title, score=near.score, closeness=near.evidence.dense) if near else None
    prefecture = region_label(found.side.region[:2], lang) if found.side.region[:2].isdigit() else None
    return Gap(
        id=found.side.id,
        title=found.side.title(lang),
        region=region_label(found.side.region, lang) if found.side.region else None,
        prefecture=prefecture.label if prefecture else None,
        themes=labels(_values(service, found.side, "theme"), lang),
        levels=labels(_values(service, found.side, "level"), lang),
        nearest=nearest,
    )


def _values(service: Service, record: Side, dimension: str) -> list[str]:
    """What a record says of a dimension; a technology without a place serves everywhere and counts nowhere."""
    iri = record_iri(service.folder.base, record.id)
    if dimension == "prefecture":
        return [record.region[:2]] if record.region[:2].isdigit() else []
    predicate = CES.hasTheme if dimension == "theme" else CES.suitsLevel
    return sorted(str(value) for value in record.graph.objects(iri, predicate))


def _counts(
    service: Service,
    dimension: str,
    issues: Iterable[Side],
    unmet: Iterable[Side],
    technologies: Iterable[Side],
    idle: Iterable[Side],
    lang: str,
) -> list[Count]:
    counters = [
        Counter(value for record in group for value in _values(service, record, dimension))
        for group in (issues, unmet, technologies, idle)
    ]
    values = sorted({*counters[0], *counters[2]}, key=lambda v: (-counters[1][v], -counters[3][v], v))
    return [
        Count(
            value=value.rpartition("/")[2],
            label=_label(service, value, lang),
            issues=counters[0][value],
            unmet=counters[1][value],
            technologies=counters[2][value],
            idle=counters[3][value],
        )
        for value in values
    ]


def _label(service: Service, value: str, lang: str) -> str:
    concept = service.engine.concepts.get(value)
    if concept is not None:
        return concept.label(lang)
    region = region_label(value, lang)
    return region.label if region else value


def _missing(service: Service, unmet: Iterable[Side], offers: Iterable[Side], lang: str) -> list[Missing]:
    """Themes and resources that unmet issues name, those that the fewest technologies cover first."""
    base, concepts = service.folder.base, service.engine.concepts

    def named(records: Iterable[Side]) -> Counter[str]:
        predicates = (CES.hasTheme, CES.concernsResource, CES.usesResource, CES.technologyKind)
        return Counter(
            str(value)
            for record in records
            for value in {v for p in predicates for v in record.graph.objects(record_iri(base, record.id), p)}
        )

    wanted, offered = named(unmet), named(offers)
    rows = []
    for iri, count in wanted.items():
        if iri in concepts:
            covering = sum(offered[below] for below in concepts.with_narrower(iri))
            rows.append((covering, -count, iri))
    labels = {label.iri: label for label in service.engine.labels([iri for *_, iri in rows], lang)}
    return [
        Missing(concept=labels[iri], unmet=-count, technologies=covering) for covering, count, iri in sorted(rows)[:40]
    ]
