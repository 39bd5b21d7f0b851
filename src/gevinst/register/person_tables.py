"""The persons' tables of one snapshot, opened in the backend: the input of every cohort.

Rows stay in the backend; this module only says where they are, and how far they reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.register.encryption import unlocking
from gevinst.register.rewrite import complete_from
from gevinst.sources.manifest import MANIFEST_FILE, read_manifest
from gevinst.weeks import last_complete_week, today, week_of

if TYPE_CHECKING:
    import ibis.expr.types as ir


OLD_ROWS = 0.001


@dataclass(frozen=True)
class PersonTables:
    """Spells, participants and persons as Ibis tables, with the weeks they are known for.

    `first_week` is the week from which the source is taken to know everybody: by it one spell in a thousand has
    begun and one in a thousand has ended. An extract of all who were on benefit from some day on has true, older
    start dates, but none who left before that day; without the ends its survivors would pass for whole cohorts.
    Where persons have been deleted for their age it is the first week of which nobody has been.
    `data_horizon` is the last
    complete week of the source less its reporting lag. Stored periods are half open; a missing end means running.
    """

    backend: Backend
    spells: ir.Table
    participants: ir.Table | None
    persons: ir.Table | None
    first_week: int
    data_horizon: int
    folder: Path

    def other(self, name: str) -> ir.Table | None:
        """A table without persons (`investments`, `prices`, ...), or None where the snapshot has none."""
        path = self.folder / f"{name}.parquet"
        return self.backend.read_parquet(path, name) if path.exists() else None


def open_person_tables(
    folder: Path, backend: Backend, *, lag_weeks: int = 0, horizon: date | None = None
) -> PersonTables:
    """Open a folder of stored canonical tables (`sources/ingest.py` writes them), encrypted ones too.

    `lag_weeks` is the source's reporting lag. `horizon` is the day the source is known to, where it is not the
    last day any row mentions or the import names: earlier to look back, later where every spell had ended before
    the extract. Raises
    `snapshot.no-spells` where there are none, `snapshot.horizon-before-data`, `snapshot.horizon-in-future`, and the
    errors of the manifest and of the snapshots' key (`register/encryption.py`).
    """
    backend = unlocking(backend)
    path = folder / "spells.parquet"
    if not path.exists():
        raise GevinstError("snapshot.no-spells", where=str(folder))
    spells = backend.read_parquet(path, "spells")
    day_after = spells.end_date.max()
    reach = backend.to_arrow(
        spells.aggregate(
            first=spells.start_week.quantile(OLD_ROWS).floor().cast("int32"),
            ended=spells.end_week.quantile(OLD_ROWS).floor().cast("int32"),
            start=spells.start_date.max(),
            after=day_after,
        )
    ).to_pylist()[0]
    if reach["first"] is None:
        raise GevinstError("snapshot.no-spells", where=str(folder))
    last_day = max(reach["start"], date.fromordinal(reach["after"].toordinal() - 1) if reach["after"] else date.min)
    if (folder / MANIFEST_FILE).exists():  # DREAM is known to the end of its newest week, whoever ends or begins in it
        last_day = max(last_day, read_manifest(folder).data_to or last_day)
    if horizon is not None and horizon > today():
        raise GevinstError("snapshot.horizon-in-future", day=horizon.isoformat())
    data_horizon = last_complete_week(horizon or last_day) - lag_weeks
    if data_horizon < reach["first"]:
        raise GevinstError("snapshot.horizon-before-data", where=str(folder))

    first_week = reach["first"] if reach["ended"] is None else max(reach["first"], reach["ended"] - 1)
    since = complete_from(folder)
    if since is not None:
        first_week = max(first_week, week_of(since - timedelta(days=1)) + 1)

    def optional(name: str) -> ir.Table | None:
        there = folder / f"{name}.parquet"
        return backend.read_parquet(there, name) if there.exists() else None

    return PersonTables(
        backend, spells, optional("participants"), optional("persons"), first_week, data_horizon, folder
    )
