"""The method page: how the figures are found, for the reader who wants to judge them."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition, EffectSummary, ParameterUsed
from gevinst.language import say
from gevinst.register.business_case import ESTIMATORS
from gevinst.report.effects_section import estimator_name
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Column, Heading, PageBreak, Paragraph, Row, Table, text_cell
from gevinst.report.wording import wording

REFUND_UNITS = ("pct. statsrefusion", "per cent state refund")  # as the parameters' own unit is printed


def method_section(edition: Edition) -> list[Block]:
    """Curves, uncertainty, the methods compared, the refund ladder, and the rules of sign and price level."""
    blocks: list[Block] = [PageBreak(), Heading(say(da="Metode", en="Method"), 2, "method")]
    for key, title in (("method-curve", say(da="Hvad en kurve viser", en="What a curve shows")),
                       ("method-interval", say(da="Hvor sikre tallene er", en="How certain the figures are"))):
        blocks += [Heading(title, 3, key), *(Paragraph(text) for text in wording(key))]
    blocks += _estimators(edition.effects)
    blocks += [Heading(say(da="Statens refusion", en="The state's refund"), 3, "method-refund"),
               *(Paragraph(text) for text in wording("method-refund")), *_ladder(edition)]
    blocks += [Heading(say(da="Fortegn og prisniveau", en="Sign and price level"), 3, "method-sign"),
               *(Paragraph(text) for text in wording("method-sign"))]
    return blocks


def _estimators(effects: tuple[EffectSummary, ...]) -> list[Block]:
    weakness = {effect.estimator: effect.weakness for effect in effects}
    told = [key for key in ESTIMATORS if key in weakness] + sorted(set(weakness) - set(ESTIMATORS))
    if not told:
        return []
    return [
        Heading(say(da="Metoderne, der sammenlignes", en="The methods compared"), 3, "method-estimators"),
        Paragraph(say(
            da="Alle metoder svarer på det samme spørgsmål, men sammenligner deltagerne med forskellige grupper. Hver "
               "har en kendt svaghed:",
            en="All methods answer the same question, but compare participants with different groups. Each has a "
               "known weakness:")),
        Bullets(tuple(f"{estimator_name(key)}: {weakness[key]}" for key in told))]


def ladder_steps(edition: Edition) -> tuple[ParameterUsed, ...]:
    """The refund rates among the parameters used."""
    return tuple(used for used in edition.parameters if f"{used.value} {used.unit}".strip().endswith(REFUND_UNITS))


def _rate(used: ParameterUsed) -> str:
    """The rate without the words of its unit, which stand over the table."""
    for unit in REFUND_UNITS:
        if used.value.endswith(unit):
            return used.value.removesuffix(unit).strip()
    return used.value


def _ladder(edition: Edition) -> list[Block]:
    steps = ladder_steps(edition)
    if not steps:
        return []
    table = Table(
        "refund-ladder", say(da="Statens refusion efter antal uger på ydelser",
                             en="The state's refund by number of weeks on benefits"),
        (Column(say(da="Ydelse og uger", en="Benefit and weeks"), numeric=False),
         Column(say(da="Staten betaler", en="The state pays")), Column(say(da="Gælder", en="Valid"), numeric=False),
         Column(say(da="Lovhenvisning", en="Legal reference"), numeric=False)),
        tuple(Row((text_cell(used.name), text_cell(_rate(used)), text_cell(used.valid),
                   text_cell(used.legal_reference))) for used in steps),
        note=say(da="Kommunen betaler resten.", en="The municipality pays the rest."),
        source="; ".join(dict.fromkeys(used.source for used in steps if used.source)),
        unit=say(da="pct.", en="per cent"))
    return [Paragraph(say(da=f"{table_ref('refund-ladder')} viser de satser, der er brugt.",
                          en=f"{table_ref('refund-ladder')} shows the rates that were used.")), table]
