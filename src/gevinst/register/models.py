"""The tables of the store: every version of every portfolio, normalised, never changed once written.

A save writes a new `portfolio_version` with all that hangs on it. Money is whole øre beside its price level;
times are UTC; other decimals are kept as text, because SQLite would make them floats. `position` keeps the
order of the record.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gevinst.money import PriceLevel


class Ore(TypeDecorator[int]):
    """Money as whole øre. Anything but an integer is refused: a float has lost its øre already."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, _: Dialect) -> int | None:
        if value is not None and type(value) is not int:
            raise TypeError(f"øre must be an integer, not {type(value).__name__}")
        return value


class Exact(TypeDecorator[Decimal]):
    """A decimal number as text, digit for digit."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, _: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Level(TypeDecorator[PriceLevel]):
    """A price level by its key: `2020` or `current`."""

    impl = String(8)
    cache_ok = True

    def process_bind_param(self, value: PriceLevel | None, _: Dialect) -> str | None:
        return None if value is None else value.key

    def process_result_value(self, value: Any | None, _: Dialect) -> PriceLevel | None:
        return None if value is None else PriceLevel.parse(value)


class UTC(TypeDecorator[dt.datetime]):
    """A moment with its time zone. SQLite drops the zone, so UTC is stored and given back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: Dialect) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any | None, _: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


NAMES = {
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Constraints are named by rule, so that migrations can find them again."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(), Decimal: Exact(), PriceLevel: Level(), dt.datetime: UTC(),
    }


def _owner(table: str) -> Mapped[int]:
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True)


class PortfolioRow(Base):
    """A portfolio, whatever its version."""

    __tablename__ = "portfolio"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)


class VersionRow(Base):
    """One version of a portfolio: when it was saved, by whom, why, and what it says of the whole."""

    __tablename__ = "portfolio_version"
    __table_args__ = (UniqueConstraint("portfolio_id", "version"), CheckConstraint("version >= 1", name="from_one"))
    id: Mapped[int] = mapped_column(primary_key=True)
    portfolio_id: Mapped[int] = _owner("portfolio")
    version: Mapped[int]
    saved_at: Mapped[dt.datetime]
    author: Mapped[str]
    note: Mapped[str]
    title: Mapped[str]
    municipality: Mapped[str]
    price_level: Mapped[PriceLevel]
    reference: Mapped[str]
    journal_number: Mapped[str]
    committee: Mapped[str]
    source: Mapped[str]
    background: Mapped[str]
    prudence_factor: Mapped[Decimal | None]
    prudence_decided: Mapped[dt.date | None]
    prudence_source: Mapped[str | None]


class ProtocolRow(Base):
    """The protocol of an investment when it was fixed (its first row) or changed: the plan and its checksum."""

    __tablename__ = "protocol"
    __table_args__ = (UniqueConstraint("portfolio_id", "investment", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    portfolio_id: Mapped[int] = _owner("portfolio")
    investment: Mapped[str]
    version: Mapped[int]
    entered_at: Mapped[dt.datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    plan: Mapped[str]


class OfVersion:
    """A row that belongs to a version as a whole."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("portfolio_version.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]


class YearRow(OfVersion, Base):
    """A year of the portfolio."""

    __tablename__ = "portfolio_year"
    year: Mapped[int]


class LaidInRow(OfVersion, Base):
    """The saving laid into a year's budget."""

    __tablename__ = "laid_in"
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(Ore)
    level: Mapped[PriceLevel]


class PortfolioDecisionRow(OfVersion, Base):
    """A decision on the whole portfolio."""

    __tablename__ = "portfolio_decision"
    date: Mapped[dt.date]
    body: Mapped[str]
    text: Mapped[str]


class SuspensionRow(OfVersion, Base):
    """A period without referrals; `investment` is empty for all of them."""

    __tablename__ = "suspension"
    start: Mapped[dt.date]
    end: Mapped[dt.date] = mapped_column("last_day")
    text: Mapped[str]
    investment: Mapped[str]
    partial: Mapped[bool]


class InvestmentRow(OfVersion, Base):
    """An investment as it stood in a version."""

    __tablename__ = "investment"
    __table_args__ = (UniqueConstraint("version_id", "number"), UniqueConstraint("version_id", "key"))
    number: Mapped[str]
    key: Mapped[str]
    title: Mapped[str]
    target_description: Mapped[str]
    target_benefit: Mapped[str]
    target_min_spell_weeks: Mapped[int]
    target_full_time_persons: Mapped[Decimal | None]
    description: Mapped[str]
    theory: Mapped[str]
    delivery: Mapped[str]
    progress: Mapped[str]
    evidence: Mapped[str]
    followed_by: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    full_time_participants: Mapped[Decimal | None]
    supplier_name: Mapped[str | None]
    supplier_pay_by_results: Mapped[bool | None]
    supplier_terms: Mapped[str | None]
    referrals_from: Mapped[dt.date | None]
    referrals_to: Mapped[dt.date | None]
    planned_weeks: Mapped[int | None]
    week_price: Mapped[int | None] = mapped_column(Ore)
    week_price_level: Mapped[PriceLevel | None]
    stop_date: Mapped[dt.date | None]
    stop_text: Mapped[str | None]
    financing: Mapped[str]
    source: Mapped[str]
    headline: Mapped[str] = mapped_column(String(40))
    horizon_weeks: Mapped[int]
    new_spell_after: Mapped[str] = mapped_column(String(20))  # weeks, or calendar_month
    randomised: Mapped[bool]
    later_participants: Mapped[str] = mapped_column(String(20))
    double_counting: Mapped[str] = mapped_column(String(20))


class OfInvestment:
    """A row that belongs to an investment."""

    id: Mapped[int] = mapped_column(primary_key=True)
    investment_id: Mapped[int] = mapped_column(ForeignKey("investment.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]


class ProposerRow(OfInvestment, Base):
    """A party that proposed the investment."""

    __tablename__ = "proposer"
    name: Mapped[str]


class CovariateRow(OfInvestment, Base):
    """A covariate that the protocol matches on."""

    __tablename__ = "match_covariate"
    name: Mapped[str]


class BaselineYearRow(OfInvestment, Base):
    """A baseline year of the protocol."""

    __tablename__ = "baseline_year"
    year: Mapped[int]


class BudgetRow(OfInvestment, Base):
    """A year of the budget."""

    __tablename__ = "investment_budget"
    __table_args__ = (UniqueConstraint("investment_id", "year"),)
    year: Mapped[int]
    investment: Mapped[int] = mapped_column(Ore)
    saving: Mapped[int] = mapped_column(Ore)
    level: Mapped[PriceLevel]


class DecisionRow(OfInvestment, Base):
    """A decision on one investment."""

    __tablename__ = "investment_decision"
    date: Mapped[dt.date]
    body: Mapped[str]
    text: Mapped[str]


class ReturnedRow(OfInvestment, Base):
    """An amount returned to the treasury by an early stop."""

    __tablename__ = "returned_amount"
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(Ore)
    level: Mapped[PriceLevel]


class StopRuleRow(OfInvestment, Base):
    """A stop rule that was agreed: a least number or probability, or a largest amount."""

    __tablename__ = "stop_rule"
    date: Mapped[dt.date]
    measure: Mapped[str] = mapped_column(String(20))
    at_least: Mapped[Decimal | None]
    at_most: Mapped[int | None] = mapped_column(Ore)
    level: Mapped[PriceLevel | None]
    text: Mapped[str]
    source: Mapped[str]


class RecordedRow(OfInvestment, Base):
    """A result or an expectation that was typed in."""

    __tablename__ = "recorded_figure"
    year: Mapped[int]
    line: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(Ore)
    level: Mapped[PriceLevel]
    source: Mapped[str]
    as_of: Mapped[dt.date]


class HeadCountRow(OfInvestment, Base):
    """Placements on a day."""

    __tablename__ = "head_count"
    date: Mapped[dt.date]
    actual: Mapped[int]
    planned: Mapped[int]
    source: Mapped[str]


class ParticipantCountRow(OfInvestment, Base):
    """Full-time participants in a year."""

    __tablename__ = "participant_count"
    year: Mapped[int]
    planned: Mapped[Decimal | None]
    actual: Mapped[Decimal | None]
    expected: Mapped[Decimal | None]
    source: Mapped[str]


class EditionRow(Base):
    """An edition of a follow-up: whose it is, of which portfolio, and which one it corrects, if any."""

    __tablename__ = "edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    portfolio: Mapped[str]
    memo_date: Mapped[dt.date]
    author: Mapped[str]
    corrects: Mapped[str]
    reason: Mapped[str]


class EditionEventRow(Base):
    """A state an edition came into. Rows are only added; each has the checksum of the row before, of all editions."""

    __tablename__ = "edition_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="RESTRICT"), index=True)
    at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(String(20))
    by: Mapped[str]
    account: Mapped[str]
    comment: Mapped[str]
    sums_sha256: Mapped[str] = mapped_column(String(64))
    own_account: Mapped[bool | None]
    before: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
