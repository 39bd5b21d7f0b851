"""What a database says when it fails, as errors that say what happened and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from gevinst.errors import GevinstError

# What SQLite says, and the error it is. SQLite has no codes that Python's module gives for all of these.
_SQLITE = (
    ("database is locked", "register.store-busy"),
    ("unable to open database file", "register.store-unwritable"),
    ("readonly database", "register.store-unwritable"),
    ("disk is full", "register.store-unwritable"),
    ("not a database", "register.store-not-a-database"),
)
# What PostgreSQL says before there is a connection, when there is no SQLSTATE yet, in servers that speak English.
_REFUSED = ("password authentication failed", "no password supplied", "role ", "pg_hba.conf")


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the database raises inside the block into a `GevinstError`; `where` never holds a password."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise GevinstError("register.store-driver", where=where, module=error.name) from error
    except exc.IntegrityError as error:
        raise GevinstError("register.store-conflict", where=where) from error
    except exc.DBAPIError as error:
        raise GevinstError(_code(error.orig), where=where, **_reason(error.orig)) from error
    except sqlite3.Error as error:
        raise GevinstError(_code(error), where=where, **_reason(error)) from error


def _code(error: BaseException | None) -> str:
    text = str(error)
    if isinstance(error, sqlite3.Error):
        return next((code for said, code in _SQLITE if said in text), "register.store-failed")
    state = getattr(error, "sqlstate", None)
    if state is None:  # no connection was made
        if "does not exist" in text and "database" in text:
            return "register.store-no-database"
        return "register.store-refused" if any(said in text for said in _REFUSED) else "register.store-unreachable"
    if state.startswith("28"):
        return "register.store-refused"
    if state in ("40001", "40P01", "55P03"):
        return "register.store-busy"
    return "register.store-unwritable" if state in ("42501", "25006", "53100") else "register.store-failed"


def _reason(error: BaseException | None) -> dict[str, str]:
    """The kind of failure, never its text: that may quote what was being written."""
    return {"kind": type(error).__name__}
