"""``/sparql``: the SPARQL 1.1 Protocol for queries, over the pool of ``kg.sparql``."""
