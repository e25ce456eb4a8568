"""Web pages: the main content as a reader sees it; the only importer of trafilatura and lxml."""

from __future__ import annotations

import codecs
import re
from datetime import date
from typing import Any

from ingest.limits import Limits
from ingest.readers.documents.pieces import Pieces
from ingest.readers.documents.text import DocumentText, PageProgress
from ingest.readers.encoding import decode
from ingest.readers.errors import broken

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# pages that say Shift_JIS are written with the signs that vendors added, which is what browsers read, too
_AS_BROWSERS_DO = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# what is not text, and what is no part of the page's own content
_NO_CONTENT = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas", "audio", "video", "form"}
    | {"button", "select", "textarea", "input", "nav", "aside", "footer", "rt", "rp", "link", "meta", "head", "del"}
    | {"dialog", "menu"}
)
_ROLES = ("navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert")
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity)\s*:\s*0(?![.\d])", re.IGNORECASE
)
_FURNITURE = re.compile(
    r"(?i)\b(?:bread-?crumbs?|pankuzu|topic-?path|global-?nav|gnav|side-?bar|skip-?link|share|sns|pagetop"
    r"|site-?footer|site-?header|cookie)\b"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "blockquote", "pre", "ul", "ol", "dl", "table", "thead"}
    | {"tbody", "tfoot", "caption", "figure", "figcaption", "address", "details", "summary", "hr", "fieldset"}
    | {"center", "body", "html"}
)
_ITEMS = frozenset({"li", "dt", "dd", "tr"})
_DATES = ("article:published_time", "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "date", "pubdate")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_SHORTEST_MAIN = 20
_TELLING_LINE, _FEWEST_LINES, _LINES_LOOKED_FOR, _NEARLY_ALL = 15, 5, 40, 0.9


def read_html(content: bytes, name: str, limits: Limits, progress: PageProgress) -> DocumentText:
    """The main content: no scripts, navigation, hidden text or readings (ruby).

    Raises FileRejected: encoding, NUL characters, too much text.
    """
    from lxml import html  # noqa: PLC0415

    text = _decoded(content, name)
    if "\x00" in text:
        raise broken(name, "NUL characters")
    root = html.document_fromstring(_DECLARATION.sub("", text), ensure_head_body=True)
    title, issued, language = _title(root), _issued(root), (root.get("lang") or "")[:2].lower()
    _strip(root)
    walker = _Walker(Pieces(name, limits))
    walker.walk(_main(root))
    walker.flush()
    document = walker.pieces.document(title=walker.heading or title, issued=issued)
    return DocumentText(
        document.text,
        headings=document.headings,
        title=document.title,
        issued=document.issued,
        language=language if language in ("ja", "en") else None,
    )


def _decoded(content: bytes, name: str) -> str:
    """As the page itself says, where that is true; else as for any text."""
    said = _CHARSET.search(content[:4096])
    if said and not content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = said[1].decode("ascii").lower()
        try:
            return content.decode(_AS_BROWSERS_DO.get(charset, charset))
        except (UnicodeDecodeError, LookupError):
            return decode(content, name)
    return decode(content, name)


def _strip(root: Any) -> None:
    """Take away what a reader does not see as the page's content; what stands behind an element stays."""
    unwanted = [element for element in root.iter() if not isinstance(element.tag, str) or _is_unwanted(element)]
    for element in unwanted:
        parent = element.getparent()
        if parent is not None and element.tag not in ("html", "body"):
            element.drop_tree() if hasattr(element, "drop_tree") else parent.remove(element)


def _is_unwanted(element: Any) -> bool:
    if element.tag in _NO_CONTENT or element.get("role") in _ROLES:
        return True
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    if element.tag == "header":
        return next(element.iterancestors("main", "article"), None) is None
    return bool(_FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _main(root: Any) -> Any:
    """The element that holds the content: the one that says so, else the one around what trafilatura finds."""
    for path in ("//main", "//*[@role='main']", "//article"):
        found = root.xpath(path)
        if len(found) == 1 and len(_letters(found[0])) >= _SHORTEST_MAIN:
            return found[0]
    body = root.find("body")
    body = root if body is None else body
    lines = _found_lines(root)
    # in a short page there is little to tell the content by, and little to leave out
    return _around(body, lines) if len(lines) >= _FEWEST_LINES else body


def _found_lines(root: Any) -> list[str]:
    """Some of the lines that trafilatura takes for content; it drops headings and structure, so the rest is ours."""
    from lxml import html  # noqa: PLC0415
    from trafilatura import extract  # noqa: PLC0415  (more than a second)

    page = html.tostring(root, encoding="unicode")
    found = extract(page, include_comments=False, favor_recall=True, fast=True) or ""
    lines = ["".join(line.split()) for line in found.splitlines()]
    telling = [line for line in lines if len(line) >= _TELLING_LINE]
    return telling[:: max(len(telling) // _LINES_LOOKED_FOR, 1)]


def _around(element: Any, lines: list[str]) -> Any:
    """The smallest element that holds nearly all of the lines."""
    while True:
        inner = next((child for child in element if _holds(child, lines)), None)
        if inner is None:
            return element
        element = inner


def _holds(element: Any, lines: list[str]) -> bool:
    if element.tag not in _BLOCKS or element.tag == "p":
        return False
    letters = _letters(element)
    return sum(line in letters for line in lines) >= _NEARLY_ALL * len(lines)


def _letters(element: Any) -> str:
    return "".join("".join(element.itertext()).split())


def _title(root: Any) -> str | None:
    for path in ("//meta[@property='og:title']/@content", "//head/title/text()"):
        for value in root.xpath(path):
            if value.strip():
                return " ".join(value.split())
    return None


def _issued(root: Any) -> date | None:
    said = {(m.get("property") or m.get("name") or "").lower(): m.get("content") or "" for m in root.iter("meta")}
    values = [said.get(key, "") for key in _DATES]
    values += [element.get("datetime") or "" for element in root.xpath("//time[@pubdate or @itemprop='datePublished']")]
    for value in values:
        found = _DAY.match(value.strip())
        if found:
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                continue
    return None


class _Walker:
    """Adds the text of an element's blocks one after another."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        self.heading: str | None = None
        self._inline: list[str] = []
        self._item = False

    def walk(self, element: Any) -> None:
        """The element with all that it holds; libxml2 lets elements nest 256 deep at most."""
        tag = element.tag
        block = tag in _BLOCKS or tag in _ITEMS or tag in _HEADINGS
        if block:
            self.flush()
            self._item = tag in _ITEMS and element.getprevious() is not None
        if tag in ("td", "th") and element.getprevious() is not None:
            self._inline.append("\t")
        if tag == "br":
            self._inline.append("\n")
        self._inline.append(_spaced(element.text, keep=tag == "pre"))
        for child in element:
            self.walk(child)
            self._inline.append(_spaced(child.tail, keep=tag == "pre"))
        if block:
            self.flush(heading=tag in _HEADINGS, first=tag == "h1")

    def flush(self, *, heading: bool = False, first: bool = False) -> None:
        """What was collected becomes a paragraph, an item or a heading."""
        text = "".join(self._inline)
        self._inline = []
        if text.strip():
            if first and self.heading is None:
                self.heading = " ".join(text.split())
            self.pieces.add(text, heading=heading, close=self._item and not heading)
            self._item = False


def _spaced(text: str | None, *, keep: bool) -> str:
    """Line ends of the source are spaces; between Japanese characters, where browsers show one too, they are none."""
    if not text or keep:
        return text or ""
    joined = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*[\r\n]\s*(?=[\u3000-\u9fff\uff00-\uffef])", "", text)
    return re.sub(r"[ \t\r\n\f]+", " ", joined)
