"""Early warning in the memo: a status for each investment, what was agreed of stopping, and what it takes to pay.

One table in front, a paragraph per investment, and an appendix with the rules. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from gevinst.follow_up.break_even import BreakEven, Cost, Needed
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.status import EarlyWarning
from gevinst.follow_up.status_rules import Light
from gevinst.follow_up.status_words import (
    chance,
    decision_words,
    light_text,
    months_text,
    needed_words,
    participants_text,
    rules_words,
    shape_words,
    verdict_name,
    verdict_words,
    whose_rules,
    why_words,
)
from gevinst.follow_up.value_of_information import Decision
from gevinst.language import number, percent, say
from gevinst.report.amount_tables import computed_source, notes, sign_note, sources
from gevinst.report.amounts import stretches
from gevinst.report.charts.words import listed
from gevinst.report.marks import marked_numbers
from gevinst.report.references import table_ref
from gevinst.report.tree import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    Table,
    number_cell,
    text_cell,
)


def status_overview(edition: Edition) -> list[Block]:
    """The status of every investment with what made it so; nothing where none runs and nothing was agreed."""
    if all(one.status.light is Light.NONE and not one.verdicts for one in edition.warnings):
        return []
    return [_status_table(edition)]


def _status_table(edition: Edition) -> Table:
    agreed = any(one.verdicts for one in edition.warnings)
    columns = (
        Column(say(da="Investering", en="Investment"), numeric=False), Column("Status", numeric=False),
        Column(say(da="Hvorfor", en="Why"), numeric=False),
        *([Column(say(da="Aftalt stopregel", en="Agreed stop rule"), numeric=False)] if agreed else []),
    )  # fmt: skip
    rows = tuple(Row((
        text_cell(one.investment),
        text_cell(light_text(one.status.light), figure=figure_id(one.investment, "status")),
        text_cell(marked_numbers(figure_id(one.investment, "status"), why_words(one.status))),
        *([text_cell("; ".join(verdict_name(verdict) for verdict in one.verdicts) or "–")] if agreed else []),
    )) for one in edition.warnings)  # fmt: skip
    where = say(da=f" Reglerne står ved {table_ref('break-even')}.", en=f" The rules are by {table_ref('break-even')}.")
    as_is = any(not one.status.facts.converted and one.status.facts.outcome is not None for one in edition.warnings)
    return Table(
        "status", say(da="Status for hver investering", en="Status of each investment"), columns, rows,
        note=notes(whose_rules() + (where if _has_appendix(edition) else ""), _not_converted() if as_is else "",
                   _made_up(edition)),
        source=sources(edition.portfolio_follow_up.outcome_total.values(), edition))  # fmt: skip


def _not_converted() -> str:
    return say(da="Budget og besparelse er ikke regnet om til samme prisniveau, hvor reguleringen ikke kendes.",
               en="Budget and saving are not brought to one price level where the regulation is not known.")


def _made_up(edition: Edition) -> str:
    """That what is computed from persons is computed from made-up ones."""
    return say(da="Sandsynligheder og beregnede deltagere hviler på de opdigtede persondata.",
               en="Probabilities and computed participants rest on the made-up personal data."
               ) if edition.synthetic else ""


def status_paragraphs(investment: str, edition: Edition) -> list[Block]:
    """The status of one investment, its stop rules, its break-even and when it is safe to decide."""
    one = next((one for one in edition.warnings if one.investment == investment), None)
    if one is None or (one.status.light is Light.NONE and not one.verdicts):
        return []
    told = [say(da=f"Status: {light_text(one.status.light)}.", en=f"Status: {light_text(one.status.light)}.")
            + f" {why_words(one.status)}"]  # fmt: skip
    told += [verdict_words(verdict, edition.small_cell_threshold) for verdict in one.verdicts]
    if one.verdicts:
        told.append(say(da="Reglen stopper ikke noget af sig selv.", en="The rule stops nothing by itself."))
    blocks: list[Block] = [Paragraph(marked_numbers(figure_id(investment, "status"), " ".join(told)))]
    if one.status.light is Light.NONE:
        return blocks
    held = "" if one.break_even is None else marked_numbers(
        figure_id(investment, "break-even"), _break_even_told(one.break_even))  # fmt: skip
    made = "" if one.decision is None else marked_numbers(
        figure_id(investment, "decision"), decision_words(one.decision))  # fmt: skip
    return [*blocks, *([Paragraph(notes(held, made))] if held or made else [])]


def _break_even_told(held: BreakEven) -> str:
    """What must be for the investment to pay, beside what was; empty where its cost is not known."""
    if held.cost is None or not held.cost.fixed or held.needed is None:
        return ""
    years = stretches(list(held.years))
    text = say(da=f"Med den effekt, der er set i {years}, skal der så mange fuldtidspersoner til om året, før udgiften "
                  f"er tjent ind: {needed_words(held.needed, held.cost)}.",
               en=f"At the effect seen in {years}, so many full-time participants a year pay for the cost: "
                  f"{needed_words(held.needed, held.cost)}.")  # fmt: skip
    if held.participants is None or held.saving is None or held.saving_needed is None:
        return text
    plan = "" if held.planned is None else say(da=f", og planen er {number(held.planned, 1)}",
                                               en=f", and the plan is {number(held.planned, 1)}")
    weeks = "" if held.weeks is None or held.weeks_needed is None else say(
        da=f" eller {number(held.weeks_needed, 1)} uger", en=f" or {number(held.weeks_needed, 1)} weeks")
    seen = "" if held.weeks is None or not weeks else say(
        da=f" og {number(held.weeks, 1)} uger", en=f" and {number(held.weeks, 1)} weeks")
    return text + say(
        da=f" Der deltog {number(held.participants, 1)}{plan}. Ved {number(held.participants, 1)} skal hver spare "
           f"{number(held.saving_needed)} kr. om året{weeks}; set er {number(held.saving.estimate)} kr.{seen}.",
        en=f" {number(held.participants, 1)} took part{plan}. At {number(held.participants, 1)} each must save DKK "
           f"{number(held.saving_needed)} a year{weeks}; DKK {number(held.saving.estimate)}{seen} was seen.")


def _has_appendix(edition: Edition) -> bool:
    return bool(_held(edition))


def _held(edition: Edition) -> list[EarlyWarning]:
    """Those that run and whose break-even is known."""
    return [one for one in edition.warnings if one.break_even is not None and one.status.light is not Light.NONE]


def status_appendix(edition: Edition) -> list[Block]:
    """Break-even and decision of every investment, and how they and the status came about; nothing without either."""
    held = _held(edition)
    if not held:
        return []
    decided = [one for one in held if one.decision is not None]
    decision: list[Block] = [_decision_table(decided, edition), Paragraph(_method(decided), "small")] if decided else []
    return [
        Heading(say(da="Bilag: Status, break-even og værdien af at vente",
                    en="Appendix: Status, break-even and the value of waiting"), 2, "appendix-status"),
        Paragraph(" ".join(rules_words(edition.status_rules)), "small"),
        _break_even_table(held, edition),
        *decision,
    ]  # fmt: skip


def _break_even_table(held: Sequence[EarlyWarning], edition: Edition) -> Table:
    people = say(da="Fuldtidspersoner om året", en="Full-time participants a year")
    kroner = say(da="Besparelse, kr. pr. fuldtidsperson om året", en="Saving, DKK per participant a year")
    columns = (
        Column(say(da="Inv.", en="Inv."), numeric=False),
        Column(say(da="nødvendige", en="needed"), people), Column(say(da="95 %-interval", en="95% interval"), people),
        Column(say(da="ved budgettets effekt", en="at the budget's effect"), people),
        Column(say(da="deltog", en="took part"), people), Column(say(da="plan", en="plan"), people),
        Column(say(da="nødvendig", en="needed"), kroner), Column(say(da="set", en="seen"), kroner),
        Column("budget", kroner), Column(say(da="Tjent ind i", en="Paid back in")),
    )  # fmt: skip
    rows = tuple(_break_even_row(one, one.break_even) for one in held if one.break_even is not None)
    computed = any(one.break_even is not None and one.break_even.computed for one in held)
    levels = dict.fromkeys(str(one.break_even.level) for one in held if one.break_even is not None)
    return Table(
        "break-even", say(da="Break-even: hvad der skal til, for at investeringerne er tjent ind",
                          en="Break-even: what it takes for the investments to pay"), columns, rows,
        note=notes(sign_note(), _break_even_note(held), _made_up(edition) if computed else ""),
        source=computed_source(edition) if computed else sources(edition.portfolio_follow_up.figures(), edition),
        unit="; ".join(levels))  # fmt: skip


def _decision_table(decided: Sequence[EarlyWarning], edition: Edition) -> Table:
    columns = (
        Column(say(da="Investering", en="Investment"), numeric=False),
        Column(say(da="Bedst nu", en="Best now"), numeric=False), Column(say(da="Forkert", en="Wrong")),
        Column(say(da="Sikkert om, måneder", en="Safe in, months")),
    )  # fmt: skip
    rows = tuple(Row((text_cell(one.investment), *_decision_cells(one.decision))) for one in decided)
    return Table("decision", say(da="Stoppe eller fortsætte, og hvornår det er sikkert at beslutte",
                                 en="Stop or go on, and when it is safe to decide"), columns, rows,
                 note=_made_up(edition), source=computed_source(edition))  # fmt: skip


def _break_even_note(held: Sequence[EarlyWarning]) -> str:
    costs = [one.break_even.cost for one in held if one.break_even is not None and one.break_even.cost is not None]
    years = sorted({stretches(list(one.break_even.years)) for one in held if one.break_even is not None})
    shapes = "; ".join(dict.fromkeys(shape_words(cost) for cost in costs))
    return notes(
        say(da=f"Pr. år i årene med resultat ({listed(years)}).",
            en=f"A year, of those with a result ({listed(years)})."),
        say(da=f"Udgiften: {shapes}.", en=f"The cost: {shapes}.") if shapes else "",
        say(da="Den nødvendige besparelse er ved det antal, der deltog, ellers ved planens. En streg i stedet for "
               "intervallets ende betyder, at måske intet antal er nok. Tjent ind er den i det år, hvor resultat og "
               "forventning tilsammen er nul eller bedre; en streg: ikke i porteføljens år.",
            en="The saving needed is at the number who took part, else at the plan's. A dash for the end of the "
               "interval means that perhaps no number is enough. It is paid back in the year in which results and "
               "expectations together are nought or better; a dash: not in the portfolio's years."))  # fmt: skip


def _break_even_row(one: EarlyWarning, held: BreakEven) -> Row:
    key = figure_id(one.investment, "break-even")
    at_actual = held.saving_needed is not None
    needs, name = ((held.saving_needed, "saving-needed") if at_actual else
                   (held.saving_needed_planned, "saving-needed-planned"))  # fmt: skip
    kroner = ((needs, name), (None if held.saving is None else held.saving.estimate, "saving-seen"),
              (held.budgeted, "saving-budgeted"))  # fmt: skip
    return Row((
        text_cell(one.investment),
        _needed_cell(held.needed, held.cost, key),
        text_cell(_span(held.needed), figure=key),
        _needed_cell(held.needed_budgeted, held.cost, key),
        number_cell(held.participants, 1, figure=key, blank="–"),
        number_cell(held.planned, 1, figure=key, blank="–"),
        *(number_cell(None if dkk is None else -dkk, 0, figure=f"{key}/total/{figure}", blank="–")
          for dkk, figure in kroner),
        text_cell(str(one.payback.year) if one.payback is not None and one.payback.year else "–", figure=key),
    ))  # fmt: skip


def _needed_cell(needed: Needed | None, cost: Cost | None, figure: str) -> Cell:
    """How many, rounded up; in words where no number, or any, is enough."""
    if needed is None or cost is None:
        return Cell("–")
    if needed.estimate is None:
        return text_cell(say(da="intet antal", en="no number"), figure=figure)
    if not cost.fixed:
        return text_cell(say(da="ethvert antal", en="any number"), figure=figure)
    return Cell(participants_text(needed.estimate), ceil(needed.estimate), "count", 0, figure)


def _span(needed: Needed | None) -> str:
    if needed is None or not needed.known or (needed.least is None and needed.most is None):
        return "–"
    least, most = (None if edge is None else participants_text(edge) for edge in (needed.least, needed.most))
    return say(da=f"{least} til {most or '–'}", en=f"{least} to {most or '–'}")


def _decision_cells(found: Decision | None) -> tuple[Cell, Cell, Cell]:
    """The better bet, how likely it is to be wrong, and in how many months a decision is safe."""
    if found is None:
        return Cell("–"), Cell("–"), Cell("–")
    key = figure_id(found.investment, "decision")
    return (
        text_cell(say(da="fortsæt", en="go on") if found.go_on else say(da="stop", en="stop"), figure=key),
        Cell(chance(found.wrong), found.wrong, "percent", 0, key),
        text_cell(months_text(found), figure=key),
    )


def _method(decided: Sequence[EarlyWarning]) -> str:
    """What the decision is about, and how it is found when it is safe."""
    first = next(one.decision for one in decided if one.decision is not None)
    weeks = sorted({one.decision.weeks for one in decided if one.decision is not None})
    limit, span = percent(first.safe, 0), listed([number(one) for one in weeks])
    return say(
        da=f"Beslutningen gælder dem, der endnu ikke er startet: om hver sparer mere i de første {span} uger, end en "
           "deltager mere koster, når udgiften er, som den har været. Forkert er andelen af gentagne stikprøver med "
           "det modsatte svar, og det ventede tab, hvad det i gennemsnit koster. Usikkerheden falder, når flere "
           f"følges; det er regnet på de ventede starter (Raiffa og Schlaifer 1961). Sikkert er under {limit}, som er "
           "programmets forslag. At effekten ændrer sig, er ikke regnet med.",
        en=f"The decision is about those who have not started: whether each saves more in the first {span} weeks than "
           "one more participant costs, if the cost is as it has been. Wrong is the share of repeated samples with the "
           "opposite answer, and the loss expected what that costs in the mean. The uncertainty falls as more are "
           f"followed; it is computed on the starts expected (Raiffa and Schlaifer 1961). Safe is below {limit}, which "
           "is the program's proposal. That the effect changes is not in it.")  # fmt: skip
