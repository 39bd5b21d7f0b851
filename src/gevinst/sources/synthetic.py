"""A made-up municipality whose true effects are known: the canonical files, and the truth behind them.

It serves the demonstration, and it is the instrument every estimator is tested against: `simulate_register` returns
what the files cannot show, each participant's weeks on benefit with and without the investment. Nobody in it
exists. How it is made, and what it is not: `docs/method/synthetic.md`.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     truth = write_register(Path(folder), SyntheticSpec(persons=2_000))
...     sorted(path.name for path in Path(folder).iterdir())
['investments.csv', 'participants.csv', 'persons.csv', 'published_curves.csv', 'spells.csv', 'suspensions.csv']
>>> truth.of("smaajob").participants > 0
True
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from gevinst.sources.synthetic_files import canonical_tables
from gevinst.sources.synthetic_joining import World, runs_with
from gevinst.sources.synthetic_process import draw_inhabitants, simulate, untouched
from gevinst.sources.synthetic_referrals import refer
from gevinst.sources.synthetic_spec import (
    INVESTMENTS,
    SUSPENSIONS,
    Boom,
    HiddenTrait,
    Suspended,
    SyntheticInvestment,
    SyntheticSpec,
    without_effect,
)
from gevinst.sources.synthetic_truth import HORIZONS, InvestmentTruth, Truth, truth_of
from gevinst.weeks import week_of

__all__ = [
    "HORIZONS",
    "INVESTMENTS",
    "SUSPENSIONS",
    "Boom",
    "HiddenTrait",
    "InvestmentTruth",
    "Suspended",
    "SyntheticInvestment",
    "SyntheticSpec",
    "Truth",
    "simulate_register",
    "without_effect",
    "write_register",
]


def simulate_register(spec: SyntheticSpec) -> tuple[dict[str, pa.Table], Truth]:
    """The canonical tables of the municipality by name, and the truth about its investments.

    The tables have the columns of the canonical files (last days included). 20,000 persons take a tenth of a second.

    >>> tables, truth = simulate_register(SyntheticSpec(persons=2_000))
    >>> tables["participants"].num_rows == sum(one.participants for one in truth.investments)
    True
    """
    until = week_of(spec.data_to) + max(HORIZONS) + 1
    who = draw_inhabitants(spec)
    everybody = np.arange(spec.persons)
    world = World(spec, who, until, simulate(who, until, everybody, untouched(everybody)))
    referred = refer(world)
    happened = runs_with(world, referred)
    tables, ids = canonical_tables(world, referred, happened)
    return tables, truth_of(world, referred, happened, ids)


def write_register(folder: Path, spec: SyntheticSpec) -> Truth:
    """Write the canonical files of the municipality to `folder`, and return the truth about its investments."""
    folder.mkdir(parents=True, exist_ok=True)
    tables, truth = simulate_register(spec)
    for name, table in tables.items():
        _write(folder, name, table, spec.file_format)
    return truth


def _write(folder: Path, name: str, table: pa.Table, file_format: str) -> None:
    if file_format == "parquet":
        pq.write_table(table, folder / f"{name}.parquet")
    else:
        pcsv.write_csv(table, folder / f"{name}.csv", pcsv.WriteOptions(quoting_style="needed"))
