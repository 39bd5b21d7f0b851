"""The schema of the store and its versions: Alembic, run from the program, inside one locked transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from gevinst.errors import GevinstError
from gevinst.register.models import Base

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x67657669  # "gevi": the advisory lock that lets one program at a time change the schema on PostgreSQL


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for a connection; nothing of it is read from a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(connection: Connection) -> None:
    """Make or upgrade the tables.

    Raises `register.store-newer` where a later program has been here, and `register.store-foreign` where the
    database holds tables of ours that no migration made.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    heads = MigrationContext.configure(connection).get_current_heads()
    config = configuration(connection)
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    unknown = [head for head in heads if head not in known]
    if unknown:
        raise GevinstError("register.store-newer", revision=", ".join(unknown))
    if not heads:
        taken = set(inspect(connection).get_table_names()) & set(Base.metadata.tables)
        if taken:
            raise GevinstError("register.store-foreign", tables=", ".join(sorted(taken)))
    if set(heads) != set(script.get_heads()):
        command.upgrade(config, "head")
