"""The verbs that look ahead, and back at it: the forecast, the score card, the realisation library."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from gevinst.cli_options import HERE, PortfolioKey, Workspace, chosen
from gevinst.language import say

forecast_app = typer.Typer()
Format = Literal["text", "json", "csv"]
FORMATS: tuple[Format, ...] = ("text", "json", "csv")
Output = Annotated[str, typer.Option("--format", help="text | json | csv")]


@forecast_app.command(
    help=say(
        da="Regn ud, hvad investeringerne ventes at spare: startede og planlagte deltagere med den sete effekt.",
        en="Compute what the investments are expected to save: participants started and planned, by the effect seen.",
    )
)
def forecast(
    workspace: Workspace = HERE,
    portfolio: PortfolioKey = None,
    rule: Annotated[
        str,
        typer.Option(
            help="hold | decay | zero: "
            + say(da="effekten holder, aftager eller ophører, hvor den ikke er set.",
                  en="where it is not seen the effect holds, decays or ends.")
        ),
    ] = "decay",
    half_life: Annotated[
        int, typer.Option(help=say(da="Uger, hvori den halveres (decay).", en="Weeks in which it halves (decay)."))
    ] = 52,
    intake: Annotated[
        str,
        typer.Option(help="plan | pace: "
            + say(da="der starter så mange som planlagt eller som hidtil.",
                  en="as many start as planned, or as so far.")),
    ] = "plan",
    output: Output = "text",
) -> None:
    """Expected saving of the running year and the coming ones, with intervals of 50, 80 and 95 %."""
    from gevinst.errors import GevinstError
    from gevinst.follow_up.coming_intake import INTAKE_RULES
    from gevinst.follow_up.extrapolation import RULES
    from gevinst.forecast_output import as_csv, as_json, forecast_lines, forecast_rows, without
    from gevinst.forecast_workspace import forecast_workspace
    from gevinst.forecasts import Terms

    form, named = chosen("--format", output, FORMATS), chosen("--rule", rule, RULES)
    if half_life < 1:
        raise GevinstError("forecast.half-life", weeks=half_life)
    terms = Terms(named, half_life, chosen("--intake", intake, INTAKE_RULES))
    edition = forecast_workspace(workspace, terms, portfolio)
    if form == "text":
        for line in forecast_lines(edition):
            typer.echo(line)
        return
    rows = forecast_rows(edition)
    typer.echo(as_csv(rows) if form == "csv" else as_json(rows, **without(edition)), nl=form == "json")


@forecast_app.command(
    "score-card",
    help=say(
        da="Hold tidligere forventninger op mod det, der kom: afvigelser, og hvor tit intervallerne ramte.",
        en="Hold earlier forecasts against what came: errors, and how often their intervals held it.",
    ),
)
def score_card(
    workspace: Workspace = HERE,
    portfolio: PortfolioKey = None,
    drafts: Annotated[
        bool, typer.Option("--drafts", help=say(da="Også udgaver, der ikke er udgivet.", en="Unpublished ones too."))
    ] = False,
    output: Output = "text",
) -> None:
    """A line per forecast that has an outcome; then errors and coverage."""
    from gevinst.editions.foreseen import card_of
    from gevinst.editions.states import editions_of
    from gevinst.forecast_output import as_csv, as_json, score_lines, score_rows
    from gevinst.settings import load_settings
    from gevinst.workspace import chosen_portfolio

    form = chosen("--format", output, FORMATS)
    settings = load_settings(workspace)
    card = card_of(editions_of(settings, chosen_portfolio(settings, portfolio).key), drafts=drafts)
    if form == "text":
        for line in score_lines(card):
            typer.echo(line)
        return
    rows = score_rows(card)
    coverage = [{"level": one.level, "hits": one.hits, "count": one.count, "likely_low": one.likely_low,
                 "likely_high": one.likely_high} for one in card.coverage]
    beside = {"mean_error_dkk": card.mean_error, "mean_size_dkk": card.mean_size, "years": card.years,
              "waiting": card.waiting, "not_comparable": card.not_comparable, "few": card.few, "coverage": coverage}
    typer.echo(as_csv(rows) if form == "csv" else as_json(rows, **beside), nl=form == "json")


@forecast_app.command(
    help=say(
        da="Vis, hvor meget af budgetterne der blev til noget, pr. slags sag, og hvad det siger om den næste.",
        en="Show how much of the budgets came true, by kind of case, and what that says of the next.",
    )
)
def realisation(
    workspace: Workspace = HERE,
    realised_only: Annotated[
        bool, typer.Option("--realised-only", help=say(da="Uden forventninger.", en="Without expectations."))
    ] = False,
    examples: Annotated[
        bool,
        typer.Option("--examples", help=say(da="Med de medfølgende aftaler.", en="With the agreements shipped.")),
    ] = False,
    output: Output = "text",
) -> None:
    """Realised ÷ budgeted of all the workspace's portfolios, with the prudence factor proposed."""
    from gevinst.follow_up.realisation import library
    from gevinst.forecast_output import as_csv, as_json, library_lines, library_rows
    from gevinst.forecast_workspace import budgeted_and_realised

    form = chosen("--format", output, FORMATS)
    found = library(budgeted_and_realised(workspace, examples=examples), only_realised=realised_only)
    if form == "text":
        for line in library_lines(found):
            typer.echo(line)
        return
    rows = library_rows(found)
    typer.echo(as_csv(rows) if form == "csv" else as_json(rows), nl=form == "json")
