"""The data set in schema.org's words (https://schema.org/Dataset), for search engines that read pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from kg.editions import Edition
from search_api.http.research.catalogue import DESCRIPTIONS, KEYWORDS, TITLES
from search_api.http.research.site import Site


def dataset_json(site: Site, lang: str, modified: date, editions: Sequence[Edition]) -> str:
    """JSON-LD for a page; `<` is escaped, so that it cannot end the script element that holds it."""
    newest = next((edition for edition in editions if not edition.retired), None)
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": site.url("/dataset"),
        "url": site.url("/dataset"),
        "name": TITLES[lang],
        "description": DESCRIPTIONS[lang],
        "keywords": list(KEYWORDS[lang]),
        "inLanguage": ["ja", "en"],
        "isAccessibleForFree": True,
        "license": site.licence,
        "dateModified": modified.isoformat(),
        "spatialCoverage": {"@type": "Country", "name": "日本" if lang == "ja" else "Japan"},
        "creator": {"@type": "Organization", "name": site.publisher, "url": site.publisher_url},
        "publisher": {"@type": "Organization", "name": site.publisher, "url": site.publisher_url},
        "distribution": _distributions(site, newest),
    }
    if newest is not None:
        body["version"] = str(newest.number)
        body["datePublished"] = newest.published.date().isoformat()
    return json.dumps(body, ensure_ascii=False).replace("<", "\\u003c")


def _distributions(site: Site, newest: Edition | None) -> list[dict[str, Any]]:
    live = {
        "@type": "DataDownload",
        "name": "SPARQL",
        "contentUrl": site.url("/sparql"),
        "encodingFormat": "application/sparql-results+json",
    }
    dumps = newest.dumps.values() if newest else ()
    return [
        live,
        *(
            {
                "@type": "DataDownload",
                "name": dump.file,
                "contentUrl": site.url(f"/editions/{newest.number}/{dump.file}"),  # type: ignore[union-attr]
                "encodingFormat": "application/gzip",
                "contentSize": str(dump.bytes),
                "sha256": dump.sha256,
            }
            for dump in dumps
        ),
    ]
