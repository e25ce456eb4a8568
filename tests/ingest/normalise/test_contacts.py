"""Telephone numbers and mail addresses in one written form."""

from __future__ import annotations

import pytest

from ingest.normalise.contacts import parse_mail, parse_phone


@pytest.mark.parametrize(
    ("typed", "mail"),
    [
        ("山田 <yamada@example.jp>", "yamada@example.jp"),
        ("ａ＠ｅｘａｍｐｌｅ．ｊｐ", "a@example.jp"),
        ("a@example.jp（担当）", "a@example.jp"),
        ("mailto:A.B@Example.JP", "A.B@example.jp"),
        ("a[at]example.jp", "a@example.jp"),
    ],
)
def test_mail_addresses(typed: str, mail: str) -> None:
    assert parse_mail(typed) == mail


@pytest.mark.parametrize("typed", ["a@example", "@example.jp", "a@@example.jp", "a b@example.jp", ""])
def test_what_is_no_mail_address(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_mail(typed)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("０９０ー１２３４ー５６７８", "090-1234-5678"),
        ("03（1234）5678", "03-1234-5678"),
        ("+81 (0)3 1234 5678", "03-1234-5678"),
        ("0081-3-1234-5678", "03-1234-5678"),
        ("TEL：0867-42-1111（代表）", "0867-42-1111"),
    ],
)
def test_telephones(typed: str, phone: str) -> None:
    assert parse_phone(typed) == phone
