"""What can be wrong with a row, each with a stable code and a message that a clerk understands, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]

MESSAGES: dict[str, tuple[str, str]] = {
    "required_missing": (
        "This field is required but empty. Fill it in and send the row again.",
        "必須項目が空欄です。記入して再送してください。",
    ),
    "date_invalid": (
        "This is not a date that exists. Write it as 2025-04-01 or 令和7年4月1日.",
        "存在しない日付です。2025-04-01 または 令和7年4月1日 の形で書いてください。",
    ),
    "date_year_month": (
        "Only the month is given; its first day was taken ({detail}).",
        "年月だけが書かれているため、その月の 1 日（{detail}）としました。",
    ),
    "date_year": (
        "Only the year is given; its first day was taken ({detail}).",
        "年だけが書かれているため、その年の初日（{detail}）としました。",
    ),
    "date_last_day": (
        "Only the end of a month or year is given; its last day was taken ({detail}).",
        "月末・年末・年度末とだけ書かれているため、その末日（{detail}）としました。",
    ),
    "date_open": (
        "This says that there is no fixed day, so the field was left empty.",
        "日付が定まっていないという記載のため、空欄として扱いました。",
    ),
    "date_fiscal_year": (
        "Only the fiscal year is given; its first day was taken ({detail}).",
        "年度だけが書かれているため、その年度の初日（{detail}）としました。",
    ),
    "date_order_assumed": (
        "Day and month cannot be told apart here; the day was taken to come first ({detail}). Write it as 2025-04-01.",
        "日と月の順が判別できないため、日が先（{detail}）と読みました。2025-04-01 の形で書いてください。",
    ),
    "date_era_ended": (
        "The era had ended by this day; its years were counted on ({detail}).",
        "改元後の日付です。旧元号の年をそのまま数え、{detail} としました。",
    ),
    "date_serial": (
        "A spreadsheet's day number was read as a date ({detail}). Format the cell as a date.",
        "表計算ソフトの日付番号を {detail} と読みました。セルの書式を日付にしてください。",
    ),
    "corporate_number_invalid": (
        "The corporate number is wrong ({detail}). Check it against the certificate.",
        "法人番号が正しくありません（13 桁・検査数字）。登記や通知書で確認してください。",
    ),
    "corporate_number_none": (
        "This says that there is no corporate number (yet), so the field was left empty.",
        "法人番号がない（または取得前）という記載のため、空欄として扱いました。",
    ),
    "code_invalid": (
        "The municipality code is wrong: {detail}",
        "市区町村コードが正しくありません: {detail_ja}",
    ),
    "code_abolished": (
        "This code was abolished; the place belongs to {detail} today. Write the code of today.",
        "このコードは廃止されています。現在は {detail_ja} です。現行のコードを書いてください。",
    ),
    "code_unknown": (
        "No municipality has this code today. Check it against the list of the Ministry of Internal Affairs.",
        "このコードの市区町村は現在ありません。総務省の一覧で確認してください。",
    ),
    "region_unknown": (
        "No region of this name is known. Write the prefecture and the municipality in full.",
        "この名前の地域が見つかりません。都道府県と市区町村を正式名称で書いてください。",
    ),
    "region_ambiguous": (
        "Several regions have this name: {detail}. Add the prefecture or the code.",
        "同じ名前の地域が複数あります: {detail}。都道府県名かコードを加えてください。",
    ),
    "region_contradiction": (
        "The code and the name mean different regions ({detail}). Correct one of them.",
        "コードと地域名が一致しません（{detail}）。どちらかを直してください。",
    ),
    "region_several": (
        "An issue belongs to one region, but the row names several. Send one row for each.",
        "課題の地域は 1 つですが、複数書かれています。地域ごとに 1 行で送ってください。",
    ),
    "concept_unknown": (
        "This term is not in the vocabulary and was left out. See `meguri template` or /ontology for the terms.",
        "この用語は語彙にないため取り込まれませんでした。用語の一覧を確認してください。",
    ),
    "column_unknown": (
        "This column is not known and was not stored. Rename it or give a mapping file.",
        "この列は認識できないため保存されません。見出しを直すか、対応表を指定してください。",
    ),
    "column_not_kept": (
        "This column is known, but records of this kind do not keep it, and it was not stored.",
        "この列は分かりますが、この種類の登録では扱わない項目のため保存されません。",
    ),
    "column_unnamed": (
        "This column has values but no header, and was not stored. Give it a header or clear it.",
        "見出しのない列に値があります（保存されません）。見出しを付けるか、値を消してください。",
    ),
    "sheet_unknown": (
        "This sheet has no column that says what it registers, and was not read.",
        "何の登録か分かる列がないシートのため、読み取りませんでした。",
    ),
    "url_invalid": (
        "This is not a web address (http or https) and was left out.",
        "ウェブアドレス（http または https）ではないため取り込まれませんでした。",
    ),
    "number_invalid": (
        "This is not an amount and was left out. Write a number with its unit.",
        "数量として読めないため取り込まれませんでした。数値と単位を書いてください。",
    ),
    "phone_invalid": (
        "This is not a telephone number and was left out. Write it as 03-1234-5678.",
        "電話番号として読めないため取り込まれませんでした。03-1234-5678 の形で書いてください。",
    ),
    "email_invalid": (
        "This is not a mail address and was left out. Write it as name@example.jp.",
        "メールアドレスとして読めないため取り込まれませんでした。name@example.jp の形で書いてください。",
    ),
    "contact_several": (
        "The cell holds more than one; the first was taken.",
        "複数書かれているため、最初の 1 件だけを取り込みました。",
    ),
    "text_hostile": (
        "The cell holds characters that no text has (NUL). Type it anew.",
        "文字ではないデータ（NUL）が含まれています。入力し直してください。",
    ),
    "cell_too_large": (
        "The cell is larger than {detail}. Shorten it or send the text as a document.",
        "セルの内容が大きすぎます（上限 {detail}）。短くするか、文書として送ってください。",
    ),
    "cell_error": (
        "The cell shows an error of the spreadsheet, so it was taken as empty. Mend its formula, or type the value.",
        "表計算ソフトのエラー値が表示されているため、空欄として扱いました。数式を直すか、値を入力してください。",
    ),
    "cells_with_errors": (
        "Cells that show an error of the spreadsheet (#REF!, #N/A …) were left out: {detail}. Mend their formulas.",
        "表計算ソフトのエラー値（#REF!、#N/A など）のセルは取り込んでいません: {detail} 個。数式を直してください。",
    ),
    "value_nested": (
        "This field holds an object with fields of its own. Write a text, a number or a list of texts.",
        "項目の中に別の項目が入っています。文字・数値・文字の一覧のいずれかで書いてください。",
    ),
    "field_repeated": (
        "Another column of this row means the same field and was taken; this one was left out.",
        "同じ項目を表す列がほかにあるため、この列の値は取り込まれませんでした。",
    ),
    "context_foreign": (
        "The record names another JSON-LD context than ours, so its keys may mean something else. Use {detail}.",
        "別の JSON-LD コンテキストが指定されており、項目の意味が異なるおそれがあります。{detail} を使ってください。",
    ),
    "key_unknown": (
        "This key is not in the context of the exchange format and was left out. Check its spelling.",
        "交換形式のコンテキストにない項目のため取り込まれませんでした。綴りを確認してください。",
    ),
    "json_value_invalid": (
        "This is not a value that the key can have ({detail}). Compare it with the JSON Schema of the kind.",
        "この項目の値として読めません（{detail_ja}）。種類ごとの JSON Schema と照らし合わせてください。",
    ),
    "json_id_invalid": (
        "The id is missing or cannot be used: {detail}",
        "id がないか、使えない形です。{detail_ja}",
    ),
    "json_type_unknown": (
        "The type is missing or is not a class of the ontology. See /ontology for the classes.",
        "type がないか、オントロジーのクラスではありません。クラスの一覧は /ontology にあります。",
    ),
    "row_ragged": (
        "The row has {detail} the header's columns. Check for a separator or a line break inside a text.",
        "見出しの列数より値が{detail_ja}行です。文中の区切り文字や改行を確認してください。",
    ),
    "duplicate_of": (
        "This seems to be the same as {detail}. It was stored and linked to it, not merged.",
        "{detail_ja} と同じ内容と思われます。統合せず、関連付けて登録しました。",
    ),
    "organisation_alike": (
        "This organisation seems to be {detail}. They were linked, not merged; give the corporate number to be sure.",
        "{detail_ja} と同じ団体と思われます。統合せず関連付けました。法人番号があると確実です。",
    ),
    "organisation_named_otherwise": (
        "This corporate number is that of {detail}, which the row names otherwise. The number was followed.",
        "この法人番号は{detail_ja}のものですが、行には別の名称が書かれています。法人番号に従いました。",
    ),
    "duplicate_possible": (
        "This may be the same as {detail}. Compare the two; nothing was merged.",
        "{detail_ja} と同じ可能性があります。内容を確認してください（統合していません）。",
    ),
    "id_repeated": (
        "Another row of this file (row {detail}) has the same id with other content. Give each record its own id.",
        "同じファイルの {detail} 行目と ID が重複し、内容が異なります。別々の ID を付けてください。",
    ),
    "pages_need_ocr": (
        "These pages are scanned pictures without text and were not read: {detail}. Run OCR and send it again.",
        "次のページはスキャン画像で文字データがないため、読み取っていません: {detail}。OCR をかけて再送してください。",
    ),
    "pages_without_characters": (
        "The characters of these pages have no meaning in the file (a font without a table): {detail}. Run OCR.",
        "次のページは文字コードの対応表がなく、読み取っていません: {detail}。OCR をかけて再送してください。",
    ),
    "same_as_row": (
        "This row repeats row {detail} and was stored once.",
        "{detail} 行目と同じ内容のため、1 件として登録しました。",
    ),
}


@dataclass(frozen=True)
class Problem:
    """One problem of one row; an ``error`` rejects the row, a ``warning`` leaves something out."""

    field: str
    severity: Severity
    code: str
    en: str
    ja: str
    value: str | None = None

    def as_json(self) -> dict[str, object]:
        """The form of the report (design: ``{"field","severity","code","message":{"ja","en"},"value"}``)."""
        message = {"ja": self.ja, "en": self.en}
        return {
            "field": self.field,
            "severity": self.severity,
            "code": self.code,
            "message": message,
            "value": self.value,
        }


@dataclass
class Problems:
    """Collects the problems of one row."""

    found: list[Problem] = field(default_factory=list)

    def error(self, code: str, field: str, value: object = None, detail: str = "", detail_ja: str = "") -> None:
        """The row cannot be stored."""
        self.found.append(_problem("error", code, field, value, detail, detail_ja))

    def warn(self, code: str, field: str, value: object = None, detail: str = "", detail_ja: str = "") -> None:
        """The row is stored without this."""
        self.found.append(_problem("warning", code, field, value, detail, detail_ja))

    @property
    def rejected(self) -> bool:
        """Whether any of them is an error."""
        return any(problem.severity == "error" for problem in self.found)


def _shown(value: object) -> str:
    """The value as a report can print it: short, without NUL and without halves of UTF-16 pairs."""
    text = str(value)[:200].replace("\x00", "␀")
    return text.encode("utf-8", "replace").decode("utf-8")


def _problem(severity: Severity, code: str, field: str, value: object, detail: str, detail_ja: str) -> Problem:
    en, ja = MESSAGES[code]
    filled = {"detail": detail, "detail_ja": detail_ja or detail}
    shown = None if value is None else _shown(value)
    return Problem(field, severity, code, en.format(**filled), ja.format(**filled), shown)
