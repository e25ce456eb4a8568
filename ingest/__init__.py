"""Files and forms become records, records become RDF. Knows the graph, knows nothing of search."""
