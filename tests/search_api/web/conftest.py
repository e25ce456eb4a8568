"""Fixtures that several modules of page tests share."""

from tests.search_api.http.research.conftest import published
from tests.search_api.web.test_browser import address, chromium

__all__ = ["address", "chromium", "published"]
