"""The protocols under lock: when each was fixed and changed, from the versions that the store already has.

The canonical text is written here as `protocol.plan_of` wrote it in this edition. Plans are never rewritten, so that
this text stands though the program may add fields.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.sql.expression import TableClause

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
VERSION = sa.table("portfolio_version", sa.column("id"), sa.column("portfolio_id"), sa.column("version"),
                   sa.column("saved_at", _MOMENT))
INVESTMENT = sa.table("investment", sa.column("id"), sa.column("version_id"), sa.column("position"), sa.column("key"),
                      sa.column("headline"), sa.column("horizon_weeks"), sa.column("new_spell_after"),
                      sa.column("randomised", sa.Boolean()), sa.column("later_participants"),
                      sa.column("double_counting"))
COVARIATE = sa.table("match_covariate", sa.column("investment_id"), sa.column("name"))
BASELINE_YEAR = sa.table("baseline_year", sa.column("investment_id"), sa.column("year"))
PROTOCOL = sa.table("protocol", sa.column("portfolio_id"), sa.column("investment"), sa.column("version"),
                    sa.column("entered_at", _MOMENT), sa.column("sha256"), sa.column("plan"))


def upgrade() -> None:
    op.create_table(
        "protocol",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portfolio_id", sa.Integer(), nullable=False),
        sa.Column("investment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio.id"],
            name=op.f("fk_protocol_portfolio_id_portfolio"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protocol")),
        sa.UniqueConstraint(
            "portfolio_id", "investment", "version", name=op.f("uq_protocol_portfolio_id_investment_version")
        ),
    )
    op.create_index(op.f("ix_protocol_portfolio_id"), "protocol", ["portfolio_id"], unique=False)
    fill()


def fill() -> None:
    """Enter the protocol of every investment when it first stood in a version, and whenever it changed."""
    connection = op.get_bind()
    last: dict[tuple[int, str], str] = {}
    for version in connection.execute(sa.select(VERSION).order_by(VERSION.c.portfolio_id, VERSION.c.version)).all():
        cases = sa.select(INVESTMENT).where(INVESTMENT.c.version_id == version.id).order_by(INVESTMENT.c.position)
        for case in connection.execute(cases).all():
            plan = plan_of(case, _held(COVARIATE, "name", case.id), _held(BASELINE_YEAR, "year", case.id))
            if last.get((version.portfolio_id, case.key)) != plan:
                last[version.portfolio_id, case.key] = plan
                connection.execute(sa.insert(PROTOCOL).values(
                    portfolio_id=version.portfolio_id, investment=case.key, version=version.version,
                    entered_at=version.saved_at, sha256=hashlib.sha256(plan.encode("ascii")).hexdigest(), plan=plan))


def _held(table: TableClause, column: str, investment: int) -> Iterable[Any]:
    found = sa.select(table.c[column]).where(table.c.investment_id == investment)
    return op.get_bind().execute(found).scalars().all()


def plan_of(case: sa.Row[Any], covariates: Iterable[str], years: Iterable[int]) -> str:
    """The canonical text of the protocol in a row of investments."""
    rule = case.new_spell_after
    return json.dumps({
        "headline": case.headline, "horizon_weeks": case.horizon_weeks, "match_on": sorted(covariates),
        "baseline_years": sorted(years, key=str), "new_spell_after": rule if rule == "calendar_month" else int(rule),
        "randomised": case.randomised, "later_participants": case.later_participants,
        "double_counting": case.double_counting,
    }, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def downgrade() -> None:
    op.drop_table("protocol")
