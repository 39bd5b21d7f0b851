"""A small town with small groups, for the attacker: two investments, and two editions half a year apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from gevinst.backend import Backend
from gevinst.curves.ledger_sums import LedgerSum
from gevinst.curves.payments import PaidCell, PaymentSums
from gevinst.economy.actual_cost import actual_costs
from gevinst.economy.spent import delivered_per_year
from gevinst.follow_up.edition import Edition, InputFile
from gevinst.follow_up.lineage import with_lineage
from gevinst.follow_up.reconciliation import Delivered, Known, LedgerCheck, reconcile
from gevinst.language import speaking
from gevinst.money import CURRENT, Amount, PriceLevel
from gevinst.parameters.book import national_book
from gevinst.parameters.quality_rules import national_rules
from gevinst.pipeline import edition_of
from gevinst.register.business_case import BudgetYear, Investment, Portfolio, Protocol, TargetGroup
from gevinst.register.data_quality import Measured, QualityMeasures
from gevinst.register.data_quality_report import rejects_key
from gevinst.register.person_tables import PersonTables
from gevinst.run_options import RunOptions, edition_id
from gevinst.studies import Found, study_cases
from gevinst.weeks import week_of
from tests.town import A, K, Town, tables_of

P20 = PriceLevel(2020)
PRICE = Amount.dkk(900, CURRENT)
FIRST = week_of(date(2020, 1, 6))
HORIZONS = (FIRST + 84, FIRST + 97)
LATE = 3  # participants who are registered between the two editions


def town(horizon: int, *, late: bool, seed: int = 7, second_alone: int = 26, second_waits: bool = False) -> Town:
    """Four hundred on A-dagpenge; sixty take part in the first investment, thirty in the second, four of them in both.

    Three of the sixty did not receive the benefit when they began. Some go on to kontanthjælp. Of those who take part
    in the second investment `second_alone` take part in that alone. `second_waits`: but for two of them, those who have
    not been in the first wait until February 2021.
    """
    rng = np.random.default_rng(seed)
    entry = FIRST + rng.integers(0, 50, 400)
    length = rng.geometric(1 / 22, 400)
    spells = [(person, A, int(entry[person]), int(entry[person] + length[person]), 1.0) for person in range(400)]
    spells += [
        (person, K, int(entry[person] + length[person]), int(entry[person] + length[person] + 30), 1.0)
        for person in range(0, 400, 40)
    ]
    long_enough = [person for person in range(400) if length[person] > 4]
    first, second = long_enough[:57], [*long_enough[3:7], *long_enough[57 : 57 + second_alone]]
    starts = [(person, "case-1", int(entry[person]) + 3) for person in first]
    starts += [(person, "case-1", int(entry[person]) + 3) for person in long_enough[90 : 90 + LATE] if late]
    starts += [(person, "case-1", FIRST + 70) for person in [p for p in range(400) if length[p] < 4][:3]]
    starts += [(person, "case-2", int(entry[person]) + 4) for person in second]
    if second_waits:
        stays = (entry < FIRST + 48) & (entry + length > FIRST + 62)
        later = [person for person in np.flatnonzero(stays).tolist() if person not in first]
        starts = [one for one in starts if one[1] == "case-1"]
        starts += [(p, "case-2", int(entry[p]) + 4) for p in later[:2]] + [(p, "case-2", FIRST + 58) for p in later[2:]]
    return Town(tuple(spells), tuple(starts), horizon, {}, {"sex": {p: "MK"[p % 2] for p in range(400)}}, FIRST - 60)


def portfolio() -> Portfolio:
    """The two investments; persons may be referred to the second for half a year more."""

    def case(number: str, last: date) -> Investment:
        return Investment(
            number, f"case-{number}", f"Indsats {number}", TargetGroup("ledige", A),
            budget=(BudgetYear(2020, Amount.dkk(400_000, P20), Amount.dkk(-500_000, P20)),),
            referrals_from=date(2020, 1, 1), referrals_to=last, dkk_per_participant_week=PRICE,
            protocol=Protocol("matched", 52, ("sex",)),
        )  # fmt: skip

    cases = (case("1", date(2020, 12, 31)), case("2", date(2021, 6, 30)))
    return Portfolio("p", "Prøve", "Prøveby", (2020, 2021), P20, cases, source="aftale")


@dataclass(frozen=True)
class Studied:
    """What was found in the town at one of the two days, and what an edition of it is made from."""

    tables: PersonTables
    found: Found
    options: RunOptions

    def edition(self, **options: Any) -> Edition:
        """The edition, under other options than the usual ones."""
        told = replace(self.options, **options)
        with speaking("da"):
            made = edition_of(portfolio(), self.tables, self.found, national_book(), told)
        return with_lineage(replace(made, id=edition_id(made, told, national_book())))


def payments(at: int) -> PaymentSums:
    """What was paid: on two benefits, two steps and two years; a few on the last step, and a few at another refund.

    Half a year later there are more weeks in the second year, and a correction of two weeks in the first.
    """
    def cell(benefit: str, step: int, year: int, weeks: int, persons: int, other: tuple[int, int],
             unpaid: tuple[int, int]) -> PaidCell:
        kroner = Decimal(weeks * 4000)
        law = {0: 80, 1: 40, 2: 30, 3: 20}[step]
        rates = ((law, weeks - other[0], persons), (50, *other)) if other[0] else ((law, weeks, persons),)
        return PaidCell(benefit, step, year, weeks, Decimal(weeks), persons, kroner, kroner / 2, Decimal(0),
                        kroner / 2, rates, *unpaid)

    more = 150 * at
    cells = (cell(A, 0, 2020, 300 + 2 * at, 90, (0, 0), (40, 20)), cell(A, 1, 2020, 900, 80, (30, 3), (12, 2)),
             cell(K, 0, 2021, 30, 12, (0, 0), (0, 0)), cell(K, 1, 2021, 60 + more, 12, (0, 0), (9, 6)),
             cell(K, 2, 2021, 17, 2, (0, 0), (0, 0)))
    return PaymentSums(cells, 9, 2, Decimal(20_000), 60, 7, ("yr.csv",))


def delivered(at: int) -> dict[str, Delivered]:
    """To three persons in the first year of the second investment; one week more later on."""
    return {"case-1": Delivered({2020: 400, 2021: 90 + 120 * at}, {2020: 57, 2021: 20 + 9 * at}),
            "case-2": Delivered({2020: 14, 2021: 300 + at}, {2020: 3, 2021: 30})}


def ledger(at: int) -> LedgerCheck:
    """The ledger beside what was delivered."""
    sums = [LedgerSum(f"case-{n}", "5.68.90-1", year, 4, 40_000_000) for n in (1, 2) for year in (2020, 2021)]
    return reconcile(portfolio(), sums, Known(delivered(at), 2020, national_book()))


def quality(at: int) -> QualityMeasures:
    """What is over a limit: two rows of one reason and none of another; few and many of the spells of a benefit."""
    rules = national_rules()
    rejected = Measured(("spells", "intake.row-bad-date"), 2 / (410 + at), 2, 410 + at,
                        counted=rejects_key("spells.csv", "intake.row-bad-date"), population="file/spells.csv/rows")
    gaps = [Measured((A,), 0.4, 160, 400, population=f"quality/spells/{A}"),
            Measured((K,), 0.3, 3, 10, population=f"quality/spells/{K}")]
    firsts = [Measured((A,), 396 / 400, 396, 400, population=f"quality/spells/{A}")]
    measured = {"impossible-dates": [rejected], "short-gaps": gaps, "starts-on-the-first": firsts}
    return QualityMeasures("s", date(2021, 8, 1), None, None, tuple(
        (rule, tuple(measured.get(key, ()))) for key, rule in rules.items()),
        files=(("spells.csv", 410 + at, (("intake.row-bad-date", 2),)),))


def studied(backend: Backend, at: int, second_alone: int = 26, *, second_waits: bool = False) -> Studied:
    """The first edition (0) or the one half a year after it (1); see `town`."""
    inputs = (
        InputFile("spells.csv", "0" * 64, 410 + at, 408 + at, 2),
        InputFile("prices.csv", "1" * 64, 3, 1, 2, (), persons=False),
    )
    day = date(2021, 8 + at, 26)
    options = RunOptions(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC), replicates=20, inputs=inputs,
                         quality=quality(at))
    tables = tables_of(town(HORIZONS[at], late=bool(at), second_alone=second_alone, second_waits=second_waits), backend)
    with speaking("da"):
        found = study_cases(portfolio(), tables, national_book(), options)
        sums = payments(at)
        weeks = delivered(at)
        cases = tuple(replace(case, spent=delivered_per_year(weeks[case.investment.key].weeks, PRICE))
                      for case in found.cases)
        found = replace(found, payments=(sums, actual_costs(sums, national_book())), ledger=ledger(at), cases=cases,
                        delivered=weeks)
        return Studied(tables, found, options)


def outside(one: Studied, took_part: int, nobody_like: int) -> Studied:
    """As if so many had taken part in the second investment, of whom nobody is like so many."""
    first, second = one.found.cases
    assert second.valued is not None
    assert second.valued.study.matched is not None
    study, findings = second.valued.study, second.valued.study.matched
    matched = replace(study.effects["matched"], participants=took_part - nobody_like)
    findings = replace(findings, effect=matched, unmatched=nobody_like, steps=findings.steps[:1],
                       by_step=(took_part - nobody_like,), placebo=None, pre_period_participants=10)  # fmt: skip
    effects = {key: replace(effect, participants=took_part) for key, effect in study.effects.items()}
    study = replace(study, participants=took_part, effects=effects | {"matched": matched}, matched=findings)
    case = replace(second, valued=replace(second.valued, study=study))
    return replace(one, found=replace(one.found, cases=(first, case)))
