"""What a reading of a DREAM file adds up: the codes met, and what must be refused or told when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, number, say, speaking
from gevinst.sources.report import Note, note
from gevinst.sources.suppliers.dream_cells import OddCells
from gevinst.sources.suppliers.dream_codes import HIGHEST, CodeList
from gevinst.sources.suppliers.dream_runs import UNKNOWN, Left, Meanings, Runs, spread_weeks
from gevinst.sources.suppliers.dream_weeks import WeekColumns, column_name, listed

SUDDENLY = 20  # persons with a code the week before; that all of them have none is no news of persons
_SHOWN = 20


class Tally:
    """The counts of one reading."""

    def __init__(self, columns: WeekColumns, codes: CodeList, meanings: Meanings) -> None:
        self.persons = 0
        self.spells = 0
        self.cut_left = 0
        self.running = 0
        self.returned = 0
        self.after_death = 0
        self._columns = columns
        self._codes = codes
        self._meanings = meanings
        self._weeks = np.zeros(HIGHEST + 1, np.int64)  # by code
        self._odd = np.zeros(HIGHEST + 1, np.int64)
        self._coded = np.zeros(len(columns.places), np.int64)  # persons by week

    def add_codes(self, runs: Runs, rows: int) -> bool:
        """Count the codes of a batch; returns whether all that has been met so far is known."""
        length = (runs.after - runs.first).astype(np.float64)
        known = runs.value >= 0
        size = HIGHEST + 1
        self._weeks += np.bincount(runs.value[known], length[known], size).astype(np.int64)
        self._odd += np.bincount(-runs.value[~known], length[~known], size).astype(np.int64)
        self._coded += spread_weeks(runs, len(self._coded))
        self.persons += rows
        return not self._odd.any() and not self._weeks[self._meanings == UNKNOWN].any()

    def add_spells(self, spells: Runs, left: Left) -> None:
        """Count the spells of a batch."""
        self.spells += len(spells.row)
        self.cut_left += int((spells.first == 0).sum())
        self.running += int((spells.after == len(self._coded)).sum())
        self.returned += left.returned
        self.after_death += left.after_death

    def refuse(self, odd: OddCells, where: Path, local: Path | None) -> None:
        """Raise `dream.unknown-codes`, `dream.empty-weeks` or `dream.no-benefit`, where the file is to be refused."""
        unknown = [(str(code), int(self._weeks[code])) for code in np.flatnonzero(self._weeks)
                   if self._meanings[code] == UNKNOWN]
        unknown += [(f"»{odd.word(-place)}«", int(self._odd[place])) for place in np.flatnonzero(self._odd).tolist()]
        if unknown:
            ranked = sorted(unknown, key=lambda one: (-one[1], one[0]))
            values = {f"codes_{language}": "" for language in LANGUAGES}
            for language in LANGUAGES:
                with speaking(language):
                    values[f"codes_{language}"] = _counted(ranked)
            raise GevinstError("dream.unknown-codes", where=where.name, file=str(local or "dream_codes.csv"), **values)
        empty = self._empty_weeks()
        if empty:
            raise GevinstError("dream.empty-weeks", where=where.name, columns=listed(empty), persons=SUDDENLY)
        if self.persons and not self.spells:
            raise GevinstError("dream.no-benefit", where=where.name)

    def _empty_weeks(self) -> list[str]:
        """Columns without a code although many had one in the last week before that has any."""
        found, before = [], 0
        for place, coded in enumerate(self._coded.tolist()):
            if coded:
                before = coded
            elif before >= SUDDENLY:
                found.append(column_name(self._columns.first + place))
        return found

    def spell_notes(self, left_out: str) -> tuple[Note, ...]:
        """What a reader of the spells must know."""
        first, last = self._columns.span
        notes = [note("dream.read", persons=self.persons, spells=self.spells, first=first, last=last),
                 note("dream.not-for-stocks")]
        if self.cut_left:
            notes.append(note("dream.cut-left", rows=self.cut_left, first=first))
        if self.running:
            notes.append(note("dream.running", rows=self.running, last=last))
        choices = [code for code in np.flatnonzero(self._weeks).tolist()
                   if code in self._codes.codes and not self._codes.codes[code].verified]
        if choices:
            notes.append(note("dream.choices", codes=_read_as(choices, self._codes),
                              weeks=int(self._weeks[choices].sum())))
        own = [code for code in np.flatnonzero(self._weeks).tolist()
               if code in self._codes.codes and self._codes.codes[code].local]
        if own:
            notes.append(note("dream.local-codes", codes=_read_as(own, self._codes)))
        if left_out:
            notes.append(note("dream.columns-left", columns=left_out))
        return tuple(notes)


def _read_as(codes: Sequence[int], known: CodeList) -> str:
    by_benefit: dict[str, list[str]] = {}
    for code in codes:
        by_benefit.setdefault(known.codes[code].benefit, []).append(str(code))
    return "; ".join(f"{', '.join(numbers)} → {benefit}" for benefit, numbers in sorted(by_benefit.items()))


def _counted(ranked: Sequence[tuple[str, int]]) -> str:
    weeks = say(da="uger", en="weeks")
    parts = [f"{word} ({number(count)} {weeks})" for word, count in ranked[:_SHOWN]]
    if len(ranked) > _SHOWN:
        parts.append(say(da=f"og {len(ranked) - _SHOWN} andre", en=f"and {len(ranked) - _SHOWN} others"))
    return ", ".join(parts)
