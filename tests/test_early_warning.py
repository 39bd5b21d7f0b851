"""Early warning end to end: from record and persons to the edition, the memo, the verb; and what may be told of few."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gevinst.cli import app
from gevinst.curves.intake import intake
from gevinst.early_warning import of_starts, starts_by_rule, starts_key
from gevinst.errors import GevinstError
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.full_precision import effects_json
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_rules import Light, Rule, StatusRules
from gevinst.language import LANGUAGES, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import ParameterBook, national_book
from gevinst.pipeline import run
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Investment,
    Line,
    ParticipantCount,
    Portfolio,
    Protocol,
    RecordedFigure,
    StopMeasure,
    StopRule,
    TargetGroup,
)
from gevinst.register.person_tables import PersonTables
from gevinst.register.store import open_store
from gevinst.report.memo import build_memo
from gevinst.report.tree import Paragraph
from gevinst.run_options import RunOptions
from gevinst.settings import create_workspace, load_settings
from gevinst.weeks import monday, week_of

DAY = date(2024, 2, 1)
OPTIONS = RunOptions(DAY, datetime(2024, 2, 1, 12, tzinfo=UTC), replicates=200, seed=5)
START = week_of(date(2020, 2, 3))


def recorded(year: int, line: Line, dkk: int, basis: Basis = Basis.REALISED) -> RecordedFigure:
    return RecordedFigure(year, line, basis, Amount.dkk(dkk, CURRENT), "Notat", date(2022, 2, 1))


TYPED = Investment(
    "1", "net", "Net", TargetGroup("ledige", "a-dagpenge"), full_time_participants=Decimal(40),
    budget=tuple(BudgetYear(year, Amount.dkk(500_000, CURRENT), Amount.dkk(-800_000, CURRENT))
                 for year in (2020, 2021)),
    recorded=(recorded(2020, Line.INVESTMENT, 600_000), recorded(2020, Line.SAVING, -300_000),
              recorded(2021, Line.INVESTMENT, 600_000), recorded(2021, Line.SAVING, -900_000)),
    participant_counts=(ParticipantCount(2020, None, Decimal(20)), ParticipantCount(2021, None, Decimal(40))),
    stop_rules=(StopRule(date(2020, 12, 31), StopMeasure.SAVING, at_most=Amount.dkk(-400_000, CURRENT),
                         source="Udvalget 1-12-2019"),
                StopRule(date(2021, 12, 31), StopMeasure.FULL_TIME, Decimal(30))),
)  # fmt: skip
WHOLE = Portfolio("p", "Prøve", "Prøveby", (2020, 2021), CURRENT, (TYPED,), source="aftale")


@pytest.fixture(scope="module")
def typed() -> Edition:
    """What was typed in and nothing else."""
    return run(WHOLE, None, national_book(), OPTIONS)


def words(edition: Edition) -> str:
    paragraphs = [block.text for block in build_memo(edition).blocks if isinstance(block, Paragraph)]
    return "\n".join(paragraphs).replace("\N{NO-BREAK SPACE}", " ")


def test_recorded_results_by_hand(typed: Edition) -> None:
    """1.2 million spent and as much saved by 60 participant-years: 20,000 each, and 30 a year pay for 600,000."""
    (one,) = typed.warnings
    held = one.break_even
    assert held is not None
    assert (held.years, held.computed) == ((2020, 2021), False)
    assert held.saving is not None
    assert (held.saving.estimate, held.saving.low) == (20_000, None)
    assert held.needed is not None
    assert (held.needed.estimate, held.needed.known) == (30, False)
    assert (held.participants, held.planned, held.budgeted) == (30, 40, 20_000)
    assert one.payback is not None
    assert (one.payback.year, one.payback.years) == (2021, pytest.approx(2.0))
    assert (one.decision, one.no_decision) == (None, "no-persons")
    assert [verdict.outcome for verdict in one.verdicts] == ["fulfilled", "not-fulfilled"]
    said = {each.rule: (each.light, each.value) for each in one.status.said}
    assert said[Rule.OUTCOME] == (Light.GREEN, 900_000 / 800_000)
    assert said[Rule.PARTICIPANTS] == (Light.GREEN, 1.0)
    assert said[Rule.STOP_RULE] == (Light.RED, None)
    assert one.status.light is Light.RED


def test_results_at_another_price_level_keep_it() -> None:
    p20 = PriceLevel(2020)
    figures = tuple(replace(one, amount=one.amount.at_level(p20)) for one in TYPED.recorded)
    found = run(replace(WHOLE, investments=(replace(TYPED, recorded=figures),)), None, national_book(), OPTIONS)
    (table,) = [one for one in build_memo(found).tables() if one.key == "break-even"]
    assert table.unit == "p/l 2020"
    (seen,) = [one for one in found.figures if one.id == "1/break-even/total/saving-seen"]
    assert seen.amount == Amount.dkk(-20_000, p20)


def test_the_memo_tells_the_status_the_agreed_rule_and_the_rules_of_status(typed: Edition) -> None:
    tables = {table.key: table for table in build_memo(typed).tables()}
    assert [cell.text for cell in tables["status"].rows[0].cells][:2] == ["1", "× Rød"]
    assert "opfyldt; ikke opfyldt" in tables["status"].rows[0].cells[3].text
    row = [cell.text for cell in tables["break-even"].rows[0].cells]
    assert row[1:10] == ["30", "–", "30", "30,0", "40,0", "−20.000", "−20.000", "−20.000", "2021"]
    told = words(typed)
    assert "Den aftalte stopregel er opfyldt (31-12-2020)." in told
    assert ("(besparelsen på forsørgelse er under 400.000 kr. (løbende priser)), er opfyldt: −300.000 kr. (løbende "
            "priser). Aftalt: Udvalget 1-12-2019.") in told  # fmt: skip
    assert "Reglen stopper ikke noget af sig selv." in told
    assert "gul under 90 %, rød under 50 %" in told
    assert "hverken lov eller vedtaget" in tables["status"].note


def test_every_figure_of_the_desk_has_an_id_a_ladder_and_its_number(typed: Edition) -> None:
    mine = [figure for figure in typed.figures if figure.derived.startswith(("break-even/", "decision/"))]
    assert {figure.id for figure in mine} == {f"1/break-even/total/{name}" for name in (
        "saving-seen", "saving-budgeted", "saving-needed", "saving-needed-planned")}
    assert {figure.id for figure in mine} <= typed.explanations.keys()
    assert all(figure.amount.ore < 0 for figure in mine), "a saving is negative"
    assert typed.explanations["1/status"].value == "× Rød"
    numbers = effects_json(typed)["numbers"]
    assert isinstance(numbers, dict)
    assert numbers["status/1/break_even/needed"] == 30
    assert numbers["status/1/stop/2020-12-31/saving"] == "fulfilled"


@pytest.fixture(scope="module")
def book() -> ParameterBook:
    return national_book()


def jobnet(**changes: object) -> Portfolio:
    budget = tuple(BudgetYear(year, Amount.dkk(400_000, CURRENT), Amount.dkk(-500_000, CURRENT))
                   for year in range(2020, 2026))  # fmt: skip
    case = Investment(
        "1", "jobnet", "Jobnet", TargetGroup("ledige", "a-dagpenge"), budget=budget, protocol=Protocol("matched", 52),
        referrals_from=date(2020, 2, 3), full_time_participants=Decimal(40), planned_weeks=26, recorded=tuple(
            recorded(year, Line.INVESTMENT, 300_000) for year in range(2020, 2024)),
        stop_rules=(StopRule(date(2022, 1, 1), StopMeasure.STARTS, Decimal(10)),
                    StopRule(date(2022, 12, 31), StopMeasure.COVERS_INVESTMENT, Decimal("0.2"))),
    )  # fmt: skip
    return Portfolio("p", "P", "By", tuple(range(2020, 2026)), CURRENT, (replace(case, **changes),), source="aftale")


def test_persons_give_intervals_and_a_decision(duckdb_tables: PersonTables, book: ParameterBook) -> None:
    edition = run(jobnet(), duckdb_tables, book, OPTIONS)
    (one,) = edition.warnings
    (detail,) = edition.details
    assert detail.evidence.grade in ("A", "B", "C")
    held = one.break_even
    assert held is not None
    assert held.computed
    assert held.saving is not None
    account = next(each for each in detail.accounts if each.year is None)
    assert held.participants is not None
    people = held.participants * len(held.years)
    assert held.saving.estimate * people == pytest.approx(-account.saving.estimate)
    assert held.cost is not None
    assert held.cost.fixed * len(held.years) == pytest.approx(account.spent)
    assert held.needed is not None
    assert held.needed.known
    assert held.years == (2020, 2021, 2022, 2023)
    made = one.decision
    assert made is not None, (one.no_decision, edition.no_forecast)
    assert made.weeks == 52
    chances = {each.rule: each.value for each in one.status.said}
    assert chances[Rule.BUDGET] == detail.chances[-1].reaches_budget
    starts, covers = one.verdicts
    seen = intake(duckdb_tables, "jobnet")
    assert seen is not None
    before = seen.starts[:, : week_of(date(2022, 1, 1)) - seen.first_week + 1].sum()
    assert (starts.number, starts.outcome) == (Decimal(int(before)), "not-fulfilled")
    shown = edition.released.counts[starts_key("1", date(2022, 1, 1))]
    assert shown == before, "it passed the door as all other counts"
    assert covers.years == (2020, 2021, 2022)
    again = run(jobnet(), duckdb_tables, book, replace(OPTIONS, language="en"))
    assert (again.warnings[0].decision, again.warnings[0].status) == (made, one.status), "the same again"
    for told in (edition, again):
        tables = {table.key: table for table in build_memo(told).tables()}
        assert {"status", "break-even", "decision"} <= set(tables)
        assert len(tables["break-even"].columns) == 10, "as many as a page has room for"
        (row,) = tables["decision"].rows
        assert row.cells[2].value == made.wrong


def test_a_year_whose_cost_is_not_known_is_left_out(duckdb_tables: PersonTables, book: ParameterBook) -> None:
    short = tuple(recorded(year, Line.INVESTMENT, 300_000) for year in (2020, 2021))
    quick = replace(OPTIONS, replicates=20)
    held = run(jobnet(recorded=short), duckdb_tables, book, quick).warnings[0].break_even
    assert held is not None
    assert held.years == (2020, 2021)
    (one,) = run(jobnet(recorded=()), duckdb_tables, book, quick).warnings
    assert (one.break_even, one.no_decision) == (None, "no-cost")


def test_below_the_minimum_nothing_is_claimed(duckdb_tables: PersonTables, book: ParameterBook) -> None:
    many = replace(OPTIONS, minimum_participants=10**6)
    (one,) = run(jobnet(), duckdb_tables, book, many).warnings
    assert (one.break_even, one.decision, one.no_decision) == (None, None, "too-few")
    assert {Rule.BUDGET, Rule.INVESTMENT, Rule.OUTCOME}.isdisjoint({each.rule for each in one.status.said})
    assert one.verdicts[1].why == "too-few"


def test_a_biased_method_gives_no_status_by_money(duckdb_tables: PersonTables, book: ParameterBook) -> None:
    biased = jobnet(protocol=Protocol("target_group", 52))
    (one,) = run(biased, duckdb_tables, book, OPTIONS).warnings
    assert (one.break_even, one.no_decision) == (None, "method")
    assert {Rule.BUDGET, Rule.INVESTMENT, Rule.OUTCOME}.isdisjoint({each.rule for each in one.status.said})


def test_other_limits_give_another_status_and_another_edition(typed: Edition) -> None:
    strict = replace(OPTIONS, status_rules=replace(StatusRules(), participants_yellow=1.0, participants_red=1.0))
    other = run(replace(WHOLE, investments=(replace(TYPED, stop_rules=()),)), None, national_book(), OPTIONS)
    assert other.warnings[0].status.light is Light.GREEN
    assert run(WHOLE, None, national_book(), strict).id != typed.id


def test_starts_are_bound_to_the_counts_they_are_part_of(
    make_tables: Callable[..., PersonTables], duckdb_tables: PersonTables, book: ParameterBook
) -> None:
    spells = [(p, "a-dagpenge", monday(START + p % 5), monday(START + p % 5 + 8 + p % 20)) for p in range(60)]
    rows = [(p, "case-1", monday(START + p % 5 + 2), None) for p in range(0, 60, 3)]
    tables = make_tables(spells, horizon=START + 80, participants=rows)
    day = monday(START + 2)  # those who start in the first of five weeks
    rule = StopRule(day, StopMeasure.STARTS, Decimal(10))
    case = replace(TYPED, key="case-1", recorded=(), stop_rules=(rule,), protocol=Protocol("rest_of_target_group", 26),
                   referrals_from=date(2020, 1, 1), referrals_to=date(2020, 12, 31))  # fmt: skip
    whole = replace(WHOLE, investments=(case,))
    starts = starts_by_rule(whole, tables)
    first = sum(1 for p in range(0, 60, 3) if p % 5 == 0)
    assert starts.by_day == {"1": {day: first}}
    assert starts.all == {"1": 20}
    assert starts_by_rule(whole, None).by_day == {}
    alone = of_starts(starts, [CaseResult(case)])
    assert [cell.value for cell in alone.cells] == [first], "without a study there is nothing it is part of"
    edition = run(whole, tables, book, OPTIONS)
    key = starts_key("1", day)
    (bound,) = [each for each in edition.released.relations if key in each.parts]
    assert bound.whole == "1/registered"
    assert bound.parts == (key, f"{key}/later", "1/left_out/starts_after_horizon")
    (verdict,) = edition.warnings[0].verdicts
    assert first == 4
    assert (verdict.outcome, verdict.number) == ("fulfilled", None), "so few are not told"


runner = CliRunner()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "work"
    create_workspace(place, municipality="Prøveby", municipality_code="707", key_file=tmp_path / "key")
    with open_store(load_settings(place).store_url) as store:
        store.save_portfolio(WHOLE, "Anna")
    return place


def asked(place: Path, *further: str) -> str:
    result = runner.invoke(app, ["status", "-w", str(place), "--recorded-only", "--date", "2024-02-01", *further])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_verb_says_the_same_in_words_and_for_a_program(workspace: Path) -> None:
    told = asked(workspace).replace("\N{NO-BREAK SPACE}", " ")
    assert "1. Net: × Rød" in told
    assert "er opfyldt: −300.000 kr." in told
    assert "30 med den sete effekt" in told
    assert "Besparelse mod budget: årets forventede besparelse" in told
    (row,) = json.loads(asked(workspace, "--format", "json"))["rows"]
    assert (row["status"], row["because_of"], row["participants_needed"]) == ("red", "stop_rule", 30)
    (line,) = csv.DictReader(io.StringIO(asked(workspace, "--format", "csv")), delimiter=";")
    assert line["stop_rules"] == "2020-12-31 saving: fulfilled; 2021-12-31 full_time: not-fulfilled"
    assert not (workspace / "editions").exists(), "nothing is written"


def test_an_installation_writes_its_own_limits(workspace: Path) -> None:
    file = workspace / "gevinst.toml"
    assert "# status_outcome_red = 0.5" in file.read_text(encoding="utf-8")
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "status_outcome_yellow = 0\nstatus_outcome_red = 0\n", encoding="utf-8")
    (row,) = json.loads(asked(workspace, "--format", "json"))["rows"]
    assert row["rule_outcome"] is None
    assert row["rule_participants"] == 1
    file.write_text(text + "status_open_yellow = 7\n", encoding="utf-8")
    with pytest.raises(GevinstError) as caught:
        load_settings(workspace)
    assert caught.value.code == "workspace.setting-wrong"
    file.write_text(text + "status_outcome_yellow = 0.2\n", encoding="utf-8")
    result = runner.invoke(app, ["status", "-w", str(workspace), "--recorded-only"])
    assert isinstance(result.exception, GevinstError)
    assert result.exception.code == "status.limits-crossed"


def test_the_words_are_there_in_both_languages(typed: Edition) -> None:
    from gevinst.status_output import status_lines

    for language in LANGUAGES:
        with speaking(language):
            assert all("{" not in line for line in status_lines(typed))
    one: EarlyWarning = typed.warnings[0]
    assert np.isfinite(one.break_even.saving_needed if one.break_even and one.break_even.saving_needed else np.nan)
