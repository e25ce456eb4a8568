"""Under which address this site is reached, who publishes it, and under which licence."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from search_api.http.context import Context

# printed where a licence is named to people; any other licence is shown by its address
LICENCE_NAMES = {"https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0"}


@dataclass(frozen=True)
class Site:
    """``origin`` has no slash at its end."""

    origin: str
    publisher: str
    publisher_url: str
    licence: str

    @property
    def licence_name(self) -> str:
        """The licence in words, where it has some."""
        return LICENCE_NAMES.get(self.licence, self.licence)

    def url(self, path: str) -> str:
        """The full address of a local path."""
        return f"{self.origin}{path}"


def site_of(request: Request, context: Context) -> Site:
    """The site as settings say; without a ``public_url`` the address is the one that the client used."""
    settings = context.settings
    origin = (settings.public_url or str(request.base_url)).rstrip("/")
    return Site(origin, settings.publisher, settings.publisher_url or origin, settings.data_licence)
