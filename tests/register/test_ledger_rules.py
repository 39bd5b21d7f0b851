"""Rules that match postings to investments: which fits, which decides, and a file per mistake."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES
from gevinst.register.ledger_rules import LedgerRules, LedgerTerms, rule_use
from gevinst.register.ledger_rules_file import ledger_supplier, read_rules, workspace_rules
from gevinst.sources.suppliers.opus_account import Account, read_account

DAY = date(2020, 6, 1)


def rules(tmp_path: Path, text: str) -> LedgerRules:
    path = tmp_path / "ledger_rules.yaml"
    path.write_text(f"rules:\n{text}", encoding="utf-8")
    return read_rules(path)


def account(text: str) -> Account:
    found = read_account(text)
    assert found is not None
    return found


@pytest.mark.parametrize(("condition", "fits", "fits_not"), [
    ("function: 5.68.90", ["5.68.90-1", "5.68.90"], ["5.68.91-1", "PSP XG-1"]),
    ("function: 056890", ["5.68.90-1"], ["5.68.91"]),
    ("function: 5.68.*", ["5.68.90-1", "5.68.98-2"], ["5.58.80-1"]),
    ("function: [5.68.90, 6.45.53]", ["6.45.53-1"], ["5.68.91"]),
    ("grouping: 007", ["5.57.73-1-007"], ["5.57.73-1-008", "5.57.73-1"]),
    ("grouping: 7", ["5.57.73-1-007"], ["5.57.73-1-070"]),
    ("art: 52", ["5.57.73-1-007-5.2"], ["5.57.73-1-007-5.1"]),
    ('art: "5.*"', ["5.57.73-1-007-5.1"], ["5.57.73-1-007-4.1", "5.57.73"]),
    ("art: 4000????", ["art 40001000"], ["art 50001000"]),
    ("psp: xg-0000000707-*", ["PSP XG-0000000707-00001"], ["PSP XG-0000000708-00001"]),
    ("psp: XG-[1]", ["PSP XG-[1]"], ["PSP XG-1"]),
    ("dranst: 2", ["5.68.90-2"], ["5.68.90-1"]),
    ("dranst: [3]", ["5.68.90-3"], ["5.68.90-1", "5.68.90-2"]),
    ("function: 5.*", ["5.68.90-1", "5.68.90-2", "5.68.90"], ["5.68.90-3", "5.68.90-7"]),
])
def test_conditions_on_the_account(condition: str, fits: list[str], fits_not: list[str], tmp_path: Path) -> None:
    found = rules(tmp_path, f"  - investment: a\n    {condition}\n")
    assert [text for text in fits if not found.fitting(account(text), "", DAY)] == []
    assert [text for text in fits_not if found.fitting(account(text), "", DAY)] == []


@pytest.mark.parametrize(("condition", "text", "day", "fits"), [
    ("text: kursus", "Et  KURSUS i marts", DAY, True), ("text: kursus", "Løn", DAY, False),
    ("text: [x, løn]", "LØN", DAY, True), ("text: løn*", "Løn marts", DAY, True), ("text: løn*", "En løn", DAY, False),
    ("text: i  marts", "kursus i marts", DAY, True), ('text: "[a]"', "x [a] y", DAY, True),
    ("from: 2020-06-01", "", DAY, True), ("from: 02-06-2020", "", DAY, False), ("to: 2020-06-01", "", DAY, True),
    ("to: 2020-05-31", "", DAY, False), ("from: 2020-06-01", "", None, False), ("text: x", "x", None, True)])
def test_conditions_on_text_and_day(condition: str, text: str, day: date | None, fits: bool, tmp_path: Path) -> None:
    found = rules(tmp_path, f"  - investment: a\n    {condition}\n")
    assert bool(found.investments(Account(), text, day)) is fits


def test_every_condition_must_hold_and_the_first_rule_decides(tmp_path: Path) -> None:
    found = rules(tmp_path, """
  - {investment: a, function: 5.68.90, text: kursus}
  - {investment: b, function: 5.68.*}
  - {investment: "-", function: 5.*}
""")
    assert found.investments(account("5.68.90-1"), "kursus", DAY) == ("a", "b", "-")
    assert found.investments(account("5.68.90-1"), "løn", DAY) == ("b", "-")
    assert found.investments(account("5.57.73-1"), "kursus", DAY) == ("-",)
    assert found.investments(account("6.45.53-1"), "kursus", DAY) == ()
    assert found.investments(account("5.68.90-3"), "", DAY) == ("-",), "what is ruled out is so for every dranst"
    assert found.named() == ("a", "b")
    assert [(rule.number, rule.line) for rule in found.rules] == [(1, 3), (2, 4), (3, 5)]


def test_overlaps_and_rules_that_decide_nothing_are_told(tmp_path: Path) -> None:
    found = rules(tmp_path, """
  - {investment: a, function: 5.68.90}
  - {investment: a, function: 5.68.90, text: x}
  - {investment: b, function: 5.68.*}
  - {investment: c, function: 9.*}
""")
    first, second, other = account("5.68.90-1"), account("5.68.91-1"), account("6.45.53-1")
    use = rule_use(found, [(first, "x", DAY, 100, "a"), (first, "", DAY, -30, "b"), (second, "", DAY, 7, "b"),
                           (other, "", DAY, 1, None), (other, "", DAY, 1, "a")])
    assert [(one.decided.number, one.also.number, one.rows, one.ore) for one in use.overlaps] == [(1, 3, 2, 70)]
    assert [rule.number for rule in use.unused] == [2, 4]
    assert use.changed == 2


BAD = {
    "not-a-list": ("rules: jobnet\n", "ledger.rules-form", "1:1"),
    "another-top": ("regler:\n  - investment: a\n", "ledger.rule-field", "1:1"),
    "no-rules": ("budget_index: x\n", "ledger.rules-form", "1:1"),
    "limits-in-a-word": ("rules: []\nlimits: 10\n", "ledger.rules-form", "2:9"),
    "an-unknown-limit": ("rules: []\nlimits: {pct: 10}\n", "ledger.rule-field", "2:10"),
    "a-limit-below-zero": ("rules: []\nlimits: {percent: -1}\n", "ledger.limit-below-zero", "2:19"),
    "a-limit-in-words": ("rules: []\nlimits: {kroner: ti}\n", "register.not-a-number", "2:18"),
    "only-a-list": ("- investment: a\n", "ledger.rules-form", "1:1"),
    "a-word-for-a-rule": ("rules:\n  - jobnet\n", "ledger.rules-form", "2:5"),
    "an-unknown-field": ("rules:\n  - investment: a\n    konto: 5.68\n", "ledger.rule-field", "3:5"),
    "a-field-twice": ("rules:\n  - investment: a\n    psp: x\n    psp: y\n", "ledger.rule-field-twice", "4:5"),
    "no-investment": ("rules:\n  - psp: x\n", "ledger.rule-no-investment", "2:5"),
    "an-empty-investment": ("rules:\n  - investment:\n    psp: x\n", "ledger.rule-no-investment", "2:5"),
    "no-condition": ("rules:\n  - investment: a\n    note: x\n", "ledger.rule-no-condition", "2:5"),
    "an-empty-condition": ("rules:\n  - investment: a\n    psp:\n", "ledger.rule-no-condition", "3:9"),
    "an-empty-list": ("rules:\n  - investment: a\n    psp: []\n", "ledger.rule-no-condition", "3:10"),
    "a-dranst-in-words": ("rules:\n  - investment: a\n    dranst: drift\n", "ledger.rule-dranst", "3:13"),
    "no-such-dranst": ("rules:\n  - investment: a\n    dranst: [1, 8]\n", "ledger.rule-dranst", "3:13"),
    "a-period-that-ends-first": ("rules:\n  - investment: a\n    from: 2021-01-01\n    to: 2020-01-01\n",
                                 "ledger.rule-period", "4:9"),
    "no-date": ("rules:\n  - investment: a\n    from: i morgen\n", "register.not-a-date", "3:11"),
    "no-yaml": ("rules: [\n", "register.yaml-syntax", ""),
    "empty": ("", "register.empty-file", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_a_rule_file_with_a_fault_is_refused_by_its_place(case: str, tmp_path: Path) -> None:
    text, code, where = BAD[case]
    path = tmp_path / "ledger_rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GevinstError) as fault:
        read_rules(path)
    assert fault.value.code == code
    assert where in fault.value.where
    for language in LANGUAGES:
        assert "{" not in " ".join(fault.value.message(language)).replace("{name}", "")


def test_the_terms_of_the_reconciliation(tmp_path: Path) -> None:
    path = tmp_path / "ledger_rules.yaml"
    path.write_text("rules: []\nlimits: {percent: 2.5}\nbudget_index: kl-pl\n", encoding="utf-8")
    assert read_rules(path).terms == LedgerTerms(Decimal("2.5"), Decimal(1000), "kl-pl")
    path.write_text("rules: []\n", encoding="utf-8")
    assert read_rules(path).terms == LedgerTerms(Decimal(10), Decimal(1000), "")


def test_a_workspace_without_rules_has_none(tmp_path: Path) -> None:
    assert workspace_rules(tmp_path) is None
    assert ledger_supplier(tmp_path).rules is None
    (tmp_path / "ledger_rules.yaml").write_text("rules:\n  - {investment: a, psp: x}\n", encoding="utf-8")
    assert ledger_supplier(tmp_path).rules is not None
