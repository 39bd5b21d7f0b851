"""The client against a server on this machine, fault by fault."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.sources.online.addresses import origin_of, proxy_for
from gevinst.sources.online.answers import Answer, read_json, read_text, server_words
from gevinst.sources.online.http import HttpClient, Patience
from gevinst.sources.online.token import Token
from tests.sources.online.conftest import QUICK
from tests.sources.online.servers import TOKEN, Act, Handler, Server, cut_short, fault, hang_up, refused, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda handler: handler.json({"ok": True}, StatbankAPI_Request_Id="abc-1")) as running:
        yield running


def client(server: Server, patience: Patience = QUICK, waits: list[float] | None = None) -> HttpClient:
    heard: list[float] = [] if waits is None else waits
    return HttpClient(server.url, Token(TOKEN), patience, sleep=heard.append)


def code_of(server: Server, *faults: Act, patience: Patience = QUICK) -> str:
    server.faults = list(faults)
    with pytest.raises(GevinstError) as raised:
        client(server, patience).get("tables")
    assert str(raised.value)
    return raised.value.code


def test_a_request_carries_the_token_and_says_who_asks(server: Server) -> None:
    answer = client(server).get("data/y01b01", [("period.Y", "2017,2018"), ("hierarchy._nykom", "/7/"), ("x", "Ærø ")])
    asked = server.asked[0]
    assert (answer.status, answer.request_id) == (200, "abc-1")
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["User-Agent"].startswith("gevinst/")
    assert asked.query == {"period.Y": "2017,2018", "hierarchy._nykom": "/7/", "x": "Ærø "}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server: Server, status: int) -> None:
    server.faults = [fault(status), fault(status)]
    waits: list[float] = []
    assert read_json(client(server, waits=waits).get("tables"), "") == {"ok": True}
    assert waits == [0.001, 0.002]
    assert len(server.asked) == 3


def test_retry_after_is_heeded_in_seconds_and_as_a_date(server: Server) -> None:
    dates = {"Retry_After": "Sat, 21 Nov 2026 10:00:09 GMT", "Date": "Sat, 21 Nov 2026 10:00:02 GMT"}

    def by_date(handler: Handler) -> None:
        handler.send_response_only(503)
        for name, value in dates.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.faults = [fault(429, Retry_After="7"), by_date]
    waits: list[float] = []
    client(server, waits=waits).get("tables")
    assert waits == [7.0, 7.0]


def test_a_server_that_asks_for_an_hour_is_not_waited_for(server: Server) -> None:
    assert code_of(server, fault(429, Retry_After="3600")) == "online.busy"
    assert len(server.asked) == 1


@pytest.mark.parametrize(("status", "code"), [(429, "online.busy"), (503, "online.busy"),
                                              (500, "online.server-failed"), (502, "online.server-failed")])
def test_patience_ends(server: Server, status: int, code: str) -> None:
    assert code_of(server, *[fault(status)] * 9) == code
    assert len(server.asked) == QUICK.attempts


@pytest.mark.parametrize("act", [cut_short, hang_up])
def test_a_broken_connection_is_tried_again_and_then_said(server: Server, act: Act) -> None:
    server.faults = [act]
    assert client(server).get("tables").status == 200
    assert code_of(server, act, act, act) == "online.broken-off"


@pytest.mark.parametrize(("status", "body", "code"), [
    (401, "{}", "online.token-refused"),
    (403, "{}", "online.token-refused"),
    (404, "{}", "online.not-found"),
    (405, "{}", "online.wrong-path"),
    (407, "{}", "online.proxy"),
    (501, "{}", "online.server-failed"),
    (400, '{"message": "latest:40: Only 31 periods are available"}', "online.few-periods"),
    (400, '{"errorTypeCode": "REQUEST-LIMIT", "message": "x"}', "online.too-many-cells"),
    (413, "", "online.too-many-cells"),
    (400, '{"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Tabel findes ikke: X"}', "online.refused"),
    (418, "[1", "online.refused"),
])
def test_what_a_status_means(server: Server, status: int, body: str, code: str) -> None:
    assert code_of(server, fault(status, body)) == code
    assert len(server.asked) == 1


def test_without_a_token_a_refusal_is_not_the_tokens(server: Server) -> None:
    server.faults = [fault(403)]
    with refused("online.forbidden"):
        HttpClient(server.url, patience=QUICK).get("tables")


def test_the_servers_own_words_are_quoted_without_anything_like_an_id(server: Server) -> None:
    server.faults = [fault(400, '{"message": "Kan ikke finde værdien 010190-1234 (OMRÅDE)"}')]
    with pytest.raises(GevinstError) as raised:
        client(server).get("tables")
    assert "Kan ikke finde værdien […] (OMRÅDE)" in str(raised.value)


def test_a_slow_answer_is_given_up(server: Server) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.4)
        hang_up(handler)

    patience = Patience(connect=1, read=0.05, attempts=2, first_wait=0, pause=0)
    assert code_of(server, slow, slow, patience=patience) == "online.too-slow"


def test_an_answer_that_drips_is_given_up(server: Server) -> None:
    clock = iter(range(0, 10_000, 100))
    asking = HttpClient(server.url, None, Patience(whole=250, pause=0), clock=lambda: next(clock))

    def drip(handler: Handler) -> None:
        handler.send(200, b"x" * 300_000)

    server.faults = [drip]
    with refused("online.too-slow"):
        asking.get("tables")


def test_no_more_is_taken_than_allowed_packed_or_not(server: Server) -> None:
    patience = Patience(largest=1 << 20, pause=0, attempts=1)
    packed = gzip.compress(b" " * (64 << 20))
    assert len(packed) < 1 << 20
    assert code_of(server, fault(200, b"x" * (1 << 21)), patience=patience) == "online.too-large"
    tracemalloc.start()
    try:
        assert code_of(server, fault(200, packed, Content_Encoding="gzip"), patience=patience) == "online.too-large"
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_a_redirect_within_the_origin_is_followed(server: Server) -> None:
    server.faults = [fault(302, Location="/elsewhere?x=1")]
    assert client(server).get("tables").status == 200
    assert [one.path for one in server.asked] == ["/tables", "/elsewhere"]


def test_the_token_goes_nowhere_else(server: Server) -> None:
    with serving(lambda handler: handler.json({})) as other:
        for place in (f"{other.url}/v3/tables", f"http://localhost:{server.server_port}/", "//evil.example/x",
                      "https://evil.example/x", f"https://127.0.0.1:{server.server_port}/", "ftp://127.0.0.1/"):
            assert code_of(server, fault(302, Location=place)) == "online.redirected"
        assert not other.asked


def test_a_redirect_that_goes_round_ends(server: Server) -> None:
    assert code_of(server, *[fault(301, Location="/tables")] * 9) == "online.redirected"


def test_a_post_is_not_turned_into_something_else(server: Server) -> None:
    server.faults = [fault(307, Location="/data2"), None, fault(302, Location="/data2")]
    assert client(server).post("data", b"{}").status == 200
    assert (server.asked[1].method, server.asked[1].body) == ("POST", b"{}")
    with refused("online.redirected"):
        client(server).post("data", b"{}")


def test_an_answer_that_repeats_the_token_is_not_taken(server: Server) -> None:
    assert code_of(server, fault(400, f'{{"message": "bad token {TOKEN}"}}')) == "online.token-repeated"
    across = b"x" * ((1 << 16) - 10) + TOKEN.encode()
    assert code_of(server, fault(200, across)) == "online.token-repeated"


def test_the_token_shows_nowhere(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    acts: list[Act] = [fault(401), fault(500), cut_short, fault(302, Location="https://evil.example/"),
                       fault(400, f'{{"message": "{TOKEN}"}}'), hang_up, fault(404)]
    said = []
    for act in acts:
        server.faults = [act] * 5
        asking = client(server)
        with pytest.raises(GevinstError) as raised:
            asking.get("tables")
        said += [str(raised.value), repr(raised.value), repr(raised.value.values), repr(asking), str(asking.token)]
        fault_behind: BaseException | None = raised.value
        while fault_behind is not None:
            said.append(repr(fault_behind))
            fault_behind = fault_behind.__cause__ or fault_behind.__context__
    assert TOKEN not in "\n".join(said) + caplog.text
    assert "127.0.0.1" in caplog.text  # the library did log


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with refused("online.no-network"):
        HttpClient(f"http://127.0.0.1:{port}", patience=QUICK, sleep=lambda _: None).get("tables")


def test_a_server_without_a_certificate(server: Server) -> None:
    port = server.server_port
    with refused("online.tls"):
        HttpClient(f"https://localhost:{port}", Token(TOKEN), QUICK, sleep=lambda _: None).get("tables")
    assert not server.asked


@pytest.mark.parametrize("url", ["http://api.jobindsats.dk/v3", "ftp://localhost", "https://", "api.jobindsats.dk",
                                 "https://name:word@api.jobindsats.dk", "http://localhost.evil.example", "https://[::1",
                                 "http://127.0.0.1:99999"])
def test_addresses_that_are_not_asked(url: str) -> None:
    with refused("online.address"):
        HttpClient(url)


def test_the_environments_proxy_is_used_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://someone:secret@proxy.example:8080")
    monkeypatch.setenv("http_proxy", "http://proxy.example:8080")
    monkeypatch.setenv("no_proxy", "api.statbank.dk")
    assert proxy_for(origin_of("https://api.jobindsats.dk/v3")) == "http://someone:secret@proxy.example:8080"
    assert proxy_for(origin_of("https://api.statbank.dk/v1")) is None
    assert proxy_for(origin_of("http://127.0.0.1:80")) is None


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("https_proxy", f"http://someone:secret@127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with refused("online.proxy") as raised:
        HttpClient("https://api.example.dk", Token(TOKEN), QUICK).get("tables")
    assert "secret" not in str(raised.value) + repr(raised.value.__context__)
    monkeypatch.setenv("https_proxy", "http://[")
    with refused("online.proxy"):
        HttpClient("https://api.example.dk")


def test_requests_keep_their_distance(server: Server) -> None:
    waits: list[float] = []
    asking = HttpClient(server.url, None, Patience(pause=5), sleep=waits.append, clock=lambda: 100.0)
    asking.get("tables")
    asking.get("tables")
    assert waits == [5.0]


def test_a_long_answer_goes_to_a_file_and_begins_anew_when_asked_again(server: Server, tmp_path: Path) -> None:
    server.faults = [cut_short, fault(200, b"a;b\n1;2\n", "text/csv")]
    with (tmp_path / "body").open("w+b") as file:
        assert client(server).post_into("data", b"{}", file).status == 200
        file.seek(0)
        assert file.read() == b"a;b\n1;2\n"


@pytest.mark.parametrize(("kind", "body", "code"), [
    ("text/html", b"<html>Log ind</html>", "online.web-page"),
    ("application/json", b"\xef\xbb\xbf  <!DOCTYPE html><title>x", "online.web-page"),
    ("application/json", b" \n", "online.empty"),
    ("application/json", b'{"columns": ', "online.not-json"),
    ("application/json", b"[" * 100_000, "online.not-json"),
    ("application/json", b"\xff\xfe", "online.not-json"),
    ("application/json", b"1" * 5000, "online.not-json"),
])
def test_what_is_not_json_is_said(kind: str, body: bytes, code: str) -> None:
    with refused(code):
        read_json(Answer(200, kind, body), "here")


def test_json_and_text_with_and_without_a_mark() -> None:
    assert read_json(Answer(200, "", '{"æ": 1}'.encode("utf-8-sig")), "") == {"æ": 1}
    assert read_text(Answer(200, "", "Ærø".encode("cp1252")), "") == "Ærø"
    assert read_text(Answer(200, "", "Ærø".encode("utf-8-sig")), "") == "Ærø"


def test_server_words_of_any_shape() -> None:
    assert server_words(b"<html>x") == ""
    assert server_words(b'["only 3 periods are available"]') == '["only 3 periods are available"]'
    assert server_words(b'"plain"') == "plain"
    assert server_words(b'{"errors": {"period": 1}}') == '{"errors": {"period": 1}}'
