"""Which addresses may be asked: https, or plain http to this machine alone."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from gevinst.errors import GevinstError

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """Where an address leads: what must stay the same in a redirect."""

    scheme: str
    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether it is this machine."""
        return self.host in _LOOPBACK


def origin_of(url: str) -> Origin:
    """The origin of an address that may be asked. Raises `online.address` for every other.

    >>> origin_of("https://api.jobindsats.dk/v3")
    Origin(scheme='https', host='api.jobindsats.dk', port=443)
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    origin = Origin(parts.scheme, host, port or _PORTS.get(parts.scheme, 0))
    safe = parts.scheme == "https" or (parts.scheme == "http" and origin.loopback)
    if not host or not safe or parts.username or parts.password:
        raise GevinstError("online.address")
    return origin


def proxy_for(origin: Origin) -> str | None:
    """The environment's proxy for an origin; never one for this machine."""
    if origin.loopback or urllib.request.proxy_bypass(origin.host):
        return None
    return urllib.request.getproxies().get(origin.scheme)
