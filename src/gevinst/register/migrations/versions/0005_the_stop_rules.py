"""The stop rules agreed in the cases. Records from before have none.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stop_rule",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("at_least", sa.Text(), nullable=True),
        sa.Column("at_most", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.String(length=8), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("investment_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["investment_id"], ["investment.id"], name=op.f("fk_stop_rule_investment_id_investment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_rule")),
    )
    op.create_index(op.f("ix_stop_rule_investment_id"), "stop_rule", ["investment_id"], unique=False)


def downgrade() -> None:
    """The rules are lost: there was no room for them."""
    op.drop_table("stop_rule")
