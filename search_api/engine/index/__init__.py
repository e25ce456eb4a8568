"""The search index: derived from the graph, rebuilt from it alone, checked against it at start."""
