"""One small client for both sources: patient with a busy server, strict about where it goes and what it takes.

It asks https only (this machine excepted), checks certificates, follows the environment's proxy, follows a redirect
within the same origin and no other (so that the token goes nowhere else), waits and asks again after 429, 5xx and
broken connections, and takes no more bytes than it was told to. What fails is a `GevinstError` with a code per
cause; none of them holds a header.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import quote, unquote, urljoin, urlsplit

import urllib3
from urllib3 import exceptions as faults
from urllib3.response import BaseHTTPResponse

from gevinst.errors import GevinstError
from gevinst.sources.online.addresses import Origin, origin_of, proxy_for
from gevinst.sources.online.answers import Answer, raise_for_status
from gevinst.sources.online.token import Token
from gevinst.version import __version__

Query = Sequence[tuple[str, str]]
USER_AGENT = f"gevinst/{__version__}"
PIECE = 1 << 16
SAFE_IN_QUERY = "*:,/"  # as the guides of both interfaces write their values
MOST_REDIRECTS = 3
_AGAIN = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class Patience:
    """How long is waited, in seconds, how often is asked, and how much is taken, in bytes.

    `read` is the longest silence; `whole` the longest an answer may take in all, `whole_stream` one that is streamed
    onto the disk; `longest_wait` the most that a server's Retry-After is heeded; `pause` the least time between two
    requests (Statistics Denmark asks for a few a second at most).
    """

    connect: float = 10.0
    read: float = 120.0
    whole: float = 900.0
    whole_stream: float = 6 * 3600.0
    attempts: int = 5
    first_wait: float = 1.0
    longest_wait: float = 120.0
    pause: float = 0.25
    largest: int = 256 * 1024 * 1024
    largest_stream: int = 16 * 1024 * 1024 * 1024


@dataclass
class HttpClient:
    """A client of one base address. `sleep` and `clock` are the tests'; `said` hears of every wait (its seconds)."""

    base: str
    token: Token | None = None
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    said: Callable[[float], None] = lambda _: None
    _last: float | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raises `online.address`."""
        self.base = self.base.rstrip("/")
        self.origin = origin_of(self.base)
        self._pool = _pool(self.origin)

    def get(self, path: str, query: Query = ()) -> Answer:
        """Ask with GET, `path` relative to the base. Raises the `online.*` errors of a failed request."""
        return self._asked("GET", self.url(path, query), None)

    def get_url(self, url: str) -> Answer:
        """Ask an address that the server itself gave, such as the next page. Raises `online.redirected`."""
        self._same_origin(url)
        return self._asked("GET", url, None)

    def post(self, path: str, body: bytes) -> Answer:
        """Ask with POST of a JSON text that only reads, so that it may be asked again."""
        return self._asked("POST", self.url(path), body)

    def post_into(self, path: str, body: bytes, file: BinaryIO) -> Answer:
        """The same, with the answer's bytes in an empty `file` instead of in memory; its `body` is the first piece."""
        return self._asked("POST", self.url(path), body, file)

    def url(self, path: str, query: Query = ()) -> str:
        """The whole address.

        >>> HttpClient("https://api.example.dk/v3/").url("data/y01b01", [("period.Y", "2017,2018"), ("a", "Ærø")])
        'https://api.example.dk/v3/data/y01b01?period.Y=2017,2018&a=%C3%86r%C3%B8'
        """
        asked = "&".join(f"{quote(name, safe=SAFE_IN_QUERY)}={quote(value, safe=SAFE_IN_QUERY)}"
                         for name, value in query)
        return f"{self.base}/{quote(path.strip('/'))}" + (f"?{asked}" if asked else "")

    def _asked(self, method: str, url: str, body: bytes | None, file: BinaryIO | None = None) -> Answer:
        where = self.shown(url)
        deadline = self.clock() + (self.patience.whole if file is None else self.patience.whole_stream)
        fault: GevinstError | None = None
        for attempt in range(self.patience.attempts):
            try:
                answer, told_to_wait = self._once(method, url, body, file, deadline)
            except faults.HTTPError as reason:
                fault, told_to_wait = _plainly(reason, where), None
                if fault.code in {"online.tls", "online.proxy"}:
                    raise fault from None
            else:
                if answer.status not in _AGAIN:
                    raise_for_status(answer, where, has_token=self.token is not None)
                    return answer
                busy = answer.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
                fault = GevinstError("online.busy" if busy else "online.server-failed", where=where,
                                     status=answer.status)
            wait = self.patience.first_wait * 2**attempt if told_to_wait is None else told_to_wait
            last = attempt + 1 == self.patience.attempts
            if last or wait > self.patience.longest_wait or self.clock() + wait > deadline:
                raise fault
            self.said(wait)
            self.sleep(wait)
        raise AssertionError("patience has at least one attempt")

    def _once(self, method: str, url: str, body: bytes | None, file: BinaryIO | None,
              deadline: float) -> tuple[Answer, float | None]:
        """One request, with its redirects. Gives the answer, and what Retry-After says in seconds."""
        for _ in range(MOST_REDIRECTS + 1):
            self._pace()
            timeout = urllib3.Timeout(connect=self.patience.connect, read=self.patience.read)
            response = self._pool.request(method, url, body=body, headers=self._headers(body), timeout=timeout,
                                          retries=False, redirect=False, preload_content=False)
            try:
                place = response.headers.get("Location")
                if response.status in _REDIRECTS and place:
                    url = self._redirected(urljoin(url, place), method, response.status)
                    continue
                return self._taken(response, url, file, deadline), _retry_after(response.headers)
            finally:
                response.close()  # a connection whose answer was read whole has gone back to the pool by itself
        raise GevinstError("online.redirected", where=self.shown(url), host=self.origin.host)

    def _headers(self, body: bytes | None) -> dict[str, str]:
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json, text/csv, */*;q=0.1",
                   "Accept-Encoding": "gzip, deflate"}
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if self.token is not None:
            headers["Authorization"] = self.token.header
        return headers

    def _redirected(self, url: str, method: str, status: int) -> str:
        self._same_origin(url)
        if method != "GET" and status not in {307, 308}:
            raise GevinstError("online.redirected", where=self.shown(url), host=self.origin.host)
        return url

    def _same_origin(self, url: str) -> None:
        """Refuse to leave the origin: the token must not be sent anywhere else."""
        try:
            same = origin_of(url) == self.origin
        except GevinstError:
            same = False
        if not same:
            host = urlsplit(url).netloc.rpartition("@")[2][:80]
            raise GevinstError("online.redirected", where=self.base, host=host or "?")

    def _taken(self, response: BaseHTTPResponse, url: str, file: BinaryIO | None, deadline: float) -> Answer:
        """The body, in memory or in `file`, within the bounds of size and time."""
        kept = file if response.status == HTTPStatus.OK else None
        largest = self.patience.largest if kept is None else self.patience.largest_stream
        pieces: list[bytes] = []
        size, before = 0, b""
        if kept is not None:
            kept.seek(0)
            kept.truncate()
        for piece in _pieces(response):
            size += len(piece)
            if size > largest:
                raise GevinstError("online.too-large", where=self.shown(url), limit=largest // (1024 * 1024))
            if self.clock() > deadline:
                raise GevinstError("online.too-slow", where=self.shown(url))
            # A token may lie across two pieces; none is longer than a header may be.
            if self.token is not None and self.token.stands_in(before + piece):
                raise GevinstError("online.token-repeated", where=self.shown(url))
            before = piece[-8192:]
            if kept is None or not pieces:
                pieces.append(piece)
            if kept is not None:
                kept.write(piece)
        headers = response.headers
        return Answer(response.status, headers.get("Content-Type", ""), b"".join(pieces),
                      headers.get("StatbankAPI-Request-Id", "")[:64])

    def _pace(self) -> None:
        now = self.clock()
        if self._last is not None and now - self._last < self.patience.pause:
            self.sleep(self.patience.pause - (now - self._last))
        self._last = self.clock()

    def shown(self, url: str) -> str:
        """An address as an error names it: without the query, which may be long."""
        return urlsplit(url)._replace(query="", fragment="").geturl()


def _pool(origin: Origin) -> urllib3.PoolManager:
    """Connections that check certificates against the system's; through the environment's proxy where it names one."""
    proxy = proxy_for(origin)
    if not proxy:
        return urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        login = None
        if parts.username:
            name_and_word = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            login = urllib3.make_headers(proxy_basic_auth=name_and_word)
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return urllib3.ProxyManager(address, proxy_headers=login, cert_reqs="CERT_REQUIRED")
    except (ValueError, faults.HTTPError):
        raise GevinstError("online.proxy") from None


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    while piece := response.read(PIECE, decode_content=True):
        yield piece


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks for: a number, or a date by its own clock (`Date`). `None` where it asks for nothing."""
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said[:9])
    try:
        then, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _plainly(reason: faults.HTTPError, where: str) -> GevinstError:
    """What stopped the request, in a code of ours. The library's own text is not passed on."""
    if isinstance(reason, faults.ProxyError):
        return GevinstError("online.proxy", where=where)
    if isinstance(reason, faults.SSLError):
        return GevinstError("online.tls", where=where)
    if isinstance(reason, faults.ReadTimeoutError):
        return GevinstError("online.too-slow", where=where)
    if isinstance(reason, (faults.NewConnectionError, faults.ConnectTimeoutError, faults.NameResolutionError)):
        return GevinstError("online.no-network", where=where)
    return GevinstError("online.broken-off", where=where)
