"""The weeks every cohort of a run is read from, computed once and kept in the backend."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.definition import GapRule
from gevinst.cohorts.runs import known_spells, runs_of_any_support, weekly_runs
from gevinst.register.person_tables import PersonTables


@dataclass(frozen=True)
class Prepared:
    """Runs of every benefit, and of any public support as the benefit `any`, with the exit of each.

    `exit_after` is the gap that ends a spell; the same for all cohorts read from these runs.
    """

    tables: PersonTables
    runs: ir.Table
    exit_after: GapRule
    any_support: frozenset[str] = frozenset()


def prepare(
    tables: PersonTables,
    *,
    exit_after: GapRule = 4,
    any_support: frozenset[str] = frozenset(),
    benefits: frozenset[str] | None = None,
) -> Prepared:
    """Find the runs of `benefits` (None: all) and, where `any_support` names benefits, of any of those."""
    spells = known_spells(tables)
    wanted = spells if benefits is None else spells.filter(spells.benefit.isin(sorted(benefits)))
    horizon = tables.data_horizon
    runs = weekly_runs(wanted, exit_after, horizon)
    if any_support:
        of_any = runs_of_any_support(spells, any_support, exit_after, horizon)
        runs = ibis.union(runs, of_any, distinct=False)
    return Prepared(tables, tables.backend.keep(runs, "runs"), exit_after, any_support)
