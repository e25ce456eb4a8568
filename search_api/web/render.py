"""Templates to pages: autoescaped, strict about what is missing, with the words of the reader's language."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from search_api.web.i18n import translate
from search_api.web.reader import Reader
from search_api.web.words import highlighted, readable_date, readable_number, web_address


def static_folder() -> Path:
    """The folder of styles, scripts and pictures."""
    with as_file(files("search_api.web")) as root:
        return root / "static"


class Renderer:
    """Makes pages from templates."""

    def __init__(self) -> None:
        with as_file(files("search_api.web")) as root:
            loader = FileSystemLoader(root / "templates")
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals["static"] = static_address
        self._templates.filters.update(highlighted=highlighted, number=readable_number, web_address=web_address)

    def render(self, template: str, reader: Reader, **values: Any) -> str:
        """A page for a reader."""
        words = {"t": partial(translate, reader.lang), "date": partial(readable_date, lang=reader.lang)}
        return self._templates.get_template(template).render(reader=reader, lang=reader.lang, **words, **values)


@cache
def static_address(name: str) -> str:
    """The address of a static file, which changes with its content and so may be cached for long."""
    content = (static_folder() / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"
