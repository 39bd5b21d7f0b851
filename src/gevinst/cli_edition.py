"""The verbs of editions: their states, running one again, holding two against each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gevinst.cli_options import HERE, MemoLanguage, RecordedOnly, Workspace, chosen, day_in
from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, current, say

if TYPE_CHECKING:
    from gevinst.register.edition_log import State

edition_app = typer.Typer()
states_app = typer.Typer(
    no_args_is_help=True,
    help=say(
        da="Udgaverne: se dem og deres log; kontrollér, godkend, udgiv, ret.",
        en="The editions: see them and their log; check, approve, publish, correct.",
    ),
)
edition_app.add_typer(states_app, name="edition")
Format = Literal["text", "json"]
FORMATS: tuple[Format, ...] = ("text", "json")
Edition = Annotated[
    str, typer.Argument(help=say(da="Udgaven, eller begyndelsen af dens navn.", en="The edition, or how it begins."))
]
As = Annotated[
    str | None,
    typer.Option("--as", help=say(da="Navnet på den, der gør det; ellers brugeren.", en="Who does it; else the user.")),
]
Comment = Annotated[str, typer.Option(help=say(da="En bemærkning til loggen.", en="A remark for the log."))]
Output = Annotated[str, typer.Option("--format", help="text | json")]


@states_app.command("list", help=say(da="Vis udgaverne og deres status.", en="List the editions and their states."))
def list_(workspace: Workspace = HERE) -> None:
    """A line per edition, in the order they were made."""
    from gevinst.editions.output import list_lines
    from gevinst.editions.states import editions_of
    from gevinst.settings import load_settings

    found = editions_of(load_settings(workspace))
    if not found:
        raise GevinstError("edition.none", where=str(workspace))
    for line in list_lines(found):
        typer.echo(line)


@states_app.command(help=say(da="Vis en udgave: status, log, grundlag.", en="Show an edition: state, log, basis."))
def show(edition: Edition, workspace: Workspace = HERE) -> None:
    """Print the edition's states with who and when, what it rests on, and whether its files are whole."""
    from gevinst.editions.output import corrections, show_lines
    from gevinst.editions.states import editions_of, find
    from gevinst.settings import load_settings

    settings = load_settings(workspace)
    found = find(settings, edition)
    for line in show_lines(found, corrections(editions_of(settings)).get(found.folder.name, "")):
        typer.echo(line)


@states_app.command(help=say(da="Tallene er kontrolleret.", en="The figures have been checked."))
def check(edition: Edition, workspace: Workspace = HERE, by: As = None, comment: Comment = "") -> None:
    """From draft to checked."""
    _advance(workspace, edition, "checked", by, comment)


@states_app.command(
    help=say(da="Godkend; ikke af den, der har lavet udgaven.", en="Approve; not by who made the edition.")
)
def approve(edition: Edition, workspace: Workspace = HERE, by: As = None, comment: Comment = "") -> None:
    """From checked to approved."""
    _advance(workspace, edition, "approved", by, comment)


@states_app.command(help=say(da="Udgiv. Udgaven ændres aldrig mere.", en="Publish. The edition never changes again."))
def publish(edition: Edition, workspace: Workspace = HERE, by: As = None, comment: Comment = "") -> None:
    """From approved to published; its folder is closed."""
    _advance(workspace, edition, "published", by, comment)


def _advance(workspace: Path, edition: str, to: State, by: str | None, comment: str) -> None:
    from gevinst.editions.output import same_account
    from gevinst.editions.states import EDITIONS, advance, person
    from gevinst.register.edition_log import state_name
    from gevinst.settings import load_settings

    settings = load_settings(workspace)
    record = advance(settings, edition, to, person(by), comment)
    name, who = state_name(record.state), record.last.by
    typer.echo(say(da=f"Udgaven {record.key} er {name} af {who}.", en=f"The edition {record.key} is {name} by {who}."))
    typer.echo(settings.workspace / EDITIONS / record.key)
    if to == "approved" and record.same_account:
        typer.echo(same_account(record), err=True)


@states_app.command(
    help=say(da="Lav en ny udgave, der retter en udgivet.", en="Make a new edition that corrects a published one.")
)
def correct(
    edition: Edition,
    reason: Annotated[
        str, typer.Option(help=say(da="Hvorfor; trykkes på forsiden.", en="Why; it is printed on the front page."))
    ] = "",
    workspace: Workspace = HERE,
    memo_date: Annotated[
        str | None,
        typer.Option("--date", help=say(da="Notatets dato; ellers den rettedes.", en="Else that of the corrected.")),
    ] = None,
    letterhead: Annotated[
        Path | None, typer.Option(help=say(da="Kommunens brevpapir (.docx, .dotx).", en="A letterhead (.docx, .dotx)."))
    ] = None,
    language: MemoLanguage = None,
    recorded_only: RecordedOnly = False,
    by: As = None,
) -> None:
    """Run the whole computation again as a draft that says what it corrects."""
    from gevinst.follow_up.data_dates import notes_of
    from gevinst.workspace import Asked, correct_edition

    spoken = None if language is None else chosen("--language", language, LANGUAGES)
    try:
        paper = None if letterhead is None else letterhead.read_bytes()
    except OSError as fault:
        raise GevinstError("run.letterhead", where=str(letterhead), reason=reason_of(fault)) from fault
    made = correct_edition(workspace, edition, reason, Asked(
        memo_date=day_in(memo_date), language=spoken, letterhead=paper, recorded_only=recorded_only, by=by))
    key = made.edition.id
    for note in notes_of(made.edition):
        typer.echo(note, err=True)
    typer.echo(say(da=f"Rettelsen er et udkast: {key}.", en=f"The correction is a draft: {key}."))
    typer.echo(made.folder)


@edition_app.command(
    help=say(
        da="Regn en udgave igen: 0 alle tal er ens, 1 nogle afviger, 2 det kan ikke lade sig gøre.",
        en="Run an edition again: 0 all figures are the same, 1 some differ, 2 it cannot be done.",
    )
)
def rerun(edition: Edition, workspace: Workspace = HERE, output: Output = "text") -> None:
    """Compute every figure again from what the edition sealed, and compare bit for bit."""
    from gevinst.editions.output import rerun_json, rerun_lines
    from gevinst.editions.rerun import rerun as run_again
    from gevinst.editions.states import find
    from gevinst.settings import load_settings

    form = chosen("--format", output, FORMATS)
    settings = load_settings(workspace)
    done = run_again(settings, find(settings, edition))
    if form == "json":
        typer.echo(json.dumps(rerun_json(done), ensure_ascii=False, indent=1))
    else:
        for line in rerun_lines(done):
            typer.echo(line)
    if done.exit_code:
        raise typer.Exit(done.exit_code)


@edition_app.command(
    help=say(
        da="Hold to udgaver op mod hinanden: hvert ændret tal, og hvad ændringen skyldes.",
        en="Hold two editions against each other: every changed figure, and why it changed.",
    )
)
def compare(earlier: Edition, later: Edition, workspace: Workspace = HERE, output: Output = "text") -> None:
    """Split every difference into new data, revised data, parameters, method and program."""
    from gevinst.editions.compare import compare as held_against
    from gevinst.editions.output import compare_lines, comparison_json
    from gevinst.editions.states import find, with_own_sums
    from gevinst.settings import load_settings

    form = chosen("--format", output, FORMATS)
    settings = load_settings(workspace)
    was, now = (with_own_sums(find(settings, one)).folder for one in (earlier, later))
    found = held_against(settings, was, now, current())
    if form == "json":
        typer.echo(json.dumps(comparison_json(found), ensure_ascii=False, indent=1))
    else:
        for line in compare_lines(found):
            typer.echo(line)
