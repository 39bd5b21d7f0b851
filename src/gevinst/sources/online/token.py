"""The token of jobindsats: from the environment or the operating system's keyring, never from a file of ours.

A `Token` does not show itself: neither `str`, `repr`, a log nor a crash report holds its text.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gevinst.errors import GevinstError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

VARIABLE = "GEVINST_JOBINDSATS_TOKEN"
SERVICE = "gevinst"
ACCOUNT = "jobindsats"
_FORM = re.compile(r"[\x21-\x7e]{8,4096}")  # one word: a line break in it would be a header of its own


@dataclass(frozen=True, repr=False)
class Token:
    """A token that does not show itself.

    >>> token = Token("not-a-real-token")
    >>> token, f"{token}", token.header
    (Token(…), 'Token(…)', 'Bearer not-a-real-token')
    """

    _text: str

    def __post_init__(self) -> None:
        """Raises `online.token-form`."""
        if not _FORM.fullmatch(self._text):
            raise GevinstError("online.token-form", variable=VARIABLE)

    def __repr__(self) -> str:
        return "Token(…)"

    @property
    def header(self) -> str:
        """The header `Authorization`. Version 3 wants `Bearer`; the bare token of version 2 gives 401."""
        return f"Bearer {self._text}"

    def stands_in(self, content: bytes) -> bool:
        """Whether an answer repeats the token; such an answer is neither kept nor quoted."""
        return self._text.encode() in content


def read_token() -> Token:
    """The token: the environment's, else the keyring's.

    Raises `online.token-missing`, and `online.token-form` where it is not one word of plain characters.
    """
    text = os.environ.get(VARIABLE, "").strip() or _from_keyring()
    if not text:
        raise GevinstError("online.token-missing", variable=VARIABLE)
    return Token(text)


def store_token(text: str) -> None:
    """Put the token in the operating system's keyring.

    Raises `online.token-form`, and `online.no-keyring` where there is none that is locked by the system.
    """
    import keyring
    from keyring.errors import KeyringError

    token = text.strip()
    Token(token)
    _refuse_open_keyring(keyring.get_keyring())
    try:
        keyring.set_password(SERVICE, ACCOUNT, token)
    except (KeyringError, RuntimeError):
        # The keyring's own text is not passed on: nobody has promised that the token does not stand in it.
        raise GevinstError("online.no-keyring", variable=VARIABLE) from None


def forget_token() -> None:
    """Take the token out of the keyring; nothing happens where there is none. Raises `online.no-keyring`."""
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        keyring.delete_password(SERVICE, ACCOUNT)
    except PasswordDeleteError:
        return
    except (KeyringError, RuntimeError):
        raise GevinstError("online.no-keyring", variable=VARIABLE) from None


def _from_keyring() -> str:
    """The keyring's token; empty where there is no keyring, it is locked, or it has none."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return (keyring.get_password(SERVICE, ACCOUNT) or "").strip()
    except (KeyringError, RuntimeError):
        return ""


def _refuse_open_keyring(backend: KeyringBackend) -> None:
    """A keyring that writes the token in plain text into a file is no keyring."""
    kinds = {type(backend).__name__, *(type(one).__name__ for one in getattr(backend, "backends", ()))}
    if any("plaintext" in kind.lower() for kind in kinds):
        raise GevinstError("online.no-keyring", variable=VARIABLE)
