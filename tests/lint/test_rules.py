"""Each rule on a small memo with one fault, and the same memo without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gevinst.lint.findings import Located

Lint = Callable[..., list[Located]]

BENCHMARK = """# Benchmark

|= | Forventet antal | Faktisk antal | Forskel | Placering
| A-dagpenge mv. | 600 | 580 | -20 | 37
| Sygedagpenge mv. | 810 | 740 | -70 | 5
| Kontanthjælp mv. | 970 | 1.000 | 30 | 68
| Ydelsesgrupper i alt | 2.380 | 2.320 | -60 | 23
"""
COUNTS = """# Fordeling

|= Ydelse | Antal borgere | Andel i pct.
| A-dagpenge | 250 | 50,0
| Kontanthjælp | 150 | 30,0
| Sygedagpenge | 100 | 20,0
| I alt | 500 | 100,0
"""
CURVE = """# Kurver

Tabel 1 - Overlevelseskurve for A-dagpengemodtagere uden tilbagefald

|= Periode | 0 uger | 4 uger | 8 uger | 13 uger
| 2020 | 100,0 | 65,5 | 53,6 | 43,9
| 2021 | 100,0 | 62,5 | 50,3 | 39,4

I 2021 er der 39,4 % som modtager A-dagpenge 13 uger efter, at de har meldt sig ledige.
"""
MEMO = """# Opfølgning på investeringer 2020-2021

Tabel 1 - Samlet oversigt i mio. kr., løbende priser

|= | Resultat 2020 | Forventet 2021
| Investering i indsats | 4,834 | 3,233
| Besparelse på forsørgelse | -1,773 | -3,827
| I alt | 3,061 | -0,594

Tabel 1 viser, at der forventes at blive investeret 3,233 mio. kr. i indsats i 2021, og at den forventede besparelse \
på forsørgelsen bliver 3,827 mio. kr. Dette giver en forskel på 0,594 mio. kr. Uden investeringen havde udgifterne \
været ca. 3,8 mio. kr. højere.

Der er lagt en besparelse ind i budgettet på 0 kr. i 2020, 5,0 mio. kr. i 2021, 6,0 mio. kr. i 2022 og 9,0 mio. kr. i \
2023, i alt 20,0 mio. kr.
"""
SOUND = {"benchmark": BENCHMARK, "counts": COUNTS, "curve": CURVE, "memo": MEMO}

FAULTS = [  # memo, what is changed, to what, the finding's code, row, column, what it should be
    (BENCHMARK, "| 740 | -70", "| 740 | 70", "footing.sign-error", "Sygedagpenge mv.", "Forskel", "-70"),
    (BENCHMARK, "810 | 740", "810 | 760", "lint.one-figure", "Sygedagpenge mv.", "Faktisk antal", "740"),
    (BENCHMARK, "| 2.380 |", "| 2.390 |", "lint.one-figure", "Ydelsesgrupper i alt", "Forventet antal", "2380"),
    (COUNTS, "| 30,0", "| 33,0", "lint.percent", "Kontanthjælp", "Andel i pct.", "30.0"),
    (COUNTS, "| 20,0", "| 120,0", "lint.share-outside", "Sygedagpenge", "Andel i pct.", None),
    (COUNTS, "| 500 |", "| 510 |", "lint.total-doubtful", "I alt", "Antal borgere", "500"),
    (CURVE, "53,6 | 43,9", "53,6 | 63,9", "lint.curve-rises", "2020", "13 uger", None),
    (CURVE, "| 2020 | 100,0", "| 2020 | 98,0", "lint.curve-start", "2020", "0 uger", "100"),
    (CURVE, "I 2021 er der 39,4 %", "I 2021 er der 38,4 %", "lint.text-figure", "", "", None),
    (MEMO, "investeret 3,233", "investeret 3,323", "lint.text-figure", "", "", None),
    (MEMO, "bliver 3,827", "bliver 3,287", "lint.text-figure", "", "", None),
    (MEMO, "forskel på 0,594", "forskel på 0,495", "lint.text-figure", "", "", None),
    (MEMO, "i alt 20,0 mio.", "i alt 21,0 mio.", "lint.stated-total", "", "", "20.0"),
    (MEMO, "investeringer 2020-2021", "investeringer 2021-2022", "lint.title-years", "", "", None),
    (MEMO, "|= |", "|= 1.000 kr. |", "lint.unit-contradiction", "", "", None),
    (MEMO, "|= |", "|= 2020 p/l |", "lint.level-contradiction", "", "", None),
    (MEMO, "Tabel 1 viser", "Tabel 2 viser", "lint.no-such-table", "", "", None),
]


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_sound_memo_gives_nothing(name: str, lint_text: Lint) -> None:
    assert [each.finding.code for each in lint_text(SOUND[name])] == []


@pytest.mark.parametrize(("memo", "right", "wrong", "code", "row", "column", "figure"), FAULTS)
def test_one_fault_gives_one_finding_in_its_place(
    memo: str, right: str, wrong: str, code: str, row: str, column: str, figure: str | None, lint_text: Lint
) -> None:
    assert right in memo
    found = [each for each in lint_text(memo.replace(right, wrong, 1)) if each.grave]
    assert [(each.finding.code, each.place.row) for each in found] == [(code, row)]
    assert not row or found[0].place.column == column
    if figure is not None:
        assert str(found[0].should_be) == figure


BESIDE = """# Notat

Tabel 1 - Opfølgning, mio. kr., løbende priser

|= | 2020 Budget | 2020 Resultat | 2021 Budget | 2021 Resultat
| Investering | 3,0 | 2,8 | 3,1 | 2,9
| Besparelse | -4,17 | -3,57 | -4,51 | -5,23
| I alt | -1,17 | -0,77 | -1,41 | -2,33

Tabel 1 viser, at besparelsen i 2021 blev {} mio. kr. mod {} mio. kr. i budgettet (p/l 2020).
"""
ONE_YEAR = """# Notat

Tabel 1 - Opfølgning, mio. kr., 2020 p/l

|= | 2020 Budget | 2020 Resultat | I alt 2020 Budget | I alt 2020 Resultat
| Investering | 0,001 | 0,480 | 0,001 | 0,480
| Besparelse | -0,001 | 0,020 | -0,001 | {}
| I alt | 0,000 | 0,500 | 0,000 | 0,500
"""


@pytest.mark.parametrize(("got", "planned", "faults"), [("5,23", "4,51", 0), ("5,32", "4,51", 1), ("5,23", "4,71", 1)])
def test_the_budget_beside_a_result_is_of_the_same_line_and_year(
    got: str, planned: str, faults: int, lint_text: Lint
) -> None:
    """The year of the prices is not the year of the amount."""
    assert [each.finding.code for each in lint_text(BESIDE.format(got, planned))] == ["lint.text-figure"] * faults


def test_a_year_alone_is_added_up_and_its_budget_is_no_part_of_its_result(lint_text: Lint) -> None:
    assert [each for each in lint_text(ONE_YEAR.format("0,020")) if each.grave] == []
    (found,) = (each for each in lint_text(ONE_YEAR.format("0,120")) if each.finding.severity.value == "error")
    assert (found.finding.code, found.place.row, str(found.should_be)) == ("lint.one-figure", "Besparelse", "0.020")


def test_a_result_with_the_other_sign_is_a_remark_where_a_sum_needs_it(lint_text: Lint) -> None:
    table = ("# Notat\n\nTabel 1 - Opfølgning, mio. kr., 2020 p/l\n\n|= | Resultat 2020 | Resultat 2021 | I alt\n"
             "| Investering | 1,0 | 1,0 | 2,0\n| Besparelse | -0,4 | 0,7 | 0,3\n| {}")
    footed = table.format("I alt | 0,6 | 1,7 | 2,3")
    assert {each.finding.severity.value for each in lint_text(footed)} == {"note"}
    told = "\n\nI 2021 blev udgifterne til forsørgelse 0,7 mio. kr. højere, i alt 0,3 mio. kr. højere."
    assert lint_text(footed + told) == []
    assert any(each.grave for each in lint_text(footed.replace("| 0,7 |", "| 0,2 |")))
    alone = table.format("Deltagere | 10 | 12 | 22").replace("| -0,4 | 0,7 | 0,3", "| 0,4 | 0,7 | 1,1")
    assert "footing.saving-positive" in [each.finding.code for each in lint_text(alone) if each.grave]


def test_figures_are_numbered_once_and_in_order(lint_text: Lint) -> None:
    text = "# Notat\n\nFigur 1 - Kurver\n\nFigur 3 - Andele\n\nFigur 2 - Antal\n\nFigur 1 - Udgifter"
    found = sorted(each.finding.code for each in lint_text(text))
    assert found == ["lint.duplicate-figure-number", "lint.figure-order"]


def test_tables_out_of_order(lint_text: Lint) -> None:
    assert [each.finding.code for each in lint_text("# Notat\n\nTabel 2 - A\n\nTabel 1 - B")] == ["lint.table-order"]


def test_a_list_of_contents_repeats_no_number(lint_text: Lint) -> None:
    contents = "Tabel 1 - Oversigt 3\n\nTabel 2 - Kurver 4"
    assert lint_text(f"# Notat\n\n{contents}\n\nTabel 1 - Oversigt\n\nTabel 2 - Kurver") == []


def test_a_curve_with_relapse_may_rise_and_one_that_does_not_say_is_remarked(lint_text: Lint) -> None:
    rising = CURVE.replace("53,6 | 43,9", "53,6 | 63,9")
    assert lint_text(rising.replace("uden tilbagefald", "med tilbagefald")) == []
    unsaid = lint_text(rising.replace(" uden tilbagefald", "").replace("som modtager", "på"))
    assert [(each.finding.code, each.grave) for each in unsaid] == [("lint.curve-unsaid", False)]


def test_weeks_may_stand_down_the_side(lint_text: Lint) -> None:
    text = ("# Kurver\n\nTabel 1 - Andel stadig på ydelsen, uden tilbagefald, pct.\n\n|= Uge | Andel | Antal\n"
            "| 0 | 100,0 | 40\n| 4 | 90,0 | 40\n| 8 | {} | 41\n| 13 | 80,0 | 40")
    assert lint_text(text.format("85,0")) == []
    assert [each.place.row for each in lint_text(text.format("95,0"))] == ["8"]


def test_fewer_decimals_and_shared_groups_are_remarks(lint_text: Lint) -> None:
    group = "Indsatsgruppen er på {} fuldtidspersoner ud af en samlet målgruppe på 300 fuldtidspersoner."
    text = (f"# Opfølgning\n\n{group.format(60)}\n\n{group.format(40)}\n\n"
            "|= Mio. kr., 2020 p/l | 2020 | 2021 | 2022 | 2023\n| Investering | 1,000 | 1,000 | 1,000 | 1,000\n"
            "| Besparelse | -1,555 | -3,11 | -4,665 | -4,665\n| I alt | -0,555 | -2,110 | -3,665 | -3,665")
    assert [(each.finding.code, each.grave) for each in lint_text(text)] == [
        ("lint.decimals-mixed", False), ("lint.shared-target-group", False)]


def test_a_thousand_times_too_large_and_a_turned_sign_are_named(lint_text: Lint) -> None:
    table = ("# Regnskab\n\n|= Mio. kr., 2020 p/l | 2020 | 2021 | I alt\n| Investering | 3,079 | 3,079 | 6,158\n"
             "| Besparelse | -2,703 | -4,655 | -7,358\n| I alt | 0,376 | -1,576 | -1,200")
    assert lint_text(table) == []
    (large,) = lint_text(table.replace("| Investering | 3,079 | 3,079", "| Investering | 3,079 | 3.079"))
    assert (large.finding.code, large.place.column, str(large.should_be)) == ("footing.thousandfold", "2021", "3.079")
    turned = [each for each in lint_text(table.replace("-4,655", "4,655")) if each.grave]
    assert [(each.finding.code, str(each.should_be)) for each in turned] == [("footing.sign-error", "-4.655")]


def test_two_wrong_figures_are_both_named(lint_text: Lint) -> None:
    table = ("# Antal\n\n|= Borgere | Mænd | Kvinder | I alt\n| Unge | 10 | 20 | 30\n| Voksne | 30 | 41 | 71\n"
             "| Ældre | 5 | 7 | 12\n| I alt | 45 | 68 | 113")
    assert lint_text(table) == []
    wrong = lint_text(table.replace("| Unge | 10", "| Unge | 16").replace("| Ældre | 5 | 7 |", "| Ældre | 5 | 17 |"))
    assert {(each.place.row, each.place.column, str(each.should_be)) for each in wrong} == {
        ("Unge", "Mænd", "10"), ("Ældre", "Kvinder", "7")}


def test_an_english_memo_is_read_with_its_own_decimal_sign(lint_text: Lint) -> None:
    table = ("# Follow-up\n\nTable 1 - Investment and saving, DKK million, current prices\n\n|= | 2020 | 2021\n"
             "| Investment | 4.834 | 3,233.50\n| Saving | -1.773 | -3.80\n| Net | 3.061 | {}")
    assert [each.finding.code for each in lint_text(table.format("3,229.70")) if each.grave] == []
    assert [each.finding.code for each in lint_text(table.format("3,292.70")) if each.grave] == [
        "footing.row-does-not-foot"]


def test_a_step_from_budget_to_result_may_have_either_sign(lint_text: Lint) -> None:
    table = ("# Notat\n\nTabel 1 - {}, mio. kr., 2020 p/l\n\n|= | 2020 | 2021\n| Budget | 1,0 | 2,0\n"
             "| Udgift til indsats | -0,5 | 0,4\n| Resultat | 0,5 | 2,4")
    assert lint_text(table.format("Fra budget til resultat")) == []
    assert [each.finding.code for each in lint_text(table.format("Udgifter"))] == ["footing.investment-negative"]


def test_the_ends_of_an_interval_are_no_figure_of_the_table(lint_text: Lint) -> None:
    said = ("Usikkerheden på årets tal (2021) går fra en besparelse på forsørgelse på 4,511 mio. kr. til en merudgift "
            "til forsørgelse på 0,217 mio. kr. (95 %-interval).")
    assert lint_text(MEMO.replace("Tabel 1 viser", f"{said}\n\nTabel 1 viser")) == []


@pytest.mark.parametrize("kind", ["docx", "html"])
def test_a_table_that_says_it_is_rounded_needs_no_remark_of_it(kind: str, lint_text: Lint) -> None:
    apart = MEMO.replace("| 3,061 |", "| 3,062 |")
    assert [each.finding.code for each in lint_text(apart, kind)] == ["footing.rounding"]
    said = apart.replace("-0,594\n", "-0,594\n\nAnm.: Tallene er afrundet hver for sig.\n", 1)
    assert lint_text(said, kind) == []


PLAN = """# Opfølgning på investeringer 2021-2024

Tabel 1 - Samlet oversigt i mio. kr., løbende priser

|= | 2021 | 2022 | 2023 | 2024
| Investering i indsats | 4,8 | 3,2 | 1,0 | 1,0
| Besparelse på forsørgelse | -1,7 | -3,8 | -4,0 | -4,0
| I alt | 3,1 | -0,6 | -3,0 | -3,0

Tabel 2 - Ændring i kommunens nettoudgift i mio. kr., løbende priser

|= Sammenlignet med | 2020 | 2021
| Hele målgruppen | -0,8 | -1,2
| Tidligere år | -0,7 | -1,1
"""


def test_what_persons_data_hold_may_begin_before_the_budgets_years(lint_text: Lint) -> None:
    """Participants start before the portfolio's years: no disagreement; budgets of other years are one."""
    assert [each.finding.code for each in lint_text(PLAN) if each.grave] == []
    budget = PLAN.replace("Hele målgruppen", "Investering i indsats")
    budget = budget.replace("Tidligere år", "Besparelse på forsørgelse")
    assert "footing.years-disagree" in [each.finding.code for each in lint_text(budget) if each.grave]
