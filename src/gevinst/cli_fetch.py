"""The verbs that fetch published figures. Nothing else in the program goes out on the network.

What is stored is said on standard output; what is waited for, and what to know, on standard error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gevinst.cli_options import HERE, Workspace, day_in, names_in
from gevinst.errors import GevinstError
from gevinst.language import number, say, short_date

if TYPE_CHECKING:
    from gevinst.parameters.benefits import Benefit
    from gevinst.settings import Settings
    from gevinst.sources.online.fetching import FetchedResult
    from gevinst.sources.online.jobindsats import Jobindsats
    from gevinst.sources.online.statbank import StatBank
    from gevinst.sources.report import Note

fetch_app = typer.Typer(
    no_args_is_help=True,
    help=say(
        da="Hent offentliggjorte tal fra jobindsats og Statistikbanken; kun disse kommandoer bruger nettet.",
        en="Fetch published figures from jobindsats and StatBank; only these commands use the network.",
    ),
)
Years = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
Area = Annotated[
    list[str] | None,
    typer.Option("--area", help=say(da="Område; kan gentages. Ellers kommunen.", en="Area; may be repeated.")),
]
Table = Annotated[
    str,
    typer.Option("--table", help=say(da="Tabellens nummer; ellers findes den.", en="The table's id; else found.")),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--values", help=say(da="NAVN=VÆRDI for en fordeling; kan gentages.", en="NAME=VALUE of a breakdown.")
    ),
]


@fetch_app.command("token", help=say(da="Gem tokenet i systemets nøglering.", en="Keep the token in the keyring."))
def fetch_token(
    forget: Annotated[
        bool, typer.Option("--forget", help=say(da="Slet det igen.", en="Delete it again."))
    ] = False,
) -> None:
    """Ask for the token without showing it, and hand it to the operating system's keyring."""
    from gevinst.sources.online.token import forget_token, store_token

    if forget:
        forget_token()
        typer.echo(say(da="Tokenet er slettet af nøgleringen.", en="The token was deleted from the keyring."))
        return
    store_token(typer.prompt(say(da="Token (vises ikke)", en="Token (not shown)"), hide_input=True))
    typer.echo(say(da="Tokenet er gemt i systemets nøglering.", en="The token is kept in the system's keyring."))


@fetch_app.command("tables", help=say(da="Find tabeller hos kilden.", en="Find tables at the source."))
def fetch_tables(
    workspace: Workspace = HERE,
    text: Annotated[
        str, typer.Option(help=say(da="Ord, der skal stå i navnet.", en="Words the name must hold."))
    ] = "overlevelse",
    source: Annotated[str, typer.Option(help="jobindsats | statbank")] = "jobindsats",
) -> None:
    """Print id and name of each table whose names hold all the words."""
    from gevinst.settings import load_settings
    from gevinst.sources.online.known_tables import tables_with

    settings = load_settings(workspace)
    if source not in ("jobindsats", "statbank"):
        raise GevinstError("cli.choice", name="--source", value=source, allowed="jobindsats, statbank")
    there = _jobindsats(settings).tables() if source == "jobindsats" else _statbank(settings).tables()
    found = tables_with(there, text)
    for table in found:
        typer.echo("  ".join(part for part in (table.id, table.name, table.subject) if part))
    counted = say(da=f"{number(len(found))} af {number(len(there))} tabeller.",
                  en=f"{number(len(found))} of {number(len(there))} tables.")
    typer.echo(counted, err=True)


@fetch_app.command("survival", help=say(da="Hent overlevelseskurver fra jobindsats.", en="Fetch survival curves."))
def fetch_survival(
    benefit: Annotated[str, typer.Option(help=say(da="Ydelsens navn.", en="The benefit's key."))],
    workspace: Workspace = HERE,
    area: Area = None,
    first: Annotated[int | None, typer.Option("--from", help=say(da="Første år.", en="First year."))] = None,
    last: Annotated[int | None, typer.Option("--to", help=say(da="Sidste år.", en="Last year."))] = None,
    baseline: Annotated[
        str, typer.Option(help=say(da="Gennemsnit af disse år, fx 2017-2019.", en="Mean of these years, 2017-2019."))
    ] = "",
    periods: Annotated[
        str,
        typer.Option(
            help="Y | Q | M | QMAT: "
            + say(da="år, kvartal, måned, rullende år.", en="year, quarter, month, rolling year.")
        ),
    ] = "",
    table: Table = "",
    values: Values = None,
) -> None:
    """Store the curves; the next run uses them. Without years: the newest cohort followed to the end."""
    from gevinst.settings import load_settings
    from gevinst.sources.online import fetching

    settings = load_settings(workspace)
    if first is not None and last is not None and last < first:
        raise GevinstError("online.years", text=f"{first}-{last}")
    wish = fetching.Wish(
        _benefit(settings, benefit), tuple(area or [settings.municipality]), first, last, _years(baseline), table,
        periods, _named(values),
    )  # fmt: skip
    _say_result(fetching.fetch_survival(_jobindsats(settings), wish, settings.municipality))


@fetch_app.command("counts", help=say(da="Hent fuldtidspersoner pr. ydelse og måned.", en="Fetch counts by month."))
def fetch_counts(
    workspace: Workspace = HERE,
    benefit: Annotated[
        str, typer.Option(help=say(da="Ydelser med komma; ellers alle kendte.", en="Benefits; else all known."))
    ] = "",
    area: Area = None,
    first: Annotated[int | None, typer.Option("--from", help=say(da="Første år.", en="First year."))] = None,
    last: Annotated[int | None, typer.Option("--to", help=say(da="Sidste år.", en="Last year."))] = None,
    table: Table = "",
) -> None:
    """Store the counts, for the report on data quality to set beside the register's own."""
    from gevinst.settings import load_settings
    from gevinst.sources.online import fetching
    from gevinst.sources.online.known_tables import known_tables

    settings = load_settings(workspace)
    if first is not None and last is not None and last < first:
        raise GevinstError("online.years", text=f"{first}-{last}")
    names = names_in(benefit) or tuple(known_tables("counts"))
    if table and len(names) != 1:
        raise GevinstError("online.which-benefit")
    wishes = [fetching.Wish(_benefit(settings, name), tuple(area or [settings.municipality]), first, last, table=table)
              for name in names]
    own = (settings.municipality, settings.municipality_code)
    _say_result(fetching.fetch_counts(_jobindsats(settings), wishes, own))


@fetch_app.command("statbank", help=say(da="Hent en tabel fra Statistikbanken.", en="Fetch a table from StatBank."))
def fetch_statbank(
    table: Annotated[str, typer.Argument(help=say(da="Tabellen, fx AUK01.", en="The table, such as AUK01."))],
    workspace: Workspace = HERE,
    values: Values = None,
    form: Annotated[str, typer.Option("--format", help="JSONSTAT | CSV | BULK | PX")] = "JSONSTAT",
    out: Annotated[
        Path | None, typer.Option(help=say(da="Skriv alle rækker i denne CSV-fil.", en="Write all rows to this CSV."))
    ] = None,
) -> None:
    """Store the figures; a table too large for one request is fetched in parts."""
    from gevinst.settings import load_settings
    from gevinst.sources.online.statbank import FORMS, price_units

    chosen = next((one for one in FORMS if one == form.upper()), None)
    if chosen is None:
        raise GevinstError("cli.choice", name="--format", value=form, allowed=", ".join(FORMS))
    source = _statbank(load_settings(workspace))
    info = source.info(table)
    asked = {name: names_in(value) for name, value in _named(values).items()}
    got = source.data(info, asked, chosen)
    _say_notes(price_units(info, asked))
    for one in got:
        typer.echo(say(da=f"Gemt: {one.folder / one.body_name}", en=f"Stored: {one.folder / one.body_name}"))
    if out is not None:
        from gevinst.sources.online.statbank import write_figures

        rows = write_figures(got, out)
        typer.echo(say(da=f"{number(rows)} rækker skrevet i {out}", en=f"{number(rows)} rows written to {out}"))


@fetch_app.command(
    "import", help=say(da="Tag filer ind, der er gemt fra hjemmesiden.", en="Take in files saved from the web page.")
)
def fetch_import(
    files: Annotated[list[Path], typer.Argument(help=say(da="JSON, CSV, Excel eller PX.", en="JSON, CSV, Excel, PX."))],
    workspace: Workspace = HERE,
    benefit: Annotated[str, typer.Option(help=say(da="Ydelsens navn.", en="The benefit's key."))] = "",
    area: Annotated[str, typer.Option(help=say(da="Området; ellers kommunen.", en="Else the municipality."))] = "",
    saved: Annotated[
        str | None, typer.Option(help=say(da="Dagen, filen blev gemt; ellers filens egen.", en="The day it was saved."))
    ] = None,
    baseline: Annotated[
        str, typer.Option(help=say(da="Gennemsnit af disse år, fx 2017-2019.", en="Mean of these years, 2017-2019."))
    ] = "",
) -> None:
    """The same as the other commands, without a network. Files are taken one by one; a fault stops at its file."""
    from gevinst.settings import load_settings
    from gevinst.sources.online.offline import Saved, import_saved

    settings = load_settings(workspace)
    key = _benefit(settings, benefit).key if benefit else ""
    said = Saved(key, area or settings.municipality, settings.municipality, day_in(saved), _years(baseline),
                 settings.municipality_code)
    for file in files:
        got = import_saved(settings.workspace, file, said, now=datetime.now(UTC))
        if got.result is not None:
            _say_result(got.result)
        else:
            typer.echo(say(da=f"Gemt: {got.download.folder}", en=f"Stored: {got.download.folder}"))


@fetch_app.command("list", help=say(da="Vis, hvad der er hentet, og hvornår.", en="Show what was fetched, and when."))
def fetch_list(workspace: Workspace = HERE) -> None:
    """Day, source, table, checksum and folder of every download, the oldest first; their checksums are held."""
    from gevinst.settings import load_settings
    from gevinst.sources.online.downloads import downloads

    for one in downloads(load_settings(workspace).workspace):
        one.body()
        typer.echo(f"{short_date(one.day)}  {one.source}  {one.table}  {one.sha256[:8]}  {one.folder.name}")


def _jobindsats(settings: Settings) -> Jobindsats:
    from gevinst.sources.online.fetching import open_jobindsats
    from gevinst.sources.online.token import read_token

    return open_jobindsats(settings, read_token(), said=_say_wait)


def _statbank(settings: Settings) -> StatBank:
    from gevinst.sources.online.statbank import open_statbank

    return open_statbank(settings, said=_say_wait)


def _benefit(settings: Settings, name: str) -> Benefit:
    from gevinst.parameters.benefits import benefit
    from gevinst.parameters.local import open_book

    return benefit(name, open_book(settings.parameters).benefits)


def _years(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = Years.fullmatch(text.strip())
    first, last = (int(found.group(1)), int(found.group(2) or found.group(1))) if found else (1, 0)
    if last < first:
        raise GevinstError("online.years", text=text)
    return first, last


def _named(values: Sequence[str] | None) -> dict[str, str]:
    """`NAME=VALUE` pairs. Raises `online.value-form`."""
    found = {}
    for text in values or ():
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise GevinstError("online.value-form", text=text)
        found[name] = value
    return found


def _say_wait(seconds: float) -> None:
    told = number(seconds, 0 if seconds >= 1 else 1)
    typer.echo(say(da=f"Kilden svarer ikke; der spørges igen om {told} sekunder.",
                   en=f"The source does not answer; asking again in {told} seconds."), err=True)


def _say_result(got: FetchedResult) -> None:
    for curve in got.curves:
        kind = say(da="med tilbagefald", en="with relapse")
        if curve.definition == "without_relapse":
            kind = say(da="uden tilbagefald", en="without relapse")
        reach = say(da=f"til uge {curve.last_week}", en=f"to week {curve.last_week}")
        if curve.last_week < got.whole_week:
            reach += say(da=" (ikke fulgt til ende)", en=" (not followed to the end)")
        typer.echo(f"{curve.benefit}  {curve.cohort}  {kind}  {reach}")
    for benefit, place in dict.fromkeys((one.benefit, one.municipality) for one in got.counts):
        months = sorted({one.month for one in got.counts if (one.benefit, one.municipality) == (benefit, place)})
        typer.echo(f"{benefit}  {place}  {months[0]:%Y-%m} – {months[-1]:%Y-%m}")
    _say_notes(got.notes)
    typer.echo(say(da=f"Gemt: {got.result.file}", en=f"Stored: {got.result.file}"))
    if got.curves:
        typer.echo(say(da="Kurverne bruges ved næste kørsel (`gevinst run`).",
                       en="The curves are used by the next run (`gevinst run`)."))


def _say_notes(notes: Iterable[Note]) -> None:
    for one in notes:
        typer.echo(f"– {one.text()}", err=True)
