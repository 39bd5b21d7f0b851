"""The appendix on the ledger: what is not known is blank and said, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gevinst.curves.ledger_sums import LedgerSum
from gevinst.follow_up.disclosure.delivery import ledger_shown, of_delivery
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.reconciliation import Delivered, Known, LedgerCheck, reconcile
from gevinst.language import LANGUAGES, speaking
from gevinst.money import CURRENT, Amount
from gevinst.parameters.book import national_book
from gevinst.register.bundled import portfolio
from gevinst.register.business_case import Line, Portfolio
from gevinst.report.ledger_section import ledger_section
from gevinst.report.tree import Block, Bullets, Paragraph, Table

NORDDJURS = portfolio("norddjurs-2020-2023")
FIRST = replace(NORDDJURS.investments[0], dkk_per_participant_week=Amount.dkk("1250.50", CURRENT))


def section(make_edition: Callable[[Portfolio], Edition], check: LedgerCheck | None) -> list[Block]:
    return ledger_section(replace(make_edition(NORDDJURS), ledger=check))


def check(sums: list[LedgerSum], delivered: dict[str, Delivered] | None, last: int | None = 2021) -> LedgerCheck:
    cases = (FIRST, *NORDDJURS.investments[1:])
    exact = reconcile(replace(NORDDJURS, investments=cases), sums, Known(delivered, last, national_book()))
    found = ledger_shown(exact, disclose({}, Rules(), further=[of_delivery(exact)]).counts)
    assert found is not None
    return found


def test_without_a_ledger_there_is_no_section(make_edition: Callable[[Portfolio], Edition]) -> None:
    assert section(make_edition, None) == []


def test_what_is_not_known_is_blank_and_said(make_edition: Callable[[Portfolio], Edition]) -> None:
    sums = [LedgerSum(FIRST.key, "5.68.90-1", 2020, 2, 12_345_678), LedgerSum("ukendt", "5.68.90-1", 2020, 1, 100)]
    sums += [LedgerSum("", f"6.45.{place:02d}-1", 2020, 1, 100 + place) for place in range(30)]
    found = check(sums, {FIRST.key: Delivered({2020: 12, 2022: 40}, {2020: 3, 2022: 9})})
    with speaking("da"):
        blocks = section(make_edition, found)
    table, loose = (block for block in blocks if isinstance(block, Table))
    first = [[cell.text for cell in row.cells] for row in table.rows[1:6]]
    assert table.rows[0].cells[0].text.endswith("aftalt 1.250,50 kr. pr. deltageruge")
    assert first[0][0] == "2020"
    assert first[0][2:] == ["123.457", "0", "123.457", "", "", "", ""], "the weeks of three persons are not printed"
    assert first[2] == ["2022*", "", "0", "0", "0", "40", "50.020", "−50.020", "0"]
    assert first[4][0] == "I alt"
    assert first[4][5:] == ["", "", "", ""], "nor does a sum give them away"
    assert "Uger af for få deltagere er ikke vist" in table.note
    assert "* Året er ikke slut" in table.note
    assert "kun vist, hvor det kan omregnes" in table.note
    assert len(loose.rows) == 20
    assert loose.note == "De 11 konti med de mindste beløb er ikke vist."
    assert [column.header for column in loose.columns][2] == "Investering"
    assert any("ukendt" in item for block in blocks if isinstance(block, Bullets) for item in block.items)


def test_a_ledger_in_order_says_so_in_both_languages(make_edition: Callable[[Portfolio], Edition]) -> None:
    typed = next(one for one in FIRST.recorded if (one.year, one.line) == (2020, Line.INVESTMENT))
    found = check([LedgerSum(FIRST.key, "5.68.90-1", 2020, 2, typed.amount.ore)], None)
    for language, words in zip(LANGUAGES, ("Ingen af reglerne", "None of the rules"), strict=True):
        with speaking(language):
            blocks = section(make_edition, found)
        texts = [block.text for block in blocks if isinstance(block, Paragraph)]
        assert texts[-1].startswith(words)
        (table,) = (block for block in blocks if isinstance(block, Table))
        assert ("ingen deltagerliste" in table.note) == (language == "da")
