"""The picture of the classes: every class is in it, its boxes lie apart, and docs/ shows the present one."""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from kg.ontology_terms import ancestors, ontology_terms
from search_api.web.class_diagram import PLACES, class_diagram, wrapped

DOCS = Path(__file__).parents[3] / "docs"
SVG = "{http://www.w3.org/2000/svg}"


def boxes(lang: str) -> list[tuple[float, float, float, float]]:
    root = ElementTree.fromstring(class_diagram(lang))
    found = [rect.attrib for rect in root.iter(f"{SVG}rect")]
    return [(float(a["x"]), float(a["y"]), float(a["width"]), float(a["height"])) for a in found]


def test_every_class_stands_in_the_picture_or_in_the_box_above_it() -> None:
    for iri, term in ontology_terms().items():
        if term.kind == "class":
            above = {ontology_terms()[one].name for one in ancestors(iri)} - {"Record"}
            assert term.name in PLACES or above & PLACES.keys(), term.name


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_boxes_lie_apart_and_inside(lang: str) -> None:
    root = ElementTree.fromstring(class_diagram(lang))
    width, height = (float(number) for number in root.attrib["viewBox"].split()[2:])
    for x, y, w, h in boxes(lang):
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(boxes(lang), 2):
        assert x1 + w1 < x2 or x2 + w2 < x1 or y1 + h1 < y2 or y2 + h2 < y1


def test_arrows_carry_the_properties_between_classes() -> None:
    text = class_diagram("en")
    for name in ("offeredBy", "usesTechnology", "committedBy", "followsUp", "hasPassage", "inProgramme"):
        assert f">{name}</text>" in text
    assert ">usesResource → resource</text>" in text
    assert 'href="#Technology"' in text and "style=" not in text and "<style" not in text


def test_titles_are_broken_where_they_may_be() -> None:
    assert wrapped("コミットメント（循環経済の目標）", 180) == ["コミットメント", "（循環経済の目標）"]
    assert wrapped("programme participation of regions", 180) == ["programme participation", "of regions"]
    assert wrapped("短い", 180) == ["短い"]


@pytest.mark.parametrize(("name", "lang"), [("ontology.svg", "en"), ("ontology.ja.svg", "ja")])
def test_picture_in_the_docs_is_the_present_one(name: str, lang: str) -> None:
    """``MEGURI_WRITE=1 pytest …`` draws it anew where the ontology has changed."""
    drawn = class_diagram(lang, standalone=True) + "\n"
    if os.environ.get("MEGURI_WRITE"):
        (DOCS / name).write_text(drawn, encoding="utf-8")
    assert (DOCS / name).read_text(encoding="utf-8") == drawn, "run with MEGURI_WRITE=1"
