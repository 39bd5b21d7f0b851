"""Rules asked of many postings at once match what they match one by one."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pyarrow as pa

from gevinst.register.ledger_rules_file import read_rules
from gevinst.sources.columns import Spread
from gevinst.sources.suppliers.opus_account import Account
from gevinst.sources.suppliers.opus_matching import Postings, RuleBook

RULES = """
rules:
  - {investment: a, psp: XG-1*}
  - {investment: b, function: 5.68.*, from: 2020-03-01, to: 2020-06-30}
  - {investment: c, text: kursus}
  - {investment: "-", function: 5.57.*, text: "*løn*"}
  - {investment: a, grouping: 7, dranst: [1, 2, 3]}
  - {investment: d, from: 2020-05-01, text: [hold 1, "k*s"]}
"""
ACCOUNTS = [Account(), Account("5.68.90", 1, psp="XG-10"), Account("5.68.90", 3), Account("5.57.73", 1, None, "007")]
DAYS = [None, date(2020, 2, 29), date(2020, 3, 1), date(2020, 6, 30), date(2020, 7, 1)]
TEXTS = ["Kursus", "Udbetalt løn", "hold  1", "kurs", "x"]


def test_as_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger_rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    rules = read_rules(path)
    places = np.array(list(product(range(len(ACCOUNTS)), range(len(DAYS)), range(len(TEXTS) + 1))))
    book = RuleBook(rules)
    for rows in (places, places[::-1][:50], places[:0]):
        account_of, day_of, text_of = rows.T
        found = book.match(Postings(ACCOUNTS, account_of, DAYS, day_of, Spread(pa.array(TEXTS), text_of)))
        expected = [rules.investments(ACCOUNTS[account], [*TEXTS, ""][text], DAYS[day]) for account, day, text in rows]
        assert [found.investments[one] if one >= 0 else None for one in found.first.tolist()] == [
            one[0] if one else None for one in expected]
        assert found.several.tolist() == [len(set(one)) > 1 for one in expected]


def test_without_rules() -> None:
    nothing = np.zeros(2, np.int64)
    found = RuleBook(None).match(Postings([Account()], nothing, [None], nothing, Spread(pa.array(["x"]), nothing)))
    assert (found.first.tolist(), found.several.tolist()) == ([-1, -1], [False, False])
