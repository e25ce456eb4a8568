"""Fixtures that several modules of page tests share."""

from tests.search_api.web.test_browser import address, chromium

__all__ = ["address", "chromium"]
