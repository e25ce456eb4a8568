"""Matching of what is registered: pairs of issue and technology and their life, gaps, exchange, and what is related.

Free of HTTP; reads the graph and the index, and the relational store where somebody may see it.
"""
