"""Documents become text that keeps its places: one reader for each format, each run in a process that can be ended."""
