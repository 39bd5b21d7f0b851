"""The help in the language spoken: its headings, what arguments are called, and which kind of value belongs to what.

The library that reads the command line writes these in English. They are set on the commands just before help is
shown; nothing else reads them.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import typer

from gevinst.language import say

PARTS = ("begin", "follow", "editions", "ahead", "data", "year", "protect", "analyst")
VERBS = {verb: part for part, verbs in zip(PARTS, (
    ("new", "demo", "portfolio", "map", "import"),
    ("run", "one-page", "status", "explain", "lint"),
    ("edition", "compare", "rerun"),
    ("forecast", "score-card", "realisation"),
    ("quality", "diff", "ledger", "fetch"),
    ("calendar", "due"),
    ("key", "reidentify", "access-log", "delete", "share", "twin", "audit"),
    ("curves", "effect", "verify"),
), strict=True) for verb in verbs}  # fmt: skip
"""The verbs as the help shows them, each under the part of the work it belongs to."""


def _part_name(part: str) -> str:
    return {
        "begin": say(da="Kom i gang", en="Getting started"),
        "follow": say(da="Opfølgningen", en="The follow-up"),
        "editions": say(da="Udgaverne af notatet", en="The memo's editions"),
        "ahead": say(da="Forventninger, og hvad der blev af dem", en="Forecasts, and what became of them"),
        "data": say(da="Data", en="Data"),
        "year": say(da="Året rundt", en="Through the year"),
        "protect": say(da="Beskyttelse og revision", en="Protection and audit"),
        "analyst": say(da="Til analytikeren", en="For the analyst"),
    }[part]


def argument_name(name: str) -> str:
    """What the help and the errors call an argument.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     argument_name("edition")
    'UDGAVE'
    """
    words = {
        "asked": say(da="TAL eller INVESTERING", en="FIGURE or INVESTMENT"),
        "earlier": say(da="TIDLIGERE", en="EARLIER"),
        "edition": say(da="UDGAVE", en="EDITION"),
        "extracts": say(da="UDTRÆK", en="EXTRACTS"),
        "file": say(da="FIL", en="FILE"),
        "files": say(da="FILER", en="FILES"),
        "folder": say(da="MAPPE", en="FOLDER"),
        "investment": say(da="INVESTERING", en="INVESTMENT"),
        "key": say(da="NØGLE", en="KEY"),
        "later": say(da="SENERE", en="LATER"),
        "name": say(da="NAVN", en="NAME"),
        "place": say(da="ARBEJDSMAPPE", en="WORKSPACE"),
        "table": say(da="TABEL", en="TABLE"),
        "workspace": say(da="ARBEJDSMAPPE", en="WORKSPACE"),
        "year": say(da="ÅR", en="YEAR"),
    }
    return words.get(name, name.upper())


def help_in_language(command: Any) -> None:
    """Set the words of the help of a command, and of all commands below it."""
    _titles()
    _words(command)
    known = getattr(command, "commands", {})
    if {*VERBS} <= {*known}:  # the whole program, and not one group of verbs
        for verb, part in VERBS.items():
            known[verb].rich_help_panel = _part_name(part)
        command.commands = {verb: known[verb] for verb in (*VERBS, *(name for name in known if name not in VERBS))}


def _words(command: Any) -> None:
    command.format_usage = partial(_usage, command)
    command.options_metavar = say(da="[VALG]", en="[OPTIONS]")
    option = command.get_help_option(typer.Context(command))
    if option is not None:
        option.help = say(da="Vis denne hjælp.", en="Show this help.")
    for parameter in (*command.params, *([option] if option is not None else [])):
        parameter.display_type_rich = partial(_kind, parameter.display_type_rich)
        if parameter.param_type_name == "argument":
            parameter.metavar = argument_name(parameter.name)
    below = getattr(command, "commands", None)
    if below is not None:
        command.subcommand_metavar = say(da="KOMMANDO [MERE]...", en="COMMAND [ARGS]...")
        for one in below.values():
            _words(one)


def _usage(command: Any, context: Any, formatter: Any) -> None:
    """The line that says how a command is written."""
    pieces = " ".join(command.collect_usage_pieces(context))
    formatter.write_usage(context.command_path, pieces, prefix=say(da="Sådan: ", en="Usage: "))


def _kind(written: Any, ctx: Any) -> str | None:
    """Which kind of value belongs to a parameter; nothing beside a switch, which has none."""
    kinds = {"str": say(da="tekst", en="text"), "path": say(da="sti", en="path"),
             "int": say(da="helt tal", en="whole number"), "float": say(da="tal", en="number")}
    known = [kinds[word] for word in re.findall(r"[a-z]+", str(written(ctx=ctx)).lower()) if word in kinds]
    return f"<{known[0]}>" if known else None


def _titles() -> None:
    """The headings, in the language spoken."""
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = say(da="Efter kommandoen", en="Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say(da="Valgmuligheder", en="Options")
    rich_utils.COMMANDS_PANEL_TITLE = say(da="Kommandoer", en="Commands")
    rich_utils.DEFAULT_STRING = say(da="[ellers: {}]", en="[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = say(da="[skal med]", en="[required]")
