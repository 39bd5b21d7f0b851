"""The schema: the migrations make the tables of the models, and can be taken back."""

from __future__ import annotations

from alembic import command
from sqlalchemy import create_engine, inspect

from gevinst.register.models import Base
from gevinst.register.schema import bring_up_to_date, configuration


def test_the_migrations_make_what_the_models_say_and_can_be_taken_back(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        bring_up_to_date(connection)
        tables = set(inspect(connection).get_table_names())
        assert tables == {*Base.metadata.tables, "alembic_version"}
        command.check(configuration(connection))  # raises where the models have what the migrations have not
        bring_up_to_date(connection)  # a second time changes nothing
        command.downgrade(configuration(connection), "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
        command.upgrade(configuration(connection), "head")
        command.check(configuration(connection))
    engine.dispose()


def test_every_table_has_its_constraints_by_name(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        bring_up_to_date(connection)
        found = inspect(connection)
        for name, table in Base.metadata.tables.items():
            assert {key["name"] for key in found.get_foreign_keys(name)} == {
                constraint.name for constraint in table.foreign_key_constraints}
    engine.dispose()
