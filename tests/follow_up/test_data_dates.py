"""The memo's date beside the end of the data, and the weeks that are used and not whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.follow_up.data_dates import OLD, Lag, data_date_notes, lag_measured
from gevinst.language import LANGUAGES, Language, speaking
from gevinst.parameters.quality_rules import open_rules
from gevinst.register.data_quality import Measured, QualityMeasures
from gevinst.settings import Settings
from gevinst.weeks import week_of
from gevinst.workspace import run_workspace
from tests.editions import small_town

SUNDAY = date(2021, 5, 2)
runner = CliRunner()
WHOLE = Lag()


def told(memo: date, lag: Lag = WHOLE, language: Language = "da") -> str:
    with speaking(language):
        return " ".join(data_date_notes(memo, SUNDAY, lag)).replace("\xa0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_where_nothing_is_wrong(language: Language) -> None:
    for days, lag in ((1, Lag()), (OLD.days, Lag()), (4 * 7 + 1, Lag(4, 4)), (60, Lag(4, 0)), (60, Lag(6, 4))):
        assert told(SUNDAY + timedelta(days=days), lag, language) == ""


def test_old_data_are_told() -> None:
    late = SUNDAY + OLD + timedelta(days=1)
    assert told(late).startswith("Data slutter 2. maj 2021, 13 uger før notatets dato.")
    assert told(late, language="en").startswith("The data end on 2 May 2021, 13 weeks before the memo's date.")


def test_a_memo_dated_within_the_lag_says_so() -> None:
    """By the settings the week to 2 May is whole on 30 May, four weeks later."""
    for day in (date(2021, 5, 3), date(2021, 5, 30)):
        assert "er efter opsætningen først hele 4 uger senere" in told(day, Lag(4))
        assert "are whole only 4 weeks later" in told(day, Lag(4), "en")
    assert told(date(2021, 5, 31), Lag(4)) == ""
    assert "som ingen kunne have den dag" in told(date(2021, 5, 2), Lag(4)), "and not both"
    assert "først hele" not in told(date(2021, 5, 2), Lag(4))


@pytest.mark.parametrize(("lag", "da", "en"), [
    (Lag(0, 3), "De sidste 3 uger, som tallene bygger på, mangler sandsynligvis registreringer: der begynder langt "
                "færre forløb i dem end ellers.", "The last 3 weeks that the figures rest on probably lack"),
    (Lag(4, 5, next_filled=True), "Den sidste uge, som tallene bygger på, mangler sandsynligvis registreringer: den "
                                  "forrige leverance fik først sine sidste 5 uger hele med denne.",
     "The last week that the figures rest on probably lacks registrations: the last 5 weeks of the delivery before"),
])
def test_weeks_that_are_used_and_not_whole_are_told_with_what_to_do(lag: Lag, da: str, en: str) -> None:
    day = SUNDAY + timedelta(weeks=8)
    assert told(day, lag).startswith(da)
    assert told(day, lag, "en").startswith(en)
    for language in LANGUAGES:
        assert f"reporting_lag_weeks = {lag.lacking}" in told(day, lag, language)


def test_the_lag_is_that_of_the_data_quality() -> None:
    """Where so few begin in a week that the rule does not judge, nothing is said of it."""
    rule = open_rules(None)["reporting-lag"]

    def quality(lacking: int, left_out: int, usual: int) -> QualityMeasures:
        beyond = float(max(0, lacking - left_out))
        measured = Measured(("lag-diff", str(lacking), str(left_out)), beyond, lacking, usual)
        return QualityMeasures("s", SUNDAY, None, SUNDAY + timedelta(weeks=left_out), ((rule, (measured,)),))

    horizon = week_of(SUNDAY)
    assert lag_measured(quality(5, 2, 40), horizon) == Lag(2, 5, next_filled=True)
    assert lag_measured(quality(2, 2, 40), horizon) == Lag(2)
    assert lag_measured(quality(5, 2, rule.at_least - 1), horizon) == Lag(2)
    assert lag_measured(replace(quality(5, 2, 40), data_to=None), horizon) == Lag(0, 5, next_filled=True)


def test_memo_and_terminal_tell_it_of_a_workspace(tmp_path: Path) -> None:
    """The last day anybody is known to begin or end is 1 March; two weeks are left out by the settings."""
    settings = small_town.workspace(tmp_path, reporting_lag_weeks=2)
    folder = small_town.write_delivery(tmp_path / "one", small_town.FIRST, small_town.ON_TIME)
    small_town.deliver(settings, folder, date(2021, 4, 1))
    for day, said in ((date(2021, 2, 20), "data til og med 14. februar 2021 er efter opsætningen først hele 2 uger "
                                          "senere"),
                      (date(2021, 7, 2), "Data slutter 14. februar 2021, 19 uger før notatets dato."),
                      (date(2021, 4, 2), "")):
        for shown in made(settings, day):
            assert said in shown
            for text in ("er efter opsætningen", "uger før notatets dato", "som ingen kunne have"):
                assert (text in shown) is (text in said)


def made(settings: Settings, day: date) -> tuple[str, str]:
    """The memo's page, and what the terminal said of it."""
    screen = runner.invoke(app, ["run", "--date", day.isoformat(), "-w", str(settings.workspace)])
    assert screen.exit_code == 0, screen.output
    folder = run_workspace(settings.workspace, memo_date=day).folder
    page = (folder / "memo.html").read_text(encoding="utf-8")
    return page.replace("\xa0", " "), " ".join(screen.output.replace("\xa0", " ").split())
