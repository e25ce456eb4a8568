"""Word, PowerPoint and Excel files as text, with their pages, and the archives that are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.util import Inches

from ingest.limits import Limits
from ingest.readers.documents.docx import read_docx
from ingest.readers.documents.pptx import read_pptx
from ingest.readers.documents.text import DocumentText
from ingest.readers.documents.workbook import read_workbook
from ingest.readers.errors import FileRejected

_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}s+xml"
Reader = Callable[..., DocumentText]


def read(reader: Reader, content: bytes, limits: Limits | None = None) -> DocumentText:
    return reader(content, "a", limits or Limits(), lambda done, total: None)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(*, breaks: bool = False) -> bytes:
    document = docx.Document()
    document.core_properties.title = "油の計画"
    document.core_properties.created = datetime(2025, 4, 1, 9, 0)
    document.add_heading("廃食用油の回収", level=1)
    document.add_paragraph("当市は油を集める。")
    ruby = (
        "<w:p {}><w:r><w:ruby><w:rt><w:r><w:t>かいしゅう</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>回収</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        '<w:ins w:id="1" w:author="a"><w:r><w:t>を</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>消</w:delText></w:r></w:del>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隠</w:t></w:r><w:r><w:t>する。</w:t></w:r></w:p>"
    )
    document.element.body.insert(2, parse_xml(ruby.format(nsdecls("w"))))
    for item in ("公民館", "小学校"):
        document.add_paragraph(item, style="List Bullet")
    if breaks:
        document.add_page_break()
    table = document.add_table(rows=2, cols=3)
    for row, cells in enumerate((("資源", "量", "単位"), ("廃食用油", "12", "t"))):
        for cell, text in zip(table.rows[row].cells, cells, strict=True):
            cell.text = text
    merged = document.add_table(rows=1, cols=2)
    merged.cell(0, 0).merge(merged.cell(0, 1)).text = "結合"
    return saved(document)


def test_word_in_its_order() -> None:
    document = read(read_docx, word())
    assert document.text == (
        "廃食用油の回収\n\n当市は油を集める。\n\n回収をする。\n\n公民館\n小学校\n\n資源\t量\t単位\n廃食用油\t12\tt\n\n結合"
    )
    assert [document.text[start:end] for start, end in document.headings] == ["廃食用油の回収"]
    assert (document.title, str(document.issued), document.pages) == ("油の計画", "2025-04-01", ())


def test_page_breaks_begin_pages() -> None:
    document = read(read_docx, word(breaks=True))
    assert [(p.number, document.text[p.start : p.end][:6]) for p in document.pages] == [
        (1, "廃食用油の回"),
        (2, "資源\t量\t単"),
    ]


def noted() -> bytes:
    """Two paragraphs and a table row that call notes: the first one twice, another no note at all."""
    document = docx.Document()
    call = '<w:r {}><w:{}Reference w:id="{}"/></w:r>'
    for text, calls in (("油を集める。", (("footnote", 2), ("footnote", 9))), ("また集める。", (("footnote", 2),))):
        paragraph = document.add_paragraph(text)
        for kind, number in calls:
            paragraph._p.append(parse_xml(call.format(nsdecls("w"), kind, number)))
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "12 t"
    cell.paragraphs[0]._p.append(parse_xml(call.format(nsdecls("w"), "endnote", 2)))
    for kind, said in (("footnote", "令和6年度の見込み。"), ("endnote", "環境課調べ。")):
        line = f'<w:{kind} w:id="-1" w:type="separator"><w:p><w:r><w:t>線</w:t></w:r></w:p></w:{kind}>'
        note = f'<w:{kind} w:id="2"><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t> {said}</w:t></w:r></w:p></w:{kind}>'
        notes = f"<w:{kind}s {nsdecls('w')}>{line}{note}</w:{kind}s>"
        part = Part(PackURI(f"/word/{kind}s.xml"), _NOTES_TYPE.format(kind), notes.encode(), document.part.package)
        document.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}s")
    return saved(document)


def test_notes_stand_below_what_calls_them() -> None:
    text = read(read_docx, noted()).text
    assert text == "油を集める。\n令和6年度の見込み。\n\nまた集める。\n\n12 t\n環境課調べ。"


def slides() -> bytes:
    presentation = pptx.Presentation()
    presentation.core_properties.title = "油の発表"
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "廃食用油"
    first.placeholders[1].text = "集める\n燃やす"
    second = presentation.slides.add_slide(presentation.slide_layouts[6])
    second.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1)).text_frame.text = "下"
    second.shapes.add_textbox(Inches(5), Inches(1), Inches(3), Inches(1)).text_frame.text = "右上"
    second.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame.text = "左上"
    table = second.shapes.add_table(1, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "量", "12"
    hidden = presentation.slides.add_slide(presentation.slide_layouts[1])
    hidden.shapes.title.text = "隠し"
    hidden.notes_slide.notes_text_frame.text = "隠した話"
    hidden.element.set("show", "0")
    first.notes_slide.notes_text_frame.text = "集め方を話す。\n燃料の話もする。"
    return saved(presentation)


def test_slides_are_pages() -> None:
    document = read(read_pptx, slides())
    assert [(p.number, document.text[p.start : p.end]) for p in document.pages] == [
        (1, "廃食用油\n\n集める\n燃やす\n\n集め方を話す。\n燃料の話もする。"),
        (2, "左上\n\n右上\n\n量\t12\n\n下"),
    ]
    assert [document.text[start:end] for start, end in document.headings] == ["廃食用油"]
    assert document.title == "油の発表"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "資源"
    sheet.append(["品目", None, "量"])
    sheet.append(["廃食用油", None, 12.0])
    sheet.append([datetime(2025, 4, 1), "=1+1"])
    book.create_sheet("隠し").sheet_state = "hidden"
    book["隠し"].append(["見えない"])
    book.create_sheet("備考").append(["油は燃料になる。"])
    return saved(book)


def test_failed_formulas_are_left_out_and_counted() -> None:
    book = openpyxl.Workbook()
    book.active.append(["品目", "#REF!", "量", "#N/A"])
    book.active.append(["油 #1", "Err:502", 12])
    document = read(read_workbook, saved(book))
    assert document.text == "Sheet\n品目\t量\n油 #1\t12"
    assert [(remark.code, remark.detail) for remark in document.remarks] == [("cells_with_errors", "3")]


def test_visible_sheets_are_pages() -> None:
    document = read(read_workbook, workbook())
    assert [document.text[p.start : p.end] for p in document.pages] == [
        "資源\n品目\t量\n廃食用油\t12\n2025-04-01",
        "備考\n油は燃料になる。",
    ]


FILES = {"word": (read_docx, word(), "word/document.xml"), "slides": (read_pptx, slides(), "ppt/presentation.xml")}
FILES["workbook"] = (read_workbook, workbook(), "xl/workbook.xml")
kinds = pytest.mark.parametrize(("reader", "content", "part"), FILES.values(), ids=FILES)


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, change(data) if entry.filename == part else data)
    return buffer.getvalue()


def with_entry(content: bytes, entry: zipfile.ZipInfo | str, data: bytes = b"x") -> bytes:
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, data)
    return buffer.getvalue()


def refused(reader: Reader, content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(FileRejected) as caught:
        read(reader, content, limits)
    assert caught.value.ja
    assert caught.value.remedy_ja
    assert caught.value.remedy_en
    return caught.value.code


@kinds
def test_declared_entities(reader: Reader, content: bytes, part: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for declared in (laughs, outside):
        hostile = changed(
            content, part, lambda data, d=declared: d + data[data.find(b"?>") + 2 if b"?>" in data else 0 :]
        )
        assert refused(reader, hostile) == "file_entities"
    utf16 = changed(
        content,
        part,
        lambda data: ('<?xml version="1.0" encoding="UTF-16"?>' + laughs.decode() + "<x/>").encode("utf-16"),
    )
    assert refused(reader, utf16) == "file_entities"


@kinds
def test_bombs(reader: Reader, content: bytes, part: str) -> None:
    assert refused(reader, content, Limits(document_unpacked=1000)) == "file_too_large"
    assert refused(reader, content, Limits(archive_entries=3)) == "file_too_large"
    bomb = with_entry(content, "media/zeros.bin", bytes(64 * 2**20))
    assert len(bomb) < 2**20
    assert refused(reader, bomb, Limits(document_unpacked=32 * 2**20)) == "file_too_large"


@kinds
def test_macros_paths_and_links(reader: Reader, content: bytes, part: str) -> None:
    assert refused(reader, with_entry(content, f"{part.split('/')[0]}/vbaProject.bin")) == "file_macros"
    for path in ("../../etc/cron.d/x", "/etc/passwd", "..\\..\\x", "C:\\x"):
        assert refused(reader, with_entry(content, path)) == "archive_hostile"
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    assert refused(reader, with_entry(content, link, b"/etc/passwd")) == "archive_hostile"


@kinds
def test_cut_off_and_foreign_archives(reader: Reader, content: bytes, part: str) -> None:
    assert refused(reader, content[: len(content) // 2]) == "file_damaged"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(reader, buffer.getvalue()) == "file_type_mismatch"


@kinds
def test_too_much_text(reader: Reader, content: bytes, part: str) -> None:
    assert refused(reader, content, Limits(document_characters=5)) == "file_too_large"


def test_a_row_with_an_absurd_number_is_refused_soon() -> None:
    far = changed(
        workbook(), "xl/worksheets/sheet1.xml", lambda data: data.replace(b'<row r="2"', b'<row r="99999999999"')
    )
    assert refused(read_workbook, far, Limits(rows=10_000)) == "file_too_large"
