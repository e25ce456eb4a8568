"""One broken record, and words that several tables share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """A copy of the valid example ``of`` without the values of ``drop`` and with ``add``, caught by ``shape``."""

    shape: str
    of: str
    drop: str = ""
    add: str = ""
    warns: bool = False
    also: tuple[str, ...] = ()
    advises: bool = False


def error(shape: str, of: str, drop: str = "", add: str = "", also: tuple[str, ...] = ()) -> Broken:
    return Broken(shape, of, drop, add, warns=False, also=also)


def warning(shape: str, of: str, drop: str = "", add: str = "", also: tuple[str, ...] = ()) -> Broken:
    return Broken(shape, of, drop, add, warns=True, also=also)


def advice(shape: str, of: str, drop: str = "", add: str = "") -> Broken:
    """What SHACL calls Info: pySHACL reports it, an ingestion does not."""
    return Broken(shape, of, drop, add, advises=True)


NOWHERE = "region:99999"
NOBODY = "ex:nobody"
OTHER_SCHEME = "theme:one"
NOT_A_DATE = '"令和7年4月1日"'
