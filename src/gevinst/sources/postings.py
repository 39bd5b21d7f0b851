"""Postings of several files: where two exports of a ledger overlap, every invoice in both would count twice."""

from __future__ import annotations

from pathlib import Path

from gevinst.backend import Backend
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, number, speaking
from gevinst.sources.merge import Finished, finish_other, staged_rows
from gevinst.sources.staging import StagedTable

KEY = ["date", "account", "text", "amount_dkk"]
FEW = 10  # so many rows may be alike by chance
MOST = 0.5  # of the smaller file's rows in the other one


def finish_postings(staged: StagedTable, backend: Backend, target: Path) -> Finished:
    """Store `postings.parquet`. Within a file postings may repeat each other. Raises `ledger.delivered-twice`."""
    if len(staged.parts) > 1:
        _refuse_twice(staged, backend)
    return finish_other(staged, backend, target)


def _refuse_twice(staged: StagedTable, backend: Backend) -> None:
    alike = backend.keep(
        staged_rows(staged, backend).group_by(["part", *KEY]).aggregate(n=lambda rows: rows.count()), "posting_rows")
    sizes = {one["part"]: one["rows"] for one in backend.to_arrow(
        alike.group_by("part").aggregate(rows=alike.n.sum())).to_pylist()}
    earliest = alike.mutate(first=alike.part.min().over(group_by=KEY))
    again = earliest.filter(earliest["first"] < earliest.part)
    pairs = backend.to_arrow(again.group_by(["part", "first"]).aggregate(n=again.n.sum())).to_pylist()
    for one in sorted(pairs, key=lambda one: (one["part"], one["first"])):
        smaller = min(sizes[one["part"]], sizes[one["first"]])
        if one["n"] >= FEW and one["n"] > MOST * smaller:
            values: dict[str, str] = {}
            for language in LANGUAGES:
                with speaking(language):
                    values |= {f"repeated_{language}": number(one["n"])}
            raise GevinstError("ledger.delivered-twice", where=staged.parts[one["part"]].name,
                               other=staged.parts[one["first"]].name, **values)
