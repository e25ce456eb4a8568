"""Search over what the graph publishes: vectors, filters, evidence. Free of HTTP."""
