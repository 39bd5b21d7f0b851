"""The analyst's verbs: curves and effects of a folder of files, without a workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from gevinst.cli_options import chosen, day_in, names_in
from gevinst.curves.curve import Definition, Maturity, Outcome
from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.register.business_case import LaterParticipants

analyst_app = typer.Typer()
DEFINITIONS: tuple[Definition, ...] = ("with_relapse", "without_relapse")
OUTCOMES: tuple[Outcome, ...] = ("same", "any")
MATURITIES: tuple[Maturity, ...] = ("whole", "available")
LATER: tuple[LaterParticipants, ...] = ("censor", "keep")
MOST_WEEKS = 1040
"""Twenty years; more weeks than any curve is read for."""

Folder = Annotated[
    Path, typer.Argument(help=say(da="Mappe med spells.csv m.fl.", en="Folder with spells.csv etc."))
]
Until = Annotated[
    str | None, typer.Option(help=say(da="Opgør til og med denne dag.", en="Follow until this day."))
]
WITH_RELAPSE = say(da="med eller uden tilbagefald.", en="with relapse or without.")
SAME = say(da="væk fra den samme ydelse eller fra al ydelse.", en="off the same benefit or off any.")
WHOLE = say(da="kun uger, hvor alle er fulgt, eller alle, man kan.", en="weeks all are followed to, or all weeks.")
Lag = Annotated[int, typer.Option(min=0, help=say(da="Kildens forsinkelse i uger.", en="Reporting lag in weeks."))]


def _weeks(text: str | None) -> list[int]:
    """The weeks asked for, in order; 0 to 52 when none are. Raises `cli.weeks`."""
    try:
        wanted = sorted({int(week) for week in text.split(",")}) if text else list(range(53))
    except ValueError:
        raise GevinstError("cli.weeks", text=text) from None
    if wanted[0] < 0 or wanted[-1] > MOST_WEEKS:
        raise GevinstError("cli.weeks", text=text)
    return wanted


def _period(first: str | None, last: str | None) -> tuple[date | None, date | None]:
    """The first and last day asked for. Raises `cli.date` and `cli.period`."""
    begins, ends = day_in(first), day_in(last)
    if begins and ends and ends < begins:
        raise GevinstError("cli.period", first=begins.isoformat(), last=ends.isoformat())
    return begins, ends


@analyst_app.command(
    help=say(da="Overlevelseskurver for en mappe med filer.", en="Curves of a folder of files.")
)
def curves(
    folder: Folder,
    benefit: Annotated[str, typer.Option(help=say(da="Ydelsens navn.", en="The benefit's key."))],
    from_date: Annotated[
        str | None, typer.Option("--from", help=say(da="Første startdag.", en="First start day."))
    ] = None,
    to_date: Annotated[str | None, typer.Option("--to", help=say(da="Sidste startdag.", en="Last start day."))] = None,
    gap_weeks: Annotated[
        int,
        typer.Option(
            min=1, help=say(da="Hele uger uden ydelse før et nyt forløb.", en="Whole weeks off before a new spell.")
        ),
    ] = 4,
    exit_gap_weeks: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=say(da="Hele uger uden ydelse før et forløb er slut.", en="Whole weeks off before a spell has ended."),
        ),
    ] = None,
    definition: Annotated[str, typer.Option(help="with_relapse | without_relapse: " + WITH_RELAPSE)] = "with_relapse",
    outcome: Annotated[str, typer.Option(help="same | any: " + SAME)] = "same",
    maturity: Annotated[str, typer.Option(help="whole | available: " + WHOLE)] = "whole",
    weeks: Annotated[
        str | None,
        typer.Option(help=say(da="Uger, fx 0,4,8; ellers 0 til 52.", en="Weeks, such as 0,4,8; else 0 to 52.")),
    ] = None,
    horizon: Until = None,
    lag_weeks: Lag = 0,
    output: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
) -> None:
    """Print the points of one curve."""
    from gevinst.analyst import curve_in, known_benefit, open_folder
    from gevinst.analyst_output import curve_csv, curve_json, say_rejects

    read = chosen("--definition", definition, DEFINITIONS)
    followed = chosen("--outcome", outcome, OUTCOMES)
    shown = chosen("--maturity", maturity, MATURITIES)
    chosen("--format", output, ("csv", "json"))
    wanted, (first, last) = _weeks(weeks), _period(from_date, to_date)
    until, key = day_in(horizon), known_benefit(benefit)
    with open_folder(folder, lag_weeks=lag_weeks, horizon=until) as opened:
        say_rejects(opened.report)
        found = curve_in(
            opened.tables,
            benefit=key,
            from_date=first,
            to_date=last,
            gap_weeks=gap_weeks,
            exit_gap_weeks=exit_gap_weeks,
            definition=read,
            outcome=followed,
            maturity=shown,
            weeks=wanted[-1],
        )
        horizon_week = opened.tables.data_horizon
    if not found.curve.trials:
        typer.echo(GevinstError("cli.no-cohort", benefit=key).message().what, err=True)
    typer.echo(curve_json(found, wanted, horizon_week) if output == "json" else curve_csv(found, wanted))


@analyst_app.command(
    help=say(da="Effekten af en investering i en mappe med filer.", en="An investment's effect.")
)
def effect(
    folder: Folder,
    investment: Annotated[str, typer.Option(help=say(da="Investeringens nøgle.", en="The investment's key."))],
    match_on: Annotated[
        str,
        typer.Option(
            help=say(
                da="Kolonner i filen persons, der matches på, med komma imellem.",
                en="Columns of the file persons to match on, with commas between.",
            )
        ),
    ] = "",
    later_participants: Annotated[
        str,
        typer.Option(
            help=say(
                da="Sammenlignede, der senere selv deltager: følges til da (censor) eller videre (keep).",
                en="Comparators who take part later: followed until then (censor) or on (keep).",
            )
        ),
    ] = "censor",
    horizon_weeks: Annotated[
        int, typer.Option(min=1, max=208, help=say(da="Uger efter start.", en="Weeks after the start."))
    ] = 52,
    horizon: Until = None,
    lag_weeks: Lag = 0,
    replicates: Annotated[
        int, typer.Option(min=0, max=20_000, help=say(da="Antal gentagelser.", en="Replicates."))
    ] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, help=say(da="Startværdi for tilfældige tal.", en="Seed of the replicates."))
    ] = 20200101,
    output: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
) -> None:
    """Print every estimator's answer."""
    from gevinst.analyst import open_folder, valued_effect_in
    from gevinst.analyst_output import effect_csv, effect_json, say_rejects

    chosen("--format", output, ("csv", "json"))
    later = chosen("--later-participants", later_participants, LATER)
    with open_folder(folder, lag_weeks=lag_weeks, horizon=day_in(horizon)) as opened:
        say_rejects(opened.report)
        found = valued_effect_in(
            opened.tables,
            investment,
            match_on=names_in(match_on),
            horizon_weeks=horizon_weeks,
            later_participants=later,
            replicates=replicates,
            seed=seed,
        )
    typer.echo(effect_json(found) if output == "json" else effect_csv(found))
