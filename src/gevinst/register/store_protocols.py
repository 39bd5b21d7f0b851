"""The protocols of a portfolio's investments as the store has them: one row when fixed, one at every change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gevinst.register.business_case import Portfolio
from gevinst.register.models import ProtocolRow
from gevinst.register.protocol import ProtocolEntry, about, checksum, plan_of


def enter_protocols(
    session: Session, portfolio: Portfolio, owner: int, version: int, moment: datetime
) -> None:
    """Add a row for every investment that is new to the portfolio `owner`, or has another plan than the last one."""
    last = {row.investment: row.sha256 for row in _rows(session, owner)}
    for investment in portfolio.investments:
        plan = plan_of(investment.protocol, about(portfolio, investment))
        sha256 = checksum(plan)
        if last.get(investment.key) != sha256:
            session.add(ProtocolRow(portfolio_id=owner, investment=investment.key, version=version, entered_at=moment,
                                    sha256=sha256, plan=plan))
    session.flush()


def read_entries(session: Session, owner: int, version: int) -> tuple[ProtocolEntry, ...]:
    """The entries of a portfolio up to a version, in the order they were made."""
    return tuple(ProtocolEntry(row.investment, row.version, row.entered_at, row.sha256, row.plan)
                 for row in _rows(session, owner) if row.version <= version)


def _rows(session: Session, owner: int) -> Iterable[ProtocolRow]:
    return session.scalars(select(ProtocolRow).where(ProtocolRow.portfolio_id == owner)
                           .order_by(ProtocolRow.version, ProtocolRow.id)).all()
