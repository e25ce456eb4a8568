"""Texts to vectors: the seam, the models behind it and their preparation. Nothing heavy is imported here."""
