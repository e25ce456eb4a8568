"""Sets a source as a web page as town offices make them: menus and notices around the text, ruby, tables."""

from __future__ import annotations

from html import escape
from string import Template

from markdown_it import MarkdownIt

from corpus.documents.sources.source import RUBY, Source

PAGE = Template("""<!DOCTYPE html>
<html lang="$lang">
<head>
<meta charset="$encoding">
<title>$title | $site</title>
<style>body { max-width: 48rem; margin: auto } nav li { display: inline }</style>
<script>window.dataLayer = window.dataLayer || [];</script>
</head>
<body>
<header><p>$site</p>
<nav><ul>
<li><a href="/">$home</a></li><li><a href="/news/">$news</a></li><li><a href="/contact/">$contact</a></li>
</ul></nav></header>
<main><article>
$body</article></main>
<aside><p>$notice</p></aside>
<footer><p>$footer</p></footer>
</body>
</html>
""")
WORDS = {
    "ja": {
        "home": "ホーム",
        "news": "お知らせ",
        "contact": "お問い合わせ",
        "notice": "文字の大きさを変えられます。",
    },
    "en": {"home": "Home", "news": "News", "contact": "Contact", "notice": "The size of the letters can be changed."},
}


def html_bytes(source: Source) -> bytes:
    """The page in the encoding that the source asks for."""
    encoding = source.layout.get("encoding", "utf-8")
    page = PAGE.substitute(
        lang=source.lang,
        encoding=encoding,
        title=escape(source.meta["title"]),
        site=escape(source.layout["header"]),
        footer=escape(source.layout["footer"]),
        body=_body(source),
        **WORDS[source.lang],
    )
    return page.encode(encoding, errors="xmlcharrefreplace")


def _body(source: Source) -> str:
    rendered = MarkdownIt("commonmark").enable("table").renderer.render(source.tokens, {}, {})
    return RUBY.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", str(rendered))
