"""Typing mistakes at the command line, told as all other errors are: code, what, what to do, in the user's language."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from typing import Any

import typer
from typer.exceptions import TyperException

from gevinst.cli_help import argument_name, help_in_language
from gevinst.errors import GevinstError
from gevinst.language import say

_NAMED = re.compile(r"'(.*?)'")
_KINDS = {"int": "cli.not-whole", "float": "cli.not-a-number"}


def run(app: typer.Typer, arguments: list[str] | None = None) -> int:
    """Run a command line; returns its exit code.

    Raises `GevinstError` for what was typed wrong (`cli.no-such-command`, `.no-such-option`, `.missing`, `.not-whole`,
    `.not-a-number`, `.no-value`, `.too-many`, `.typed`), and `KeyboardInterrupt` where a question was left unanswered.
    """
    given = sys.argv[1:] if arguments is None else arguments
    command: Any = typer.main.get_command(app)
    if len(given) < 3 or "--help" in given:  # a group of verbs alone shows its help too
        help_in_language(command)
    try:
        code = command(given, prog_name="gevinst", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except TyperException as fault:
        if type(fault).__name__ == "NoArgsIsHelpError":
            typer.echo(fault.format_message(), err=True)
            return fault.exit_code
        raise understood(fault) from None
    return code if isinstance(code, int) else 0


def understood(fault: TyperException) -> GevinstError:
    """The mistake as an error of ours."""
    from gevinst.sources.cells import without_cpr  # here, because it loads the arrays

    context: Any = getattr(fault, "ctx", None)
    command = context.command_path if context is not None else "gevinst"
    parameter: Any = getattr(fault, "param", None)
    name = "" if parameter is None else _name(parameter)
    match type(fault).__name__:
        case "NoSuchOption":
            option: str = getattr(fault, "option_name", "")
            return GevinstError("cli.no-such-option", command=command, name=without_cpr(option),
                                near=_perhaps(getattr(fault, "possibilities", None) or ()))
        case "MissingParameter":
            return GevinstError("cli.missing", command=command, name=name)
        case "BadOptionUsage":
            return GevinstError("cli.no-value", command=command, name=getattr(fault, "option_name", ""))
        case "BadParameter" if parameter is not None and (complaint := _complaint(fault))[0] in _KINDS:
            return GevinstError(_KINDS[complaint[0]], name=name, value=without_cpr(complaint[1]))
    named = _NAMED.search(fault.message)
    if fault.message.startswith("No such command") and context is not None and named:
        known = context.command.list_commands(context)
        return GevinstError("cli.no-such-command", command=command, name=without_cpr(named.group(1)),
                            near=_perhaps(get_close_matches(named.group(1), known)))
    if "unexpected extra argument" in fault.message:
        extra = re.search(r"\(([^()]*)\)$", fault.message)
        return GevinstError("cli.too-many", command=command, name=without_cpr(extra.group(1) if extra else ""))
    return GevinstError("cli.typed", command=command, message=without_cpr(fault.format_message()))


def _name(parameter: Any) -> str:
    """What the user calls a parameter: `--weeks`, or `UDGAVE`."""
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return argument_name(parameter.name)


def _complaint(fault: TyperException) -> tuple[str, str]:
    """What kind of value was wanted (`int`, `float`), and the one given, by the first complaint of what reads it."""
    complaints: Any = getattr(fault.__cause__, "errors", list)()
    return (complaints[0]["type"].split("_")[0], str(complaints[0]["input"])) if complaints else ("", "")


def _perhaps(names: Any) -> str:
    found = ", ".join(sorted(names))
    return say(da=f" Måske {found}?", en=f" Perhaps {found}?") if found else ""
