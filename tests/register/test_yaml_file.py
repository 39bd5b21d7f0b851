"""The YAML file: what is written reads back equal, amounts are exact, and every mistake is named where it is."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gevinst.errors import GevinstError
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.register import bundled
from gevinst.register.business_case import CALENDAR_MONTH, Portfolio, Protocol
from gevinst.register.yaml_file import portfolio_text, read_portfolio, write_portfolio

ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_written_reads_back_equal(
    data: st.DataObject, any_portfolio: Callable[..., st.SearchStrategy[Portfolio]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    portfolio = data.draw(any_portfolio(ANY_TEXT))
    path = tmp_path_factory.getbasetemp() / "round.yaml"
    write_portfolio(portfolio, path)
    assert read_portfolio(path) == portfolio


@pytest.mark.parametrize("name", bundled.names())
def test_the_bundled_portfolios_read_back_equal(name: str, tmp_path: Path) -> None:
    path = tmp_path / "again.yaml"
    write_portfolio(bundled.portfolio(name), path)
    assert read_portfolio(path) == bundled.portfolio(name)


def test_amounts_are_exact_where_a_float_would_not_be(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "exact.yaml"
    path.write_text(small_yaml.replace("investment: 3.079", "investment: 90071992.54740993"), encoding="utf-8")
    # One øre more than a double can tell from its neighbour
    assert read_portfolio(path).investments[0].budget[0].investment.ore == 2**53 + 1


def test_a_figure_may_have_its_own_unit_and_price_level(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(small_yaml.replace(
        "{year: 2021, investment: 3.079, saving: -4.655}",
        "{year: 2021, unit: 1.000 kr., price_level: løbende, investment: 3079, saving: {value: -4655000, unit: kr.}}",
    ), encoding="utf-8")
    year = read_portfolio(path).investments[0].budget[1]
    assert (year.investment, year.saving) == (Amount.dkk(3_079_000, CURRENT), Amount.dkk(-4_655_000, CURRENT))


def test_the_unit_of_the_file_scales_every_amount(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "unit.yaml"
    path.write_text(small_yaml.replace("unit: mio. kr.", "unit: kr."), encoding="utf-8")
    with pytest.raises(GevinstError) as caught:
        read_portfolio(path)
    assert caught.value.code == "money.not-whole-ore"  # 3.079 kr. has a part of an øre
    path.write_text(small_yaml.replace("unit: mio. kr.", "unit: 1.000 kr."), encoding="utf-8")
    assert read_portfolio(path).investments[0].budget[0].investment == Amount.dkk("3079", PriceLevel(2020))


def test_dates_may_be_danish_and_yes_may_be_ja(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "danish.yaml"
    suspended = "suspensions:\n- {start: 11-03-2020, end: 26-05-2020, partial: ja}\n"
    path.write_text(small_yaml + suspended, encoding="utf-8")
    period = read_portfolio(path).suspensions[0]
    assert (period.start.isoformat(), period.end.isoformat(), period.partial) == ("2020-03-11", "2020-05-26", True)


PROTOCOLS = {
    "{headline: matched, horizon_weeks: 104, match_on: [sex, age_at_entry], later_participants: keep, "
    "double_counting: split, new_spell_after: calendar_month}": Protocol(
        "matched", 104, ("sex", "age_at_entry"), new_spell_after=CALENDAR_MONTH, later_participants="keep",
        double_counting="split"),
    "{new_spell_after: Kalendermåned}": Protocol(new_spell_after=CALENDAR_MONTH),
    "{new_spell_after: 8}": Protocol(new_spell_after=8),
    "{relapse_gap_weeks: 8}": Protocol(new_spell_after=8),  # as files say that were written before the rule had a month
    "{later_participants: censor, double_counting: first}": Protocol(),
}


@pytest.mark.parametrize("written", PROTOCOLS)
def test_the_protocol_is_read_whole_and_old_files_still_are(tmp_path: Path, small_yaml: str, written: str) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_text(small_yaml.replace("    budget:", f"    protocol: {written}\n    budget:"), encoding="utf-8")
    portfolio = read_portfolio(path)
    assert portfolio.investments[0].protocol == PROTOCOLS[written]
    write_portfolio(portfolio, path)
    assert "relapse_gap_weeks" not in path.read_text(encoding="utf-8")
    assert read_portfolio(path) == portfolio


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + small_yaml.encode())
    assert read_portfolio(path).title == "Prøve"


def test_stated_net_and_totals_that_foot_are_accepted_and_not_kept(tmp_path: Path, small_yaml: str) -> None:
    path = tmp_path / "stated.yaml"
    path.write_text(small_yaml.replace("saving: -2.703}", "saving: -2.703, net: 0.376}").replace(
        "    budget:", "    total: {investment: 6.158, saving: -7.358, net: -1.200}\n    budget:"), encoding="utf-8")
    with_totals = path.read_text(encoding="utf-8") + "totals:\n- {year: 2020, investment: 3.079, net: 0.376}\n"
    path.write_text(with_totals, encoding="utf-8")
    assert "net:" not in portfolio_text(read_portfolio(path))


def test_the_file_can_be_read_by_others_and_no_draft_is_left(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    write_portfolio(bundled.portfolio("norddjurs-2020-2023"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [p.name for p in tmp_path.iterdir()] == ["p.yaml"]


def test_a_folder_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(GevinstError) as caught:
        write_portfolio(bundled.portfolio("norddjurs-2020-2023"), tmp_path / "no" / "p.yaml")
    assert caught.value.code == "register.file-unwritable"


def test_trailing_zeros_do_not_make_another_portfolio(tmp_path: Path, small_yaml: str) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(small_yaml, encoding="utf-8")
    other.write_text(small_yaml.replace("3.079", "3.0790"), encoding="utf-8")
    assert read_portfolio(one) == read_portfolio(other)


def test_a_changed_text_makes_another_portfolio() -> None:
    portfolio = bundled.portfolio("norddjurs-2020-2023")
    assert portfolio_text(portfolio) != portfolio_text(replace(portfolio, title="Andet"))
    assert portfolio.investment("1").full_time_participants == Decimal(60)
