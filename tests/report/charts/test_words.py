"""Text alternatives: the figures of the printed table, in the language spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gevinst.curves.curve import Curve
from gevinst.language import speaking
from gevinst.report.charts import (
    BudgetResultRow,
    EstimatorRow,
    describe_budget_result,
    describe_curves,
    describe_estimators,
)


def test_the_printed_table_in_words(published: list[Curve]) -> None:
    with speaking("da"):
        text = describe_curves(published).replace("\xa0", " ")
    assert ("Efter 13 uger modtager 46,8 % i »mean 2017-2019«, 43,9 % i »2020« og 39,4 % i »2021H1« ydelsen."
            in text)
    assert "Efter 26 uger modtager 34,6 % i »mean 2017-2019« og 30,7 % i »2020« ydelsen." in text
    assert "»2021H1« kendes kun til og med uge 13." in text
    assert "konfidensinterval" not in text, "a published curve has none"


def test_english(published: list[Curve]) -> None:
    with speaking("en"):
        text = describe_curves(published)
    assert "After 13 weeks, 46.8% of “mean 2017-2019”" in text
    assert "“2020” is known up to week 39 only." in text


def test_the_definition_decides_the_words(published: list[Curve], followed: Callable[..., Curve]) -> None:
    curve = followed("Deltagere", 0.05, 30, 140)
    with speaking("da"):
        assert "endnu ikke forladt ydelsen" in describe_curves([curve])
        assert "endnu ikke været selvforsørgende" in describe_curves([replace(curve, outcome="any")])
        assert "offentlig forsørgelse" in describe_curves([replace(published[0], outcome="any")])
        assert "Båndene er 95 %-konfidensintervaller." in describe_curves([curve])


def test_a_short_curve_is_told_at_its_last_week(followed: Callable[..., Curve]) -> None:
    with speaking("da"):
        assert "Efter 9 uger har" in describe_curves([followed("Nye", 0.05, 9, 140)])


def test_nothing_to_tell(published: list[Curve]) -> None:
    blank = [replace(curve, points=()) for curve in published]
    with speaking("da"):
        assert describe_curves(blank) == "Ingen af kurverne har tal endnu."
        assert describe_budget_result([], unit="mio. kr.") == "Der er endnu ingen beløb at vise."
        assert describe_estimators([], unit="uger") == "Der er endnu ingen skøn at vise."


def test_amounts_and_estimates() -> None:
    rows = [BudgetResultRow(2021, "expected", -0.723, -1.1, -0.2), BudgetResultRow(2021, "budget", -1.724)]
    ladder = [EstimatorRow("Matchede", 0.9, rank=2), EstimatorRow("Resten", 2.64, 1.4, 3.8, headline=True, rank=1)]
    with speaking("da"):
        assert describe_budget_result(rows, unit="mio. kr.") == (
            "Søjler pr. år, mio. kr. 2021: budget −1,724 og forventet −0,723 (95 %-interval −1,100 til −0,200).")
        assert describe_estimators(ladder, unit="uger pr. deltager") == (
            "Skøn med intervaller, uger pr. deltager. Resten (hovedtal): 2,6 (95 %-interval 1,4 til 3,8). "
            "Matchede: 0,9.")
    with speaking("en"):
        assert "budget −1.724 and expected −0.723 (95% interval −1.100 to −0.200)" in describe_budget_result(
            rows, unit="DKK million")
