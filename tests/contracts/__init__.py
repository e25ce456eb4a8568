"""Abstract test classes, one a seam: an implementation passes by inheriting them."""
