"""The verbs. Each imports what it needs when it runs, so that `gevinst --help` answers at once.

A `GevinstError` is printed and ends the program with exit code 2; results go to standard output, everything said
on the way to standard error.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from time import strptime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from gevinst.cli_options import HERE, Workspace, names_in
from gevinst.cli_portfolio import portfolio_app
from gevinst.curves.curve import Definition, Maturity, Outcome
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, say
from gevinst.register.business_case import LaterParticipants

if TYPE_CHECKING:
    from gevinst.workspace import Published

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help=say(
        da="Følger kommunens sociale investeringer fra business case til den krone, der kom hjem.",
        en="Follows a municipality's social investments from the business case to the krone that came back.",
    ),
)
app.add_typer(portfolio_app, name="portfolio")


Choice = TypeVar("Choice", bound=str)
DEFINITIONS: tuple[Definition, ...] = ("with_relapse", "without_relapse")
OUTCOMES: tuple[Outcome, ...] = ("same", "any")
MATURITIES: tuple[Maturity, ...] = ("whole", "available")
LATER: tuple[LaterParticipants, ...] = ("censor", "keep")
MOST_WEEKS = 1040
"""Twenty years; more weeks than any curve is read for."""


def main() -> None:
    """Run the command line; turn errors the user can mend into a message and exit code 2."""
    try:
        app()
    except GevinstError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return date(*strptime(text, form)[:3])
        except ValueError:
            continue
    raise GevinstError("cli.date", text=text)


def _choice(name: str, value: str, allowed: tuple[Choice, ...]) -> Choice:
    for one in allowed:
        if value == one:
            return one
    raise GevinstError("cli.choice", name=name, value=value, allowed=", ".join(allowed))


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
    begins, ends = _day(first), _day(last)
    if begins and ends and ends < begins:
        raise GevinstError("cli.period", first=begins.isoformat(), last=ends.isoformat())
    return begins, ends


@app.command(help=say(da="Overlevelseskurver for en mappe med kanoniske filer.", en="Curves of a folder of files."))
def curves(
    folder: Annotated[
        Path, typer.Argument(help=say(da="Mappe med spells.csv m.fl.", en="Folder with spells.csv etc."))
    ],
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
    definition: Annotated[str, typer.Option(help="with_relapse | without_relapse")] = "with_relapse",
    outcome: Annotated[str, typer.Option(help="same | any")] = "same",
    maturity: Annotated[str, typer.Option(help="whole | available")] = "whole",
    weeks: Annotated[
        str | None,
        typer.Option(help=say(da="Uger, fx 0,4,8; ellers 0 til 52.", en="Weeks, such as 0,4,8; else 0 to 52.")),
    ] = None,
    horizon: Annotated[
        str | None, typer.Option(help=say(da="Opgør til og med denne dag.", en="Follow until this day."))
    ] = None,
    lag_weeks: Annotated[
        int, typer.Option(min=0, help=say(da="Kildens forsinkelse i uger.", en="Reporting lag in weeks."))
    ] = 0,
    output: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
) -> None:
    """Print the points of one curve."""
    from gevinst.analyst import curve_in, known_benefit, open_folder
    from gevinst.analyst_output import curve_csv, curve_json, say_rejects

    read = _choice("--definition", definition, DEFINITIONS)
    followed = _choice("--outcome", outcome, OUTCOMES)
    shown = _choice("--maturity", maturity, MATURITIES)
    _choice("--format", output, ("csv", "json"))
    wanted, (first, last) = _weeks(weeks), _period(from_date, to_date)
    until, key = _day(horizon), known_benefit(benefit)
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


@app.command(help=say(da="Effekten af en investering i en mappe med kanoniske filer.", en="An investment's effect."))
def effect(
    folder: Annotated[Path, typer.Argument(help=say(da="Mappe med kanoniske filer.", en="Folder of canonical files."))],
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
    horizon: Annotated[
        str | None, typer.Option(help=say(da="Opgør til og med denne dag.", en="Follow until this day."))
    ] = None,
    lag_weeks: Annotated[
        int, typer.Option(min=0, help=say(da="Kildens forsinkelse i uger.", en="Reporting lag in weeks."))
    ] = 0,
    replicates: Annotated[
        int, typer.Option(min=0, max=20_000, help=say(da="Antal gentagelser.", en="Replicates."))
    ] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, help=say(da="Frø for gentagelserne.", en="Seed of the replicates."))
    ] = 20200101,
    output: Annotated[str, typer.Option("--format", help="csv | json")] = "csv",
) -> None:
    """Print every estimator's answer."""
    from gevinst.analyst import open_folder, valued_effect_in
    from gevinst.analyst_output import effect_csv, effect_json, say_rejects

    _choice("--format", output, ("csv", "json"))
    later = _choice("--later-participants", later_participants, LATER)
    with open_folder(folder, lag_weeks=lag_weeks, horizon=_day(horizon)) as opened:
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


@app.command(help=say(da="Lav en arbejdsmappe.", en="Make a workspace."))
def new(
    workspace: Annotated[Path, typer.Argument(help=say(da="Arbejdsmappen.", en="The workspace folder."))],
    municipality: Annotated[str, typer.Option(help=say(da="Kommunens navn.", en="The municipality's name."))],
    code: Annotated[str, typer.Option(help=say(da="Kommunens nummer, tre cifre.", en="Its code, three figures."))],
    language: Annotated[str, typer.Option(help="da | en")] = "da",
) -> None:
    """Create the folder with its settings."""
    from gevinst.settings import create_workspace

    settings = create_workspace(workspace, municipality=municipality, municipality_code=code, language=language)
    typer.echo(
        say(
            da=f"Arbejdsmappen er klar: {settings.workspace}\nNøglen til pseudonymer kommer til at ligge i "
            f"{settings.key_file}; tag en sikkerhedskopi, der opbevares et andet sted.",
            en=f"The workspace is ready: {settings.workspace}\nThe key of the pseudonyms will lie in "
            f"{settings.key_file}; keep a copy somewhere else.",
        )
    )


@app.command("import", help=say(da="Indlæs en mappe med kanoniske filer.", en="Import a folder of canonical files."))
def import_(
    folder: Annotated[
        Path, typer.Argument(help=say(da="Mappe med spells.csv m.fl.", en="Folder with spells.csv etc."))
    ],
    workspace: Workspace = HERE,
) -> None:
    """Import as a new snapshot, all of it or nothing."""
    from gevinst.register.snapshots import import_folder
    from gevinst.sources.report import report_lines

    for line in report_lines(import_folder(workspace, folder)):
        typer.echo(line)


@app.command(help=say(da="Beregn og udgiv notatet.", en="Compute and publish the memo."))
def run(
    workspace: Workspace = HERE,
    portfolio: Annotated[
        str | None, typer.Option(help=say(da="Porteføljens nøgle.", en="The portfolio's key."))
    ] = None,
    memo_date: Annotated[
        str | None,
        typer.Option("--date", help=say(da="Notatets dato; ellers i dag.", en="The memo's date; else today.")),
    ] = None,
    letterhead: Annotated[
        Path | None, typer.Option(help=say(da="Kommunens brevpapir (.docx, .dotx).", en="A letterhead (.docx, .dotx)."))
    ] = None,
    language: Annotated[str | None, typer.Option(help="da | en")] = None,
    recorded_only: Annotated[
        bool, typer.Option("--recorded-only", help=say(da="Uden persondata.", en="Without persons' data."))
    ] = False,
) -> None:
    """From record and snapshot to Word, PDF, HTML and Excel."""
    from gevinst.workspace import run_workspace

    spoken = None if language is None else _choice("--language", language, LANGUAGES)
    try:
        paper = None if letterhead is None else letterhead.read_bytes()
    except OSError as fault:
        raise GevinstError("run.letterhead", where=str(letterhead), reason=fault.strerror or "") from fault
    published = run_workspace(
        workspace,
        portfolio_key=portfolio,
        memo_date=_day(memo_date),
        language=spoken,
        letterhead=paper,
        recorded_only=recorded_only,
    )
    _show(published)


@app.command(help=say(da="Vis stigen bag et tal: gevinst explain 2 2021.", en="Show the ladder behind a figure."))
def explain(
    investment: Annotated[str, typer.Argument(help=say(da="Investeringens nummer.", en="The investment's number."))],
    year: Annotated[int, typer.Argument(help=say(da="Året.", en="The year."))],
    workspace: Workspace = HERE,
    edition: Annotated[
        str | None, typer.Option(help=say(da="Udgaven; ellers den nyeste.", en="Else the newest."))
    ] = None,
) -> None:
    """Print each step with formula, value, parameter and legal source."""
    from gevinst.publish import explanation, latest
    from gevinst.trace import lines
    from gevinst.workspace import EDITIONS

    editions = workspace / EDITIONS
    folder = latest(editions) if edition is None else editions / edition
    for line in lines(explanation(folder, investment, year)):
        typer.echo(line)


@app.command(help=say(da="Kør en demonstration: norddjurs eller pennsylvania.", en="Run a demonstration."))
def demo(
    name: Annotated[str, typer.Argument(help="norddjurs | pennsylvania")] = "norddjurs",
    out: Annotated[Path, typer.Option(help=say(da="Mappen der skrives i.", en="The folder to write in."))] = Path(
        "demo-output"
    ),
    data: Annotated[Path | None, typer.Option(help=say(da="Filen penn_jae.dat.", en="The file penn_jae.dat."))] = None,
) -> None:
    """From data to memo in one command."""
    _choice("demo", name, ("norddjurs", "pennsylvania"))
    if name == "norddjurs":
        from gevinst.demo import norddjurs
        from gevinst.settings import FILE
        from gevinst.sources.report import report_lines

        if not (out / FILE).exists():
            typer.echo("\n".join(report_lines(norddjurs.build(out))), err=True)
        _show(norddjurs.run(out))
        return
    from gevinst.demo.experiment import pennsylvania_edition
    from gevinst.publish import publish
    from gevinst.workspace import Published

    if data is None:
        from gevinst.demo.pennsylvania import WHERE

        raise GevinstError("demo.penn-missing", source=WHERE)
    edition = pennsylvania_edition(data)
    _show(Published(edition, publish(edition, out)))


@app.command(help=say(da="Hold beregningerne op mod R på referencedata.", en="Hold the figures against R."))
def verify(
    folder: Annotated[
        Path, typer.Argument(help=say(da="Mappe med data/ og r/out/.", en="Folder with data/ and r/out/."))
    ],
) -> None:
    """Print every check; exit code 2 if one fails."""
    from gevinst.verify import verify as run_checks

    checks = run_checks(folder)
    for check in checks:
        mark = "ok" if check.passed else say(da="AFVIGER", en="DIFFERS")
        typer.echo(f"{mark:8}{check.name}  {check.difference:.1e} (<= {check.tolerance:.0e})")
    failed = sum(not check.passed for check in checks)
    if failed:
        raise GevinstError("verify.failed", where=str(folder), failed=failed, total=len(checks))
    typer.echo(
        say(da=f"{len(checks)} kontroller, alle inden for grænsen.", en=f"{len(checks)} checks, all within bounds.")
    )


def _show(published: Published) -> None:
    from rich.console import Console

    from gevinst.publish import MEMO_FILES
    from gevinst.report.terminal import summary

    Console().print(summary(published.edition))
    for name in (*MEMO_FILES, "figures.json"):
        typer.echo(published.folder / name)
