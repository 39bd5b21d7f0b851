"""The curves of one investment: participants beside the rest, on their own benefit and on any public support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gevinst.curves.curve import Curve
from gevinst.follow_up.edition import CurvePanel, Edition
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.lineage_curves import curve_id
from gevinst.language import NO_BREAK, number, percent, say
from gevinst.report.amount_tables import computed_source, notes
from gevinst.report.amounts import EN_DASH, few
from gevinst.report.break_notes import crossed
from gevinst.report.charts import curves_table, describe_curves, survival_panels
from gevinst.report.charts.words import quoted
from gevinst.report.marks import marked
from gevinst.report.published_section import definition_words, shares_at
from gevinst.report.references import figure_ref
from gevinst.report.tree import Block, Bullets, Figure, Paragraph

HELP_WEEKS = (26, 13, 52, 8, 4)  # the week the reading help tells of: the first of these that both curves reach


def curve_blocks(investment: str, edition: Edition) -> list[Block]:
    """Who is in the register, and a figure per benefit with its reading help; nothing where there is no panel."""
    panels = [panel for panel in edition.panels if panel.investment == investment]
    if not panels:
        return []
    blocks = registration(panels[0], edition.small_cell_threshold)
    by_benefit: dict[str, list[CurvePanel]] = {}
    for panel in panels:
        by_benefit.setdefault(panel.benefit, []).append(panel)
    for at, beside in enumerate(by_benefit.values()):
        shown = distinct(beside)
        if shown:
            key = f"curves/{investment}/{at}" if at else f"curves/{investment}"
            help_text = reading_help(shown, figure_ref(key))
            blocks += [_figure(key, investment, shown, edition), *([Paragraph(help_text)] if help_text else [])]
    return blocks


def distinct(panels: Sequence[CurvePanel]) -> list[CurvePanel]:
    """The panels with curves, without one that draws the same as a panel before it."""
    shown: list[CurvePanel] = []
    for panel in panels:
        if panel.curves and _drawn(panel) not in [_drawn(other) for other in shown]:
            shown.append(panel)
    return shown


def _drawn(panel: CurvePanel) -> tuple[tuple[str, tuple[object, ...]], ...]:
    return tuple((curve.label, curve.points) for curve in panel.curves)


def _figure(key: str, investment: str, panels: list[CurvePanel], edition: Edition) -> Figure:
    threshold, first = edition.small_cell_threshold, panels[0].curves[0]
    titled = [(panel_title(panel), panel.curves) for panel in panels]
    figures = [curve_id(investment, curve, at) for panel in panels for at, curve in enumerate(panel.curves)]
    source = "; ".join(dict.fromkeys(_source(panel.curves, edition) for panel in panels))
    # A group stands in every panel; in one table its name must tell which.
    several = len(panels) > 1
    curves = [replace(curve, label=f"{curve.label}: {title}") if several else curve
              for title, group in titled for curve in group]
    return Figure(
        key,
        say(da=f"Investering {investment}: andel på ydelse uge for uge efter start, "
               f"{definition_words(first.definition)}",
            en=f"Investment {investment}: share on benefit week by week after the start, "
               f"{definition_words(first.definition)}"),
        " ".join(f"{title}: {describe_curves(group)}" if several else describe_curves(group)
                 for title, group in titled),
        survival_panels(titled, smallest=threshold),
        curves_table(curves, key=key, caption=say(da=f"Investering {investment}: kurverne, med tilbagefald",
                                                  en=f"Investment {investment}: the curves, with relapse"),
                     note=say(da="Fra og til er et 95 %-interval. Antal er de forløb, som ugens andel hviler på.",
                              en="From and to are a 95% interval. Number is the spells behind the week's share."),
                     source=source, smallest=threshold, figures=figures),
        note=notes(say(da="Det lyse bånd er et 95 %-interval. Antal under risiko er de forløb, som ugens andel hviler "
                          "på.",
                       en="The pale band is a 95% interval. The number at risk is the spells that the week's share "
                          "rests on."),
                   _in_steps(threshold), _origins(investment, edition), crossed(edition, f"curves/{investment}")),
        source=source)


def _in_steps(threshold: int) -> str:
    """Why a curve of few persons stays level for weeks."""
    if threshold < 2:
        return ""
    return say(da=f"Uger er lagt sammen, så hvert trin dækker mindst {threshold} personer; kurven og antallet bliver "
                  "stående indtil da.",
               en=f"Weeks are drawn together, so that each step is of at least {threshold} persons; curve and number "
                  "stay as they are until then.")


def _origins(investment: str, edition: Edition) -> str:
    """Why the distance between the curves is no effect, where lot did not decide who took part."""
    if edition.portfolio.investment(investment).protocol.randomised:
        return say(da="Lodtrækning afgjorde, hvem der fik tilbuddet.", en="Lot decided who was offered the effort.")
    return say(da="Deltagerne følges fra deres start i indsatsen, de øvrige fra starten af deres forløb på ydelsen. "
                  "Afstanden mellem kurverne er derfor ikke virkningen af indsatsen.",
               en="Participants are followed from their start in the effort, the others from the start of their spell "
                  "on the benefit. The distance between the curves is therefore not the effect of the effort.")


def panel_title(panel: CurvePanel) -> str:
    """What the panel's curves are shares of."""
    kind = (panel.curves[0].definition, panel.curves[0].outcome)
    name = panel.benefit_name
    return {
        ("with_relapse", "same"): say(da=f"På {name}", en=f"On {name}"),
        ("with_relapse", "any"): say(da="På offentlig forsørgelse i alt", en="On any public support"),
        ("without_relapse", "same"): say(da=f"Endnu ikke væk fra {name}", en=f"Not yet off {name}"),
        ("without_relapse", "any"): say(da="Endnu ikke selvforsørgende", en="Not yet self-supporting"),
    }[kind]


def registration(panel: CurvePanel, threshold: int) -> list[Block]:
    """How many are in the target group and took part, in persons, and who is left out; small counts are withheld."""
    base = figure_id(panel.investment, "register")
    group = marked(f"{base}/target_group", few(panel.in_target_group, threshold))
    took_part = marked(f"{base}/participants", few(panel.participants, threshold))
    text = say(da=f"I registret er {group} personer i målgruppen, og {took_part} personer har deltaget.",
               en=f"The register holds {group} persons in the target group, and {took_part} persons have taken part.")
    if not panel.left_out:
        return [Paragraph(text)]
    text += say(da=" Ikke med i kurverne, med antal:", en=" Left out of the curves, with counts:")
    return [Paragraph(text), Bullets(tuple(f"{why}: {marked(f'{base}/left_out/{at}', few(count, threshold))}"
                                           for at, (why, count) in enumerate(panel.left_out)))]


def reading_help(panels: Sequence[CurvePanel], ref: str) -> str:
    """The first two curves of each panel in one week, said in plain words; empty where there is no week to tell of."""
    if not panels or not panels[0].curves:
        return ""
    shared = set.intersection(*(set(shares_at(curve)) for panel in panels for curve in panel.curves[:2]))
    week = next((week for week in HELP_WEEKS if week in shared), None)
    if week is None:
        return ""
    told = [_told(panels[0], week), *(_told_again(panel, week) for panel in panels[1:])]
    return say(da=f"Læsehjælp til {ref}: ", en=f"How to read {ref}: ") + " ".join(told)


def _told(panel: CurvePanel, week: int) -> str:
    first, *others = panel.curves
    here = _share(panel, 0, week) + say(da=f" af gruppen {quoted(first.label)}",
                                                 en=f" of the group {quoted(first.label)}") + _band(panel, 0, week)
    against = "".join(say(
        da=f" mod {_share(panel, 1, week)} i {quoted(other.label)}{_band(panel, 1, week)}",
        en=f", against {_share(panel, 1, week)} in {quoted(other.label)}{_band(panel, 1, week)}")
        for other in others[:1])
    on_da = {"same": panel.benefit_name, "any": "offentlig forsørgelse"}[first.outcome]
    on_en = {"same": panel.benefit_name, "any": "public support"}[first.outcome]
    if first.definition == "with_relapse":
        return say(da=f"{week} uger efter start er {here} på {on_da}{against}.",
                   en=f"{week} weeks after the start, {here} receive {on_en}{against}.")
    return say(da=f"{week} uger efter start har {here} endnu ikke forladt {on_da}{against}.",
               en=f"{week} weeks after the start, {here} have not yet left {on_en}{against}.")


def _told_again(panel: CurvePanel, week: int) -> str:
    """A panel after the first: the same groups in the same week, without their names and intervals."""
    first, *others = (_share(panel, at, week) for at in range(len(panel.curves[:2])))
    against_da, against_en = "".join(f" mod {other}" for other in others), "".join(f", against {o}" for o in others)
    if panel.curves[0].outcome == "any":
        return say(da=f"Ser man på offentlig forsørgelse i alt, er det {first}{against_da}.",
                   en=f"On any public support it is {first}{against_en}.")
    return say(da=f"Ser man på {panel.benefit_name}, er det {first}{against_da}.",
               en=f"On {panel.benefit_name} it is {first}{against_en}.")


def _share(panel: CurvePanel, at: int, week: int) -> str:
    curve = panel.curves[at]
    return marked(figure_id(curve_id(panel.investment, curve, at), week), percent(shares_at(curve)[week]))


def _band(panel: CurvePanel, at: int, week: int) -> str:
    curve = panel.curves[at]
    point = next(point for point in curve.points if point.week == week)
    if point.low is None or point.high is None:
        return ""
    low, high = (marked(figure_id(curve_id(panel.investment, curve, at), week), number(edge * 100, 1))
                 for edge in (point.low, point.high))
    return say(da=f" (95 %-interval: {low}{EN_DASH}{high}{NO_BREAK}%)", en=f" (95% interval: {low}{EN_DASH}{high}%)")


def _source(curves: tuple[Curve, ...], edition: Edition) -> str:
    named = "; ".join(dict.fromkeys(curve.source for curve in curves if curve.source))
    return named or computed_source(edition)
