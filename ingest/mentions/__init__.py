"""Mentions of concepts, regions and organisations in text, found by their labels."""
