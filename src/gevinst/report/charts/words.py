"""What a chart shows, in words computed from its data: the text alternative of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.language import number, percent, say
from gevinst.report.charts.charts import BudgetResultRow, EstimatorRow, told_rows

_TOLD_WEEKS = (13, 26, 52)


def describe_curves(curves: Sequence[Curve], weeks: Sequence[int] = _TOLD_WEEKS) -> str:
    """Shares at a few weeks, curve by curve, and where a curve ends before the others.

    `weeks` without any share are left out; when none is left, the last week with a share is told.

    >>> from gevinst.language import speaking
    >>> points = (CurvePoint(0, 1.0, None, None, 9, 9, 9), CurvePoint(13, 0.445, None, None, 9, 4, 9))
    >>> with speaking("da"):
    ...     describe_curves([Curve("2021", "with_relapse", "same", "a-dagpenge", "whole", points, 9, 9)])
    'Kurve for »2021« fra uge 0 til uge 13. Efter 13 uger modtager 44,5\\xa0% i »2021« ydelsen.'
    """
    shown = {curve.label: [p for p in sorted(curve.points, key=lambda p: p.week) if p.share is not None]
             for curve in curves}
    every = [point.week for points in shown.values() for point in points]
    if not every:
        return say(da="Ingen af kurverne har tal endnu.", en="None of the curves has figures yet.")
    first, last = min(every), max(every)
    names = listed([quoted(curve.label) for curve in curves if shown[curve.label]])
    sentences = [say(da=f"{'Kurve' if len(curves) == 1 else 'Kurver'} for {names} fra uge {first} til uge {last}.",
                     en=f"{'Curve' if len(curves) == 1 else 'Curves'} for {names} from week {first} to week {last}.")]
    told = [week for week in weeks if week in every] or [last]
    kinds = sorted({(curve.definition, curve.outcome) for curve in curves}, reverse=True)
    for kind in kinds:
        group = [curve for curve in curves if (curve.definition, curve.outcome) == kind]
        sentences += [_at_week(week, kind, group, shown) for week in told
                      if any(point.week == week for curve in group for point in shown[curve.label])]
    for curve in curves:
        points = shown[curve.label]
        if points and points[-1].week < last:
            sentences.append(say(da=f"{quoted(curve.label)} kendes kun til og med uge {points[-1].week}.",
                                 en=f"{quoted(curve.label)} is known up to week {points[-1].week} only."))
    if any(point.low is not None for points in shown.values() for point in points):
        sentences.append(say(da="Båndene er 95 %-konfidensintervaller.", en="The bands are 95% confidence intervals."))
    return " ".join(sentences)


def describe_budget_result(rows: Iterable[BudgetResultRow], *, unit: str, decimals: int = 3) -> str:
    """Each year's budget, result and expectation in `unit`."""
    names = {"budget": say(da="budget", en="budget"), "realised": say(da="resultat", en="result"),
             "expected": say(da="forventet", en="expected")}
    shown = sorted((row for row in rows if row.value is not None),
                   key=lambda row: (row.year, list(names).index(row.basis)))
    if not shown:
        return say(da="Der er endnu ingen beløb at vise.", en="There are no amounts to show yet.")
    sentences = [_ended(say(da=f"Søjler pr. år, {unit}", en=f"Columns per year, {unit}"))]
    for year in sorted({row.year for row in shown}):
        parts = [f"{names[row.basis]} {_with_interval(row.value, row.low, row.high, decimals)}"
                 for row in shown if row.year == year]
        sentences.append(f"{year}: {listed(parts)}.")
    return " ".join(sentences)


def describe_estimators(rows: Iterable[EstimatorRow], *, unit: str, decimals: int = 1) -> str:
    """Each estimator's figure and interval in `unit`; the headline is named as such."""
    shown = told_rows(rows)
    if not shown:
        return say(da="Der er endnu ingen skøn at vise.", en="There are no estimates to show yet.")
    sentences = [_ended(say(da=f"Skøn med intervaller, {unit}", en=f"Estimates with intervals, {unit}"))]
    for row in shown:
        headline = say(da=" (hovedtal)", en=" (headline)") if row.headline else ""
        sentences.append(f"{row.label}{headline}: {_with_interval(row.value, row.low, row.high, decimals)}.")
    return " ".join(sentences)


def quoted(text: str) -> str:
    """A name in the language's quotation marks."""
    return say(da=f"»{text}«", en=f"“{text}”")


def listed(parts: Sequence[str]) -> str:
    """The parts as a list in a sentence.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     listed(["a", "b", "c"])
    'a, b og c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {say(da='og', en='and')} {parts[-1]}"


def _at_week(week: int, kind: tuple[str, str], curves: Sequence[Curve], shown: dict[str, list[CurvePoint]]) -> str:
    parts = [f"{percent(point.share)} {say(da='i', en='of')} {quoted(curve.label)}"
             for curve in curves for point in shown[curve.label] if point.week == week and point.share is not None]
    shares = listed(parts)
    after = say(da=f"Efter {week} uger", en=f"After {week} weeks")
    return {
        ("with_relapse", "same"): say(da=f"{after} modtager {shares} ydelsen.",
                                      en=f"{after}, {shares} receive the benefit."),
        ("with_relapse", "any"): say(da=f"{after} modtager {shares} offentlig forsørgelse.",
                                     en=f"{after}, {shares} receive public support."),
        ("without_relapse", "same"): say(da=f"{after} har {shares} endnu ikke forladt ydelsen.",
                                         en=f"{after}, {shares} have not yet left the benefit."),
        ("without_relapse", "any"): say(da=f"{after} har {shares} endnu ikke været selvforsørgende.",
                                        en=f"{after}, {shares} have not yet been self-supporting."),
    }[kind]


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _with_interval(
    value: float | Decimal | None, low: float | Decimal | None, high: float | Decimal | None, decimals: int
) -> str:
    text = "" if value is None else number(value, decimals)
    if low is None or high is None:
        return text
    if not text:
        return say(da=f"95 %-interval {number(low, decimals)} til {number(high, decimals)}",
                   en=f"95% interval {number(low, decimals)} to {number(high, decimals)}")
    return say(da=f"{text} (95 %-interval {number(low, decimals)} til {number(high, decimals)})",
               en=f"{text} (95% interval {number(low, decimals)} to {number(high, decimals)})")
