"""What is said of requests that the protocol does not allow, or that do not belong here."""

from __future__ import annotations

from kg.errors import MeguriError

_SEE_EN = "Send `query` by GET, as a form, or as a body of type application/sparql-query; /openapi.json describes it."
_SEE_JA = (
    "query を GET、フォーム、または application/sparql-query の本文で送ってください。詳細は /openapi.json にあります。"
)


def violated(en: str, ja: str) -> MeguriError:
    """A request that the SPARQL protocol does not allow."""
    return MeguriError(
        code="protocol_violated",
        en=f"The request is not one of the SPARQL protocol: {en}.",
        ja=f"SPARQL プロトコルに沿わない要求です: {ja}。",
        remedy_en=_SEE_EN,
        remedy_ja=_SEE_JA,
    )


def without_query() -> MeguriError:
    """Neither a query nor the wish for a description that we could give."""
    return MeguriError(
        code="query_missing",
        en="There is no `query`.",
        ja="query がありません。",
        remedy_en=_SEE_EN + " Without a query, Turtle or another RDF format describes the service.",
        remedy_ja=_SEE_JA + " query なしで Turtle などの RDF を求めると、サービスの説明を返します。",
    )


def media_type(given: str) -> MeguriError:
    """A body of another type than the protocol's."""
    return MeguriError(
        code="media_type_unsupported",
        en=f"A body of type {given.strip()[:80] or '(none)'} cannot be read here.",
        ja=f"この種類の本文は読み取れません: {given.strip()[:80] or '（指定なし）'}",
        remedy_en="Send application/sparql-query, or a form as application/x-www-form-urlencoded.",
        remedy_ja="application/sparql-query、または application/x-www-form-urlencoded のフォームで送ってください。",
    )


def not_utf8() -> MeguriError:
    """A query in another encoding."""
    return MeguriError(
        code="query_not_utf8",
        en="The query is not UTF-8.",
        ja="クエリの文字コードが UTF-8 ではありません。",
        remedy_en="Send the query in UTF-8.",
        remedy_ja="UTF-8 で送ってください。",
    )


def update() -> MeguriError:
    """An update: the graph changes by registrations alone."""
    return MeguriError(
        code="update_refused",
        en="This door is for queries only: the graph does not change by SPARQL updates.",
        ja="ここでは検索（query）だけができます。SPARQL の update でグラフは変えられません。",
        remedy_en="Register records at /api/v1/registrations; for changes of your own, load a dump into a store.",
        remedy_ja="登録や訂正は /api/v1/registrations から行ってください。"
        "手元で変更したい場合は、ダンプを取得してお使いのストアに読み込んでください。",
    )
