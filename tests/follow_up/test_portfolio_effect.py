"""The sum over cases: replicate by replicate, so that what the cases have in common is in the interval."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from gevinst.economy.saving import Saving
from gevinst.effects.replicates import interval
from gevinst.follow_up.case import CaseResult
from gevinst.follow_up.details import Told
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.effect_detail import PortfolioEffect
from gevinst.follow_up.paid_off import HeldAgainst
from gevinst.follow_up.portfolio_effect import counted_cases, portfolio_effect

MakeSaving = Callable[..., Saving]
HIGH_AND_LOW = [-100.0, -140.0, -60.0, -140.0, -60.0]
LOW_AND_HIGH = [-100.0, -60.0, -140.0, -60.0, -140.0]


def with_saving(case: CaseResult, number: str, saving: Saving) -> CaseResult:
    assert case.valued is not None
    valued = replace(case.valued, savings={**case.valued.savings, "matched": saving})
    return replace(case, investment=replace(case.investment, number=number), valued=valued)


def sum_of(cases: list[tuple[CaseResult, Told]]) -> PortfolioEffect | None:
    studies = {case.investment.number: case.study for case, _ in cases if case.study is not None}
    return portfolio_effect(cases, disclose(studies, Rules(), counted_once=counted_cases(cases)).counts)


def told(*years: int, spent: float | None = None) -> Told:
    return Told(years=years, against=HeldAgainst(dict.fromkeys(years, spent) if spent else {}, {}))


def test_what_varies_together_varies_more_than_what_varies_against_each_other(
    case: CaseResult, make_saving: MakeSaving
) -> None:
    first = with_saving(case, "1", make_saving({2020: HIGH_AND_LOW}))
    same, opposite = (with_saving(case, "2", make_saving({2020: net})) for net in (HIGH_AND_LOW, LOW_AND_HIGH))
    together = sum_of([(first, told(2020)), (same, told(2020))])
    against = sum_of([(first, told(2020)), (opposite, told(2020))])
    assert together is not None
    assert against is not None
    assert together.investments == ("1", "2")
    assert (together.net_by_year[0][1].low, together.net_by_year[0][1].high) == (-280.0, -120.0)
    assert (against.net_by_year[0][1].low, against.net_by_year[0][1].high) == (-200.0, -200.0)


def test_years_and_their_sum(case: CaseResult, make_saving: MakeSaving) -> None:
    two_years = with_saving(case, "1", make_saving({2020: HIGH_AND_LOW, 2021: LOW_AND_HIGH}))
    one_year = with_saving(case, "2", make_saving({2021: LOW_AND_HIGH}))
    whole = sum_of([(two_years, told(2020, 2021, spent=90.0)), (one_year, told(2021, spent=90.0))])
    assert whole is not None
    assert [year for year, _ in whole.net_by_year] == [2020, 2021]
    assert whole.net_total == interval(make_saving({0: [-300.0, -260, -340, -260, -340]}).net[:, 0])
    assert whole.net_by_year[1][1].estimate == -200.0
    by_year = {chance.year: chance.covers_investment for chance in whole.chances}
    assert by_year == {2020: 0.5, 2021: 0.5, None: 0.5}, "90, then 180, then 270 to be covered"


def test_a_year_counts_as_known_only_where_every_case_knows_it(case: CaseResult, make_saving: MakeSaving) -> None:
    cases = [
        (with_saving(case, "1", make_saving({2020: HIGH_AND_LOW})), told(2020, spent=50.0)),
        (with_saving(case, "2", make_saving({2020: HIGH_AND_LOW})), told(2020)),
    ]
    whole = sum_of(cases)
    assert whole is not None
    assert {chance.covers_investment for chance in whole.chances} == {None}


def test_who_is_credited_elsewhere_is_counted_and_a_few_are_not_told(
    case: CaseResult, make_saving: MakeSaving
) -> None:
    def credited(count: int) -> CaseResult:
        made = with_saving(case, "1", make_saving({2020: HIGH_AND_LOW}))
        assert made.valued is not None
        study = replace(made.valued.study, left_out={**made.valued.study.left_out, "credited_elsewhere": count})
        return replace(made, valued=replace(made.valued, study=study))

    found = [sum_of([(credited(count), told(2020))]) for count in (0, 3, 14)]
    assert [one.counted_once for one in found if one is not None] == [0, Hidden.FEW, 14]


@pytest.mark.parametrize("why", ["few", "unpriced", "no years"])
def test_a_case_without_a_computed_saving_is_not_in_the_sum(
    case: CaseResult, make_saving: MakeSaving, why: str
) -> None:
    saving = make_saving({2020: HIGH_AND_LOW}, unpriced=0.5 if why == "unpriced" else 0.0)
    how = replace(told(*([] if why == "no years" else [2020])), minimum_participants=10_000 if why == "few" else 20)
    assert sum_of([(with_saving(case, "1", saving), how)]) is None
    assert sum_of([(CaseResult(case.investment), how)]) is None
