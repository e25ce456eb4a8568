"""Of a web page the main content is read, as a person sees it."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.limits import Limits
from ingest.readers.documents.html import read_html
from ingest.readers.documents.text import DocumentText
from ingest.readers.errors import FileRejected

PAGE = """<!DOCTYPE html><html lang="ja"><head><meta charset="CHARSET"><title>廃食用油の回収 | 見本市</title>
<meta property="article:published_time" content="2025-04-01T09:00:00+09:00">
<script>var x = "スクリプト";</script><style>.x { color: red }</style></head><body>
<header><p>見本市のページ</p><nav><ul><li><a href="/">ホーム</a></li></ul></nav></header>
<div class="pankuzu"><a href="/">トップ</a> &gt; くらし</div>
<MAIN><h1>廃食用油の回収を始めます</h1>
<p>当市では、<ruby>廃食用油<rp>（</rp><rt>はいしょくようゆ</rt><rp>）</rp></ruby>を
集めて<b>燃料</b>に変えます&amp;&nbsp;使います。</p>
<p hidden>隠しその一</p><p style="display: none">隠しその二</p><div aria-hidden="true">隠しその三</div><!-- 注釈 -->
<h2>回収場所</h2><ul><li>公民館</li><li>小学校</li></ul>
<table><tr><th>曜日</th><th>場所</th></tr><tr><td>月曜</td><td>中央公民館</td></tr></table>
<p>一行目<br>二行目<img src=x onerror="alert(1)"></p><template>型紙</template><noscript>動かない</noscript></MAIN>
<aside>関連記事</aside><footer>Copyright</footer></body></html>"""
TEXT = """廃食用油の回収を始めます

当市では、廃食用油を集めて燃料に変えます& 使います。

回収場所

公民館
小学校

曜日\t場所
月曜\t中央公民館

一行目
二行目"""


def page(tag: str = "main", charset: str = "utf-8") -> str:
    return PAGE.replace("<MAIN>", f"<{tag}>").replace("</MAIN>", f"</{tag}>").replace("CHARSET", charset)


def read(content: str | bytes) -> DocumentText:
    data = content if isinstance(content, bytes) else content.encode()
    return read_html(data, "a.html", Limits(), lambda done, total: None)


@pytest.mark.parametrize("tag", ["main", "article", 'div role="main"', "div"])
def test_main_content_only(tag: str) -> None:
    document = read(page(tag).replace("</div role", "</div"))
    assert document.text == TEXT
    assert [document.text[start:end] for start, end in document.headings] == ["廃食用油の回収を始めます", "回収場所"]
    assert document.title == "廃食用油の回収を始めます"
    assert document.issued == date(2025, 4, 1)
    assert document.language == "ja"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("Shift_JIS", "cp932"), ("euc-jp", "euc_jp"), ("utf-8", "utf-8-sig"), ("utf-8", "cp932"), ("nonsense", "utf-8")],
)
def test_encodings_as_the_page_says_or_as_they_are(charset: str, encoding: str) -> None:
    content = page(charset=charset).replace("使います", "使います①㈱" if encoding == "cp932" else "使います")
    assert "廃食用油を集めて燃料に変えます" in read(content.encode(encoding)).text


def test_content_is_found_where_nothing_says_where_it_is() -> None:
    story = "".join(
        f"<p>その{i}。油を集めて燃料に変える取り組みについて、人々が話し合いを重ねた経緯を記す。</p>" for i in range(12)
    )
    menu = "".join(f"<a href='/{i}'>お知らせの一覧その{i}を見る</a> " for i in range(30))
    body = f"<div class='m'>{menu}</div><div class='c'><h1>油の話</h1>{story}</div><div class='m'>{menu}</div>"
    document = read(f"<html><head><title>x</title></head><body>{body}</body></html>")
    assert document.text.startswith("油の話\n\nその0。")
    assert document.text.endswith("経緯を記す。")
    assert "一覧" not in document.text


def test_entities_are_not_expanded_and_nothing_is_fetched() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    text = read(f"{bomb}<html><body><p>油 &b; &f;</p></body></html>").text
    assert "aaaa" not in text
    assert "root" not in text


@pytest.mark.parametrize("content", [b"<p>a\x00b</p>", b"\x00\x01\x02<html>"])
def test_nul_is_refused(content: bytes) -> None:
    with pytest.raises(FileRejected) as refused:
        read(content)
    assert refused.value.code in ("file_damaged", "file_encoding")


def test_elements_nested_without_end_are_read_as_far_as_the_parser_goes() -> None:
    assert isinstance(read("<div>" * 50_000 + "油").text, str)
