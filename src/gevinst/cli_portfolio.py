"""The verbs of the record: check a portfolio file, put it in the workspace, take it out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gevinst.cli_options import HERE, PortfolioKey, Workspace
from gevinst.errors import GevinstError
from gevinst.language import say

if TYPE_CHECKING:
    from gevinst.register.business_case import Portfolio
    from gevinst.register.findings import Finding

portfolio_app = typer.Typer(
    no_args_is_help=True,
    help=say(
        da="Porteføljen af investeringer: tjek, indlæs, skriv til fil.",
        en="The portfolio of investments: check, import, write to a file.",
    ),

)
File = Annotated[Path, typer.Argument(help=say(da="Regneark (.xlsx) eller YAML.", en="Workbook (.xlsx) or YAML."))]


@portfolio_app.command("check", help=say(da="Find fejl i en portefølje eller et notats tabeller.", en="Find faults."))
def portfolio_check(file: File) -> None:
    """Print each finding with its cell; exit code 2 when there is an error."""
    from gevinst.register.check import check_portfolio_file
    from gevinst.register.findings import Severity

    findings = check_portfolio_file(file)
    for finding in findings:
        typer.echo(str(finding))
    if not findings:
        typer.echo(say(da="Ingen fejl fundet.", en="No faults found."))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(2)


@portfolio_app.command(
    "import", help=say(da="Læg en portefølje i arbejdsmappen.", en="Put a portfolio in the workspace.")
)
def portfolio_import(
    file: File,
    workspace: Workspace = HERE,
    author: Annotated[str, typer.Option(help=say(da="Hvem der gemmer.", en="Who saves it."))] = "",
    note: Annotated[str, typer.Option(help=say(da="Hvorfor.", en="Why."))] = "",
) -> None:
    """Save as a new version; what was there before is kept, and a changed protocol is said and recorded."""
    from gevinst.register.account import account
    from gevinst.register.check import check_portfolio_file
    from gevinst.register.findings import Severity
    from gevinst.register.portfolio_file import read_portfolio_file
    from gevinst.register.protocol import protocol_records
    from gevinst.register.protocol_findings import protocol_findings
    from gevinst.register.snapshots import first_data_moment
    from gevinst.register.store import open_store
    from gevinst.settings import load_settings
    from gevinst.sources.cpr import without_cpr

    findings = [finding for finding in check_portfolio_file(file) if finding.severity is Severity.ERROR]
    if findings:
        for finding in findings:
            typer.echo(str(finding), err=True)
        raise GevinstError("register.has-errors", where=str(file), count=len(findings))
    read = read_portfolio_file(file)
    with open_store(load_settings(workspace).store_url) as store:
        before = protocol_records(store, read.key)
        version = store.save_portfolio(read, without_cpr(author or account()), without_cpr(note))
        after = protocol_records(store, read.key)
    said = [*protocol_findings(read, before, after, first_data_moment(workspace), str(file)),
            *_missing_covariates(workspace, read, file)]
    for finding in said:
        typer.echo(str(finding), err=True)
    typer.echo(say(da=f"{read.key}: version {version} er gemt.", en=f"{read.key}: version {version} is saved."))


def _missing_covariates(workspace: Path, portfolio: Portfolio, file: Path) -> list[Finding]:
    """What the newest persons' data lack of the covariates in the protocols; nothing where none have been loaded."""
    from gevinst.register.protocol_findings import covariate_findings
    from gevinst.register.snapshots import PERSONS_DATA, covariate_columns, snapshots

    newest = max(snapshots(workspace), default=None)
    if newest is None or not (newest.folder / PERSONS_DATA).exists():
        return []
    return list(covariate_findings(portfolio, covariate_columns(newest.folder), str(file)))


@portfolio_app.command("export", help=say(da="Skriv en portefølje til fil.", en="Write a portfolio to a file."))
def portfolio_export(
    key: Annotated[str, typer.Argument(help=say(da="Porteføljens nøgle.", en="The portfolio's key."))],
    file: File,
    workspace: Workspace = HERE,
    bundled: Annotated[
        bool, typer.Option("--bundled", help=say(da="En, der følger med programmet.", en="One that comes with it."))
    ] = False,
) -> None:
    """As a workbook or YAML, by the file's ending."""
    from gevinst.register import bundled as ready_made
    from gevinst.register.portfolio_file import write_portfolio_file
    from gevinst.register.store import open_store
    from gevinst.settings import load_settings

    if bundled:
        found = ready_made.portfolio(key)
    else:
        with open_store(load_settings(workspace).store_url) as store:
            found = store.portfolio(key)
    write_portfolio_file(found, file)
    typer.echo(file)


@portfolio_app.command("template", help=say(da="Lav en skabelon at udfylde.", en="Make a template to fill in."))
def portfolio_template(file: File) -> None:
    """An empty workbook with explanations."""
    from gevinst.register.workbook import write_template

    write_template(file)
    typer.echo(file)


@portfolio_app.command("list", help=say(da="Porteføljer i arbejdsmappen.", en="Portfolios in the workspace."))
def portfolio_list(workspace: Workspace = HERE) -> None:
    """Key, title, version, who and when."""
    from gevinst.language import short_date
    from gevinst.register.store import open_store
    from gevinst.settings import load_settings

    with open_store(load_settings(workspace).store_url) as store:
        for version in store.portfolios():
            saved = short_date(version.saved_at.astimezone().date())
            typer.echo(f"{version.key}  v{version.version}  {saved}  {version.author}  {version.note}".rstrip())


@portfolio_app.command(
    "protocol",
    help=say(
        da="Vis hver sags protokol, dens kontrolsum, hvornår den blev fastlagt, og hvad der er ændret siden.",
        en="Show each case's protocol, its checksum, when it was fixed, and what was changed since.",
    ),
)
def portfolio_protocol(
    investment: Annotated[
        str | None,
        typer.Argument(help=say(da="Investeringens nummer; ellers alle.", en="The investment's number; else all.")),
    ] = None,
    workspace: Workspace = HERE,
    portfolio: PortfolioKey = None,
) -> None:
    """Protocols as they stand in the workspace's record, one after the other."""
    from gevinst.register.protocol import protocol_records
    from gevinst.register.protocol_lines import protocol_lines
    from gevinst.register.snapshots import first_data_moment
    from gevinst.register.store import open_store
    from gevinst.settings import load_settings
    from gevinst.workspace import chosen_portfolio

    settings = load_settings(workspace)
    chosen = chosen_portfolio(settings, portfolio)
    cases = [case for case in chosen.investments if investment in (None, case.number, case.key)]
    if investment is not None and not cases:
        raise GevinstError("register.unknown-investment", text=investment)
    with open_store(settings.store_url) as store:
        records = protocol_records(store, chosen.key)
    first_data = first_data_moment(workspace)
    typer.echo(f"{chosen.title} ({chosen.key})")
    for case in cases:
        typer.echo("\n" + "\n".join(protocol_lines(chosen, case, records[case.key], first_data)))
