"""Every rule of the data-quality report fires on its own planted fault, and on no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.parameters.benefits import benefits
from gevinst.parameters.definition_breaks import national_breaks
from gevinst.parameters.quality_rules import QualityRule, national_rules, open_rules
from gevinst.quality import quality_alone
from gevinst.register.data_quality import DataQuality, Measured, Month, Outcome, QualityMeasures, Verdict, worst
from gevinst.register.data_quality_months import beside_published, next_month, published_by_month, thin_months
from gevinst.register.data_quality_report import Told, measure_quality, repeated_rows
from gevinst.register.person_tables import open_person_tables
from gevinst.sources.ingest import read_folder
from gevinst.sources.manifest import Manifest
from gevinst.sources.pseudonym import IN_MEMORY_KEY
from gevinst.sources.report import FilePart, FileReport

A, S = "a-dagpenge", "sygedagpenge"
FIRST, LAST = date(2021, 1, 4), date(2023, 6, 25)  # a Monday and a Sunday
TAKEN = LAST + timedelta(days=20)
DAY = timedelta(days=1)


@dataclass
class Made:
    """A made-up register with nothing wrong, as the rows of its files."""

    spells: list[dict[str, Any]] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)
    participants: list[dict[str, Any]] = field(default_factory=list)
    published_counts: list[dict[str, Any]] = field(default_factory=list)


def made() -> Made:
    """Twelve spells a week, one to a person, of 6 to 29 weeks, begun on every day of the week; the last still run."""
    town, number = Made(), 0
    for week in range(-32, (LAST - FIRST).days // 7 + 1):
        for turn in range(12):
            start = FIRST + timedelta(days=7 * week + (turn + week) % 7)
            stop = start + timedelta(days=7 * (6 + (7 * turn + 5 * week) % 24) - 1)
            if stop < FIRST or start > LAST:
                continue
            number += 1
            person = str(100_000 + number)
            town.spells.append({"person_id": person, "benefit": A if turn % 2 else S, "start_date": start,
                                "end_date": None if stop > LAST else stop, "degree": 1.0})
            town.persons.append({"person_id": person, "age": 20 + number % 40, "sex": "km"[number % 2]})
            if number % 10 == 0 and start > FIRST:
                town.participants.append(
                    {"person_id": person, "investment": "x", "start_date": start, "end_date": None})
    town.published_counts = published(town.spells)
    return town


def published(spells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Full-time persons by benefit and month, day by day."""
    month, rows = date(2021, 2, 1), []
    while next_month(month) <= LAST + DAY:
        for benefit in (A, S):
            days = sum(
                max(0, (min((s["end_date"] or LAST) + DAY, next_month(month)) - max(s["start_date"], month)).days)
                for s in spells if s["benefit"] == benefit)
            full_time = f"{days / (next_month(month) - month).days:.2f}"
            rows.append({"benefit": benefit, "month": month, "municipality": "", "persons": "",
                         "full_time_persons": full_time, "source": "jobindsats"})
        month = next_month(month)
    return rows


def write(folder: Path, town: Made) -> None:
    folder.mkdir(parents=True)
    for name, rows in vars(town).items():
        if rows:
            head = list(rows[0])
            lines = [";".join("" if row[key] is None else str(row[key]) for key in head) for row in rows]
            (folder / f"{name}.csv").write_text("\n".join([";".join(head), *lines]) + "\n", encoding="utf-8")


def checked(folder: Path, town: Made, backend: Backend, **changed: Any) -> DataQuality:
    write(folder / "source", town)
    (folder / "stored").mkdir()
    read_folder(folder / "source", folder / "stored", key=IN_MEMORY_KEY, today=TAKEN, max_rejected_share=0.5)
    told = Told(national_rules(), national_breaks(), benefits(), TAKEN, "999")
    found = measure_quality(open_person_tables(folder / "stored", backend), replace(told, **changed))
    return quality_alone(found, Rules())


def fired(report: DataQuality) -> dict[str, Verdict]:
    return {one.rule.key: one.verdict for one in report.outcomes
            if one.verdict in (Verdict.WARNING, Verdict.SERIOUS)}


def test_files_of_persons_beside_each_other_do_not_repeat_rows() -> None:
    """As many rows as the larger file has are the persons; what is beyond both files once is repeated."""
    def said(rows: tuple[int, ...], again: int) -> tuple[int, int]:
        parts = tuple(FilePart(f"{n}.csv", "", n, 0, "canonical") for n in rows)
        file = FileReport("a", "persons", "", sum(rows), sum(rows), 0, again, 0, sum(rows) - again, parts=parts)
        [one] = repeated_rows(Manifest(datetime(2023, 7, 15, tzinfo=UTC), "", "", None, None, (file,), (), ""))
        return one.count, one.of

    assert said((100, 100), 100) == (0, 100)
    assert said((100, 40), 40) == (0, 100)
    assert said((100, 40), 50) == (10, 100)
    assert said((100,), 5) == (5, 100)


def test_a_register_with_nothing_wrong(tmp_path: Path, duckdb_backend: Backend) -> None:
    report = checked(tmp_path, made(), duckdb_backend)
    assert fired(report) == {}
    assert {one.rule.key: one.verdict for one in report.outcomes} == dict.fromkeys(national_rules(), Verdict.OK)
    assert report.verdict is Verdict.OK
    assert all(one.published == pytest.approx(one.full_time, abs=0.051) for one in report.months
               if one.published is not None)
    assert sum(one.published is not None for one in report.months) > 50


def test_a_break_at_the_publisher_is_drawn_only_beside_published_counts(
    tmp_path: Path, duckdb_backend: Backend
) -> None:
    own = replace(next(one for one in national_breaks() if one.key == "fleur-2017"), day=date(2022, 3, 1))
    town = made()
    assert [mark.day for mark in checked(tmp_path / "a", town, duckdb_backend, breaks=(own,)).breaks] == [own.day]
    town.published_counts = []
    assert checked(tmp_path / "b", town, duckdb_backend, breaks=(own,)).breaks == ()
    ours = replace(own, sources=())
    assert [mark.day for mark in checked(tmp_path / "c", town, duckdb_backend, breaks=(ours,)).breaks] == [own.day]


# The faults


def without_a_month(town: Made) -> None:
    """The spells that begin in March 2022 are not in the extract, and nobody publishes counts of that year."""
    gone = {s["person_id"] for s in town.spells if s["start_date"].isoformat()[:7] == "2022-03"}
    town.spells = [s for s in town.spells if s["person_id"] not in gone]
    town.persons = [p for p in town.persons if p["person_id"] not in gone]
    town.participants = [p for p in town.participants if p["person_id"] not in gone]
    town.published_counts = published(town.spells)


def late(town: Made) -> None:
    """Nobody who began in the last three weeks is in the extract yet."""
    gone = {s["person_id"] for s in town.spells if s["start_date"] > LAST - timedelta(days=21)}
    town.spells = [s for s in town.spells if s["person_id"] not in gone]
    town.persons = [p for p in town.persons if p["person_id"] not in gone]
    town.participants = [p for p in town.participants if p["person_id"] not in gone]
    # So that the data go on to the same day.
    next(s for s in town.spells if s["end_date"] is None)["end_date"] = LAST
    town.published_counts = published(town.spells)


def impossible(town: Made) -> None:
    for n in range(40):
        town.spells.append({**town.spells[n], "start_date": "31-02-2022", "end_date": ""})


def unknown_benefits(town: Made) -> None:
    for n in range(40):
        town.spells.append({**town.spells[n], "benefit": "folkekøkken"})


def twice(town: Made) -> None:
    town.spells += [dict(s) for s in town.spells[:400]]


def holes(town: Made) -> None:
    """Two weeks are missing in the middle of every fourth spell; publication lacks them too."""
    cut = []
    for at, s in enumerate(town.spells):
        if at % 4 == 0 and s["start_date"] > FIRST and s["end_date"] and (s["end_date"] - s["start_date"]).days > 60:
            cut.append({**s, "start_date": s["start_date"] + timedelta(days=42)})
            s["end_date"] = s["start_date"] + timedelta(days=27)
    town.spells += cut
    town.published_counts = published(town.spells)


def both_at_once(town: Made) -> None:
    """Thirty are on sickness benefit and on unemployment insurance for seven weeks."""
    chosen = [s for s in town.spells if s["benefit"] == A and s["end_date"] and s["start_date"].year == 2022][:60]
    for s in chosen:
        town.spells.append({**s, "benefit": S, "start_date": s["start_date"] + 3 * DAY, "end_date": s["end_date"]})
    town.published_counts = published(town.spells)


def never_ended(town: Made) -> None:
    for n in range(20):
        person = str(200_000 + n)
        town.spells.append({"person_id": person, "benefit": A, "start_date": date(2010, 3, 2 + n), "end_date": None,
                            "degree": 1.0})
        town.persons.append({"person_id": person, "age": 50, "sex": "k"})
    town.published_counts = published(town.spells)


def monthly(town: Made) -> None:
    """Every spell of one benefit begins on the first of its month."""
    for s in town.spells:
        if s["benefit"] == A:
            s["start_date"] = s["start_date"].replace(day=1)
    town.published_counts = published(town.spells)


def hours_for_degrees(town: Made) -> None:
    """A tenth have a degree in another unit; the others count for them, so that the counts stay."""
    for s in town.spells[::10]:
        s["degree"] = 0.02
    town.published_counts = []


def took_part_while_off(town: Made) -> None:
    for row in town.participants[::2]:
        spell = next(s for s in town.spells if s["person_id"] == row["person_id"])
        row["start_date"] = min(spell["start_date"] + timedelta(days=7 * 40), LAST) if spell["end_date"] else (
            row["start_date"])


def persons_left_out(town: Made) -> None:
    town.persons = [p for at, p in enumerate(town.persons) if at % 12]


def persons_of_nobody(town: Made) -> None:
    town.persons += [{"person_id": str(300_000 + n), "age": 40, "sex": "m"} for n in range(300)]


def wrong_ages(town: Made) -> None:
    for p in town.persons[:20]:
        p["age"] = 140


def sex_unknown(town: Made) -> None:
    for p in town.persons[::5]:
        p["sex"] = ""


def published_higher(town: Made) -> None:
    for row in town.published_counts:
        if row["benefit"] == A:
            row["full_time_persons"] = f"{float(row['full_time_persons']) * 1.1:.2f}"


FAULTS: dict[str, Callable[[Made], None]] = {
    "thin-months": without_a_month,
    "reporting-lag": late,
    "impossible-dates": impossible,
    "rejected-rows": unknown_benefits,
    "repeated-rows": twice,
    "short-gaps": holes,
    "overlaps": both_at_once,
    "old-running": never_ended,
    "starts-on-the-first": monthly,
    "small-degrees": hours_for_degrees,
    "participants-without-spells": took_part_while_off,
    "spells-without-persons": persons_left_out,
    "persons-without-spells": persons_of_nobody,
    "implausible-ages": wrong_ages,
    "missing-covariates": sex_unknown,
    "published-counts": published_higher,
}


def test_every_rule_but_the_age_of_the_data_has_its_fault() -> None:
    assert set(FAULTS) | {"age-of-data"} == set(national_rules())


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_fires_its_own_rule_and_no_other(tmp_path: Path, duckdb_backend: Backend, rule: str) -> None:
    town = made()
    FAULTS[rule](town)
    report = checked(tmp_path, town, duckdb_backend)
    assert set(fired(report)) == {rule}, [one.findings for one in report.outcomes]


def test_old_data_are_old(tmp_path: Path, duckdb_backend: Backend) -> None:
    report = checked(tmp_path, made(), duckdb_backend, taken=LAST + timedelta(days=100))
    assert fired(report) == {"age-of-data": Verdict.WARNING}
    assert report.outcome("age-of-data").findings[0].value == 100


def test_the_lag_is_what_came_with_the_next_delivery(tmp_path: Path, duckdb_backend: Backend) -> None:
    """Six weeks were not whole in the delivery before; four are set up, so two too few."""
    late = tuple((week, 30 if week < 6 else 7 if week == 20 else 1, 100) for week in range(26))
    report = checked(tmp_path, made(), duckdb_backend, late=late, lag_weeks=4)
    assert fired(report) == {"reporting-lag": Verdict.WARNING}
    (finding,) = report.outcome("reporting-lag").findings
    assert (finding.subject, finding.value, finding.count) == (("lag-diff", "6", "4"), 2.0, 6)
    assert [(point.weeks, point.known) for point in report.lag[4:]] == [(4, 0.7), (5, 0.7), (20, 0.93)], "one is few"


def months(counts: list[int], benefit: str = "kontanthjaelp") -> list[Month]:
    return [Month(benefit, date(2025, 1 + at, 1), count, float(count), count, count)
            for at, count in enumerate(counts)]


def test_a_reform_is_no_missing_month() -> None:
    """From July 2025 the benefit holds three times as many; June is held against the months before alone."""
    rule, breaks = national_rules()["thin-months"], national_breaks()
    rows = months([100, 100, 100, 100, 100, 100, 400, 400, 400, 400, 400, 400])
    assert max(one.value for one in thin_months(rows, rule, breaks)) == 0.0
    assert max(one.value for one in thin_months(rows, rule, ())) == 0.6


def test_a_month_in_which_nobody_is_there() -> None:
    rule = national_rules()["thin-months"]
    found = {one.subject: one.value for one in thin_months(months([50, 50, 0, 50, 50, 0, 0]), rule, ())}
    assert found["kontanthjaelp", "2025-03", "starts"] == 1.0
    assert ("kontanthjaelp", "2025-06", "starts") not in found  # after its last month a benefit may be over


def test_a_drop_that_chance_may_give_is_none() -> None:
    rule = national_rules()["thin-months"]
    worst_of = {n: max(one.value for one in thin_months(months([50, 50, 50, n, 50, 50, 50]), rule, ()))
                for n in (22, 21)}
    assert worst_of == {22: 0.0, 21: pytest.approx(0.58)}  # 50 - 4 × √50 = 21.7


def test_published_counts_are_carried_across_the_reform() -> None:
    """Published under the old names in the month after the reform; the register has the new one only."""
    june, july = date(2025, 6, 1), date(2025, 7, 1)
    rows = [{"benefit": benefit, "month": month, "municipality": place, "full_time_persons": count}
            for benefit, month, place, count in (
                ("uddannelseshjaelp", june, "", 40), ("kontanthjaelp", june, "999", 100),
                ("uddannelseshjaelp", july, "999", 40), ("kontanthjaelp", july, None, 100),
                ("kontanthjaelp", july, "101", 5000), ("sho", july, "999", None))]
    counted = [Month("uddannelseshjaelp", june, 40, 40.0, 0, 0), Month("kontanthjaelp", june, 90, 90.0, 0, 0),
               Month("kontanthjaelp", july, 140, 140.0, 0, 0)]
    pairs = published_by_month(rows, counted, "999", national_breaks())
    assert pairs == {("uddannelseshjaelp", june): (40.0, 40.0), ("kontanthjaelp", june): (90.0, 100.0),
                     ("kontanthjaelp", july): (140.0, 140.0)}
    assert {one.subject: round(one.value, 9) for one in beside_published(pairs)} == {
        ("kontanthjaelp", "2025-06"): 0.1, ("kontanthjaelp", "2025-07"): 0.0, ("uddannelseshjaelp", "2025-06"): 0.0}


def test_small_counts_are_judged_but_not_shown() -> None:
    rule = national_rules()["spells-without-persons"]
    few = judged(rule, Measured((), 0.05, 4, 80))
    assert (few.verdict, few.findings[0].hidden, few.findings[0].count, few.findings[0].of) == (
        Verdict.WARNING, True, None, None)
    assert judged(rule, Measured((), 0.97, 97, 100)).findings[0].hidden  # three are left
    shown = judged(rule, Measured((), 0.05, 5, 100)).findings[0]
    assert (shown.value, shown.count, shown.verdict) == (0.05, 5, Verdict.WARNING)
    assert judged(rule, Measured((), 1.0, 19, 19)).verdict is Verdict.NOT_JUDGED
    assert judged(rule, Measured((), 0.0, 0, 100)).verdict is Verdict.OK


@pytest.mark.parametrize("of", [20, 60, 90, 300])
def test_the_verdict_of_few_does_not_tell_how_many(of: int) -> None:
    rule = national_rules()["spells-without-persons"]
    assert len({judged(rule, Measured((), n / of, n, of)).verdict for n in range(1, 5)}) == 1
    assert len({judged(rule, Measured((), 1 - n / of, of - n, of)).verdict for n in range(1, 5)}) == 1


def judged(rule: QualityRule, *measured: Measured) -> Outcome:
    found = QualityMeasures("s", TAKEN, None, None, ((rule, measured),))
    return quality_alone(found, Rules()).outcomes[0]


def test_the_worst_verdict_is_that_of_the_report() -> None:
    assert worst([Verdict.OK, Verdict.SERIOUS, Verdict.WARNING]) is Verdict.SERIOUS


OWN = """short-gaps:
  da: Korte huller
  en: Short gaps
  do_da: Se efter.
  do_en: Look.
  unit: share
  warning: 0.2
  serious: 0.3
  at_least: 10
  source: egen erfaring
"""


def test_a_workspace_sets_its_own_limits(tmp_path: Path) -> None:
    assert open_rules(tmp_path) is national_rules()
    (tmp_path / "quality_rules.yaml").write_text(OWN, encoding="utf-8")
    rule = open_rules(tmp_path)["short-gaps"]
    assert (rule.warning, rule.at_least, rule.local, rule.numbers["longest_weeks"]) == (0.2, 10, True, 3)
    assert list(open_rules(tmp_path)) == list(national_rules())


@pytest.mark.parametrize(("old", "new", "code"), [
    ("unit: share", "unit: kilo", "quality.unit"),
    ("serious: 0.3", "serious: 0.1", "quality.limits"),
    ("short-gaps:", "long-gaps:", "quality.unknown-rule"),
    ("  warning: 0.2\n", "", "parameters.missing-key"),
    ("at_least: 10", "at_least: few", "parameters.wrong-kind"),
])
def test_broken_rules_are_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    (tmp_path / "quality_rules.yaml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        open_rules(tmp_path)
    assert fault.value.code == code
