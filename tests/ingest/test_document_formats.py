"""Every format goes in by one command and becomes a document whose passages know their page and place."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from benchmarks.pdf_samples import book, pdf_of_pages
from ingest.columns import load_columns
from ingest.kinds import expand
from ingest.pipeline import Ingestion, Options
from ingest.readers.document_text import read_document_text
from kg.iris import record_iri
from kg.namespaces import CES, RDFS
from kg.oxigraph_store import OxigraphStore
from tests.ingest.conftest import Ingest, written
from tests.ingest.readers.documents.test_html import page
from tests.ingest.readers.documents.test_office import slides, word, workbook
from tests.ingest.support import BASE

FILES: dict[str, bytes] = {
    "report.pdf": pdf_of_pages("真庭市では廃食用油を集めている。", "燃料は給食の車が使う。"),
    "plan.docx": word(breaks=True),
    "talk.pptx": slides(),
    "page.html": page().encode(),
    "figures.xlsx": workbook(),
    "note.md": "# 油\n\n廃食用油を集める。\n".encode(),
    "note.txt": "廃食用油を集める。".encode("cp932"),
}
PAGES = {"report.pdf": {1, 2}, "plan.docx": {1, 2}, "talk.pptx": {1, 2}, "figures.xlsx": {1, 2}}


@pytest.mark.parametrize("name", FILES)
def test_every_format_becomes_passages_with_their_places(
    ingest: Ingest, store: OxigraphStore, tmp_path: Path, name: str
) -> None:
    (tmp_path / "documents").mkdir()
    report = ingest(f"documents/{name}", FILES[name])
    assert report.file_error is None, report.file_error
    (row,) = report.rows
    assert (report.kind, row.status) == ("document", "valid"), row.problems
    subject = record_iri(BASE, str(row.id))
    graph = store.graph(subject)
    text = read_document_text(Path(report.file)).text
    passages = list(graph.subjects(RDF.type, CES.Passage))
    assert passages
    for passage in passages:
        assert (
            str(graph.value(passage, CES.text))
            == text[_number(graph, passage, CES.startOffset) : _number(graph, passage, CES.endOffset)]
        )
    assert {
        _number(graph, passage, CES.page) for passage in passages if (passage, CES.page, None) in graph
    } == PAGES.get(name, set())


def _number(graph: Graph, subject: object, predicate: URIRef) -> int:
    return int(str(graph.value(subject, predicate)))  # type: ignore[arg-type]


def test_a_passage_over_the_end_of_a_page_knows_where_the_next_one_begins(ingest: Ingest, store: OxigraphStore) -> None:
    report = ingest("book.pdf", book(3))
    graph = store.graph(record_iri(BASE, str(report.rows[0].id)))
    document = read_document_text(Path(report.file))
    starts = {p.number: p.start for p in document.pages}
    crossing = list(graph.subjects(CES.pageBreak))
    assert crossing
    for passage in crossing:
        page_number = _number(graph, passage, CES.page)
        assert _number(graph, passage, CES.pageBreak) == starts[page_number + 1]
    for mention in graph.subjects(RDF.type, CES.Mention):
        assert document.page_at(_number(graph, mention, CES.startOffset)) == _number(graph, mention, CES.page)


def test_title_and_date_of_the_file_where_no_meta_file_says_so(ingest: Ingest, store: OxigraphStore) -> None:
    report = ingest("plan-a.docx", word())
    graph = store.graph(record_iri(BASE, str(report.rows[0].id)))
    assert set(graph.objects(predicate=RDFS.label)) == {Literal("油の計画", lang="ja")}
    assert str(graph.value(predicate=CES.sourceDate, subject=record_iri(BASE, str(report.rows[0].id)))) == "2025-04-01"


def test_a_workbook_is_text_only_where_it_is_said_to_be(tmp_path: Path, store: OxigraphStore) -> None:
    path = written(tmp_path / "as-text.xlsx", workbook())
    said = Ingestion(store, BASE, Options(load_columns(), kind="document"), "test").ingest(path)
    unsaid = Ingestion(store, BASE, Options(load_columns()), "test").ingest(path)
    assert said.rows[0].status == "valid"
    assert unsaid.kind != "document"


def test_a_folder_of_all_formats_is_found(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    for name, content in FILES.items():
        written(tmp_path / "documents" / name, content)
    assert {path.name for path in expand([tmp_path])} == set(FILES)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("scan.pdf", word(), "file_type_mismatch"),
        ("plan.docx", pdf_of_pages("油"), "file_type_mismatch"),
        ("plan.pptx", word(), "file_type_mismatch"),
        ("plan.pdf", b"only text", "file_type_mismatch"),
        ("page.html", pdf_of_pages("油"), "file_type_mismatch"),
        ("old.docx", b"\xd0\xcf\x11\xe0" + b"x" * 600, "file_type_mismatch"),
        ("torn.pdf", pdf_of_pages("油")[:60], "file_damaged"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    ingest: Ingest, store: OxigraphStore, name: str, content: bytes, code: str
) -> None:
    before = store.count()
    report = ingest(name, content)
    assert report.file_error is not None
    assert report.file_error.code == code
    assert report.rows == []
    assert store.count() == before
