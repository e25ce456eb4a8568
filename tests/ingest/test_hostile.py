"""The hostile files of every kind as an office would send them: refused or neutralised, and nothing half-stored."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.limits import DEFAULT_LIMITS
from ingest.pipeline import Ingestion, Options
from ingest.report import FileReport
from kg.iris import record_iri
from kg.namespaces import RDFS
from kg.oxigraph_store import OxigraphStore
from tests.ingest.conftest import Ingest
from tests.ingest.support import BASE, COLUMNS, assert_says_cause_and_remedy, xlsx

HEADER = ["ID", "課題名", "概要", "都道府県", "市区町村"]
ROW = ["HX1", "油を捨てている", "油を使いたい", "東京都", "府中市"]
SHEET, BODY = "xl/worksheets/sheet1.xml", "word/document.xml"
LAUGHS = '<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PDF = (Path(__file__).parents[2] / "corpus/documents/plan-maniwa-sample.pdf").read_bytes()
LOOP = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>> endobj
4 0 obj <</Length 5>> stream
/X Do
endstream endobj
5 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 5/Resources<</XObject<</X 5 0 R>>>>>> stream
/X Do
endstream endobj
trailer <</Root 1 0 R>>
"""
SMALL = replace(DEFAULT_LIMITS, unpacked_bytes=10**6, document_unpacked=10**6)


def book() -> bytes:
    return xlsx({"課題": [HEADER, ROW]})


def word() -> bytes:
    document, saved = docx.Document(), io.BytesIO()
    document.add_paragraph("油を集める。")
    document.save(saved)
    return saved.getvalue()


def changed(content: bytes, part: str, prologue: str = "", **more: bytes) -> bytes:
    """The archive with a prologue in one part and more parts."""
    saved = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == part:
                data = prologue.encode() + re.sub(rb"^<\?xml[^>]*\?>", b"", data).lstrip()
            target.writestr(entry.filename, data)
        for name, data in more.items():
            target.writestr(name, data)
    return saved.getvalue()


def linked(content: bytes) -> bytes:
    saved = io.BytesIO(content)
    with zipfile.ZipFile(saved, "a") as archive:
        link = zipfile.ZipInfo("word/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return saved.getvalue()


def locked_pdf() -> bytes:
    saved = io.BytesIO()
    paper = Canvas(saved, encrypt="secret")
    paper.drawString(50, 50, "oil")
    paper.save()
    return saved.getvalue()


def locked_office() -> bytes:
    """The head of a compound file with the stream that holds an encrypted workbook or document."""
    stream = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + stream.ljust(999, b"\0")


def repeating() -> bytes:
    """A workbook of 3,000 cells that all repeat one text of half a megabyte."""
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 3_003)).encode()
    saved = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(book()))
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == SHEET:
                data = data.replace(b"</sheetData>", rows + b"</sheetData>")
            if name != "xl/sharedStrings.xml":
                target.writestr(name, data)
        target.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + b"A" * 500_000 + b"</t></si></sst>")
    return saved.getvalue()


def tight() -> bytes:
    """A workbook of 70 MB that packs into a thousandth."""
    return changed(book(), "", big=bytes(70 * 2**20))


OUT = {"../../evil": b"x"}
REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("laughs.xlsx", lambda: changed(book(), SHEET, LAUGHS), "file_entities"),
    ("external.xlsx", lambda: changed(book(), SHEET, EXTERNAL), "file_entities"),
    ("laughs.docx", lambda: changed(word(), BODY, LAUGHS), "file_entities"),
    ("external.docx", lambda: changed(word(), BODY, EXTERNAL), "file_entities"),
    ("laughs.yaml", lambda: b"a: &a [x, x]\nb: [*a, *a]\n", "file_aliases"),
    ("bomb.xlsx", lambda: changed(book(), "", big=bytes(2 * 10**6)), "file_too_large"),
    ("bomb.docx", lambda: changed(word(), "", big=bytes(2 * 10**6)), "file_too_large"),
    ("repeating.xlsx", repeating, "file_too_large"),
    ("paths.xlsx", lambda: changed(book(), "", **OUT), "archive_hostile"),
    ("paths.docx", lambda: changed(word(), "", **OUT), "archive_hostile"),
    ("links.docx", lambda: linked(word()), "archive_hostile"),
    ("wide.csv", lambda: ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n1\n", "file_too_large"),
    ("wide.xlsx", lambda: xlsx({"一": [[f"c{n}" for n in range(10_000)], [1] * 10_000]}), "file_too_large"),
    ("deep.json", lambda: b"[" * 50_000 + b"]" * 50_000, "file_too_large"),
    ("pdf.csv", lambda: PDF, "file_type_mismatch"),
    ("pdf.xlsx", lambda: PDF, "file_type_mismatch"),
    ("pdf.docx", lambda: PDF, "file_type_mismatch"),
    ("cut.pdf", lambda: PDF[: len(PDF) // 2], "file_damaged"),
    ("cut.xlsx", lambda: book()[:2_000], "file_damaged"),
    ("cut.docx", lambda: word()[:2_000], "file_damaged"),
    ("locked.pdf", locked_pdf, "file_encrypted"),
    ("locked.xlsx", locked_office, "file_encrypted"),
    ("locked.docx", locked_office, "file_encrypted"),
    ("loop.pdf", lambda: LOOP, "file_damaged"),
    ("empty.csv", lambda: b"", "file_empty"),
    ("empty.pdf", lambda: b"", "file_empty"),
    ("markup.html", lambda: b"<p>" + b"<div>" * 50_000, "file_empty"),
    ("cut.ttl", lambda: b"@prefix : <http://e/> . :a :b ", "file_damaged"),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_refused_with_cause_and_remedy_and_nothing_is_stored(
    store: OxigraphStore, tmp_path: Path, name: str, content: Callable[[], bytes], code: str
) -> None:
    before = store.count()
    (tmp_path / name).write_bytes(content())
    report = Ingestion(store, BASE, Options(COLUMNS, "issue", limits=SMALL), "tests").ingest(tmp_path / name)
    assert report.file_error is not None, report.as_json()
    assert report.file_error.code == code, report.file_error
    assert_says_cause_and_remedy(report.file_error, name)
    # what is said of the content in Japanese has no English words in it, but for names of formats and libraries' words
    assert not re.search(r"\b(?:an?|the|is|not|old|another)\b", report.file_error.ja.partition("（")[0])
    assert report.rows == []
    assert store.count() == before


def rejected(report: FileReport) -> dict[str, str]:
    (row,) = report.rows
    assert row.status == "rejected"
    return {problem.code: problem.ja for problem in row.problems if problem.severity == "error"}


def csv(*cells: str) -> str:
    return ",".join(HEADER) + "\n" + ",".join(cells) + "\n"


def test_a_part_that_packs_tighter_than_any_sheet_is_refused(ingest: Ingest) -> None:
    report = ingest("tight.xlsx", tight())
    assert report.file_error is not None
    assert (report.file_error.code, "200" in report.file_error.en) == ("file_too_large", True)


def test_nul_and_a_cell_of_a_mebibyte_reject_the_row(ingest: Ingest, store: OxigraphStore) -> None:
    before = store.count()
    assert "text_hostile" in rejected(ingest("issues-nul.csv", csv("HX2", "油\0", "概要", "東京都", "府中市")))
    large = rejected(ingest("issues-large.csv", csv("HX3", "油", "あ" * 400_000, "東京都", "府中市")))
    assert "cell_too_large" in large
    assert store.count() == before


def test_formulas_and_scripts_are_inert_text(ingest: Ingest, store: OxigraphStore) -> None:
    for id_, said in (("HX4", "=cmd|'/c calc'!A1"), ("HX5", "<script>alert(1)</script>油"), ("HX6", "@SUM(A1)")):
        report = ingest(f"issues-{id_}.json", json.dumps([dict(zip(HEADER, [id_, said, *ROW[2:]], strict=True))]))
        assert report.rows[0].status == "valid", report.as_json()
        iri = record_iri(BASE, f"issue-{id_}")
        assert str(store.graph(iri).value(iri, RDFS.label)) == said


def test_scripts_and_handlers_of_a_page_are_no_text(ingest: Ingest, store: OxigraphStore) -> None:
    page = "<html><body><p onclick='x()'>油を集める。</p><script>alert(1)</script></body></html>"
    report = ingest("hostile.html", page)
    said = str(list(store.graph(record_iri(BASE, str(report.rows[0].id)))))
    assert "油を集める。" in said
    assert "alert" not in said
    assert "onclick" not in said
