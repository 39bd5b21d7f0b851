"""What was measured of the data, and the verdict of each rule, as it may be shown.

The measures are in `data_quality_measures.py` and its neighbours, the rules in `parameters/quality_rules.py`.
`Measured` and `QualityMeasures` are exact and not for print; `follow_up/disclosure/quality.py` makes a `DataQuality` of
them, which reports receive. Nothing here reads a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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
    and `value` are `None` where they may not be shown. Where they rest on too few persons, the verdict is the mildest
    that so few could have had, so that it does not tell how many they are.
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
    """A measurement, exact and not for print; `personal` where `count` is persons or may be told apart into persons.

    `part` says that the count is a part of `of`, so that those who are left are a count, too. `value_at` is the value
    that another count would have had (none: its share of `of`). `counted` and `population` name what is counted and
    what it is counted of, where other measurements count the same.
    """

    subject: tuple[str, ...]
    value: float
    count: int
    of: int
    personal: bool = True
    part: bool = True
    value_at: Callable[[int], float] | None = field(default=None, repr=False, compare=False)
    counted: str = ""
    population: str = ""


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
class Month:
    """One benefit in one month, exact and not for print: persons, full-time persons, spells begun and ended."""

    benefit: str
    month: date
    persons: int
    full_time: float
    starts: int
    ends: int

    def count(self, measure: str) -> int:
        """The persons there (`active`), or the spells that began (`starts`) or ended (`ends`)."""
        return {"active": self.persons, "starts": self.starts, "ends": self.ends}[measure]

    def key(self, measure: str) -> str:
        """The name of the count."""
        return f"quality/{self.benefit}/{self.month.isoformat()[:7]}/{measure}"


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
class QualityMeasures:
    """All that was measured of one snapshot, exact and not for print.

    `measured` is by rule, in their order; `published` are full-time persons by benefit and month; `late` is weeks, how
    many were registered late, and all known; `files` are name, rows, rejects by reason, of those that hold persons.
    """

    snapshot: str
    taken: date
    data_from: date | None
    data_to: date | None
    measured: tuple[tuple[QualityRule, tuple[Measured, ...]], ...]
    months: tuple[Month, ...] = ()
    published: Mapping[tuple[str, date], float] = field(default_factory=dict)
    breaks: tuple[BreakMark, ...] = ()
    late: tuple[tuple[int, int, int], ...] = ()
    files: tuple[tuple[str, int, tuple[tuple[str, int], ...]], ...] = ()
    names: Mapping[str, str] | None = None


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


def verdict_of(rule: QualityRule, value: float) -> Verdict:
    """The verdict of one value by a rule's limits."""
    if value > rule.serious:
        return Verdict.SERIOUS
    return Verdict.WARNING if value > rule.warning else Verdict.OK
