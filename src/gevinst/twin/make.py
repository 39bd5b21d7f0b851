"""A twin as files: the canonical tables, the model they are drawn from, and what a reader must know of them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from gevinst.backend import open_duckdb
from gevinst.curves.twin_model import TwinModel, as_json, from_json
from gevinst.errors import GevinstError
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Portfolio
from gevinst.register.person_tables import PersonTables, open_person_tables
from gevinst.settings import Settings
from gevinst.sources.cells import without_cpr
from gevinst.tables import CONTRACTS
from gevinst.twin.fit import Terms, fit
from gevinst.twin.tables import twin_tables
from gevinst.twin.words import readme
from gevinst.version import code_version

MODEL, ABOUT, README = "model.json", "twin.json", "README.md"
REGISTER = "register"
CURVES = "published_curves"
WHOSE = ("benefit", "definition", "cohort")  # whose curve it is
COPIED = ("investments", "prices", "published_counts", CURVES, "suspensions")
"""Tables about no person, which the twin has as the register has them."""
FORMAT = 1
MOST_PERSONS, MOST_WEEKS = 20_000_000, 10_000  # more than any register has; a model may come from anybody


@dataclass(frozen=True)
class TwinFiles:
    """A twin's files by their place in its folder, and the model."""

    model: TwinModel
    seed: int
    files: Mapping[str, bytes]


def make_twin(
    snapshot: Path, portfolio: Portfolio, book: ParameterBook, settings: Settings, terms: Terms, seed: int,
    curves: Iterable[Mapping[str, Any]] = (),
) -> TwinFiles:
    """Count a snapshot, and draw its twin.

    `terms` say what may be counted, `curves` are published curves beside those of the snapshot. Raises `twin.too-few`
    and the errors of opening the snapshot.
    """
    backend = open_duckdb(threads=settings.engine_threads, memory=settings.engine_memory)
    try:
        tables = open_person_tables(snapshot, backend, lag_weeks=terms.lag_weeks)
        model = fit(tables, portfolio, book.benefits, terms)
        copied = {name: rows for name in COPIED if (rows := _copied(tables, name))}
    finally:
        backend.close()
    copied |= _with(copied.get(CURVES, []), curves)
    drawn = drawn_files(model, seed, book)
    others = {f"{REGISTER}/{name}.csv": _csv(_as_table(name, rows)) for name, rows in copied.items()}
    about = {"format": FORMAT, "seed": seed, "code_version": code_version(), "drawn": sorted(drawn),
             "copied": sorted(others)}
    return TwinFiles(model, seed, {
        **drawn, **others, MODEL: _json(as_json(model)), ABOUT: _json(about), README: readme(model, seed).encode()})


def drawn_files(model: TwinModel, seed: int, book: ParameterBook) -> dict[str, bytes]:
    """The files that come of the model and the seed, and of nothing else."""
    tables = twin_tables(model, seed, book.benefits)
    return {f"{REGISTER}/{name}.csv": _csv(table) for name, table in tables.items()}


def read_twin(folder: Path) -> tuple[TwinModel, int]:
    """The model and the seed in a twin's folder. Raises `twin.unreadable`."""
    try:
        model = from_json(json.loads((folder / MODEL).read_text(encoding="utf-8")))
        if model.last_week - model.first_week > MOST_WEEKS or _persons(model) > MOST_PERSONS:
            raise ValueError(MODEL)
        return model, int(json.loads((folder / ABOUT).read_text(encoding="utf-8"))["seed"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise GevinstError("twin.unreadable", where=str(folder)) from fault


def _persons(model: TwinModel) -> int:
    return sum(span.persons for one in model.benefits for span in (*one.present, *one.inflow))


def _with(imported: list[dict[str, Any]], curves: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The published curves with those fetched beside them; what was imported was meant."""
    there = {tuple(row[name] for name in WHOSE) for row in imported}
    rows = [*imported, *(dict(row) for row in curves if tuple(row[name] for name in WHOSE) not in there)]
    return {CURVES: rows} if rows else {}


def _copied(tables: PersonTables, name: str) -> list[dict[str, Any]]:
    """A stored table without persons, as a canonical file has it."""
    table = tables.other(name)
    return [] if table is None else list(tables.backend.to_arrow(table).to_pylist())


def _as_table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows in the contract's columns, sorted; last days are days included."""
    contract = CONTRACTS[name]
    columns: dict[str, list[Any]] = {}
    for column in contract.columns:
        values = [row.get(column.name) for row in rows]
        if column.type == "last_day":
            values = [None if value is None else value - timedelta(days=1) for value in values]
        elif column.type in ("text", "benefit", "definition"):
            values = [None if value is None else without_cpr(str(value)) for value in values]
        elif column.type == "decimal":
            values = [None if value is None else format(value, "f") if not isinstance(value, float) else repr(value)
                      for value in values]
        columns[column.name] = values
    order = np.array(sorted(range(len(rows)), key=lambda at: [str(columns[one][at]) for one in columns]), np.int64)
    return pa.table({name: pa.array(values) for name, values in columns.items()}).take(pa.array(order))


def _csv(table: pa.Table) -> bytes:
    written = io.BytesIO()
    pcsv.write_csv(table, written, pcsv.WriteOptions(quoting_style="needed"))
    return written.getvalue()


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
