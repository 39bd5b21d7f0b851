"""Earlier forecasts beside what came: how far off they were, and how often their intervals held it.

    error = outcome − forecast (positive: less was saved than foreseen)      coverage of 80 = hits ÷ forecasts with one

A year that several editions forecast is scored once for each, and the forecasts of one year are not independent: how
many different years they are of is told beside. Few of them show little, and that is said: with n intervals of 80 %
between so and so many hits are to be expected (binomial, 95 %).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import comb
from typing import Literal

from gevinst.follow_up.forecast import LEVELS
from gevinst.language import say
from gevinst.money import PriceLevel

FEW = 20
"""Fewer forecasts than this, and coverage is told with the warning that it shows little."""
Source = Literal["computed", "recorded"]


@dataclass(frozen=True)
class Said:
    """What an edition said a year would come to, in DKK; `bounds` by level, empty where it was typed in."""

    edition: str
    said_on: date
    investment: str
    year: int
    estimate: float
    level: PriceLevel
    source: Source
    rule: str = ""
    bounds: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a year came to, in DKK, as a later edition has it."""

    edition: str
    investment: str
    year: int
    amount: float
    level: PriceLevel
    source: Source


@dataclass(frozen=True)
class Scored:
    """A forecast with its outcome; `held` says of each level whether the interval held it."""

    said: Said
    outcome: Outcome
    error: float
    held: tuple[tuple[int, bool], ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How many of `count` intervals of `level` per cent held the outcome, and what is to be expected of right ones."""

    level: int
    hits: int
    count: int
    likely_low: int
    likely_high: int


@dataclass(frozen=True)
class ScoreCard:
    """The forecasts scored; `waiting` have no outcome yet, `not_comparable` one in another price level.

    `mean_error` and `mean_size` (without sign) in DKK, None without forecasts; `years` the different years of cases.
    """

    rows: tuple[Scored, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    mean_error: float | None = None
    mean_size: float | None = None
    years: int = 0
    waiting: int = 0
    not_comparable: int = 0
    by_case: tuple[tuple[str, int, float], ...] = field(default=())

    @property
    def few(self) -> bool:
        """Whether there are so few that coverage shows little."""
        return len(self.rows) < FEW


def score_card(said: Iterable[Said], outcomes: Iterable[Outcome]) -> ScoreCard:
    """Score every forecast whose year has an outcome; `by_case` is (investment, forecasts, mean error).

    >>> from gevinst.money import CURRENT
    >>> one = Said("a", date(2021, 4, 1), "1", 2021, -100.0, CURRENT, "computed", "hold", ((80, -150.0, -50.0),))
    >>> card = score_card([one], [Outcome("b", "1", 2021, -40.0, CURRENT, "computed")])
    >>> card.rows[0].error, card.coverage[0].hits, card.few
    (60.0, 0, True)
    """
    came = {(one.investment, one.year): one for one in outcomes}
    rows, waiting, unlike = list[Scored](), 0, 0
    for one in sorted(said, key=lambda one: (one.said_on, one.edition, one.investment, one.year, one.source)):
        outcome = came.get((one.investment, one.year))
        if outcome is None:
            waiting += 1
        elif outcome.level != one.level:
            unlike += 1
        else:
            held = tuple((level, low <= outcome.amount <= high) for level, low, high in one.bounds)
            rows.append(Scored(one, outcome, outcome.amount - one.estimate, held))
    errors = [row.error for row in rows]
    cases = sorted({row.said.investment for row in rows})
    return ScoreCard(
        tuple(rows),
        tuple(found for level in LEVELS if (found := _coverage(rows, level)) is not None),
        sum(errors) / len(errors) if errors else None,
        sum(map(abs, errors)) / len(errors) if errors else None,
        len({(row.said.investment, row.said.year) for row in rows}),
        waiting,
        unlike,
        tuple((case, len(mine), sum(mine) / len(mine))
              for case in cases if (mine := [row.error for row in rows if row.said.investment == case])),
    )  # fmt: skip


def _coverage(rows: Sequence[Scored], level: int) -> Coverage | None:
    held = [inside for row in rows for at, inside in row.held if at == level]
    return Coverage(level, sum(held), len(held), *likely_hits(len(held), level)) if held else None


def likely_hits(count: int, level: int) -> tuple[int, int]:
    """Between how many hits `count` independent, right intervals of `level` per cent have, 95 times in 100.

    >>> likely_hits(10, 80)
    (5, 10)
    """
    share, below, low, high = level / 100, 0.0, 0, count
    for hits in range(count + 1):
        chance = comb(count, hits) * share**hits * (1 - share) ** (count - hits)
        if below <= 0.025 < below + chance:
            low = hits
        if below < 0.975 <= below + chance:
            high = hits
        below += chance
    return low, high


def few_words(card: ScoreCard) -> str:
    """What the reader must know of how few they are; empty where there are enough."""
    count = len(card.rows)
    if not card.few or not count:
        return ""
    return say(
        da=f"Kun {count} forventninger om {card.years} forskellige år kan holdes op mod et resultat. Det viser meget "
           "lidt om, hvor gode forventningerne er.",
        en=f"Only {count} forecasts of {card.years} different years can be held against a result. That shows very "
           "little of how good the forecasts are.",
    )  # fmt: skip
