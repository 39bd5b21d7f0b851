"""How sure the answer for all investments together is, and what is not known of it."""

from __future__ import annotations

from gevinst.follow_up.edition import Edition
from gevinst.language import say
from gevinst.money import CURRENT
from gevinst.report.amount_tables import notes
from gevinst.report.amounts import stretches
from gevinst.report.charts.words import listed
from gevinst.report.covered import covered, rest_told
from gevinst.report.credible import biased_amounts, credible, headlines, too_few
from gevinst.report.effect.accounts import amount
from gevinst.report.effect.portfolio import sound_portfolio
from gevinst.report.effect.told import grade_name
from gevinst.report.one_page_amounts import Scale
from gevinst.report.one_page_answer import between, computed, made_up, sound_detail
from gevinst.report.one_page_sure import not_over


def how_sure_together(edition: Edition, scale: Scale) -> tuple[str, ...]:
    """How sure the answer for all investments is: what the amounts rest on, and what the persons' spells say."""
    parts = edition.follow_ups
    found = [part.investment for part in parts if computed(part)]
    if biased_amounts(edition):
        ground_ = say(da="Usikkert. Nogle af tallene er regnet ud på en måde, der er skæv.",
                      en="Uncertain. Some of the figures are computed in a way that is biased.")
    elif found:
        ground_ = say(
            da=f"Usikkert. Besparelsen er regnet ud på borgernes forløb i {len(found)} af {len(parts)} investeringer.",
            en=f"Uncertain. The saving is computed from persons' spells in {len(found)} of {len(parts)} investments.")
    elif any(part.outcome_total for part in parts):
        ground_ = say(
            da="Usikkert. Besparelserne er indberettede tal og ikke regnet ud på borgernes forløb. Usikkerheden er "
               "ikke målt.",
            en="Uncertain. The savings are recorded figures and not computed from persons' spells. The uncertainty has "
               "not been measured.")
    else:
        ground_ = ""
    spells = notes(*spells_together(edition)) if edition.portfolio_follow_up.figures() else ""  # else it is the answer
    kroner = _kroner_together(edition, scale)
    return tuple(text for text in (ground_, *(made_up(edition) + text for text in (spells, kroner) if text),
                                   _grades(edition)) if text)


def _kroner_together(edition: Edition, scale: Scale) -> str:
    """Between what the saving computed from persons' spells lies; empty where that may not be told."""
    whole = sound_portfolio(edition)
    few = {effect.investment for effect in headlines(edition) if too_few(effect, edition)}
    if whole is None or few & set(whole.investments) or not edition.portfolio_follow_up.figures():
        return ""
    if whole.net_total is None or whole.net_total.low is None or whole.net_total.high is None:
        return ""
    low, high = (amount(edge, CURRENT) for edge in (whole.net_total.low, whole.net_total.high))
    years, which = stretches([year for year, _ in whole.net_by_year]), listed(whole.investments)
    head_da = f"Regnet ud på borgernes forløb er besparelsen i investering {which} i {years}"
    head_en = f"Computed from persons' spells, the saving in investment {which} in {years} is"
    if scale.sign(low) * scale.sign(high) > 0 and scale.sign(low) < 0:
        return say(da=f"{head_da} mellem {between(low, high, scale)}.",
                   en=f"{head_en} between {between(low, high, scale)}.")
    if scale.sign(low) > 0:
        return say(da=f"Regnet ud på borgernes forløb er der ingen besparelse i investering {which} i {years}, men "
                      f"en merudgift på mellem {between(low, high, scale)}.",
                   en=f"Computed from persons' spells, there is no saving in investment {which} in {years}, but an "
                      f"extra cost of between {between(low, high, scale)}.")
    return say(da=f"{head_da} alt fra {scale.size(low)} til en merudgift på {scale.size(high)}.",
               en=f"{head_en} anything from {scale.size(low)} to an extra cost of {scale.size(high)}.")


def _grades(edition: Edition) -> str:
    """How good the evidence is, grade by grade, of the investments whose effect may be told."""
    graded: dict[str, list[str]] = {}
    for effect in headlines(edition):
        if effect.evidence is not None and credible(effect, edition) and not too_few(effect, edition):
            graded.setdefault(grade_name(effect.evidence), []).append(effect.investment)
    told = [say(da=f"{name} i investering {listed(numbers)}", en=f"{name} in investment {listed(numbers)}")
            for name, numbers in sorted(graded.items())]
    return say(da=f"Grundlaget er {listed(told)}.", en=f"The evidence is {listed(told)}.") if told else ""


def spells_together(edition: Edition) -> list[str]:
    """In which investments the time on benefit became shorter or longer, and in which it cannot be told."""
    effects = [effect for effect in headlines(edition) if credible(effect, edition)]
    few_ = [effect.investment for effect in effects if too_few(effect, edition)]
    able = [effect for effect in effects if effect.investment not in few_]
    shorter = [effect.investment for effect in able if (effect.weeks_saved.low or 0) > 0]
    longer = [effect.investment for effect in able if (effect.weeks_saved.high or 0) < 0]
    open_ = [effect.investment for effect in able if effect.investment not in (*shorter, *longer)]
    useless = [effect.investment for effect in headlines(edition) if not credible(effect, edition)]
    told = (
        (shorter, say(da=f"Borgerne ser ud til at have været kortere på ydelsen i investering {listed(shorter)}.",
                      en=f"Persons seem to have been on the benefit for less time in investment {listed(shorter)}.")),
        (longer, say(da=f"Borgerne ser ud til at have været længere på ydelsen i investering {listed(longer)}.",
                     en=f"Persons seem to have been on the benefit for more time in investment {listed(longer)}.")),
        (open_, say(da=f"I investering {listed(open_)} kan det ikke afgøres.",
                    en=f"In investment {listed(open_)} it cannot be told.")),
        (few_, say(da=f"I investering {listed(few_)} er der for få deltagere.",
                   en=f"In investment {listed(few_)} too few took part.")),
        (useless, say(da=f"I investering {listed(useless)} kan sammenligningen ikke bruges.",
                      en=f"In investment {listed(useless)} the comparison cannot be used.")),
    )
    return [text for investments, text in told if investments]


def not_known_together(edition: Edition) -> tuple[str, ...]:
    """What is not known of the whole."""
    unmeasured = [part.investment for part in edition.follow_ups if sound_detail(part.investment, edition) is None]
    points = [not_over("", edition), rest_told(covered(edition)) if edition.portfolio_follow_up.outcome_total else ""]
    if unmeasured and len(unmeasured) == len(edition.follow_ups):
        points.append(say(da="Hvad der ville være sket uden indsatserne.",
                          en="What would have happened without the efforts."))
    elif unmeasured:
        points.append(say(da=f"Hvad der ville være sket uden indsatsen i investering {listed(unmeasured)}.",
                          en=f"What would have happened without the effort in investment {listed(unmeasured)}."))
    return tuple(point for point in points if point)
