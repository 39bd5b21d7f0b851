"""The whole protocol: later participants, double counting, and a calendar month as the rule for new spells.

Columns are added and dropped in place. SQLite would otherwise copy the table, and dropping the old one would take
all that hangs on it along. SQLite adds a column that may not be empty only with a default, so that the defaults stay.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = {"new_spell_after": "4", "later_participants": "censor", "double_counting": "first"}


def upgrade() -> None:
    for name, meant in ADDED.items():
        op.add_column("investment", sa.Column(name, sa.String(length=20), nullable=False, server_default=meant))
    op.execute("UPDATE investment SET new_spell_after = CAST(relapse_gap_weeks AS VARCHAR(20))")
    op.drop_column("investment", "relapse_gap_weeks")


def downgrade() -> None:
    """A calendar month becomes four weeks, and the two choices are lost: there was no room for them."""
    op.add_column("investment", sa.Column("relapse_gap_weeks", sa.Integer(), nullable=False, server_default="4"))
    op.execute("UPDATE investment SET relapse_gap_weeks = CAST(new_spell_after AS INTEGER) "
               "WHERE new_spell_after <> 'calendar_month'")
    for name in ADDED:
        op.drop_column("investment", name)
