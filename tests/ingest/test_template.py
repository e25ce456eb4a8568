"""A filled template goes in cleanly; its example, instructions and lists do not go in at all."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from ingest.columns import load_columns
from ingest.template import Lang, template_kinds, template_workbook
from ingest.vocabulary import Vocabulary
from kg.errors import MeguriError
from kg.iris import Kind
from tests.ingest.conftest import Ingest

FILLED: dict[Kind, dict[str, object]] = {
    "technology": {"organisation": "用紙一", "technology": "竹の粉", "regions": "真庭市", "phone": "03-1234-5678"},
    "issue": {"issue": "用紙の課題", "municipality": "真庭市", "amount": "1.2万", "unit": "t"},
    "partner": {"organisation": "用紙二", "corporate_number": "7000012050002"},
    "resource": {"resource": "なし", "municipality": "真庭市"},
    "commitment": {"organisation": "用紙三", "joined": "令和7年4月1日", "indicator": "再生材の割合"},
    "event": {"event": "用紙の集い", "starts": "2026-05-01"},
}


def opened(kind: Kind, vocabulary: Vocabulary, lang: Lang) -> Any:
    return openpyxl.load_workbook(io.BytesIO(template_workbook(kind, vocabulary, lang)))


def columns_of(sheet: Any) -> dict[str, int]:
    """Field → column number, as the reader understands the header."""
    columns = load_columns()
    return {str(columns.field(cell.value)): cell.column for cell in sheet[3] if cell.value}


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("kind", FILLED)
def test_a_filled_template_goes_in_cleanly(ingest: Ingest, vocabulary: Vocabulary, kind: Kind, lang: Lang) -> None:
    book = opened(kind, vocabulary, lang)
    sheet = book.worksheets[0]
    places = columns_of(sheet)
    cells = FILLED[kind] | ({"member_kind": sheet.cell(4, places["member_kind"]).value} if kind == "commitment" else {})
    for field, value in cells.items():
        sheet.cell(5, places[field], f"{value} {lang}" if field in ("technology", "issue", "event") else value)
    saved = io.BytesIO()
    book.save(saved)
    report = ingest(f"template-{kind}-{lang}.xlsx", saved.getvalue())
    assert report.file_error is None
    assert report.kind == kind
    assert [(row.row, row.status in ("valid", "duplicate")) for row in report.rows] == [(5, True)], report.as_json()
    assert [(skipped.row, skipped.reason) for skipped in report.skipped if skipped.sheet == sheet.title] == [
        (4, "example")
    ]
    assert report.columns == []


@pytest.mark.parametrize("kind", template_kinds())
def test_every_header_of_every_template_means_its_field(vocabulary: Vocabulary, kind: Kind) -> None:
    ja, en = (opened(kind, vocabulary, lang).worksheets[0] for lang in ("ja", "en"))
    assert list(columns_of(ja)) == list(columns_of(en))
    assert "None" not in columns_of(ja)


def test_lists_of_choices_come_from_the_ontology(vocabulary: Vocabulary) -> None:
    book = opened("technology", vocabulary, "ja")
    sheet, choices = book.worksheets[0], book["choices"]
    assert choices.sheet_state == "hidden"
    rules = {str(rule.sqref).split("4")[0]: rule for rule in sheet.data_validations.dataValidation}
    letter = sheet.cell(3, columns_of(sheet)["readiness"]).column_letter
    first, last = rules[letter].formula1.split("!")[1].split(":")
    listed = [cell.value for (cell,) in choices[f"{first}:{last}".replace("$", "")]]
    assert listed
    assert all(vocabulary.find("readiness", label) for label in listed)


def test_a_kind_without_a_template_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(MeguriError) as caught:
        template_workbook("document", vocabulary)
    assert caught.value.code == "template_kind"
