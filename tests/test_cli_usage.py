"""What is typed wrong is told like any other mistake: a code, what, what to do, in both languages, exit code 2."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from gevinst.cli import app
from gevinst.cli_usage import run
from gevinst.disk import reason_of
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, speaking


def gevinst(*arguments: str, language: str = "da") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", "from gevinst.cli import main; main()", *arguments],
                          capture_output=True, text=True, check=False,
                          env={**os.environ, "GEVINST_LANG": language})  # fmt: skip


@pytest.mark.parametrize(("typed", "code", "said"), [
    (["rn"], "no-such-command", "»rn« findes ikke. Måske run?"),
    (["ledger", "xyzzy"], "no-such-command", "»xyzzy« findes ikke."),
    (["run", "--dato", "1"], "no-such-option", "hedder --dato. Måske --as, --date?"),
    (["due", "--xyzzy"], "no-such-option", "hedder --xyzzy."),
    (["import"], "missing", "MAPPE"),
    (["new", "w", "--code", "999"], "missing", "--municipality"),
    (["calendar", "--year"], "no-value", "--year"),
    (["run", "--recorded-only=3"], "no-value", "--recorded-only"),
    (["forecast", "--half-life", "abc"], "not-whole", "--half-life kan ikke være »abc«"),
    (["import", "a", "b", "c"], "too-many", "gevinst import kan bruge: b c."),
    (["import", "a", "0101901234"], "too-many", "[…]"),
    (["xx0101901234"], "no-such-command", "findes ikke"),
])
def test_a_typing_mistake_has_a_code_and_a_way_on(typed: list[str], code: str, said: str) -> None:
    with pytest.raises(GevinstError) as fault:
        run(app, typed)
    assert fault.value.code == f"cli.{code}"
    assert said in fault.value.message("da").what
    texts = {language: " ".join(fault.value.message(language)) for language in LANGUAGES}
    assert texts["da"] != texts["en"]
    assert not any("{" in text or "0101901234" in text for text in texts.values())


def test_what_is_not_known_is_told_in_the_words_it_came_in() -> None:
    from typer.exceptions import TyperException

    from gevinst.cli_usage import understood

    assert understood(TyperException("a new kind of mistake")).message("en").what.endswith("a new kind of mistake")


def test_a_number_with_a_comma_is_told() -> None:
    import typer

    other = typer.Typer()

    @other.command()
    def command(share: float = 0.5) -> None:
        del share

    with pytest.raises(GevinstError) as fault:
        run(other, ["--share", "0,5"])
    assert fault.value.code == "cli.not-a-number"
    assert "»0,5«" in fault.value.message("da").what


def test_exit_codes_and_streams_are_those_of_other_errors() -> None:
    found = gevinst("rn")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith("[cli.no-such-command] Kommandoen")
    assert gevinst("rn", language="en").stderr.startswith("[cli.no-such-command] There is no command")
    group = gevinst("ledger")
    assert group.returncode == 2
    assert "afstem" in group.stdout
    assert "Kommandoer" in group.stdout
    assert group.stderr.strip() == ""


def test_the_help_has_headings_of_its_language() -> None:
    assert "Valgmuligheder" in gevinst("run", "--help").stdout
    assert "Options" in gevinst("run", "--help", language="en").stdout
    assert gevinst("run", "--help").returncode == 0


def test_a_verb_that_leaves_with_a_code_of_its_own_keeps_it() -> None:
    import typer

    other = typer.Typer()

    @other.command()
    def command() -> None:
        raise typer.Exit(1)

    assert run(other, []) == 1


def test_a_question_left_unanswered_is_an_interruption() -> None:
    import typer

    other = typer.Typer()

    @other.command()
    def command() -> None:
        raise typer.Abort

    with pytest.raises(KeyboardInterrupt):
        run(other, [])


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EEXIST,
                                    errno.EROFS, errno.ENOSPC, errno.ENAMETOOLONG, errno.EBUSY, errno.EIO])
def test_the_operating_system_s_reasons_are_in_the_user_s_language(number: int) -> None:
    fault = OSError(number, os.strerror(number))
    told = []
    for language in LANGUAGES:
        with speaking(language):
            told.append(reason_of(fault))
    assert len({*told, os.strerror(number)}) == 3


def test_another_reason_is_told_in_the_system_s_words() -> None:
    assert reason_of(OSError(errno.EMFILE, "Too many open files")) == "Too many open files"
    assert reason_of(OSError("no number")) == ""
