"""The classes of the ontology as a picture (SVG): boxes on a grid, an arrow for each property between two of them.

Where a box stands is decided here; what it says, and every arrow, comes from the ontology. What leads to regions and
to concepts would be most of the arrows, so it is written inside the boxes instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html import escape

from rdflib import URIRef

from ingest.exchange.terms import properties_for
from kg.namespaces import CES, SKOS
from kg.ontology_terms import Term, ancestors, ontology_terms, properties_of
from search_api.web.diagram_lines import Box, Route, route

# column and row of each class; the last number is how many rows it spans
PLACES: dict[str, tuple[int, int, int]] = {
    "RegionalResource": (0, 0, 1),
    "Match": (1, 0, 1),
    "Record": (2, 0, 1),
    "Registration": (3, 0, 1),
    "Document": (4, 0, 1),
    "Region": (0, 1, 1),
    "Technology": (1, 1, 1),
    "Issue": (2, 1, 1),
    "Event": (3, 1, 1),
    "Passage": (4, 1, 1),
    "Quantity": (0, 2, 1),
    "Project": (1, 2, 1),
    "Partner": (2, 2, 2),
    "SupportScheme": (3, 2, 1),
    "Mention": (4, 2, 1),
    "Measure": (0, 3, 1),
    "Commitment": (1, 3, 1),
    "Exchange": (3, 3, 1),
    "Statement": (4, 3, 1),
    "RuleSet": (0, 4, 1),
    "FollowUp": (1, 4, 1),
    "WorkingGroup": (2, 4, 1),
    "ProgrammeParticipation": (3, 4, 1),
    "Roadmap": (1, 5, 1),
    "Programme": (2, 5, 1),
    "Aim": (3, 5, 1),
}
WIDTH, GAP_X, GAP_Y, MARGIN, LINE = 200, 104, 58, 14, 15
# room for a line that passes a box of its own column
_RIGHT = 88
_GROUPS = {
    "place": {"Region", "Quantity"},
    "text": {"Document", "Passage", "Mention", "Statement", "Registration"},
    "programme": {"Programme", "WorkingGroup", "ProgrammeParticipation", "Roadmap", "Aim", "RuleSet", "Measure"},
}
STYLE = """
.cd text { font: 11.5px system-ui, "Hiragino Sans", "Noto Sans CJK JP", sans-serif; fill: #1f2a26; }
.cd .cd-title { font-size: 13px; font-weight: 650; }
.cd .cd-name, .cd .cd-row { fill: #55625c; font-size: 11px; }
.cd .cd-box { fill: #e3ede4; stroke: #1f5c45; }
.cd .cd-place .cd-box { fill: #f8e9d9; stroke: #9a4a16; }
.cd .cd-text .cd-box { fill: #ecebe0; stroke: #55625c; }
.cd .cd-programme .cd-box { fill: #e1ebf0; stroke: #235a80; }
.cd .cd-line { fill: none; stroke: #55625c; stroke-width: 1.1; }
.cd .cd-head { fill: #55625c; }
.cd .cd-label { font-size: 11px; paint-order: stroke; stroke: #fffefa; stroke-width: 4px; stroke-linejoin: round; }
"""


@dataclass
class _Class:
    """A class with what its box says."""

    term: Term
    title: list[str]
    rows: list[str]
    box: Box = field(default_factory=lambda: Box(0, 0, 0, 0))

    @property
    def height(self) -> int:
        """The height that the text needs."""
        return 16 + 17 * len(self.title) + LINE * (1 + len(self.rows))


@cache
def class_diagram(lang: str, standalone: bool = False) -> str:
    """The picture, with links to the terms of the page that it stands in; ``standalone`` brings its own style."""
    drawn = _placed(lang)
    width = max(c.box.x + c.box.width for c in drawn.values()) + _RIGHT
    height = max(c.box.y + c.box.height for c in drawn.values()) + MARGIN
    boxes = "".join(_box(c, lang, standalone) for c in drawn.values())
    title = "クラスとその関係" if lang == "ja" else "Classes and how they relate"
    style = f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fffefa"/>' if standalone else ""
    return (
        f'<svg class="cd" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{title}" lang="{lang}">{style}{_lines(drawn)}{boxes}</svg>'
    )


def _placed(lang: str) -> dict[str, _Class]:
    """The classes with their boxes: a row is as high as its highest box, a box that spans rows takes them whole."""
    classes = {name: _class(name, lang) for name in PLACES}
    rows = max(row + span for _, row, span in PLACES.values())
    heights = [max(c.height for n, c in classes.items() if PLACES[n][1:] == (row, 1)) for row in range(rows)]
    tops = [MARGIN + sum(heights[:row]) + GAP_Y * row for row in range(rows)]
    for name, one in classes.items():
        column, row, span = PLACES[name]
        last = row + span - 1
        space = tops[last] + heights[last] - tops[row]
        height = space if span > 1 else one.height
        one.box = Box(MARGIN + column * (WIDTH + GAP_X), tops[row] + (space - height) / 2, WIDTH, height)
    return classes


def _class(name: str, lang: str) -> _Class:
    term = ontology_terms()[CES[name]]
    drawn = {prop.name for prop in properties_of(term.iri) if _targets(name, prop)}
    rows = [_row(term.iri, prop) for prop in properties_of(term.iri) if _is_shown(prop) and prop.name not in drawn]
    below = [t for t in ontology_terms().values() if term.iri in t.parents and t.name not in PLACES]
    return _Class(term, wrapped(term.label.of(lang), WIDTH - 20), rows + [f"◂ {t.label.of(lang)}" for t in below])


def _is_shown(prop: Term) -> bool:
    return prop.kind == "object" and prop.inverse is None


def _row(rdf_class: URIRef, prop: Term) -> str:
    """What the box says of a property that no arrow shows: it leads to regions, concepts, or far away."""
    constraint = properties_for(rdf_class).get(prop.iri)
    if constraint and constraint.scheme:
        return f"{prop.name} → {constraint.scheme}"
    names = [str(one).rpartition("#")[2].rpartition("/")[2] for one in prop.ranges]
    return f"{prop.name} → {', '.join(names) if 0 < len(names) < 3 else '…'}"


def _box(one: _Class, lang: str, standalone: bool) -> str:
    box, name = one.box, one.term.name
    group = next((group for group, names in _GROUPS.items() if name in names), "record")
    y = box.y + 22
    lines = []
    for part in one.title:
        lines.append(_text(box.x + 10, y, part, "cd-title"))
        y += 17
    lines.append(_text(box.x + 10, y - 2, f"ces:{name}", "cd-name"))
    for row in one.rows:
        y += LINE
        lines.append(_text(box.x + 10, y, row, "cd-row"))
    shape = f'<rect class="cd-box" x="{box.x:.0f}" y="{box.y:.0f}" width="{WIDTH}" height="{box.height:.0f}" rx="8"/>'
    inner = f"{shape}{''.join(lines)}"
    if not standalone:
        inner = f'<a href="#{name}" tabindex="-1">{inner}</a>'
    return f'<g class="cd-{group}">{inner}</g>'


def _lines(drawn: dict[str, _Class]) -> str:
    """All arrows, lines first so that labels stand over them."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for name, one in drawn.items():
        for prop in properties_of(one.term.iri):
            for target in _targets(name, prop):
                pairs.setdefault((name, target), []).append(prop.name)
    routes = [
        route(drawn[a].box, drawn[b].box, names, near=_is_near(a, b), shift=12.0 if (b, a) in pairs else 0.0)
        for (a, b), names in pairs.items()
    ]
    return "".join(map(_line, routes)) + "".join(map(_label, routes))


def _targets(source: str, prop: Term) -> list[str]:
    """The classes that an arrow of a property leads to; none where it would run across the picture."""
    if not _is_shown(prop) or {CES.Region, SKOS.Concept} & set(prop.ranges):
        return []
    found = []
    for one in prop.ranges:
        line = [one, *ancestors(one)] if one in ontology_terms() else []
        found += [name for c in line if (name := ontology_terms()[c].name) in PLACES][:1]
    return [name for name in found if name != source and abs(PLACES[name][0] - PLACES[source][0]) < 2]


def _is_near(a: str, b: str) -> bool:
    """Whether two boxes are neighbours in the grid."""
    (_, row_a, span_a), (_, row_b, span_b) = PLACES[a], PLACES[b]
    return max(row_a, row_b) - min(row_a + span_a, row_b + span_b) < 1


def _line(one: Route) -> str:
    path = " ".join(f"{'M' if i == 0 else 'L'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(one.points))
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in one.head)
    return f'<path class="cd-line" d="{path}"/><polygon class="cd-head" points="{head}"/>'


def _label(one: Route) -> str:
    x, y = one.label_at
    height = 12 * (len(one.names) - 1)
    return "".join(
        _text(x, y - height / 2 + 12 * i + 4, name, "cd-label", middle=True) for i, name in enumerate(one.names)
    )


def _text(x: float, y: float, text: str, style: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}"{anchor}>{escape(text)}</text>'


def wrapped(text: str, width: float, size: float = 13) -> list[str]:
    """A title in lines that fit: between words, in Japanese between any characters, before a bracket first."""
    if _width(text, size) <= width:
        return [text]
    if "（" in text[1:]:
        cut = text.index("（", 1)
        return [*wrapped(text[:cut], width, size), *wrapped(text[cut:], width, size)]
    pieces = text.split(" ") if " " in text else list(text)
    joint = " " if " " in text else ""
    lines = [pieces[0]]
    for piece in pieces[1:]:
        longer = f"{lines[-1]}{joint}{piece}"
        if _width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _width(text: str, size: float) -> float:
    """About how wide a text is: Japanese characters are square, Latin ones about half as wide."""
    return sum(size if ord(char) > 0x2E7F else size * 0.56 for char in text)
