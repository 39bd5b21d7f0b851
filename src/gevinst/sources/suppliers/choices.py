"""What a user types about a mapping, at a question or as an option: a column's source, a code, a filter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gevinst.errors import GevinstError
from gevinst.sources.suppliers.date_formats import CANONICAL, day_reader, is_format, plain_format
from gevinst.sources.suppliers.extract import with_alike
from gevinst.sources.suppliers.mapping import UNLISTED, ColumnRule, FileMapping, Filter, Test, Unlisted, word
from gevinst.sources.suppliers.profile import FileProfile
from gevinst.sources.suppliers.propose import Known, kept_name, rule_for
from gevinst.tables import CONTRACTS

NOTHING = "-"
_VERBS = {"keep": True, "behold": True, "drop": False, "udelad": False}
_TESTS: dict[str, Test] = {
    "not_in": "not_in", "not in": "not_in", "ikke i": "not_in", "in": "in", "i": "in", "begins_with": "begins_with",
    "begins with": "begins_with", "begynder med": "begins_with", "empty": "empty", "tom": "empty",
}  # fmt: skip
_PERIOD = re.compile(r"(?:(?:from|fra)\s+(?P<first>\S+))?\s*(?:(?:to|til)\s+(?P<last>\S+))?", re.IGNORECASE)
_FILTER_FORM = "drop|keep KOLONNE in|not_in|begins_with A, B; … empty; … from 2020-01-01 to 2021-12-31"
_POLICIES: dict[str, Unlisted] = {**{one: one for one in UNLISTED}, "afvis": "refuse", "udelad": "leave_out",
                                  "behold": "keep", "a": "refuse", "u": "leave_out", "b": "keep"}


def header_named(text: str, profile: FileProfile) -> str:
    """The column of the file that a name, or a number from 1, means. Raises `mapping.unknown-header`."""
    column = profile.column(text)
    if column is not None:
        return column.name
    if text.strip().isdecimal() and 1 <= int(text) <= len(profile.columns):
        return profile.columns[int(text) - 1].name
    names = [one.name for one in profile.columns]
    raise GevinstError("mapping.unknown-header", where=profile.where, column=with_alike(text.strip(), names))


def chosen_rule(text: str, name: str, mapping: FileMapping, profile: FileProfile, known: Known) -> ColumnRule | None:
    """The rule that a choice means: a column, `A + B` (the first that is filled), `A & B` (both together), `=text`
    (the same in every row), `-` (none: then None). Raises `mapping.unknown-header`."""
    text = text.strip()
    if text == NOTHING:
        return None
    if text.startswith("="):
        return ColumnRule(constant=text[1:].strip())
    contract = CONTRACTS[mapping.table]
    if profile.column(text) is None:
        for sign in "+&":
            parts = [part for part in text.split(sign) if part.strip()]
            if len(parts) > 1:
                sources = [header_named(part, profile) for part in parts]
                return replace(rule_for(contract, name, sources, profile, known), joined=sign == "&")
    return rule_for(contract, name, [header_named(text, profile)], profile, known)


def with_rule(mapping: FileMapping, name: str, rule: ColumnRule | None) -> FileMapping:
    """The mapping with a column's rule set, or taken away."""
    columns = dict(mapping.columns)
    columns.pop(name, None)
    if rule is not None:
        columns[name] = rule
    known = [column.name for column in CONTRACTS[mapping.table].columns]
    order = [*(one for one in known if one in columns), *(one for one in dict(mapping.columns) if one not in known
                                                         and one in columns)]
    order += [one for one in columns if one not in order]
    return replace(mapping, columns=tuple((one, columns[one]) for one in order))


def with_code(rule: ColumnRule, code: str, meaning: str | None) -> ColumnRule:
    """The rule with one code's meaning set; None leaves its rows out."""
    codes = {known: means for known, means in rule.codes if word(known) != word(code)}
    return replace(rule, codes=(*codes.items(), (code, meaning)))


def code_choice(text: str) -> tuple[str, str | None]:
    """`value=meaning`, or `value=-` for rows that are left out. Raises `mapping.option`."""
    code, sign, meaning = text.rpartition("=")
    if not sign:
        raise GevinstError("mapping.option", text=text, form="VÆRDI=BETYDNING")
    return code.strip(), None if meaning.strip() == NOTHING else meaning.strip()


def policy(text: str) -> Unlisted:
    """What becomes of codes that are not listed. Raises `mapping.option`."""
    found = _POLICIES.get(text.strip().lower())
    if found is None:
        raise GevinstError("mapping.option", text=text, form="refuse (afvis), leave_out (udelad), keep (behold)")
    return found


def format_choice(text: str) -> str:
    """A format of dates. Raises `mapping.date-format`."""
    form = plain_format(text)
    if not is_format(form):
        raise GevinstError("mapping.date-format", format=form)
    return form


def filter_choice(text: str, mapping: FileMapping, profile: FileProfile) -> Filter:
    """`drop Status in Annulleret, Fejl`, `udelad CPR tom`, `behold Start fra 2020-01-01 til 2021-12-31` …

    Raises `mapping.option`, `mapping.unknown-header` and `mapping.filter-period`.
    """
    verb, _, rest = text.strip().partition(" ")
    if verb.lower() not in _VERBS:
        raise _no_filter(text)
    keep, words = _VERBS[verb.lower()], rest.split()
    fault: GevinstError = _no_filter(text)
    for cut in range(len(words) - 1, 0, -1):
        after = " ".join(words[cut:])
        found = _condition(after)
        if found is None:
            continue
        try:
            column = header_named(" ".join(words[:cut]), profile)
        except GevinstError as unknown:
            fault = unknown
            continue
        if isinstance(found, tuple):
            return Filter(keep, column, *found)
        if found.first and found.last and found.last < found.first:
            raise GevinstError("mapping.filter-period")
        return replace(found, keep=keep, column=column, date=_date_of(column, mapping, profile))
    raise fault


def _condition(text: str) -> tuple[Test, tuple[str, ...]] | Filter | None:
    """The condition after the column's name; None where the text does not begin one."""
    period = _PERIOD.fullmatch(text)
    if period is not None and (period["first"] or period["last"]):
        read = day_reader(CANONICAL)
        first, last = (read(one) if one else None for one in (period["first"], period["last"]))
        if (first is None) == (period["first"] is None) and (last is None) == (period["last"] is None):
            return Filter(True, "", "between", first=first, last=last)
        return None
    for said, test in _TESTS.items():
        if word(text) == said and test == "empty":
            return test, ()
        if word(text).startswith(f"{said} ") and test != "empty":
            values = text.split(maxsplit=len(said.split()))[-1]
            return test, tuple(dict.fromkeys(one.strip() for one in values.split(",") if one.strip()))
    return None


def _date_of(column: str, mapping: FileMapping, profile: FileProfile) -> str:
    """How the column's days are written: as the mapping says, else as the profile found."""
    for _, rule in mapping.columns:
        if rule.date and column in rule.sources:
            return rule.date
    found = profile.column(column)
    return found.dates[0] if found is not None and found.dates else ""


def _no_filter(text: str) -> GevinstError:
    return GevinstError("mapping.option", text=text, form=_FILTER_FORM)


def with_kept(mapping: FileMapping, names: Sequence[str], profile: FileProfile) -> FileMapping:
    """The mapping that keeps just these further columns. Raises `mapping.unknown-header` and `mapping.not-open`."""
    contract = CONTRACTS[mapping.table]
    if not contract.open:
        raise GevinstError("mapping.not-open", table=mapping.table)
    known = {column.name for column in contract.columns}
    columns = {name: rule for name, rule in mapping.columns if name in known}
    for name in names:
        header = header_named(name, profile)
        column = profile.column(header)
        number = column is not None and column.decimal != ""
        kept = kept_name(header) or f"kolonne_{header.removeprefix('#')}"
        columns[kept] = ColumnRule((header,), blank=column.placeholders if column else (), number=number)
    return replace(mapping, columns=tuple(columns.items()))
