"""The verbs of the annual cycle: the year's calendar, also as a file for Outlook, and what is due or late."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gevinst.cli_options import HERE, Workspace, chosen, day_in
from gevinst.errors import GevinstError
from gevinst.language import say, short_date

if TYPE_CHECKING:
    from datetime import date

    from gevinst.follow_up.annual_cycle import Entry
    from gevinst.follow_up.due import Due

calendar_app = typer.Typer()
Format = Literal["text", "json"]
FORMATS: tuple[Format, ...] = ("text", "json")
FIRST, LAST = 1990, 2100
WEEKDAYS = (("man", "Mon"), ("tir", "Tue"), ("ons", "Wed"), ("tor", "Thu"), ("fre", "Fri"), ("lør", "Sat"),
            ("søn", "Sun"))  # fmt: skip


@calendar_app.command(
    "calendar",
    help=say(
        da="Vis årshjulet: opfølgninger, møder og frister for dagsordenen; --ics skriver en kalenderfil.",
        en="Show the annual cycle: follow-ups, meetings, agenda deadlines; --ics writes a calendar file.",
    ),
)
def calendar(
    workspace: Workspace = HERE,
    year: Annotated[int | None, typer.Option(help=say(da="Året; ellers i år.", en="The year; else this one."))] = None,
    ics: Annotated[
        Path | None, typer.Option(help=say(da="Kalenderfil at skrive (.ics).", en="Calendar file to write (.ics)."))
    ] = None,
) -> None:
    """A line per entry of the year; with --ics the file instead."""
    from gevinst.follow_up.annual_cycle import entries
    from gevinst.follow_up.calendar_file import read_calendar
    from gevinst.settings import load_settings
    from gevinst.weeks import today

    settings = load_settings(workspace)
    wanted = today().year if year is None else year
    if not FIRST <= wanted <= LAST:
        raise GevinstError("calendar.year", year=wanted)
    found = entries(wanted, read_calendar(settings.workspace))
    if ics is None:
        for entry in found:
            typer.echo(_line(entry))
        return
    from gevinst.follow_up.calendar_ics import as_ics

    _write(ics, as_ics(found, settings.municipality, settings.municipality_code))
    typer.echo(ics)


@calendar_app.command(
    "due",
    help=say(
        da="Vis, hvad der forfalder, og hvad der er forsinket: årshjulet mod udgaver og indlæste data.",
        en="Show what is due and what is late: the annual cycle against editions and imports.",
    ),
)
def due(
    workspace: Workspace = HERE,
    on: Annotated[
        str | None, typer.Option("--date", help=say(da="Set fra denne dag.", en="Seen from this day."))
    ] = None,
    output: Annotated[str, typer.Option("--format", help="text | json")] = "text",
) -> None:
    """A line per obligation, a year back and a quarter ahead."""
    wanted, day = chosen("--format", output, FORMATS), day_in(on)
    from gevinst.follow_up.calendar_file import read_calendar
    from gevinst.follow_up.due import obligations
    from gevinst.register.journal import persons_loaded
    from gevinst.register.store import open_store
    from gevinst.settings import load_settings
    from gevinst.weeks import today

    settings = load_settings(workspace)
    plan = read_calendar(settings.workspace)
    with open_store(settings.store_url) as store:
        portfolios, editions = [one.key for one in store.portfolios()], store.editions()
    found = obligations(plan, sorted(portfolios), editions, persons_loaded(settings), day or today())
    if wanted == "json":
        typer.echo(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
        return
    if not found:
        typer.echo(say(da="Intet forfalder det næste kvartal.", en="Nothing is due in the next quarter."))
    for one in found:
        typer.echo(_due_line(one))


def _line(entry: Entry) -> str:
    return f"{_day(entry.day)}  {entry.title}"


def _day(day: date) -> str:
    da, en = WEEKDAYS[day.weekday()]
    return f"{say(da=da, en=en)} {short_date(day)}"


def _due_line(one: Due) -> str:
    from gevinst.follow_up.due import standing_name

    said = [f"{_day(one.entry.day)}  {standing_name(one.standing):<14}  {one.entry.title} ({one.portfolio})"]
    if one.done_on is not None:
        told = short_date(one.done_on)
        said.append(say(da=f"udgave {one.edition}, godkendt {told}", en=f"edition {one.edition}, approved {told}"))
    return "; ".join([*said, *one.lacking])


def _as_json(one: Due) -> dict[str, object]:
    return {
        "date": one.entry.day.isoformat(),
        "kind": str(one.entry.kind),
        "key": one.entry.key,
        "portfolio": one.portfolio,
        "standing": str(one.standing),
        "edition": one.edition or None,
        "done_on": None if one.done_on is None else one.done_on.isoformat(),
        "lacking": list(one.lacking),
    }


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all."""
    from gevinst.disk import told_plainly

    beside = path.with_name(f".{path.name}.writing")
    with told_plainly(path):
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
