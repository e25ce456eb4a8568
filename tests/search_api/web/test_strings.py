"""Both languages have the same words, and templates use none that is missing."""

from __future__ import annotations

import re
import string

import pytest

from search_api.engine.query import KINDS
from search_api.web.i18n import LANGUAGES, strings, translate
from search_api.web.render import Renderer, static_folder


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_same_keys_and_fields() -> None:
    ja, en = strings("ja"), strings("en")
    assert ja.keys() == en.keys()
    for key in ja:
        assert isinstance(ja[key], str) and isinstance(en[key], str), key
        assert fields(ja[key]) == fields(en[key]), key


def test_each_language_is_itself() -> None:
    others = {
        "site.latin",
        "switch.label",
        "counts.unit",
        "nav.api",
        "nav.sparql",
        "forms.json",
        "colon",
        "site.name",
        "matches.and",
        "region.traits.between",
    }
    for key, text in strings("en").items():
        assert key in others or not re.search(r"[ぁ-んァ-ン一-龥]", text), key
    for key, text in strings("ja").items():
        assert key in others or re.search(r"[ぁ-んァ-ン一-龥]", text) or fields(text), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_templates_use_words_that_exist(lang: str) -> None:
    templates = static_folder().parent / "templates"
    for template in templates.glob("*.html"):
        for key, dynamic in re.findall(r"\bt\(\s*\"([^\"]+)\"(\s*~)?", template.read_text(encoding="utf-8")):
            if not dynamic:
                assert translate(lang, key) is not None, (template.name, key)
            else:
                assert any(known.startswith(key) for known in strings(lang)), (template.name, key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_a_name(lang: str) -> None:
    for kind in KINDS:
        assert translate(lang, f"find.{kind}")
        assert kind == "any" or translate(lang, f"kind.{kind}")


def test_every_word_is_used() -> None:
    sources = [path for folder in ("web", "http") for path in (static_folder().parents[1] / folder).rglob("*")]
    text = "".join(p.read_text(encoding="utf-8") for p in sources if p.suffix in (".html", ".py"))
    prefixes = set(re.findall(r"\"([a-z_.]+\.)\" ~", text))
    for key in strings("en"):
        assert f'"{key}"' in text or any(key.startswith(prefix) for prefix in prefixes), key


def test_renderer_escapes() -> None:
    assert Renderer()._templates.autoescape is True
