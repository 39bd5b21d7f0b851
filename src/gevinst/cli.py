"""The verbs. Each imports what it needs when it runs, so that `gevinst --help` answers at once.

A `GevinstError` is printed and ends the program with exit code 2; results go to standard output, everything said
on the way to standard error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gevinst.cli_analyst import analyst_app
from gevinst.cli_audit import audit_app
from gevinst.cli_calendar import calendar_app
from gevinst.cli_edition import edition_app
from gevinst.cli_explain import explain_app
from gevinst.cli_fetch import fetch_app
from gevinst.cli_forecast import forecast_app
from gevinst.cli_ledger import ledger_app
from gevinst.cli_lint import lint_app
from gevinst.cli_map import map_app
from gevinst.cli_one_page import one_page_app
from gevinst.cli_options import HERE, MemoLanguage, PortfolioKey, RecordedOnly, Workspace, chosen, day_in
from gevinst.cli_portfolio import portfolio_app
from gevinst.cli_protect import protect_app
from gevinst.cli_quality import quality_app
from gevinst.cli_status import status_app
from gevinst.cli_usage import run as run_typed
from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.guard import guarded, protect_process
from gevinst.language import LANGUAGES, say

if TYPE_CHECKING:
    from gevinst.workspace import Published

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # `guard` tells of faults, without their values
    help=say(
        da="Følger kommunens sociale investeringer fra business case til den krone, der kom hjem.",
        en="Follows a municipality's social investments from the business case to the krone that came back.",
    ),
    epilog=say(
        da="Begynd med gevinst demo. GEVINST_LANG=en giver hjælp og fejl på engelsk.",
        en="Begin with gevinst demo. GEVINST_LANG=da gives help and errors in Danish.",
    ),
)
app.add_typer(analyst_app)
app.add_typer(calendar_app)
app.add_typer(portfolio_app, name="portfolio")
app.add_typer(quality_app)
app.add_typer(fetch_app, name="fetch")
app.add_typer(ledger_app, name="ledger")
app.add_typer(protect_app)
app.add_typer(map_app)
app.add_typer(lint_app)
app.add_typer(explain_app)
app.add_typer(edition_app)
app.add_typer(one_page_app)
app.add_typer(forecast_app)
app.add_typer(status_app)
app.add_typer(audit_app)


def main() -> None:
    """Run the command line; an error the user can mend ends with exit code 2, a fault of the program with 3."""
    protect_process()
    sys.exit(guarded(lambda: sys.exit(run_typed(app))))


@app.command(
    help=say(
        da="Lav en arbejdsmappe: stedet for kommunens sager, data og notater.",
        en="Make a workspace: the place of the municipality's cases, data and memos.",
    )
)
def new(
    workspace: Annotated[Path, typer.Argument(help=say(da="Arbejdsmappen.", en="The workspace folder."))],
    municipality: Annotated[str, typer.Option(help=say(da="Kommunens navn.", en="The municipality's name."))],
    code: Annotated[str, typer.Option(help=say(da="Kommunens nummer, tre cifre.", en="Its code, three figures."))],
    language: Annotated[
        str, typer.Option(help="da | en: " + say(da="arbejdsmappens sprog.", en="the workspace's language."))
    ] = "da",
) -> None:
    """Create the folder with its settings."""
    from gevinst.settings import create_workspace

    settings = create_workspace(workspace, municipality=municipality, municipality_code=code, language=language)
    if settings.key_file.exists():
        typer.echo(
            say(
                da=f"Arbejdsmappen er klar: {settings.workspace}\nNøglen til pseudonymer findes allerede i "
                f"{settings.key_file} og deles med andre arbejdsmapper. Skal denne have sin egen, så skriv key_file i "
                "gevinst.toml før første indlæsning.",
                en=f"The workspace is ready: {settings.workspace}\nThe key of the pseudonyms is there already in "
                f"{settings.key_file} and is shared with other workspaces. If this one is to have its own, write "
                "key_file in gevinst.toml before the first import.",
            )
        )
        return
    typer.echo(
        say(
            da=f"Arbejdsmappen er klar: {settings.workspace}\nNøglen til pseudonymer kommer til at ligge i "
            f"{settings.key_file}; tag en sikkerhedskopi, der opbevares et andet sted.",
            en=f"The workspace is ready: {settings.workspace}\nThe key of the pseudonyms will lie in "
            f"{settings.key_file}; keep a copy somewhere else.",
        )
    )


@app.command(
    "import",
    help=say(
        da="Indlæs en mappe med udtræk: forløb, deltagere, posteringer.",
        en="Import a folder of extracts: spells, participants, postings.",
    ),
)
def import_(
    folder: Annotated[
        Path, typer.Argument(help=say(da="Mappe med spells.csv m.fl.", en="Folder with spells.csv etc."))
    ],
    workspace: Workspace = HERE,
    only_try: Annotated[
        bool, typer.Option("--try", help=say(da="Vis kun, hvad der ville ske.", en="Only show what would happen."))
    ] = False,
) -> None:
    """Import as a new snapshot, all of it or nothing."""
    from gevinst.register.reseal import told_in_clear
    from gevinst.settings import load_settings
    from gevinst.sources.report import report_lines
    from gevinst.workspace import import_delivery

    for line in report_lines(import_delivery(workspace, folder, keep=not only_try), kept=not only_try):
        typer.echo(line)
    for note in told_in_clear(load_settings(workspace)):
        typer.echo(note, err=True)
    if only_try:
        typer.echo(say(da="Kun prøvet: intet er gemt.", en="Only tried: nothing was stored."))


@app.command(help=say(da="Beregn notatet, og skriv det som et udkast.", en="Compute the memo and write it as a draft."))
def run(
    workspace: Workspace = HERE,
    portfolio: PortfolioKey = None,
    memo_date: Annotated[
        str | None,
        typer.Option("--date", help=say(da="Notatets dato; ellers i dag.", en="The memo's date; else today.")),
    ] = None,
    letterhead: Annotated[
        Path | None, typer.Option(help=say(da="Kommunens brevpapir (.docx, .dotx).", en="A letterhead (.docx, .dotx)."))
    ] = None,
    language: MemoLanguage = None,
    recorded_only: RecordedOnly = False,
    by: Annotated[
        str | None,
        typer.Option("--as", help=say(da="Forfatterens navn; ellers brugeren.", en="Its author; else the user.")),
    ] = None,
) -> None:
    """From record and snapshot to Word, PDF, HTML and Excel, as a draft."""
    from gevinst.workspace import run_workspace

    spoken = None if language is None else chosen("--language", language, LANGUAGES)
    try:
        paper = None if letterhead is None else letterhead.read_bytes()
    except OSError as fault:
        raise GevinstError("run.letterhead", where=str(letterhead), reason=reason_of(fault)) from fault
    published = run_workspace(
        workspace,
        portfolio_key=portfolio,
        memo_date=day_in(memo_date),
        language=spoken,
        letterhead=paper,
        recorded_only=recorded_only,
        by=by,
    )
    _show(published)
    typer.echo(_next_step(workspace, published), err=True)


@app.command(help=say(da="Kør en demonstration: norddjurs eller pennsylvania.", en="Run a demonstration."))
def demo(
    name: Annotated[str, typer.Argument(help="norddjurs | pennsylvania")] = "norddjurs",
    out: Annotated[Path, typer.Option(help=say(da="Mappen der skrives i.", en="The folder to write in."))] = Path(
        "demo-output"
    ),
    data: Annotated[Path | None, typer.Option(help=say(da="Filen penn_jae.dat.", en="The file penn_jae.dat."))] = None,
) -> None:
    """From data to memo in one command."""
    chosen("demo", name, ("norddjurs", "pennsylvania"))
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


@app.command(
    help=say(
        da="Hold programmets beregninger op mod statistikprogrammet R's.",
        en="Hold the program's figures against those of the statistics program R.",
    )
)
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


def _next_step(workspace: Path, published: Published) -> str:
    """What is to be done with an edition that was just made."""
    at = "" if workspace == HERE else f" -w {workspace}"
    check = f"gevinst edition check {published.edition.id}{at}"
    return say(
        da=f"Udgaven hedder {published.edition.id}. Når tallene i et udkast er kontrolleret: {check}",
        en=f"The edition is called {published.edition.id}. When the figures of a draft have been checked: {check}",
    )


def _show(published: Published) -> None:
    from rich.console import Console

    from gevinst.publish import MEMO_FILES
    from gevinst.report.terminal import summary

    Console().print(summary(published.edition))
    for name in (*MEMO_FILES, "one-page.pdf", "figures.json"):
        typer.echo(published.folder / name)
