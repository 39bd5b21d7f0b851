"""The verb that says how each investment stands, what was agreed of stopping it, and what it takes for it to pay."""

from __future__ import annotations

from typing import Annotated

import typer

from gevinst.cli_options import HERE, PortfolioKey, RecordedOnly, Workspace, chosen, day_in
from gevinst.language import say

status_app = typer.Typer()


@status_app.command(
    help=say(
        da="Vis status for hver investering, aftalte stopregler, break-even, og hvornår det er sikkert at beslutte.",
        en="Show each investment's status, agreed stop rules, break-even, and when it is safe to decide.",
    )
)
def status(
    workspace: Workspace = HERE,
    portfolio: PortfolioKey = None,
    day: Annotated[
        str | None, typer.Option("--date", help=say(da="Som på denne dag; ellers i dag.", en="As on this day."))
    ] = None,
    recorded_only: RecordedOnly = False,
    output: Annotated[str, typer.Option("--format", help="text | json | csv")] = "text",
) -> None:
    """Nothing is written: the newest data and today's record."""
    from gevinst.editions.basis import compute
    from gevinst.forecast_output import as_csv, as_json
    from gevinst.language import speaking
    from gevinst.register.reseal import told_in_clear
    from gevinst.settings import load_settings
    from gevinst.status_output import status_lines, status_rows
    from gevinst.workspace import Asked, basis_asked

    form = chosen("--format", output, ("text", "json", "csv"))
    asked, settings = Asked(portfolio, day_in(day), recorded_only=recorded_only), load_settings(workspace)
    for note in told_in_clear(settings):
        typer.echo(note, err=True)
    edition = compute(basis_asked(settings, asked), with_quality=not recorded_only)  # as the memo is
    if form == "text":
        with speaking(edition.language):
            for line in status_lines(edition):
                typer.echo(line)
        return
    rows = status_rows(edition)
    typer.echo(as_csv(rows) if form == "csv" else as_json(rows), nl=form == "json")
