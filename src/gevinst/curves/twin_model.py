"""What a synthetic twin is drawn from: numbers that each rest on enough persons and are rounded, and nothing else.

Whoever has the model has all that the twin can tell of the register. It is kept beside the twin as `model.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from gevinst.curves.twin_bands import LEAST_BASE

FORMAT = 1
COUNTED = ("persons", "events", "weeks")  # what in the model is a count of persons, or of what they did
T = TypeVar("T")


@dataclass(frozen=True)
class Span:
    """`persons` at `first` to `last`, both included."""

    first: int
    last: int
    persons: int


@dataclass(frozen=True)
class Step:
    """`events` in `weeks` person-weeks at the durations `first` to `last` (None: and all after)."""

    first: int
    last: int | None
    events: int
    weeks: int

    @property
    def rate(self) -> float:
        """Events per person-week, at most 1."""
        return min(1.0, self.events / self.weeks) if self.weeks > 0 else 0.0


@dataclass(frozen=True)
class Pace:
    """From `first` on (a week, or weeks since a start) the rate is `factor` times what it is over all."""

    first: int
    factor: float


@dataclass(frozen=True)
class Share:
    """How many persons have a value: a text, or a number from `value` up to `below`."""

    value: str | float | None
    below: float | None
    persons: int


@dataclass(frozen=True)
class BenefitModel:
    """The way through one benefit.

    `present`: those on it in the first week, by weeks they had been. `inflow`: those whose first benefit it was, by
    week. `leaving`: by weeks on it; `pace`: beside that, by calendar week. `back`: coming back to any benefit, by weeks
    off; `at_once` and `later`: to which (a place in `TwinModel.benefits`), in the week of leaving and after it.
    """

    key: str
    present: tuple[Span, ...]
    inflow: tuple[Span, ...]
    leaving: tuple[Step, ...]
    pace: tuple[Pace, ...]
    back: tuple[Step, ...]
    at_once: tuple[Span, ...]
    later: tuple[Span, ...]
    degrees: tuple[Share, ...]


@dataclass(frozen=True)
class InvestmentModel:
    """Who takes part: first starts by calendar week, with `by_week` as rates, and a factor by weeks on the benefit.

    The chance of starting in an open week is `by_week` times `by_duration`, and for one who has been in another
    investment before, that times `again`; nobody starts with fewer weeks than the first of `by_duration`. `closed` are
    weeks `[first, last]` without starts. `stays`: the end of taking part, by weeks in it, as if of a thousand; `pace`:
    the rate of leaving the benefit, by weeks since the start, beside what it is for others.
    """

    key: str
    benefit: str
    starts: tuple[Span, ...]
    by_week: tuple[Pace, ...]
    by_duration: tuple[Pace, ...]
    again: float
    closed: tuple[tuple[int, int], ...]
    stays: tuple[Step, ...]
    pace: tuple[Pace, ...]


@dataclass(frozen=True)
class Column:
    """A column of the persons' file: how many have which value, by first benefit; `""` is everybody.

    `kind` is "text", "whole" or "number".
    """

    name: str
    kind: str
    shares: Mapping[str, tuple[Share, ...]]


@dataclass(frozen=True)
class PaidShare:
    """What a week costs: DKK per full-time week, and which parts of it are refund and co-financing, in per cent.

    `paid` is the share of the weeks for which something was paid, in per cent, as far as an edition tells it.
    """

    benefit: str
    step: int
    year: int
    gross: int
    refund: int
    cofinancing: int
    paid: int


@dataclass(frozen=True)
class PaidPeriod:
    """The weeks that the payments of a benefit cover."""

    benefit: str
    first: int
    last: int


@dataclass(frozen=True)
class Posted:
    """An investment's postings on an account in a year, in whole thousand DKK, as of one of its months."""

    investment: str
    account: str
    month: date
    thousands: int


@dataclass(frozen=True)
class TwinModel:
    """Everything a twin is drawn from, with the rule that its numbers keep.

    `last_week` is the last week of the data. `leaves` is death and moving away, per person-week.
    """

    few: int
    base: int
    first_week: int
    last_week: int
    benefits: tuple[BenefitModel, ...]
    leaves: Step
    investments: tuple[InvestmentModel, ...] = ()
    columns: tuple[Column, ...] = ()
    municipalities: tuple[Share, ...] = ()
    payments: tuple[PaidShare, ...] = ()
    paid_periods: tuple[PaidPeriod, ...] = ()
    postings: tuple[Posted, ...] = ()
    overlap: float = 0.0


def as_json(model: TwinModel) -> dict[str, Any]:
    """The model for a file."""
    said = asdict(model)
    for posted in said["postings"]:
        posted["month"] = posted["month"].isoformat()
    return {"format": FORMAT, **said}


def keeps_its_rule(model: TwinModel) -> bool:
    """Whether every count in the model is a multiple of its base, and the base no smaller than five.

    >>> [keeps_its_rule(TwinModel(10, 5, 0, 9, (), Step(0, None, events, 5))) for events in (0, 10, 3)]
    [True, True, False]
    """
    counts = list(_counts(asdict(model)))
    return model.base >= LEAST_BASE and model.few >= 2 * model.base and not any(n % model.base for n in counts)


def _counts(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in COUNTED:
                yield inner
            else:
                yield from _counts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _counts(inner)


def from_json(said: Mapping[str, Any]) -> TwinModel:
    """The model of a file. Raises `KeyError`, `TypeError` or `ValueError` where it is none.

    >>> empty = TwinModel(10, 5, 0, 9, (), Step(0, None, 0, 1))
    >>> from_json(as_json(empty)) == empty
    True
    """
    if said["format"] > FORMAT:
        raise ValueError(FORMAT)
    return TwinModel(
        int(said["few"]), int(said["base"]), int(said["first_week"]), int(said["last_week"]),
        tuple(_benefit(one) for one in said["benefits"]), Step(**said["leaves"]),
        tuple(_investment(one) for one in said["investments"]),
        tuple(Column(one["name"], one["kind"], {key: _many(Share, shares) for key, shares in one["shares"].items()})
              for one in said["columns"]),
        _many(Share, said["municipalities"]), _many(PaidShare, said["payments"]),
        _many(PaidPeriod, said["paid_periods"]),
        tuple(Posted(one["investment"], one["account"], date.fromisoformat(one["month"]), one["thousands"])
              for one in said["postings"]),
        float(said["overlap"]))


def _many(kind: type[T], said: Any) -> tuple[T, ...]:
    return tuple(kind(**one) for one in said)


def _benefit(said: Mapping[str, Any]) -> BenefitModel:
    return BenefitModel(
        said["key"], _many(Span, said["present"]), _many(Span, said["inflow"]), _many(Step, said["leaving"]),
        _many(Pace, said["pace"]), _many(Step, said["back"]), _many(Span, said["at_once"]),
        _many(Span, said["later"]), _many(Share, said["degrees"]))


def _investment(said: Mapping[str, Any]) -> InvestmentModel:
    closed = tuple((int(first), int(last)) for first, last in said["closed"])
    return InvestmentModel(
        said["key"], said["benefit"], _many(Span, said["starts"]), _many(Pace, said["by_week"]),
        _many(Pace, said["by_duration"]), float(said["again"]), closed, _many(Step, said["stays"]),
        _many(Pace, said["pace"]))
