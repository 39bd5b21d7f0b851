"""The verbs of the audit: a synthetic twin of the register, and the auditor's package with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from gevinst.cli_options import HERE, PortfolioKey, Workspace
from gevinst.errors import GevinstError
from gevinst.language import number, say

audit_app = typer.Typer()
package_app = typer.Typer(
    no_args_is_help=True,
    help=say(da="Revisionspakken: lav, kontrollér, åbn.", en="The auditor's package: make, check, open."),
)
audit_app.add_typer(package_app, name="audit")
Package = Annotated[Path, typer.Argument(help=say(da="Revisionspakken (.zip).", en="The auditor's package (.zip)."))]


@audit_app.command(
    help=say(
        da="Lav en syntetisk tvilling af registret: opdigtede borgere, samme form.",
        en="Make a synthetic twin of the register: made-up persons, the same shape.",
    )
)
def twin(
    out: Annotated[Path, typer.Option(help=say(da="Mappen, der laves.", en="The folder to make."))],
    edition: Annotated[
        str | None, typer.Argument(help=say(da="Udgaven, hvis data det gælder.", en="The edition whose data it is of."))
    ] = None,
    snapshot: Annotated[
        str | None,
        typer.Option(help=say(da="I stedet et udtræk: newest eller navnet.", en="Else a snapshot: newest or a name.")),
    ] = None,
    workspace: Workspace = HERE,
    portfolio: PortfolioKey = None,
    seed: Annotated[
        int | None, typer.Option(help=say(da="Startværdi; ellers arbejdsmappens.", en="Seed; else the workspace's."))
    ] = None,
) -> None:
    """Canonical files that `gevinst import` takes, with the model they were drawn from."""
    from gevinst.audit.basis import of_snapshot, twin_of, twin_of_edition
    from gevinst.settings import load_settings
    from gevinst.twin.folder import write_folder

    if (edition is None) == (snapshot is None):
        raise GevinstError("twin.which")
    settings = load_settings(workspace)
    made = (twin_of_edition(settings, edition, seed) if edition is not None
            else twin_of(of_snapshot(settings, snapshot or "", portfolio), seed))
    write_folder(made.files, out)
    persons = number(sum(span.persons for one in made.model.benefits for span in (*one.present, *one.inflow)))
    typer.echo(say(da=f"{persons} opdigtede borgere; læs README.md først.",
                   en=f"{persons} made-up persons; read README.md first."))
    typer.echo(out)


@package_app.command(
    help=say(
        da="Lav en revisionspakke af en udgave, med en syntetisk tvilling af registret.",
        en="Make an auditor's package of an edition, with a synthetic twin of the register.",
    )
)
def package(
    edition: Annotated[
        str, typer.Argument(help=say(da="Udgaven, eller begyndelsen af navnet.", en="The edition, or how it begins."))
    ],
    out: Annotated[Path, typer.Option(help=say(da="Filen, der laves (.zip).", en="The file to make (.zip)."))],
    workspace: Workspace = HERE,
) -> None:
    """One archive with everything the edition rests on but the data; the same edition gives the same bytes."""
    from gevinst.audit.archive import packed, write_archive
    from gevinst.audit.contents import RERUN, contents
    from gevinst.audit.rerun_told import rerun_told
    from gevinst.settings import load_settings

    if out.exists():
        raise GevinstError("package.exists", where=str(out))
    files = contents(load_settings(workspace), edition)
    write_archive(packed(files), out)
    for line in rerun_told(json.loads(files[RERUN])):
        typer.echo(line, err=True)
    told = number(len(files))
    typer.echo(say(da=f"{told} filer, uden borgere. Kontrollér med gevinst audit check.",
                   en=f"{told} files, no persons. Check it with gevinst audit check."))
    typer.echo(out)


@package_app.command(
    help=say(
        da="Kontrollér en revisionspakke: 0 alt er rigtigt, 1 noget afviger, 2 den kan ikke læses.",
        en="Check an auditor's package: 0 all is right, 1 something differs, 2 it cannot be read.",
    )
)
def check(
    file: Package,
    run: Annotated[
        bool, typer.Option("--run/--no-run", help=say(da="Regn også notatet igen.", en="Run the memo again too."))
    ] = True,
) -> None:
    """Checksums, the chains of the logs, the twin against its model, and the memo run again from the twin."""
    from gevinst.audit.archive import unpacked
    from gevinst.audit.check import check_package

    done = check_package(unpacked(file), run=run)
    for line in done.remarks:
        typer.echo(line, err=True)
    for one in done.checks:
        typer.echo(f"{say(da='AFVIGER', en='DIFFERS') if one.faults else 'ok':9}{one.what}")
        for fault in one.faults:
            typer.echo(f"{'':9}{fault}")
    if not done.right:
        raise typer.Exit(1)


@package_app.command(
    "open",
    help=say(
        da="Pak en revisionspakke ud, med en arbejdsmappe, hvor tvillingen er indlæst.",
        en="Unpack an auditor's package, with a workspace in which the twin is imported.",
    ),
)
def open_(
    file: Package,
    out: Annotated[Path, typer.Option(help=say(da="Mappen, der laves.", en="The folder to make."))],
) -> None:
    """After this `gevinst run` makes the twin's memo."""
    from gevinst.audit.archive import unpacked
    from gevinst.audit.opened import open_package

    run = open_package(unpacked(file), out)
    typer.echo(say(da=f"Pakket ud i {out}: package er pakkens filer (læs README.md), workspace en arbejdsmappe, hvor "
                      "tvillingen er indlæst. Sådan laves notatet af tvillingen:",
                   en=f"Unpacked in {out}: package is the package's files (read README.md), workspace a workspace in "
                      "which the twin is imported. This makes the memo from the twin:"), err=True)
    typer.echo(f"gevinst run -w {run}")
