"""Method considerations in plain words, and the published curves with what they say of the business cycle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from gevinst.curves.curve import Curve
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.lineage_curves import published_id
from gevinst.language import NO_BREAK, number, say
from gevinst.report.amount_tables import notes
from gevinst.report.break_notes import crossed
from gevinst.report.charts import describe_curves, survival_chart
from gevinst.report.charts.words import listed, quoted
from gevinst.report.credible import has_amounts
from gevinst.report.marks import marked, marked_numbers
from gevinst.report.references import figure_ref, table_ref
from gevinst.report.tree import Block, Bullets, Cell, Column, Figure, Heading, Paragraph, Row, Table, text_cell
from gevinst.report.typography import typeset
from gevinst.report.wording import wording

Family = tuple[str, str, str]  # benefit, definition, outcome: curves that belong in one table


def considerations_section(edition: Edition) -> list[Block]:
    """How results are found, what to know of the data, and the published curves."""
    blocks: list[Block] = [Heading(say(da="Metodeovervejelser", en="Method considerations"), 2, "considerations")]
    fixed = wording("considerations" if has_amounts(edition) else "considerations-weeks")
    blocks += [Paragraph(text) for text in fixed]
    if edition.notes:
        blocks += [Paragraph(say(da="Om data i denne opfølgning:", en="On the data of this follow-up:")),
                   Bullets(tuple(marked_numbers(figure_id("notes", at), note)
                                 for at, note in enumerate(edition.notes)))]
    curves_of = families([replace(curve, label=typeset(curve.label)) for curve in edition.published])
    for at, (family, curves) in enumerate(sorted(curves_of.items())):
        blocks += _published(edition, family, sorted(curves, key=_age), at)
    return blocks


def families(curves: Sequence[Curve]) -> dict[Family, list[Curve]]:
    """The curves that can stand in one table, in the order given."""
    found: dict[Family, list[Curve]] = {}
    for curve in curves:
        found.setdefault((curve.benefit, curve.definition, curve.outcome), []).append(curve)
    return found


def definition_words(definition: str) -> str:
    """Whether weeks after a return to the benefit count, as a phrase for a caption."""
    return {"with_relapse": say(da="med tilbagefald", en="with relapse"),
            "without_relapse": say(da="uden tilbagefald", en="without relapse")}[definition]


def benefit_name(benefit: str, edition: Edition) -> str:
    """The benefit's name as the edition knows it, else its key with a capital letter."""
    known = {**{panel.benefit: panel.benefit_name for panel in edition.panels}, **edition.benefit_names}
    return known.get(benefit) or benefit[:1].upper() + benefit[1:]


def percentage(share: float) -> Decimal:
    """A share as it is printed in per cent, one decimal; differences are taken between printed figures."""
    return (Decimal(repr(float(share))) * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def shares_at(curve: Curve) -> dict[int, float]:
    """The shares that are shown, by week."""
    return {point.week: point.share for point in curve.points if point.share is not None}


def _published(edition: Edition, family: Family, curves: list[Curve], at: int) -> list[Block]:
    benefit, definition, outcome = family
    name, key = benefit_name(benefit, edition), f"published/{at}"
    place = edition.portfolio.municipality
    shares = say(da=f"Andel, der modtager {name} i {place}", en=f"Share receiving {name} in {place}")
    if outcome == "any":
        shares = say(da=f"Andel på offentlig forsørgelse i alt i {place}", en=f"Share on any public support in {place}")
    source = "; ".join(dict.fromkeys(curve.source for curve in curves if curve.source)) or edition.portfolio.title
    on = say(da="ydelsen", en="it") if outcome == "same" else say(da="offentlig forsørgelse", en="public support")
    to_same = say(da=" til samme ydelse", en=" to the same benefit") if outcome == "same" else ""
    caption = f"{shares}, {definition_words(definition)}{to_same}"
    weeks = sorted({point.week for curve in curves for point in curve.points})
    after = say(da="Uger efter første ydelsesuge", en="Weeks after the first week on benefit")
    blank = any(set(weeks) - set(shares_at(curve)) for curve in curves)
    table = Table(
        key, caption,
        (Column(say(da="Periode", en="Period"), numeric=False), *(Column(str(week), after) for week in weeks)),
        tuple(Row((text_cell(curve.label), *(_share_cell(curve, week) for week in weeks))) for curve in curves),
        note=say(da="Tomme felter: ikke alle i perioden er fulgt så længe endnu.",
                 en="Blank cells: not everybody of the period has been followed that long yet.") if blank else say(
            da="Uge 0 er den første uge på ydelsen.", en="Week 0 is the first week on the benefit."),
        source=source, unit=say(da="pct.", en="per cent"))
    figure = Figure(key, caption, describe_curves(curves), survival_chart(curves), None,
                    note=notes(say(da=f"Tallene står i {table_ref(key)}. Offentliggjorte tal uden interval.",
                                   en=f"The figures are in {table_ref(key)}. Published figures without intervals."),
                               crossed(edition, f"published/{'/'.join(family)}")),
                    source=source)
    still_da = {"with_relapse": f"som modtager {on} et antal uger senere",
                "without_relapse": f"som et antal uger senere endnu ikke har forladt {on}"}[definition]
    still_en = {"with_relapse": f"receive {on} a number of weeks later",
                "without_relapse": f"have not yet left {on} a number of weeks later"}[definition]
    intro = say(da=f"{table_ref(key)} og {figure_ref(key)} viser, hvor stor en del af dem, der begyndte på {name} i "
                   f"hver periode, {still_da}.",
                en=f"{table_ref(key)} and {figure_ref(key)} show what part of those who began on {name} in each period "
                   f"{still_en}.")
    on_what = name if outcome == "same" else on
    return [Paragraph(intro), table, *_compared(curves, on_what, definition), figure]


def _age(curve: Curve) -> tuple[int, int, str]:
    """Older cohorts first: by the last year their name holds, then by how long they have been followed."""
    years = [int(year) for year in re.findall(r"(?:19|20)\d\d", curve.label)]
    return max(years, default=0), -max(shares_at(curve), default=0), curve.label


def _share_cell(curve: Curve, week: int) -> Cell:
    share = shares_at(curve).get(week)
    if share is None:
        return Cell("", None, "percent", 1)
    return Cell(number(percentage(share), 1), share, "percent", 1, figure_id(published_id(curve), week))


def _compared(curves: list[Curve], benefit: str, definition: str) -> list[Block]:
    """The newest curve beside the older ones in the last week they all reach; nothing for a single curve."""
    common = set.intersection(*(set(shares_at(curve)) for curve in curves)) - {0}
    if len(curves) < 2 or not common:
        return []
    week, newest = max(common), curves[-1]
    share = percentage(shares_at(newest)[week])
    beside = [_beside(share, percentage(shares_at(curve)[week]), curve, week) for curve in curves[:-1]]
    share_da, share_en = (marked(figure_id(published_id(newest), week), f"{number(share, 1)}{space}%")
                          for space in (NO_BREAK, ""))
    again = definition == "with_relapse"
    text = say(
        da=(f"{week} uger efter start er {share_da} på {benefit} i {quoted(newest.label)}. " if again else
            f"{week} uger efter start har {share_da} endnu ikke forladt {benefit} i {quoted(newest.label)}. ")
           + f"Det er {listed(beside)}.",
        en=f"{week} weeks after the start, {share_en} {'receive' if again else 'have not yet left'} {benefit} in "
           f"{quoted(newest.label)}. That is {listed(beside)}.")
    after = say(
        da="Forskelle mellem årene skyldes også konjunkturen og må derfor ikke alene læses som en virkning af "
           "investeringerne.",
        en="Differences between the years are also due to the business cycle, and must not be read as an effect of the "
           "investments alone.")
    return [Paragraph(notes(text, after))]


def _beside(share: Decimal, other: Decimal, curve: Curve, week: int) -> str:
    label, figure = curve.label, figure_id(published_id(curve), week)
    apart, there = marked(figure, number(abs(share - other), 1)), marked(figure, number(other, 1))
    if share == other:
        return say(da=f"det samme som i {quoted(label)}", en=f"the same as in {quoted(label)}")
    return say(
        da=f"{apart} procentpoint {'lavere' if share < other else 'højere'} end i {quoted(label)} "
           f"({there}{NO_BREAK}%)",
        en=f"{apart} percentage points {'lower' if share < other else 'higher'} than in {quoted(label)} "
           f"({there}%)")
