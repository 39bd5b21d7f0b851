"""Benefits across a reform: one person's life by hand, and a world in which the reform only changed the label."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gevinst.analyst import estimate_curve
from gevinst.cohorts.build import build_cohort, together
from gevinst.cohorts.definition import Inflow, Participants, Stock
from gevinst.cohorts.histories import build_histories
from gevinst.cohorts.prepare import Prepared, prepare
from gevinst.curves.estimate import estimate_curve as curve_of
from gevinst.parameters.benefits import benefits
from gevinst.parameters.definition_breaks import Carried, national_breaks
from gevinst.weeks import monday, sunday, week_of

E, S, K, A = "uddannelseshjaelp", "sho", "kontanthjaelp", "a-dagpenge"
DAY = date(2025, 7, 1)  # a Tuesday
W = week_of(DAY)
BREAKS = national_breaks()
HORIZON = W + 30
EARLY = (99, A, date(2024, 1, 1), date(2024, 2, 1))  # so that the register reaches back before the reform


def runs(prepared: Prepared, benefit: str) -> list[tuple[int, int, int, int]]:
    """Person, first week, week after the last, week since when; weeks counted from the reform's."""
    found = prepared.tables.backend.to_arrow(prepared.runs.filter(prepared.runs.benefit == benefit)).to_pylist()
    return sorted((r["person"], r["start_week"] - W, r["end_week"] - W, r["since_week"] - W) for r in found)


def shares(prepared: Prepared, definition: Any, weeks: int) -> list[float | None]:
    cohort = together((build_cohort(definition, prepared, label="x"),), "trials")
    curve = curve_of(cohort, weeks, label="x", benefit=definition.benefit, definition="with_relapse",
                           outcome="same", maturity="available").curve
    return [point.share for point in curve.points]


def test_a_person_who_crosses_the_reform_has_not_left(make_tables) -> None:
    person = [EARLY, (1, E, date(2025, 1, 6), DAY), (1, K, DAY, date(2025, 10, 6))]
    tables = make_tables(person, horizon=HORIZON)
    inflow = Inflow(E, date(2025, 1, 1), date(2025, 6, 30))
    cut = shares(prepare(tables), inflow, 40)
    carried = shares(prepare(tables, breaks=BREAKS), inflow, 40)
    left, really_left = W + 1 - week_of(date(2025, 1, 6)), week_of(date(2025, 10, 6)) - week_of(date(2025, 1, 6))
    assert cut == [1.0] * left + [0.0] * (41 - left)
    assert carried == [1.0] * really_left + [0.0] * (41 - really_left)
    assert runs(prepare(tables, breaks=BREAKS), E) == [(1, -25, 14, -25)]


def test_the_exit_of_the_first_spell_is_the_real_one(make_tables) -> None:
    tables = make_tables([EARLY, (1, E, date(2025, 1, 6), DAY), (1, K, DAY, date(2025, 10, 6))], horizon=HORIZON)
    prepared = prepare(tables, breaks=BREAKS)
    row = tables.backend.to_arrow(prepared.runs.filter(prepared.runs.benefit == E)).to_pylist()[0]
    assert (row["exit_week"] - W, row["exit_known"]) == (14, True)


def test_who_was_handed_over_is_no_inflow_to_the_new_benefit(make_tables) -> None:
    tables = make_tables([
        EARLY,
        (1, E, date(2025, 1, 6), DAY), (1, K, DAY, None),
        (2, K, date(2025, 3, 3), None),  # on it all along
        (3, K, date(2025, 9, 1), None),  # new after the reform
        (4, E, date(2025, 1, 6), date(2025, 3, 3)), (4, K, date(2025, 9, 1), None),  # away for half a year
    ], horizon=HORIZON)  # fmt: skip
    prepared = prepare(tables, breaks=BREAKS)

    def entered(benefit: str, plain: Prepared = prepared) -> list[int]:
        cohort = build_cohort(Inflow(benefit, date(2025, 6, 30), date(2025, 12, 31)), plain)
        return sorted(plain.tables.backend.to_arrow(cohort.trials)["person"].to_pylist())

    assert entered(K, prepare(tables)) == [1, 3, 4]
    assert entered(K) == [3, 4]
    assert entered(E) == [3, 4]  # after the reform it is the same benefit
    # Person 2 was on social assistance before the day and stays so: she is on no other benefit because of it.
    assert runs(prepared, E) == [(1, -25, 31, -25), (3, 9, 31, 9), (4, -25, -17, -25), (4, 9, 31, 9)]
    assert runs(prepared, K) == [(1, 0, 31, -25), (2, -17, 31, -17), (3, 9, 31, 9), (4, 9, 31, 9)]
    assert runs(prepared, S) == [(3, 9, 31, 9), (4, 9, 31, 9)]


def test_moving_between_them_before_the_day_stays_an_exit(make_tables) -> None:
    moved = [EARLY, (1, E, date(2024, 6, 3), date(2025, 3, 3)), (1, K, date(2025, 3, 3), None)]
    prepared = prepare(make_tables(moved, horizon=HORIZON), breaks=BREAKS)
    assert runs(prepared, E) == [(1, week_of(date(2024, 6, 3)) - W, -17, week_of(date(2024, 6, 3)) - W)]
    assert runs(prepared, K) == [(1, -17, 31, -17)]


def test_weeks_before_the_reform_count_as_elapsed_on_the_new_benefit(make_tables) -> None:
    spells = [EARLY, (1, E, date(2025, 1, 6), DAY), (1, K, DAY, None), (2, K, date(2025, 7, 7), None)]
    start = monday(W + 10)
    tables = make_tables(spells, horizon=HORIZON, participants=[(1, "x", start, None), (2, "x", start, None)])
    prepared = prepare(tables, breaks=BREAKS)
    fetch = tables.backend.to_arrow

    def elapsed(definition: Any, plain: Prepared = prepared) -> dict[int, int]:
        return {r["person"]: r["elapsed"] for r in fetch(build_cohort(definition, plain).trials).to_pylist()}

    assert elapsed(Participants("x", K)) == elapsed(Stock(K, W + 10)) == {1: 35, 2: 9}
    assert elapsed(Participants("x", K), prepare(tables)) == {1: 10, 2: 9}
    assert elapsed(Stock(K, W + 10, min_elapsed_weeks=20)) == {1: 35}
    histories = build_histories(prepared, None, [(K, 4), (E, 4)], benefits(), W - 5)
    column = histories.column(W + 10)
    assert histories.elapsed[K, 4][:, column].tolist() == [35, 9]
    assert histories.elapsed[E, 4][:, column].tolist() == [35, 9]
    on = (histories.state & histories.bit(E)) != 0
    assert on[0, histories.column(W - 5):].all()


def test_with_no_break_inside_the_data_nothing_changes(make_tables) -> None:
    spells = [EARLY, (1, E, date(2024, 1, 8), date(2025, 5, 5)), (2, K, date(2024, 9, 2), None)]
    tables = make_tables(spells, horizon=W - 1)  # the reform is the week after the last known one
    with_breaks, without = prepare(tables, breaks=BREAKS), prepare(tables)
    assert with_breaks.spells.equals(without.spells)

    def fetched(prepared: Prepared) -> pa.Table:
        return tables.backend.to_arrow(prepared.runs.order_by(["person", "benefit", "start_week"]))

    assert fetched(with_breaks).equals(fetched(without))


@pytest.mark.parametrize("switch", ["day unknown", "carries nothing", "another source", "other day"])
def test_the_break_object_switches_it(make_tables, switch: str) -> None:
    reform = next(one for one in BREAKS if one.carried_benefits)
    changed = {
        "day unknown": replace(reform, day=None),
        "carries nothing": replace(reform, carried_benefits=()),
        "another source": replace(reform, sources=("jobindsats",)),
        "other day": replace(reform, day=date(2024, 9, 2)),
    }[switch]
    tables = make_tables([EARLY, (1, E, date(2025, 1, 6), DAY), (1, K, DAY, None)], horizon=HORIZON)
    found = runs(prepare(tables, breaks=[changed]), E)
    assert found == ([(1, -25, 1, -25)] if switch != "other day" else [(1, -25, 31, -25)])


def test_two_reforms_in_a_row(make_tables) -> None:
    first = next(one for one in BREAKS if one.carried_benefits)
    second = replace(first, key="again", day=date(2025, 10, 6), carried_benefits=(Carried(K, "ny"),))
    tables = make_tables(
        [EARLY, (1, E, date(2025, 1, 6), DAY), (1, K, DAY, date(2025, 10, 6)), (1, "ny", date(2025, 10, 6), None)],
        horizon=HORIZON)
    prepared = prepare(tables, breaks=[second, first])
    assert runs(prepared, E) == [(1, -25, 31, -25)]
    assert runs(prepared, K) == [(1, 0, 31, -25)]
    assert [row[3] for row in runs(prepared, "ny")] == [0 + W - W]  # since its predecessor's own start


def test_a_calendar_month_is_the_rule_across_the_reform_too(make_tables) -> None:
    """Off from 10 June until 4 August: all of July lies between. Off until 14 July: no whole month does."""
    tables = make_tables([
        EARLY,
        (1, E, date(2025, 1, 6), date(2025, 6, 10)), (1, K, date(2025, 8, 4), None),
        (2, E, date(2025, 1, 6), date(2025, 6, 23)), (2, K, date(2025, 7, 14), None),
    ], horizon=HORIZON)  # fmt: skip
    prepared = prepare(tables, exit_after="calendar_month", breaks=BREAKS)
    found = tables.backend.to_arrow(prepared.runs.filter(prepared.runs.benefit == E)).to_pylist()
    first = {row["person"]: row["exit_week"] for row in found if row["start_week"] < W}
    assert first == {1: week_of(date(2025, 6, 9)) + 1, 2: HORIZON + 1}


def test_the_analysts_curve_goes_on_across_the_reform(tmp_path: Path) -> None:
    rows = [f"{10_000 + n};uddannelseshjælp;2025-01-06;2025-06-30" for n in range(20)]
    rows += [f"{10_000 + n};kontanthjælp;2025-07-01;2025-12-28" for n in range(15)]
    rows += ["90000;a-dagpenge;2024-01-01;2024-02-01", "90001;sygedagpenge;2026-01-05;2026-01-11"]
    (tmp_path / "spells.csv").write_text("person_id;benefit;start_date;end_date\n" + "\n".join(rows) + "\n")
    table = estimate_curve(tmp_path, benefit="uddannelseshjælp", from_date="2025-01-01", to_date="2025-01-31",
                           weeks=[25, 26, 50, 51])
    assert table["share"].to_pylist() == [1.0, 0.75, 0.75, 0.0]


def relabelled(person: int, first: int, after: int) -> list[tuple[int, str, date, date | None]]:
    """Weeks `[first, after)` from the reform's: education assistance before the day, social assistance from it."""
    start, end = monday(W + first), sunday(W + after - 1)
    stop = date.fromordinal(end.toordinal() + 1)
    if end < DAY:
        return [(person, E, start, stop)]
    if start >= DAY:
        return [(person, K, start, stop)]
    return [(person, E, start, DAY), (person, K, DAY, stop)]


@pytest.mark.parametrize("gap", [1, 2, 5])
def test_a_reform_that_only_changes_the_label_changes_no_run(make_tables, gap: int) -> None:
    """Four hundred persons with weeks here and there around the day."""
    draw = np.random.default_rng(gap)
    people = [np.flatnonzero(draw.random(41) < draw.choice([0.2, 0.6, 0.9])) - 20 for _ in range(400)]
    spells = [(p, int(week)) for p, weeks in enumerate(people, 100) for week in weeks]
    one = make_tables([EARLY, *((p, E, monday(W + w), monday(W + w + 1)) for p, w in spells)], horizon=W + 24)
    two = make_tables([EARLY, *(row for p, w in spells for row in relabelled(p, w, w + 1))], horizon=W + 24)
    keep = ["person", "start_week", "end_week", "gap_before", "exit_week", "exit_known", "since_week"]

    def table(prepared: Prepared) -> list[dict[str, Any]]:
        mine = prepared.runs.filter(prepared.runs.benefit == E).select(*keep).order_by(["person", "start_week"])
        return list(prepared.tables.backend.to_arrow(mine).to_pylist())

    found = table(prepare(two, exit_after=gap, breaks=BREAKS))
    assert found == table(prepare(one, exit_after=gap))
    assert len(found) > 1000


def test_no_week_before_the_day_changes(make_tables) -> None:
    """A thousand spells of the three benefits at random, many of them side by side."""
    draw = np.random.default_rng(7)
    spells = [EARLY, *((int(p), [E, S, K][b], monday(W + int(w)), monday(W + int(w + n))) for p, b, w, n in zip(
        draw.integers(0, 200, 1000), draw.integers(0, 3, 1000), draw.integers(-20, 19, 1000),
        draw.integers(1, 13, 1000), strict=True))]
    tables = make_tables(spells, horizon=W + 24)

    def weeks(prepared: Prepared) -> tuple[set[tuple[str, int, int]], set[tuple[str, int, int]]]:
        found = prepared.tables.backend.to_arrow(prepared.spells).to_pylist()
        every = {(r["benefit"], r["person"], week) for r in found for week in range(r["start_week"], r["end_week"])}
        return {one for one in every if one[2] < W}, every

    before, every = weeks(prepare(tables, breaks=BREAKS))
    plain, all_plain = weeks(prepare(tables))
    assert before == plain
    # What is added after the day is a week on the new benefit, of the same person.
    assert every > all_plain
    assert {(K, person, week) for _, person, week in every - all_plain} <= all_plain
