"""Contradictions that an OWL 2 RL reasoner finds: the only importer of owlrl, which is a development dependency.

A reasoner is needed where the ontology is written, not where it is used: without owlrl the check says that it was
not made (docs/decisions/0012-rules-as-shacl-sparql.md).
"""

from __future__ import annotations

from importlib.util import find_spec

from rdflib import Graph, URIRef

from kg.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS

# a reasoner can only copy these about, and they are most of the ontology
NO_AXIOM_SPEAKS_OF = (
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.definition,
    SKOS.scopeNote,
    SKOS.notation,
    SKOS.closeMatch,
    SKOS.inScheme,
    SKOS.topConceptOf,
    SKOS.hasTopConcept,
    RDFS.label,
    RDFS.isDefinedBy,
    DCTERMS.description,
)
_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")


def reasoner_is_there() -> bool:
    """Whether owlrl is installed."""
    return find_spec("owlrl") is not None


def contradictions(graph: Graph) -> list[str]:
    """What the reasoner finds wrong with a graph (which is left as it is), in its own words."""
    import owlrl  # noqa: PLC0415  (heavy, and absent where the ontology is only used)

    closure = Graph()
    for triple in graph:
        if triple[1] not in NO_AXIOM_SPEAKS_OF:
            closure.add(triple)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(closure)
    empty = [f"{m} belongs to owl:Nothing" for m in closure.subjects(RDF.type, OWL.Nothing) if m != OWL.Nothing]
    return sorted(empty + [str(message) for message in closure.objects(None, _ERROR)])
