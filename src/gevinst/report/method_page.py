"""The method page: how the figures are found, for the reader who wants to judge them."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.language import say
from gevinst.register.business_case import ESTIMATORS
from gevinst.report.credible import has_amounts
from gevinst.report.effect.told import method_name
from gevinst.report.ladder_table import KEY, ladder_table
from gevinst.report.references import table_ref
from gevinst.report.tree import Block, Bullets, Heading, Paragraph
from gevinst.report.wording import wording


def method_section(edition: Edition) -> list[Block]:
    """Curves, uncertainty, the methods compared, the refund ladder, and the rules of sign and price level."""
    blocks: list[Block] = [Heading(say(da="Metode", en="Method"), 2, "method")]
    for key, title in (("method-curve", say(da="Hvad en kurve viser", en="What a curve shows")),
                       ("method-interval", say(da="Hvor sikre tallene er", en="How certain the figures are"))):
        blocks += [Heading(title, 3, key),
                   *(Paragraph(text) for text in wording(key, minimum=edition.minimum_participants))]
    blocks += [*_estimators(edition.effects), *_evidence(edition.effects)]
    if not has_amounts(edition):
        return blocks
    blocks += [Heading(say(da="Statens refusion", en="The state's refund"), 3, "method-refund"),
               *(Paragraph(text) for text in wording("method-refund")), *_ladder(edition)]
    blocks += [Heading(say(da="Fortegn og prisniveau", en="Sign and price level"), 3, "method-sign"),
               *(Paragraph(text) for text in wording("method-sign"))]
    return blocks


def _estimators(effects: tuple[EffectSummary, ...]) -> list[Block]:
    weakness: dict[str, str] = {}
    names = {effect.estimator: method_name(effect) for effect in effects}
    for effect in effects:
        known = weakness.setdefault(effect.estimator, effect.weakness)
        if effect.weakness not in known:  # lot decided in some of the investments
            weakness[effect.estimator] = f"{known} {effect.weakness}"
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
        Bullets(tuple(f"{names[key]}: {weakness[key]}" for key in told))]


def _evidence(effects: tuple[EffectSummary, ...]) -> list[Block]:
    """The scale of evidence, where any answer carries a grade."""
    if all(effect.evidence is None for effect in effects):
        return []
    return [
        Heading(say(da="Hvor godt grundlaget er", en="How good the evidence is"), 3, "method-evidence"),
        Paragraph(say(da="Hvert svar har et bogstav for, hvor langt det kan bruges. Det handler om, hvad tallet hviler "
                         "på, ikke om, hvor stort det er:",
                      en="Each answer has a letter for how far it can be used. It is about what the figure rests on, "
                         "not about how large it is:")),
        Bullets(wording("method-evidence"))]


def _ladder(edition: Edition) -> list[Block]:
    table = ladder_table(edition)
    if table is None:
        return []
    return [Paragraph(say(da=f"{table_ref(KEY)} viser de satser, der er brugt.",
                          en=f"{table_ref(KEY)} shows the rates that were used.")), table]
