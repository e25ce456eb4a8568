"""What things are called: the one place where an IRI becomes words in a reader's language."""

from __future__ import annotations

import re
from functools import cached_property
from importlib.resources import files

from pydantic import BaseModel
from rdflib import Literal, Namespace, URIRef

from ingest.regions.register import RegionRegister
from kg.namespaces import PREFIXES, REGION, SCHEME
from kg.queries import load_query
from kg.store import GraphStore
from search_api.engine.concepts import ConceptGraph
from search_api.engine.region_labels import region_label
from search_api.http.addresses import local_path

_PACKAGE = "search_api.http.queries"


class Text(BaseModel):
    """A text with its language, which need not be the reader's; empty where it belongs to none."""

    text: str
    lang: str


class Labels:
    """Labels of regions, concepts, terms of the ontology and records of one store."""

    def __init__(self, store: GraphStore, concepts: ConceptGraph, base: str) -> None:
        self._store = store
        self._concepts = concepts
        self.base = base

    def of(self, iri: str, lang: str) -> Text | None:
        """The label of a thing that this server knows; None for anything else."""
        if iri.startswith(str(REGION)):
            return self._region(iri.removeprefix(str(REGION)), lang)
        concept = self._concepts.get(iri)
        if concept is not None:
            return in_language(concept.labels, lang)
        if iri in self._terms:
            return in_language(self._terms[iri], lang)
        return self._record(iri, lang) if iri.startswith(self.base) else None

    def name(self, iri: str, lang: str) -> Text:
        """The label of a thing, else the last part of its IRI."""
        return self.of(iri, lang) or Text(text=_spaced(_last_part(iri)), lang="")

    def scheme(self, name: str, lang: str) -> Text:
        """The title of a concept scheme."""
        return self.name(f"{SCHEME}{name}", lang)

    def path(self, iri: str) -> str | None:
        """The local address of a thing; None where this server would answer 404 for it."""
        path = local_path(iri, self.base)
        return path if path and self._is_known(iri.partition("#")[0]) else None

    def _is_known(self, iri: str) -> bool:
        return iri in self._concepts or self._region(iri.removeprefix(str(REGION)), "ja") is not None or self._has(iri)

    def _has(self, iri: str) -> bool:
        return iri.startswith(self.base) and self._record(iri, "ja") is not None

    @staticmethod
    def _region(code: str, lang: str) -> Text | None:
        label = region_label(code, lang) if RegionRegister.load().by_code(code) else None
        return Text(text=label.label, lang=lang) if label else None

    def _record(self, iri: str, lang: str) -> Text | None:
        rows = self._store.select(load_query("label", _PACKAGE), {"thing": URIRef(iri)})
        found = {v.language or "": str(v) for row in rows if isinstance(v := row["label"], Literal)}
        return in_language(found, lang) if found else None

    @cached_property
    def _terms(self) -> dict[str, dict[str, str]]:
        """Our ontology's labels from the store, other vocabularies' from ``terms.yaml``."""
        terms = _foreign_terms()
        for row in self._store.select(load_query("terms", _PACKAGE)):
            label = row["label"]
            if isinstance(label, Literal):
                terms.setdefault(str(row["term"]), {})[label.language or ""] = str(label)
        return terms


def in_language(labels: dict[str, str], lang: str) -> Text:
    """The label in a language, else in the other one."""
    if lang in labels:
        return Text(text=labels[lang], lang=lang)
    other, text = next(iter(sorted(labels.items())))
    return Text(text=text, lang=other)


def _foreign_terms() -> dict[str, dict[str, str]]:
    import yaml  # noqa: PLC0415  (read once, when the first label is asked for)

    parsed = yaml.safe_load((files("search_api.http") / "terms.yaml").read_text(encoding="utf-8"))
    return {_expanded(name): dict(labels) for name, labels in parsed.items()}


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    namespace = PREFIXES[prefix]
    assert isinstance(namespace, Namespace) or hasattr(namespace, "_NS")
    return str(namespace[local] if isinstance(namespace, Namespace) else getattr(namespace, local))


def _spaced(name: str) -> str:
    """``permitNote`` → ``permit note``; codes and slugs of other kinds stay as they are."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() if re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name) else name


def _last_part(iri: str) -> str:
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or iri
