"""One file a step; the newest is named in ``database.HEAD``."""
