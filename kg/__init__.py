"""The graph: store, validation, provenance and SPARQL. Knows nothing of text, models or HTTP."""
