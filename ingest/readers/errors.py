"""Why a file as a whole cannot be read, each with its remedy, in both languages."""

from __future__ import annotations

from kg.errors import MeguriError


class FileRejected(MeguriError):
    """The file is not read at all; nothing of it is stored."""


def empty_file(name: str) -> FileRejected:
    """No bytes, or nothing but a header."""
    return FileRejected(
        code="file_empty",
        en=f"{name} holds no records.",
        ja=f"{name} にはレコードがありません。",
        remedy_en="Send the file with at least one row below its header.",
        remedy_ja="見出しの下に 1 行以上あるファイルを送ってください。",
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


def wrong_type(name: str, claimed: str, actual: str) -> FileRejected:
    """The content is not what the name says."""
    return FileRejected(
        code="file_type_mismatch",
        en=f"{name} is named as {claimed}, but its content is {actual}.",
        ja=f"{name} は {claimed} という名前ですが、中身は {actual} です。",
        remedy_en="Open it in the program that made it, save it in the named format, and send it again.",
        remedy_ja="作成したソフトで開き、正しい形式で保存し直して送ってください。",
    )


def broken(name: str, detail: str) -> FileRejected:
    """The file ends too early or is damaged."""
    return FileRejected(
        code="file_damaged",
        en=f"{name} cannot be read to its end: {detail}.",
        ja=f"{name} を最後まで読めません（{detail}）。ファイルが途中で切れているか、壊れています。",
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
