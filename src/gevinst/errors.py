"""Every error a user can meet: a code, what happened, where, and what to do.

The texts are data, one file per area in `messages/`, in both languages; `docs/errors.md` is made from them.
Raise with the code and the values its text names:

    raise GevinstError("intake.file-missing", where=str(path), file="spells")
"""

from __future__ import annotations

import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gevinst.language import LANGUAGES, Language, current

MESSAGES = Path(__file__).parent / "messages"
DAMAGED_PACKAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What the standard library raises on a zip file, and so on a Word or Excel file, that is damaged or locked."""


class Message(NamedTuple):
    """What happened and what to do about it, with `{names}` to fill in."""

    what: str
    do: str


@cache
def catalogue() -> dict[str, dict[Language, Message]]:
    """All messages by code and language. Reads `messages/*.yaml` once."""
    import yaml  # here, because `gevinst --help` must not wait for it

    found: dict[str, dict[Language, Message]] = {}
    for path in sorted(MESSAGES.glob("*.yaml")):
        for code, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if code in found:
                raise ValueError(f"{path.name}: the code {code} stands twice")
            found[code] = {language: Message(**texts[language]) for language in LANGUAGES}
    return found


class GevinstError(Exception):
    """A fault the user can mend. The command line prints it and leaves with exit code 2.

    `where` says the place (file, sheet and cell, line); it never holds a person's data.
    """

    def __init__(self, code: str, *, where: str = "", **values: Any) -> None:
        self.code = code
        self.where = where
        self.values = values
        super().__init__(code)

    def message(self, language: Language | None = None) -> Message:
        """What happened and what to do, filled in, in `language` or the one spoken now."""
        text = catalogue()[self.code][language or current()]
        return Message(text.what.format(**self.values), text.do.format(**self.values))

    def __str__(self) -> str:
        what, do = self.message()
        place = f"\n  {self.where}" if self.where else ""
        return f"[{self.code}] {what}{place}\n  {do}"
