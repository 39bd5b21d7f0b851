"""The verbs about the data themselves: how good they are, and what a new delivery changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gevinst.cli_options import HERE, Workspace, chosen, day_in
from gevinst.language import say

quality_app = typer.Typer()
DiffFormat = Literal["text", "csv", "json"]
QualityFormat = Literal["text", "html", "json"]
DIFF_FORMATS: tuple[DiffFormat, ...] = ("text", "csv", "json")
QUALITY_FORMATS: tuple[QualityFormat, ...] = ("text", "html", "json")
Place = Annotated[
    Path | None, typer.Argument(help=say(da="Arbejdsmappen; det samme som -w.", en="The workspace; the same as -w."))
]


@quality_app.command(
    "diff",
    help=say(
        da="Vis, hvad en ny leverance ændrede: sene registreringer, rettede forløb, nye oplysninger.",
        en="Show what a new delivery changed: late registrations, revised spells, new covariates.",
    ),
)
def diff(
    place: Place = None,
    workspace: Workspace = HERE,
    from_date: Annotated[
        str | None,
        typer.Option(
            "--from", help=say(da="Registret som kendt denne dag.", en="The register as known on this day.")
        ),
    ] = None,
    to_date: Annotated[
        str | None, typer.Option("--to", help=say(da="Holdt op mod denne dag.", en="Held against this day."))
    ] = None,
    output: Annotated[str, typer.Option("--format", help="text | csv | json")] = "text",
) -> None:
    """Two snapshots held against each other; the two newest when no days are given."""
    wanted = chosen("--format", output, DIFF_FORMATS)
    first, last = day_in(from_date), day_in(to_date)
    from gevinst.parameters.local import open_book
    from gevinst.quality import workspace_diff
    from gevinst.register.delivery_diff_output import diff_csv, diff_json, diff_lines
    from gevinst.settings import load_settings

    where = place or workspace
    found = workspace_diff(where, first=first, last=last)
    if wanted == "text":
        known = open_book(load_settings(where).parameters).benefits
        typer.echo("\n".join(diff_lines(found, known)))
    else:
        typer.echo(diff_csv(found) if wanted == "csv" else diff_json(found))


@quality_app.command(
    "quality",
    help=say(
        da="Vis datakvaliteten: hver regel med grænse og dom.",
        en="Show the data quality: each rule with its limit and verdict.",
    ),
)
def quality(
    place: Place = None,
    workspace: Workspace = HERE,
    on: Annotated[
        str | None, typer.Option("--as-of", help=say(da="Registret som kendt denne dag.", en="As known on this day."))
    ] = None,
    output: Annotated[str, typer.Option("--format", help="text | html | json")] = "text",
    out: Annotated[
        Path | None, typer.Option(help=say(da="Fil at skrive i; ellers skærmen.", en="File to write; else the screen."))
    ] = None,
) -> None:
    """The newest snapshot measured and judged; nobody can be told apart in it."""
    wanted, day = chosen("--format", output, QUALITY_FORMATS), day_in(on)
    from gevinst.quality import workspace_quality
    from gevinst.register.data_quality_words import quality_json, quality_lines
    from gevinst.register.data_quality_workspace import evening

    where = place or workspace
    report = workspace_quality(where, as_of=None if day is None else evening(day))
    if wanted == "html":
        from gevinst.report.quality_section import quality_page
        from gevinst.settings import load_settings

        text = quality_page(report, load_settings(where).municipality)
    else:
        text = quality_json(report) if wanted == "json" else "\n".join(quality_lines(report))
    if out is None:
        typer.echo(text)
        return
    from gevinst.disk import told_plainly

    with told_plainly(out):
        out.write_text(f"{text}\n", encoding="utf-8")
    typer.echo(out)
