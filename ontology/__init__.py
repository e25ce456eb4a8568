"""Turtle only: classes, concept schemes, shapes and the region register, as packaged data."""
