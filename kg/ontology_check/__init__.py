"""Is the ontology sound? The one set of checks that loading, ``meguri validate`` and the tests use."""
