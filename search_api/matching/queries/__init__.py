"""The stored queries of this package."""
