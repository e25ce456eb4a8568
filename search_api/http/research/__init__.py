"""The graph as a public resource: the data set, its editions, cited queries, the query page, reconciliation."""
