"""Cells as people leave them: widths, company signs, the many ways to say "nothing", lists in one cell."""

from __future__ import annotations

import re
import unicodedata

_COMPANY = {
    "㈱": "株式会社",
    "(株)": "株式会社",
    "㈲": "有限会社",
    "(有)": "有限会社",
    "(一社)": "一般社団法人",
    "(公財)": "公益財団法人",
}
_EMPTY = {
    "",
    "-",
    "--",
    "―",
    "—",
    "–",
    "ー",
    "−",
    "‐",
    "~",
    "…",
    "なし",
    "無し",
    "無",
    "該当なし",
    "該当無し",
    "特になし",
    "特に無し",
    "未定",
    "不明",
    "n/a",
    "na",
    "none",
    "null",
    "tbd",
}
# a full-width slash separates, a plain one may belong to the value (and/or), so lists are split before folding
_SEPARATORS = re.compile(r"[、，､,;；／\r\n]|\s/\s")
_SPACES = re.compile(r"[^\S\n]+")
# squared units (㌧, ㎏) and circled digits fold well under NFKC; the company signs are spelt out before it
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f々〆]")


def fold(text: str) -> str:
    """NFKC with line ends as ``\\n`` and runs of spaces as one; what every cell goes through first."""
    unified = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACES.sub(" ", unified).strip()


def cell_text(text: str) -> str | None:
    """The folded text, or None where the cell says in one of the usual ways that it is empty."""
    folded = fold(text)
    return None if folded.casefold() in _EMPTY else folded


def organisation_name(text: str) -> str:
    """A readable name: ㈱ and (株) become 株式会社 in their place, widths are folded."""
    folded = fold(text)
    for sign, spelt in _COMPANY.items():
        folded = folded.replace(unicodedata.normalize("NFKC", sign), spelt)
    return folded


def split_list(text: str) -> list[str]:
    """The values of a cell that holds several, in their order and without repetitions."""
    parts = (cell_text(part) for part in _SEPARATORS.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def label_key(label: str) -> str:
    """Under this key two spellings of one label meet: width, case and spaces do not count."""
    joined = re.sub(r"[\s・]+", "", unicodedata.normalize("NFKC", label).casefold())
    # an accent that stood behind a space now stands behind a letter
    return unicodedata.normalize("NFKC", joined)


def language_of(text: str) -> str:
    """ "ja" where at least a tenth of the letters are Japanese, else "en".

    A tenth, because Japanese technical prose is full of Latin abbreviations and English prose quotes place names.
    """
    letters = sum(char.isalpha() for char in text)
    return "ja" if letters and len(_JAPANESE.findall(text)) * 10 >= letters else "en"
