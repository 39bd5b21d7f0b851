"""How the analyst's commands print: CSV for a spreadsheet, JSON for a program, rejects to standard error."""

from __future__ import annotations

import csv
import io
import json
import sys
from math import isfinite

from gevinst.curves.estimate import Occupation
from gevinst.follow_up.answers import answers, effect_rows
from gevinst.follow_up.valued import Valued
from gevinst.sources.ingest import ImportReport
from gevinst.sources.report import report_lines
from gevinst.weeks import sunday

POINT = ("week", "share", "low", "high", "observed", "receiving", "at_risk")


def say_rejects(report: ImportReport) -> None:
    """Say on standard error how the files' rows fared."""
    for line in report_lines(report, kept=False):
        print(line, file=sys.stderr)


def curve_csv(found: Occupation, weeks: list[int]) -> str:
    """The points as CSV with a header; a blank is empty."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(POINT)
    for point in found.curve.points:
        if point.week in weeks:
            values = [getattr(point, name) for name in POINT]
            rows.writerow(["" if value is None else repr(value) for value in values])
    return text.getvalue().rstrip("\n")


def curve_json(found: Occupation, weeks: list[int], data_horizon: int) -> str:
    """The points and what they rest on, as JSON; shares unrounded, a blank is null."""
    curve = found.curve
    return json.dumps(
        {
            "benefit": curve.benefit,
            "definition": curve.definition,
            "outcome": curve.outcome,
            "maturity": curve.maturity,
            "trials": curve.trials,
            "persons": curve.persons,
            "data_horizon": sunday(data_horizon).isoformat(),
            "restricted_mean": restricted_mean(found),
            "points": [{name: getattr(point, name) for name in POINT} for point in curve.points if point.week in weeks],
        },
        ensure_ascii=False,
        indent=1,
    )


def restricted_mean(found: Occupation) -> dict[str, float | None]:
    """Mean weeks on the benefit as far as the curve is shown: weeks 0 to `weeks` - 1 added up, with its error."""
    weeks = found.curve.mature_weeks + 1
    mean = found.restricted_mean(weeks)
    parts = {"estimate": mean.estimate, "se": mean.se, "low": mean.low, "high": mean.high}
    return {"weeks": weeks, **{name: _finite(value) for name, value in parts.items()}}


def effect_json(valued: Valued) -> str:
    """Every estimator's answer as JSON (`follow_up/answers.py`)."""
    return json.dumps(answers(valued), ensure_ascii=False, indent=1)


def effect_csv(valued: Valued) -> str:
    """Every estimator's answer as CSV, a figure a row; what a row has no value for is empty."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("estimator", "measure", "year", "estimate", "low", "high", "week", "name"))
    for row in effect_rows(valued):
        bounds = (row.found.estimate, row.found.low, row.found.high)
        rows.writerow((row.estimator, row.measure, row.year, *map(_finite, bounds), row.week, row.name))
    return text.getvalue().rstrip("\n")


def _finite(value: float | None) -> float | None:
    """The number, or None where it could not be computed: NaN is not JSON."""
    return value if value is not None and isfinite(value) else None
