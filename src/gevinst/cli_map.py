"""`gevinst map`: a mapping file made from an extract, by questions, by options, or by both.

    gevinst map Fasit_indsats_2024.csv -w work            asks, previews, saves work/mappings/fasit-indsats.yaml
    gevinst map FILE --for spells --set benefit=Målgruppe --code "benefit:6.7=jobafklaring" --yes
    gevinst map --list; gevinst map --show KEY
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gevinst.cli_options import HERE, Workspace, chosen, names_in
from gevinst.errors import GevinstError
from gevinst.language import say
from gevinst.sources.cells import without_cpr

if TYPE_CHECKING:
    from gevinst.settings import Settings
    from gevinst.sources.suppliers.mapping import FileMapping, Reading
    from gevinst.sources.suppliers.options import Options
    from gevinst.sources.suppliers.preview import Preview
    from gevinst.sources.suppliers.profile import FileProfile
    from gevinst.sources.suppliers.propose import Known

map_app = typer.Typer()

File = Annotated[Path | None, typer.Argument(help=say(da="Udtrækket: CSV eller regneark.",
                                                      en="The extract: CSV or workbook."))]
For = Annotated[str | None, typer.Option("--for", help="participants | spells | persons | postings …")]
Yes = Annotated[bool, typer.Option("--yes", help=say(da="Tag forslaget uden spørgsmål.",
                                                     en="Take the proposal without questions."))]
Name = Annotated[str | None, typer.Option("--name", help=say(da="Mappingens nøgle.", en="The mapping's key."))]
Listing = Annotated[bool, typer.Option("--list", help=say(da="Vis de mappings, der er.", en="List the mappings."))]
Show = Annotated[str | None, typer.Option("--show", help=say(da="Vis en mapping.", en="Show a mapping."))]
Like = Annotated[str | None, typer.Option("--like", help=say(
    da="Begynd fra en anden mapping eller et eksempel.", en="Begin from another mapping or an example."))]
Sets = Annotated[list[str] | None, typer.Option("--set", help=say(
    da="person_id=CPR-nr.; end_date=Slut + Planlagt; benefit=A & B; investment==fast; degree=-",
    en="person_id=CPR-nr.; end_date=End + Planned; benefit=A & B; investment==constant; degree=-"))]
Dates = Annotated[list[str] | None, typer.Option("--date", help="start_date=dd-mm-yyyy")]
Shifts = Annotated[list[str] | None, typer.Option("--shift", help=say(
    da="end_date=-1, når slutdatoen er dagen efter", en="end_date=-1 where the end is the day after"))]
Blanks = Annotated[list[str] | None, typer.Option("--blank", help=say(
    da="end_date=31.12.99: en tekst, der betyder tom", en="end_date=31.12.99: a text that means empty"))]
Codes = Annotated[list[str] | None, typer.Option("--code", help="benefit:6.7=jobafklaring; benefit:9=- (–)")]
Unlisted = Annotated[list[str] | None, typer.Option("--unlisted", help="benefit=refuse | leave_out | keep")]
Filters = Annotated[list[str] | None, typer.Option("--filter", help=say(
    da="drop Status in Annulleret, Fejl; keep Start from 2020-01-01",
    en="drop Status in Annulleret, Fejl; keep Start from 2020-01-01"))]
NoFilters = Annotated[bool, typer.Option("--no-filters", help=say(da="Uden de foreslåede filtre.",
                                                                  en="Without the proposed filters."))]
Keep = Annotated[str | None, typer.Option("--keep", help=say(da="Flere kolonner, til persons.",
                                                             en="Further columns, for persons."))]
Files = Annotated[list[str] | None, typer.Option("--files", help="Fasit_*.csv")]
Supplier = Annotated[str | None, typer.Option("--supplier", help=say(da="Leverandør.", en="Supplier."))]
Decimal = Annotated[str | None, typer.Option("--decimal", help=", | .")]
Sheet = Annotated[str, typer.Option("--sheet", help=say(da="Arkets navn eller nummer.",
                                                        en="The sheet's name or number."))]
Row = Annotated[int | None, typer.Option("--header-row", min=1, help=say(da="Overskriftens linje.",
                                                                         en="The header's line."))]
Encoding = Annotated[str, typer.Option("--encoding", help="utf-8 | cp1252 | latin-1 | cp850 | utf-16")]
Separator = Annotated[str, typer.Option("--separator", help="; | , | tab")]
Replace = Annotated[bool, typer.Option("--replace", help=say(da="Erstat den, der er.", en="Replace the one there is."))]
Try = Annotated[bool, typer.Option("--try", help=say(da="Vis, men gem ikke.", en="Show, but do not save."))]


class _Terminal:
    """Standard input and output, be it a person or a pipe; no person's number is said, wherever it came from."""

    def tell(self, text: str) -> None:
        typer.echo(without_cpr(text))

    def ask(self, question: str, default: str = "") -> str:
        try:
            told = bool(default) and without_cpr(default) == default
            answer: str = typer.prompt(without_cpr(question), default=default, show_default=told)
        except typer.Abort:
            raise GevinstError("mapping.input-ended") from None
        return answer


@map_app.command(
    "map",
    help=say(
        da="Sig, hvad kolonnerne i et udtræk er, så det kan indlæses (en mapping).",
        en="Say what the columns of an extract are, so that it can be imported (a mapping).",
    ),
)
def map_(
    file: File = None, table: For = None, workspace: Workspace = HERE, yes: Yes = False, name: Name = None,
    listing: Listing = False, show: Show = None, like: Like = None, sets: Sets = None, dates: Dates = None,
    shifts: Shifts = None, blanks: Blanks = None, codes: Codes = None, unlisted: Unlisted = None,
    filters: Filters = None, no_filters: NoFilters = False, keep: Keep = None, files: Files = None,
    supplier: Supplier = None,
    decimal: Decimal = None, sheet: Sheet = "", header_row: Row = None, encoding: Encoding = "",
    separator: Separator = "", replace_old: Replace = False, only_try: Try = False,
) -> None:
    """Show the columns, propose, let the lines be changed, preview, save."""
    from gevinst.settings import load_settings
    from gevinst.sources.suppliers.mapped_source import MAPPINGS
    from gevinst.sources.suppliers.mapping import ENCODINGS, SEPARATORS, Reading
    from gevinst.sources.suppliers.mapping_files import refuse_existing, save_mapping
    from gevinst.sources.suppliers.options import Options

    if listing or show is not None:
        typer.echo(_list(workspace / MAPPINGS) if show is None else _text(show, workspace / MAPPINGS), nl=False)
        return
    if file is None:
        raise GevinstError("mapping.nothing-to-do")
    settings = load_settings(workspace)
    reading = Reading(sheet, header_row, chosen("--encoding", encoding, ("", *ENCODINGS)),
                      chosen("--separator", separator, ("", *SEPARATORS)))
    said = Options(
        sets=tuple(sets or ()), dates=tuple(dates or ()), shifts=tuple(shifts or ()), blanks=tuple(blanks or ()),
        codes=tuple(codes or ()), unlisted=tuple(unlisted or ()), filters=tuple(filters or ()), no_filters=no_filters,
        kept=None if keep is None else names_in(keep), files=tuple(files or ()), supplier=supplier or "",
        decimal=None if decimal is None else chosen("--decimal", decimal, (",", ".", "")), name=name or "")
    begun, finish = _begin(file, table, reading, settings, said, like=like, yes=yes)
    if not (replace_old or only_try):
        refuse_existing(begun.key, settings.workspace / MAPPINGS)  # before the questions, not after them
    mapping = finish(begun)
    if mapping is None or only_try:
        typer.echo(say(da="Der er ikke gemt noget.", en="Nothing was saved."))
        return
    path = save_mapping(mapping, settings.workspace / MAPPINGS, replace=replace_old)
    typer.echo(say(da=f"Gemt: {path}", en=f"Saved: {path}"))


def _begin(file: Path, table: str | None, reading: Reading, settings: Settings, said: Options, *, like: str | None,
           yes: bool) -> tuple[FileMapping, Callable[[FileMapping], FileMapping | None]]:
    """The mapping as proposed and said by options, and what makes it the one agreed on (None: not to be saved)."""
    from gevinst.sources.suppliers.dialogue import Dialogue
    from gevinst.sources.suppliers.mapped_source import MAPPINGS, open_extract
    from gevinst.sources.suppliers.mapping import Reading
    from gevinst.sources.suppliers.mapping_files import mapping_named
    from gevinst.sources.suppliers.options import with_options
    from gevinst.sources.suppliers.preview import preview
    from gevinst.sources.suppliers.profile import profile, values_of
    from gevinst.sources.suppliers.propose import propose
    from gevinst.sources.suppliers.told import mapping_lines, preview_lines, profile_lines
    from gevinst.weeks import today

    other = None if like is None else mapping_named(like, settings.workspace / MAPPINGS)
    if other is not None and reading == Reading():
        reading = other.reading
    seen = profile(open_extract(file, reading, other.needed if other else ()))
    known, terminal = _known(settings), _Terminal()
    terminal.tell("\n".join(profile_lines(seen)))
    begun = _alike(other, file, reading, seen) if other else propose(
        seen, file.name, _table(table, seen, terminal, yes=yes), today(), known, reading)

    def try_out(one: FileMapping) -> Preview:
        return preview(file, one, benefit_of=known.benefit_of, today=today())

    def ask(one: FileMapping) -> FileMapping | None:
        return Dialogue(one, seen, known, terminal, try_out,
                        lambda rule: values_of(open_extract(file, reading, rule.sources), rule)).run()

    def take(one: FileMapping) -> FileMapping:
        terminal.tell("\n".join(mapping_lines(one, numbered=False)))
        _refuse_incomplete(one)
        terminal.tell("\n".join(preview_lines(try_out(one))))
        return one

    return with_options(begun, said, seen, known), take if yes else ask


def _alike(other: FileMapping, file: Path, reading: Reading, seen: FileProfile) -> FileMapping:
    """Another mapping as a beginning. What it reads and this file does not have is an error."""
    from gevinst.sources.suppliers.extract import check_columns
    from gevinst.sources.suppliers.propose import key_of, pattern_of
    from gevinst.weeks import today

    check_columns([one.name for one in seen.columns], other.needed, f"{seen.where}:{seen.header_row}")
    return replace(other, key=key_of(file.name), made=today(), files=(pattern_of(file.name),), reading=reading,
                   note="", unverified=False)


def _table(said: str | None, seen: FileProfile, terminal: _Terminal, *, yes: bool) -> str:
    """The table that was said, or answered, or that the columns point to."""
    from gevinst.sources.suppliers.propose import guess_table
    from gevinst.tables import CONTRACTS

    names = tuple(CONTRACTS)
    if said is not None:
        return chosen("--for", said, names)
    guessed = guess_table(seen)
    if yes:
        if guessed is None:
            raise GevinstError("mapping.which-table", where=seen.where, tables=", ".join(names))
        return guessed
    while said not in names:
        said = terminal.ask(say(da=f"Hvilken tabel hører filen til ({', '.join(names)})?",
                                en=f"Which table does the file belong to ({', '.join(names)})?"), guessed or "").strip()
    return said


def _refuse_incomplete(mapping: FileMapping) -> None:
    from gevinst.sources.suppliers.propose import missing_columns

    missing = missing_columns(mapping)
    if missing:
        raise GevinstError("mapping.incomplete", columns=", ".join(missing), first=missing[0])


def _known(settings: Settings) -> Known:
    """The workspace's benefits, and the keys of its investments where it has a portfolio."""
    from gevinst.parameters.benefits import normalise_benefit
    from gevinst.parameters.local import open_book
    from gevinst.register.store import open_store
    from gevinst.sources.suppliers.propose import Known

    book = open_book(settings.parameters)
    keys: list[str] = []
    if not settings.store_url.startswith("sqlite") or (settings.workspace / "gevinst.db").exists():
        with open_store(settings.store_url) as store:
            keys = [case.key for version in store.portfolios() for case in store.portfolio(version.key).investments]
    return Known(lambda text: normalise_benefit(text, book.benefits), tuple(dict.fromkeys(keys)))


def _list(folder: Path) -> str:
    """A line per mapping."""
    from gevinst.language import short_date
    from gevinst.sources.suppliers.mapping_files import known_mappings

    unverified = say(da="eksempel, ikke prøvet", en="example, not verified")
    return "".join(
        "  ".join([one.key, one.supplier, one.table, short_date(one.made), ", ".join(one.files),
                   *([unverified] if one.unverified else [])]) + "\n" for one in known_mappings(folder))


def _text(key: str, folder: Path) -> str:
    from gevinst.sources.suppliers.mapping_files import mapping_named
    from gevinst.sources.suppliers.mapping_writer import mapping_text

    return mapping_text(mapping_named(key, folder))
