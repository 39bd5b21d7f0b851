"""Cases that an economist wrote by hand: one person's weeks in, the clock and the kroner per year out."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from gevinst.cohorts.seniority import Pieces, Seniority, WeekSpans, seniority, split_at_steps
from gevinst.economy.valuation import PriceTable, price_table
from gevinst.parameters.book import LocalPrice, ParameterBook, national_book
from gevinst.weeks import week_of

FOLDER = Path(__file__).parent / "cases"
FIRST_WEEK, LAST_WEEK = week_of(date(2016, 1, 4)), week_of(date(2023, 12, 31))
CASES: list[dict[str, Any]] = [
    case for path in sorted(FOLDER.glob("*.yaml")) for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
FIELDS = {"name", "prices", "weeks", "clock", "share", "may_be_too_low", "gross", "net", "margin", "not_verified"}


def week(text: str | date) -> int:
    """The week of `2020-W53` or of a day."""
    if isinstance(text, date):
        return week_of(text)
    year, number = text.split("-W")
    return week_of(date.fromisocalendar(int(year), int(number), 1))


def book_of(case: Mapping[str, Any]) -> ParameterBook:
    return national_book().with_prices(
        LocalPrice(benefit, year, Decimal(str(amount)), "case")
        for benefit, years in case.get("prices", {}).items() for year, amount in years.items())


class Person:
    """One person's weeks, run through the clock, the cut and the prices."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self.book = book_of(case)
        self.benefits = [self.book.benefit(row["benefit"]) for row in case["weeks"]]
        rows = [i for i, one in enumerate(self.benefits) if one.clock != "ignored"]
        self.spans = WeekSpans(
            np.zeros(len(rows), dtype=np.int64),
            np.array([week(case["weeks"][i]["from"]) for i in rows], dtype=np.int32),
            np.array([week(case["weeks"][i]["to"]) + 1 for i in rows], dtype=np.int32),
            np.array([self.benefits[i].clock == "counts" for i in rows]))
        self.benefit_of = [self.benefits[i].key for i in rows]
        self.clocks: Seniority = seniority(self.spans, first_week=FIRST_WEEK, last_week=LAST_WEEK)
        self.pieces: Pieces = split_at_steps(self.clocks)

    def count(self, at: int) -> set[int]:
        """The number of the counted week, by every span that covers it."""
        covers = (self.clocks.start_week <= at) & (at < self.clocks.end_week)
        return set((self.clocks.counted_before + 1 + at - self.clocks.start_week)[covers].tolist())

    def piece(self, at: int) -> int:
        return int(np.flatnonzero((self.pieces.start_week <= at) & (at < self.pieces.end_week))[0])

    def priced(self) -> PriceTable:
        keys = list(dict.fromkeys(self.benefit_of))
        years = sorted({int(year) for year in self.pieces.year})
        return price_table(keys, (0, 1, 2, 3), years, self.book)

    def kroner(self, level: str, year: int) -> float:
        """Weeks × weekly price over the person's pieces in the year."""
        table, total = self.priced(), 0.0
        prices = table.gross if level == "gross" else table.net
        for i in np.flatnonzero(self.pieces.year == year):
            key = self.benefit_of[int(self.pieces.row[i])]
            cell = table.benefits.index(key), int(self.pieces.step[i]), table.years.index(year)
            total += float(prices[cell]) * int(self.pieces.end_week[i] - self.pieces.start_week[i])
        return total


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= FIELDS
    person = Person(case)
    for name, expected in case["clock"].items():
        assert person.count(week(name)) == {expected}, name
    for name, expected in case.get("share", {}).items():
        at = week(name)
        step = int(person.pieces.step[person.piece(at)])
        share, _ = person.book.municipal_share(person.benefit_of[0], step, date(1990, 1, 4) + timedelta(weeks=at))
        assert float(share) == expected, name
    for name, expected in case.get("may_be_too_low", {}).items():
        assert bool(person.pieces.lower_bound[person.piece(week(name))]) is expected, name
    for level in ("gross", "net"):
        for year, expected in case.get(level, {}).items():
            assert person.kroner(level, year) == pytest.approx(expected, abs=case.get("margin", 1e-6)), (level, year)
    for key in case.get("not_verified", []):
        assert key in {one.key for one in person.priced().unverified}


def test_the_names_of_the_cases_are_their_own() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 25
