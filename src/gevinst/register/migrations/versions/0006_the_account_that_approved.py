"""Whether an approval had to come from another account than the author's when it was made. Earlier ones do not say.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition_event", sa.Column("own_account", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """The log of editions approved since breaks: what they say is in their checksums."""
    op.drop_column("edition_event", "own_account")
