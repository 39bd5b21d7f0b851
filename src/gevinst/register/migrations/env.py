"""What Alembic runs: the migrations on the connection that `schema` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from gevinst.register.models import Base


def render_plainly(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own types as the plain types they rest on, so that a migration never imports the models."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Run on the connection in the configuration's attributes."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True,
        compare_type=True, render_item=render_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name Alembic loads this file by; merely importing it does nothing
    run()
