"""Stop rules applied as agreed: each measure on both sides of its limit, before its day, and where it is left open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gevinst.economy.saving import Saving
from gevinst.follow_up.figures import Figure, Source
from gevinst.follow_up.paid_off import HeldAgainst
from gevinst.follow_up.status_stop import Known, Started, Verdict, verdicts
from gevinst.follow_up.status_words import verdict_words
from gevinst.follow_up.table import FollowUp, follow_up
from gevinst.language import LANGUAGES, speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import national_book
from gevinst.register.business_case import (
    Basis,
    HeadCount,
    Investment,
    Line,
    Portfolio,
    StopMeasure,
    StopRule,
    TargetGroup,
)

DAY = date(2021, 12, 31)
TODAY = date(2022, 3, 1)
P20 = PriceLevel(2020)
CASE = Investment("2", "net", "Net", TargetGroup("ledige", "a-dagpenge"))
WHOLE = Portfolio("p", "P", "By", (2020, 2021, 2022), P20, (CASE,))


def table(rows: dict[int, tuple[int, int]], level: PriceLevel = CURRENT, source: Source = "recorded") -> FollowUp:
    figures = [
        Figure("2", line, year, Basis.REALISED, Amount.dkk(dkk, level), source)
        for year, pair in rows.items() for line, dkk in zip((Line.INVESTMENT, Line.SAVING), pair, strict=True)
    ]  # fmt: skip
    return follow_up(CASE, WHOLE, figures, level)


RESULT = table({2020: (300_000, -100_000), 2021: (300_000, -400_000)})


def judged(rule: StopRule, known: Known, today: date = TODAY, case: Investment = CASE) -> Verdict:
    (found,) = verdicts(replace(case, stop_rules=(rule,)), WHOLE.years, today, known, national_book())
    for language in LANGUAGES:
        with speaking(language):
            assert verdict_words(found, 5).endswith(".")
    return found


def least(measure: StopMeasure, value: str, day: date = DAY) -> StopRule:
    return StopRule(day, measure, Decimal(value))


def most(measure: StopMeasure, kroner: int, level: PriceLevel = CURRENT, day: date = DAY) -> StopRule:
    return StopRule(day, measure, at_most=Amount.dkk(kroner, level))


def test_before_its_day_a_rule_says_nothing() -> None:
    rule = most(StopMeasure.SAVING, -900_000)
    assert judged(rule, Known(RESULT), date(2021, 12, 30)).outcome == "not-due"
    assert judged(rule, Known(RESULT), DAY).outcome == "fulfilled", "on the day it does"


def test_saving_and_net_of_the_years_that_were_over() -> None:
    """Saved 500,000 in both years; net a cost of 100,000."""
    for kroner, outcome in ((-500_001, "fulfilled"), (-500_000, "not-fulfilled"), (-499_999, "not-fulfilled")):
        found = judged(most(StopMeasure.SAVING, kroner), Known(RESULT))
        assert (found.outcome, found.amount, found.years) == (outcome, Amount.dkk(-500_000, CURRENT), (2020, 2021))
    for kroner, outcome in ((99_999, "fulfilled"), (100_000, "not-fulfilled")):
        assert judged(most(StopMeasure.NET, kroner), Known(RESULT)).outcome == outcome
    first = judged(most(StopMeasure.SAVING, -200_000, day=date(2021, 6, 30)), Known(RESULT))
    assert (first.outcome, first.amount, first.years) == ("fulfilled", Amount.dkk(-100_000, CURRENT), (2020,))


def test_a_year_without_a_result_leaves_it_open() -> None:
    half = table({2020: (300_000, -100_000)})
    found = judged(most(StopMeasure.SAVING, -1), Known(half))
    assert (found.outcome, found.why, found.amount) == ("undecided", "no-result", None)
    early = judged(most(StopMeasure.SAVING, -1, day=date(2020, 6, 1)), Known(RESULT))
    assert (early.outcome, early.years) == ("undecided", ())


def test_a_rule_at_another_price_level_is_converted_or_left_open() -> None:
    """A-dagpenge was regulated by 1.25 % from 2020 to 2021: 400,000 of 2021 is 395,062 in 2020's prices."""
    found = judged(most(StopMeasure.SAVING, -480_000, P20), Known(RESULT))
    assert found.amount is not None
    assert float(found.amount.in_dkk) == pytest.approx(-100_000 - 400_000 / 1.0125, abs=0.01)
    assert found.outcome == "not-fulfilled"
    net = judged(most(StopMeasure.NET, 0, P20), Known(RESULT))
    assert (net.outcome, net.why) == ("undecided", "level")
    no_benefit = replace(CASE, target_group=TargetGroup("unge"))
    assert judged(most(StopMeasure.SAVING, 0, P20), Known(RESULT), case=no_benefit).why == "level"
    unknown = replace(CASE, target_group=TargetGroup("unge", "ressourceforloeb"))
    assert judged(most(StopMeasure.SAVING, 0, P20), Known(RESULT), case=unknown).why == "level"


def test_persons_started_and_what_may_be_told_of_them() -> None:
    rule = least(StopMeasure.STARTS, "40")
    known = {DAY: Started(37, True, 37)}
    found = judged(rule, Known(RESULT, started=known))
    assert (found.outcome, found.number) == ("fulfilled", Decimal(37))
    assert judged(rule, Known(RESULT, started={DAY: Started(40, True, 40)})).outcome == "not-fulfilled"
    assert judged(rule, Known(RESULT)).why == "no-data"
    assert judged(rule, Known(RESULT, started={DAY: Started(37, False, 37)})).why == "data-end"
    enough = judged(rule, Known(RESULT, started={DAY: Started(41, False, 41)}))
    assert enough.outcome == "not-fulfilled", "more cannot make it fewer"
    few = judged(rule, Known(RESULT, started={DAY: Started(3, True, None)}))
    assert (few.outcome, few.number) == ("fulfilled", None)
    assert "3" not in verdict_words(few, 5).replace("31-12-2021", "")
    tiny = judged(least(StopMeasure.STARTS, "3"), Known(RESULT, started={DAY: Started(2, True, None)}))
    assert (tiny.outcome, tiny.why) == ("undecided", "hidden"), "the answer itself would tell of few"


def test_full_time_participants_and_placements() -> None:
    rule = least(StopMeasure.FULL_TIME, "30")
    assert judged(rule, Known(RESULT, full_time={2021: Decimal("29.5")})).outcome == "fulfilled"
    assert judged(rule, Known(RESULT, full_time={2021: Decimal(30)})).outcome == "not-fulfilled"
    assert judged(rule, Known(RESULT, full_time={2020: Decimal(50)})).why == "no-data"
    few = judged(rule, Known(RESULT, full_time={2021: None}))
    assert (few.outcome, few.number) == ("fulfilled", None)
    counts = (HeadCount(date(2021, 12, 1), 28, 40), HeadCount(date(2021, 6, 1), 35, 40), HeadCount(TODAY, 60, 40))
    placed = judged(rule, Known(RESULT), case=replace(CASE, head_counts=counts))
    assert (placed.outcome, placed.number) == ("fulfilled", Decimal(28)), "the last count by the day"
    tiny = judged(least(StopMeasure.FULL_TIME, "2"), Known(RESULT, full_time={2021: None}))
    assert tiny.why == "hidden"


def test_probabilities_are_those_of_the_years_that_were_over(make_saving: Callable[..., Saving]) -> None:
    """Of -450, -250, -340, -550 in both years together two cover 400; of 2020's -50, -150, -90, -200 two cover 100."""
    saving = make_saving({2020: [-100.0, -50.0, -150.0, -90.0, -200.0], 2021: [-300.0, -400.0, -100.0, -250.0, -350.0],
                          2022: [-1e6] * 5})  # fmt: skip
    against = HeldAgainst({2020: 100.0, 2021: 300.0, 2022: 1.0}, {2020: -60.0, 2021: -300.0, 2022: -1.0})
    known = Known(RESULT, saving, against, (2020, 2021, 2022))
    for value, outcome in (("0.51", "fulfilled"), ("0.5", "not-fulfilled")):
        found = judged(least(StopMeasure.COVERS_INVESTMENT, value), known)
        assert (found.outcome, found.number, found.years) == (outcome, Decimal("0.5"), (2020, 2021))
    first = judged(least(StopMeasure.REACHES_BUDGET, "0.8", date(2020, 12, 31)), known)
    assert (first.outcome, first.number) == ("fulfilled", Decimal("0.75"))
    for why in ("too-few", "method", "no-result"):
        assert judged(least(StopMeasure.REACHES_BUDGET, "0.8"), Known(RESULT, why_not=why)).why == why
    short = Known(RESULT, saving, against, (2020,))
    assert judged(least(StopMeasure.REACHES_BUDGET, "0.8"), short).why == "no-result"
    unpaid = Known(RESULT, saving, HeldAgainst({}, {}), (2020, 2021))
    assert judged(least(StopMeasure.COVERS_INVESTMENT, "0.8"), unpaid).why == "no-result"


def test_a_saving_by_a_biased_method_decides_nothing() -> None:
    computed = table({2020: (300_000, -100_000), 2021: (300_000, -400_000)}, source="computed")
    assert judged(most(StopMeasure.SAVING, 0), Known(computed, why_not="method")).why == "method"
    assert judged(most(StopMeasure.SAVING, 0), Known(RESULT, why_not="method")).outcome == "not-fulfilled"


def test_the_words_say_what_was_agreed_and_where() -> None:
    rule = replace(least(StopMeasure.STARTS, "40"), source="Udvalget 1-12-2020")
    told = verdict_words(judged(rule, Known(RESULT, started={DAY: Started(37, True, 37)})), 5)
    assert told == ("Stopreglen, der ses på den 31-12-2021 (færre end 40 borgere er startet), er opfyldt: 37. Aftalt: "
                    "Udvalget 1-12-2020.")
    rules = (most(StopMeasure.SAVING, 0), least(StopMeasure.STARTS, "40", date(2020, 7, 1)))
    found = verdicts(replace(CASE, stop_rules=rules), WHOLE.years, TODAY, Known(RESULT), national_book())
    assert [one.rule.date for one in found] == [date(2020, 7, 1), DAY]


def test_a_verdict_that_would_tell_of_few_is_not_given() -> None:
    """A number that is hidden because another is few: 41 of 43. That fewer than 40 did not start would tell of two."""
    hidden = {DAY: Started(41, True, None)}
    assert judged(least(StopMeasure.STARTS, "40"), Known(RESULT, started=hidden)).why == "hidden"
    far = judged(least(StopMeasure.STARTS, "30"), Known(RESULT, started=hidden))
    assert (far.outcome, far.number) == ("not-fulfilled", None)
