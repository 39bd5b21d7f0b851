"""The help of every verb, in one language at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from gevinst.cli import app
from gevinst.cli_help import VERBS, argument_name, help_in_language
from gevinst.cli_usage import run
from gevinst.errors import GevinstError
from gevinst.language import speaking

# What the library says of its own, and what an argument or a value is called in the code.
ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|args|commands?|errors?|show|this|message|exit|default|required|aborted|try|help for|"
    r"bool|str|int|float|path|range|list\[|file|files|folder|workspace|edition|earlier|later|year|place|key|name)\b",
    re.IGNORECASE)
OURS = re.compile(r"--[\w-]+|gevinst [\w -]+|\b\w+\.(?:csv|toml|xlsx|docx|dotx)\b|[a-z_]+=\S+")
"""Names of options, files and verbs, which are the same in every language."""


def paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every verb, and every group of verbs."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from paths(below, (*path, name))


ALL = tuple(paths(typer.main.get_command(app)))


def help_of(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(app, [*path, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_danish_help_has_no_english_of_the_library(path: tuple[str, ...], capsys: Any) -> None:
    shown = help_of(path, capsys)
    assert shown.split()[0] == "Sådan:"
    assert "Vis denne hjælp." in shown
    verbs = {name for one in ALL for name in one}
    words = [line for line in shown.splitlines() if not (line[:1] == "│" and line[1:].split()[:1][0] in verbs)]
    assert ENGLISH.findall(OURS.sub("", "\n".join(words))) == []


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_english_help_has_no_danish_of_ours(path: tuple[str, ...], capsys: Any) -> None:
    """The texts of the verbs are chosen when the program starts; what is set for the help follows the language."""
    with speaking("en"):
        shown = help_of(path, capsys)
    assert shown.split()[0] == "Usage:"
    assert "Show this help." in shown
    for word in ("Sådan", "Valgmuligheder", "Efter kommandoen", "<tekst>", "<sti>", "UDGAVE", "[ellers:", "Kom i gang"):
        assert word not in shown


def test_every_verb_stands_under_a_part_of_the_work(capsys: Any) -> None:
    assert {path[0] for path in ALL if path} == {*VERBS}
    shown = help_of((), capsys)
    assert [shown.index(f"│ {verb} ") for verb in VERBS] == sorted(shown.index(f"│ {verb} ") for verb in VERBS)
    assert shown.index("Kom i gang") < shown.index("│ new ") < shown.index("Opfølgningen ─") < shown.index("│ run ")


def test_every_argument_has_a_danish_name() -> None:
    for path in ALL:
        command: Any = typer.main.get_command(app)
        for name in path:
            command = command.commands[name]
        for one in command.params:
            if one.param_type_name == "argument":
                with speaking("en"):
                    named = argument_name(one.name)
                assert argument_name(one.name) != named, f"{path}: {one.name}"


def test_what_is_missing_is_called_what_the_help_calls_it(capsys: Any) -> None:
    assert "{UDGAVE}" in help_of(("rerun",), capsys)
    with pytest.raises(GevinstError) as fault:
        run(app, ["rerun"])
    assert fault.value.values["name"] == "UDGAVE"


def test_kinds_of_values_are_told_in_words(capsys: Any) -> None:
    other = typer.Typer()

    @other.command()
    def command(share: float = 0.5, count: int = 1, *, quick: bool = False) -> None:
        del share, count, quick

    assert run(other, ["--help"]) == 0
    shown = capsys.readouterr().out
    assert "<tal>" in shown
    assert "<helt tal>" in shown
    assert "bool" not in shown
    help_in_language(typer.main.get_command(other))
