"""A stop rule in the record: kept by file, workbook and store alike, under the lock of the protocol, said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect

from gevinst.language import LANGUAGES, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register.business_case import Investment, Portfolio, StopMeasure, StopRule
from gevinst.register.portfolio_file import read_portfolio_file, write_portfolio_file
from gevinst.register.protocol import about, checksum, plan_of, protocol_records, protocol_sha256
from gevinst.register.protocol_lines import protocol_lines
from gevinst.register.schema import configuration
from gevinst.register.stop_rules import of_plan_text, plan_text, rule_words, years_over
from gevinst.register.store import open_store

P20 = PriceLevel(2020)
RULES = (
    StopRule(date(2021, 7, 1), StopMeasure.STARTS, Decimal(40), None, "Færre end 40 startede", "Udvalget 1-12-2020"),
    StopRule(date(2021, 12, 31), StopMeasure.SAVING, None, Amount.dkk(-500_000, P20)),
    StopRule(date(2021, 12, 31), StopMeasure.NET, None, Amount.dkk(100_000, CURRENT)),
    StopRule(date(2021, 12, 31), StopMeasure.COVERS_INVESTMENT, Decimal("0.2")),
)
DAYS = [datetime(2021, month, 1, 12, tzinfo=UTC) for month in (1, 2, 3, 4)]


@pytest.fixture
def plain(tmp_path: Path, small_yaml: str) -> Portfolio:
    path = tmp_path / "plain.yaml"
    path.write_text(small_yaml, encoding="utf-8")
    return read_portfolio_file(path)


def with_rules(portfolio: Portfolio, *rules: StopRule) -> Portfolio:
    return replace(portfolio, investments=(replace(portfolio.investments[0], stop_rules=rules),))


@pytest.mark.parametrize("suffix", [".yaml", ".xlsx"])
def test_a_file_reads_back_the_rules_it_was_given(suffix: str, tmp_path: Path, plain: Portfolio) -> None:
    path = tmp_path / f"regler{suffix}"
    for language in LANGUAGES:
        with speaking(language):
            write_portfolio_file(with_rules(plain, *RULES), path)
            assert read_portfolio_file(path).investments[0].stop_rules == RULES


def test_a_case_without_rules_has_the_plan_and_checksum_it_always_had(plain: Portfolio) -> None:
    case = plain.investments[0]
    assert "stop_rules" not in plan_of(case.protocol, about(plain, case))
    assert protocol_sha256(case.protocol, about(plain, case)) == checksum(
        '{"baseline_years":[],"closed":[],"double_counting":"first","headline":"rest_of_target_group",'
        '"horizon_weeks":52,"later_participants":"censor","match_on":[],"new_spell_after":4,"randomised":false,'
        '"referrals_from":"","referrals_to":"","target_benefit":"kontanthjaelp"}')


def test_the_checksum_covers_day_measure_and_limit_but_not_order_or_words(plain: Portfolio) -> None:
    def sha256(*rules: StopRule) -> str:
        whole = with_rules(plain, *rules)
        return protocol_sha256(whole.investments[0].protocol, about(whole, whole.investments[0]))

    base = sha256(*RULES)
    assert sha256(*reversed(RULES)) == base
    assert sha256(replace(RULES[0], text="Andre ord", source=""), *RULES[1:]) == base
    assert sha256(replace(RULES[0], at_least=Decimal("40.0")), *RULES[1:]) == base
    others = [replace(RULES[0], at_least=Decimal(41)), replace(RULES[0], date=date(2021, 8, 1)),
              replace(RULES[0], measure=StopMeasure.FULL_TIME)]
    assert len({base, sha256(), *(sha256(one, *RULES[1:]) for one in others)}) == 5
    level = replace(RULES[1], at_most=Amount.dkk(-500_000, CURRENT))
    assert sha256(RULES[0], level, *RULES[2:]) != base


def test_the_store_keeps_them_and_the_record_tells_each_change(store_url: str, plain: Portfolio) -> None:
    moments = iter(DAYS)
    with open_store(store_url, clock=lambda: next(moments)) as store:
        for rules in ((), RULES, RULES[1:]):
            store.save_portfolio(with_rules(plain, *rules), "Anna")
            assert store.portfolio("prove").investments[0].stop_rules == rules
        assert store.portfolio("prove", DAYS[0]).investments[0].stop_rules == ()
        (record,) = protocol_records(store, "prove").values()
        entries = store.protocol_entries("prove")
    assert len(entries) == 3
    first, second = record.changes
    assert (first.what, first.was_words, first.changed_on) == ("Stopregler", "ingen", DAYS[1].date())
    assert "01-07-2021: færre end 40 borgere er startet" in first.now_words
    assert "færre end 40" not in second.now_words


def test_a_store_from_before_the_rules_is_brought_up_and_can_be_taken_back(store_url: str, plain: Portfolio) -> None:
    with open_store(store_url) as store:
        store.save_portfolio(plain, "Anna")
    engine = create_engine(store_url)
    with engine.begin() as connection:
        command.downgrade(configuration(connection), "0004")
        assert "stop_rule" not in inspect(connection).get_table_names()
    engine.dispose()
    with open_store(store_url) as store:
        assert store.portfolio("prove") == plain
        store.save_portfolio(with_rules(plain, *RULES), "Bo")
        assert store.portfolio("prove").investments[0].stop_rules == RULES


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.measure)
def test_a_rule_says_the_same_from_its_plan(rule: StopRule) -> None:
    for language in LANGUAGES:
        with speaking(language):
            assert of_plan_text(plan_text(rule)) == rule_words(rule)


def test_the_protocol_of_a_case_prints_its_rules(plain: Portfolio, store_url: str) -> None:
    whole = with_rules(plain, *RULES)
    with open_store(store_url, clock=lambda: DAYS[0]) as store:
        store.save_portfolio(whole, "Anna")
        (record,) = protocol_records(store, "prove").values()
    case: Investment = whole.investments[0]
    told = "\n".join(protocol_lines(whole, case, record, None))
    assert "Stopregler:" in told
    assert "31-12-2021: besparelsen på forsørgelse er under 500.000 kr. (p/l 2020)" in told
    assert "under 20\N{NO-BREAK SPACE}%" in told


def test_which_years_are_over(plain: Portfolio) -> None:
    assert years_over(plain, date(2020, 12, 30)) == ()
    assert years_over(plain, date(2020, 12, 31)) == (2020,)
    assert years_over(plain, date(2025, 1, 1)) == (2020, 2021)
