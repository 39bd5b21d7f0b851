"""The statistician's appendix: plan, flow, matching, balance, placebo, what data do not show, and outcomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gevinst.effects.estimate import Interval
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import BalanceRow, EffectDetail, PlaceboResult
from gevinst.language import MINUS, NO_BREAK
from gevinst.report.effect.appendix import effect_appendices
from gevinst.report.effect.balance import balance_blocks, balance_sentence
from gevinst.report.effect.cohort import censoring, cohort_blocks, flow_figure, matching_blocks
from gevinst.report.effect.placebo import hidden_blocks, placebo_blocks, verdicts
from gevinst.report.effect.protocol import protocol_blocks, seal_sentence
from gevinst.report.memo import build_memo
from gevinst.report.tree import Block, Bullets, Figure, Heading, Paragraph, Table


def told(blocks: list[Block]) -> str:
    words = [block.text for block in blocks if isinstance(block, Paragraph)]
    words += [item for block in blocks if isinstance(block, Bullets) for item in block.items]
    return " ".join(words).replace(NO_BREAK, " ")


def test_every_investment_with_a_detail_has_its_appendix(detailed_edition: Edition) -> None:
    blocks = effect_appendices(detailed_edition)
    titles = [block.text for block in blocks if isinstance(block, Heading) and block.level == 2]
    assert titles == [f"Bilag: Effekten af investering {number}" for number in ("2", "3", "4")]
    parts = [block.key for block in blocks if isinstance(block, Heading) and block.level == 3]
    assert [key for key in parts if key.endswith("-4")] == [f"{name}-4" for name in
                    ("protocol", "cohort", "matching", "balance", "placebo", "hidden", "outcomes", "replicates")]
    assert effect_appendices(replace(detailed_edition, details=())) == []


def test_the_audit_trail_still_stands_last(detailed_edition: Edition) -> None:
    headings = [block.key for block in build_memo(detailed_edition).blocks if isinstance(block, Heading)
                and block.level == 2]
    assert headings[-1] == "appendix"


def test_a_sealed_plan_tells_its_day_its_checksum_and_its_changes(
    detail: EffectDetail, detailed_edition: Edition
) -> None:
    blocks = protocol_blocks(detail, detailed_edition)
    said = told(blocks)
    assert "Protokollen blev lagt fast den 19. december 2019. Det var, før persondata blev indlæst første gang" in said
    assert detail.seal is not None
    assert f"Kontrolsum (sha256): {detail.seal.sha256}" in said
    assert "Hovedmetode: »Borgere, der ligner deltagerne«" in said
    assert "Horisont, uger: 52" in said
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [cell.text for cell in table.rows[0].cells] == ["Antal uger, der måles over", "26", "52", "01-03-2021"]
    faithful = protocol_blocks(replace(detail, seal=replace(detail.seal, deviations=())), detailed_edition)
    assert "Der er ingen afvigelser fra protokollen." in told(faithful)


@pytest.mark.parametrize(("before", "said"), [
    (True, "kan ikke være truffet ud fra resultatet"), (False, "Valgene kan derfor være påvirket af tallene."),
    (None, "Det vides ikke, om persondata var indlæst da."),
])
def test_whether_the_data_were_seen_is_said(detail: EffectDetail, before: bool | None, said: str) -> None:
    assert detail.seal is not None
    assert said in seal_sentence(replace(detail.seal, before_data=before))
    assert seal_sentence(replace(detail.seal, fixed_on=None)).startswith("Det er ikke oplyst, hvornår")


def test_a_plan_without_a_seal_may_have_come_last(detail: EffectDetail, detailed_edition: Edition) -> None:
    assert "Protokollen er ikke forseglet." in told(protocol_blocks(replace(detail, seal=None), detailed_edition))


def test_the_flow_is_a_figure_with_its_numbers_and_small_ones_withheld(
    detail: EffectDetail, detailed_edition: Edition
) -> None:
    figure = flow_figure(detail, detailed_edition)
    assert figure.data is not None
    rows = [[cell.text for cell in row.cells] for row in figure.data.rows]
    assert rows[0] == ["Deltagere"]
    assert rows[1] == ["Registreret med start i indsatsen", "262", ""]
    assert rows[3] == ["Startede efter den sidste uge med data", "", "under 5"]
    assert ["Sammenligning"] in rows
    assert all(cell.value is None for cell in figure.data.rows[3].cells)
    assert "udeladt: Modtog ikke A-dagpenge i startugen (17)" in figure.alt
    assert "under 5" in str(figure.spec["datasets"]["words"])
    three = replace(detail.flow[1], persons=3)
    stray = flow_figure(replace(detail, flow=(detail.flow[0], three)), detailed_edition)
    assert stray.data is not None
    assert stray.data.rows[2].cells[2].text == "under 5", "even where the door has let it through"


def test_the_comparison_is_told_in_equal_weights(detail: EffectDetail, detailed_edition: Edition) -> None:
    said = told(cohort_blocks(detail, detailed_edition))
    assert "Effekten hviler på 230 deltagere og 1.840 personer" in said
    assert "svarer de til 612 personer, der vejer lige (effektiv stikprøvestørrelse)" in said
    bare = replace(detail, flow=(), comparison_persons=None, effective_persons=None)
    assert told(cohort_blocks(bare, detailed_edition)) == "Effekten hviler på 230 deltagere."


def test_the_rules_and_who_no_one_is_like(detail: EffectDetail, detailed_edition: Edition) -> None:
    said = told(matching_blocks(detail, detailed_edition))
    assert "194 deltagere: i celler" in said
    assert "Over 104 uger på ydelsen før start: 7" in said
    assert "60 år og derover, jobparat: under 5" in said
    supported = told(matching_blocks(replace(detail, unsupported=()), detailed_edition))
    assert "ingen er udeladt (fælles grundlag)" in supported
    assert matching_blocks(replace(detail, rules=(), unsupported=(), censored_share=None), detailed_edition) == []


def test_later_participants_are_told_with_the_largest_weight(detail: EffectDetail) -> None:
    assert censoring(detail).replace(NO_BREAK, " ") == (
        "4,7 % af dem, der sammenlignes med, begyndte senere selv i indsatsen. De er kun fulgt til da, og de, der "
        "ligner dem, vejer tilsvarende mere. Den største vægt er 3,8. 1,2 % af vægtene var større og er skåret ned til "
        "den.")
    assert censoring(replace(detail, truncated_share=0.0)).endswith("Ingen vægte er skåret ned.")
    assert censoring(replace(detail, censored_share=None)) == ""


@pytest.mark.parametrize(("rows", "said"), [
    ((BalanceRow("a", 0.3, 0.05), BalanceRow("b", -0.12, -0.08)),
     "Før vægtning er 2 af 2 forskelle over 0,1. Efter vægtning er ingen over; den største er 0,08 (»b«)."),
    ((BalanceRow("a", 0.3, -0.15), BalanceRow("b", 0.0, 0.0)),
     "Før vægtning er 1 af 2 forskelle over 0,1. Efter vægtning er 1 stadig over; den største er 0,15 (»a«)."),
    ((BalanceRow("a", 0.3, None),),
     "Før vægtning er 1 af 1 forskelle over 0,1. Metoden vægter ikke, så forskellene er der endnu."),
])
def test_balance_in_words(rows: tuple[BalanceRow, ...], said: str) -> None:
    assert balance_sentence(rows) == said


def test_the_balance_table_keeps_signs_and_the_plots_order(detail: EffectDetail, detailed_edition: Edition) -> None:
    blocks = balance_blocks(detail, detailed_edition)
    (table,) = (block for block in blocks if isinstance(block, Table))
    (figure,) = (block for block in blocks if isinstance(block, Figure))
    assert [cell.text for cell in table.rows[2].cells] == [
        "Uger på offentlig forsørgelse i de seneste to år", f"{MINUS}0,24", f"{MINUS}0,06"]
    assert [row.cells[0].text for row in table.rows] == [row["name"] for row in figure.spec["datasets"]["rows"]]
    assert balance_blocks(replace(detail, balance=()), detailed_edition) == []


def test_a_plot_of_very_many_covariates_stays_on_its_page(detail: EffectDetail, detailed_edition: Edition) -> None:
    many = tuple(BalanceRow(f"Egenskab {at}", at / 500, 0.3 if at == 3 else 0.0) for at in range(90))
    blocks = balance_blocks(replace(detail, balance=many), detailed_edition)
    (table,) = (block for block in blocks if isinstance(block, Table))
    (figure,) = (block for block in blocks if isinstance(block, Figure))
    drawn = [row["name"] for row in figure.spec["datasets"]["rows"]]
    assert len(drawn) == 40
    assert "Egenskab 3" in drawn, "the worst after weighting is drawn, however small it was before"
    assert "Kun de 40 største" in figure.note
    assert len(table.rows) == 90


def _placebo(name: str, passed: bool | None) -> PlaceboResult:
    weeks = None if passed is None else Interval(0.1, -1.0, 1.2) if passed else Interval(1.3, 0.2, 2.4)
    return PlaceboResult("pseudo_participants", name, "Forklaring.", 40, weeks, None, passed)


@pytest.mark.parametrize(("passed", "said"), [
    ((True, True), "Begge prøver er bestået."), ((True,), "1 af 1 prøver er bestået."),
    ((True, True, True), "Alle 3 prøver er bestået."),
    ((True, False), "1 af 2 prøver er bestået. Ikke bestået: »P1«. Metodens svar må derfor læses med forbehold."),
    ((None, False), "0 af 2 prøver er bestået. Ikke bestået: »P1«. Metodens svar må derfor læses med forbehold. Kunne "
                    "ikke laves: »P0«."),
])
def test_verdicts_in_words(passed: tuple[bool | None, ...], said: str) -> None:
    assert verdicts(tuple(_placebo(f"P{at}", each) for at, each in enumerate(passed))) == said


def test_the_placebos_stand_in_a_table_and_a_figure(detail: EffectDetail, detailed_edition: Edition) -> None:
    blocks = placebo_blocks(detail, detailed_edition)
    (table,) = (block for block in blocks if isinstance(block, Table))
    (figure,) = (block for block in blocks if isinstance(block, Figure))
    assert [cell.text.replace(NO_BREAK, " ") for cell in table.rows[0].cells][2:] == [
        "230", "0,2", f"{MINUS}0,9 til 1,3", f"{MINUS}0,610 til 0,430", "bestået"]
    assert [row["label"] for row in figure.spec["datasets"]["rows"]] == [
        "Opdigtede deltagere: bestået", "Året før start: bestået"]
    assert "Der er ikke lavet prøver" in told(placebo_blocks(replace(detail, placebos=()), detailed_edition))


def test_a_test_that_could_not_be_made_has_no_line_and_no_column_of_kroner(
    detail: EffectDetail, detailed_edition: Edition
) -> None:
    blocks = placebo_blocks(replace(detail, placebos=(_placebo("P", None),)), detailed_edition)
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert table.rows[0].cells[-1].text == "kunne ikke laves"
    assert not any(column.group == "Mio. kr." for column in table.columns)
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert not any(isinstance(block, Figure) for block in blocks)


def test_what_data_do_not_show_is_said_in_plain_words(detail: EffectDetail) -> None:
    said = told(hidden_blocks(detail))
    assert "kan forklare hele effekten, hvis den er 1,9 gange så almindelig blandt de andre" in said
    assert said.endswith("E-værdien er 1,86, og 1,31 for den grænse af intervallet, der er nærmest nul.")
    worse = told(hidden_blocks(replace(detail, weeks_saved=Interval(-1.4, -2.5, -0.3))))
    assert "1,9 gange så almindelig blandt deltagerne" in worse
    assert hidden_blocks(replace(detail, claim=False)) == []
    assert hidden_blocks(replace(detail, e_value=None)) == []


def test_few_participants_have_no_table_of_outcomes(detailed_edition: Edition) -> None:
    keys = {table.key for table in build_memo(detailed_edition).tables()}
    assert {"frequencies/4", "outcomes/4", "frequencies/3", "ground/2"} <= keys
    assert not {"frequencies/2", "outcomes/2", "destinations/2"} & keys


def test_the_seed_and_what_each_method_rests_on(detailed_edition: Edition) -> None:
    blocks = effect_appendices(detailed_edition)
    assert "1.000 gentagne stikprøver af personerne, dannet med startværdien 7" in told(blocks)
    ground = next(block for block in blocks if isinstance(block, Table) and block.key == "ground/4")
    assert [[cell.text for cell in row.cells] for row in ground.rows][2:4] == [
        ["Tidligere år", "230", "offentliggjort kurve", "52"],
        ["Tidligere år, rettet for konjunkturen", "230", "1.840", "52"]]
