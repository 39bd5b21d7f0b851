"""What was measured of the data, and the verdict of each rule. Counts only; small ones are hidden before they leave.

The measures are in `data_quality_measures.py` and its neighbours, the rules in `parameters/quality_rules.py`. Nothing
here reads a table, so that reports can receive it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gevinst.parameters.quality_rules import QualityRule


class Verdict(StrEnum):
    """How a rule came out. `NOT_JUDGED`: the data have nothing to judge by, or too little of it."""

    OK = "ok"
    NOT_JUDGED = "not-judged"
    WARNING = "warning"
    SERIOUS = "serious"


ORDER = tuple(Verdict)


@dataclass(frozen=True)
class Finding:
    """One measurement: of what, its value in the rule's unit, and `count` of `of` rows, persons or weeks.

    `subject` are keys and words to be named when printed: a benefit, a month, a column, an investment, a file. `count`
    and `value` are `None` where they rest on too few persons to be shown; the verdict rests on them all the same.
    """

    rule: str
    subject: tuple[str, ...]
    value: float | None
    count: int | None
    of: int | None
    verdict: Verdict

    @property
    def hidden(self) -> bool:
        """Whether the value rests on too few to be shown."""
        return self.value is None


@dataclass(frozen=True)
class Measured:
    """A measurement before it is judged; `personal` where `count` is persons or may be told apart into persons.

    `part` says that the count is a part of `of`, so that those who are left are a count, too.
    """

    subject: tuple[str, ...]
    value: float
    count: int
    of: int
    personal: bool = True
    part: bool = True


@dataclass(frozen=True)
class Outcome:
    """A rule's verdict: the worst of what was judged. `findings` are those over a limit, the worst first."""

    rule: QualityRule
    verdict: Verdict
    judged: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class MonthCount:
    """A benefit in a month: persons and full-time persons in the register, spells begun and ended, and published.

    `month` is its first day. `None` is unknown, or too few to be shown.
    """

    benefit: str
    month: date
    persons: int | None
    full_time: float | None
    starts: int | None
    ends: int | None
    published: float | None = None


@dataclass(frozen=True)
class BreakMark:
    """A break in the definitions inside the months that are counted, as a chart and its note name it."""

    day: date
    benefits: tuple[str, ...]
    label: str
    text: str


@dataclass(frozen=True)
class LagPoint:
    """How much of a week was known so many weeks after it: `known` is a share."""

    weeks: int
    known: float


@dataclass(frozen=True)
class DataQuality:
    """The data-quality report of one snapshot."""

    snapshot: str
    taken: date
    data_from: date | None
    data_to: date | None
    outcomes: tuple[Outcome, ...]
    months: tuple[MonthCount, ...] = ()
    breaks: tuple[BreakMark, ...] = ()
    lag: tuple[LagPoint, ...] = ()
    smallest: int = 5
    names: Mapping[str, str] | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all rules."""
        return worst(one.verdict for one in self.outcomes)

    def outcome(self, rule: str) -> Outcome:
        """The outcome of one rule; `KeyError` where there is none."""
        return {one.rule.key: one for one in self.outcomes}[rule]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts; `NOT_JUDGED` where nothing was judged.

    >>> worst([Verdict.OK, Verdict.NOT_JUDGED, Verdict.WARNING]), worst([Verdict.NOT_JUDGED, Verdict.OK]), worst([])
    (<Verdict.WARNING: 'warning'>, <Verdict.OK: 'ok'>, <Verdict.NOT_JUDGED: 'not-judged'>)
    """
    judged = [one for one in verdicts if one is not Verdict.NOT_JUDGED]
    return max(judged, key=ORDER.index, default=Verdict.NOT_JUDGED)


def judge(rule: QualityRule, measured: Sequence[Measured], smallest: int) -> Outcome:
    """The outcome of a rule from what was measured; counts of 1 to `smallest` - 1 persons are hidden."""
    enough = [one for one in measured if one.of >= rule.at_least]
    findings = []
    for one in sorted(enough, key=lambda one: (-one.value, one.subject)):
        verdict = _verdict(rule, one.value)
        if verdict is not Verdict.OK:
            few = one.personal and (0 < one.count < smallest or (one.part and 0 < one.of - one.count < smallest))
            findings.append(Finding(rule.key, one.subject, None, None, None, verdict) if few
                            else Finding(rule.key, one.subject, one.value, one.count, one.of, verdict))
    verdicts = [Verdict.OK] * bool(enough) + [one.verdict for one in findings]
    return Outcome(rule, worst(verdicts), len(enough), tuple(findings))


def _verdict(rule: QualityRule, value: float) -> Verdict:
    if value > rule.serious:
        return Verdict.SERIOUS
    return Verdict.WARNING if value > rule.warning else Verdict.OK
