"""Readers yield rows or text with their position in the source; they guess encoding and layout, never meaning."""
