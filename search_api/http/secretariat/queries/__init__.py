"""Stored SPARQL of the secretariat's pages."""
