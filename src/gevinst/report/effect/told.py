"""What may be told of an investment's effect, and what its parts are called."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.follow_up.effect_detail import EffectDetail, Evidence, FrequencyPoint
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import number, say
from gevinst.report.amounts import count_cell
from gevinst.report.credible import credible
from gevinst.report.tree import Cell, text_cell

YEAR_WEEKS = 52


def detail_of(investment: str, edition: Edition) -> EffectDetail | None:
    """What stands behind the headline effect of an investment; None where there is none."""
    return next((detail for detail in edition.details if detail.investment == investment), None)


def summary_of(detail: EffectDetail, edition: Edition) -> EffectSummary | None:
    """The headline's rung of the ladder."""
    return next((effect for effect in edition.effects
                 if (effect.investment, effect.estimator) == (detail.investment, detail.estimator)), None)


def is_sound(detail: EffectDetail, edition: Edition) -> bool:
    """Whether the headline compares groups that are comparable, so that it may be told as what the effort did."""
    summary = summary_of(detail, edition)
    return summary is not None and credible(summary, edition)


def method_name(effect: EffectSummary) -> str:
    """What a reader calls the estimator; its key where it carries no name."""
    return effect.name or effect.estimator


def effect_id(effect: EffectSummary, *parts: str | int | None) -> str:
    """The id of a figure of one estimator's answer: `2/effect/matched/weeks_saved`."""
    return figure_id(effect.investment, "effect", effect.estimator, *parts)


def comparison_cell(effect: EffectSummary, threshold: int) -> Cell:
    """How many spells the answer compares with, or that it is a published curve."""
    if effect.comparison == 0:
        return text_cell(say(da="offentliggjort kurve", en="published curve"))
    return count_cell(effect.comparison, threshold, figure=effect_id(effect, "comparison"))


def grade_name(evidence: Evidence) -> str:
    """`B (god)`."""
    return f"{evidence.grade} ({evidence.name})" if evidence.name else evidence.grade


def grade_words(evidence: Evidence) -> str:
    """`B (godt): Forskellen er et godt bud.`"""
    meaning = evidence.meaning.rstrip()
    return f"{grade_name(evidence)}: {meaning if meaning.endswith('.') else meaning + '.'}"


def failed_placebo(detail: EffectDetail | None) -> bool:
    """Whether a test that should have given nought did not."""
    return detail is not None and any(placebo.passed is False for placebo in detail.placebos)


def main_point(detail: EffectDetail) -> FrequencyPoint | None:
    """The week that is told: a year after the start, else the last that is known."""
    points = sorted(detail.frequencies, key=lambda point: point.week)
    return next((point for point in points if point.week == YEAR_WEEKS), points[-1] if points else None)


def after(week: int) -> str:
    """`efter et år`.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     after(52), after(39)
    ('efter et år', 'efter 39 uger')
    """
    named = {26: say(da="efter et halvt år", en="after half a year"), 52: say(da="efter et år", en="after a year"),
             104: say(da="efter to år", en="after two years")}
    return named.get(week, say(da=f"efter {number(week)} uger", en=f"after {number(week)} weeks"))


def since_start(week: int) -> str:
    """`et år efter start`."""
    named = {26: say(da="et halvt år", en="half a year"), 52: say(da="et år", en="a year"),
             104: say(da="to år", en="two years")}
    length = named.get(week, say(da=f"{number(week)} uger", en=f"{number(week)} weeks"))
    return say(da=f"{length} efter start", en=f"{length} after the start")


def in_the_first(weeks: int) -> str:
    """`i det første år`."""
    named = {26: say(da="i det første halve år", en="in the first half year"),
             52: say(da="i det første år", en="in the first year"),
             104: say(da="i de første to år", en="in the first two years")}
    return named.get(weeks, say(da=f"i de første {number(weeks)} uger", en=f"in the first {number(weeks)} weeks"))
