"""Every number of a memo says which figure it is, and every figure has a ladder; what is exempt is in a named list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gevinst.backend import Backend
from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.explain import explanations
from gevinst.follow_up.figure_ids import nearest
from gevinst.follow_up.lineage import with_lineage
from gevinst.language import MINUS, speaking
from gevinst.parameters.book import national_book
from gevinst.pipeline import run
from gevinst.register import bundled
from gevinst.report.memo import build_memo
from gevinst.report.tree import Document, Ladders
from gevinst.run_options import RunOptions
from gevinst.trace import Step
from tests.follow_up.suppression_town import studied
from tests.report.printed_figures import tables, unexplained, unnamed_cells, unnamed_in_sentences


@pytest.fixture(scope="module")
def norddjurs() -> Edition:
    """The memo of recorded results."""
    made = datetime(2021, 11, 26, 12, tzinfo=UTC)
    return run(bundled.portfolio("norddjurs-2020-2023"), None, national_book(), RunOptions(date(2021, 11, 26), made))


@pytest.fixture(scope="module")
def town(duckdb_backend: Backend) -> Edition:
    """A town with payments, a ledger, data quality, and many small counts."""
    return studied(duckdb_backend, 0).edition()


@pytest.fixture(scope="module")
def detailed(detailed_edition: Edition) -> Edition:
    """Everything at once, made by hand: sound, biased, and of few."""
    with speaking("da"):
        found = explanations(detailed_edition.follow_ups, detailed_edition.portfolio_follow_up, ())
    return with_lineage(replace(detailed_edition, explanations=found))


@pytest.fixture(scope="module", params=["norddjurs", "town", "detailed"])
def each(request: pytest.FixtureRequest) -> Edition:
    found: Edition = request.getfixturevalue(request.param)
    return found


def test_every_number_of_a_table_says_which_figure_it_is(each: Edition) -> None:
    assert unnamed_cells(build_memo(each)) == []


def test_every_figure_that_is_printed_has_a_ladder(each: Edition) -> None:
    document = build_memo(each)
    assert unexplained(document, each) == []
    printed = [cell.figure for table in tables(document.blocks) for row in table.rows for cell in row.cells]
    assert len(set(filter(None, printed))) > 80


def test_every_number_told_in_words_says_which_figure_it_is(each: Edition) -> None:
    assert unnamed_in_sentences(build_memo(each), each.portfolio) == []


def test_in_english_too(detailed_edition: Edition) -> None:
    english = with_lineage(replace(detailed_edition, language="en"))
    document = build_memo(english)
    assert unnamed_cells(document) == []
    with speaking("en"):
        found = explanations(english.follow_ups, english.portfolio_follow_up, ())
    assert unexplained(document, with_lineage(replace(english, explanations=found))) == []


def test_ids_can_stand_in_an_address(each: Edition) -> None:
    for key in each.explanations:
        assert re.fullmatch(r"[A-Za-z0-9_.@-]+(?:/[A-Za-z0-9_.@-]+)*", key), key


def test_no_ladder_leads_to_one_that_is_not_there(each: Edition) -> None:
    known = each.explanations

    def seen(step: Step) -> Iterator[str]:
        yield from step.see
        for below in step.under:
            yield from seen(below)

    for key, step in known.items():
        for one in seen(step):
            assert one in ("ground/files", "ground/run", "parameters") or nearest(one, known), (key, one)


def test_totals_over_years_are_the_sum_of_the_figures_they_lead_to(norddjurs: Edition) -> None:
    figures = {figure.id: figure.amount.ore for figure in norddjurs.figures}
    checked = 0
    for figure in (one for one in norddjurs.figures if one.year is None and not one.derived):
        step = norddjurs.explanations[figure.id]
        assert sum(figures[part] for part in step.see) == figure.amount.ore, figure.id
        assert len(step.under) == len(step.see)
        checked += 1
    assert checked > 20


def test_values_are_told_as_they_are_printed(detailed: Edition) -> None:
    """By hand, from the records of the edition."""
    told = {key: detailed.explanations[key].value for key in (
        "4/effect/matched/weeks_saved", "4/effect/matched/participants", "4/effect/matched/comparison",
        "4/effect/matched/total/net", "4/chance/2021/budget", "4/account/2020/spent", "4/detail/e_value",
        "4/detail/effective_persons", "portfolio/effect/counted_once")}
    assert told == {
        "4/effect/matched/weeks_saved": "1,4 uger [0,3; 2,5]", "4/effect/matched/participants": "230",
        "4/effect/matched/comparison": "1.840", "4/effect/matched/total/net":
            f"{MINUS}800.000 kr. [{MINUS}1.200.000; {MINUS}160.000]",
        "4/chance/2021/budget": "55\xa0%", "4/account/2020/spent": "250.000 kr.", "4/detail/e_value": "1,86",
        "4/detail/effective_persons": "612", "portfolio/effect/counted_once": "14"}
    placebo = detailed.explanations["4/detail/placebo/pseudo_participants"]
    assert [(one.label, one.value) for one in placebo.under] == [
        ("behandlet som deltagere", "230"), ("sparede uger pr. deltager", f"0,2 [{MINUS}0,9; 1,3]"),
        ("kroner", f"{MINUS}90.000 kr. [{MINUS}610.000; 430.000]")]
    point = detailed.explanations["4/frequency/52"]
    assert [(one.label, one.value) for one in point.under] == [
        ("med indsatsen", "46,0\xa0%"), ("uden indsatsen", "51,0\xa0%"), ("forskel", "5,0 procentpoint [1,0; 9,0]")]


def test_of_few_only_the_interval_is_told(detailed: Edition) -> None:
    """Twelve took part in investment 2: no estimate, no chance, no share may be found in any of its ladders."""
    assert detailed.explanations["2/effect/matched/weeks_saved"].value == "[0,3; 2,5]"
    assert detailed.explanations["2/effect/matched/total/net"].value == f"[{MINUS}1.200.000; {MINUS}160.000]"
    assert not [key for key in detailed.explanations if key.startswith(("2/chance", "2/frequency", "2/destination"))]
    assert "2/detail/e_value" not in detailed.explanations


def test_a_hidden_count_is_its_sign_in_its_ladder(town: Edition) -> None:
    assert Hidden.FEW in town.released.counts.values()
    counted = [step for key, step in town.explanations.items()
               if re.fullmatch(r"\d/(?:effect/\w+/(?:participants|comparison)|register/.*|detail/\w+)", key)]
    signs = {one.value for step in counted for one in (step, *step.under) if one.value}
    assert "under 5" in signs
    assert all(value in ("under 5", "skjult") or int(value.replace(".", "")) >= 5 for value in signs
               if not re.search(r"[%,(]| af ", value))


def test_a_hidden_count_says_why_it_is_hidden(detailed: Edition) -> None:
    effects = tuple(replace(one, participants=Hidden.PROTECTS, comparison=Hidden.FEW) for one in detailed.effects)
    found = with_lineage(replace(detailed, effects=effects, explanations={})).explanations
    hidden, few = (found[f"4/effect/matched/{name}"] for name in ("participants", "comparison"))
    assert (hidden.value, hidden.source) == ("skjult", "»Skjult«: så et andet tal ikke kan regnes ud.")
    assert (few.value, few.source) == ("under 5", "»Under 5«: skjult, fordi det er færre end 5 personer.")


def test_a_ladder_that_is_there_already_is_kept(norddjurs: Edition) -> None:
    mine = Step("mit", "1 kr.", "talt", see=())
    again = with_lineage(replace(norddjurs, explanations={"2/saving/total/budget": mine}))
    assert again.explanations["2/saving/total/budget"].value == "1 kr."
    assert again.explanations["2/saving/total/budget"].label == "mit, investering 2"


def ladders_in(document: Document) -> dict[str, Step]:
    return {ladder.key: ladder.steps[0] for block in document.blocks if isinstance(block, Ladders)
            for ladder in block.figures}


def test_the_memo_carries_the_ladders_it_leads_to_and_no_other(town: Edition) -> None:
    kept = ladders_in(build_memo(town))
    assert kept.keys() < town.explanations.keys()
    assert not any("parameters" in key.split("/") for key in kept), "they are in the appendix's own tables"
    assert "1/effect/matched/participants" in kept


def kroner(text: str) -> float:
    """The first number of a text as printed in Danish."""
    found = re.match(rf"{MINUS}?[\d.]+(?:,\d+)?", text)
    assert found is not None, text
    return float(found[0].replace(".", "").replace(",", ".").replace(MINUS, "-"))


def test_weeks_times_prices_are_the_kroner_told_and_add_up(town: Edition) -> None:
    """By hand from what is printed: every cell is its weeks times its price, and the cells are the year's saving."""
    checked = 0
    for key, step in town.explanations.items():
        if not re.fullmatch(r"\d/effect/\w+/\d{4}/net", key) or not step.under:
            continue
        (ladder,) = step.under
        for cell in ladder.under:
            found = re.fullmatch(rf"\(([\d.,]+) − ({MINUS}?[\d.,]+)\) uger × ([\d.,]+) kr\.", cell.formula)
            if found is not None:
                actual, without, price = (kroner(number) for number in found.groups())
                rounded = 0.1 * price + 1  # weeks are printed with one decimal
                assert abs((actual - without) * price - kroner(cell.value)) <= rounded, (key, cell)
                checked += 1
        assert abs(sum(kroner(cell.value) for cell in ladder.under) - kroner(step.value)) <= len(ladder.under), key
    assert checked > 20


def test_the_steps_of_a_bridge_are_its_difference(norddjurs: Edition) -> None:
    """Budget and steps, as they are told, come to the result."""
    for one in norddjurs.deviations.bridges:
        base = f"{one.investment}/bridge/{one.year or 'total'}"
        under = norddjurs.explanations[base].under
        told = [kroner(step.value.removeprefix("DKK ")) for step in under if step.value[0] in f"{MINUS}0123456789"]
        assert abs(sum(told[:-1]) - told[-1]) <= len(told), base
        assert kroner(norddjurs.explanations[f"{base}/result"].value) == told[-1]
