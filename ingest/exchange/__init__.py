"""The exchange format: records as JSON-LD that other platforms send and take, described by context and JSON Schemas."""
