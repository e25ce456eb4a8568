"""Headers: every one that the documentation names is known, unknown ones are reported, a mapping file adds more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.columns import load_columns
from ingest.kinds import columns_kind
from ingest.readers.errors import FileRejected
from ingest.values import _PARSERS
from kg.errors import MeguriError
from tests.ingest.support import COLUMNS, assert_says_cause_and_remedy

DOCS = Path(__file__).parents[2] / "docs" / "data-model.md"


def documented_headers() -> list[tuple[str, str]]:
    """Each header of the table in docs/data-model.md with a canonical field of its row."""
    section = DOCS.read_text(encoding="utf-8").partition("## Columns")[2].partition("\nFurther kinds")[0]
    found: list[tuple[str, str]] = []
    for fields, headers in re.findall(r"^\| (`[^|]+?) \| ([^|]+?) \|", section, re.MULTILINE):
        names = re.findall(r"`(\w+)`", fields)
        ja, _, en = headers.partition(" / ")
        for form in (ja, en):
            listed = [header.strip() for header in form.split(",")]
            if names != ["amounts"] and len(listed) == len(names):
                found += zip(listed, names, strict=True)
    return found


HEADERS = documented_headers()


def test_the_documentation_was_read() -> None:
    assert len(HEADERS) > 80
    assert ("団体名", "organisation") in HEADERS


@pytest.mark.parametrize(("header", "field"), HEADERS)
def test_every_documented_header_means_its_field(header: str, field: str) -> None:
    assert COLUMNS.field(header) == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("企業名", "organisation"),
        ("会社名", "organisation"),
        ("法人名", "organisation"),
        ("課題", "issue"),
        ("課題の概要", "description"),
        ("内容", "description"),
        ("ソリューション名", "technology"),
        ("活動地域", "regions"),
        ("団体コード", "jis_code"),
        ("数量", "amount"),
        ("単位", "unit"),
        ("Amount", "amount"),
        ("unit", "unit"),
    ],
)
def test_headers_as_really_used(header: str, field: str) -> None:
    assert COLUMNS.field(header) == field


@pytest.mark.parametrize(
    "header", ["団 体 名", "団体名\n", "　団体名　", "ＵＲＬ", "E-Mail", "技術名称（英語）", "技術名称(英語)", "ﾃｰﾏ"]
)
def test_widths_spaces_and_case_of_headers_do_not_count(header: str) -> None:
    assert COLUMNS.field(header) is not None


def test_no_header_means_two_fields() -> None:
    import yaml

    table = yaml.safe_load((Path(__file__).parents[2] / "ingest" / "columns.yaml").read_text(encoding="utf-8"))
    for field, entry in table.items():
        for header in (field, *entry["headers"]):
            assert COLUMNS.field(header) == field, header


def test_every_type_of_column_has_a_parser() -> None:
    assert set(COLUMNS.type_of.values()) == {*_PARSERS, "list"}


def test_unknown_columns_are_named_and_amounts_are_none_of_them() -> None:
    assert COLUMNS.unknown(["団体名", "好きな色", "発生量（t/年）", "", "Favourite colour"]) == [
        "好きな色",
        "Favourite colour",
    ]


def test_a_mapping_file_adds_headers_and_wins(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("organisation: {headers: [応募者, 概要]}\nissue: {headers: [お困りのこと]}\n", encoding="utf-8")
    columns = load_columns(mapping)
    assert [columns.field(h) for h in ("応募者", "概要", "お困りのこと")] == ["organisation", "organisation", "issue"]
    assert columns.type_of["organisation"] == "organisation"
    assert columns.field("団体名") == "organisation"
    assert COLUMNS.field("応募者") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "organisation: 応募者",
        "organisation: {header: [a]}",
        "nonsense: {headers: [a]}",
        "a: [",
        "\x00",
        None,
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str | None) -> None:
    mapping = tmp_path / "mapping.yaml"
    if text is not None:
        mapping.write_text(text, encoding="utf-8")
    with pytest.raises(MeguriError) as caught:
        load_columns(mapping)
    assert caught.value.code == "mapping_invalid"
    assert_says_cause_and_remedy(caught.value, str(mapping))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["団体名", "技術名称", "概要"], "technology"),
        (["課題名", "団体名", "対象地域"], "issue"),
        (["資源名", "市区町村"], "resource"),
        (["団体名", "会員区分"], "partner"),
    ],
)
def test_the_columns_say_the_kind(headers: list[str], kind: str) -> None:
    assert columns_kind(headers, COLUMNS, "a.csv") == kind


def test_columns_that_say_no_kind_are_refused() -> None:
    with pytest.raises(FileRejected) as caught:
        columns_kind(["好きな色", "備考"], COLUMNS, "a.csv")
    assert caught.value.code == "kind_unknown"
    assert_says_cause_and_remedy(caught.value, "a.csv")
