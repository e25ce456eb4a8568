"""One error shape for everything a user can cause: what is wrong and what to do, in both languages."""

from __future__ import annotations


class MeguriError(Exception):
    """An expected failure with a stable ``code``, a bilingual message and a bilingual remedy.

    Whatever reaches a user (command line, HTTP problem document, page) is made from these fields;
    anything that is not a ``MeguriError`` is a fault of ours.
    """

    def __init__(self, *, code: str, en: str, ja: str, remedy_en: str = "", remedy_ja: str = "") -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.ja = ja
        self.remedy_en = remedy_en
        self.remedy_ja = remedy_ja

    def message(self, lang: str) -> str:
        """The message and its remedy in ``lang`` ("ja" or "en")."""
        parts = (self.ja, self.remedy_ja) if lang == "ja" else (self.en, self.remedy_en)
        return " ".join(part for part in parts if part)
