"""A workbook to register with: headers that the reader knows, choices from the ontology, an example, instructions."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ingest.columns import header_ja, load_columns
from ingest.regions.register import RegionRegister
from ingest.sheets import INSTRUCTIONS
from ingest.vocabulary import Vocabulary
from kg.errors import MeguriError
from kg.iris import Kind

Lang = Literal["ja", "en"]
_ROWS = 500
_HEADER_ROW = 3
_CHOICES = "choices"
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("登録用紙", "Registration form"),
    "note": (
        "※ 記入例の行はそのままでかまいません（取り込まれません）。書き方は「記入要領」のシートにあります。",
        "* The example row may stay (it is not read). The sheet “Instructions” says how to fill in each column.",
    ),
    "sheet": ("登録", "Registrations"),
    "instructions": INSTRUCTIONS,
    "required": ("※必須", " (required)"),
}


@dataclass(frozen=True)
class Column:
    """One column of a template: its field, header, whether it must be filled in, and what may be chosen."""

    field: str
    header: str
    required: bool
    choices: tuple[str, ...]


def template_kinds() -> tuple[Kind, ...]:
    """The kinds that a template can be made for."""
    return tuple(_spec()["kinds"])


def template_workbook(kind: Kind, vocabulary: Vocabulary, lang: Lang = "ja") -> bytes:
    """The workbook (XLSX) for one kind of record. MeguriError (``template_kind``) for a kind that has none."""
    from openpyxl import Workbook  # noqa: PLC0415  (heavy)

    columns = _columns(kind, vocabulary, lang)
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = _word("sheet", lang)
    _fill_form(sheet, columns, lang)
    _fill_instructions(workbook.create_sheet(_word("instructions", lang)), columns)
    _fill_choices(workbook.create_sheet(_CHOICES), sheet, columns)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def _columns(kind: Kind, vocabulary: Vocabulary, lang: Lang) -> list[Column]:
    spec = _spec()
    if kind not in spec["kinds"]:
        raise _no_template(kind)
    named = (entry.partition("!") for entry in spec["kinds"][kind])
    return [_column(field, bool(mark), vocabulary, lang) for field, mark, _ in named]


def _column(field: str, required: bool, vocabulary: Vocabulary, lang: Lang) -> Column:
    scheme = _spec()["choices"].get(field)
    name = header_ja(field) if lang == "ja" else field
    return Column(
        field, name + (_word("required", lang) if required else ""), required, _choices(scheme, vocabulary, lang)
    )


def _choices(scheme: str | None, vocabulary: Vocabulary, lang: Lang) -> tuple[str, ...]:
    """The preferred labels of a scheme in one language; for the prefectures their names in the order of their codes."""
    if scheme is None:
        return ()
    if scheme == "prefecture":
        prefectures = (region for region in RegionRegister.load() if region.kind == "prefecture")
        return tuple(region.name if lang == "ja" else region.name_en for region in prefectures)
    labels = {
        label.text for label in vocabulary.labels if label.scheme == scheme and label.lang == lang and label.preferred
    }
    return tuple(sorted(labels))


def _fill_form(sheet: Any, columns: list[Column], lang: Lang) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet["A1"], sheet["A2"] = f"Meguri {_word('title', lang)}", _word("note", lang)
    sheet["A1"].font = Font(bold=True, size=14)
    examples = _spec()["examples"]
    for number, column in enumerate(columns, start=1):
        head = sheet.cell(_HEADER_ROW, number, column.header)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        head.fill = PatternFill("solid", fgColor="FFE8B0" if column.required else "E3EEE3")
        example = examples.get(column.field, {}).get(lang) or (column.choices[0] if column.choices else None)
        shown = sheet.cell(_HEADER_ROW + 1, number, None if example is None else str(example))
        shown.font = Font(italic=True, color="808080")
        sheet.column_dimensions[get_column_letter(number)].width = 36 if "description" in column.field else 18
        # text stays what was typed: a code keeps its zero, and 1-2 does not become a date
        sheet.column_dimensions[get_column_letter(number)].number_format = "@"
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 1)


def _fill_instructions(sheet: Any, columns: list[Column]) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    columns_of = load_columns().type_of
    how, several = _spec()["how"], _spec()["several"]
    sheet.append(["列 / column", "必須か / required", "書き方（日本語）", "How (English)", "選択肢の数 / choices"])
    for number, column in enumerate(columns, start=1):
        type_ = "list" if column.field in several else columns_of[column.field]
        sheet.append(
            [
                # with its letter in front, this is no header to the reader
                f"{get_column_letter(number)}列 {header_ja(column.field)} / {column.field}",
                "必須 / yes" if column.required else "任意 / no",
                how[type_]["ja"],
                how[type_]["en"],
                len(column.choices) or None,
            ]
        )
    for letter, width in zip("ABCDE", (44, 24, 52, 44, 20), strict=True):
        sheet.column_dimensions[letter].width = width


def _fill_choices(choices: Any, form: Any, columns: list[Column]) -> None:
    """The lists on a hidden sheet, each the validation of its column; where several may be named, it only suggests."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    listed = [(number, column) for number, column in enumerate(columns, start=1) if column.choices]
    for place, (number, column) in enumerate(listed, start=1):
        for row, choice in enumerate(column.choices, start=1):
            choices.cell(row, place, choice)
        letter, target = get_column_letter(place), get_column_letter(number)
        rule = DataValidation(
            "list", formula1=f"{_CHOICES}!${letter}$1:${letter}${len(column.choices)}", allow_blank=True
        )
        rule.showErrorMessage = column.field not in _spec()["several"]
        rule.error, rule.errorTitle = "一覧から選んでください。 / Choose from the list.", "Meguri"
        rule.add(f"{target}{_HEADER_ROW + 1}:{target}{_HEADER_ROW + 1 + _ROWS}")
        form.add_data_validation(rule)
    choices.sheet_state = "hidden"


@cache
def _spec() -> dict[str, Any]:
    import yaml  # noqa: PLC0415

    spec: dict[str, Any] = yaml.safe_load((files("ingest") / "template.yaml").read_text(encoding="utf-8"))
    return spec


def _word(name: str, lang: Lang) -> str:
    return _WORDS[name][lang == "en"]


def _no_template(kind: str) -> MeguriError:
    kinds = ", ".join(template_kinds())
    return MeguriError(
        code="template_kind",
        en=f"There is no template for {kind}.",
        ja=f"「{kind}」の登録用紙はありません。",
        remedy_en=f"Choose one of {kinds}.",
        remedy_ja=f"次から選んでください: {kinds}",
    )
