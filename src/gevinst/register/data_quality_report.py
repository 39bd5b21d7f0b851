"""The data quality of a snapshot, measured by every rule: exact, and not for print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gevinst.parameters.benefits import Benefit
from gevinst.parameters.definition_breaks import JOBINDSATS, REGISTER, DefinitionBreak, breaks_within
from gevinst.parameters.quality_rules import QualityRule
from gevinst.register import data_quality_measures as look
from gevinst.register.data_quality import BreakMark, Measured, Month, QualityMeasures
from gevinst.register.data_quality_months import (
    beside_published,
    month_counts,
    next_month,
    published_by_month,
    thin_months,
)
from gevinst.register.person_tables import PersonTables
from gevinst.sources.cells import Fault
from gevinst.sources.manifest import Manifest, read_manifest
from gevinst.tables import CONTRACTS
from gevinst.weeks import sunday

DATE_FAULTS = {one.code for one in (Fault.BAD_DATE, Fault.BEFORE_1970, Fault.FUTURE, Fault.SWAPPED_DATES)}
MONTH_OF_WEEKS = 4
LagCounts = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Told:
    """What the report is told beside the snapshot.

    `late` is `registered_late` of the delivery before and this one, where there are two. `lag_weeks` is the
    lag that the workspace has set up; `tables` must be opened without it. `fetched` are rows of `published_counts` got
    by `gevinst fetch counts`; the import's own stand before them.
    """

    rules: Mapping[str, QualityRule]
    breaks: tuple[DefinitionBreak, ...]
    benefits: Mapping[str, Benefit]
    taken: date
    municipality: str = ""
    lag_weeks: int = 0
    late: LagCounts = ()
    fetched: tuple[Mapping[str, Any], ...] = ()


def measure_quality(tables: PersonTables, told: Told) -> QualityMeasures:
    """Measure a snapshot by every rule. Only counts leave, exact; `disclosure.quality` says which may be shown."""
    manifest = read_manifest(tables.folder)
    months = month_counts(tables)
    pairs = _published(tables, months, told)
    rules, published = told.rules, {benefit for benefit, _ in pairs}
    measures: dict[str, Callable[[], Sequence[Measured]]] = {
        "thin-months": lambda: thin_months(_settled(months, tables, told), rules["thin-months"], told.breaks),
        "reporting-lag": lambda: _lag(tables, rules["reporting-lag"], told),
        "age-of-data": lambda: [_age(tables, told)],
        "impossible-dates": lambda: _rejected(manifest, dates=True),
        "rejected-rows": lambda: _rejected(manifest, dates=False),
        "repeated-rows": lambda: repeated_rows(manifest),
        "short-gaps": lambda: look.short_gaps(tables, rules["short-gaps"]),
        "overlaps": lambda: look.overlaps(tables, rules["overlaps"]),
        "old-running": lambda: look.old_running(tables, rules["old-running"]),
        "starts-on-the-first": lambda: look.starts_on_the_first(tables, rules["starts-on-the-first"]),
        "small-degrees": lambda: look.small_degrees(tables, rules["small-degrees"]),
        "participants-without-spells": lambda: look.participants_without_spells(tables),
        "spells-without-persons": lambda: look.spells_without_persons(tables),
        "persons-without-spells": lambda: look.persons_without_spells(tables),
        "implausible-ages": lambda: look.implausible_ages(tables, rules["implausible-ages"]),
        "missing-covariates": lambda: look.missing_covariates(tables),
        "published-counts": lambda: beside_published(pairs),
    }
    # An engine gives groups in any order, and an edition's name rests on what is measured.
    ordered = ((rule, sorted(measures[key](), key=lambda one: one.subject)) for key, rule in rules.items())
    return QualityMeasures(
        snapshot=tables.folder.name, taken=told.taken, data_from=manifest.data_from, data_to=manifest.data_to,
        measured=tuple((rule, tuple(found)) for rule, found in ordered), months=months,
        published={key: count for key, (_, count) in pairs.items()}, breaks=_marks(months, published, told),
        late=told.late, files=tuple((file.name, file.rows, file.reasons) for file in manifest.files
                                    if CONTRACTS[file.table].personal),
        names={key: one.name for key, one in told.benefits.items()})


def _settled(months: Sequence[Month], tables: PersonTables, told: Told) -> list[Month]:
    """The months that the lag no longer touches."""
    last = sunday(tables.data_horizon - told.lag_weeks)
    return [one for one in months if next_month(one.month) <= last or not told.lag_weeks]


def _published(
    tables: PersonTables, months: Sequence[Month], told: Told
) -> dict[tuple[str, date], tuple[float, float]]:
    table = tables.other("published_counts")
    imported = [] if table is None else tables.backend.to_arrow(table).to_pylist()
    rows = [*map(dict, told.fetched), *imported]
    return published_by_month(rows, _settled(months, tables, told), told.municipality, told.breaks)


def _lag(tables: PersonTables, rule: QualityRule, told: Told) -> list[Measured]:
    """Weeks of lag beyond what is set up: from the delivery before where there is one, else from the fall-off."""
    if told.late:
        lag, of, how = _weeks_filled_up(told.late, rule), max(known for _, _, known in told.late), "lag-diff"
    else:
        lag, usual = look.usual_starts(tables, rule)
        of, how = int(usual), "lag-fall-off"
    return [Measured((how, str(lag), str(told.lag_weeks)), float(max(0, lag - told.lag_weeks)), lag, of,
                     personal=False)]


def _weeks_filled_up(late: LagCounts, rule: QualityRule) -> int:
    """Weeks, from the last one back, that the next delivery still filled up: until a month of weeks was whole.

    Corrections of a single week long ago are no lag.
    """
    by_week = {weeks: (missing, known) for weeks, missing, known in late}
    for lag in range(max(by_week) + 1):
        month = [by_week[week] for week in range(lag, lag + MONTH_OF_WEEKS) if week in by_week]
        if sum(missing for missing, _ in month) <= rule.numbers["late_share"] * sum(known for _, known in month):
            return lag
    return max(by_week) + 1


def _age(tables: PersonTables, told: Told) -> Measured:
    days = (told.taken - sunday(tables.data_horizon)).days
    return Measured((), float(days), days, days, personal=False)


def _rejected(manifest: Manifest, *, dates: bool) -> list[Measured]:
    """Rejected rows by table and reason; of every table with rows, also where none was rejected."""
    found = []
    for file in manifest.files:
        wanted = {code: n for code, n in file.reasons if (code in DATE_FAULTS) is dates}
        for code, n in wanted.items() or (("", 0),):
            if file.rows:
                found.append(Measured(
                    (file.table, code) if code else (file.table,), n / file.rows, n, file.rows,
                    personal=CONTRACTS[file.table].personal, counted=rejects_key(file.name, code) if code else "",
                    population=f"file/{file.name}/rows"))
    return found


def rejects_key(file: str, code: str) -> str:
    """The name of how many rows of a file were rejected for a reason."""
    return f"quality/{file}/rejected/{code}"


def repeated_rows(manifest: Manifest) -> list[Measured]:
    """Rows that went into another, by table; a ledger may repeat itself."""
    found = []
    for file in manifest.files:
        rows, again = file.rows, file.duplicates + file.merged
        if file.table == "persons" and file.parts:
            # Files beside each other are meant to say different things of the same persons.
            rows = max(part.rows for part in file.parts)
            again = max(0, again - (file.rows - rows))
        if rows and file.table != "postings":
            found.append(Measured((file.table,), again / rows, again, rows, personal=CONTRACTS[file.table].personal,
                                  population=f"file/{file.name}/rows" if rows == file.rows else ""))
    return found


def _marks(months: Sequence[Month], published: set[str], told: Told) -> tuple[BreakMark, ...]:
    """The breaks inside the months: those of the register, and those of the published counts beside it."""
    if not months:
        return ()
    there = {one.benefit for one in months}
    first, last = min(one.month for one in months), next_month(max(one.month for one in months))
    found = breaks_within(told.breaks, first, last, measure="counts")
    return tuple(BreakMark(one.day, one.benefits, one.label, one.dated_text) for one in found if one.day and (
        (one.touches(source=REGISTER) and (not one.benefits or there & set(one.benefits)))
        or (one.touches(source=JOBINDSATS) and (published if not one.benefits else published & set(one.benefits)))))
