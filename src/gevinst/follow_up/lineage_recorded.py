"""The ladders of what the case itself states, and of the sums, steps and expectations made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from gevinst.follow_up.bridge import Bridge, Cause
from gevinst.follow_up.bridge_words import bridge_step
from gevinst.follow_up.disclosure.counts import Shown
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.extrapolation import rule_name
from gevinst.follow_up.figure_ids import figure_id
from gevinst.follow_up.figures import PORTFOLIO, Figure
from gevinst.follow_up.forecast import Forecast
from gevinst.follow_up.lineage_words import COMPUTED, counted, kroner, whose
from gevinst.follow_up.table import FollowUp
from gevinst.follow_up.undisturbed import Undisturbed
from gevinst.language import number, percent, say, short_date
from gevinst.money import CURRENT, Amount, total
from gevinst.register.business_case import Investment, Line, ParticipantCount, Portfolio
from gevinst.trace import Step

Ladders = Iterator[tuple[str, Step]]


def recorded_ladders(edition: Edition) -> Ladders:
    """Of totals over years, of bridges and undisturbed operation, of forecasts, and of what the case says."""
    for table in (*edition.follow_ups, edition.portfolio_follow_up):
        yield from _of_totals(table)
    for one in edition.deviations.bridges:
        yield from _of_bridge(one)
    for row in (*edition.deviations.clock.rows, *edition.deviations.clock.totals):
        yield from _of_undisturbed(row)
    for found in edition.forecasts:
        yield from _of_forecast(found)
    for case in edition.portfolio.investments:
        yield from _of_case(case, edition)
    yield from _of_prudence(edition.portfolio)
    yield _of_paying(edition)
    yield from _of_stated(edition)
    yield _of_computed(edition)


def _of_totals(table: FollowUp) -> Ladders:
    """The totals over all years are sums of the years' figures."""
    for lines, years in ((table.budget_total, [year.budget for year in table.years]),
                         (table.outcome_total, [year.outcome for year in table.years])):
        for line, figure in lines.items():
            parts = [year[line] for year in years if line in year]
            yield figure.id, Step(
                _line_words(figure) + say(da=" i alt", en=" in total") + _who(table.investment),
                kroner(figure.amount), say(da="Σ år", en="Σ years"),
                under=tuple(Step(str(part.year), kroner(part.amount)) for part in parts),
                see=tuple(part.id for part in parts))


def _who(investment: str) -> str:
    return say(da=", alle investeringer", en=", all investments") if investment == PORTFOLIO else whose(investment)


def _line_words(figure: Figure) -> str:
    line = {Line.INVESTMENT: say(da="Investering", en="Investment"), Line.SAVING: say(da="Besparelse", en="Saving"),
            Line.NET: say(da="Investering og besparelse", en="Investment and saving")}[figure.line]
    basis = {"budget": say(da="budget", en="budget"), "realised": say(da="resultat", en="result"),
             "expected": say(da="forventet", en="expected")}[figure.basis]
    return f"{line}, {basis},"


def _of_bridge(one: Bridge) -> Ladders:
    """The ends of a bridge, and every step of it, also those that lie in the rest."""
    base, year = figure_id(one.investment, "bridge", one.year), "" if one.year is None else f" {one.year}"
    ends = ((say(da="Budget", en="Budget"), one.budget, "budget", "budget"),
            (say(da="Resultat eller forventet", en="Result or expected"), one.result, "result", str(one.basis)))
    for words, amount, name, basis in ends:
        stopped = say(da="nul efter et stop", en="nought after a stop") if one.stopped and not amount.ore else ""
        yield f"{base}/{name}", Step(
            f"{words}{year}{_who(one.investment)}", kroner(amount),
            say(da="investering + besparelse", en="investment + saving"), stopped,
            see=(figure_id(one.investment, "net", one.year, basis),))
    yield base, bridge_step(one, None)
    for cause in Cause:
        if one.steps[cause] is None:
            yield f"{base}/{cause}", bridge_step(one, cause)


def _of_undisturbed(row: Undisturbed) -> Ladders:
    kind = "-computed" if row.kind == "computed" else ""
    base, title = figure_id(row.investment, "undisturbed", row.year), f" {row.year}{_who(row.investment)}"
    if row.cost is not None:
        yield f"{base}/cost{kind}", Step(
            say(da="Udgift, som den var", en="Cost as it was") + title, kroner(row.cost), source=row.cited,
            see=(figure_id(row.investment, "investment", row.year, str(row.basis)),))
    if row.participants is None and row.undisturbed_participants is None and row.pace is None:
        return
    told = [(say(da="som det var", en="as it was"), row.participants),
            (say(da="uforstyrret", en="undisturbed"), row.undisturbed_participants)]
    under = [Step(words, number(count, 1)) for words, count in told if count is not None]
    if row.pace is not None:
        under.insert(0, Step(say(da="starter pr. åben uge", en="starts per open week"), number(row.pace, 1)))
    how = say(da="starter + tempoet i de åbne uger × uger, der ikke var åbne",
              en="starts + the open weeks' pace × weeks that were not open") if kind else say(
        da="deltagere ÷ åben andel af ugerne", en="participants ÷ open share of the weeks")
    yield f"{base}/participants{kind}", Step(
        say(da="Deltagere ved uforstyrret drift", en="Participants at undisturbed operation") + title, "", how,
        row.cited, under=tuple(under), see=(f"{base}/saving{kind}", *(COMPUTED if kind else ())))


def _of_forecast(found: Forecast) -> Ladders:
    """What stands beside an expected saving: the result to date, and what another rule would give."""
    def amount(dkk: float) -> str:
        return kroner(Amount.from_estimate(dkk, CURRENT))

    for at, year in enumerate(found.years):
        base, named = figure_id(found.investment, "forecast", year.year), f" {year.year}{whose(found.investment)}"
        main = f"{base}/saving"
        if year.to_date is not None:
            yield f"{base}/to_date", Step(
                say(da="Resultat til og med ", en="Result up to ") + short_date(found.horizon)
                + whose(found.investment), amount(year.to_date), found.estimator, see=COMPUTED)
        for rule, estimates in found.other_rules.items():
            yield f"{base}/{rule}", Step(
                say(da=f"Forventet, hvis effekten, der ikke er set, {rule_name(rule)}",
                    en=f"Expected if the effect that is not seen {rule_name(rule)}") + named, amount(estimates[at]),
                say(da="som det forventede, med en anden regel", en="as what is expected, by another rule"),
                see=(main, *COMPUTED))
        if found.by_pace:
            yield f"{base}/pace", Step(
                say(da="Forventet med hidtidigt tempo", en="Expected at the pace so far") + named,
                amount(found.by_pace[at]),
                say(da="som det forventede, med starter pr. åben uge i de seneste 52 uger",
                    en="as what is expected, with the starts per open week of the last 52 weeks"),
                see=(main, *COMPUTED))
        yield f"{base}/not_seen", Step(
            say(da="Andel af deltagerugerne, der ikke er set", en="Share of the participant-weeks not seen") + named,
            percent(year.extrapolated, 0),
            say(da=f"deltageruger senere end uge {found.how.mature_week} efter start ÷ alle deltageruger, der kommer",
                en=f"participant-weeks after week {found.how.mature_week} ÷ all participant-weeks to come"),
            see=(main, *COMPUTED))
        yield f"{base}/fan", Step(
            say(da="Forventet besparelse med intervaller", en="Expected saving with intervals") + named,
            amount(year.expected.estimate), say(da="percentiler af gentagelserne", en="percentiles of the replicates"),
            under=tuple(Step(f"{level} %", f"[{amount(edges[0])}; {amount(edges[1])}]") for level in (50, 80, 95)
                        if (edges := year.expected.bounds(level)) is not None), see=(main, *COMPUTED))


def _of_case(case: Investment, edition: Edition) -> Ladders:
    source = case.source or edition.portfolio.source
    sizes = (("group", say(da="Indsatsgruppen, fuldtidspersoner", en="The intervention group, full-time persons"),
              case.full_time_participants),
             ("target_group", say(da="Målgruppen, fuldtidspersoner", en="The target group, full-time persons"),
              case.target_group.full_time_persons))
    for name, words, size in sizes:
        if size is not None:
            yield figure_id(case.number, "case", name), Step(
                words + whose(case.number), number(size, 0 if size == size.to_integral_value() else 1),
                say(da="vedtaget i sagen", en="adopted in the case"), source)
    for one in case.participant_counts:
        yield figure_id(case.number, "participants", one.year), Step(
            say(da="Deltagere, fuldtidspersoner", en="Participants, full-time persons")
            + f" {one.year}{whose(case.number)}", "", say(da="indtastet", en="recorded"), one.source or source,
            under=tuple(Step(words, told) for words, told in _participants(one, edition.small_cell_threshold) if told))
    for head in case.head_counts:
        # Where a placement may not be told, its count has become a sign on the way through the door.
        actual: Shown = head.actual
        yield figure_id(case.number, "head_count", head.date.isoformat()), Step(
            say(da=f"Ansættelser {short_date(head.date)}", en=f"Placements {short_date(head.date)}")
            + whose(case.number), "", say(da="talt og indtastet", en="counted and recorded"), head.source or source,
            under=(counted(say(da="ansat", en="employed"), actual, edition, see=()),
                   Step(say(da="mål", en="aim"), number(head.planned))))
    for year, returned in case.stop.returned if case.stop is not None else ():
        yield figure_id(case.number, "returned", year), Step(
            say(da=f"Ført tilbage til kommunens kasse {year}", en=f"Returned to the treasury {year}")
            + whose(case.number), kroner(returned), say(da="besluttet ved stoppet", en="decided at the stop"), source)


def _participants(one: ParticipantCount, threshold: int) -> tuple[tuple[str, str], ...]:
    """Actual, expected and planned; an actual number of few persons as that."""
    def told(count: Decimal | None) -> str:
        return "" if count is None else number(count, 0 if count == count.to_integral_value() else 1)

    few = one.actual is not None and 0 < one.actual < threshold
    return ((say(da="faktisk", en="actual"), f"under {threshold}" if few else told(one.actual)),
            (say(da="forventet", en="expected"), told(one.expected)), (say(da="plan", en="plan"), told(one.planned)))


def _of_prudence(portfolio: Portfolio) -> Ladders:
    prudence = portfolio.prudence
    if prudence is None:
        return
    base = figure_id(PORTFOLIO, "laid_in")
    source = "; ".join(part for part in (prudence.source, "" if prudence.decided is None else short_date(
        prudence.decided)) if part)
    potential = portfolio.net_potential()
    yield f"{base}/counted", Step(
        say(da="Det, der blev regnet med", en="What was counted on"), kroner(potential.scaled(prudence.factor)),
        say(da="nettopotentiale × forsigtighedsfaktor", en="net potential × prudence factor"), source,
        under=(Step(say(da="nettopotentiale", en="net potential"), kroner(potential)),
               Step(say(da="forsigtighedsfaktor", en="prudence factor"), number(prudence.factor, 2))),
        see=(figure_id(PORTFOLIO, "net", None, "budget"),))
    for year, amount in prudence.laid_in:
        yield f"{base}/{year}", Step(
            say(da=f"Besparelse lagt ind i budgettet {year}", en=f"Saving laid into the budget {year}"), kroner(amount),
            say(da="besluttet", en="decided"), source)
    if prudence.laid_in:
        yield f"{base}/total", Step(
            say(da="Besparelse lagt ind i budgettet i alt", en="Saving laid into the budget in total"),
            kroner(total((amount for _, amount in prudence.laid_in), portfolio.price_level)),
            say(da="Σ år", en="Σ years"), source, see=tuple(f"{base}/{year}" for year, _ in prudence.laid_in))


def _of_paying(edition: Edition) -> tuple[str, Step]:
    """How many investments give a surplus: a count of rows of the memo's own table."""
    nets = [part.outcome_total[Line.NET] for part in edition.follow_ups if Line.NET in part.outcome_total]
    paying = sum(figure.amount.ore < 0 for figure in nets)
    return figure_id(PORTFOLIO, "paying"), Step(
        say(da="Investeringer med overskud i de år, der er opgjort",
            en="Investments with a surplus in the years that are stated"),
        say(da=f"{paying} af {len(nets)}", en=f"{paying} of {len(nets)}"),
        say(da="investering + besparelse under nul", en="investment + saving below nought"),
        see=tuple(figure.id for figure in nets))


def _of_stated(edition: Edition) -> Ladders:
    """How many investments have an outcome, and how many have both sides of it."""
    some = [part.outcome_total for part in edition.follow_ups if part.outcome_total]
    both, all_ = [lines for lines in some if Line.NET in lines], len(edition.follow_ups)
    for name, found, words in (
        ("stated", some, say(da="Investeringer med et resultat eller en forventning",
                             en="Investments with a result or an expectation")),
        ("stated_both", both, say(da="Investeringer, hvor både udgift og besparelse er opgjort",
                                  en="Investments of which both cost and saving are stated")),
    ):
        yield figure_id(PORTFOLIO, name), Step(
            words, say(da=f"{len(found)} af {all_}", en=f"{len(found)} of {all_}"),
            see=tuple(figure.id for lines in found for figure in lines.values()))


def _of_computed(edition: Edition) -> tuple[str, Step]:
    """In how many investments the saving was computed from persons."""
    computed = [figure for part in edition.follow_ups for year in part.years for line, figure in year.outcome.items()
                if line is Line.SAVING and figure.source == "computed"]
    several = len({figure.investment for figure in computed})
    return figure_id(PORTFOLIO, "computed"), Step(
        say(da="Investeringer, hvis besparelse er beregnet på borgerforløb",
            en="Investments whose saving is computed from persons"),
        say(da=f"{several} af {len(edition.follow_ups)}", en=f"{several} of {len(edition.follow_ups)}"),
        see=tuple(figure.id for figure in computed))


def _stated(edition: Edition) -> Iterator[tuple[str, date]]:
    """The days on which recorded figures were stated."""
    recorded = {figure.id: figure for figure in edition.figures if figure.source == "recorded" and not figure.derived}
    for case in edition.portfolio.investments:
        for row in case.recorded:
            key = figure_id(case.number, row.line, row.year, row.basis)
            if key in recorded and recorded[key].amount == row.amount:
                yield key, row.as_of


def with_sources(ladders: dict[str, Step], edition: Edition) -> dict[str, Step]:
    """The ladders of the follow-up's figures with what the computed ones rest on."""
    mains = {one.investment: one.estimator for one in edition.effects if one.headline}
    found = dict(ladders)
    for key, stated in _stated(edition):
        if key in found and not found[key].under:
            found[key] = replace(found[key], under=(Step(say(da="opgjort", en="stated"), short_date(stated)),))
    for figure in edition.figures:
        if figure.source != "computed" or figure.id not in found or figure.investment == PORTFOLIO:
            continue
        rests = [*COMPUTED]
        if figure.line is Line.SAVING and not figure.derived and figure.year is not None:
            if figure.basis == "realised" and figure.investment in mains:
                rests.insert(0, figure_id(figure.investment, "effect", mains[figure.investment], figure.year, "net"))
            rests.insert(0, figure_id(figure.investment, "parameters", figure.year))
            if figure.basis == "expected":
                rests.insert(0, figure_id(figure.investment, "forecast", figure.year, "saving"))
        step = found[figure.id]
        found[figure.id] = replace(step, see=tuple(dict.fromkeys([*step.see, *rests])))
    return found
