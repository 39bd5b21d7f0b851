"""The ledger's sums beside a loop over its postings."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from gevinst.backend import Backend
from gevinst.curves.ledger_sums import LedgerSum, ledger_sums, repeated_postings


def test_sums_are_exact_and_in_order(duckdb_backend: Backend) -> None:
    drawn = np.random.default_rng(7)
    keys, places = ("a", "b", "-", None), ("5.68.90-1", "5.68.90-2", None)
    rows = [(date(2020, 1, 1) + timedelta(int(drawn.integers(1200))), keys[drawn.integers(4)],
             int(drawn.integers(-(10**13), 10**13)), places[drawn.integers(3)]) for _ in range(500)]
    days, investments, ore, accounts = zip(*rows, strict=True)
    postings = duckdb_backend.from_arrow(pa.table({
        "date": pa.array(days, pa.date32()), "investment": pa.array(investments, pa.string()),
        "amount_dkk": pa.array([Decimal(one).scaleb(-2) for one in ore], pa.decimal128(18, 2)),
        "account": pa.array(accounts, pa.string())}), "postings")
    expected: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for day, investment, amount, account in rows:
        sums = expected[investment or "", account or "", day.year]
        sums[0] += 1
        sums[1] += amount
    assert ledger_sums(postings, duckdb_backend) == tuple(
        LedgerSum(*key, *expected[key]) for key in sorted(expected))


def test_postings_that_are_there_twice_are_counted_from_the_second_on(duckdb_backend: Backend) -> None:
    rows = [(date(2020, 1, 1), "a", 100, "x", None)] * 3 + [(date(2020, 1, 1), "a", 100, "x", "t")] * 2
    rows += [(date(2020, 1, 1), "a", -700, None, None)] * 2 + [(date(2020, 1, 2), "a", 100, "x", None)]
    days, investments, ore, accounts, texts = zip(*rows, strict=True)
    postings = duckdb_backend.from_arrow(pa.table({
        "date": pa.array(days, pa.date32()), "investment": pa.array(investments, pa.string()),
        "amount_dkk": pa.array([Decimal(one).scaleb(-2) for one in ore], pa.decimal128(18, 2)),
        "account": pa.array(accounts, pa.string()), "text": pa.array(texts, pa.string())}), "postings")
    assert repeated_postings(postings, duckdb_backend) == (2 + 1 + 1, 200 + 100 - 700)
    assert repeated_postings(postings.filter(postings.date > date(2020, 1, 1)), duckdb_backend) == (0, 0)
