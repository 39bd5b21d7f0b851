"""The tables of the record.

Revision: 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portfolio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio")),
        sa.UniqueConstraint("key", name=op.f("uq_portfolio_key")),
    )
    op.create_table(
        "portfolio_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portfolio_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("price_level", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("journal_number", sa.Text(), nullable=False),
        sa.Column("committee", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("prudence_factor", sa.Text(), nullable=True),
        sa.Column("prudence_decided", sa.Date(), nullable=True),
        sa.Column("prudence_source", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_portfolio_version_from_one")),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio.id"],
            name=op.f("fk_portfolio_version_portfolio_id_portfolio"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_version")),
        sa.UniqueConstraint("portfolio_id", "version", name=op.f("uq_portfolio_version_portfolio_id_version")),
    )
    with op.batch_alter_table("portfolio_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portfolio_version_portfolio_id"), ["portfolio_id"], unique=False)

    op.create_table(
        "investment",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("target_description", sa.Text(), nullable=False),
        sa.Column("target_benefit", sa.Text(), nullable=False),
        sa.Column("target_min_spell_weeks", sa.Integer(), nullable=False),
        sa.Column("target_full_time_persons", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("theory", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("followed_by", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("full_time_participants", sa.Text(), nullable=True),
        sa.Column("supplier_name", sa.Text(), nullable=True),
        sa.Column("supplier_pay_by_results", sa.Boolean(), nullable=True),
        sa.Column("supplier_terms", sa.Text(), nullable=True),
        sa.Column("referrals_from", sa.Date(), nullable=True),
        sa.Column("referrals_to", sa.Date(), nullable=True),
        sa.Column("planned_weeks", sa.Integer(), nullable=True),
        sa.Column("week_price", sa.BigInteger(), nullable=True),
        sa.Column("week_price_level", sa.String(length=8), nullable=True),
        sa.Column("stop_date", sa.Date(), nullable=True),
        sa.Column("stop_text", sa.Text(), nullable=True),
        sa.Column("financing", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("headline", sa.String(length=40), nullable=False),
        sa.Column("horizon_weeks", sa.Integer(), nullable=False),
        sa.Column("relapse_gap_weeks", sa.Integer(), nullable=False),
        sa.Column("randomised", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["portfolio_version.id"],
            name=op.f("fk_investment_version_id_portfolio_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_investment_version_id_key")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_investment_version_id_number")),
    )
    with op.batch_alter_table("investment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_investment_version_id"), ["version_id"], unique=False)

    op.create_table(
        "laid_in",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["portfolio_version.id"],
            name=op.f("fk_laid_in_version_id_portfolio_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_laid_in")),
    )
    with op.batch_alter_table("laid_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_laid_in_version_id"), ["version_id"], unique=False)

    op.create_table(
        "portfolio_decision",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["portfolio_version.id"],
            name=op.f("fk_portfolio_decision_version_id_portfolio_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_decision")),
    )
    with op.batch_alter_table("portfolio_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portfolio_decision_version_id"), ["version_id"], unique=False)

    op.create_table(
        "portfolio_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["portfolio_version.id"],
            name=op.f("fk_portfolio_year_version_id_portfolio_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_year")),
    )
    with op.batch_alter_table("portfolio_year", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portfolio_year_version_id"), ["version_id"], unique=False)

    op.create_table(
        "suspension",
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("investment", sa.Text(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["portfolio_version.id"],
            name=op.f("fk_suspension_version_id_portfolio_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspension_version_id"), ["version_id"], unique=False)

    op.create_table(
        "baseline_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_baseline_year_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_year")),
    )
    with op.batch_alter_table("baseline_year", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_baseline_year_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "head_count",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("actual", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_head_count_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_count")),
    )
    with op.batch_alter_table("head_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_head_count_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "investment_budget",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("investment", sa.BigInteger(), nullable=False),
        sa.Column("saving", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_investment_budget_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_budget")),
        sa.UniqueConstraint("investment_id", "year", name=op.f("uq_investment_budget_investment_id_year")),
    )
    with op.batch_alter_table("investment_budget", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_investment_budget_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "investment_decision",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_investment_decision_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_decision")),
    )
    with op.batch_alter_table("investment_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_investment_decision_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "match_covariate",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_match_covariate_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_covariate")),
    )
    with op.batch_alter_table("match_covariate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_covariate_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "participant_count",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Text(), nullable=True),
        sa.Column("actual", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_participant_count_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_count")),
    )
    with op.batch_alter_table("participant_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_count_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "proposer",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"], ["investment.id"], name=op.f("fk_proposer_investment_id_investment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposer")),
    )
    with op.batch_alter_table("proposer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposer_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "recorded_figure",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_recorded_figure_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_figure")),
    )
    with op.batch_alter_table("recorded_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recorded_figure_investment_id"), ["investment_id"], unique=False)

    op.create_table(
        "returned_amount",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"],
            ["investment.id"],
            name=op.f("fk_returned_amount_investment_id_investment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_amount")),
    )
    with op.batch_alter_table("returned_amount", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returned_amount_investment_id"), ["investment_id"], unique=False)



def downgrade() -> None:
    op.drop_table("returned_amount")
    op.drop_table("recorded_figure")
    op.drop_table("proposer")
    op.drop_table("participant_count")
    op.drop_table("match_covariate")
    op.drop_table("investment_decision")
    op.drop_table("investment_budget")
    op.drop_table("head_count")
    op.drop_table("baseline_year")
    op.drop_table("suspension")
    op.drop_table("portfolio_year")
    op.drop_table("portfolio_decision")
    op.drop_table("laid_in")
    op.drop_table("investment")
    op.drop_table("portfolio_version")
    op.drop_table("portfolio")
