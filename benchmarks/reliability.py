"""Draws a reliability diagram as SVG: predicted probability across, found share up, one panel a set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

SIDE, GAP, EDGE = 260, 60, 40
Panel = tuple[str, np.ndarray, np.ndarray]


def reliability_diagram(panels: Sequence[Panel], bins: int) -> str:
    """The SVG of panels (name, predicted probabilities, whether useful), bins of equal mass."""
    width = EDGE + len(panels) * (SIDE + GAP)
    drawn = "\n".join(line for number, panel in enumerate(panels) for line in _panel(number, panel, bins))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {SIDE + 2 * EDGE + 20}" '
        f'font-family="sans-serif" font-size="12" fill="#222">\n{drawn}\n</svg>\n'
    )


def _panel(number: int, panel: Panel, bins: int) -> Iterable[str]:
    name, chances, useful = panel
    left, top = EDGE + number * (SIDE + GAP), EDGE
    yield f'<text x="{left}" y="{top - 12}" font-weight="bold">{name}</text>'
    yield f'<rect x="{left}" y="{top}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
    yield f'<path d="M{left} {top + SIDE}L{left + SIDE} {top}" stroke="#bbb" stroke-dasharray="4 4"/>'
    for part in np.array_split(np.argsort(chances), bins):
        x = left + SIDE * float(chances[part].mean())
        y = top + SIDE * (1 - float(useful[part].mean()))
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#1f6f5c" fill-opacity="0.8"/>'
    for share in (0, 0.5, 1):
        yield f'<text x="{left + SIDE * share - 6:.0f}" y="{top + SIDE + 16}">{share:g}</text>'
        yield f'<text x="{left - 22}" y="{top + SIDE * (1 - share) + 4:.0f}">{share:g}</text>'
    yield f'<text x="{left}" y="{top + SIDE + 34}">predicted / 予測した確率 → found / 実際の割合 ↑</text>'
