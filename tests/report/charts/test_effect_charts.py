"""The charts of an effect: valid, in order, told apart without colours, and described by their own numbers."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import altair
import pytest

from gevinst.language import Language, speaking
from gevinst.report.charts import (
    BalancePoint,
    EstimatorRow,
    OfHundred,
    balance_chart,
    describe_balance,
    describe_estimators,
    describe_hundred,
    estimator_chart,
    frequency_chart,
    render,
)

ROWS = [BalancePoint("Mand", -0.08, 0.01), BalancePoint("Alder", 0.31, -0.12), BalancePoint("Job", 0.15, 0.02)]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_specifications_are_valid_and_drawn(language: Language) -> None:
    with speaking(language):
        for spec in (balance_chart(ROWS), frequency_chart(OfHundred(46, 51))):
            altair.Chart.from_dict(spec, validate=True)
            assert "<svg" in render.svg(spec)


def test_covariates_stand_by_their_distance_before_whatever_order_they_come_in() -> None:
    spec = balance_chart(ROWS)
    assert [row["name"] for row in spec["datasets"]["rows"]] == ["Alder", "Job", "Mand"]
    assert all(balance_chart(list(mixed)) == spec for mixed in permutations(ROWS))


def test_a_love_plot_has_its_two_lines_and_sizes_without_signs() -> None:
    data = balance_chart(ROWS)["datasets"]
    assert [limit["limit"] for limit in data["limits"]] == [0.1, 0.2]
    assert {(row["name"], row["before"], row["after"]) for row in data["rows"]} == {
        ("Alder", 0.31, 0.12), ("Job", 0.15, 0.02), ("Mand", 0.08, 0.01)}
    assert len(data["points"]) == 6


def test_before_and_after_differ_by_shape_and_filling() -> None:
    encoding = balance_chart(ROWS)["layer"][3]["encoding"]
    assert encoding["shape"]["scale"]["range"] == ["circle", "diamond"]
    assert encoding["fill"]["scale"]["range"][0] == "#FFFFFF"


def test_where_nothing_was_weighted_there_is_one_dot_a_row() -> None:
    spec = balance_chart([BalancePoint("Mand", 0.3)])
    assert len(spec["datasets"]["points"]) == 1
    assert len(spec["layer"][3]["encoding"]["shape"]["scale"]["domain"]) == 1


@pytest.mark.parametrize(("hundred", "kinds"), [
    (OfHundred(46, 51), [46, 5, 49]), (OfHundred(51, 46), [46, 5, 49]), (OfHundred(46, 46), [46, 54]),
    (OfHundred(0, 3), [3, 97]), (OfHundred(100, 100), [100]),
])
def test_one_hundred_persons_are_drawn_and_no_more(hundred: OfHundred, kinds: list[int]) -> None:
    with speaking("da"):
        persons = frequency_chart(hundred)["datasets"]["persons"]
    assert len(persons) == 100
    assert len({(person["column"], person["row"]) for person in persons}) == 100
    assert list(Counter(person["kind"] for person in persons).values()) == kinds


def test_those_it_changed_have_a_shape_of_their_own() -> None:
    with speaking("da"):
        fewer, more = (frequency_chart(hundred)["encoding"]["shape"]["scale"] for hundred in
                       (OfHundred(46, 51), OfHundred(51, 46)))
    assert len(set(fewer["range"])) == 2
    assert fewer["range"][1] != more["range"][1]
    assert fewer["domain"][1] == "5 er ikke på ydelsen, men ville have været det uden indsatsen"
    assert more["domain"][1] == "5 er på ydelsen, men ville ikke have været det uden indsatsen"


def test_the_words_count_what_is_drawn() -> None:
    with speaking("da"):
        assert describe_hundred(OfHundred(46, 51)).startswith("Hundrede deltagere: 46 er stadig på ydelsen; 5 er ikke")
        told = describe_balance(ROWS)
    assert told == ("Forskelle i 3 egenskaber. Før vægtning er 2 over 0,1 og 1 over 0,2; størst er Alder (0,31). Efter "
                    "vægtning er 1 over 0,1 og 0 over 0,2; størst er Alder (0,12).")
    with speaking("en"):
        assert describe_balance([]) == "There are no covariates to show."


def test_long_names_take_room_from_the_plot_and_not_from_the_page() -> None:
    named = EstimatorRow("Earlier years, adjusted for the business cycle", -12.1, -20.2, 10.3, True, 1)
    wide, _ = render.size(estimator_chart([named], unit="weeks"))
    assert wide <= 672, "a wider one would be drawn with letters under eight points"
    short = estimator_chart([EstimatorRow("Kort", 1.0, 0.0, 2.0)], unit="uger")
    assert short["width"] == 310


def test_an_interval_without_a_point_is_drawn_and_told() -> None:
    rows = [EstimatorRow("Få", None, -0.6, 3.4, True, 1), EstimatorRow("Ingen", None, rank=2)]
    with speaking("da"):
        (drawn,) = estimator_chart(rows, unit="uger")["datasets"]["rows"]
        assert (drawn["value"], drawn["low"], drawn["printed"]) == (None, -0.6, "[−0,6; 3,4]")
        assert "Få (hovedtal): 95 %-interval −0,6 til 3,4." in describe_estimators(rows, unit="uger")
