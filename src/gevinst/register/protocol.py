"""The analysis protocol under lock: its checksum, the day it was fixed, and what has been changed since.

A protocol's *plan* is its canonical text: JSON in ASCII, keys in order, no spaces, of what the plan means. Its
checksum is the SHA-256 of that text, and depends on neither Python's version, the order of fields, nor the order of
covariates and years, which have none in the analysis.

Fields and defaults may change in later editions of the program without changing an old checksum. The fields of the
first plan are always written out, so that another default changes nothing. A field that is added later gets a value
in `LATER`: what the plans from before it meant. It is written only where it differs from that.

A case's stop rules are part of its plan as well, where it has any.

Beside the protocol's own fields a plan says whom it is about (`ABOUT`): the target benefit, the referral window and the
periods without referrals, for a plan may be bent by these as well. Plans from before that did not say; where one of two
plans is silent, it is not a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gevinst.errors import GevinstError
from gevinst.register.business_case import Investment, Portfolio, Protocol, closed_periods
from gevinst.register.clock import day_of
from gevinst.register.protocol_words import Value, field_words, value_words
from gevinst.register.stop_rules import STOP_RULES, plan_text

if TYPE_CHECKING:
    from gevinst.register.store import Store

FOUNDING = ("headline", "horizon_weeks", "match_on", "baseline_years", "new_spell_after", "randomised",
            "later_participants", "double_counting")
LATER: Mapping[str, Value] = {}
ABOUT = ("target_benefit", "referrals_from", "referrals_to", "closed")
OF_CASE: Mapping[str, Value] = {STOP_RULES: ()}
"""What else a plan may say of its case, written only where there is something; and what a plan without it means."""


@dataclass(frozen=True)
class ProtocolEntry:
    """A plan as it was entered in the store: for which investment, in which version of its portfolio, and when."""

    investment: str
    version: int
    entered_at: datetime
    sha256: str
    plan: str


@dataclass(frozen=True)
class ProtocolChange:
    """A field of the protocol that was changed after it was fixed: from, to, and on which day.

    `field`, `was` and `now` are as `Protocol` has them; `what`, `was_words` and `now_words` say them in the language
    spoken when they are asked for.
    """

    field: str
    was: Value
    now: Value
    changed_on: date

    @property
    def what(self) -> str:
        """The field's name."""
        return field_words(self.field)

    @property
    def was_words(self) -> str:
        """What it was."""
        return value_words(self.field, self.was)

    @property
    def now_words(self) -> str:
        """What it became."""
        return value_words(self.field, self.now)

    def __str__(self) -> str:
        return f"{self.what}: {self.was_words} → {self.now_words}"


@dataclass(frozen=True)
class ProtocolRecord:
    """A protocol in force: its checksum, the day a protocol was first fixed, and every change since, in order.

    `fixed_sha256` is the checksum it was fixed with, and `fixed_at` the moment (UTC).
    """

    sha256: str
    fixed_on: date
    changes: tuple[ProtocolChange, ...] = ()
    fixed_sha256: str = ""
    fixed_at: datetime | None = None


def about(portfolio: Portfolio, investment: Investment) -> dict[str, Value]:
    """Whom an investment's protocol is about: the fields of `ABOUT`, days as ISO text, empty where it is open.

    And its stop rules where it has any: a case without has the plan it would have had before there were such rules.
    """
    rules: dict[str, Value] = {STOP_RULES: tuple(plan_text(one) for one in investment.stop_rules)}
    return (rules if investment.stop_rules else {}) | {
        "target_benefit": investment.target_group.benefit,
        "referrals_from": investment.referrals_from.isoformat() if investment.referrals_from else "",
        "referrals_to": investment.referrals_to.isoformat() if investment.referrals_to else "",
        "closed": tuple(f"{first}/{last}" for first, last in closed_periods(portfolio, investment)),
    }


def plan_of(
    protocol: Protocol, whom: Mapping[str, Value] | None = None, later: Mapping[str, Value] = LATER
) -> str:
    """The canonical text of a protocol, and of `whom` it is `about` where that is given.

    >>> plan_of(Protocol("matched", 26, ("sex", "age_at_entry"), new_spell_after="calendar_month"))
    '{"baseline_years":[],"double_counting":"first","headline":"matched","horizon_weeks":26,"later_participants":...
    """
    held = {item.name: _ordered(getattr(protocol, item.name)) for item in fields(protocol)}
    said = {name: value for name, value in held.items() if name in FOUNDING or value != later[name]}
    said |= {name: _ordered(value) for name, value in (whom or {}).items()}
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def _ordered(value: Value) -> Value:
    return tuple(sorted(value, key=str)) if isinstance(value, tuple) else value


def checksum(plan: str) -> str:
    """The SHA-256 of a plan, 64 figures in base sixteen."""
    return hashlib.sha256(plan.encode("ascii")).hexdigest()


def protocol_sha256(protocol: Protocol, whom: Mapping[str, Value] | None = None) -> str:
    """The SHA-256 of the protocol's canonical text (`plan_of`), 64 figures in base sixteen.

    >>> protocol_sha256(Protocol(match_on=("sex", "education"))) == protocol_sha256(
    ...     Protocol(match_on=("education", "sex")))
    True
    """
    return checksum(plan_of(protocol, whom))


def differences(
    was: str, now: str, day: date, later: Mapping[str, Value] = LATER
) -> tuple[ProtocolChange, ...]:
    """The fields in which two plans differ, by name; `day` is when the one became the other.

    A field that one of them does not write is what the plans from before it meant.
    """
    old, new = ({**OF_CASE, **later, **_read(plan)} for plan in (was, now))
    both = sorted(old.keys() & new.keys())
    return tuple(ProtocolChange(name, old[name], new[name], day) for name in both if old[name] != new[name])


def _read(plan: str) -> dict[str, Value]:
    held: dict[str, Any] = json.loads(plan)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}


def record_of(entries: Sequence[ProtocolEntry]) -> ProtocolRecord:
    """The record of one investment from its entries, in the order they were made; at least one."""
    first, last = entries[0], entries[-1]
    steps = [differences(one.plan, other.plan, day_of(other.entered_at)) for one, other in pairwise(entries)]
    return ProtocolRecord(last.sha256, day_of(first.entered_at), tuple(change for step in steps for change in step),
                          first.sha256, first.entered_at)


def require_intact(entries: Iterable[ProtocolEntry], portfolio: Portfolio) -> None:
    """Raise `register.protocol-damaged` unless every plan is what its checksum says, and the last one in force."""
    last: dict[str, str] = {}
    for entry in entries:
        last[entry.investment] = entry.plan
        if checksum(entry.plan) != entry.sha256:
            raise GevinstError("register.protocol-damaged", investment=entry.investment)
    for investment in portfolio.investments:
        plan = last.get(investment.key)
        whom = about(portfolio, investment)
        # A plan from before `ABOUT` does not say, and is held against the rest.
        said = whom if plan is None or not whom.keys().isdisjoint(_read(plan)) else None
        if plan != plan_of(investment.protocol, said):
            raise GevinstError("register.protocol-damaged", investment=investment.key)


def protocol_records(store: Store, key: str, as_of: datetime | None = None) -> dict[str, ProtocolRecord]:
    """The record of every investment the portfolio has had, by the investment's key; those known at `as_of`.

    Empty where there is no such portfolio. Raises `register.naive-time` and `register.protocol-damaged`.
    """
    by_investment: dict[str, list[ProtocolEntry]] = {}
    for entry in store.protocol_entries(key, as_of):
        by_investment.setdefault(entry.investment, []).append(entry)
    return {name: record_of(entries) for name, entries in by_investment.items()}


def fixed_before_data(record: ProtocolRecord, first_data: datetime | None) -> bool | None:
    """The protocol was fixed before persons' data were first loaded; `None` while none have been."""
    if first_data is None or record.fixed_at is None:
        return None
    return record.fixed_at < first_data
