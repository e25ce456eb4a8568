"""Stored SPARQL: one ``.rq`` file a query, values bound as terms and never pasted."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load_query(name: str, package: str = __name__) -> str:
    """The text of ``NAME.rq`` in ``package``."""
    return (files(package) / f"{name}.rq").read_text(encoding="utf-8")
