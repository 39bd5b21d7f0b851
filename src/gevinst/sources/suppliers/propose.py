"""A first proposal of a mapping, from the names of the columns and what they hold. A person looks through it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gevinst.parameters.benefits import plain
from gevinst.sources.header import STORED_NAMES, plain_name
from gevinst.sources.suppliers.extract import alike_names
from gevinst.sources.suppliers.header_words import score
from gevinst.sources.suppliers.mapping import ColumnRule, FileMapping, Filter, Reading, word
from gevinst.sources.suppliers.profile import ColumnProfile, FileProfile
from gevinst.tables import CONTRACTS, Contract

PROPOSED_TABLES = ("participants", "spells", "persons", "postings")  # those that are guessed at
SYSTEMS = ("Fasit", "Momentum", "Opus")  # named in the file's name
_VOID = re.compile(r"annull|slettet|fejlregist|kladde|bortfald|afslag")
_STATE = re.compile(r"status|tilstand")
_PLANNED, _ACTUAL = re.compile(r"planlagt|forvent"), re.compile(r"faktisk|reel|realiser")
_BENEFIT_GROUPS = re.compile(r"kontaktgruppe|målgruppe|visitation")


@dataclass(frozen=True)
class Known:
    """What the proposal may lean on: the benefit that a word names, and the keys of the investments."""

    benefit_of: Callable[[str], str | None]
    investments: Sequence[str] = ()


def propose(profile: FileProfile, file_name: str, table: str, made: date, known: Known,
            reading: Reading | None = None) -> FileMapping:
    """A mapping of the file into a table. Columns that nothing was found for are left out of it."""
    contract = CONTRACTS[table]
    found = _assigned(profile, contract)
    rules = {name: rule_for(contract, name, sources, profile, known) for name, sources in found.items()}
    taken = {source for sources in found.values() for source in sources}
    if contract.open:
        rules |= _further(profile, taken)
    return FileMapping(
        key=key_of(file_name), supplier=supplier_of(file_name), made=made, table=table, files=(pattern_of(file_name),),
        columns=tuple(rules.items()), filters=proposed_filters(profile), reading=reading or Reading(),
        decimal=_decimal(profile, rules, contract))


def guess_table(profile: FileProfile) -> str | None:
    """The table that the file seems to hold: the one whose required columns are found best; None where none is."""
    best: tuple[float, str] | None = None
    for table in PROPOSED_TABLES:
        contract = CONTRACTS[table]
        found = _assigned(profile, contract)
        required = [column.name for column in contract.columns if column.required]
        if set(required) <= found.keys():
            worth = sum(max(score(column, contract.column(name)) for column in profile.columns) for name in required)
            best = max(best, (len(required) + worth / 1000, table)) if best else (len(required) + worth / 1000, table)
    return best[1] if best else None


def missing_columns(mapping: FileMapping) -> tuple[str, ...]:
    """The columns that the table must have and the mapping does not give."""
    given = {name for name, _ in mapping.columns}
    return tuple(column.name for column in CONTRACTS[mapping.table].columns
                 if column.required and not column.empty and column.name not in given)


def _assigned(profile: FileProfile, contract: Contract) -> dict[str, tuple[str, ...]]:
    """Which columns of the file give which canonical one: the best pair first, each column of the file once."""
    pairs = [(score(header, column), -place, -order, header.name, column.name)
             for place, header in enumerate(profile.columns) for order, column in enumerate(contract.columns)]
    found: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for points, _, _, source, name in sorted(pairs, reverse=True):
        if points > 0 and source not in taken and name not in found:
            found[name] = (source,)
            taken.add(source)
    if "end_date" in found:
        found["end_date"] = _ends(profile, contract, found["end_date"][0], taken)
    return {column.name: found[column.name] for column in contract.columns if column.name in found}


def _ends(profile: FileProfile, contract: Contract, chosen: str, taken: set[str]) -> tuple[str, ...]:
    """An actual end goes before a planned one."""
    others = [one.name for one in profile.columns if one.name not in taken and score(one, contract.column("end_date"))]
    both = [chosen, *others]
    actual = [name for name in both if _ACTUAL.search(word(name)) or not _PLANNED.search(word(name))]
    planned = [name for name in both if _PLANNED.search(word(name))]
    return (actual[0], planned[0]) if actual and planned else (chosen,)


def rule_for(contract: Contract, name: str, sources: Sequence[str], profile: FileProfile, known: Known) -> ColumnRule:
    """A rule for a canonical column from columns of the file: date format, blanks and codes as they seem to be."""
    columns = [column for source in sources if (column := profile.column(source)) is not None]
    rule = ColumnRule(tuple(sources), blank=tuple(dict.fromkeys(text for one in columns for text in one.placeholders)))
    kind = next((column.type for column in contract.columns if column.name == name), "text")
    dates = [one.dates for one in columns if one.dates]
    if kind in ("date", "last_day") and dates:
        shared = [form for form in dates[0] if all(form in others for others in dates)]
        rule = replace(rule, date=(shared or dates[0])[0])
    if kind == "person":
        rule = replace(rule, cpr=bool(columns) and all(one.kind == "cpr" for one in columns))
    values = tuple(dict.fromkeys(text for one in columns for text, _ in one.values))
    return with_codes(rule, name, kind, values, known) if len(columns) == 1 else rule


def with_codes(rule: ColumnRule, name: str, kind: str, values: Sequence[str], known: Known) -> ColumnRule:
    """The rule with the codes that can be translated without asking; none where the values are canonical already."""
    suggest = suggestion(kind, name, known)
    if suggest is None or not values or (kind == "benefit" and all(known.benefit_of(text) for text in values)):
        return rule
    codes = tuple((text, meaning) for text in values if (meaning := suggest(text)) is not None)
    if kind != "benefit" and all(text == meaning for text, meaning in codes) and len(codes) == len(values):
        return rule
    return replace(rule, codes=codes) if codes else rule


def suggestion(kind: str, name: str, known: Known) -> Callable[[str], str | None] | None:
    """What guesses the meaning of a code; None for columns that have no codes."""
    if kind == "benefit":
        return lambda text: benefit_in(text, known.benefit_of)
    if name == "investment" and known.investments:
        return lambda text: next(iter(alike_names(text, known.investments)), None)
    return None


def benefit_in(text: str, benefit_of: Callable[[str], str | None]) -> str | None:
    """The benefit that a text names, also behind the number of a group of law.

    >>> from gevinst.parameters.benefits import normalise_benefit
    >>> benefit_in("2.2 Sygedagpenge", normalise_benefit), benefit_in("6.4", normalise_benefit)
    ('sygedagpenge', None)
    """
    for one in (text, re.sub(r"^[\d.\s:–-]+", "", text), re.sub(r"\s*\(.*\)$", "", text)):
        if one and (found := benefit_of(one)):
            return found
    return None


def is_group(rule: ColumnRule) -> bool:
    """Whether a benefit is read from a kontaktgruppe or målgruppe, which does not say it one to one."""
    return any(_BENEFIT_GROUPS.search(word(source)) for source in rule.sources)


def _further(profile: FileProfile, taken: set[str]) -> dict[str, ColumnRule]:
    """Columns of persons that can be kept as covariates: codes and numbers, never what may tell who somebody is."""
    kept: dict[str, ColumnRule] = {}
    for one in profile.columns:
        name = kept_name(one.name)
        if one.name in taken or one.private or not name or name in kept:
            continue
        if one.kind == "code" or (one.kind == "number" and "9999999" not in one.shape):
            kept[name] = ColumnRule((one.name,), number=one.decimal != "", blank=one.placeholders)
    return kept


def kept_name(source: str) -> str:
    """The name under which a further column is kept; empty where it has no name of its own."""
    name = plain_name(source)
    if name.startswith("#"):
        return ""
    known = {column.name for column in CONTRACTS["persons"].columns}
    return f"{name}_2" if name in STORED_NAMES or name in known else name


def proposed_filters(profile: FileProfile) -> tuple[Filter, ...]:
    """Rows that hardly belong: totals, and what was annulled."""
    filters = []
    if profile.total:
        filters.append(Filter(False, profile.total[0], "begins_with", (profile.total[1],)))
    for one in profile.columns:
        void = tuple(text for text, _ in one.values if _VOID.search(word(text)))
        if void and _STATE.search(word(one.name)):
            filters.append(Filter(False, one.name, "in", void))
    return tuple(filters)


def _decimal(profile: FileProfile, rules: dict[str, ColumnRule], contract: Contract) -> str:
    numbers = {column.name for column in contract.columns if column.type in ("decimal", "integer")}
    signs = [_sign(profile.column(source)) for name, rule in rules.items() for source in rule.sources
             if name in numbers or rule.number]
    return next(filter(None, signs), "")


def _sign(column: ColumnProfile | None) -> str:
    return column.decimal if column else ""


def pattern_of(file_name: str) -> str:
    """A pattern that the next delivery's name fits too: figures may change.

    >>> pattern_of("Fasit_indsats_2024-02-01.csv"), pattern_of("tilbud.xlsx"), pattern_of("202401.csv")
    ('Fasit_indsats_*.csv', 'tilbud.xlsx', '202401.csv')
    """
    stem, dot, suffix = file_name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if dot else (file_name, "")
    pattern = re.sub(r"\d[\d._-]*\d|\d", "*", re.sub(r"[\[\]*?]", "?", stem))
    return f"{pattern}{suffix}" if re.search(r"[^\W\d_]", pattern) else re.sub(r"[\[\]*?]", "?", file_name)


def key_of(file_name: str) -> str:
    """A key from a file's name.

    >>> key_of("Fasit_indsats_2024-02-01.csv"), key_of("2024.csv")
    ('fasit-indsats', 'udtraek')
    """
    stem = file_name.rpartition(".")[0] or file_name
    return plain(re.sub(r"\d+", " ", stem)) or "udtraek"


def supplier_of(file_name: str) -> str:
    """The system that a file's name speaks of; else its first word."""
    named = next((one for one in SYSTEMS if one.casefold() in file_name.casefold()), None)
    return named or key_of(file_name).partition("-")[0].capitalize()
