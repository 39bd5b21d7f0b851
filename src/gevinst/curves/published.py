"""Curves taken from a printed table: jobindsats or an earlier memo. No counts, an uneven grid of weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from gevinst.curves.curve import Curve, CurvePoint


def published_curves(rows: Iterable[Mapping[str, Any]]) -> tuple[Curve, ...]:
    """The curves of a `published_curves` table, one per benefit, definition and cohort, in that order.

    `rows` have benefit, definition, cohort, week, share_pct (0-100) and source.

    >>> row = {"benefit": "a", "definition": "with_relapse", "cohort": "2020", "source": "s"}
    >>> rows = [{**row, "week": 0, "share_pct": 100}, {**row, "week": 4, "share_pct": 65.5}]
    >>> [point.share for point in published_curves(rows)[0].points]
    [1.0, 0.655]
    """

    def name(row: Mapping[str, Any]) -> tuple[str, str, str]:
        return row["benefit"], row["definition"], row["cohort"]

    curves = []
    for (benefit, definition, cohort), members in groupby(sorted(rows, key=lambda r: (*name(r), r["week"])), name):
        taken = list(members)
        points = tuple(
            CurvePoint(int(row["week"]), float(row["share_pct"]) / 100, None, None, 0, 0, 0) for row in taken
        )
        curves.append(
            Curve(
                cohort,
                "with_relapse" if definition == "with_relapse" else "without_relapse",
                "same",
                benefit,
                "whole",
                points,
                0,
                0,
                "; ".join(dict.fromkeys(str(row["source"]) for row in taken)),
                published=True,
            )
        )
    return tuple(curves)
