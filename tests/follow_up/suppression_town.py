"""A small town with small groups, for the attacker: two investments, and two editions half a year apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from gevinst.backend import Backend
from gevinst.follow_up.edition import Edition, InputFile
from gevinst.language import speaking
from gevinst.money import Amount, PriceLevel
from gevinst.parameters.book import national_book
from gevinst.pipeline import Found, RunOptions, edition_id, edition_of, study_cases
from gevinst.register.business_case import BudgetYear, Investment, Portfolio, Protocol, TargetGroup
from gevinst.register.person_tables import PersonTables
from gevinst.weeks import week_of
from tests.town import A, K, Town, tables_of

P20 = PriceLevel(2020)
FIRST = week_of(date(2020, 1, 6))
HORIZONS = (FIRST + 84, FIRST + 97)
LATE = 3  # participants who are registered between the two editions


def town(horizon: int, *, late: bool, seed: int = 7) -> Town:
    """Four hundred on A-dagpenge; sixty take part in the first investment, thirty in the second, four of them in both.

    Three of the sixty did not receive the benefit when they began. Some go on to kontanthjælp.
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
    first, second = long_enough[:57], [*long_enough[3:7], *long_enough[57:83]]
    starts = [(person, "case-1", int(entry[person]) + 3) for person in first]
    starts += [(person, "case-1", int(entry[person]) + 3) for person in long_enough[90 : 90 + LATE] if late]
    starts += [(person, "case-1", FIRST + 70) for person in [p for p in range(400) if length[p] < 4][:3]]
    starts += [(person, "case-2", int(entry[person]) + 4) for person in second]
    return Town(tuple(spells), tuple(starts), horizon, {}, {"sex": {p: "MK"[p % 2] for p in range(400)}}, FIRST - 60)


def portfolio() -> Portfolio:
    """The two investments; persons may be referred to the second for half a year more."""

    def case(number: str, last: date) -> Investment:
        return Investment(
            number, f"case-{number}", f"Indsats {number}", TargetGroup("ledige", A),
            budget=(BudgetYear(2020, Amount.dkk(400_000, P20), Amount.dkk(-500_000, P20)),),
            referrals_from=date(2020, 1, 1), referrals_to=last, protocol=Protocol("matched", 52, ("sex",)),
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
        return replace(made, id=edition_id(made, told, national_book()))


def studied(backend: Backend, at: int) -> Studied:
    """The first edition (0) or the one half a year after it (1)."""
    inputs = (
        InputFile("spells.csv", "0" * 64, 410 + at, 408 + at, 2),
        InputFile("prices.csv", "1" * 64, 3, 1, 2, (), persons=False),
    )
    day = date(2021, 8 + at, 26)
    options = RunOptions(day, datetime(day.year, day.month, day.day, 12, tzinfo=UTC), replicates=20, inputs=inputs)
    tables = tables_of(town(HORIZONS[at], late=bool(at)), backend)
    with speaking("da"):
        return Studied(tables, study_cases(portfolio(), tables, national_book(), options), options)
