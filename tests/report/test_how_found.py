"""How figures came about: sums that add up on paper, ladders that a page folds, and nothing that was withheld."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import lxml.html
import pytest

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.explain import explanations
from gevinst.language import MINUS, NO_BREAK, speaking
from gevinst.report.as_html import render
from gevinst.report.how_found import ladders_of, sums_table
from gevinst.report.memo import build_memo
from gevinst.report.tree import Ladders, Table
from gevinst.trace import Step


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


@pytest.fixture
def explained(full_edition: Edition) -> Edition:
    """The edition with its ladders, and one estimator's computation below investments 2 and 4 in 2020."""
    found = explanations(full_edition.follow_ups, full_edition.portfolio_follow_up, ())
    rate = Step("statsrefusion, A-dagpenge, fra uge 1", "80 pct.")
    cell = Step("a-dagpenge, uge 1-4", f"{MINUS}862 kr.", "(0,0 − 1,0) uger × 862 kr.", "prices 2020-2023")
    for investment in ("2", "4"):
        computed = Step("Beregnet på borgerforløb: Tidligere år", f"{MINUS}862 kr.", under=(cell,))
        year = found[f"{investment}/2020"]
        found[f"{investment}/2020"] = replace(year, under=(*year.under, computed, Step("Parametre", "", under=(rate,))))
    return replace(full_edition, explanations=found, benefit_names={"a-dagpenge": "A-dagpenge"})


def value(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(MINUS, "-"))


def test_every_total_is_the_sum_of_its_printed_parts(edition: Edition) -> None:
    checked = 0
    for row in sums_table(edition).rows:
        if row.kind == "body" and row.cells[0].text.endswith(("(A)", "(B)")):
            parts = [value(text) for text in re.findall(rf"\(\d\){NO_BREAK}([−\d.]+)", row.cells[2].text)]
            assert sum(parts) == value(row.cells[1].text) == row.cells[1].value
            checked += 1
    assert checked == 8, "investment and saving in four years"


def test_the_main_methods_kroner_stand_below(full_edition: Edition) -> None:
    rows = [[cell.text for cell in row.cells] for row in sums_table(full_edition).rows]
    assert ["Investering 4, 2020", f"{MINUS}350.000",
            "»Borgere, der ligner deltagerne«: 230 deltagere sammenlignet med 412 forløb"] in rows
    assert not any(row[0].startswith("Investering 2,") for row in rows), "12 participants give no point"


def test_the_ladders_name_benefits_and_leave_parameters_to_their_table(explained: Edition) -> None:
    ladder = next(ladder for ladder in ladders_of(explained) if ladder.key == "ladder-4-2020")
    assert ladder.title == "Investering 4 i 2020"
    computed = next(step for step in ladder.steps if step.label.startswith("Beregnet"))
    assert computed.under[0].label == "A-dagpenge, uge 1-4"
    assert computed.under[0].source == "prices 2020–2023"
    assert not any(step.label == "Parametre" for step in ladder.steps)


def test_what_is_computed_from_few_is_not_explained(explained: Edition) -> None:
    ladder = next(ladder for ladder in ladders_of(explained) if ladder.key == "ladder-2-2020")
    assert ladder.steps
    assert not any(step.label.startswith("Beregnet") for step in ladder.steps)


def test_a_page_folds_a_ladder_per_year_and_leads_to_it(explained: Edition) -> None:
    document = build_memo(explained)
    tree = lxml.html.fromstring(render(document))
    ladders = [each.get("id") for each in tree.xpath("//div[@class='ladders']/details")]
    assert len(ladders) == len(set(ladders)) == 6 * 4, "five investments and all of them, four years each"
    links = {link.get("href") for link in tree.xpath("//thead//a")}
    assert links == {f"#{ladder}" for ladder in ladders}
    assert tree.xpath("//details[@id='ladder-4-2020']//li[contains(., 'A-dagpenge, uge 1-4')]")


def test_a_memo_without_ladders_leads_nowhere(full_edition: Edition) -> None:
    document = build_memo(full_edition)
    assert not any(isinstance(block, Ladders) for block in document.blocks)
    assert not lxml.html.fromstring(render(document)).xpath("//thead//a")
    assert any(isinstance(block, Table) and block.key == "sums" for block in document.blocks)


def test_a_step_with_a_ladder_of_its_own_leads_there_and_to_no_other_of_the_same_amounts(explained: Edition) -> None:
    """Investments 2 and 4 have the same computation below 2020; each leads to its own."""
    alike = dict(explained.explanations)
    for investment in ("2", "4"):
        step = next(one for one in alike[f"{investment}/2020"].under if one.label.startswith("Beregnet"))
        alike[f"{investment}/effect/baseline/2020/net"] = replace(step, see=("ground/files",))
        alike[f"{investment}/effect/baseline/2021/net"] = step
    ladder = next(one for one in ladders_of(replace(explained, explanations=alike)) if one.key == "ladder-4-2020")
    computed = next(step for step in ladder.steps if step.label.startswith("Beregnet"))
    assert computed.see == ("4/effect/baseline/2020/net",)
    assert computed.under == ()
