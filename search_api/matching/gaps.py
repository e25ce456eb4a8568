"""The view from above: issues that nobody answers, technologies that nobody asks for, concepts that nobody covers."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Lock
from weakref import WeakKeyDictionary

from pydantic import BaseModel, Field

from kg.errors import MeguriError
from kg.iris import record_iri
from kg.namespaces import CES
from search_api.engine.index.search_index import Progress
from search_api.engine.query import Request
from search_api.engine.region_labels import region_label
from search_api.engine.results import ConceptLabel, RegionLabel
from search_api.engine.search import Scored
from search_api.matching.ranking import above_line, request_of
from search_api.matching.records import Side, find_side
from search_api.service import Service

# how many technologies are looked at for each issue, and how many issues for a technology that none of them found
DEPTH = {"technology": 3, "issue": 1}
# so many records of each kind are looked at; the report says where there are more
MOST = 5_000
# so many records are embedded at a time
BATCH = 8
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
    counted: str = Field(description="When they were counted (UTC)")
    current: bool = Field(description="False while records that came or went since are still to be compared")
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
    nearest: Scored | None


@dataclass(frozen=True)
class Findings:
    """What was found for all records of one state of the index, in no language yet; ``counted`` is when (UTC)."""

    state: int
    counted: str
    issues: int
    technologies: list[str]
    asked: list[_Found]
    unasked: list[_Found]


_CACHE: WeakKeyDictionary[object, Findings] = WeakKeyDictionary()
_COUNTING = Lock()


def state_of(service: Service) -> int:
    """Changes whenever a record comes, goes or is revised."""
    return hash(frozenset(service.index.record_hashes().items()))


def gaps_of(service: Service, lang: str, progress: Progress | None = None) -> Gaps:
    """The gaps as they are now; counted anew only where the index has changed since."""
    with _COUNTING:
        known = _CACHE.get(service.index)
        if known is None or known.state != state_of(service):
            known = _CACHE[service.index] = find_all(service, progress)
    return in_language(service, known, lang)


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


def find_all(service: Service, progress: Progress | None = None) -> Findings:
    """Look for an answer to every issue, and for a question to every technology that answers none.

    ``progress`` hears how many of all records were looked at. Their words are embedded many at a time.
    """
    state, ids = state_of(service), sorted(service.index.record_hashes())
    issues = [id_ for id_ in ids if id_.startswith("issue-")]
    technologies = [id_ for id_ in ids if id_.startswith("technology-")]
    total = min(len(issues), MOST) + min(len(technologies), MOST)
    told = partial(_tell, progress, total)
    asked = _found(service, issues, "technology", told)
    wanted = {id_ for found in asked for id_ in found.good}
    told = partial(_tell, progress, total, before=min(len(issues), MOST))
    unasked = _found(service, [id_ for id_ in technologies if id_ not in wanted], "issue", told)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Findings(state, now, len(issues), technologies, asked, unasked)


def _tell(progress: Progress | None, total: int, done: int, before: int = 0) -> None:
    if progress:
        progress(min(before + done, total), total)


def in_language(service: Service, findings: Findings, lang: str, *, current: bool = True) -> Gaps:
    """The table with labels in a language; ``current`` says whether nothing has changed since it was counted."""
    unmet = [found for found in findings.asked if not found.good]
    idle = [found for found in findings.unasked if not found.good]
    offers = [s for id_ in findings.technologies[:MOST] if (s := _side(service, id_))]
    asked = [found.side for found in findings.asked]
    return Gaps(
        language=lang,
        counted=findings.counted,
        current=current,
        issues=findings.issues,
        technologies=len(findings.technologies),
        looked_at=len(asked) + len(offers),
        unmet=[_gap(service, found, lang) for found in unmet],
        idle=[_gap(service, found, lang) for found in idle],
        by={
            name: _counts(service, name, asked, [f.side for f in unmet], offers, [f.side for f in idle], lang)
            for name in _DIMENSIONS
        },
        missing=_missing(service, [f.side for f in unmet], offers, lang),
    )


def _found(service: Service, ids: Sequence[str], find: str, told: Callable[[int], None]) -> list[_Found]:
    found: list[_Found] = []
    for start in range(0, min(len(ids), MOST), BATCH):
        sides = [side for id_ in ids[start : min(start + BATCH, MOST)] if (side := _side(service, id_))]
        requests = [request_of(side, find, "ja", DEPTH[find] + 1) for side in sides]
        service.engine.remember([request.text for request in requests])
        for side, request in zip(sides, requests, strict=True):
            nearest = [one for one in _best(service, request) if one.id != side.id][: DEPTH[find]]
            good = tuple(one.id for one in nearest if above_line(one))
            found.append(_Found(side, good, nearest[0] if nearest else None))
        told(start + len(sides))
    return found


def _best(service: Service, request: Request) -> list[Scored]:
    """The nearest records; none for a record whose words cannot be searched for, such as a title of signs."""
    try:
        return service.engine.best(request)
    except MeguriError:
        return []


def _side(service: Service, id_: str) -> Side | None:
    return find_side(service.store, service.folder.base, id_)


def _gap(service: Service, found: _Found, lang: str) -> Gap:
    near, labels = found.nearest, service.engine.labels
    nearest = _nearest(service, near, lang) if near else None
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


def _nearest(service: Service, near: Scored, lang: str) -> Nearest:
    record = _side(service, near.id)
    title = record.title(lang) if record else near.title
    return Nearest(id=near.id, title=title, score=near.score, closeness=round(near.cosine, 4))


def _values(service: Service, record: Side, dimension: str) -> list[str]:
    """What a record says of a dimension; a technology without a place serves everywhere and counts nowhere."""
    iri = record_iri(service.folder.base, record.id)
    if dimension == "prefecture":
        return [record.region[:2]] if record.region[:2].isdigit() else []
    predicate = CES.hasTheme if dimension == "theme" else CES.suitsLevel
    current = service.engine.concepts.current
    return sorted({today for value in record.graph.objects(iri, predicate) for today in current(str(value))})


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
