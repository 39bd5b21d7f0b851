"""The verb that opens a figure: its formula, inputs, counts and parameters."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from gevinst.cli_options import HERE, Workspace, chosen
from gevinst.errors import GevinstError
from gevinst.language import say

explain_app = typer.Typer()
ExplainFormat = Literal["text", "json"]
FORMATS: tuple[ExplainFormat, ...] = ("text", "json")


@explain_app.command(
    "explain",
    help=say(
        da="Vis, hvordan et tal er fremkommet: gevinst explain 2 2021, eller et tals navn (--list viser dem).",
        en="Show how a figure came about: gevinst explain 2 2021, or a figure's id (--list shows them).",
    ),
)
def explain(
    asked: Annotated[
        str | None,
        typer.Argument(
            help=say(da="Tallets navn, investeringens nummer, eller et mønster til --list.",
                     en="The figure's id, the investment's number, or a pattern for --list."),
        ),
    ] = None,
    year: Annotated[str | None, typer.Argument(help=say(da="Året.", en="The year."))] = None,
    workspace: Workspace = HERE,
    edition: Annotated[
        str | None,
        typer.Option(help=say(da="Udgaven, eller begyndelsen af dens navn; ellers den nyeste.",
                              en="The edition, or the beginning of its id; else the newest.")),
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help=say(da="Vis tallenes navne.", en="Show the figures' ids."))
    ] = False,
    output: Annotated[str, typer.Option("--format", help="text | json")] = "text",
) -> None:
    """Print each step with formula, value, parameter and legal source."""
    wanted = chosen("--format", output, FORMATS)
    if asked is None and not list_:
        raise GevinstError("explain.nothing-asked")
    from gevinst.editions.states import EDITIONS, damage_on_record
    from gevinst.explained import (
        as_text,
        as_values,
        edition_folder,
        explained,
        explained_year,
        figures_like,
        refuse_damaged,
    )

    folder = edition_folder(workspace / EDITIONS, edition)
    refuse_damaged(folder, damage_on_record(workspace, folder))
    if list_:
        found = figures_like(folder, "/".join(part for part in (asked, year) if part))
        told = {key: {"label": label, "value": value} for key, label, value in found}
        shown = [f"{key}: {label}{f' = {value}' if value else ''}" for key, label, value in found]
        typer.echo(_json(told) if wanted == "json" else "\n".join(shown))
        return
    one = explained(folder, asked or "") if year is None else explained_year(folder, asked or "", year)
    typer.echo(_json(as_values(one)) if wanted == "json" else "\n".join(as_text(one)))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
