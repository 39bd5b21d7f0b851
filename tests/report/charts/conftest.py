"""Curves to draw: the published ones of the 2021 memo, and made-up ones with intervals and counts."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from gevinst.curves.curve import Curve, CurvePoint

GOLDEN = Path(__file__).parents[2] / "golden" / "survival_table_2.csv"
WEEKS = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47, 52)


@pytest.fixture(scope="session")
def published() -> list[Curve]:
    """Table 2 of the memo: weeks beyond the printed ones are blank."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    curves = []
    for cohort in dict.fromkeys(row["cohort"] for row in rows):
        shares = {int(row["week"]): float(row["share_pct"]) / 100 for row in rows if row["cohort"] == cohort}
        points = tuple(CurvePoint(week, shares.get(week), None, None, 0, 0, 0) for week in WEEKS)
        curves.append(Curve(cohort, "with_relapse", "same", "a-dagpenge", "whole", points, 0, 0, "Jobindsats", True))
    return curves


@pytest.fixture(scope="session")
def followed() -> Callable[..., Curve]:
    """A curve from a register: `followed("Deltagere", 0.05, 45, 140)` is blank after week 45."""

    def make(label: str, rate: float, last: int, size: int) -> Curve:
        points = []
        for week in range(53):
            if week > last:
                points.append(CurvePoint(week, None, None, None, 0, 0, 0))
                continue
            share = 0.2 + 0.8 * math.exp(-rate * week)
            half = 1.96 * math.sqrt(share * (1 - share) / size)
            at_risk = max(size - 3 * week, 0)
            points.append(CurvePoint(week, share, max(share - half, 0), min(share + half, 1), size,
                                     round(share * size), at_risk))
        return Curve(label, "without_relapse", "same", "kontanthjaelp", "available", tuple(points), size, size)

    return make
