"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gevinst.language import say

Workspace = Annotated[
    Path,
    typer.Option("--workspace", "-w", help=say(da="Arbejdsmappen.", en="The workspace folder.")),
]
HERE = Path()


def names_in(text: str) -> tuple[str, ...]:
    """Names with commas between, each once.

    >>> names_in("sex, age_at_entry,,sex")
    ('sex', 'age_at_entry')
    """
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
