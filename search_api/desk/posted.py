"""Reads the body of a registration: records by canonical names, or in the exchange format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from ingest.columns import Columns, load_columns
from ingest.kinds import ORDER, columns_kind
from ingest.limits import Limits
from ingest.readers.errors import FileRejected
from ingest.readers.mapping_reader import parse_mappings
from ingest.readers.table import Row
from kg.errors import MeguriError
from kg.iris import Kind
from kg.provenance import Source

MAX_BYTES = 5 * 2**20
MAX_RECORDS = 1_000
LIMITS = Limits(file_bytes=MAX_BYTES, rows=MAX_RECORDS)
JSON, EXCHANGE = "application/json", "application/ld+json"


@dataclass(frozen=True)
class Posted:
    """A body as it came. ``source`` is the logical name under which records without an id of their own are known."""

    content: bytes
    media_type: str = JSON
    kind: Kind | None = None
    source: str = "api"

    @property
    def origin(self) -> Source:
        """What provenance says of it."""
        return Source(self.source, hashlib.sha256(self.content).hexdigest(), self.media_type)


@dataclass(frozen=True)
class Batch:
    """What a body holds: rows with their kinds, or documents in the exchange format (``exchange``)."""

    exchange: bool
    items: list[Any]
    kinds: list[Kind]

    def rows(self) -> list[tuple[Kind, Row]]:
        """Rows by canonical names, numbered from 1."""
        return [
            (kind, Row(number, item))
            for number, (item, kind) in enumerate(zip(self.items, self.kinds, strict=True), start=1)
        ]


def read_posted(posted: Posted) -> Batch:
    """The records of a body.

    Raises MeguriError: ``body_unreadable``, ``body_invalid``, ``too_many_records``, ``too_many_fields``,
    ``kind_unknown``.
    """
    try:
        parsed = parse_mappings(posted.content, "JSON", LIMITS)
    except FileRejected as error:
        raise _unreadable(error) from error
    exchange = posted.media_type == EXCHANGE or (isinstance(parsed, dict) and "@context" in parsed)
    items = [parsed] if exchange and isinstance(parsed, dict) else _items(parsed)
    if len(items) > MAX_RECORDS:
        raise _too_many(len(items))
    if any(len(item) > LIMITS.columns for item in items if isinstance(item, dict)):
        raise _too_many_fields()
    if exchange or all("@context" in item for item in items):
        return Batch(True, items, [])
    named = _outer_kind(parsed) or posted.kind
    columns = load_columns()
    pairs = [_own_kind(item, named, columns, number) for number, item in enumerate(items, start=1)]
    return Batch(False, [item for item, _ in pairs], [kind for _, kind in pairs])


def _items(parsed: Any) -> list[dict[str, Any]]:
    """The record, the list of records, or the list under ``records``."""
    if isinstance(parsed, dict):
        parsed = parsed["records"] if isinstance(parsed.get("records"), list) else [parsed]
    if not isinstance(parsed, list) or not parsed or not all(isinstance(item, dict) and item for item in parsed):
        raise _invalid()
    return parsed


def _outer_kind(parsed: Any) -> Kind | None:
    """The kind beside a list under ``records``."""
    named = parsed.get("kind") if isinstance(parsed, dict) and "records" in parsed else None
    return None if named is None else registered_kind(named)


def _own_kind(item: dict[str, Any], named: Kind | None, columns: Columns, number: int) -> tuple[dict[str, Any], Kind]:
    """A record without its ``kind``, and the kind: its own, else the one named for all, else what its fields say."""
    rest = {name: value for name, value in item.items() if name != "kind"}
    kind = registered_kind(item["kind"], f" (record {number})") if item.get("kind") is not None else named
    return rest, kind or columns_kind(rest, columns, f"record {number} / {number} 件目")


def registered_kind(value: object, where: str = "") -> Kind:
    """The kind of registration that a value names; MeguriError (``kind_unknown``) for anything else."""
    kinds = [kind for kind in ORDER if kind != "document"]
    for kind in kinds:
        if value == kind:
            return kind
    raise MeguriError(
        code="kind_unknown",
        en=f"There is no kind {str(value)[:40]!r} of registration{where}.",
        ja=f"「{str(value)[:40]}」という登録の種類はありません{where}。",
        remedy_en=f"Use one of: {', '.join(kinds)}.",
        remedy_ja=f"次のいずれかを指定してください: {', '.join(kinds)}",
    )


def _invalid() -> MeguriError:
    return MeguriError(
        code="body_invalid",
        en="The body holds no record: a JSON object, a list of objects, or a list under `records` was expected.",
        ja="本文に登録がありません。JSON のオブジェクト、その配列、または `records` の配列が必要です。",
        remedy_en="Write fields by their canonical names, such as issue, description and municipality (docs/api.md).",
        remedy_ja="項目は issue、description、municipality などの正式名で書いてください（docs/api.md）。",
    )


def _unreadable(error: FileRejected) -> MeguriError:
    """What the reader of files says, in terms of a body; where JSON itself is broken, the place in it."""
    if error.code != "file_damaged":
        return MeguriError(
            code="body_unreadable",
            en=f"The body cannot be taken: {error.en}",
            ja=f"本文を受け付けられません: {error.ja}",
            remedy_en=error.remedy_en,
            remedy_ja=error.remedy_ja,
        )
    place = str(error.__cause__ or error.en)[:200]
    return MeguriError(
        code="body_unreadable",
        en=f"The body is no JSON that can be read to its end ({place}).",
        ja=f"本文を JSON として最後まで読めません（{place}）。",
        remedy_en="Send JSON in UTF-8; the message names the place.",
        remedy_ja="UTF-8 の JSON を送ってください。位置はメッセージのとおりです。",
    )


def _too_many_fields() -> MeguriError:
    return MeguriError(
        code="too_many_fields",
        en=f"A record has more than {LIMITS.columns:,} fields.",
        ja=f"項目が {LIMITS.columns:,} 個を超える登録があります。",
        remedy_en="Send the fields of the form only (docs/api.md).",
        remedy_ja="様式にある項目だけを送ってください（docs/api.md）。",
    )


def _too_many(count: int) -> MeguriError:
    return MeguriError(
        code="too_many_records",
        en=f"The body holds {count:,} records; at most {MAX_RECORDS:,} are taken at a time.",
        ja=f"本文に {count:,} 件の登録があります（一度に {MAX_RECORDS:,} 件まで）。",
        remedy_en="Send them in several requests, or as a file with `meguri ingest`.",
        remedy_ja="分けて送るか、ファイルにして `meguri ingest` で取り込んでください。",
    )
