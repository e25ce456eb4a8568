"""Stored SPARQL of the research pages."""
