"""Write the parts of docs/ that are made from the code, or with --check say which are out of date.

    python scripts/write_docs.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
import typer

from gevinst.cli import app
from gevinst.cli_help import argument_name
from gevinst.errors import catalogue
from gevinst.language import speaking
from gevinst.tables import CONTRACTS, Column

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Made by scripts/write_docs.py; edit the code, not this file. -->\n\n"


def errors_page() -> str:
    """Every message by area, in both languages."""
    text = "# Errors\n\nEach has a code, says what happened, where, and what to do. The exit code is 2.\n"
    area = ""
    for code, messages in sorted(catalogue().items()):
        if code.split(".")[0] != area:
            area = code.split(".")[0]
            text += f"\n## {area}\n"
        text += f"\n### `{code}`\n"
        for language in ("da", "en"):
            what, do = messages[language]
            text += f"- {what} {do}\n"
    return MADE + text


def canonical_page() -> str:
    """The canonical files and their columns."""
    text = (
        "# Canonical files\n\nWhat `gevinst` takes when there is no supplier format: UTF-8 CSV with a header (comma or "
        "semicolon, decimal comma accepted) or Parquet, in one folder. Dates ISO or Danish (`31-12-2021`).\n"
    )
    for contract in CONTRACTS.values():
        text += f"\n## `{contract.name}`\n\n| column | type | needed | meaning |\n|---|---|---|---|\n"
        for column in contract.columns:
            text += f"| `{column.name}` | {_type(column)} | {_needed(column)} | {column.en} / {column.da} |\n"
        if contract.open:
            text += ("\nFurther columns are covariates, numbers or text. An import stores those that a case's protocol "
                     "matches on or `person_columns` in `gevinst.toml` names, and says which it left out; columns "
                     "called as names, addresses, contacts or remarks, and texts of over 200 values, are never "
                     "stored.\n")
        if contract.key:
            text += f"\nMay not repeat: {', '.join(f'`{name}`' for name in contract.key)}.\n"
    return MADE + text


def _type(column: Column) -> str:
    name = {"last_day": "date, included", "person": "id"}.get(column.type, column.type)
    bounds = [f"{'>' if column.above_low else '≥'} {column.low:g}"] if column.low is not None else []
    bounds += [f"≤ {column.high:g}"] if column.high is not None else []
    return f"{name} {', '.join(bounds)}".strip()


def _needed(column: Column) -> str:
    return "optional column" if not column.required else "may be empty" if column.empty else "yes"


def commands_page() -> str:
    """Every command with its arguments and options, as `--help` says in Danish."""
    with speaking("da"):
        root = typer.main.get_command(app)
        text = "# Commands\n\nAs the terminal says them in Danish; `GEVINST_LANG=en` gives English.\n"
        for path, command in _commands(root, ("gevinst",)):
            text += f"\n## `{' '.join(path)}`\n\n{command.help or ''}\n\n"
            for parameter in command.params:
                if parameter.name != "help":
                    names = ", ".join(f"`{name}`" for name in parameter.opts)
                    if isinstance(parameter, click.Argument) or not parameter.opts[0].startswith("-"):
                        names = f"`{argument_name(parameter.name or '')}`"
                    text += f"- {names}: {getattr(parameter, 'help', '') or ''}\n"
    return MADE + text


def _commands(command: click.Command, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], click.Command]]:
    below = getattr(command, "commands", None)
    if below is None:
        return [(path, command)]
    return [found for name in sorted(below) for found in _commands(below[name], (*path, name))]


PAGES = {"errors.md": errors_page, "guide/canonical-files.md": canonical_page, "guide/commands.md": commands_page}


def main() -> int:
    """Write, or check, every page."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"Out of date: {', '.join(stale)}. Run python scripts/write_docs.py", file=sys.stderr)
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
