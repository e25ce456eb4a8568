"""Examples that the API's description shows."""

from __future__ import annotations

from typing import Any

_OIL: dict[str, str] = {
    "iri": "https://w3id.org/meguri/concept/resource/wasteCookingOil",
    "label": "廃食用油",
    "scheme": "resource",
}
_THEME: dict[str, str] = {
    "iri": "https://w3id.org/meguri/concept/theme/wasteCookingOilTheme",
    "label": "廃食用油の利用",
    "scheme": "theme",
}

SEARCH_ANSWER: dict[str, Any] = {
    "query": "天ぷら油を捨てずに使いたい",
    "find": "technology",
    "language": "ja",
    "edition": None,
    "took_ms": 6.3,
    "answered": True,
    "results": [
        {
            "id": "technology-T059",
            "iri": "https://w3id.org/meguri/id/technology-T059",
            "kind": "technology",
            "title": "こした天ぷら油で回す避難所の発電機",
            "summary": "給食室や住民から集めた廃食用油を5ミクロンのろ布でこし、…",
            "lang": "ja",
            "score": 0.42,
            "evidence": {
                "dense": 0.6127,
                "lexical": 0.5,
                "matched_terms": ["天ぷら油"],
                "shared_concepts": [_OIL],
                "paths": [],
                "passages": [
                    {
                        "text": "給食室や住民から集めた廃食用油を5ミクロンのろ布でこし、…",
                        "lang": "ja",
                        "field": "description",
                        "iri": None,
                        "page": None,
                        "start": 0,
                        "end": 96,
                    }
                ],
                "conditions": [
                    {
                        "code": "scale",
                        "status": "check",
                        "certain": False,
                        "text": "適用規模: 避難者100~400人の避難所1か所",
                    }
                ],
            },
            "regions": [],
            "themes": [_THEME],
            "sample": True,
        }
    ],
    "facets": {"theme": [{"value": "wasteCookingOilTheme", "label": "廃食用油の利用", "count": 9}]},
    "next": 10,
    "advice": [],
    "understood": [],
    "unfit": 0,
    "meant": [
        {
            "iri": "https://w3id.org/meguri/concept/biodieselProduction",
            "label": "バイオディーゼル燃料（BDF）製造",
            "scheme": "technology",
        }
    ],
}

RECORD: dict[str, Any] = {
    "id": "technology-T059",
    "iri": "https://w3id.org/meguri/id/technology-T059",
    "kind": "technology",
    "language": "ja",
    "title": {"text": "こした天ぷら油で回す避難所の発電機", "lang": "ja"},
    "sample": True,
    "statements": [
        {
            "property": "https://w3id.org/meguri/ces#usesResource",
            "label": {"text": "利用する資源", "lang": "ja"},
            "values": [
                {
                    "type": "iri",
                    "value": _OIL["iri"],
                    "label": {"text": "廃食用油", "lang": "ja"},
                    "path": "/concept/resource/wasteCookingOil",
                    "statements": [],
                }
            ],
        }
    ],
    "incoming": [],
    "provenance": {
        "source": "technologies-both.json",
        "source_iri": "https://w3id.org/meguri/id/source/ff7ac7aa45f5ca64652b523d371c3306b38eeecfc5d8231f92e74a373f8a9c4e",
        "source_sha256": "ff7ac7aa45f5ca64652b523d371c3306b38eeecfc5d8231f92e74a373f8a9c4e",
        "media_type": "application/json",
        "sheet": None,
        "row": 1,
        "time": "2026-11-22T00:32:28Z",
        "agent": "meguri 0.1.0",
        "activity_iri": "https://w3id.org/meguri/id/activity/20261122T003228Z",
        "content_hash": "d86d2529627d7d7ae8a863d4a2e8eadb37b6ea3f34cb85e8b33c621ac344b7b9",
    },
}

TURTLE = """@prefix ces: <https://w3id.org/meguri/ces#> .
@prefix id: <https://w3id.org/meguri/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:technology-T059 a ces:Technology ;
    rdfs:label "こした天ぷら油で回す避難所の発電機"@ja ;
    ces:usesResource <https://w3id.org/meguri/concept/resource/wasteCookingOil> .
"""
