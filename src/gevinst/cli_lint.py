"""The verb that reads memos for faults, ours and others'."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from gevinst.cli_options import chosen
from gevinst.language import LANGUAGES, current, say, speaking

lint_app = typer.Typer()
LintFormat = Literal["text", "json", "csv"]
FORMATS: tuple[LintFormat, ...] = ("text", "json", "csv")


@lint_app.command(
    "lint",
    help=say(
        da="Find fejl i notater: summer, fortegn, enheder, prisniveau, årstal, tabelnumre, tekst mod tabel.",
        en="Find faults in memos: sums, signs, units, price levels, years, table numbers, text against tables.",
    ),
)
def lint(
    files: Annotated[list[Path], typer.Argument(help=say(da="docx, pdf, xlsx, html.", en="docx, pdf, xlsx, html."))],
    output: Annotated[str, typer.Option("--format", help="text | json | csv")] = "text",
    language: Annotated[
        str | None, typer.Option(help="da | en: " + say(da="fundenes sprog.", en="the findings' language."))
    ] = None,
) -> None:
    """Exit code 0 when nothing is wrong, 1 when there is an error or a warning, 2 when a file cannot be read."""
    wanted = chosen("--format", output, FORMATS)
    spoken = current() if language is None else chosen("--language", language, LANGUAGES)
    from gevinst.lint.check import lint_files
    from gevinst.lint.report import as_csv, as_json, as_text

    with speaking(spoken):
        found = lint_files(files)
        typer.echo({"text": as_text, "json": as_json, "csv": as_csv}[wanted](found), nl=wanted != "csv")
    if any(file.grave for file in found):
        raise typer.Exit(1)
