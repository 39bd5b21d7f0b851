"""What the investments are expected to save: fans, a table, and in words what they rest on and what they leave out.

Nothing is computed here: every amount is a forecast of the edition, and its estimate a figure with an id.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.extrapolation import RULES, rule_in_general, rule_name
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.forecast import LEVELS, Forecast, YearForecast
from gevinst.follow_up.forecast_figures import starts_words
from gevinst.language import number, percent, say, short_date
from gevinst.money import CURRENT, Amount
from gevinst.report.amount_tables import computed_source, notes, sign_note
from gevinst.report.amounts import DECIMALS, as_printed, unit
from gevinst.report.charts.fan import FanYear, describe_fan, fan_panels
from gevinst.report.charts.words import listed
from gevinst.report.effect.told import detail_of, is_sound
from gevinst.report.marks import marked
from gevinst.report.tree import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    Heading,
    Paragraph,
    Row,
    Table,
    number_cell,
    text_cell,
)


def forecast_appendix(edition: Edition) -> list[Block]:
    """The forecasts of the investments whose effect may be told; nothing where there is none."""
    shown = [one for one in edition.forecasts if is_told(one, edition)]
    return forecast_blocks(shown, edition) if shown else []


def forecast_blocks(shown: Sequence[Forecast], edition: Edition) -> list[Block]:
    """What it rests on, a fan for each investment, one table, and what was taken for each."""
    return [
        Heading(say(da="Bilag: Forventede besparelser", en="Appendix: Expected savings"), 2, "appendix-forecast"),
        Paragraph(_method(shown[0])),
        forecast_table(shown, edition),
        _fans(shown, edition),
        Bullets(tuple(_rests_on(one, edition) for one in shown)),
    ]


def _method(found: Forecast) -> str:
    """How a forecast is made, by which rule, and what its intervals hold."""
    how = say(
        da="Forventningen er regnet: De, der er startet, og de, der forventes at starte, følges uge for uge med den "
           "effekt, der er set så mange uger efter start, og med de kommende ugers pris.",
        en="The forecast is computed: those who have started, and those expected to start, are followed week by week "
           "with the effect that was seen so many weeks after the start, at the coming weeks' price.")  # fmt: skip
    holds = say(
        da="Intervallerne rummer tilfældigheder i effekten, i hvor mange der starter, og i hvordan det går netop dem. "
           "De rummer ikke, at planen ikke holdes, at satser og refusion ændres, eller at effekten ikke fortsætter som "
           "antaget.",
        en="The intervals hold chance in the effect, in how many start, and in how it goes for just those. They do not "
           "hold that the plan is not kept, that rates and refund change, or that the effect does not go on as "
           "assumed.")  # fmt: skip
    return f"{how} {rule_in_general(found.how.rule, found.how.half_life)} {holds}"


def forecast_table(shown: Sequence[Forecast], edition: Edition) -> Table:
    """Result to date, expected with its interval, and what the other rules would give; a row per case and year."""
    rule = shown[0].how.rule
    others = [one for one in RULES if one != rule]
    by_rule = say(da="Med en anden regel", en="By another rule")
    paced = any(found.by_pace for found in shown)
    columns = (
        Column(say(da="Investering", en="Investment"), numeric=False),
        Column(say(da="til dato", en="to date"), say(da="Resultat", en="Result")),
        Column(say(da="i alt", en="total"), say(da="Forventet", en="Expected")),
        Column(say(da="95 %-interval", en="95% interval")),
        *(Column(rule_name(one), by_rule) for one in others),
        *([Column(say(da="Med hidtidigt tempo", en="At the pace so far"))] if paced else []),
        Column(say(da="Ikke sete uger", en="Weeks not seen")),
    )
    rows = tuple(Row((
        text_cell(f"{found.investment}, {year.year}"),
        _dkk(year.to_date, figure_id(found.investment, "forecast", year.year, "to_date")),
        number_cell(Amount.from_estimate(year.expected.estimate, CURRENT).millions, DECIMALS,
                    figure=f"{found.investment}/forecast/{year.year}/saving"),
        _span(year, figure_id(found.investment, "forecast", year.year, "saving")),
        *(_dkk(found.other_rules[one][at] if one in found.other_rules else None,
               figure_id(found.investment, "forecast", year.year, one)) for one in others),
        *([_dkk(found.by_pace[at] if found.by_pace else None,
                figure_id(found.investment, "forecast", year.year, "pace"))] if paced else []),
        Cell(percent(year.extrapolated, 0), year.extrapolated, "percent", 0,
             figure_id(found.investment, "forecast", year.year, "not_seen")),
    )) for found in shown for at, year in enumerate(found.years))  # fmt: skip
    carried = sorted({str(year.year) for found in shown for year in found.years if year.carried})
    day = short_date(max(found.horizon for found in shown))
    return Table(
        "forecast", say(da="Forventet besparelse på forsørgelse", en="Expected saving on benefits"), columns, rows,
        note=notes(
            sign_note(),
            say(da=f"Forventet er resultatet til og med {day} og forventningen derefter; en effekt, der ikke er set, "
                   f"{rule_name(rule)}.",
                en=f"Expected is the result up to {day} and the forecast after it; an effect that is not seen "
                   f"{rule_name(rule)}."),
            say(da=f"Fremskrevet med seneste kendte satser, uden regulering: {listed(carried)}.",
                en=f"Carried forward at the newest known rates, without regulation: {listed(carried)}.") if carried
            else "",
            say(da="Ikke sete uger er andelen af deltagerugerne, der ligger så længe efter start, at for få er fulgt "
                   "så langt.",
                en="Weeks not seen is the share of the participant-weeks so long after the start that too few are "
                   "followed so far.")),
        source=computed_source(edition), unit=unit(CURRENT))  # fmt: skip


def _rests_on(found: Forecast, edition: Edition) -> str:
    """Who is expected to start, how long they stay, and how the effect goes on."""
    plan = found.plan
    base = figure_id(found.investment, "forecast")
    told = listed([say(da=f"{starts} i {year}", en=f"{starts} in {year}") for year, starts in (
        (one.year, marked(f"{base}/{one.year}/saving/starts", starts_words(plan, one.year))) for one in found.years)])
    first = f"{base}/{found.years[0].year}"
    week = marked(f"{first}/not_seen", str(found.how.mature_week))
    text = say(da=f"Investering {found.investment}: Effekten er set til og med uge {week} efter start. Der regnes med, "
                  f"at så mange starter: {told} ({plan.source}).",
               en=f"Investment {found.investment}: the effect is seen up to week {week} after the start. So many are "
                  f"expected to start: {told} ({plan.source}).")
    if plan.stays is not None:
        weeks = marked(f"{first}/saving/stays", number(plan.stays, 0 if plan.stays == round(plan.stays) else 1))
        text += say(da=f" En deltager regnes at blive {weeks} uger ({plan.stays_source}).",
                    en=f" A participant is taken to stay {weeks} weeks ({plan.stays_source}).")
    return f"{text} {_recorded(found, edition)}".strip()


def _recorded(found: Forecast, edition: Edition) -> str:
    """Where the council was told another expectation, it is said that this one does not replace it."""
    case = edition.portfolio.investment(found.investment)
    years = sorted({row.year for row in case.recorded if row.basis == "expected"} & {one.year for one in found.years})
    if not years:
        return ""
    told = listed([str(year) for year in years])
    return say(da=f"For {told} er der indberettet en forventning; den står i opfølgningen og er ikke ændret.",
               en=f"For {told} an expectation was recorded; it stands in the follow-up and is not changed.")


def _fans(shown: Sequence[Forecast], edition: Edition) -> Figure:
    words = unit(CURRENT)
    titled = [(f"{one.investment}. {edition.portfolio.investment(one.investment).title}", _years(one))
              for one in shown]  # fmt: skip
    named = [(say(da=f"Investering {one.investment}", en=f"Investment {one.investment}"), years)
             for one, (_, years) in zip(shown, titled, strict=True)]  # fmt: skip
    return Figure(
        "fan",
        say(da="Besparelse på forsørgelse: resultat og forventet", en="Saving on benefits: result and expected"),
        " ".join(f"{title}: {describe_fan(years, unit=words)}" for title, years in titled),
        fan_panels(named, unit=words), _fan_table(shown, words, edition),
        note=say(da="Stiplet er forventet. Båndene er intervaller på 50, 80 og 95 %; de lodrette streger er "
                    "resultaternes 95 %-intervaller.",
                 en="Dashed is expected. The bands are intervals of 50, 80 and 95%; the upright lines are the "
                    "results' 95% intervals."),
        source=computed_source(edition))  # fmt: skip


def _years(found: Forecast) -> list[FanYear]:
    results = [FanYear(year, _millions(value), False, () if low is None or high is None else (
        (95, (_millions(low), _millions(high))),)) for year, value, low, high in found.results]
    return [*results, *(FanYear(one.year, _millions(one.expected.estimate), True, tuple(
        (level, (_millions(edges[0]), _millions(edges[1]))) for level in LEVELS if (edges := one.expected.bounds(level))
    )) for one in found.years)]  # fmt: skip


def _fan_id(found: Forecast, one: FanYear, edition: Edition) -> str:
    """An expected year's fan; a year that is over is the main method's answer."""
    detail = detail_of(found.investment, edition)
    if one.expected or detail is None:
        return figure_id(found.investment, "forecast", one.year, "fan")
    return figure_id(found.investment, "effect", detail.estimator, one.year, "net")


def _fan_table(shown: Sequence[Forecast], words: str, edition: Edition) -> Table:
    columns = (Column(say(da="Investering", en="Investment"), numeric=False),
               Column(say(da="Tal", en="Figure"), numeric=False), Column(say(da="Besparelse", en="Saving")),
               *(Column(edge, say(da=f"{level} %", en=f"{level}%"))
                 for level in LEVELS for edge in (say(da="fra", en="from"), say(da="til", en="to"))))  # fmt: skip
    rows = tuple(Row((
        text_cell(f"{found.investment}, {one.year}"),
        text_cell(say(da="forventet", en="expected") if one.expected else say(da="resultat", en="result")),
        number_cell(one.value, DECIMALS, figure=_fan_id(found, one, edition)),
        *(number_cell(edge, DECIMALS, figure=_fan_id(found, one, edition))
          for level in LEVELS for edge in one.at(level) or (None, None)),
    )) for found in shown for one in _years(found))  # fmt: skip
    caption = say(da="Tallene bag figuren", en="The numbers behind the figure")
    return Table("fan-data", caption, columns, rows, unit=words)


def is_told(found: Forecast, edition: Edition) -> bool:
    """Whether the memo tells a forecast: only where the effect it goes on from may be told as one."""
    detail = detail_of(found.investment, edition)
    return detail is not None and is_sound(detail, edition)


def _millions(dkk: float) -> Decimal:
    return as_printed(Amount.from_estimate(dkk, CURRENT))


def _dkk(dkk: float | None, figure: str) -> Cell:
    return number_cell(None if dkk is None else Amount.from_estimate(dkk, CURRENT).millions, DECIMALS, blank="–",
                       figure=figure)


def _span(year: YearForecast, figure: str) -> Cell:
    edges = year.expected.bounds(95)
    if edges is None:
        return Cell("–")
    low, high = (number_cell(_millions(edge), DECIMALS).text for edge in edges)
    return text_cell(say(da=f"{low} til {high}", en=f"{low} to {high}"), figure=figure)
