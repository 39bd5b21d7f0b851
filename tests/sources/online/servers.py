"""A local server that speaks the documented shapes of jobindsats version 3 and StatBank, their faults too."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from gevinst.errors import GevinstError

TOKEN = "-".join(["made", "up", "0123456789abcdef"])
Act = Callable[["Handler"], None]


def refused(code: str) -> pytest.RaisesExc[GevinstError]:
    """The block raises the error with this code."""
    return pytest.raises(GevinstError, match=rf"^\[{re.escape(code)}\]")


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    """Does what is queued (`faults`), then what the source would do."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._handle(b"")

    def do_POST(self) -> None:
        self._handle(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _handle(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        self.asked = Asked(self.command, unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True)),
                           dict(self.headers.items()), body)
        self.server.asked.append(self.asked)
        if self.server.faults:
            act = self.server.faults.pop(0)
            if act is not None:
                act(self)
                return
        self.server.answer(self)

    def send(self, status: int, body: bytes, kind: str = "application/json; charset=utf-8", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def json(self, payload: Any, status: int = 200, *, mark: bool = False, **headers: str) -> None:
        text = json.dumps(payload, ensure_ascii=False)
        self.send(status, text.encode("utf-8-sig" if mark else "utf-8"), **headers)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


class Server(ThreadingHTTPServer):
    """A server on this machine; `faults` are done first, one a request (`None`: answer as usual)."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Act) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.faults: list[Act | None] = []
        self.answer = answer

    def server_bind(self) -> None:
        """Without looking this machine's name up, which can take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the test."""


@contextmanager
def serving(answer: Act) -> Iterator[Server]:
    """The server, until the block ends."""
    server = Server(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fault(status: int, body: bytes | str = b"{}", kind: str = "application/json", **headers: str) -> Act:
    """An answer with a status."""
    content = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.send(status, content, kind, **headers)


def cut_short(handler: Handler) -> None:
    """Promise more than is sent, and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"columns": [')
    handler.wfile.flush()
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def hang_up(handler: Handler) -> None:
    """Hang up without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


CURVE = "Overlevelseskurve {kind} tilbagefald til den valgte ydelse: {week} uger"
WEEKS = (4, 13, 26, 39, 52)


@dataclass
class FakeJobindsats:
    """Version 3 as far as it is known: what it answers is computed from what is asked."""

    years: tuple[int, ...] = (2017, 2018, 2019, 2020, 2021)
    last_week: dict[str, int] = field(default_factory=lambda: {"2020": 39, "2021": 13})  # newer ones are followed less
    most_periods: int | None = None
    in_pages: int | None = None
    mark: bool = True
    reform: tuple[str, ...] = ()

    def __call__(self, handler: Handler) -> None:
        asked = handler.asked
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            handler.json({"message": "Unauthorized"}, 401)
        elif not asked.path.startswith("/v3/"):
            handler.json({"message": "The requested resource does not support this method"}, 405)
        elif asked.query.get("format") != "json":
            handler.json({"message": "format"}, 400)
        elif asked.path == "/v3/tables":
            handler.json(self.catalogue(), mark=self.mark)
        elif asked.path == "/v3/table/y01b01":
            handler.json(self.description(), mark=self.mark)
        elif asked.path == "/v3/table/y01a02":
            handler.json({**self.description(), "table_id": "y01a02"})
        elif asked.path in {"/v3/table/y36a02", "/v3/table/y60a02", "/v3/table/y36b01", "/v3/table/y60b01"}:
            handler.json({**self.description(), "table_id": asked.path[-6:]})
        elif asked.path in {"/v3/data/y01b01", "/v3/data/y36b01", "/v3/data/y60b01"}:
            self.rows(handler, self.survival_row, ["Periode", "Område", *columns()])
        elif asked.path in {"/v3/data/y01a02", "/v3/data/y36a02", "/v3/data/y60a02"}:
            self.rows(handler, self.count_row, ["Periode", "Område", "Antal personer", "Antal fuldtidspersoner",
                                                "Fuldtidspersoner i pct. af arbejdsstyrken"])
        else:
            handler.json({"message": "Not found"}, 404)

    def catalogue(self) -> Any:
        tables = [{"table_id": "Y01B01", "table_name": "Overlevelseskurver", "new_field": {"x": [1]}},
                  {"table_id": "Y01A02", "table_name": "Antal personer og fuldtidspersoner"}]
        more = [{"table_id": "y07b02", "table_name": "Overlevelseskurver"}]
        counts = [{"table_id": one, "table_name": "Antal personer og fuldtidspersoner"} for one in self.reform]
        two = [{"table_id": "y36b11", "table_name": "Overlevelseskurver, jobparate"},
               {"table_id": "y36b12", "table_name": "Overlevelseskurver, aktivitetsparate"}]
        both = [*two, *counts]
        return [
            {"subject_name": "A-dagpenge", "table_groups": [{"table_group_name": "Varighed", "tables": tables}]},
            {"subject_name": "Sygedagpenge", "table_groups": [{"table_group_name": "Varighed", "tables": more}]},
            {"subject_name": "Kontanthjælp", "table_groups": [{"table_group_name": "Varighed", "tables": both}]},
        ]

    def description(self) -> Any:
        def period(one: str) -> dict[str, str]:
            return {"period_id": one, "period_name": one}

        months = [f"{year}M{month:02}" for year in self.years for month in range(1, 13)]
        quarters = [f"{year}Q{quarter}" for year in self.years for quarter in range(1, 5)]
        places = [{"value_id": "/7/", "value_name": "Norddjurs"}, {"value_id": "/8/", "value_name": "Ærø"}]
        whole = [{"value_id": "/", "value_name": "Hele landet"}]
        sexes = [{"value_id": "/1/", "value_name": "Kvinder"}, {"value_id": "/2/", "value_name": "Mænd"}]
        return {
            "table_id": "y01b01", "table_name": "Overlevelseskurver", "updated": "2026-11-05",
            "periods": [{"periodtype_id": "M", "values": [period(one) for one in months]},
                        {"periodtype_id": "Q", "values": [period(one) for one in quarters]},
                        {"periodtype_id": "Y", "values": [period(str(one)) for one in reversed(self.years)]}],
            "dimensions": [
                {"dimension_id": "_omrade", "hierarchies": [{"hierarchy_id": "_nykom", "levels": [
                    {"level_id": "top", "values": whole}, {"level_id": "kom", "values": places}]}]},
                {"dimension_id": "_kon", "hierarchies": [{"hierarchy_id": "_kon", "levels": [
                    {"level_id": "alle", "values": [{"value_id": "/", "value_name": "Køn i alt"}]},
                    {"level_id": "kon", "values": sexes}]}]},
            ],
        }

    def rows(self, handler: Handler, make: Callable[[str, str], list[Any]], names: list[str]) -> None:
        query = handler.asked.query
        periods, refused = self.chosen(query)
        place = {"/": "Hele landet", "/7/": "Norddjurs", "/8/": "Ærø"}.get(query.get("hierarchy._nykom", ""))
        if refused or place is None or query.get("mgroup.*") != "*" or "hierarchy._kon" not in query:
            handler.json({"message": refused or "hierarchy"}, 400)
            return
        if self.most_periods is not None and len(periods) > self.most_periods:
            handler.json({"message": "Too many cells"}, 400)
            return
        at = int(query.get("page", "0"))
        size = self.in_pages or len(periods)
        page = {"columns": names, "rows": [make(one, place) for one in periods[at * size : (at + 1) * size]]}
        if (at + 1) * size < len(periods):
            page["next"] = f"http://{handler.headers['Host']}{handler.path.split('&page=')[0]}&page={at + 1}"
        handler.json(page, mark=self.mark)

    def chosen(self, query: dict[str, str]) -> tuple[list[str], str]:
        for one in self.description()["periods"]:
            asked = query.get(f"period.{one['periodtype_id']}")
            there = [value["period_id"] for value in one["values"]]
            if asked and asked.startswith("latest:"):
                count = int(asked.removeprefix("latest:"))
                return sorted(there)[-count:], "" if count <= len(there) else f"only {len(there)} periods are available"
            if asked:
                wanted = asked.split(",")
                return wanted, "" if set(wanted) <= set(there) else "unknown period"
        return [], "period"

    def survival_row(self, period: str, place: str) -> list[Any]:
        """Danish numbers as text, blanks of every kind."""
        cells: list[Any] = []
        for kind in ("u.", "m."):
            for week in WEEKS:
                share = share_of(period, place, kind, week)
                late = week > self.last_week.get(period, 52)
                cells.append(("", "-", "..", None)[week % 4] if late else f"{share:.1f}".replace(".", ","))
        return [period, place, *cells]

    def count_row(self, period: str, place: str) -> list[Any]:
        return [period, place, "1.412", "1.234,5" if place == "Norddjurs" else 98765.4, "2,1"]


def share_of(period: str, place: str, kind: str, week: int) -> float:
    """A made-up share, different for every place, year and week."""
    return 90 - week * 1.2 + (int(period[:4]) - 2017) * 0.5 + (5 if kind == "m." else 0) + (1 if place == "Ærø" else 0)


def columns() -> list[str]:
    return [CURVE.format(kind=kind, week=week) for kind in ("u.", "m.") for week in WEEKS]
