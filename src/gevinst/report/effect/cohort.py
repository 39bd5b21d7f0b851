"""Who is in an effect: the flow of participants and comparison, how they were matched, and who no one is like."""

from __future__ import annotations

from collections.abc import Sequence

from gevinst.follow_up.disclosure.counts import Hidden
from gevinst.follow_up.disclosure.words import hidden_note, sign
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.effect_detail import EffectDetail, FlowStep
from gevinst.follow_up.figure_ids import figure_id
from gevinst.language import number, percent, say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.amounts import count_cell, few
from gevinst.report.charts import FlowArm, FlowBox, describe_flow, flow_chart
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.references import figure_ref
from gevinst.report.tree import Block, Bullets, Cell, Column, Figure, Heading, Paragraph, Row, Table, text_cell


def cohort_blocks(detail: EffectDetail, edition: Edition) -> list[Block]:
    """The flow of persons as a figure, and how many the comparison counts as."""
    blocks: list[Block] = [Heading(say(da="Hvem der er med", en="Who is in it"), 3, f"cohort-{detail.investment}")]
    told = notes(_refers(detail), _persons(detail, edition))
    blocks += [Paragraph(told)] if told else []
    return [*blocks, flow_figure(detail, edition)] if detail.flow else blocks


def _refers(detail: EffectDetail) -> str:
    if not detail.flow:
        return ""
    ref = figure_ref(f"flow/{detail.investment}")
    return say(da=f"{ref} viser, hvem der er med, og hvem der er udeladt på hvert trin.",
               en=f"{ref} shows who is in it, and who was left out at each step.")


def _persons(detail: EffectDetail, edition: Edition) -> str:
    """Participants, comparators, and how many equally weighted persons the comparators amount to."""
    threshold, base = edition.small_cell_threshold, figure_id(detail.investment, "detail")
    took_part = marked_numbers(f"{base}/participants", _took_part(detail, edition))
    text = say(da=f"Effekten hviler på {took_part}.", en=f"The effect rests on {took_part}.")
    if detail.comparison_persons is None and detail.effective_persons is None:
        return text
    beside = marked(f"{base}/comparison_persons", few(detail.comparison_persons, threshold))
    text = say(da=f"Effekten hviler på {took_part} og {beside} personer, de sammenlignes med.",
               en=f"The effect rests on {took_part} and {beside} persons they are compared with.")
    if detail.effective_persons is None:
        return text
    weighed = marked(f"{base}/effective_persons", number(detail.effective_persons))
    return text + say(
        da=f" De sidste vejer ikke lige meget; tilsammen svarer de til {weighed} personer, der vejer lige (effektiv "
           "stikprøvestørrelse).",
        en=f" The latter do not weigh the same; together they amount to {weighed} persons of equal weight (effective "
           "sample size).")


def _took_part(detail: EffectDetail, edition: Edition) -> str:
    """Who the effect rests on; where their number is hidden because of a few no one is like, all but those few."""
    least = edition.small_cell_threshold
    every = next((panel.participants for panel in edition.panels if panel.investment == detail.investment), None)
    few_unlike = any(count is Hidden.FEW for _, count in detail.unsupported)
    if detail.participants is not Hidden.PROTECTS or not few_unlike or not isinstance(every, int):
        told = few(detail.participants, least)
        return say(da=f"{told} deltagere", en=f"{told} participants")
    return say(da=f"{number(every)} deltagere (på nær under {least}, som ingen ligner)",
               en=f"{number(every)} participants (but for under {least} whom no one is like)")


def flow_figure(detail: EffectDetail, edition: Edition) -> Figure:
    """The flow of persons, with its table."""
    threshold, number_of = edition.small_cell_threshold, detail.investment
    arms = _arms(detail.flow, threshold)
    caption = say(da=f"Investering {number_of}: fra registrerede til dem, der er med i effekten",
                  en=f"Investment {number_of}: from those registered to those in the effect")
    rows: list[Row] = []
    for arm, steps in zip(arms, _by_arm(detail.flow), strict=True):
        rows.append(Row((text_cell(arm.title),), "section"))
        figures = [figure_id(number_of, "detail", "flow", steps[0].arm, at) for at in range(len(steps))]
        rows += [Row((text_cell(step.text), _count(step, threshold, figure, left_out=False),
                      _count(step, threshold, figure, left_out=True)))
                 for step, figure in zip(steps, figures, strict=True)]
    note = notes(say(da="Stiplede kasser er personer, der er udeladt på trinnet.",
                     en="Dashed boxes are persons left out at the step."),
                 hidden_note((step.persons for step in detail.flow), threshold))
    source = computed_source(edition)
    data = Table(f"flow/{number_of}", caption,
                 (Column(say(da="Trin", en="Step"), numeric=False), Column(say(da="Personer", en="Persons")),
                  Column(say(da="Udeladt", en="Left out"))), tuple(rows), note=note, source=source,
                 unit=say(da="antal personer", en="number of persons"))
    return Figure(f"flow/{number_of}", caption, describe_flow(arms), flow_chart(arms), data, note=note, source=source)


def _by_arm(steps: Sequence[FlowStep]) -> list[list[FlowStep]]:
    arms = [[step for step in steps if step.arm == arm] for arm in ("participants", "comparison")]
    return [arm for arm in arms if arm]


def _arms(steps: Sequence[FlowStep], threshold: int) -> list[FlowArm]:
    titles = {"participants": say(da="Deltagere", en="Participants"),
              "comparison": say(da="Sammenligning", en="Comparison")}
    return [FlowArm(titles[arm[0].arm], tuple(FlowBox(step.text, sign(step.persons, threshold), step.left_out)
                                              for step in arm)) for arm in _by_arm(steps)]


def _count(step: FlowStep, threshold: int, figure: str, *, left_out: bool) -> Cell:
    if step.left_out is not left_out:
        return Cell("", None, "count")
    return count_cell(step.persons, threshold, figure=figure)


def matching_blocks(detail: EffectDetail, edition: Edition) -> list[Block]:
    """The matching rules with their counts, who is outside common support, and the later participants."""
    threshold, matching = edition.small_cell_threshold, figure_id(detail.investment, "detail", "matching")
    blocks: list[Block] = []
    if detail.rules:
        blocks += [Paragraph(say(da="Deltagerne er sammenlignet efter faste regler, i denne rækkefølge:",
                                 en="Participants were compared by fixed rules, in this order:")),
                   Bullets(tuple(marked_numbers(matching, rule) for rule in detail.rules), ordered=True)]
    if detail.unsupported:
        blocks += [
            Paragraph(say(da="Nogle deltagere ligner ingen andre (uden for fælles grundlag). De er udeladt af "
                             "effekten, men er med i det, der er brugt på indsatsen:",
                          en="Some participants are like no one else (outside common support). They are left out of "
                             "the effect, but are in what was spent on the effort:")),
            Bullets(tuple(f"{who}: {marked(matching, few(count, threshold))}" for who, count in detail.unsupported))]
    elif detail.rules:
        blocks.append(Paragraph(say(da="Alle deltagere ligner nogen; ingen er udeladt (fælles grundlag).",
                                    en="All participants are like someone; none is left out (common support).")))
    later = censoring(detail)
    blocks += [Paragraph(later)] if later else []
    if not blocks:
        return []
    return [Heading(say(da="Hvem de er sammenlignet med", en="Whom they were compared with"), 3,
                    f"matching-{detail.investment}"), *blocks]


def censoring(detail: EffectDetail) -> str:
    """What was done with those who took part later; empty where there was nothing to do."""
    if detail.censored_share is None:
        return ""
    figure = figure_id(detail.investment, "detail", "censoring")
    share = marked(figure, percent(detail.censored_share))
    text = say(
        da=f"{share} af dem, der sammenlignes med, begyndte senere selv i indsatsen. De er "
           "kun fulgt til da, og de, der ligner dem, vejer tilsvarende mere.",
        en=f"{share} of those compared with later took part themselves. They are followed "
           "only until then, and those like them weigh correspondingly more.")
    if detail.largest_weight is not None:
        largest = marked(figure, number(detail.largest_weight, 1))
        text += say(da=f" Den største vægt er {largest}.", en=f" The largest weight is {largest}.")
    if detail.truncated_share:
        cut = marked(figure, percent(detail.truncated_share))
        text += say(da=f" {cut} af vægtene var større og er skåret ned til den.",
                    en=f" {cut} of the weights were larger and were cut down to it.")
    elif detail.truncated_share is not None:
        text += say(da=" Ingen vægte er skåret ned.", en=" No weights were cut down.")
    return text
