"""A file's columns, a mapping and its preview as lines for a terminal, in the language spoken now."""

from __future__ import annotations

from collections.abc import Sequence

from gevinst.language import number, say
from gevinst.sources.cells import shown
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping
from gevinst.sources.suppliers.preview import Preview
from gevinst.sources.suppliers.profile import ColumnProfile, FileProfile
from gevinst.sources.suppliers.propose import is_group, missing_columns
from gevinst.tables import CONTRACTS

NAMED_VALUES = 4
REASONS = 10


def profile_lines(profile: FileProfile) -> list[str]:
    """The columns of a file: number, name, what they hold, and how many cells are filled. No ids."""
    rows = number(profile.rows)
    head = say(da=f"{profile.where}: overskriften er linje {profile.header_row}; {rows} rækker set igennem.",
               en=f"{profile.where}: the header is line {profile.header_row}; {rows} rows looked through.")
    if not profile.whole:
        head += say(da=" Filen er længere.", en=" The file is longer.")
    table = [(str(place), shown(one.name), _held(one), number(one.filled))
             for place, one in enumerate(profile.columns, start=1)]
    titles = ("", say(da="Kolonne", en="Column"), say(da="Indhold", en="Holds"), say(da="Udfyldt", en="Filled"))
    return [head, *_aligned([titles, *table])]


def _held(one: ColumnProfile) -> str:
    blanks = ""
    if one.placeholders:
        blanks = say(da="; tom skrives ", en="; empty is written ") + ", ".join(one.placeholders)
    match one.kind:
        case "empty":
            return say(da="(tom)", en="(empty)") + blanks
        case "cpr":
            return say(da="CPR-numre (vises ikke)", en="CPR numbers (not shown)") + blanks
        case "date":
            years = "" if one.years is None else f", {one.years[0]}–{one.years[1]}"
            return say(da="dato ", en="date ") + f"{one.dates[0]}{years}{blanks}"
        case "number":
            return say(da="tal, fx ", en="number, as ") + one.shape + blanks
        case "code":
            named = ", ".join(f"{shown(text)} ({number(times)})" for text, times in one.values[:NAMED_VALUES])
            more = len(one.values) - NAMED_VALUES
            further = say(da=f" og {more} andre", en=f" and {more} others") if more > 0 else ""
            return say(da="koder: ", en="codes: ") + named + further + blanks
        case _:
            return say(da="tekst, fx ", en="text, as ") + one.shape + blanks


def mapping_lines(mapping: FileMapping, *, numbered: bool = True) -> list[str]:
    """A mapping, a line per canonical column; those without a source too."""
    rules = dict(mapping.columns)
    table = []
    for place, name in enumerate(column_order(mapping), start=1):
        source = _rule_words(rules[name]) if name in rules else _absence(name, mapping)
        table.append((str(place) if numbered else "", name, "←", source))
    head = say(da=f"{mapping.key}: {mapping.supplier} → {mapping.table}, filer som {', '.join(mapping.files)}",
               en=f"{mapping.key}: {mapping.supplier} → {mapping.table}, files like {', '.join(mapping.files)}")
    lines = [head, *_aligned(table)]
    if mapping.decimal:
        lines.append(say(da=f"   Decimaltegn: {mapping.decimal}", en=f"   Decimal sign: {mapping.decimal}"))
    lines += [f"   Filter {place}: {one}" for place, one in enumerate(mapping.filters, start=1)]
    if any(is_group(rule) for name, rule in mapping.columns if name == "benefit"):
        lines.append(say(
            da="   Bemærk: en kontaktgruppe eller målgruppe svarer ikke en til en til en ydelse. Kig koderne efter.",
            en="   Note: a kontaktgruppe or målgruppe does not say the benefit one to one. Look the codes through."))
    if mapping.unverified:
        lines.append(say(da="   Bemærk: et eksempel, som ingen har holdt op mod et rigtigt udtræk.",
                         en="   Note: an example that nobody has held against a real extract."))
    return lines


def column_order(mapping: FileMapping) -> list[str]:
    """The canonical columns and the further ones, as they are numbered in a dialogue."""
    known = [column.name for column in CONTRACTS[mapping.table].columns]
    return [*known, *(name for name, _ in mapping.columns if name not in known)]


def _absence(name: str, mapping: FileMapping) -> str:
    if name in missing_columns(mapping):
        return say(da="(mangler)", en="(missing)")
    return say(da="(ingen)", en="(none)")


def _rule_words(rule: ColumnRule) -> str:
    if rule.constant is not None:
        return say(da=f"altid »{rule.constant}«", en=f"always “{rule.constant}”")
    parts = [(" & " if rule.joined else " + ").join(map(shown, rule.sources))]
    if rule.date:
        parts.append(rule.date)
    if rule.shift_days:
        parts.append(say(da=f"{rule.shift_days:+d} dage", en=f"{rule.shift_days:+d} days"))
    if rule.cpr:
        parts.append(say(da="kun CPR-numre", en="only CPR numbers"))
    if rule.blank:
        parts.append(say(da="tom: ", en="empty: ") + " ".join(f"»{shown(text)}«" for text in rule.blank))
    if rule.codes:
        out = say(da="udelad", en="leave out")
        coded = ", ".join(f"{shown(code)} → {meaning or out}" for code, meaning in rule.codes)
        others = {"refuse": say(da="andre afvises", en="others are refused"),
                  "leave_out": say(da="andre udelades", en="others are left out"),
                  "keep": say(da="andre som de er", en="others as they are")}[rule.unlisted]
        parts.append(f"{coded}; {others}")
    return "; ".join(parts)


def preview_lines(seen: Preview) -> list[str]:
    """The first rows as they would become, and what would be left out and why."""
    head = say(da=f"De første {len(seen.first)} rækker, som de bliver (id'er vises ikke):",
               en=f"The first {len(seen.first)} rows as they would become (ids are not shown):")
    titles = (say(da="Linje", en="Line"), *seen.columns, "")
    table = [(str(one.line), *(one.cells or [""] * len(seen.columns)), f"✗ {one.reason}" if one.reason else "")
             for one in seen.first]
    good = number(seen.rows - seen.rejected)
    lines = [head, *_aligned([titles, *table]),
             say(da=f"{number(seen.rows)} rækker: {good} kommer med, {number(seen.rejected)} afvises.",
                 en=f"{number(seen.rows)} rows: {good} are taken in, {number(seen.rejected)} are refused.")]
    lines += [f"  ✗ {reason}: {number(times)}" for reason, times in seen.reasons[:REASONS]]
    lines += [f"  – {one.text()}" for one in seen.notes if one.code != "mapping.used"]
    return lines


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))] if table else []
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in table]
