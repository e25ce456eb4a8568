"""Stored SPARQL of the HTTP layer."""
