"""How an edition is cited: BibTeX, CITATION.cff (https://citation-file-format.github.io/) and one plain sentence."""

from __future__ import annotations

import json

from kg.editions import Edition
from search_api.http.research.site import Site

TITLE = "Meguri: knowledge graph of regional issues and technologies in Japan"
FORMS = {"bib": "application/x-bibtex", "cff": "application/yaml", "txt": "text/plain"}


def citation(edition: Edition, site: Site, form: str) -> str:
    """The citation in one of ``FORMS``; KeyError for another."""
    return {"bib": _bibtex, "cff": _cff, "txt": _plain}[form](edition, site)


def _plain(edition: Edition, site: Site) -> str:
    published = edition.published
    seal = f" sha256:{edition.hash}." if edition.hash else ""
    return (
        f"{site.publisher} ({published:%Y}): {TITLE}, edition {edition.number} ({published:%Y-%m-%d}). "
        f"{site.url(f'/editions/{edition.number}')}.{seal}\n"
    )


def _bibtex(edition: Edition, site: Site) -> str:
    fields = {
        "author": f"{{{_tex(site.publisher)}}}",
        "title": f"{{{TITLE}}}",
        "year": f"{edition.published:%Y}",
        "month": f"{edition.published:%m}",
        "edition": str(edition.number),
        "version": str(edition.number),
        "url": site.url(f"/editions/{edition.number}"),
        "license": _tex(site.licence_name),
        **({"note": f"sha256:{edition.hash}"} if edition.hash else {}),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{meguri-edition-{edition.number},\n{body}\n}}\n"


def _cff(edition: Edition, site: Site) -> str:
    """CFF 1.2.0; values are quoted as JSON strings, which YAML reads as they are."""
    lines = [
        "cff-version: 1.2.0",
        f"message: {json.dumps('If you use this data set, please cite it as below.')}",
        "type: dataset",
        f"title: {json.dumps(TITLE)}",
        "authors:",
        f"  - name: {json.dumps(site.publisher, ensure_ascii=False)}",
        f"version: {json.dumps(str(edition.number))}",
        f"date-released: {edition.published:%Y-%m-%d}",
        f"url: {json.dumps(site.url(f'/editions/{edition.number}'))}",
        f"license-url: {json.dumps(site.licence)}",
    ]
    if edition.hash:
        lines += ["identifiers:", "  - type: other", f"    value: {json.dumps(f'sha256:{edition.hash}')}"]
    return "\n".join(lines) + "\n"


def _tex(text: str) -> str:
    special = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": "~", "^": "^"}
    return "".join(special.get(char, char) for char in text.replace("\\", "/"))
