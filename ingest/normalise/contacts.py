"""Telephone numbers and mail addresses in one written form. The only importer of phonenumbers."""

from __future__ import annotations

import re

from ingest.normalise.text import fold

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ーｰ~〜", "-"))
_LABEL = re.compile(r"^(?:電話(?:番号)?|TEL|FAX|携帯|代表|直通|phone|mobile)\s*[.:]?\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*[(\[]?\s*(?:内線|ext\.?|x)\s*[.:]?\s*(?P<number>\d{1,6})\s*[)\]]?\s*$", re.IGNORECASE)
_REMARK = re.compile(r"\s*\((?:代表?|直通|携帯|担当|平日|本社|支社|[^\d()]{1,12})\)\s*$")
_HYPHENED = re.compile(r"0\d{1,4}-\d{1,4}-\d{3,4}")
_DIGITS = re.compile(r"\+?[\d\s().-]{6,24}")
# in front of the domain the characters of RFC 5322's dot-atom; behind it names that a DNS can hold
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
# 山田 <a@example.jp>, a@example.jp (担当)
_NAMED = re.compile(r"(?:[^<>@]{0,60}<)?\s*([^<>()\s]+@[^<>()\s]+?)\s*(?:>|\([^()@]{0,30}\))?")
_JAPAN = 81
# a cell that a spreadsheet took for a number has lost the zero in front
_LOST_ZERO = re.compile(r"[1-9]\d{8,9}")


def parse_phone(text: str) -> str:
    """A number in ASCII with hyphens (03-1234-5678, +49 30 123456 as +49-30-123456), an extension behind ``ext.``.

    Raises:
        ValueError: where the text is no telephone number.
    """
    plain = _LABEL.sub("", fold(text).translate(_DASHES))
    plain = _REMARK.sub("", plain)
    extension = _EXTENSION.search(plain)
    number = _REMARK.sub("", plain[: extension.start()] if extension else plain).strip()
    if not _HYPHENED.fullmatch(number):
        number = _hyphened(number)
    return f"{number} ext. {extension['number']}" if extension else number


def parse_mail(text: str) -> str:
    """A mail address in ASCII; ValueError where the text is none."""
    plain = re.sub(r"^(?:mailto:|e-?mail\s*:)\s*", "", fold(text), flags=re.IGNORECASE)
    if named := _NAMED.fullmatch(plain):
        plain = named[1]
    plain = re.sub(r"\s*(?:[(\[]at[)\]]|★|☆|■)\s*", "@", plain, flags=re.IGNORECASE).strip("<>「」 ")
    if not _MAIL.fullmatch(plain):
        raise ValueError(f"not a mail address: {text[:100]!r}")
    local, _, domain = plain.rpartition("@")
    return f"{local}@{domain.lower()}"


def _hyphened(number: str) -> str:
    """The groups of a number that was written without hyphens, or with brackets, dots or spaces."""
    import phonenumbers  # noqa: PLC0415  (its tables are read when the first such number is seen)

    if not _DIGITS.fullmatch(number):
        raise ValueError(f"not a telephone number: {number[:40]!r}")
    digits = re.sub(r"^0081", "+81", re.sub(r"[^\d+]", "", number))
    if _LOST_ZERO.fullmatch(digits):
        digits = f"0{digits}"
    if not digits.startswith(("0", "+")):
        raise ValueError(f"not a telephone number: {number!r}")
    try:
        parsed = phonenumbers.parse(digits, "JP")
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"not a telephone number: {number!r}") from error
    domestic = parsed.country_code == _JAPAN
    if domestic and not phonenumbers.is_possible_number(parsed):
        raise ValueError(f"not a telephone number: {number!r}")
    style = phonenumbers.PhoneNumberFormat
    written = phonenumbers.format_number(parsed, style.NATIONAL if domestic else style.INTERNATIONAL)
    return re.sub(r"[^\d+]+", "-", written).strip("-")
