"""Cells as people leave them: widths, company signs, the many ways to say "nothing", lists in one cell."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# the signs by which a legal form is abbreviated, after NFKC (㈱ has become (株))
_COMPANY = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(合)": "合同会社",
    "(同)": "合同会社",
    "(資)": "合資会社",
    "(名)": "合名会社",
    "(一社)": "一般社団法人",
    "(一財)": "一般財団法人",
    "(公社)": "公益社団法人",
    "(公財)": "公益財団法人",
    "(社)": "社団法人",
    "(財)": "財団法人",
    "(特非)": "特定非営利活動法人",
    "(福)": "社会福祉法人",
    "(学)": "学校法人",
    "(医)": "医療法人",
    "(独)": "独立行政法人",
    "(地独)": "地方独立行政法人",
    "(国研)": "国立研究開発法人",
    "(農)": "農事組合法人",
    "(協)": "協同組合",
    "(社福)": "社会福祉法人",
    "(医社)": "医療法人社団",
    "(医財)": "医療法人財団",
    "(NPO法人)": "特定非営利活動法人",
    "(国大)": "国立大学法人",
    "(株式会社)": "株式会社",
    "(有限会社)": "有限会社",
    "(合同会社)": "合同会社",
}
_COMPANY_SIGN = re.compile(rf"[(\[〔]\s*({'|'.join(sign[1:-1] for sign in _COMPANY)})\s*[)\]〕]")
_EMPTY = {
    "なし",
    "ナシ",
    "無し",
    "無",
    "該当なし",
    "該当無し",
    "該当せず",
    "非該当",
    "特になし",
    "特に無し",
    "特になしです",
    "特にありません",
    "ありません",
    "記載なし",
    "記入なし",
    "登録なし",
    "データなし",
    "該当無",
    "特段なし",
    "特段無し",
    "とくになし",
    "とくに無し",
    "特にない",
    "無しです",
    "該当なし(未定)",
    "未確定",
    "未決定",
    "未決",
    "未定",
    "未定です",
    "未記入",
    "未入力",
    "未回答",
    "未設定",
    "未登録",
    "不明",
    "空欄",
    "空白",
    "n/a",
    "n.a",
    "#n/a",
    "na",
    "nan",
    "nil",
    "none",
    "null",
    "tbd",
    "tba",
    "unknown",
    "undecided",
    "not decided",
    "to be determined",
    "to be decided",
    "to be confirmed",
    "to be announced",
    "tbc",
    "nothing",
    "no data",
    "not applicable",
    "not available",
    "not specified",
}
# what Excel and LibreOffice show where a formula has no value
_SHEET_ERROR = re.compile(
    r"\s*(?:#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|GETTING_DATA)|Err:\d{3})\s*"
)
# nothing but dashes, dots and the like; as a pear, なし is none of the empties
_NOTHING = re.compile(r"[-‐‑‒–—―−ーｰ_~〜…‥・.。、,/\\|?*\s]*")
_PEAR = {"なし", "ナシ"}
# of a bracketed "nothing" the brackets do not count, nor does its full stop
_AROUND = "()[]【】「」<>-― 。."
# what says "the same as in the row above"
DITTO = {"〃", "々", "同上", "(同上)", "ditto", "same as above"}
# a full-width slash separates, a plain one may belong to the value (and/or), so lists are split before folding
_SEPARATORS = re.compile(r"[、，､,;；／\r\n]|\s/\s")
_SPACES = re.compile(r"[^\S\n]+")
# NFKC would glue circled numbers and fractions to what stands before them (2① → 21, 2½ → 21/2)
_KEPT = re.compile("([\u00bc-\u00be\u2150-\u215e\u2460-\u2473\u24ea-\u24ff\u2776-\u277f\u3251-\u325f\u32b1-\u32bf])")
# a word of katakana that ends in a dash has long vowels written as dashes: コ－ヒ－, ｺ-ﾋ-; バイオ－ガス has none
_LONG_VOWEL = re.compile(r"(?:[ァ-ヺー]+[‐‑–—―−－])+(?![ァ-ヺー\w])|(?:[ｦ-ﾟ]+[-‐‑–—―−－])+(?![ｦ-ﾟ\w])")
_SOUND_MARK = re.compile("(?<=[うか-とは-ほウカ-トハ-ホ])[゛゜]")
_BETWEEN = re.compile(r"[\s・]+")
_DASH = re.compile("[-‐‑–—―−－]")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f々〆]")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """NFKC with line ends as ``\\n`` and runs of spaces as one; what every cell goes through first.

    Circled numbers stay, and a dash that stands for a long vowel becomes one; squared units (㌧, ㎏) are spelt out.
    """
    if text.isascii():
        return _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if "゛" in unified or "゜" in unified:
        # marks that were typed apart from their kana (ハ゛イオ): NFKC would put a space in front of them
        unified = _SOUND_MARK.sub(lambda mark: "\u3099" if mark[0] == "゛" else "\u309a", unified)
    unified = _LONG_VOWEL.sub(lambda word: _DASH.sub("ー", word[0]), unified)
    if _KEPT.search(unified):
        unified = "".join(part if _KEPT.match(part) else _nfkc(part) for part in _KEPT.split(unified))
    else:
        unified = _nfkc(unified)
    return _SPACES.sub(" ", unified).strip()


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def cell_text(text: str, *, pear: bool = False) -> str | None:
    """The folded text, or None where the cell says in one of the usual ways that it is empty.

    Say ``pear`` where the cell names a speciality: there なし is the fruit.
    """
    folded = fold(text)
    if len(folded) > 30:
        return folded
    if _NOTHING.fullmatch(folded):
        return None
    bare = folded.strip(_AROUND)
    if pear and bare in _PEAR:
        return folded
    return None if {bare.casefold(), folded.casefold()} & _EMPTY or not bare else folded


def is_sheet_error(text: str) -> bool:
    """Whether a cell shows an error of its spreadsheet (#REF!, Err:502) in place of a value."""
    return text.startswith(("#", "Err:", " ")) and _SHEET_ERROR.fullmatch(text) is not None


def organisation_name(text: str) -> str:
    """A readable name: ㈱ and (株) become 株式会社 in their place, widths are folded."""
    return _COMPANY_SIGN.sub(lambda sign: _COMPANY[f"({sign[1]})"], fold(text))


def split_list(text: str, *, pear: bool = False, pear_among_others: bool = False) -> list[str]:
    """The values of a cell that holds several, in their order and without repetitions.

    ``pear``: see ``cell_text``. With ``pear_among_others`` なし is the fruit where it does not stand alone.
    """
    if len(text) <= 30 and cell_text(text, pear=pear) is None:
        # Ｎ／Ａ is one empty, not two values
        return []
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    fruit = pear or (pear_among_others and len(parts) > 1)
    read = (cell_text(part, pear=fruit) for part in parts)
    return list(dict.fromkeys(part for part in read if part))


@lru_cache(maxsize=20_000)
def label_key(label: str) -> str:
    """Under this key two spellings of one label meet: width, case and spaces do not count."""
    joined = _BETWEEN.sub("", unicodedata.normalize("NFKC", label).casefold())
    # an accent that stood behind a space now stands behind a letter
    return unicodedata.normalize("NFKC", joined)


def language_of(text: str) -> str:
    """ "ja" where at least a tenth of the letters are Japanese, else "en".

    A tenth, because Japanese technical prose is full of Latin abbreviations and English prose quotes place names.
    """
    letters = sum(map(str.isalpha, text))
    # counted by taking them away: a list of the characters of a long plan takes a hundred times its size
    japanese = len(text) - len(_JAPANESE.sub("", text))
    return "ja" if letters and japanese * 10 >= letters else "en"
