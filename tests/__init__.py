"""Tests: the folders mirror the packages; contracts/ holds what every implementation of a seam inherits."""
