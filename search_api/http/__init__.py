"""HTTP: the API, the linked data addresses and the pages, over one open service."""
