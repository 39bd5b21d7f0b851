"""DREAM: one row per person with a code per week, to spells and persons.

A run of weeks with codes of one benefit is a spell, from the Monday of the first to the Sunday of the last; one
that reaches the newest week is still running. A blank week is a week without benefit, in work or not. DREAM writes
one code per week, and a week has it when one day does, so that spells are right and counts of recipients are not.

The file is read once for both tables: while the spells pass by, the persons (an id, a date, a few covariates) are
kept for the table that comes after.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from gevinst.parameters.benefits import normalise_benefit
from gevinst.progress import Bar, terminal
from gevinst.sources.cells import shown
from gevinst.sources.header import Layout
from gevinst.sources.parts import Part
from gevinst.sources.records import Rows
from gevinst.sources.report import Note, note
from gevinst.sources.suppliers.dream_cells import OddCells
from gevinst.sources.suppliers.dream_codes import CodeList, code_list
from gevinst.sources.suppliers.dream_files import (
    TEXT,
    Batch,
    Wanted,
    WideCsv,
    WideFile,
    WideParquet,
    looks_like_dream,
)
from gevinst.sources.suppliers.dream_persons import PersonColumns, person_cells, person_columns
from gevinst.sources.suppliers.dream_runs import Meanings, Runs, benefit_runs, code_runs, left_register
from gevinst.sources.suppliers.dream_tally import Tally
from gevinst.sources.suppliers.dream_weeks import WeekColumns, is_dream, week_columns
from gevinst.tables import PERSONS, SPELLS
from gevinst.weeks import monday, sunday

KEY = "dream"
SPELL_COLUMNS = ("person_id", "benefit", "start_date", "end_date")


@dataclass(frozen=True)
class Dream:
    """Recognises DREAM files: four columns or more named `y_YYWW`, in CSV, SAS or Parquet.

    `codes_file` is the workspace's own list of codes (it need not exist), `benefit_of` the workspace's benefits.
    `covariates_on` is the day that age, unemployment fund and municipality are taken for; the Monday of the file's
    newest week when none is given. `bar` shows how far a reading has come.
    """

    codes_file: Path | None = None
    benefit_of: Callable[[str], str | None] = normalise_benefit
    covariates_on: date | None = None
    bar: Bar = terminal
    key: str = KEY

    def parts(self, path: Path) -> tuple[Part, ...]:
        """The spells and the persons of a file.

        Raises the errors of `week_columns`, `person_columns` and `code_list`, and `dream.sas` and `intake.parquet`
        for a file that is not whole.
        """
        file = open_wide(path)
        if file is None or not is_dream(file.names):
            return ()
        weeks = week_columns(file.names, path.name)
        on = self.covariates_on or monday(weeks.newest)
        persons = person_columns(file.names, on, path.name)
        codes = code_list(self.codes_file, self.benefit_of)
        reading = Reading(path, file.names, weeks, persons, codes, codes.meanings(), on, self.codes_file, self.bar)
        return (Part(path, SPELLS, partial(DreamSpells, reading), self.key),
                Part(path, PERSONS, partial(DreamPersons, reading), self.key))


def open_wide(path: Path) -> WideFile | None:
    """The file as one with many columns; `None` where its name or first line says that it is something else."""
    match path.suffix.lower():
        case suffix if suffix in TEXT:
            return WideCsv(path) if looks_like_dream(path) else None
        case ".parquet":
            return WideParquet(path)
        case ".sas7bdat":
            from gevinst.sources.suppliers.dream_sas import WideSas  # here, because pyreadstat takes its time

            return WideSas(path)
    return None


@dataclass
class Reading:
    """One file, how it is read, and what is kept of it between its two tables."""

    path: Path
    names: tuple[str, ...]
    weeks: WeekColumns
    persons: PersonColumns
    codes: CodeList
    meanings: Meanings
    on: date
    codes_file: Path | None
    bar: Bar
    kept: _Kept | None = field(default=None, repr=False)

    @property
    def wanted(self) -> Wanted:
        """The columns to read."""
        return Wanted(self.weeks.places, {"person_id": self.persons.id, **self.persons.covariates})

    def left_out(self) -> str:
        """The kinds of column that are not read, with how many of each: `branche (204), grad (204)`."""
        used = {*self.weeks.places, *self.persons.used}
        kinds = Counter(shown(re.sub(r"[\d_]+", "_", name).strip("_")) for place, name in enumerate(self.names)
                        if place not in used)
        ranked = sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
        return ", ".join(f"{kind or '?'} ({count})" for kind, count in ranked[:20])


@dataclass(frozen=True)
class _Kept:
    """The persons of a file that has been read, and how it was written."""

    rows: tuple[Rows, ...]
    notes: tuple[Note, ...]
    sha256: str
    encoding: str


class _Pass:
    """One pass through the file: the batches as spells and persons, and at the end the verdict."""

    def __init__(self, reading: Reading) -> None:
        found = open_wide(reading.path)
        if found is None:  # it was one a moment ago
            raise FileNotFoundError(reading.path)
        self.file = found
        self.tally = Tally(reading.weeks, reading.codes, reading.meanings)
        self._reading = reading
        weeks = range(reading.weeks.first, reading.weeks.newest + 1)
        self._mondays = pa.array([monday(week).isoformat() for week in weeks], pa.string())
        self._sundays = pa.array([sunday(week).isoformat() for week in weeks], pa.string())
        self._benefits = pa.array(reading.codes.benefits, pa.string())

    def batches(self) -> Iterator[tuple[Rows, Rows]]:
        """Spells and persons of each batch, until a code is unknown; then only the counting goes on."""
        reading, odd = self._reading, OddCells()
        with reading.bar(reading.path.name) as told:
            for batch in self.file.batches(reading.wanted, odd):
                runs = code_runs(batch.codes)
                known = self.tally.add_codes(runs, len(batch.lines))
                told(batch.done, self.file.total)
                if known:
                    yield self._rows(batch, runs)
        self.tally.refuse(odd, reading.path, reading.codes_file)

    def _rows(self, batch: Batch, runs: Runs) -> tuple[Rows, Rows]:
        reading = self._reading
        weeks, rows = batch.codes.shape
        spells = benefit_runs(runs, reading.meanings)
        left = left_register(runs, reading.meanings, weeks, rows)
        self.tally.add_spells(spells, left)
        ids = batch.others["person_id"].dictionary_encode()
        persons = person_cells(ids, batch.others, reading.persons, reading.on, left.week, self._mondays)
        return (Rows(batch.lines[spells.row], self._spell_cells(spells, ids, weeks), batch.unread),
                Rows(batch.lines, persons, batch.unread))

    def _spell_cells(self, spells: Runs, ids: Any, weeks: int) -> pa.Table:
        running = spells.after == weeks
        cells = (_coded(ids.indices.take(pa.array(spells.row)), ids.dictionary),
                 _coded(pa.array(spells.value.astype(np.int32)), self._benefits),
                 _coded(pa.array(spells.first.astype(np.int32)), self._mondays),
                 _coded(pa.array((spells.after - 1).astype(np.int32), mask=running), self._sundays))
        return pa.table(dict(zip(SPELL_COLUMNS, cells, strict=True)))

    def person_notes(self) -> tuple[Note, ...]:
        """What a reader of the persons must know."""
        reading, notes = self._reading, []
        if reading.persons.covariates:
            columns = (f"{reading.names[place]} → {name}" for name, place in reading.persons.covariates.items())
            notes.append(note("dream.covariates", columns=", ".join(columns), day=reading.on.isoformat()))
        if self.tally.returned:
            notes.append(note("dream.returned", rows=self.tally.returned))
        if self.tally.after_death:
            notes.append(note("dream.after-death", rows=self.tally.after_death))
        return tuple(notes)


class DreamSpells:
    """The spells of a file; see `sources.reading.Source`."""

    layout = Layout(len(SPELL_COLUMNS), tuple(enumerate(SPELL_COLUMNS)))

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.sha256 = self.encoding = ""
        self.notes: tuple[Note, ...] = ()

    @property
    def data_to(self) -> date:
        """The last day that the file speaks of: the Sunday of its newest week."""
        return sunday(self._reading.weeks.newest)

    def rows(self) -> Iterator[Rows]:
        """The spells, by person; the line is the person's.

        Raises `dream.unknown-codes`, `dream.empty-weeks` and `dream.no-benefit` at the end of the file, and what
        reading the file raises.
        """
        one, kept = _Pass(self._reading), list[Rows]()
        for spells, persons in one.batches():
            kept.append(persons)
            yield spells
        self.sha256, self.encoding = one.file.sha256, one.file.encoding
        self.notes = one.tally.spell_notes(self._reading.left_out())
        self._reading.kept = _Kept(tuple(kept), one.person_notes(), self.sha256, self.encoding)


class DreamPersons:
    """The persons of a file; see `sources.reading.Source`. Read with the spells, or alone where they are not read."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        names: Sequence[str] = ("person_id", "left_register_date", *reading.persons.covariates)
        self.layout = Layout(len(names), tuple(enumerate(names)))
        self.sha256 = self.encoding = ""
        self.notes: tuple[Note, ...] = ()

    def rows(self) -> Iterator[Rows]:
        """The persons, in the file's order. Raises as `DreamSpells.rows` does."""
        if self._reading.kept is None:
            for _ in DreamSpells(self._reading).rows():
                pass
        kept, self._reading.kept = self._reading.kept, None
        if kept is not None:
            yield from kept.rows
            self.sha256, self.encoding, self.notes = kept.sha256, kept.encoding, kept.notes


def _coded(places: Any, texts: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(places, texts)
