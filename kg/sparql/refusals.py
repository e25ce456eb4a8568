"""What is said when a query is not answered: which limit, and what to do."""

from __future__ import annotations

from kg.errors import MeguriError
from kg.sparql.question import Limits
from kg.store import query_invalid


class Refused(MeguriError):
    """A query that was not answered now; ``retry_after`` in seconds, where trying again helps."""

    retry_after: int | None = None


def timeout(seconds: float) -> MeguriError:
    """The deadline came."""
    return MeguriError(
        code="query_timeout",
        en=f"The query was ended after {seconds:g} seconds, which is its limit.",
        ja=f"クエリが制限時間の {seconds:g} 秒に達したため、打ち切りました。",
        remedy_en="Ask for less (LIMIT, fewer OPTIONALs, no unconnected patterns, bounded paths), "
        "or download the dump and ask it on your own machine.",
        remedy_ja="LIMIT を付ける、OPTIONAL を減らす、つながりのない条件や無制限のパスを避けるなどして絞るか、"
        "ダンプを取得して手元で実行してください。",
    )


def memory(limits: Limits) -> MeguriError:
    """The process took too much memory."""
    return MeguriError(
        code="query_memory",
        en=f"The query was ended because it took more than {limits.memory_mb} MB of memory.",
        ja=f"クエリのメモリ使用量が上限の {limits.memory_mb} MB を超えたため、打ち切りました。",
        remedy_en="Sort, group or join less at a time: filter first, ask in parts (by kind or region), add LIMIT.",
        remedy_ja="並べ替え・集計・結合の対象を減らしてください。先に絞り込む、種類・地域・年ごとに分ける、"
        "LIMIT を付けるなどの方法があります。",
    )


def excess(what: str, limits: Limits) -> MeguriError:
    """The answer has too many rows or bytes; it is refused whole rather than cut without a word."""
    en = f"{limits.rows:,} rows" if what == "rows" else f"{limits.result_mb} MB"
    ja = f"{limits.rows:,} 行" if what == "rows" else f"{limits.result_mb} MB"
    return MeguriError(
        code="query_result_too_large",
        en=f"The answer is larger than {en}, which is the limit.",
        ja=f"結果が上限の {ja} を超えました。",
        remedy_en="Ask in parts with ORDER BY, LIMIT and OFFSET, or download the dump.",
        remedy_ja="ORDER BY と LIMIT・OFFSET で分けて取得するか、ダンプを取得してください。",
    )


def too_long(limits: Limits) -> MeguriError:
    """The text of the query is too long."""
    return MeguriError(
        code="query_too_large",
        en=f"The query is longer than {limits.query_kb} kB.",
        ja=f"クエリが {limits.query_kb} kB を超えています。",
        remedy_en="Ask in parts, with fewer VALUES each time.",
        remedy_ja="VALUES を減らし、数回に分けて問い合わせてください。",
    )


def crashed() -> MeguriError:
    """The process ended by itself: nested too deeply for the engine's stack, or out of memory at one stroke."""
    return MeguriError(
        code="query_too_complex",
        en="The query engine gave up on this query: it is nested too deeply, or asks for too much at once.",
        ja="クエリの入れ子が深すぎるか、一度に要求する量が多すぎるため、処理できませんでした。",
        remedy_en="Write it with less nesting: VALUES instead of long chains of || or UNION, fewer brackets.",
        remedy_ja="|| や UNION を長く連ねる代わりに VALUES を使うなどして、入れ子を浅くしてください。",
    )


def failed(detail: str) -> MeguriError:
    """The engine could not carry it out."""
    return MeguriError(
        code="query_failed",
        en=f"The SPARQL query failed: {detail}",
        ja=f"SPARQL クエリを実行できません: {detail}",
        remedy_en="Check the query at the place that the message names.",
        remedy_ja="メッセージが示す箇所を確認してください。",
    )


def share(limits: Limits) -> MeguriError:
    """One client has too many queries under way."""
    error = Refused(
        code="query_share",
        en=f"This client already has {limits.per_client} queries running or waiting, which is its share.",
        ja=f"このクライアントのクエリが、実行中と待機中を合わせて上限の {limits.per_client} 件に達しています。",
        remedy_en="Wait for an answer before the next query; ask the same of many things at once with VALUES.",
        remedy_ja="応答を待ってから次のクエリを送るか、VALUES で複数の対象をまとめて問い合わせてください。",
    )
    error.retry_after = max(1, round(limits.seconds / 4))
    return error


def busy(limits: Limits) -> MeguriError:
    """Too many wait, or this one has waited too long."""
    error = Refused(
        code="query_busy",
        en="All places for queries are taken at the moment.",
        ja="ただいまクエリの処理枠がすべて埋まっています。",
        remedy_en="Try again in a few seconds; editions and dumps can be downloaded meanwhile.",
        remedy_ja="数秒後にもう一度お試しください。その間も、版とダンプは取得できます。",
    )
    error.retry_after = max(1, round(limits.seconds / 4))
    return error


def from_worker(texts: list[str], limits: Limits) -> MeguriError:
    """The failure that a worker reported."""
    code, detail = texts[0], texts[1]
    if code == "invalid":
        return query_invalid(detail)
    if code == "excess":
        return excess(detail, limits)
    if len(texts) == 5:
        return MeguriError(code=code, en=detail, ja=texts[2], remedy_en=texts[3], remedy_ja=texts[4])
    return failed(detail)
