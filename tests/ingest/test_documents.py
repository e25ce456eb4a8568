"""Text files become documents whose passages and mentions are found again in the file, character for character."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from ingest.limits import Limits
from ingest.readers.documents.process import DocumentProcess
from ingest.readers.open_file import FileRejected, open_file
from ingest.report import FileReport
from kg.iris import record_iri
from kg.namespaces import CES, DCTERMS, RDFS, REGION
from kg.oxigraph_store import OxigraphStore
from tests.ingest.conftest import Ingest, written
from tests.ingest.support import BASE
from tests.ingest.test_rdf import PREFIXES

PLAN = """# 真庭市の計画

廃食用油は年に12t出る。天ぷら油の回収を広げ、バイオディーゼル燃料にする。

府中市（東京都）の例では、東京都府中市が協力した。
"""


@pytest.fixture
def read(ingest: Ingest, store: OxigraphStore, tmp_path: Path) -> Callable[..., Graph]:
    """Ingests a text under a new name and gives the graph of its document."""

    def read_text(name: str, content: str | bytes, meta: str = "") -> Graph:
        if meta:
            written(tmp_path / f"{name}.meta.yaml", meta)
        return graph_of(ingest(name, content), store)

    return read_text


def graph_of(report: FileReport, store: OxigraphStore) -> Graph:
    assert report.file_error is None, report.file_error
    (row,) = report.rows
    assert row.status in ("valid", "unchanged"), row.problems
    return store.graph(record_iri(BASE, str(row.id)))


def places(graph: Graph, class_: URIRef, text: URIRef) -> list[tuple[int, int, str]]:
    """Start, end and text of all passages or mentions, in order."""
    found = (
        (
            int(str(graph.value(node, CES.startOffset))),
            int(str(graph.value(node, CES.endOffset))),
            str(graph.value(node, text)),
        )
        for node in graph.subjects(RDF.type, class_)
    )
    return sorted(found)


def mentions(graph: Graph, about: str = "") -> set[tuple[str, str]]:
    """(words, local name of what they mention) of all mentions."""
    return {
        (str(graph.value(node, CES.exactText)), str(thing).rpartition("/")[2])
        for node, thing in graph.subject_objects(CES.mentions)
        if about in str(thing)
    }


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_offsets_reproduce_the_text_of_the_file(read: Callable[..., Graph], line_end: str, encoding: str) -> None:
    text = PLAN.replace("\n", line_end)
    graph = read(f"plan-{encoding}-{len(line_end)}{ord(line_end[0])}.txt", text.encode(encoding))
    for class_, name in ((CES.Passage, CES.text), (CES.Mention, CES.exactText)):
        found = places(graph, class_, name)
        assert found
        for start, end, words in found:
            assert text[start:end] == words


def test_concepts_and_regions_are_mentioned(read: Callable[..., Graph]) -> None:
    graph = read("concepts.txt", PLAN)
    assert mentions(graph) >= {
        ("真庭市", "33214"),
        ("廃食用油", "wasteCookingOil"),
        ("府中市", "13206"),
        ("東京都府中市", "13206"),
        ("東京都", "13"),
    }


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("府中市で竹を集めた。", set()),
        ("東京都の府中市で竹を集めた。", {"13", "13206"}),
        ("広島県の府中市で竹を集めた。", {"34", "34208"}),
        ("府中市は調布市の隣にある。", {"13208", "13206"}),
        ("東京都と広島県に府中市がある。", {"13", "34"}),
        ("大津市場の津市長。", {"24201"}),
    ],
)
def test_a_name_of_several_regions_is_decided_by_the_context(
    read: Callable[..., Graph], text: str, codes: set[str]
) -> None:
    graph = read(f"fuchu-{len(text)}-{len(codes)}.txt", text)
    assert {code for _, code in mentions(graph, str(REGION))} == codes


def test_the_regions_of_the_meta_file_are_context_too(read: Callable[..., Graph]) -> None:
    graph = read("fuchu-meta.txt", "府中市で竹を集めた。", "regions: [広島県]\n")
    (node,) = graph.subjects(CES.mentions, URIRef(f"{REGION}34208"))
    assert float(str(graph.value(node, CES.confidence))) < 1


def test_english_text_over_line_ends(read: Callable[..., Graph]) -> None:
    graph = read(
        "oil.md", "# Oil in Maniwa City\n\nThe town collects its waste\ncooking oil and runs buses on biodiesel.\n"
    )
    assert ("waste\ncooking oil", "wasteCookingOil") in mentions(graph)
    assert ("Maniwa City", "33214") in mentions(graph)
    assert set(graph.objects(predicate=CES.text)) == {
        Literal(
            "# Oil in Maniwa City\n\nThe town collects its waste\ncooking oil and runs buses on biodiesel.", lang="en"
        )
    }


def test_what_the_meta_file_says_stands_in_the_record(read: Callable[..., Graph]) -> None:
    meta = """
id: DOC1
title: 見本の計画
title_en: Sample plan
description: 油の計画
description_en: A plan for oil
language: 日本語
regions: [岡山県真庭市]
source: 真庭市
source_date: 令和7年4月1日
url: https://example.jp/plan
sample: はい
"""
    graph = read("meta.txt", "油。", meta)
    expected = Graph().parse(
        data=PREFIXES
        + """
<document-DOC1> a ces:Document ; dct:identifier "DOC1" ; dct:language "ja" ;
    rdfs:label "見本の計画"@ja, "Sample plan"@en ;
    dct:description "油の計画"@ja, "A plan for oil"@en ; ces:aboutRegion region:33214 ; dct:source "真庭市" ;
    ces:sourceDate "2025-04-01"^^xsd:date ; schema:url "https://example.jp/plan" ; ces:isSample true ;
    ces:hasPassage <document-DOC1#p1> .
<document-DOC1#p1> a ces:Passage ; ces:startOffset 0 ; ces:endOffset 2 ; ces:text "油。"@ja ; dct:language "ja" .
""",
        format="turtle",
    )
    assert isomorphic(graph, expected), f"more: {set(graph - expected)}, missing: {set(expected - graph)}"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("# 計画の題\n\n本文。", "計画の題"),
        ("\n\n  ■ Report  \ntext", "Report"),
        ("-----\n***\nFirst words", "First words"),
        ("…", "untitled"),
    ],
)
def test_the_title_is_the_first_line_that_says_something(read: Callable[..., Graph], content: str, title: str) -> None:
    name = "untitled.txt" if title == "untitled" else f"title-{len(content)}.txt"
    graph = read(name, content)
    (document,) = graph.subjects(RDF.type, CES.Document)
    assert str(graph.value(document, RDFS.label)) == title


@pytest.mark.parametrize("language", ["French", "fr", "xx-yy", "!", ""])
def test_a_language_that_is_not_known_is_guessed_from_the_text(read: Callable[..., Graph], language: str) -> None:
    graph = read(
        f"lang-{len(language)}{language[:1].isalpha()}.txt", "油を集める。", f"title: Plan\nlanguage: '{language}'\n"
    )
    (document,) = graph.subjects(RDF.type, CES.Document)
    assert str(graph.value(document, DCTERMS.language)) == "ja"


def test_a_wrong_date_in_the_meta_file_rejects_the_document(
    ingest: Ingest, store: OxigraphStore, tmp_path: Path
) -> None:
    written(tmp_path / "wrong.txt.meta.yaml", "id: WRONG\nsource_date: 31/02/2025\nregions: [府中市]\nmood: good\n")
    report = ingest("wrong.txt", "油。")
    (row,) = report.rows
    assert row.status == "rejected"
    assert [(p.severity, p.code, p.field) for p in row.problems] == [
        ("warning", "column_unknown", "mood"),
        ("error", "date_invalid", "source_date"),
        ("warning", "region_ambiguous", "regions"),
    ]
    assert len(store.graph(record_iri(BASE, "document-WRONG"))) == 0


@pytest.mark.parametrize("meta", ["", "- a\n- b\n", "title: [", "\x00"])
def test_a_meta_file_that_cannot_be_read_refuses_the_document(ingest: Ingest, tmp_path: Path, meta: str) -> None:
    written(tmp_path / "plain.txt.meta.yaml", meta)
    report = ingest("plain.txt", "油。")
    assert report.file_error is not None
    assert "plain.txt.meta.yaml" in report.file_error.en


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b" \n\t\r\n", "file_empty"), ("　\n".encode(), "file_empty"), (b"a\x00b", "file_damaged")],
)
def test_a_text_that_is_none_is_refused(ingest: Ingest, content: bytes, code: str) -> None:
    report = ingest("none.txt", content)
    assert report.file_error is not None
    assert report.file_error.code == code


def test_a_text_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(document_characters=1_000)
    file = open_file(written(tmp_path / "long.txt", "油" * 1_001), limits)
    with pytest.raises(FileRejected) as caught:
        DocumentProcess(limits).read(file.content, file.path.name, ".txt")
    assert caught.value.code == "file_too_large"


def test_the_same_document_changes_nothing_and_a_corrected_one_keeps_its_iri(
    ingest: Ingest, store: OxigraphStore
) -> None:
    first, again = ingest("again.txt", PLAN), ingest("again.txt", PLAN)
    corrected = ingest("again.txt", PLAN.replace("12t", "15t"))
    assert [report.rows[0].status for report in (first, again, corrected)] == ["valid", "unchanged", "valid"]
    assert first.rows[0].id == corrected.rows[0].id
    texts = " ".join(text for _, _, text in places(graph_of(corrected, store), CES.Passage, CES.text))
    assert "15t" in texts
    assert "12t" not in texts


def test_mentions_say_method_and_confidence(read: Callable[..., Graph]) -> None:
    graph = read("method.txt", "真庭市で集める。")
    (node,) = graph.subjects(CES.mentions, URIRef(f"{REGION}33214"))
    assert str(graph.value(node, CES.method)) == "label"
    assert float(str(graph.value(node, CES.confidence))) == 1


def test_a_document_without_source_is_told_where_to_say_it(ingest: Ingest) -> None:
    (row,) = ingest("油の計画.txt", "油を集める計画。").rows
    (problem,) = [p for p in row.problems if "source" in str(p.field)]
    assert problem.severity == "warning"
    assert ".meta.yaml" in problem.ja
    assert ".meta.yaml" in problem.en
