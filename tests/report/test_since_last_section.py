"""What changed since the last memo: a figure that one of the two memos has not is no improvement, and no setback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from gevinst.editions.values import values_of
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.lineage_since import with_since_last
from gevinst.follow_up.since_last import SinceLast, State, split
from gevinst.language import NO_BREAK, speaking
from gevinst.money import CURRENT, Amount
from gevinst.register.business_case import Basis, Line, Portfolio, RecordedFigure
from gevinst.report.memo import build_memo
from gevinst.report.since_last_section import KEY, since_last_section
from gevinst.report.tree import Paragraph, Table

MakeEdition = Callable[[Portfolio], Edition]


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def since(edition: Edition, before: Edition) -> Edition:
    """The edition as it stands when `before` was published: all that changed was typed."""
    changes = split([State(None, values_of(before)), State("method", values_of(edition))])
    return with_since_last(edition, SinceLast("u-2021-08", date(2021, 8, 26), changes))


def section(edition: Edition) -> tuple[str, dict[str, list[str]], str]:
    """Its sentence, its rows by name, and the note under the table."""
    blocks = since_last_section(edition)
    text = " ".join(block.text for block in blocks if isinstance(block, Paragraph)).replace(NO_BREAK, " ")
    (table,) = (block for block in blocks if isinstance(block, Table))
    return text, {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in table.rows}, table.note


@pytest.fixture
def without(portfolio: Portfolio, make_edition: MakeEdition) -> Edition:
    """Nothing is stated of investment 3."""
    cases = tuple(replace(case, recorded=()) if case.number == "3" else case for case in portfolio.investments)
    return make_edition(replace(portfolio, investments=cases))


@pytest.mark.parametrize("taken_away", [True, False])
def test_a_figure_of_one_memo_only_has_no_difference(edition: Edition, without: Edition, *, taken_away: bool) -> None:
    now, before = (without, edition) if taken_away else (edition, without)
    told = since(replace(now, published=()), before)
    text, rows, note = section(told)
    was, is_now, *rest = rows["Investering 3, i alt"]
    assert (was == "ikke opgjort", is_now == "ikke opgjort") == (not taken_away, taken_away)
    assert {was, is_now} != {"ikke opgjort"}
    assert set(rest) == {"–"}
    assert "Hvor det ene notat ikke har tallet, er der ingen forskel at vise." in note
    assert "bedre end sidst" not in text
    assert "dårligere end sidst" not in text
    assert "Kun det ene af de to notater har et resultat for investering 3 i 2020–2023" in text
    assert "de dækker ikke det samme" in text
    ladder = told.explanations["since-last/3/net/total/outcome"]
    assert ladder.value == "ikke opgjort"
    assert [step.value == "ikke opgjort" for step in ladder.under] == [not taken_away, taken_away]


def test_a_figure_of_both_has_its_difference(edition: Edition, portfolio: Portfolio, make_edition: MakeEdition) -> None:
    def moved(figure: RecordedFigure) -> RecordedFigure:
        worse = figure.line is Line.INVESTMENT and figure.year == 2021 and figure.basis is Basis.EXPECTED
        return replace(figure, amount=figure.amount + Amount.dkk(1_000_000, CURRENT)) if worse else figure

    cases = tuple(replace(case, recorded=tuple(map(moved, case.recorded))) if case.number == "3" else case
                  for case in portfolio.investments)
    text, rows, note = section(since(make_edition(replace(portfolio, investments=cases)), edition))
    assert rows["Investering 3, i alt"][2:] == ["1,000", "1,000"]
    assert "Samlet er resultatet for 2020–2023 1,000 mio. kr. dårligere end sidst. Det skyldes mest metode." in text
    assert "ikke har tallet" not in note


def test_the_memo_shows_it(edition: Edition, without: Edition) -> None:
    tables = {table.key: table for table in build_memo(since(without, edition)).tables()}
    assert any(cell.text == "ikke opgjort" for row in tables[KEY].rows for cell in row.cells)
