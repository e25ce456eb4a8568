"""A search request: what may be asked, and what is refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.normalise.text import language_of
from ingest.regions.register import RegionRegister
from kg.errors import MeguriError
from search_api.engine.concepts import ConceptGraph
from search_api.engine.index.balance import QueryKind
from search_api.engine.index.filters import Filters
from search_api.engine.situation import NOWHERE, Situation, situation_of

KINDS = ("technology", "issue", "partner", "region", "resource", "scheme", "project", "event", "document", "any")
MAX_CHARACTERS = 5_000
MAX_LIMIT = 100
MAX_OFFSET = 1_000
DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Request:
    """What a user asked, as it came; ``level`` and ``theme`` are slugs, labels or IRIs of concepts.

    ``ignore`` are words of the text whose place, amount or trait is not to count ("*": none of them). A ``situation``
    that is known already, as that of a registered issue, stands instead of what the text tells. ``fitting_only``
    leaves out what certainly does not fit the situation. ``kind`` tells what the text is where it is known, the words
    of a registered issue or technology; such a text is embedded once and its vector kept.
    """

    text: str
    find: str = "technology"
    region: str | None = None
    level: str | None = None
    theme: str | None = None
    lang: str | None = None
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    sdg: str | None = None
    ignore: tuple[str, ...] = ()
    situation: Situation | None = None
    fitting_only: bool = False
    kind: QueryKind | None = None


@dataclass(frozen=True)
class Query:
    """A request that was understood: ``lang`` is the language of the text, ``response_lang`` that of the labels.

    ``registered``: the text is a record's own. ``spelling``: a text in kana or romaji as it is usually written.
    """

    text: str
    find: str
    lang: str
    response_lang: str
    kind: QueryKind
    filters: Filters
    limit: int
    offset: int
    situation: Situation = NOWHERE
    fitting_only: bool = False
    registered: bool = False
    spelling: str = ""

    @property
    def matter(self) -> str:
        """What is asked for, without the place and the amounts that became conditions."""
        return self.spelling or (self.text if self.find == "any" else self.situation.rest(self.text))


def understand(request: Request, concepts: ConceptGraph) -> Query:
    """Check a request and resolve its filters.

    Raises MeguriError: ``query_empty``, ``query_too_long``, ``query_without_words``, ``filter_unknown``.
    """
    text = _text(request.text)
    if request.find not in KINDS:
        raise filter_unknown("find", request.find, ", ".join(KINDS))
    if request.lang not in (None, "ja", "en"):
        raise filter_unknown("lang", str(request.lang), "ja, en")
    if not 1 <= request.limit <= MAX_LIMIT or not 0 <= request.offset <= MAX_OFFSET:
        raise filter_unknown("limit/offset", f"{request.limit}/{request.offset}", f"1–{MAX_LIMIT} / 0–{MAX_OFFSET}")
    lang = language_of(text)
    region = _region(request.region)
    situation = request.situation
    if situation is None:
        situation = situation_of(text, request.find, region, request.ignore)
    filters = Filters(
        kind=None if request.find in ("any", "region") else request.find,
        region=region,
        places=situation.filters,
        level=concepts.current(level)[0] if (level := _concept(request.level, "level", concepts)) else None,
        themes=concepts.with_narrower(theme) if (theme := _concept(request.theme, "theme", concepts)) else (),
        goal_themes=concepts.contributing_to(goal) if (goal := _goal(request.sdg, concepts)) else None,
    )
    # whoever looks for issues or regions describes what it offers; the others describe what they need
    kind: QueryKind = request.kind or ("offer" if request.find in ("issue", "region") else "query")
    return Query(
        text,
        request.find,
        lang,
        request.lang or lang,
        kind,
        filters,
        request.limit,
        request.offset,
        situation,
        request.fitting_only,
        request.kind is not None,
    )


def _text(raw: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    if not text:
        raise MeguriError(
            code="query_empty",
            en="The query is empty.",
            ja="検索語が空です。",
            remedy_en="Write what you need in a few words or a sentence.",
            remedy_ja="困っていることを、単語や文で入力してください。",
        )
    if len(text) > MAX_CHARACTERS:
        raise MeguriError(
            code="query_too_long",
            en=f"The query has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.",
            ja=f"検索文が {len(text):,} 文字あります（上限 {MAX_CHARACTERS:,} 文字）。",
            remedy_en="Keep the part that says what is needed.",
            remedy_ja="必要としていることを述べた部分だけにしてください。",
        )
    if not any(char.isalnum() for char in text):
        raise MeguriError(
            code="query_without_words",
            en="The query has no words or numbers.",
            ja="検索文に文字や数字がありません。",
            remedy_en="Write what you need in words, in Japanese or English.",
            remedy_ja="日本語か英語の言葉で入力してください。",
        )
    return text


def _region(value: str | None) -> str | None:
    """The code of a region given by code or name."""
    if not value:
        return None
    register = RegionRegister.load()
    if register.by_code(value):
        return value
    found = register.find(value)
    if len(found) != 1:
        names = ", ".join(f"{r.code} {r.name}" for r in found) or "JIS X 0402 (13206), 13, block-kanto"
        raise filter_unknown("region", value, names)
    return found[0].code


def _concept(value: str | None, scheme: str, concepts: ConceptGraph) -> str | None:
    """The IRI of a concept given by IRI, slug or preferred label."""
    if not value:
        return None
    for concept in concepts.in_scheme(scheme, replaced=True):
        if value in (concept.iri, concept.iri.rpartition("/")[2], *concept.labels.values()):
            return concept.iri
    known = list(concepts.in_scheme(scheme))
    raise filter_unknown(scheme, value, ", ".join(c.iri.rpartition("/")[2] for c in known[:80]))


def _goal(value: str | None, concepts: ConceptGraph) -> str | None:
    """The IRI of an SDG or target given as a concept is, or as people write it: 7, 7.2, SDG 7, 目標7."""
    return _concept(_GOAL.sub("", unicodedata.normalize("NFKC", value)) if value else None, "sdg", concepts)


# not before a preferred label ("Goal 7 Affordable and clean energy"), which is known as it is
_GOAL = re.compile(r"^\s*(?:SDGs?|goal|target|目標|ターゲット)\s*(?=[\d.a-z]+\s*$)", re.IGNORECASE)


def filter_unknown(name: str, value: str, allowed: str) -> MeguriError:
    """A filter has a value that means nothing."""
    shown = value[:100]
    return MeguriError(
        code="filter_unknown",
        en=f"The filter {name} has no value {shown!r}.",
        ja=f"絞り込み条件 {name} に「{shown}」という値はありません。",
        remedy_en=f"Use one of: {allowed}.",
        remedy_ja=f"次のいずれかを指定してください: {allowed}",
    )
