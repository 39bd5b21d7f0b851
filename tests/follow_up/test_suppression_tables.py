"""The attacker with a table in hand: data quality, months, and what a delivery changed.

His relations are written here in his own words. He holds them against what is printed, and must not narrow a hidden
count beyond its sign; with the small ones alone hidden he does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gevinst.follow_up.disclosure.bounds import Attack, Domain
from gevinst.follow_up.disclosure.cells import Relation
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.differences import diff_shown
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.placements import of_placements, placements_shown
from gevinst.follow_up.disclosure.quality import of_quality, quality_shown
from gevinst.follow_up.disclosure.rules import Rules, rules_of
from gevinst.follow_up.disclosure.suppression import suppress
from gevinst.language import speaking
from gevinst.parameters.benefits import benefits
from gevinst.parameters.quality_rules import QualityRule, national_rules
from gevinst.quality import quality_alone
from gevinst.register.bundled import portfolio
from gevinst.register.business_case import HeadCount, ParticipantCount
from gevinst.register.data_quality import DataQuality, Measured, Month, QualityMeasures, Verdict
from gevinst.register.data_quality_measures import ALL, WITH_SPELLS
from gevinst.register.data_quality_report import rejects_key
from gevinst.register.data_quality_words import quality_json, quality_lines
from gevinst.register.delivery_diff import DeliveryDiff, Difference, Differences
from gevinst.register.delivery_diff_output import diff_csv, diff_json, diff_lines

RULES, MOST = Rules(), 100_000
NAMES = national_rules()


def measures(*told: tuple[str, list[Measured]], **further: Any) -> QualityMeasures:
    rules: tuple[tuple[QualityRule, tuple[Measured, ...]], ...] = tuple((NAMES[key], tuple(of)) for key, of in told)
    return QualityMeasures("s", date(2024, 1, 1), None, None, rules, **further)


def finding(report: DataQuality, rule: str, at: int = 0) -> tuple[int | None, int | None]:
    one = report.outcome(rule).findings[at]
    return one.count, one.of


def bounds(known: Mapping[str, Domain], relations: Iterable[tuple[str, tuple[str, ...]]], key: str) -> Domain | None:
    bonds = [Relation(*one) for one in relations]
    keys = {*known, *(key for bond in bonds for key in bond.keys)}
    return Attack({one: known.get(one, (0, MOST)) for one in keys}, bonds).bounds(key)


def span(count: int | None) -> Domain:
    return (0, MOST) if count is None else (count, count)


# Data quality


def test_rejects_of_a_reason_are_not_had_from_all_of_the_file() -> None:
    """40 rows of 400 were rejected: 37 for one reason and 3 for another, and the memo prints the 40."""
    reasons = (("intake.row-bad-date", 37), ("intake.row-future", 3))
    rejected = [Measured(("spells", code), n / 400, n, 400, counted=rejects_key("spells.csv", code),
                         population="file/spells.csv/rows") for code, n in reasons]
    found = measures(("impossible-dates", rejected), files=(("spells.csv", 400, reasons),))
    told = disclose({}, RULES, files=[("spells.csv", 400, 40)], further=[of_quality(found, RULES)])
    report = quality_shown(found, told.counts)
    count, _ = finding(report, "impossible-dates")
    all_of_them = told.counts["file/spells.csv/rejected"]
    assert None in (count, None if isinstance(all_of_them, Hidden) else all_of_them)
    alone = suppress(of_quality(found, RULES), RULES, secondary=False)
    assert finding(quality_shown(found, alone), "impossible-dates") == (37, 400)


def test_persons_without_are_not_had_from_persons_with() -> None:
    """Of 620 in the file, 420 have no spell; 203 have spells, of whom 3 have no row. So 200 have both."""
    found = measures(("spells-without-persons", [Measured((), 3 / 203, 3, 203, population=WITH_SPELLS)]),
                     ("persons-without-spells", [Measured((), 420 / 620, 420, 620, population=ALL)]))
    report = quality_alone(found, RULES)
    assert not report.outcome("spells-without-persons").findings, "three of so many are not told at all"
    assert finding(report, "persons-without-spells") == (420, 620), "how many have spells is told nowhere"
    more = measures(*((rule.key, list(of)) for rule, of in found.measured),
                    ("short-gaps", [Measured((), 0.5, 100, 203, population=WITH_SPELLS)]))
    count, of = finding(quality_alone(more, RULES), "persons-without-spells")
    _, with_spells = finding(quality_alone(more, RULES), "short-gaps")
    least, most = bounds({"missing": (1, 4), "no spell": span(count), "all": span(of), "with": span(with_spells)}, [
        ("all", ("both", "no spell")), ("with", ("both", "missing"))], "missing") or (0, 0)
    assert (least, most) == (1, 4)


def test_a_verdict_does_not_narrow_what_is_hidden() -> None:
    """Five per cent of 60 is three: were 4 of them told as over the limit, they would be no fewer."""
    rule = NAMES["persons-without-spells"]
    for of in range(20, 200):
        verdicts = [quality_alone(measures((rule.key, [Measured((), n / of, n, of)])), RULES).verdict
                    for n in range(1, 5)]
        assert len(set(verdicts)) == 1, of
    serious = quality_alone(measures((rule.key, [Measured((), 97 / 100, 97, 100)])), RULES).outcome(rule.key)
    assert (serious.verdict, serious.findings[0].hidden) == (Verdict.SERIOUS, True)


def register(seed: int) -> tuple[Month, ...]:
    """Two years of a large benefit and of a small one, by whole numbers that foot."""
    rng, found = np.random.default_rng(seed), []
    for benefit, size, flow in (("a-dagpenge", 200, 20), ("ledighedsydelse", 9, 2)):
        there, ended = size, 0
        for at in range(24):
            began = int(rng.poisson(flow))
            there = there + began - ended
            ended = int(min(rng.poisson(flow), there))
            found.append(Month(benefit, date(2022 + at // 12, at % 12 + 1, 1), there, there * 0.9, began, ended))
    return tuple(found)


@pytest.mark.parametrize("seed", range(12))
def test_months_do_not_give_away_who_began_or_ended(seed: int) -> None:
    """Who is there next month are those who were, less who ended, with who began."""
    months = register(seed)
    report = quality_alone(measures(months=months), RULES)
    told = json.loads(quality_json(report))["months"]
    assert len(told) == len(months)
    signs = suppress(of_quality(measures(months=months), RULES, flows=True), RULES)
    known: dict[str, Domain] = {}
    relations, truth = [], {}
    for row, one in zip(told, months, strict=True):
        assert all(count is None or count == 0 or count >= 5 for count in (row["persons"], row["starts"], row["ends"]))
        assert (row["full_time_persons"] is None) == (row["persons"] is None)
        for measure, name in (("active", "persons"), ("starts", "starts"), ("ends", "ends")):
            key = one.key(measure)
            sign = signs.shown.get(key)
            known[key] = (1, 4) if sign is Hidden.FEW else (5, MOST) if sign is Hidden.PROTECTS else span(row[name])
            truth[key] = one.count(measure)
    for before, after in pairwise(months):
        if before.benefit == after.benefit:
            either = f"{before.key('active')} or next"
            relations += [(either, (before.key("active"), after.key("starts"))),
                          (either, (after.key("active"), before.key("ends")))]
    small = [key for key, count in truth.items() if 0 < count < 5]
    assert small
    bonds = [Relation(*one) for one in relations]
    keys = {*known, *(key for bond in bonds for key in bond.keys)}
    him = Attack({key: known.get(key, (0, MOST)) for key in keys}, bonds)
    assert him.possible
    for key in small:
        low, high = him.outer(key)
        assert high >= 5 or (low, high) == (1, 4), "he cannot even say that they are few"


def test_with_small_counts_alone_hidden_months_give_them_away() -> None:
    months = (Month("su", date(2022, 1, 1), 30, 30.0, 8, 9), Month("su", date(2022, 2, 1), 24, 24.0, 3, 7))
    flows = {(one.key("starts"), one.key("ends")): one.persons for one in months}
    assert list(flows.values()) == [30, 24]
    assert months[1].persons - months[0].persons + months[0].ends == 3, "what he would find"
    shown = quality_alone(measures(months=months), RULES).months
    assert [(one.starts, one.ends) for one in shown] == [(None, None), (None, None)]


def test_a_known_share_of_few_is_no_point_of_the_lag() -> None:
    report = quality_alone(measures(late=((0, 3, 90), (1, 8, 90), (2, 0, 90), (3, 88, 90))), RULES)
    assert [(one.weeks, one.known) for one in report.lag] == [(1, 0.911), (2, 1.0)]


def test_what_is_usual_is_not_told_where_it_is_of_few() -> None:
    (one,) = quality_alone(measures(("thin-months", [Measured(
        ("su", "2022-01", "active"), 1.0, 0, 30, part=False), Measured(
        ("su", "2022-02", "active"), 1.0, 0, 4, part=False)])), Rules()).outcomes
    assert [(found.count, found.of) for found in one.findings if not found.hidden] == [(0, 30)]


def test_rounded_counts_have_the_share_of_the_rounded() -> None:
    rules = rules_of("opensafely")
    found = measures(("short-gaps", [Measured(("su",), 40 / 100, 40, 100, population="quality/spells/su")]),
                     months=(Month("su", date(2022, 1, 1), 100, 87.3, 20, 20),))
    report = quality_alone(found, rules)
    (one,) = report.outcome("short-gaps").findings
    assert (one.count, one.of, one.value) == (39, 99, pytest.approx(39 / 99))
    assert report.months[0].full_time == 87
    assert report.months[0].persons == 99


def test_the_report_says_what_is_hidden_in_both_languages() -> None:
    found = measures(("short-gaps", [Measured(("su",), 0.5, 4, 8, population="quality/spells/su")] * 1))
    for language in ("da", "en"):
        with speaking(language):
            assert "under 5" not in "\n".join(quality_lines(quality_alone(found, Rules(threshold=1))))


# What a delivery changed


def differences(*counts: tuple[str, str, str, int, int, tuple[int, int | None] | None]) -> Differences:
    return Differences("one", "two", 100, 104, tuple(Difference(*one) for one in counts))


def count_of(found: DeliveryDiff, measure: str, subject: str = "", detail: str = "") -> list[int | None]:
    return [one.count for one in found.of(measure) if subject in ("", one.subject) and detail in ("", one.detail)]


MOVED = differences(
    ("weeks-taken-back", "a-dagpenge", "", 60, 12, (0, 3)), ("weeks-taken-back", "a-dagpenge", "", 3, 1, (4, 12)),
    ("weeks-moved", "a-dagpenge", "sygedagpenge", 62, 13, None), ("weeks-late", "sygedagpenge", "", 62, 13, (0, 3)))


def test_weeks_taken_back_by_few_are_not_had_from_those_that_moved() -> None:
    """62 of the weeks taken back moved, and 60 of them lie in the other band: at least 2 in the one of one person."""
    shown = diff_shown(MOVED, RULES)
    known = {"0-3": span(count_of(shown, "weeks-taken-back")[0]), "4-12": (1, 4 * 9),
             "moved": span(count_of(shown, "weeks-moved")[0])}
    assert count_of(shown, "weeks-moved") == [None]
    assert bounds(known, [("all", ("0-3", "4-12")), ("all", ("moved", "other"))], "4-12") == (1, 36)
    exact = {"0-3": (60, 60), "4-12": (1, 36), "moved": (62, 62)}
    assert bounds(exact, [("all", ("0-3", "4-12")), ("all", ("moved", "other"))], "4-12") == (2, 36), "so he could"


def test_a_sign_says_why_in_every_form() -> None:
    shown = diff_shown(MOVED, RULES)
    hidden = [one for one in shown.changes if one.hidden]
    assert [one.few for one in hidden].count(True) == 1
    assert len(hidden) >= 2
    for language, few, other in (("da", "fra under 5 personer", "skjult"), ("en", "of under 5 persons", "hidden")):
        with speaking(language):
            text = "\n".join(diff_lines(shown, benefits()))
            assert few in text
            assert text.count(other) >= 2
    assert [row["count"] for row in json.loads(diff_json(shown))["changes"]].count(None) == len(hidden)
    assert sum(line.endswith(";;;1") for line in diff_csv(shown).splitlines()) == len(hidden)


@pytest.mark.parametrize("seed", range(8))
def test_of_random_deliveries_no_small_count_is_narrowed(seed: int) -> None:
    """Many benefits that weeks move between, which makes rings of relations; looked through quickly all the same."""
    rng = np.random.default_rng(seed)
    names = ["a-dagpenge", "kontanthjaelp", "sygedagpenge", "su", "ledighedsydelse", "ressourceforloeb"]
    counts: list[tuple[str, str, str, int, int, tuple[int, int | None] | None]] = []
    for name in names:
        for band in ((0, 3), (4, 12), (13, 25)):
            for measure in ("weeks-taken-back", "weeks-late"):
                persons = int(rng.integers(0, 30))
                if persons:
                    counts.append((measure, name, "", persons * int(rng.integers(1, 4)), persons, band))
        for other in names:
            persons = int(rng.integers(0, 6))
            if other != name and persons:
                counts.append(("weeks-moved", name, other, persons, persons, None))
    found = differences(*counts)
    shown = diff_shown(found, RULES)
    told = {one.key: change.count for one, change in zip(found.counts, shown.changes, strict=True)}
    few = {one.key: one for one in found.counts if 0 < (one.persons or 0) < 5}
    assert all(told[key] is None for key in few)
    domains: dict[str, Domain] = {key: span(count) for key, count in told.items()}
    for key, one in few.items():
        if one.measure != "weeks-moved":
            domains[key] = (1, 4 * ((one.lag or (0, 0))[1] or 0) + 4)
    relations = []
    for measure, moved_of in (("weeks-taken-back", "subject"), ("weeks-late", "detail")):
        for name in names:
            bands = tuple(one.key for one in found.counts if (one.measure, one.subject) == (measure, name))
            moved = tuple(one.key for one in found.counts
                          if one.measure == "weeks-moved" and getattr(one, moved_of) == name)
            if sum(one.count for one in found.counts if one.key in moved) <= sum(
                    one.count for one in found.counts if one.key in bands):
                relations += [Relation(f"{measure} {name}", bands),
                              Relation(f"{measure} {name}", (*moved, f"{name} {measure} rest"))]
    keys = {key for bond in relations for key in bond.keys}
    him = Attack({key: domains.get(key, (0, MOST)) for key in {*keys, *domains}}, relations)
    assert him.possible
    for key, one in few.items():
        low, high = him.outer(key)
        assert low <= 1
        assert high >= min(domains[key][1], 2 * one.count)


# Placements that were typed in


def test_an_edition_holds_no_number_of_a_few_placed() -> None:
    counts = tuple(HeadCount(date(2021, month, 1), n, 12) for month, n in ((5, 3), (8, 7), (11, 0)))
    years = (ParticipantCount(2021, Decimal(9), Decimal("2.5"), "a"), ParticipantCount(2022, None, Decimal(9), "a"))
    norddjurs = portfolio("norddjurs-2020-2023")
    case = replace(norddjurs.investments[0], head_counts=counts, participant_counts=years)
    told = replace(norddjurs, investments=(case,))
    for rules, expected in ((RULES, [1, 7, 0]), (rules_of("acro"), [1, 1, 1]), (rules_of("opensafely"), [1, 1, 0])):
        disclosed = disclose({}, rules, further=[of_placements(told)])
        (shown,) = placements_shown(told, disclosed.counts).investments
        assert [one.actual for one in shown.head_counts] == expected
        assert [one.actual for one in shown.participant_counts] == [None, Decimal(9) if rules.threshold < 10 else None]
        assert len(disclosed.released.counts) == 3
