"""What a server answered: the bytes, what they are, and what it means when it refuses."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from gevinst.errors import GevinstError
from gevinst.sources.cells import shown

LONGEST_QUOTE = 200
_ONLY = re.compile(r"only\s+(\d+)\s+periods?\s+(?:are|is)\s+available", re.IGNORECASE)
_MANY = re.compile(r"REQUEST-LIMIT|too many|for mange|exceeds? the (?:limit|maximum)", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml[^>]*>\s*<!doctype)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """A server's answer. `request_id` is StatBank's name of the call, by which its log can be asked."""

    status: int
    content_type: str
    body: bytes
    request_id: str = ""


def raise_for_status(answer: Answer, where: str, *, has_token: bool) -> None:
    """Raise what a status other than 200 means.

    `online.token-refused`, `online.token-missing`, `online.not-found`, `online.wrong-path`, `online.proxy`,
    `online.few-periods` (jobindsats has fewer periods than `latest:N` asked for), `online.too-many-cells`,
    `online.refused` with the server's own words, `online.server-failed`.
    """
    status = answer.status
    if status == HTTPStatus.OK:
        return
    said = server_words(answer.body)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise GevinstError("online.token-refused" if has_token else "online.forbidden", where=where, status=status)
    if found := _ONLY.search(said):
        raise GevinstError("online.few-periods", where=where, available=int(found.group(1)))
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or _MANY.search(said):
        raise GevinstError("online.too-many-cells", where=where)
    if status == HTTPStatus.NOT_FOUND:
        raise GevinstError("online.not-found", where=where)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        raise GevinstError("online.wrong-path", where=where)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise GevinstError("online.proxy", where=where)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise GevinstError("online.server-failed", where=where, status=status)
    raise GevinstError("online.refused", where=where, status=status, said=shown(said, LONGEST_QUOTE) or "–")


def server_words(body: bytes) -> str:
    """What an error body says, in one line: its message where it is JSON, else its text; nothing of a web page.

    StatBank: `{"errorTypeCode", "message"}`. The error body of jobindsats version 3 is not documented in what was
    read; any text in it is taken.

    >>> server_words('{"errorTypeCode": "EXTRACT-NOTFOUND", "message": "Tabel findes ikke"}'.encode())
    'EXTRACT-NOTFOUND: Tabel findes ikke'
    """
    if is_web_page("", body):
        return ""
    text = body[:20_000].decode("utf-8-sig", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return " ".join(text.split())
    if isinstance(found, dict):
        named = [found.get(key) for key in ("errorTypeCode", "title", "message", "Message", "error", "detail")]
        words = [word for word in named if isinstance(word, str) and word]
        return ": ".join(dict.fromkeys(words)) or " ".join(text.split())
    return found if isinstance(found, str) else " ".join(text.split())


def is_web_page(content_type: str, body: bytes) -> bool:
    """Whether this is a page for people, such as a login, where figures were asked for."""
    return "text/html" in content_type.lower() or _MARKUP.match(body[:1000].removeprefix(b"\xef\xbb\xbf")) is not None


def read_json(answer: Answer, where: str) -> Any:
    """The JSON of an answer; a byte order mark before it is allowed.

    Raises `online.web-page`, `online.empty` and `online.not-json`.
    """
    _refuse_page(answer, where)
    try:
        return json.loads(answer.body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise GevinstError("online.not-json", where=where) from None


def read_text(answer: Answer, where: str) -> str:
    """The text of an answer: UTF-8 with or without mark, else Windows-1252.

    Raises `online.web-page` and `online.empty`.
    """
    _refuse_page(answer, where)
    return decoded(answer.body)


def decoded(body: bytes) -> str:
    """Bytes as text: UTF-8 with or without mark, else Windows-1252.

    >>> decoded("Ærø".encode("cp1252")), decoded("Ærø".encode("utf-8-sig"))
    ('Ærø', 'Ærø')
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _refuse_page(answer: Answer, where: str) -> None:
    if is_web_page(answer.content_type, answer.body):
        raise GevinstError("online.web-page", where=where)
    if not answer.body.strip():
        raise GevinstError("online.empty", where=where)
