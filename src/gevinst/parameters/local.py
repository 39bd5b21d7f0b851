"""What a workspace says for itself: files in its folder `parameters/`, of the same form as the national ones.

    benefits.yaml      benefits of its own, or a national one seen otherwise
    refund_ladder.yaml ladders
    rates.yaml         rate tables
    rate_groups.yaml   which group of a national rate table to use: {groups: [...], source: ...} by benefit
    indices.yaml       indices, such as the municipal price-and-wage index that the budget uses
    values.yaml        share-kept-after-equalisation
    definition_breaks.yaml  days from which a series means something else; or a day that no public source gives
    quality_rules.yaml limits of the data-quality report (read by `quality_rules.py`)

Each key takes the place of the national one with the same key, whole. Every value has a source, and all of them
are listed in `ParameterBook.overrides`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from gevinst.errors import GevinstError
from gevinst.parameters.benefits import check_words, read_benefits
from gevinst.parameters.book import KEPT, LocalPrice, Override, ParameterBook, national_book
from gevinst.parameters.dated import Series
from gevinst.parameters.definition_breaks import in_order, read_breaks
from gevinst.parameters.indices import Index, read_indices
from gevinst.parameters.marked_yaml import read
from gevinst.parameters.national import RateTable, read_ladders, read_numbers, read_rates

FILES = ("benefits.yaml", "refund_ladder.yaml", "rates.yaml", "indices.yaml", "values.yaml", "rate_groups.yaml",
         "definition_breaks.yaml", "quality_rules.yaml")


def open_book(folder: Path | None = None, *, national: Path | None = None) -> ParameterBook:
    """The national book with what the files in `folder` say instead; the national one where there is no folder.

    `national` is a folder of national files as an earlier program had them, to run what it ran.

    Raises the errors of reading the files, `parameters.unknown-file`, `parameters.unknown-benefit`,
    `parameters.unknown-ladder`, `parameters.unknown-value` and `parameters.unknown-group`.
    """
    book = national_book() if national is None else _as_it_was(national)
    if folder is None or not folder.is_dir():
        return book
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if path.name not in FILES:
            raise GevinstError("parameters.unknown-file", where=str(path), file=path.name, allowed=", ".join(FILES))
    given = {name: folder / name for name in FILES if (folder / name).exists()}
    book = _with_tables(book, given)
    _check(book, given)
    if "rate_groups.yaml" in given:
        for key, node in read(given["rate_groups.yaml"]).mapping().items():
            row = node.mapping(("groups", "source"), ())
            groups = [one.text() for one in row["groups"].items()]
            book = book.with_rate_groups({key: groups}, row["source"].text())
    return book


def _as_it_was(folder: Path) -> ParameterBook:
    """The national book with the files of a folder in place of the program's own."""
    given = {name: folder / name for name in FILES if (folder / name).exists()}
    book = replace(_with_tables(national_book(), given), overrides=())
    _check(book, given)
    return book


def _with_tables(book: ParameterBook, given: Mapping[str, Path]) -> ParameterBook:
    listed = list(book.overrides)

    def merged(national: Mapping[str, Any], name: str, own: Mapping[str, Any]) -> Mapping[str, Any]:
        kind = name.removesuffix(".yaml")
        listed.extend(Override(kind, key, name, _source(one), key in national) for key, one in own.items())
        return MappingProxyType({**national, **own})

    parts: dict[str, Mapping[str, Any]] = {
        "benefits": book.benefits, "ladders": book.ladders, "rates": book.rates, "indices": book.indices,
        "values": book.values}
    readers = (("benefits", "benefits.yaml", read_benefits), ("ladders", "refund_ladder.yaml", read_ladders),
               ("rates", "rates.yaml", read_rates), ("indices", "indices.yaml", read_indices),
               ("values", "values.yaml", read_numbers))
    for part, name, reader in readers:
        if name in given:
            parts[part] = merged(parts[part], name, reader(given[name], local=True))
    breaks = {one.key: one for one in book.breaks}
    if "definition_breaks.yaml" in given:
        own = read_breaks(given["definition_breaks.yaml"], local=True)
        breaks = {**breaks, **merged(breaks, "definition_breaks.yaml", own)}
    return ParameterBook(**parts, overrides=tuple(listed), breaks=in_order(breaks.values()))


def _source(one: Any) -> str:
    """The sources of a local value, each once."""
    if isinstance(one, RateTable):
        return "; ".join(dict.fromkeys(_source(series) for series in one.groups.values()))
    if isinstance(one, Series):
        return "; ".join(dict.fromkeys(value.source for value in one.values))
    if isinstance(one, Index):
        return "; ".join(dict.fromkeys(factor.source for factor in one.factors))
    return str(one.source)


def _check(book: ParameterBook, given: Mapping[str, Path]) -> None:
    """What the files say of each other must hold together."""
    check_words(book.benefits, str(given.get("benefits.yaml", "")))
    for one in book.benefits.values():
        if one.ladder is not None and one.ladder not in book.ladders:
            raise GevinstError("parameters.unknown-ladder", where=str(given.get("benefits.yaml", "")), benefit=one.key,
                               ladder=one.ladder)
    named = [*book.rates, *(benefit for index in book.indices.values() for benefit in index.follows),
             *(benefit for one in book.breaks for benefit in one.benefits),
             *(key for one in book.breaks for entry in one.carried_benefits for key in (entry.before, entry.after))]
    for key in named:
        book.benefit(key)
    for key in book.values:
        if key != KEPT:
            raise GevinstError("parameters.unknown-value", where=str(given["values.yaml"]), key=key, allowed=KEPT)


def local_prices(table: pa.Table, source: str) -> list[LocalPrice]:
    """The rows of the canonical table `prices` (benefit, year, dkk_per_week), with where they came from."""
    return [LocalPrice(str(row["benefit"]), int(row["year"]), _exact(row["dkk_per_week"]), source)
            for row in table.select(["benefit", "year", "dkk_per_week"]).to_pylist()]


def _exact(value: Decimal | float) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))
