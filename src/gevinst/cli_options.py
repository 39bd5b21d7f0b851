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
