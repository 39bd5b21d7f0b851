"""No person's id may come out of a portfolio file, whichever word of it the id stands in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.errors import GevinstError
from gevinst.register import bundled
from gevinst.register.check import check_portfolio_file
from gevinst.register.findings import Severity
from gevinst.register.portfolio_file import read_portfolio_file, write_portfolio_file

IDS = ("010188-2036", "010188_2036", "01-01-1988-2036", "19880101-2036", "01 01 88 20 36")


@pytest.mark.parametrize("one", IDS)
@pytest.mark.parametrize("ending", ["yaml", "xlsx"])
def test_the_check_finds_what_the_import_refuses(one: str, ending: str, tmp_path: Path) -> None:
    whole = bundled.portfolio("norddjurs-2020-2023")
    file = tmp_path / f"p.{ending}"
    write_portfolio_file(replace(whole, title=f"Opfølgning {one}"), file)
    found = [finding for finding in check_portfolio_file(file) if finding.severity is Severity.ERROR]
    assert [(finding.code, finding.values["fields"]) for finding in found] == [("register.holds-cpr", "title")]
    with pytest.raises(GevinstError) as fault:
        read_portfolio_file(file)
    assert fault.value.code == "register.holds-cpr"


@pytest.mark.parametrize("one", IDS)
def test_what_is_said_of_a_file_holds_no_id(one: str, tmp_path: Path) -> None:
    file = tmp_path / f"borger {one}.yaml"
    file.write_text(f"key: pf\n{one}: x\nborger {one} her: 3\nunit: '{one}'\nprice_level: '{one}'\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["portfolio", "check", str(file)])
    assert told.exit_code == 2
    assert "[…]" in told.stdout
    assert one not in told.output
    assert "2036" not in told.output
    for finding in check_portfolio_file(file):
        for language in ("da", "en"):
            assert "2036" not in "".join(finding.message(language)) + str(finding)


def test_dates_and_periods_in_a_portfolio_are_no_ids(tmp_path: Path) -> None:
    whole = bundled.portfolio("norddjurs-2020-2023")
    said = "Bevilget 01-01-2020 - 2023, jf. møde 2021-12-31 1430. Tlf. 20 12 34 56. 1.010.190.123 kr. Konto 5.57.73-1."
    file = tmp_path / "p.yaml"
    write_portfolio_file(replace(whole, background=said), file)
    assert read_portfolio_file(file).background == said
