"""What an import did, file by file: counts that add up, notes, and the rows that were left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gevinst.errors import Message, catalogue
from gevinst.language import Language, current, number, percent, say, short_date, speaking

NOTHING_TO_DO = ("Intet at gøre.", "Nothing to do.")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
KEPT_IN_MEMORY = 1_000  # rejects; all of them are in rejects.csv


@dataclass(frozen=True)
class Reject:
    """A row that was left out: where, and why. Never what stood in it, but for an unknown word, cleaned.

    `line` is the line of the text file, or the row of a Parquet file. `shape` is how many words and signs stand where
    they may not be quoted, as they may be somebody's name.
    """

    file: str
    line: int
    column: str
    code: str
    value: str = ""
    shape: tuple[int, int] | None = None

    def reason(self, language: Language | None = None) -> str:
        """The reason, in `language` or the one spoken now."""
        text = catalogue()[self.code][language or current()].what
        if self.shape is None:
            return text.format(column=self.column, value=self.value)
        words, signs = self.shape
        with speaking(language or current()):
            value = say(da=f"… ({number(words)} ord, {number(signs)} tegn)",
                        en=f"… ({number(words)} words, {number(signs)} signs)")
        return text.format(column=self.column, value=value)


@dataclass(frozen=True)
class Note:
    """Something a reader should know that left no row out: a code of `messages/intake.yaml` and its values."""

    code: str
    values: tuple[tuple[str, str | int], ...] = ()

    def text(self, language: Language | None = None) -> str:
        """The note, in `language` or the one spoken now."""
        return self._told(language).what

    def advice(self, language: Language | None = None) -> str:
        """What to do about it; empty where there is nothing."""
        do = self._told(language).do
        return "" if do in NOTHING_TO_DO else do

    def _told(self, language: Language | None) -> Message:
        spoken = language or current()
        with speaking(spoken):
            values = {name: _printed(value) for name, value in self.values}
        told = catalogue()[self.code][spoken]
        return Message(told.what.format(**values), told.do.format(**values))


def _printed(value: str | int) -> str:
    """A value of a note in the language spoken: numbers in groups of three, ISO days as dates."""
    if isinstance(value, int):
        return number(value)
    return short_date(date.fromisoformat(value)) if ISO_DAY.fullmatch(value) else value


def note(code: str, **values: str | int) -> Note:
    """A note with its values in a fixed order."""
    return Note(code, tuple(sorted(values.items())))


@dataclass(frozen=True)
class FilePart:
    """One file of a table's, or one view of it: how many rows it gave, and how many of them were left out."""

    name: str
    sha256: str
    rows: int
    rejected: int
    supplier: str


@dataclass(frozen=True)
class FileReport:
    """How the file of one table fared, or the files together where `parts` are several.

    `rows` = `accepted` + `rejected`; `accepted` = `stored` + `duplicates` + `merged`. `duplicates` are rows that repeat
    another one word for word, `merged` those that went into an overlapping one; `reasons` counts the rejects by code,
    the commonest first.
    """

    name: str
    table: str
    sha256: str
    rows: int
    accepted: int
    rejected: int
    duplicates: int
    merged: int
    stored: int
    notes: tuple[Note, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    parts: tuple[FilePart, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `rejects` are the first 1,000; `folder` holds what was stored.

    `repeated` says that the newest snapshot already held just this, so that nothing new was stored.
    `data_from` and `data_to` are the first and the last day that the spells speak of.
    """

    files: tuple[FileReport, ...]
    rejects: tuple[Reject, ...]
    notes: tuple[Note, ...]
    data_from: date | None
    data_to: date | None
    key_id: str
    folder: Path
    repeated: bool = False

    @property
    def rejected(self) -> int:
        """Rows left out, in all files."""
        return sum(file.rejected for file in self.files)

    def file(self, table: str) -> FileReport | None:
        """The report of a table's file; `None` where there was no such file."""
        return next((file for file in self.files if file.table == table), None)


def ranked(reasons: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Counts by code, the commonest first, ties by name."""
    return tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))


def reason_of(code: str, language: Language | None = None) -> str:
    """What a reject code means, without a row's own values."""
    return catalogue()[code][language or current()].what.format(column="…", value="…")


def grouped_rejects(rejects: tuple[Reject, ...], language: Language | None = None) -> list[str]:
    """Rejects by reason, with the first lines of each; for a terminal."""
    groups: dict[tuple[str, str], list[int]] = {}
    for reject in rejects:
        groups.setdefault((reject.file, reject.reason(language)), []).append(reject.line)
    word = "line" if (language or current()) == "en" else "linje"
    return [
        f"{file}, {word} {', '.join(map(str, lines[:5]))}{' …' if len(lines) > 5 else ''}: {reason}"
        for (file, reason), lines in groups.items()
    ]


def report_lines(report: ImportReport, *, shown: int = 20, kept: bool = True) -> list[str]:
    """The report in plain words, in the language spoken now; at most `shown` kinds of reject are listed.

    `kept` says that what was written stays, so that the list of rejects can be named.
    """
    lines = []
    for file in report.files:
        lines.append(_counts(file))
        if len(file.parts) > 1:
            lines += [f"  · {part.name}: {_rows_of(part)}" for part in file.parts]
        lines += [f"  {line}" for one in file.notes for line in _note_lines(one, "– ")]
    lines += [line for one in report.notes for line in _note_lines(one)]
    if report.data_from and report.data_to:
        first, last = short_date(report.data_from), short_date(report.data_to)
        lines.append(say(da=f"Data fra {first} til og med {last}.", en=f"Data from {first} to {last}."))
    groups = grouped_rejects(report.rejects)
    if groups:
        lines.append(say(da="Rækker, der ikke kom med:", en="Rows left out:"))
        lines += [f"  {text}" for text in groups[:shown]]
        if kept:
            lines.append(say(da=f"Alle {number(report.rejected)} står i {report.folder / 'rejects.csv'}.",
                             en=f"All {number(report.rejected)} are in {report.folder / 'rejects.csv'}."))
    if report.repeated:
        lines.append(say(da="Filerne er de samme som sidst; intet nyt er gemt.",
                         en="The files are the same as last time; nothing new was stored."))
    return lines


def _note_lines(one: Note, sign: str = "") -> list[str]:
    """A note, and below it what to do."""
    advice = one.advice()
    return [f"{sign}{one.text()}", *([f"{' ' * len(sign)}→ {advice}"] if advice else [])]


def _rows_of(part: FilePart) -> str:
    rows, left_out = _rows(part.rows), number(part.rejected)
    if part.rejected:
        return say(da=f"{rows}, {left_out} afvist", en=f"{rows}, {left_out} rejected")
    return rows


def _rows(count: int) -> str:
    if count == 1:
        return say(da="1 række", en="1 row")
    return say(da=f"{number(count)} rækker", en=f"{number(count)} rows")


def _named(file: FileReport) -> str:
    """The file, and the table it became where its name is another: a supplier's file may become several."""
    return file.name if file.name.lower().startswith(f"{file.table}.") else f"{file.name} → {file.table}"


def _counts(file: FileReport) -> str:
    parts = [_rows(file.rows)]
    if file.rejected:
        share = percent(file.rejected / file.rows)
        count = number(file.rejected)
        parts.append(say(da=f"{count} afvist ({share})", en=f"{count} rejected ({share})"))
    if file.duplicates:
        parts.append(say(da=f"{number(file.duplicates)} gentaget", en=f"{number(file.duplicates)} repeated"))
    if file.merged:
        parts.append(say(da=f"{number(file.merged)} lagt sammen med en overlappende",
                         en=f"{number(file.merged)} merged into an overlapping one"))
    parts.append(say(da=f"{number(file.stored)} gemt", en=f"{number(file.stored)} stored"))
    return f"{_named(file)}: {', '.join(parts)}"

