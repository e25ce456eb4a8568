"""The version of the program, as provenance and the API state it."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("meguri")
AGENT = f"meguri {VERSION}"
