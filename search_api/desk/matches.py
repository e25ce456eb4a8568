"""The life of a match: made, moved along the steps that the ontology allows, and published when both sides agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rdflib import Literal, URIRef

from ingest.rdf import record_statements
from ingest.records_programmes import Project
from kg.commit import Submission
from kg.errors import MeguriError
from kg.iris import record_id, record_iri
from kg.namespaces import CES, REGION
from kg.provenance import Activity, Origin, Source
from kg.queries import load_query
from kg.store import GraphStore
from kg.terms import content_hash
from search_api.desk.desk import Desk
from search_api.desk.writers import DeskWriter
from search_api.matching.records import Side, require_pair, side
from search_api.version import AGENT

if TYPE_CHECKING:
    from search_api.relational.matches import Event, Match

MAX_REASON = 2_000
# a refusal may be taken up again only with a new reason; the ontology calls it an end
REOPENED = ("declined", "suggested")


@dataclass
class State:
    """A state of the ontology: its labels and the states that may follow."""

    labels: dict[str, str] = field(default_factory=dict)
    following: set[str] = field(default_factory=set)


def states(store: GraphStore) -> dict[str, State]:
    """The states by slug, as the ontology has them."""
    found: dict[str, State] = defaultdict(State)
    for row in store.select(load_query("match_states", "search_api.matching.queries")):
        state, label = found[_slug(row["state"])], row["label"]
        assert isinstance(label, Literal)
        state.labels[label.language or ""] = str(label)
        state.following.update([_slug(row["next"])] if "next" in row else [])
    return dict(found)


def start(desk: Desk, issue: str, technology: str, actor: str, reason: str | None) -> Match:
    """A new match in the state suggested.

    Raises MeguriError: ``record_unknown``, ``match_kind``, ``match_exists``.
    """
    from search_api.relational.matches import Match, match_id  # noqa: PLC0415

    with desk.writing():
        asked, offered = _sides(desk, issue, technology)
        made = Match(
            id=match_id(issue, technology),
            issue=issue,
            technology=technology,
            region=asked.region,
            state="suggested",
            issue_hash=asked.hash,
            technology_hash=offered.hash,
        )
        with desk.database.transaction() as tx:
            known = tx.matches.get(made.id)
            if known is not None:
                raise _exists(known)
            tx.audit.add(actor, "match", made.id, {"issue": issue, "technology": technology})
            return tx.matches.add(made, actor, _trimmed(reason))


@dataclass(frozen=True)
class Step:
    """What is to be done to a match: a new state (None keeps it), and which sides agree that it be published."""

    to: str | None = None
    reason: str | None = None
    version: int | None = None
    publish: tuple[str, ...] = ()


def move(desk: Desk, id_: str, step: Step, actor: str) -> Match:
    """Carry out a step; an adopted match that both sides publish enters the graph as a project.

    Raises MeguriError: ``match_unknown``, ``match_changed``, ``match_step``, ``reason_needed``, ``filter_unknown``.
    """
    with desk.writing():
        with desk.database.reading() as tx:
            match = tx.matches.get(id_)
        if match is None:
            raise match_unknown(id_)
        changes = _changes(desk, match, step)
        with desk.database.transaction() as tx:
            moved = tx.matches.move(match, actor, _trimmed(step.reason), **changes)
            if moved is None or step.version not in (None, match.version):
                raise _changed(match)
            tx.audit.add(actor, "match-step", id_, {"to": moved.state, "version": moved.version})
        if moved.state == "adopted" and moved.publish_issue and moved.publish_technology and not moved.project:
            return _publish(desk, moved)
        return moved


def _changes(desk: Desk, match: Match, step: Step) -> dict[str, Any]:
    if step.version not in (None, match.version):
        raise _changed(match)
    known = states(desk.service.store)
    changes: dict[str, Any] = {}
    if step.to is not None:
        if step.to not in known or (step.to not in known[match.state].following and (match.state, step.to) != REOPENED):
            raise _no_step(match, step.to, known)
        if (step.to == "declined" or (match.state, step.to) == REOPENED) and not _trimmed(step.reason):
            raise _reason_needed()
        asked, offered = _sides(desk, match.issue, match.technology)
        changes |= {"state": step.to, "issue_hash": asked.hash, "technology_hash": offered.hash}
    for name in step.publish:
        if name not in ("issue", "technology"):
            raise _no_side(name)
        changes[f"publish_{name}"] = True
    return changes


def _publish(desk: Desk, match: Match) -> Match:
    """The match as a project in the graph; its link follows by the outbox, so that no crash loses it."""
    from search_api.relational.outbox import Effect  # noqa: PLC0415

    submission = project_of(desk, match)
    effect = Effect("project", submission.id, content_hash(submission.graph), {"match": match.id})
    with desk.database.transaction() as tx:
        noted = tx.outbox.add([effect])
    (outcome,) = DeskWriter(desk).commit([submission], Activity.now(AGENT))
    with desk.database.transaction() as tx:
        if outcome.state != "rejected":
            tx.matches.published(match.id, submission.id)
        tx.outbox.done(noted)
        found = tx.matches.get(match.id)
    if outcome.state == "rejected":
        first = outcome.findings[0]
        raise MeguriError(code="project_invalid", en=first.en, ja=first.ja)
    assert found is not None
    return found


def project_of(desk: Desk, match: Match) -> Submission:
    """The project that an adopted match is: what is used, where, for which issue, by whom."""
    asked, offered = _sides(desk, match.issue, match.technology)
    base = desk.base
    iri = record_iri(base, match.technology)
    makers = tuple(str(maker) for maker in offered.graph.objects(iri, CES.offeredBy))
    langs = sorted({*asked.titles, *offered.titles} & {"ja", "en"}) or ["ja"]
    sentence = {"ja": "「{issue}」への「{technology}」の導入", "en": "{technology} adopted for: {issue}"}
    labels = {lang: sentence[lang].format(issue=asked.title(lang), technology=offered.title(lang)) for lang in langs}
    project = Project.model_validate(
        {
            "id": record_id("project", match.id),
            "labels": labels,
            "languages": tuple(langs),
            "used_technology": str(iri),
            "addressed_issue": str(record_iri(base, match.issue)),
            "partners": makers,
            "regions": (f"{REGION}{asked.region}",) if asked.region else (),
            "themes": tuple(sorted(str(t) for t in asked.graph.objects(record_iri(base, match.issue), CES.hasTheme))),
            "started": datetime.now(UTC).date(),
            "source": "Meguri: a match that both sides published / 双方が公開したマッチング",
        }
    )
    digest = content_hash(record_statements(project, base))
    return Submission(
        project.id, record_statements(project, base), Origin(Source("matches", digest, "application/json"))
    )


def shown(match: Match, history: list[Event], labels: Mapping[str, State]) -> dict[str, Any]:
    """A match with its history, as the API and the command give it."""
    names = (
        "id",
        "issue",
        "technology",
        "region",
        "state",
        "version",
        "publish_issue",
        "publish_technology",
        "project",
    )
    entry = {name: getattr(match, name) for name in (*names, "created_at", "updated_at")}
    entry["state_label"] = labels[match.state].labels if match.state in labels else {}
    entry["next"] = sorted(labels[match.state].following) if match.state in labels else []
    return entry | {"history": [vars(event) for event in history]}


def as_json(desk: Desk, match: Match) -> dict[str, Any]:
    """A match with its history, read anew."""
    with desk.database.reading() as tx:
        return shown(match, tx.matches.history(match.id), states(desk.service.store))


def _sides(desk: Desk, issue: str, technology: str) -> tuple[Side, Side]:
    store, base = desk.service.store, desk.base
    asked, offered = side(store, base, issue), side(store, base, technology)
    if require_pair(asked.kind, issue) != "technology":
        require_pair("", issue)
    if require_pair(offered.kind, technology) != "issue":
        require_pair("", technology)
    return asked, offered


def _slug(iri: object) -> str:
    assert isinstance(iri, URIRef)
    return str(iri).rpartition("/")[2]


def _trimmed(reason: str | None) -> str | None:
    return (reason or "").strip()[:MAX_REASON] or None


def match_unknown(id_: str) -> MeguriError:
    """There is no such match."""
    return MeguriError(
        code="match_unknown",
        en=f"There is no match {id_[:60]!r}.",
        ja=f"「{id_[:60]}」というマッチングはありません。",
        remedy_en="See `meguri match list`, or start one with `meguri match start ISSUE TECHNOLOGY`.",
        remedy_ja="`meguri match list` で確認するか、`meguri match start 課題 技術` で始めてください。",
    )


def _exists(match: Match) -> MeguriError:
    return MeguriError(
        code="match_exists",
        en=f"This pair is known already as {match.id}, in the state {match.state}.",
        ja=f"この組合せは、すでに {match.id}（{match.state}）としてあります。",
        remedy_en="Move that match instead.",
        remedy_ja="そのマッチングの状態を進めてください。",
    )


def _changed(match: Match) -> MeguriError:
    return MeguriError(
        code="match_changed",
        en=f"{match.id} was changed by somebody else; it has version {match.version} now.",
        ja=f"{match.id} は、ほかの人が先に変更しました（現在の版は {match.version}）。",
        remedy_en="Read it again, and decide anew.",
        remedy_ja="もう一度読み込んでから判断してください。",
    )


def _no_step(match: Match, to: str, known: Mapping[str, State]) -> MeguriError:
    allowed = sorted(known[match.state].following) or ["-"]
    return MeguriError(
        code="match_step",
        en=f"A match in the state {match.state} cannot become {to[:30]!r}.",
        ja=f"状態が {match.state} のマッチングは「{to[:30]}」にできません。",
        remedy_en=f"Possible next: {', '.join(allowed)}.",
        remedy_ja=f"次に選べる状態: {', '.join(allowed)}",
    )


def _no_side(name: str) -> MeguriError:
    return MeguriError(
        code="filter_unknown",
        en=f"A match has no side {name[:30]!r}.",
        ja=f"マッチングに「{name[:30]}」という側はありません。",
        remedy_en="Use issue, technology, or both.",
        remedy_ja="issue、technology、または両方を指定してください。",
    )


def _reason_needed() -> MeguriError:
    return MeguriError(
        code="reason_needed",
        en="Declining, and taking a declined match up again, need a reason.",
        ja="見送りにするとき、見送りを取り消すときは、理由が必要です。",
        remedy_en="Say why; it stays unpublished and improves later suggestions.",
        remedy_ja="理由を書いてください。公開はされず、以後の提案に生かされます。",
    )
