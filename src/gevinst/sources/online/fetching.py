"""Fetching from jobindsats, from the question to the stored rows: curves and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import Benefit
from gevinst.settings import Settings
from gevinst.sources.online.contracts import WHOLE_COUNTRY_CODE, PublishedCount
from gevinst.sources.online.counts import read_counts
from gevinst.sources.online.downloads import Download
from gevinst.sources.online.http import HttpClient, Patience
from gevinst.sources.online.jobindsats import WHOLE_COUNTRY, Jobindsats, choice_of
from gevinst.sources.online.known_tables import FoundTable, find_tables
from gevinst.sources.online.published import Result, count_rows, curve_rows, save_result, source_line
from gevinst.sources.online.shapes import Description, TableName, period_parts
from gevinst.sources.online.survival import Curves, PublishedCurve, baseline, read_curves
from gevinst.sources.online.token import Token
from gevinst.sources.online.values import plain_words
from gevinst.sources.report import Note, note
from gevinst.tables import PUBLISHED_COUNTS, PUBLISHED_CURVES

NAME = "Jobindsats.dk"
PREFERRED = ("Y", "Q", "M", "QMAT")
NEWEST = 12


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def open_jobindsats(settings: Settings, token: Token, *, patience: Patience | None = None,
                    said: Callable[[float], None] = lambda _: None,
                    clock: Callable[[], datetime] = utc_now) -> Jobindsats:
    """The source, its answers kept in the workspace. Raises `online.address` and `online.proxy`."""
    http = HttpClient(settings.jobindsats_url, token, patience or Patience(), said=said)
    return Jobindsats(http, settings.workspace, clock)


@dataclass(frozen=True)
class Wish:
    """What is asked for: a benefit, areas, the first and last year, and where it is to be found.

    Without years the newest cohort that has been followed to the end is taken. `table` and `periods` (a type: Y, Q,
    M, QMAT) stand for what is otherwise found; `values` are names of further values by hierarchy id.
    """

    benefit: Benefit
    areas: tuple[str, ...]
    first: int | None = None
    last: int | None = None
    baseline: tuple[int, int] | None = None
    table: str = ""
    periods: str = ""
    values: Mapping[str, str] | None = None

    def within(self, period: str) -> bool:
        """Whether a period lies in the years asked for, or in the baseline's."""
        parts = period_parts(period)
        if parts is None:
            return False
        asked = (self.first or 0) <= parts[0] <= (self.last or 9999)
        return asked or (self.baseline is not None and self.baseline[0] <= parts[0] <= self.baseline[1])


@dataclass(frozen=True)
class FetchedResult:
    """What a fetch stored, and what to know of it."""

    result: Result
    curves: tuple[PublishedCurve, ...]
    counts: tuple[PublishedCount, ...]
    notes: tuple[Note, ...]
    whole_week: int = 0


def fetch_survival(source: Jobindsats, wish: Wish, own_area: str) -> FetchedResult:
    """Fetch the survival curves asked for and store them as `published_curves`; all of it or nothing.

    Raises the errors of requests, `online.no-table`, `online.which-table`, `online.no-periods`, those of
    `read_curves` and `baseline`, and those of writing.
    """
    tables = ((FoundTable(wish.table.lower()),) if wish.table
              else find_tables(source.tables(), "survival", wish.benefit.key, wish.benefit.da))
    asked = _asked_of(source, wish, tables)
    got = [_curves_of(source, wish, asked, area, own_area) for area in wish.areas]
    rows = [row for one in got for curve, line in one.curves for row in curve_rows([curve], line)]
    made_from = [download for one in got for download in one.made_from]
    result = save_result(source.workspace, PUBLISHED_CURVES, rows, made_from, now=source.clock())
    notes = [*_found_by_text(tables), *(said for one in got for said in one.notes)]
    return FetchedResult(result, tuple(curve for one in got for curve, _ in one.curves), (),
                         tuple(dict.fromkeys(notes)), max(one.whole_week for one in got))


@dataclass(frozen=True)
class _Asked:
    """What a table is asked for: period ids of one type."""

    table: FoundTable
    description: Description
    kind: str
    periods: list[str]


@dataclass(frozen=True)
class _AreaCurves:
    """The curves of one area with their source lines, and what to know of them."""

    curves: list[tuple[PublishedCurve, str]]
    notes: list[Note]
    made_from: list[Download]
    whole_week: int


def _asked_of(source: Jobindsats, wish: Wish, tables: Sequence[FoundTable], *, only: str = "") -> list[_Asked]:
    """The tables that have periods in the years asked for: a benefit that a reform moved has several.

    Raises `online.no-periods` where none has.
    """
    found, fault = [], GevinstError("online.no-periods", types="–")
    for table in tables:
        description = source.description(table.id)
        try:
            found.append(_Asked(table, description, *_periods(description, wish, table, only=only)))
        except GevinstError as none_here:
            fault = none_here
    if not found:
        raise fault
    return found


def _curves_of(source: Jobindsats, wish: Wish, asked: Sequence[_Asked], area: str, own_area: str) -> _AreaCurves:
    """The curves of one area, from all tables, and the baseline over them together."""
    lines: dict[str, str] = {}
    reads: list[Curves] = []
    notes: list[Note] = []
    made_from: list[Download] = []
    label = ""
    for one in asked:
        choice = choice_of(one.description, area, wish.values)
        label = "" if same_place(area, own_area) else choice.area
        fetched = source.data(one.table.id, one.kind, one.periods, choice)
        made_from += fetched.downloads
        try:
            read = read_curves(fetched.rows, wish.benefit.key, one.table.id, area=label)
        except GevinstError as fault:
            if fault.code != "online.only-blanks" or len(asked) == 1:
                raise
            read = Curves((), (), 0)
        line = source_line(NAME, one.table.id, choice.area, fetched.downloads)
        lines |= {curve.period: line for curve in read.curves}
        reads.append(read)
        notes += [*read.notes, *_absent(one.periods, read)]
    where = ", ".join(one.table.id for one in asked)
    united = Curves(tuple(curve for read in reads for curve in read.curves), (), max(one.whole_week for one in reads))
    if not united.curves:
        raise GevinstError("online.only-blanks", where=where)
    every = "; ".join(dict.fromkeys(lines.values()))
    curves = [(curve, lines.get(curve.period, every)) for curve in _wanted(united, wish, where, label)]
    return _AreaCurves(curves, notes, made_from, united.whole_week)


def fetch_counts(source: Jobindsats, wishes: Sequence[Wish], own: tuple[str, str]) -> FetchedResult:
    """Fetch published counts by month and store them as `published_counts`; all of it or nothing.

    `own` is the municipality's name and code.
    Of several benefits those without a table or periods are passed over, with a note. Raises what `fetch_survival`
    raises, and the errors of `read_counts`.
    """
    counts: list[PublishedCount] = []
    notes: list[Note] = []
    made_from: list[Download] = []
    catalogue = () if all(wish.table for wish in wishes) else source.tables()
    for wish in wishes:
        try:
            read, odd, downloads = _counts_of(source, wish, catalogue, own)
        except GevinstError as fault:
            if len(wishes) == 1 or fault.code not in {"online.no-table", "online.no-periods"}:
                raise
            notes.append(note("online.benefit-skipped", benefit=wish.benefit.key))
            continue
        counts += read
        notes += odd
        made_from += downloads
    if not counts:
        raise GevinstError("online.no-table", benefit=", ".join(wish.benefit.key for wish in wishes), tables="–")
    result = save_result(source.workspace, PUBLISHED_COUNTS, count_rows(counts), made_from, now=source.clock())
    return FetchedResult(result, (), tuple(counts), tuple(dict.fromkeys(notes)))


def _counts_of(source: Jobindsats, wish: Wish, catalogue: Sequence[TableName], own: tuple[str, str]) -> tuple[
        list[PublishedCount], list[Note], list[Download]]:
    """One benefit's counts, what to know of them, and the downloads they came in."""
    tables = ((FoundTable(wish.table.lower()),) if wish.table
              else find_tables(catalogue, "counts", wish.benefit.key, wish.benefit.da))
    counts: list[PublishedCount] = []
    notes: list[Note] = _found_by_text(tables)
    made_from: list[Download] = []
    for one in _asked_of(source, wish, tables, only="M"):
        for area in wish.areas:
            choice = choice_of(one.description, area, wish.values)
            fetched = source.data(one.table.id, one.kind, one.periods, choice)
            line = source_line(NAME, one.table.id, choice.area, fetched.downloads)
            read, odd = read_counts(fetched.rows, wish.benefit.key, code_of(choice.area, own), line, one.table.id)
            counts += read
            notes += odd
            made_from += fetched.downloads
    return counts, notes, made_from


def _found_by_text(tables: Sequence[FoundTable]) -> list[Note]:
    return [note("online.found-by-text", table=table.id) for table in tables if table.by_text]


def _periods(description: Description, wish: Wish, table: FoundTable, *, only: str = "") -> tuple[str, list[str]]:
    """The type and the ids of the periods to ask for. Raises `online.no-periods`."""
    kinds = [only] if only else [wish.periods.upper()] if wish.periods else [*PREFERRED, *sorted(description.periods)]
    kind = next((one for one in kinds if one in description.periods), "")
    ids = [one for one in description.periods.get(kind, ()) if wish.within(one) and _in_use(one, table)]
    if wish.first is None and wish.last is None and not only:
        in_baseline = [one for one in ids if wish.baseline and _years_between(one, wish.baseline)]
        ids = [*in_baseline, *(one for one in ids[-NEWEST:] if one not in in_baseline)]
    if not ids:
        raise GevinstError("online.no-periods", where=description.id or table.id,
                           types=", ".join(f"{kind} ({ids[0]}–{ids[-1]})" for kind, ids in description.periods.items()))
    return kind, ids


def _years_between(period: str, years: tuple[int, int]) -> bool:
    parts = period_parts(period)
    return parts is not None and years[0] <= parts[0] <= years[1]


def _in_use(period: str, table: FoundTable) -> bool:
    """Whether the whole period lies where the table is the one to ask: a reform may have moved a benefit to another.

    The year of a reform belongs to neither table.
    """
    parts = period_parts(period)
    if parts is None:
        return True
    year, kind, number = parts
    begins = {"M": (year, number), "Q": (year, 3 * number - 2), "QMAT": (year - 1, 1)}.get(kind, (year, 1))
    ends = {"M": (year, number), "Q": (year, 3 * number)}.get(kind, (year, 12))
    after = table.first is None or begins >= (table.first.year, table.first.month)
    return after and (table.last is None or ends <= (table.last.year, table.last.month))


def _wanted(read: Curves, wish: Wish, where: str, area: str) -> list[PublishedCurve]:
    """The curves of the years asked for (or of the newest whole cohort), and the baseline's mean."""
    if wish.first is None and wish.last is None:
        kept = list(read.newest_mature() or read.curves[-1:])
    else:
        kept = [curve for curve in read.curves if _years_between(curve.period, (wish.first or 0, wish.last or 9999))]
    mean = baseline(read.curves, *wish.baseline, where, area=area) if wish.baseline else ()
    return [*mean, *kept]


def _absent(periods: Sequence[str], read: Curves) -> list[Note]:
    """What was asked for and has no figure: said by name, so that a short answer is not taken for a whole one."""
    there = {curve.period for curve in read.curves}
    absent = [one for one in periods if one not in there]
    return [note("online.periods-absent", periods=", ".join(absent[:12]))] if absent else []


def code_of(area: str, own: tuple[str, str]) -> str:
    """A municipality's code: that of one's own, the whole country's, else the area's name, of which no list is kept.

    >>> code_of("Norddjurs", ("Norddjurs Kommune", "707")), code_of("Hele landet", ("Norddjurs Kommune", "707"))
    ('707', '000')
    """
    if plain_words(area) == plain_words(WHOLE_COUNTRY):
        return WHOLE_COUNTRY_CODE
    return own[1] if same_place(area, own[0]) else area


def same_place(one: str, other: str) -> bool:
    """Whether two names are of one municipality; the whole country is never somebody's own."""
    first, second = (plain_words(name).removesuffix(" kommune") for name in (one, other))
    return first == second and first != plain_words(WHOLE_COUNTRY)
