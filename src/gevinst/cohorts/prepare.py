"""The weeks every cohort of a run is read from, computed once and kept in the backend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from gevinst.cohorts.carried import crossings, followed_spells, with_since
from gevinst.cohorts.definition import GapRule
from gevinst.cohorts.runs import known_spells, runs_of_any_support, weekly_runs
from gevinst.parameters.definition_breaks import DefinitionBreak
from gevinst.register.person_tables import PersonTables


@dataclass(frozen=True)
class Prepared:
    """Runs of every benefit, and of any public support as the benefit `any`, with the exit of each.

    `exit_after` is the gap that ends a spell; the same for all cohorts read from these runs. `spells` are what the
    runs of single benefits were made from: those known, carried across the breaks in the definitions.
    """

    tables: PersonTables
    runs: ir.Table
    exit_after: GapRule
    spells: ir.Table
    any_support: frozenset[str] = frozenset()


def prepare(
    tables: PersonTables,
    *,
    exit_after: GapRule = 4,
    any_support: frozenset[str] = frozenset(),
    benefits: frozenset[str] | None = None,
    breaks: Sequence[DefinitionBreak] = (),
) -> Prepared:
    """Find the runs of `benefits` (None: all) and, where `any_support` names benefits, of any of those.

    Runs of a benefit go on across those of `breaks` that lie inside the data (`cohorts/carried.py`).
    """
    spells, horizon = known_spells(tables), tables.data_horizon
    crossing = crossings(breaks, tables)
    followed = followed_spells(spells, crossing, exit_after)
    wanted = followed if benefits is None else followed.filter(followed.benefit.isin(sorted(benefits)))
    runs = with_since(weekly_runs(wanted, exit_after, horizon), spells, crossing, exit_after)
    if any_support:
        of_any = runs_of_any_support(spells, any_support, exit_after, horizon)
        runs = ibis.union(runs, of_any.mutate(since_week=of_any.start_week), distinct=False)
    return Prepared(tables, tables.backend.keep(runs, "runs"), exit_after, followed, any_support)
