"""Records become graphs: one golden graph of each kind, the same each time, without blank nodes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ingest.limits import Limits
from ingest.model import Modeller
from ingest.problems import Problems
from ingest.rdf import literal, record_graph
from ingest.readers.table import Row
from ingest.records import Quantity, Technology
from ingest.values import read_values
from kg.iris import Kind
from kg.namespaces import XSD
from kg.terms import content_hash, term_text
from tests.ingest.support import BASE, COLUMNS

PREFIXES = """
@prefix ces: <https://w3id.org/meguri/ces#> .
@prefix c: <https://w3id.org/meguri/concept/> .
@prefix region: <https://w3id.org/meguri/region/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://example.org/id/> .
"""

ROWS: dict[Kind, dict[str, object]] = {
    "partner": {
        "ID": "P1",
        "団体名": "㈱サンプル",
        "団体名（英語）": "Sample Inc.",
        "法人番号": "7000012050002",
        "会員区分": "企業",
        "都道府県": "岡山県",
        "市区町村": "真庭市",
        "サンプル": "はい",
        "電話番号": "0867-42-1111",
        "メールアドレス": "info@example.jp",
    },
    "technology": {
        "ID": "T1",
        "団体名": "㈱サンプル",
        "技術名称": "廃油の燃料化",
        "概要": "天ぷら油を燃料にする",
        "概要（英語）": "Turns cooking oil into fuel",
        "テーマ": "食品ロス",
        "利用資源": "廃食用油",
        "圏域レベル": "コミュニティ",
        "成熟度": "TRL 7",
        "導入実績地域": "岡山県真庭市",
        "対象地域": "岡山県",
        "適用規模": "1日100L",
        "処理量（t/年）": "1.2万",
        "登録日": "令和7年4月1日",
        "URL": "https://example.jp/t1",
    },
    "issue": {
        "id": "I1",
        "issue": "Abandoned bamboo",
        "description": "Bamboo spreads",
        "jis_code": "332143",
        "issue_kind": "problem",
        "budget": "3 million yen",
        "valid_until": "2026-03-31",
        "source": "City plan",
    },
    "resource": {
        "ID": "R1",
        "資源名": "廃食用油",
        "市区町村": "真庭市",
        "資源種別": "廃食用油",
        "時期": "通年",
        "数量": "12.50",
        "単位": "トン",
    },
}

GOLDEN: dict[Kind, str] = {
    "partner": """
<partner-P1> a ces:Partner ; dct:identifier "P1" ; dct:language "ja", "en" ;
    rdfs:label "株式会社サンプル"@ja, "Sample Inc."@en ; ces:corporateNumber "7000012050002" ;
    ces:memberKind <https://w3id.org/meguri/concept/member-kind/company> ; ces:inRegion region:33214 ;
    ces:isSample true .
""",
    "technology": """
<technology-T1> a ces:Technology ; dct:identifier "T1" ; dct:language "ja", "en" ;
    rdfs:label "廃油の燃料化"@ja ; dct:description "天ぷら油を燃料にする"@ja, "Turns cooking oil into fuel"@en ;
    ces:offeredBy <partner-PX> ; ces:hasTheme <https://w3id.org/meguri/concept/theme/foodLossWaste> ;
    ces:usesResource <https://w3id.org/meguri/concept/resource/wasteCookingOil> ;
    ces:suitsLevel <https://w3id.org/meguri/concept/level/community> ;
    ces:readiness <https://w3id.org/meguri/concept/readiness/trl7> ;
    ces:deployedIn region:33214 ; ces:availableIn region:33 ; ces:minimumScale "1日100L" ;
    ces:hasAmount <technology-T1#amount-1> ; dct:issued "2025-04-01"^^xsd:date ; schema:url "https://example.jp/t1" .
<technology-T1#amount-1> a schema:QuantitativeValue ; schema:name "処理量" ; schema:value 12000.0 ;
    schema:unitText "t/年" .
""",
    "issue": """
<issue-I1> a ces:Issue ; dct:identifier "I1" ; dct:language "en" ; rdfs:label "Abandoned bamboo"@en ;
    dct:description "Bamboo spreads"@en ; ces:inRegion region:33214 ; ces:budget "3 million yen" ;
    ces:issueKind <https://w3id.org/meguri/concept/issue-kind/problem> ; ces:validUntil "2026-03-31"^^xsd:date ;
    dct:source "City plan" .
""",
    "resource": """
<resource-R1> a ces:RegionalResource ; dct:identifier "R1" ; dct:language "ja" ; rdfs:label "廃食用油"@ja ;
    ces:inRegion region:33214 ; ces:resourceKind <https://w3id.org/meguri/concept/resource/wasteCookingOil> ;
    ces:season "通年" ; ces:hasAmount <resource-R1#amount-1> .
<resource-R1#amount-1> a schema:QuantitativeValue ; schema:name "数量" ; schema:value 12.5 ; schema:unitText "t" .
""",
}
KINDS = sorted(ROWS)


def graph_of(modeller: Modeller, kind: Kind) -> Graph:
    """The graph of the kind's row, modelled from its cells."""
    problems = Problems()
    values = read_values(Row(2, ROWS[kind]), COLUMNS, Limits(), problems)
    modeller.organisations.add(f"{BASE}partner-PX", "株式会社サンプル", None)
    records = modeller.model(kind, values, "file.csv", problems)
    assert problems.found == []
    return record_graph(records[-1], BASE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_of_each_kind_becomes_its_golden_graph(modeller: Modeller, kind: Kind) -> None:
    golden = Graph().parse(data=PREFIXES + GOLDEN[kind], format="turtle")
    graph = graph_of(modeller, kind)
    assert isomorphic(graph, golden), f"more: {set(graph - golden)}, missing: {set(golden - graph)}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_row_gives_the_same_graph(modeller: Modeller, kind: Kind) -> None:
    assert content_hash(graph_of(modeller, kind)) == content_hash(graph_of(modeller, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_no_blank_nodes_and_no_foreign_subjects(modeller: Modeller, kind: Kind) -> None:
    graph = graph_of(modeller, kind)
    record = str(graph.identifier)
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    assert {str(subject).partition("#")[0] for subject in graph.subjects()} == {record}


def test_telephone_and_mail_never_enter_the_graph(modeller: Modeller) -> None:
    terms = " ".join(str(term) for triple in graph_of(modeller, "partner") for term in triple)
    assert "0867" not in terms
    assert "info@" not in terms


@pytest.mark.parametrize(
    ("value", "lexical", "datatype"),
    [
        (True, "true", XSD.boolean),
        (False, "false", XSD.boolean),
        (7, "7", XSD.integer),
        (date(2025, 4, 1), "2025-04-01", XSD.date),
        (Decimal("12000"), "12000.0", XSD.decimal),
        (Decimal("1E+4"), "10000.0", XSD.decimal),
        (Decimal("0.50"), "0.5", XSD.decimal),
        (Decimal("1E-7"), "0.0000001", XSD.decimal),
        ("text", "text", None),
    ],
)
def test_literals_have_one_lexical_form(value: object, lexical: str, datatype: URIRef | None) -> None:
    assert literal(value) == Literal(lexical, datatype=datatype)
    assert str(literal(value)) == lexical


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


@given(TEXT, TEXT, st.lists(st.tuples(TEXT, st.decimals(allow_nan=False, allow_infinity=False, places=3))))
def test_any_text_and_amount_can_be_written(label: str, note: str, amounts: list[tuple[str, Decimal]]) -> None:
    record = Technology(
        id="technology-T1",
        labels={"ja": label},
        remarks=note,
        offered_by=f"{BASE}partner-P1",
        amounts=tuple(Quantity(name=name, value=value, unit="t") for name, value in amounts),
    )
    graph = record_graph(record, BASE)
    assert len(list(graph.objects(predicate=URIRef("https://w3id.org/meguri/ces#hasAmount")))) == len(amounts)
    for triple in graph:
        for term in triple:
            assert term_text(term)
