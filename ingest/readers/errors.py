"""Why a file as a whole cannot be read, each with its remedy, in both languages."""

from __future__ import annotations

from kg.errors import MeguriError


class FileRejected(MeguriError):
    """The file is not read at all; nothing of it is stored."""


# kinds of content as messages name them; what is not listed is called the same in both languages
_KINDS_JA = {
    "text or another format": "テキストなど別の形式",
    "another ZIP archive": "別の ZIP ファイル",
    "an old or encrypted Office file": "古い形式、またはパスワード付きの Office ファイル",
    "an old Office file": "古い形式の Office ファイル",
    "binary data": "文字ではないデータ",
}


def empty_file(name: str) -> FileRejected:
    """No bytes, or nothing but a header."""
    return FileRejected(
        code="file_empty",
        en=f"{name} holds no records.",
        ja=f"{name} にはレコードがありません。",
        remedy_en="Send the file with at least one row below its header.",
        remedy_ja="見出しの下に 1 行以上あるファイルを送ってください。",
    )


def no_content(name: str) -> FileRejected:
    """No bytes, or nothing but white space."""
    return FileRejected(
        code="file_empty",
        en=f"{name} is empty.",
        ja=f"{name} は空のファイルです。",
        remedy_en="Check that it was saved or copied to its end, and send it again.",
        remedy_ja="保存やコピーが最後まで済んでいるかを確かめて、もう一度送ってください。",
    )


def no_text(name: str) -> FileRejected:
    """A document in which no text was found."""
    return FileRejected(
        code="file_empty",
        en=f"No text was found in {name}.",
        ja=f"{name} に本文が見つかりません。",
        remedy_en="Check that it is the right file, and that its text is text and no picture.",
        remedy_ja="正しいファイルか、本文が画像になっていないかを確認してください。",
    )


def too_large(name: str, what_en: str, what_ja: str, limit: int) -> FileRejected:
    """A limit was passed."""
    return FileRejected(
        code="file_too_large",
        en=f"{name} has more than {limit:,} {what_en}.",
        ja=f"{name} は{what_ja}が上限（{limit:,}）を超えています。",
        remedy_en="Split the file and send the parts one after another.",
        remedy_ja="ファイルを分割して、順に送ってください。",
    )


def packed_too_tightly(name: str, times: int) -> FileRejected:
    """An archive with a part that is so much smaller than what it unpacks to that no program saved it."""
    return FileRejected(
        code="file_too_large",
        en=f"{name} unpacks to more than {times:,} times its size, as no spreadsheet does.",
        ja=f"{name} は展開すると {times:,} 倍以上になり、通常の表計算ファイルではありません。",
        remedy_en="Open it in the program that made it, delete empty rows and repeated contents, and save it anew.",
        remedy_ja="作成したソフトで開き、空の行や繰り返しの内容を削除して、保存し直してください。",
    )


def unpacks_to_too_much(name: str, limit: int) -> FileRejected:
    """An archive that is small only as long as it is packed."""
    return FileRejected(
        code="file_too_large",
        en=f"{name} unpacks to more than {limit:,} bytes.",
        ja=f"{name} は展開すると上限（{limit:,} バイト）を超えます。",
        remedy_en="Save it anew in the program that made it, without large pictures, or split it.",
        remedy_ja="作成したソフトで、大きな画像を除いて保存し直すか、分割して送ってください。",
    )


def too_deep(name: str, limit: int) -> FileRejected:
    """Values inside of values inside of values."""
    return FileRejected(
        code="file_too_large",
        en=f"{name} nests values more than {limit} levels deep.",
        ja=f"{name} は値の入れ子が深すぎます（上限 {limit} 段）。",
        remedy_en="Write each record as one object whose fields are texts, numbers or lists of texts.",
        remedy_ja="一件を一つのオブジェクトとし、項目は文字・数値・文字の一覧で書いてください。",
    )


def aliases(name: str) -> FileRejected:
    """YAML that refers back to itself."""
    return FileRejected(
        code="file_aliases",
        en=f"{name} uses YAML aliases (*name), with which a small file can become enormous.",
        ja=f"{name} は YAML の別名参照（*名前）を使っています。小さなファイルを巨大にできるため、受け付けません。",
        remedy_en="Write each value out where it is used.",
        remedy_ja="参照を使わず、値をそのまま書いてください。",
    )


def entities(name: str) -> FileRejected:
    """XML that declares a document type, which Office formats never do."""
    return FileRejected(
        code="file_entities",
        en=f"{name} declares a document type or entities in its XML, which an honest file never does.",
        ja=f"{name} の XML に文書型宣言（実体宣言）が含まれています。通常のファイルには現れないものです。",
        remedy_en="Open it in the program that made it and save it anew.",
        remedy_ja="作成したソフトで開き、保存し直してください。",
    )


def hostile_path(name: str, path: str) -> FileRejected:
    """An archive with a path or link that leads out of it."""
    shown = path[:80]
    return FileRejected(
        code="archive_hostile",
        en=f"{name} holds a path or link that leads out of it ({shown!r}).",
        ja=f"{name} に、ファイルの外を指すパスまたはリンク（{shown!r}）が含まれています。",
        remedy_en="Save it anew in the program that made it.",
        remedy_ja="作成したソフトで保存し直してください。",
    )


def wrong_type(name: str, claimed: str, actual: str) -> FileRejected:
    """The content is not what the name says."""
    return FileRejected(
        code="file_type_mismatch",
        en=f"{name} is named as {claimed}, but its content is {actual}.",
        ja=f"{name} は {claimed} という名前ですが、中身は{_KINDS_JA.get(actual, f' {actual} ')}です。",
        remedy_en="Open it in the program that made it, save it in the named format, and send it again.",
        remedy_ja="作成したソフトで開き、正しい形式で保存し直して送ってください。",
    )


def broken(name: str, detail: str) -> FileRejected:
    """The file ends too early or is damaged; ``detail`` is what the library says of it."""
    detail = detail.rstrip(". ")
    return FileRejected(
        code="file_damaged",
        en=f"{name} cannot be read to its end: it is cut off or damaged ({detail}).",
        ja=f"{name} を最後まで読めません。途中で切れているか、壊れています（{detail}）。",
        remedy_en="Send it again; if it fails again, save it anew in the program that made it.",
        remedy_ja="もう一度送ってください。だめな場合は、作成したソフトで保存し直してください。",
    )


def unsupported(name: str, suffixes: str) -> FileRejected:
    """No reader for this kind of file."""
    return FileRejected(
        code="file_unsupported",
        en=f"{name} is of a kind that is not read here.",
        ja=f"{name} は対応していない形式です。",
        remedy_en=f"Send one of: {suffixes}.",
        remedy_ja=f"次のいずれかの形式で送ってください: {suffixes}",
    )


def unreadable_encoding(name: str) -> FileRejected:
    """No encoding fits the bytes."""
    return FileRejected(
        code="file_encoding",
        en=f"The characters of {name} are in no encoding that is known here (UTF-8, Shift_JIS, EUC-JP, UTF-16).",
        ja=f"{name} の文字コードを判別できません（UTF-8、Shift_JIS、EUC-JP、UTF-16 に対応）。",
        remedy_en="Save it as UTF-8 and send it again.",
        remedy_ja="UTF-8 で保存し直して送ってください。",
    )


def too_slow(name: str, seconds: float) -> FileRejected:
    """Reading took longer than allowed and was ended."""
    return FileRejected(
        code="document_too_slow",
        en=f"Reading {name} took more than {seconds:g} seconds of processing and was ended.",
        ja=f"{name} の読み取りに処理時間で {seconds:g} 秒以上かかったため、中止しました。",
        remedy_en="Save it anew in the program that made it (for a PDF: print it to PDF), or split it.",
        remedy_ja="作成したソフトで保存し直すか（PDF は「PDF として印刷」）、分割して送ってください。",
    )


def too_much_memory(name: str, limit: int) -> FileRejected:
    """Reading needed more memory than allowed."""
    return FileRejected(
        code="document_too_much_memory",
        en=f"Reading {name} needs more than {limit // 2**20:,} MiB of memory.",
        ja=f"{name} の読み取りに必要なメモリが上限（{limit // 2**20:,} MiB）を超えています。",
        remedy_en="Save it anew in the program that made it, without large pictures, or split it.",
        remedy_ja="大きな画像を除いて保存し直すか、分割して送ってください。",
    )


def reader_ended(name: str, status: int) -> FileRejected:
    """The process that read the file ended without an answer (``status`` as ``Popen.returncode``)."""
    return FileRejected(
        code="document_reader_ended",
        en=f"{name} made its reader end unexpectedly (status {status}); nothing of it was stored.",
        ja=f"{name} の読み取り処理が異常終了しました（状態 {status}）。何も保存していません。",
        remedy_en="The file is damaged or too demanding: save it anew in the program that made it, and send it again.",
        remedy_ja="ファイルが壊れているか、負荷が大きすぎます。作成したソフトで保存し直して送ってください。",
    )


def encrypted(name: str) -> FileRejected:
    """A password is needed to read it."""
    return FileRejected(
        code="file_encrypted",
        en=f"{name} is protected by a password.",
        ja=f"{name} はパスワードで保護されています。",
        remedy_en="Remove the password in the program that made it, and send it again.",
        remedy_ja="作成したソフトでパスワードを解除して送ってください。",
    )


def needs_ocr(name: str) -> FileRejected:
    """There are pictures of pages, but no characters."""
    return FileRejected(
        code="document_needs_ocr",
        en=f"{name} holds scanned pages without text: it needs optical character recognition (OCR).",
        ja=f"{name} はスキャン画像のみで文字データがありません。OCR（文字認識）が必要です。",
        remedy_en="Run OCR over it (`ocrmypdf`, or the scanner's own), or send the file that was printed.",
        remedy_ja="OCR（ocrmypdf やスキャナーの機能）をかけるか、印刷前の元ファイルを送ってください。",
    )
