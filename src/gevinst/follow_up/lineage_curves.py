"""The ladders of the curves, one for a whole curve, and of who is in the register."""

from __future__ import annotations

from collections.abc import Iterator

from gevinst.curves.curve import Curve, CurvePoint
from gevinst.follow_up.disclosure.words import told
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id, slug
from gevinst.follow_up.lineage_words import COMPUTED, FILES, counted, whose
from gevinst.language import number, percent, say
from gevinst.trace import Step

Ladders = Iterator[tuple[str, Step]]
WEEKS = (0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47, 52, 65, 78, 91, 104)
"""The weeks that a curve's ladder tells one by one; `curves.json` has all of them."""


def curve_id(investment: str, curve: Curve, place: int) -> str:
    """The id of a curve: `place` is its place among those of its panel, the participants first."""
    return figure_id(investment, "curve", curve.outcome, curve.definition, place)


def published_id(curve: Curve) -> str:
    """The id of a curve taken from a table."""
    return figure_id("published", curve.benefit, curve.definition, curve.outcome, slug(curve.label))


def curve_ladders(edition: Edition) -> Ladders:
    """Of every curve that is shown, and of the counts of the register beside them."""
    told_of = set[str]()
    for panel in edition.panels:
        for place, curve in enumerate(panel.curves):
            title = f"{curve.label}{whose(panel.investment)}"
            yield curve_id(panel.investment, curve, place), _of_curve(title, curve, edition)
        if panel.investment in told_of:
            continue
        told_of.add(panel.investment)
        base, named = figure_id(panel.investment, "register"), whose(panel.investment)
        yield f"{base}/target_group", counted(
            say(da="Personer i målgruppen i registret", en="Persons of the target group in the register") + named,
            panel.in_target_group, edition)
        yield f"{base}/participants", counted(
            say(da="Personer, der har deltaget", en="Persons who took part") + named, panel.participants, edition)
        for place, (why, count) in enumerate(panel.left_out):
            yield f"{base}/left_out/{place}", counted(f"{why}{named}", count, edition)
    for curve in edition.published:
        yield published_id(curve), _of_published(curve)


def _of_curve(title: str, curve: Curve, edition: Edition) -> Step:
    return Step(
        say(da=f"Kurve: {title}", en=f"Curve: {title}"), _what(curve), _formula(curve), curve.source,
        under=tuple(_of_point(point, edition.small_cell_threshold) for point in _told(curve)), see=COMPUTED)


def _told(curve: Curve) -> list[CurvePoint]:
    return [point for point in curve.points if point.share is not None and point.week in WEEKS]


def _of_point(point: CurvePoint, threshold: int) -> Step:
    share = "" if point.share is None else percent(point.share)
    if point.low is not None and point.high is not None:
        share += f" [{number(point.low * 100, 1)}; {number(point.high * 100, 1)}]"
    resting = told(None if point.at_risk < threshold else point.at_risk, threshold)
    return Step(say(da=f"uge {point.week}", en=f"week {point.week}"), share,
                say(da=f"hviler på {resting} forløb", en=f"rests on {resting} spells"))


def _of_published(curve: Curve) -> Step:
    return Step(
        say(da=f"Offentliggjort kurve: {curve.label}", en=f"Published curve: {curve.label}"), _what(curve),
        say(da="taget fra tabellen, som den er offentliggjort", en="taken from the table as published"), curve.source,
        under=tuple(Step(say(da=f"uge {point.week}", en=f"week {point.week}"), percent(point.share))
                    for point in curve.points if point.share is not None), see=(FILES,))


def _what(curve: Curve) -> str:
    return {
        "same": say(da="andel på samme ydelse", en="share on the same benefit"),
        "any": say(da="andel på offentlig forsørgelse i alt", en="share on any public support"),
    }[curve.outcome]


def _formula(curve: Curve) -> str:
    if curve.definition == "with_relapse":
        return say(
            da="modtagere i uge k efter start ÷ fulgte i uge k (Aalen–Johansen, når nogle følges kortere)",
            en="receiving in week k after the start ÷ followed in week k (Aalen–Johansen where some are followed less)")
    return say(da="Π over uger til k: 1 − første afgange ÷ endnu ikke afgåede (Kaplan–Meier)",
               en="Π over weeks to k: 1 − first exits ÷ not yet gone (Kaplan–Meier)")
