"""The verb that finds the page for a politician."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gevinst.cli_options import HERE, Workspace
from gevinst.language import say

one_page_app = typer.Typer()


@one_page_app.command(
    "one-page",
    help=say(
        da="»Hvad fik vi for pengene?«: siden til politikeren, for alle investeringer eller én.",
        en="“What did we get for the money?”: the page for a politician, of all investments or one.",
    ),
)
def one_page(
    workspace: Workspace = HERE,
    investment: Annotated[
        str | None,
        typer.Option(help=say(da="Investeringens nummer; ellers dem alle.", en="Its number; else all together.")),
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help=say(da="Udgaven; ellers den nyeste.", en="Else the newest."))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=say(da="Mappe, som siden også lægges i.", en="A folder to put the page in as well.")),
    ] = None,
) -> None:
    """Print the answer in words and where its files lie; with `--out` put a copy of them there."""
    from gevinst.editions.pages import copied, page_of
    from gevinst.settings import load_settings

    page = page_of(load_settings(workspace), edition, investment)
    typer.echo(page.question)
    typer.echo(page.answer)
    for path in page.files if out is None else copied(page, out):
        typer.echo(path)
