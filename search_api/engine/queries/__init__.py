"""Stored SPARQL of the search engine."""
