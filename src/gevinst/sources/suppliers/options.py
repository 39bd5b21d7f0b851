"""What is said about a mapping by options on the command line, put into a proposal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import plain
from gevinst.sources.suppliers.choices import (
    chosen_rule,
    code_choice,
    filter_choice,
    format_choice,
    policy,
    with_code,
    with_kept,
    with_rule,
)
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping
from gevinst.sources.suppliers.profile import FileProfile
from gevinst.sources.suppliers.propose import Known
from gevinst.tables import CONTRACTS

Change = Callable[[ColumnRule, str], ColumnRule]


@dataclass(frozen=True)
class Options:
    """What was said. `sets`, `dates`, `shifts`, `blanks` and `unlisted` are `column=…`, `codes` are
    `column:value=meaning`; `kept` are further columns of the file, and None where nothing was said of them."""

    sets: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    shifts: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    no_filters: bool = False
    kept: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    supplier: str = ""
    decimal: str | None = None
    name: str = ""


def with_options(mapping: FileMapping, said: Options, profile: FileProfile, known: Known) -> FileMapping:
    """The mapping with all that was said.

    Raises `mapping.option`, `mapping.no-column`, `mapping.unknown-header`, `mapping.date-format`, `mapping.not-open`,
    `mapping.incomplete` (nothing is known of the column that a format or a code is for) and `mapping.key`.
    """
    if said.name and said.name != plain(said.name):
        raise GevinstError("mapping.key", key=said.name, stem=said.name, proposal=plain(said.name))
    mapping = replace(mapping, key=said.name or mapping.key, supplier=said.supplier or mapping.supplier,
                      files=said.files or mapping.files, filters=() if said.no_filters else mapping.filters,
                      decimal=mapping.decimal if said.decimal is None else said.decimal)
    if said.kept is not None:
        mapping = with_kept(mapping, said.kept, profile)
    for text in said.sets:
        name, choice = _parted(text, "=", "KOLONNE=KILDE", mapping)
        mapping = with_rule(mapping, name, chosen_rule(choice, name, mapping, profile, known))
    for text in said.dates:
        mapping = _changed(mapping, text, "=", "KOLONNE=dd-mm-yyyy", lambda rule, form: replace(
            rule, date=format_choice(form)))
    for text in said.shifts:
        mapping = _changed(mapping, text, "=", "KOLONNE=-1", _shifted)
    for text in said.blanks:
        mapping = _changed(mapping, text, "=", "KOLONNE=TEKST", lambda rule, blank: replace(
            rule, blank=tuple(dict.fromkeys((*rule.blank, blank)))))
    for text in said.codes:
        mapping = _changed(mapping, text, ":", "KOLONNE:VÆRDI=BETYDNING", lambda rule, code: with_code(
            rule, *code_choice(code)))
    for text in said.unlisted:
        mapping = _changed(mapping, text, "=", "KOLONNE=refuse", lambda rule, how: replace(rule, unlisted=policy(how)))
    for text in said.filters:
        wanted = filter_choice(text, mapping, profile)
        if wanted not in mapping.filters:  # a proposed one, asked for once more
            mapping = replace(mapping, filters=(*mapping.filters, wanted))
    return mapping


def _parted(text: str, sign: str, form: str, mapping: FileMapping) -> tuple[str, str]:
    """The canonical column before the sign, and what stands after it."""
    name, found, rest = text.partition(sign)
    name = name.strip()
    if not found:
        raise GevinstError("mapping.option", text=text, form=form)
    contract = CONTRACTS[mapping.table]
    known = [column.name for column in contract.columns]
    if name not in (*known, *dict(mapping.columns)):
        raise GevinstError("mapping.no-column", column=name, table=mapping.table, allowed=", ".join(known))
    return name, rest.strip()


def _changed(mapping: FileMapping, text: str, sign: str, form: str, change: Change) -> FileMapping:
    """The mapping with one column's rule changed; a column that has no rule yet cannot be."""
    name, rest = _parted(text, sign, form, mapping)
    rule = dict(mapping.columns).get(name)
    if rule is None:
        raise GevinstError("mapping.incomplete", columns=name, first=name)
    return with_rule(mapping, name, change(rule, rest))


def _shifted(rule: ColumnRule, text: str) -> ColumnRule:
    try:
        return replace(rule, shift_days=int(text))
    except ValueError:
        raise GevinstError("mapping.option", text=text, form="KOLONNE=-1") from None
