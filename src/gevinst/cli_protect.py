"""The verbs of protection: the keys, deletion, and the look-ups of persons with their log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gevinst.cli_options import HERE, Workspace, chosen
from gevinst.errors import GevinstError
from gevinst.language import number, say, short_date

if TYPE_CHECKING:
    from gevinst.register.deletion import Plan
    from gevinst.register.reidentify import Identity
    from gevinst.settings import Settings

protect_app = typer.Typer()
key_app = typer.Typer(
    no_args_is_help=True,
    help=say(
        da="Nøglerne til pseudonymer og gemte data: vis, skift, destruer.",
        en="The keys of pseudonyms and stored data: show, rotate, destroy.",
    ),

)
protect_app.add_typer(key_app, name="key")
WHICH = ("pseudonyms", "previous", "snapshots")
Extracts = Annotated[
    list[Path],
    typer.Argument(
        help=say(
            da="Udtræk med borgernes id'er: filer eller mapper.", en="Extracts with persons' ids: files or folders."
        )
    ),
]


@key_app.command("show", help=say(da="Vis, hvilke nøgler der er, og hvor.", en="Show which keys there are, and where."))
def key_show(workspace: Workspace = HERE) -> None:
    """Print place and mark of each key; never the key."""
    from gevinst.register.key_care import keys_of
    from gevinst.register.reseal import told_in_clear
    from gevinst.settings import load_settings

    for one in keys_of(workspace):
        state = {
            "here": one.mark,
            "missing": say(da="er her ikke", en="is not here"),
            "unreadable": say(da="kan ikke læses", en="cannot be read"),
        }[one.state]
        typer.echo(f"{one.which}: {state}  {one.path}")
    for note in told_in_clear(load_settings(workspace)):
        typer.echo(note, err=True)


@key_app.command("rotate", help=say(da="Skift nøglen til pseudonymer.", en="Change the key of the pseudonyms."))
def key_rotate(
    extracts: Extracts,
    workspace: Workspace = HERE,
    drop_missing: Annotated[
        bool,
        typer.Option(
            "--drop-missing",
            help=say(da="Slet dem, udtrækkene ikke har.", en="Delete those whom the extracts do not hold."),
        ),
    ] = False,
    destroy_old: Annotated[
        bool,
        typer.Option("--destroy-old", help=say(da="Destruer den gamle nøgle bagefter.", en="Destroy the old key.")),
    ] = False,
    others_done: Annotated[
        bool,
        typer.Option(
            "--other-workspaces-done",
            help=say(
                da="Ingen anden arbejdsmappe bruger nøglefilen; kræves til --destroy-old, når den er den fælles.",
                en="No other workspace uses the key file; --destroy-old asks for it where it is the shared one.",
            ),
        ),
    ] = False,
) -> None:
    """Write every snapshot anew under a new key; all of it or nothing."""
    from gevinst.register.key_care import destroy, refuse_shared
    from gevinst.register.rekey import rotate_key
    from gevinst.settings import load_settings

    if destroy_old and not others_done:
        refuse_shared(workspace)
    done = rotate_key(workspace, extracts, drop_missing=drop_missing)
    kept = number(done.persons - done.dropped)
    typer.echo(
        say(
            da=f"Nøglen er skiftet: {done.old_key_id} → {done.new_key_id}. {number(done.snapshots)} udtræk er skrevet "
            f"om, {kept} borgere er med, {number(done.dropped)} er slettet. Tag en kopi af den nye nøgle, der "
            "opbevares et andet sted.",
            en=f"The key is changed: {done.old_key_id} → {done.new_key_id}. {number(done.snapshots)} snapshots were "
            f"written anew, {kept} persons are there, {number(done.dropped)} are deleted. Keep a copy of the new "
            "key somewhere else.",
        )
    )
    for line in _after_rotation(load_settings(workspace).key_file, kept=not destroy_old):
        typer.echo(line)
    if destroy_old:
        destroy(workspace, "previous", done.old_key_id)
    typer.echo(
        say(
            da="Den gamle nøgle er destrueret." if destroy_old else "Den gamle nøgle er her endnu: gevinst key destroy "
            "--which previous. Sikkerhedskopier af nøgle og udtræk slettes af jer selv.",
            en="The old key is destroyed." if destroy_old else "The old key is still here: gevinst key destroy --which "
            "previous. Backups of key and snapshots are yours to delete.",
        )
    )


def _after_rotation(key_file: Path, *, kept: bool) -> list[str]:
    """What a new key means for editions made before it, and for other workspaces."""
    lines = [say(
        da="Udgaver fra før afviger, når de regnes igen: placeboen trækker andre borgere, og andre tal kan afvige i de "
        "sidste decimaler.",
        en="Editions made before will differ when they are run again: the placebo draws other persons, and other "
        "figures may differ in their last decimals.",
    )]  # fmt: skip
    if kept:
        lines.append(say(
            da=f"Andre arbejdsmapper med nøglefilen {key_file} er nu låst ude: giv hver af dem en kopi af "
            f"{key_file.name}.previous (key_file i gevinst.toml), før den destrueres.",
            en=f"Other workspaces with the key file {key_file} are locked out now: give each a copy of "
            f"{key_file.name}.previous (key_file in gevinst.toml) before it is destroyed.",
        ))  # fmt: skip
    return lines


@key_app.command("destroy", help=say(da="Destruer en nøgle. Kan ikke fortrydes.", en="Destroy a key, for good."))
def key_destroy(
    workspace: Workspace = HERE,
    which: Annotated[str, typer.Option(help=" | ".join(WHICH))] = "pseudonyms",
    confirm: Annotated[
        str | None,
        typer.Option(help=say(da="Nøglens kendetegn; ellers spørges der.", en="The key's mark; else it is asked for.")),
    ] = None,
) -> None:
    """Overwrite and remove a key after its mark has been typed."""
    from gevinst.register.key_care import destroy, mark_of

    chosen("--which", which, WHICH)
    mark = mark_of(workspace, which)
    typer.echo(_consequence(which), err=True)
    typed = confirm or typer.prompt(
        say(
            da=f"Skriv nøglens kendetegn ({mark}) for at destruere den",
            en=f"Type the key's mark ({mark}) to destroy it",
        ),
        default="", show_default=False, err=True,
    )
    destroy(workspace, which, typed)
    typer.echo(
        say(
            da="Nøglen er overskrevet og slettet. Slet også sikkerhedskopierne af den.",
            en="The key is overwritten and removed. Delete the backups of it too.",
        )
    )


def _consequence(which: str) -> str:
    if which == "snapshots":
        return say(
            da="Uden denne nøgle kan ingen læse de krypterede udtræk igen.",
            en="Without this key nobody can read the encrypted snapshots again.",
        )
    return say(
        da="Uden denne nøgle kan ingen prøve, om et CPR-nummer er i de udtræk, der er lavet med den. Nye udtræk kan "
        "ikke kobles med dem, og ingen kan få at vide, hvem der har slået dem op. Det gælder også andre arbejdsmapper, "
        "der bruger nøglefilen.",
        en="Without this key nobody can test whether a CPR number is in the snapshots made with it. New extracts "
        "cannot be joined with them, and nobody can be told who has looked them up. That holds for other workspaces "
        "with this key file too.",
    )


@key_app.command(
    "reseal",
    help=say(
        da="Krypter de gemte udtræk, eller åbn dem, som encrypt_snapshots siger.",
        en="Encrypt the stored snapshots, or lay them open, as encrypt_snapshots says.",
    ),
)
def key_reseal(workspace: Workspace = HERE) -> None:
    """Bring stored snapshots into line with the setting."""
    from gevinst.register.reseal import reseal
    from gevinst.settings import load_settings

    changed, closed = number(reseal(workspace)), load_settings(workspace).encrypt_snapshots
    state = say(da="krypteret", en="encrypted") if closed else say(da="dekrypteret", en="decrypted")
    typer.echo(say(da=f"{changed} udtræk er {state}.", en=f"{changed} snapshots are {state}."))


@protect_app.command(help=say(da="Slå borgere op ud fra pseudonymer; logges.", en="Look persons up; it is logged."))
def reidentify(
    extracts: Extracts,
    purpose: Annotated[str, typer.Option(help=say(da="Hvorfor; skrives i loggen.", en="Why; for the log."))] = "",
    by: Annotated[str, typer.Option(help=say(da="Hvem der slår op.", en="Who looks up."))] = "",
    person: Annotated[list[int] | None, typer.Option(help=say(da="Et pseudonym.", en="A pseudonym."))] = None,
    persons: Annotated[
        Path | None,
        typer.Option(help=say(da="En fil med et pseudonym pr. linje.", en="A file with a pseudonym per line.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=say(da="En ny, lukket fil; ellers skærmen.", en="A new, private file."))
    ] = None,
    workspace: Workspace = HERE,
) -> None:
    """Show the ids of pseudonyms, on a screen or in a private file, after entering it in the log."""
    from gevinst.register.reidentify import persons_in, refuse_place, reidentify, write_identities

    if out is None and not sys.stdout.isatty():
        raise GevinstError("protection.no-terminal")
    if out is not None:
        refuse_place(out, workspace)
    wanted = [*(person or ()), *(persons_in(persons) if persons else ())]
    found = reidentify(workspace, extracts, wanted, by=by, purpose=purpose)
    if out is None:
        _show(found)
    else:
        write_identities(out, found, workspace)
    asked, met = number(len(set(wanted))), number(len(found))
    typer.echo(
        say(da=f"{met} af {asked} er fundet i udtrækkene; opslaget er logget.",
            en=f"{met} of {asked} were found in the extracts; the look-up is logged."),
        err=True,
    )


def _show(found: tuple[Identity, ...]) -> None:
    for one in found:
        sys.stdout.write(f"{one.person}\t{one.id}\n")


@protect_app.command(
    "access-log",
    help=say(da="Vis, hvem der har slået hvem op, eller journalen.", en="Show who has looked up whom, or the journal."),
)
def access_log(
    workspace: Workspace = HERE,
    person: Annotated[int | None, typer.Option(help=say(da="Et pseudonym.", en="A pseudonym."))] = None,
    ask: Annotated[
        bool,
        typer.Option(
            "--ask",
            help=say(
                da="Spørg om et CPR-nummer (vises ikke); kræver --by og --purpose og logges.",
                en="Ask for a CPR number (it is not shown); needs --by and --purpose, and is logged.",
            ),
        ),
    ] = False,
    by: Annotated[str, typer.Option(help=say(da="Hvem der spørger.", en="Who asks."))] = "",
    purpose: Annotated[str, typer.Option(help=say(da="Hvorfor; skrives i loggen.", en="Why; for the log."))] = "",
    journal: Annotated[
        bool,
        typer.Option(
            "--journal",
            help=say(
                da="Vis i stedet journalen: indlæsning, sletning, nøgler, og hvilken konto der gjorde det.",
                en="Show the journal instead: imports, deletions, keys, and which account did it.",
            ),
        ),
    ] = False,
) -> None:
    """The log of one person, as they may ask for, or the whole; and how far it can be seen to be whole."""
    from gevinst.register.access_log import look_ups
    from gevinst.register.journal import journal as journal_of
    from gevinst.register.log_words import journal_line, look_up_line
    from gevinst.register.reidentify import look_ups_of, require_purpose
    from gevinst.settings import load_settings

    settings = load_settings(workspace)
    if journal:
        lines = [journal_line(one) for one in journal_of(settings).entries()]
    elif ask:
        require_purpose(by, purpose)
        found = look_ups_of(workspace, typer.prompt("CPR", hide_input=True, err=True), by=by, purpose=purpose)
        lines = [look_up_line(one, with_person=False) for one in found]
    else:
        lines = [look_up_line(one) for one in look_ups(settings, person)]
    for line in lines:
        typer.echo(line)
    if not journal:
        count = number(len(lines))
        typer.echo(say(da=f"{count} opslag.", en=f"{count} look-ups."), err=True)
    for line in _state_of_logs(settings):
        typer.echo(line, err=True)


def _state_of_logs(settings: Settings) -> list[str]:
    """How far each of the logs can be seen to be whole; a log that is not is told, and the other beside it."""
    from gevinst.register.kept_logs import FILES, state_of
    from gevinst.register.log_words import state_lines
    from gevinst.register.snapshots import snapshots

    expected, lines = bool(snapshots(settings.workspace)), list[str]()
    for which in FILES:
        try:
            lines += state_lines(state_of(settings, which), which, expected=expected)
        except GevinstError as fault:
            lines.append(str(fault))
    return lines


@protect_app.command(
    help=say(
        da="Slet gamle data efter reglerne i gevinst.toml; uden --do-it siges det kun, hvad der ville ske.",
        en="Delete old data by the rules in gevinst.toml; without --do-it it is only said what would happen.",
    )
)
def delete(
    workspace: Workspace = HERE,
    do_it: Annotated[
        bool,
        typer.Option("--do-it/--dry-run", help=say(da="Gør det; ellers siges det kun.", en="Do it; else only say it.")),
    ] = False,
) -> None:
    """Say what would go, or let it go."""
    from gevinst.register.deletion import carry_out, plan_deletion

    for line in plan_lines(carry_out(workspace) if do_it else plan_deletion(workspace), done=do_it):
        typer.echo(line)


@protect_app.command(
    help=say(
        da="Del arbejdsmappen med gruppen i shared_group: udgaver og portefølje, ikke borgernes data.",
        en="Share the workspace with the group in shared_group: editions and cases, not persons' data.",
    )
)
def share(workspace: Workspace = HERE) -> None:
    """Give the group its rights."""
    from gevinst.register.sharing import share as share_with

    name = share_with(workspace)
    typer.echo(say(
        da=f"Gruppen {name} kan nu kontrollere, godkende og udgive. Udtræk, logge og nøgler er stadig kun ejerens.",
        en=f"The group {name} can now check, approve and publish. Snapshots, logs and keys are the owner's alone.",
    ))  # fmt: skip


def plan_lines(plan: Plan, *, done: bool) -> list[str]:
    """A plan of deletion in plain words, in the language spoken now."""
    if not plan.has_rules:
        return [say(da="gevinst.toml har ingen slettefrister (keep_snapshots_months, keep_persons_years).",
                    en="gevinst.toml has no rules of deletion (keep_snapshots_months, keep_persons_years).")]
    verb = say(da="Slettet", en="Deleted") if done else say(da="Ville blive slettet", en="Would be deleted")
    lines = []
    for going in plan.snapshots:
        lines.append(say(da=f"{verb}: udtrækket {going.folder.name} (keep_snapshots_months).",
                         en=f"{verb}: the snapshot {going.folder.name} (keep_snapshots_months)."))
    for one in plan.persons:
        rows = ", ".join(f"{name} {number(count)}" for name, count in one.rows)
        part, all_of, day = number(one.persons), number(one.of), short_date(one.before)
        lines.append(say(
            da=f"{verb}: {part} af {all_of} borgere i {one.folder.name}, sidst set før {day} "
            f"(keep_persons_years); rækker: {rows}.",
            en=f"{verb}: {part} of {all_of} persons in {one.folder.name}, last seen before {day} "
            f"(keep_persons_years); rows: {rows}."))
    for stays in plan.kept:
        why = say(da="det er det nyeste", en="it is the newest") if stays.edition is None else say(
            da=f"udgaven {stays.edition} hviler på det", en=f"the edition {stays.edition} rests on it")
        lines.append(say(da=f"Bliver, skønt det er gammelt: {stays.snapshot.folder.name}; {why}.",
                         en=f"Stays although it is old: {stays.snapshot.folder.name}; {why}."))
    if plan.empty:
        lines.append(say(da="Intet er gammelt nok til at blive slettet.", en="Nothing is old enough to be deleted."))
    elif not done:
        lines.append(say(da="Intet er ændret. Gør det med --do-it; slet også i sikkerhedskopierne.",
                         en="Nothing has been changed. Do it with --do-it; delete in the backups too."))
    return lines
