"""Behaviour of the graph package, with real stores, files and processes."""
