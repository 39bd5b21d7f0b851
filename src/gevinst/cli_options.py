"""Options that several commands share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import strptime
from typing import Annotated, TypeVar

import typer

from gevinst.errors import GevinstError
from gevinst.guard import warned_if_open
from gevinst.language import say

Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        callback=warned_if_open,
        readable=False,  # what may not be read is told by who reads it
        help=say(da="Arbejdsmappen.", en="The workspace folder."),
        show_default=say(da="mappen her", en="this folder"),
    ),
]
PortfolioKey = Annotated[
    str | None,
    typer.Option(
        "--portfolio",
        help=say(da="Porteføljens nøgle, hvis der er flere.", en="The portfolio's key, if there are several."),
    ),
]
RecordedOnly = Annotated[
    bool,
    typer.Option(
        "--recorded-only",
        help=say(da="Kun det indberettede, uden borgernes data.", en="Only what was recorded, without persons' data."),
    ),
]
MemoLanguage = Annotated[
    str | None,
    typer.Option("--language", help="da | en: " + say(da="notatets sprog.", en="the memo's language.")),
]
HERE = Path()
Choice = TypeVar("Choice", bound=str)


def names_in(text: str) -> tuple[str, ...]:
    """Names with commas between, each once.

    >>> names_in("sex, age_at_entry,,sex")
    ('sex', 'age_at_entry')
    """
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))


def day_in(text: str | None) -> date | None:
    """The day asked for, written as ISO or Danish. Raises `cli.date`."""
    if text is None:
        return None
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return date(*strptime(text, form)[:3])
        except ValueError:
            continue
    raise GevinstError("cli.date", text=text)


def chosen(name: str, value: str, allowed: tuple[Choice, ...]) -> Choice:
    """The one of `allowed` that was asked for. Raises `cli.choice`."""
    for one in allowed:
        if value == one:
            return one
    raise GevinstError("cli.choice", name=name, value=value, allowed=", ".join(allowed))
