"""Where the W3C suites lie, and which cases may fail: each by its name, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2].parent / "shared" / "conformance"
ABSENT = "the W3C suites do not lie beside this checkout (../shared/conformance)"


def present() -> bool:
    """Whether the suites are there."""
    return (ROOT / "sparql11" / "manifest-all.ttl").is_file()


@dataclass(frozen=True)
class Verdict:
    """How one case ended; ``problem`` is empty where it passed."""

    group: str
    case: str
    problem: str = ""

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return not self.problem


# what the cases say that may fail, and why that is so; a case that passes must not stand here
_GRAPH = "the engine joins the name of GRAPH ?g after what stands inside of it"
_SERVICE = "refused before the engine sees it: a query may ask only services that the settings name"
EXCEPTIONS: dict[str, str] = {
    "aggregates/agg-empty-group-count-graph": _GRAPH,
    "bindings/graph": _GRAPH,
    "negation/graph-minus": _GRAPH,
    "syntax-fed/test_1": _SERVICE,
    "syntax-fed/test_2": _SERVICE,
    "syntax-fed/test_3": _SERVICE,
    "shacl-core/property/uniqueLang-002": 'the library takes sh:uniqueLang "1" for true, which the suite does not',
    "shacl-sparql/pre-binding/shapesGraph-001": "the library does not bind $shapesGraph, which SHACL leaves optional",
}
