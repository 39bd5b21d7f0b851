"""The verbs of the ledger: hold it against budget and delivery, and list what belongs to no investment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gevinst.cli_options import HERE, PortfolioKey, Workspace, chosen
from gevinst.language import say

ledger_app = typer.Typer(
    no_args_is_help=True,
    help=say(
        da="Posteringerne: afstem dem, og find dem uden investering.", en="The postings: reconcile, list the unmatched."
    ),
)
Format = Literal["text", "csv", "json"]
FORMATS: tuple[Format, ...] = ("text", "csv", "json")
Place = Annotated[
    Path | None, typer.Argument(help=say(da="Arbejdsmappen; det samme som -w.", en="The workspace; the same as -w."))
]
Output = Annotated[str, typer.Option("--format", help="text | csv | json")]


@ledger_app.command(
    "check",
    help=say(
        da="Hold posteringerne op mod budget og leverede deltageruger; sig, hvad der afviger.",
        en="Hold the postings against budget and delivered participant weeks; say what deviates.",
    ),
)
def ledger_check(
    place: Place = None, workspace: Workspace = HERE, portfolio: PortfolioKey = None, output: Output = "text"
) -> None:
    """The newest snapshot's ledger, with alarms and how the rules fare."""
    wanted = chosen("--format", output, FORMATS)
    from gevinst.ledger_output import check_csv, check_json, check_lines
    from gevinst.ledger_workspace import workspace_ledger

    found = workspace_ledger(place or workspace, portfolio)
    if wanted == "text":
        typer.echo("\n".join(check_lines(found)))
    else:
        typer.echo(check_csv(found) if wanted == "csv" else check_json(found))


@ledger_app.command(
    "unmatched",
    help=say(
        da="Vis de posteringer, der ikke hører til en investering, med konto og beløb.",
        en="Show the postings that belong to no investment, with account and amount.",
    ),
)
def ledger_unmatched(
    place: Place = None, workspace: Workspace = HERE, portfolio: PortfolioKey = None, output: Output = "text"
) -> None:
    """One posting a line; never its text, which may name a person."""
    wanted = chosen("--format", output, FORMATS)
    from gevinst.ledger_output import loose_csv, loose_json, loose_lines
    from gevinst.ledger_workspace import loose_postings

    found = loose_postings(place or workspace, portfolio)
    if wanted == "text":
        typer.echo("\n".join(loose_lines(found)))
    else:
        typer.echo(loose_csv(found) if wanted == "csv" else loose_json(found))
