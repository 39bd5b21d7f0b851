"""Which years and investments an outcome is of, and what is not stated: a total is told as of what it is of.

A year that has no outcome is not nought, and neither is an investment. A stopped or ended investment lacks nothing in
the years after it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.table import FollowUp, FollowUpYear
from gevinst.language import say
from gevinst.register.business_case import Basis, Line, Status
from gevinst.report.amounts import stretches
from gevinst.report.charts.words import listed
from gevinst.report.marks import marked

NAMED = 6
"""So many investments are named one by one; more are "the others"."""


@dataclass(frozen=True)
class Covered:
    """What an outcome is of. `years` and `investments` have one; `no_years`, `none` have none; `some` lack years.

    `over`: so are the portfolio's years, and what is not stated is not merely not stated yet.
    """

    years: tuple[int, ...]
    no_years: tuple[int, ...] = ()
    investments: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    over: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is lacking."""
        return not (self.no_years or self.none or self.some)

    @property
    def period(self) -> str:
        """The years as printed: `2021–2022`."""
        return stretches(list(self.years))


def covered(edition: Edition) -> Covered:
    """What the portfolio's outcome is of."""
    cases = {part.investment: covered_in(part, edition) for part in edition.follow_ups}
    table = edition.portfolio_follow_up
    years = tuple(year.year for year in table.years if year.outcome)
    return Covered(
        years, tuple(year.year for year in table.years if not year.outcome),
        tuple(number for number, one in cases.items() if one.years),
        tuple(number for number, one in cases.items() if not one.years),
        tuple(number for number, one in cases.items() if one.years and {*one.no_years} & {*years}), edition.period_over)


def covered_in(table: FollowUp, edition: Edition) -> Covered:
    """What the outcome of one investment is of; one that does not run any more lacks no later years."""
    case = edition.portfolio.investment(table.investment)
    years = tuple(year.year for year in table.years if year.outcome)
    over = case.stop is not None or case.status in (Status.STOPPED, Status.ENDED)
    lacking = tuple(year.year for year in table.years if not year.outcome)
    return Covered(years, () if over else lacking, (table.investment,) if years else (), over=edition.period_over)


def who(one: Covered) -> str:
    """Of whom a sum is told: `investeringerne`, or how many of them."""
    if not one.none:
        return say(da="investeringerne", en="the investments")
    told, of = len(one.investments), len(one.investments) + len(one.none)
    da = "den opgjorte investering" if told == 1 else "de opgjorte investeringer"
    many = marked(f"{PORTFOLIO}/stated", str(told))
    return say(da=f"{da} ({many} af {of})", en=f"the stated investments ({many} of {of})")


def rest_told(one: Covered) -> str:
    """What is not stated, or not yet; empty where nothing lacks."""
    yet_da, yet_en = _yet(one)
    few = len(one.none) <= NAMED
    parts = [say(da=f"investering {listed(one.none)}" if few else "de øvrige investeringer",
                 en=f"investment {listed(one.none)}" if few else "the other investments")] if one.none else []
    if one.no_years:
        years = stretches(list(one.no_years))
        parts.append(say(da=f"{'året' if len(one.no_years) == 1 else 'årene'} {years}",
                         en=f"the year{'s' * (len(one.no_years) > 1)} {years}"))
    text = listed(parts)
    told = [say(da=f"{text[:1].upper()}{text[1:]} er ikke opgjort{yet_da}.",
                en=f"{text[:1].upper()}{text[1:]} {'is' if _single(one) else 'are'} not stated{yet_en}.")] * bool(parts)
    if one.some:
        few = len(one.some) <= NAMED
        told.append(say(
            da=f"For {f'investering {listed(one.some)}' if few else 'nogle investeringer'} er kun nogle af årene "
               "opgjort.",
            en=f"For {f'investment {listed(one.some)}' if few else 'some investments'} only some of the years are "
               "stated."))
    return " ".join(told)


def _yet(one: Covered) -> tuple[str, str]:
    return ("", "") if one.over else (" endnu", " yet")


def _single(one: Covered) -> bool:
    return len(one.none) + len(one.no_years) == 1


def how_many_told(one: Covered) -> str:
    """Of how many of the investments an answer is; empty where it is of all."""
    told, of = len(one.investments), len(one.investments) + len(one.none)
    yet_da, yet_en = _yet(one)
    return say(da=f"Det gælder {told} af {of} investeringer; resten er ikke opgjort{yet_da}.",
               en=f"That is of {told} of {of} investments; the rest is not stated{yet_en}.") if one.none else ""


def total_note(one: Covered) -> str:
    """Under a table with a total of an outcome that does not cover all; else nothing."""
    if one.whole or not one.years:
        return ""
    if not (one.no_years or one.none):
        return rest_told(one)
    told, of = len(one.investments), len(one.investments) + len(one.none)
    many = marked(f"{PORTFOLIO}/stated", str(told))
    cases = say(da=f" for {many} af {of} investeringer", en=f" for {many} of {of} investments") if one.none else ""
    only = say(da=f"Resultatet i alt dækker kun {one.period}{cases}.",
               en=f"The total outcome covers only {one.period}{cases}.")
    return f"{only} {rest_told(one)}"


def budget_note(one: Covered, table: FollowUp) -> str:
    """Beside a total budget of more years or investments than the outcome is of; else nothing."""
    years = [year.year for year in table.years if year.budget]
    if one.whole or not one.years or not ({*years} - {*one.years} or one.none or one.some):
        return ""
    if not one.none:
        return say(da=f"Budgettet i alt er for {stretches(years)}, resultatet i alt kun for {one.period}"
                      f"{_in_part(one)}; de to kan ikke holdes op mod hinanden.",
                   en=f"The total budget is for {stretches(years)}, the total outcome only for {one.period}"
                      f"{_in_part(one)}; the two cannot be held against each other.") if years else ""
    told, of = len(one.investments), len(one.investments) + len(one.none)
    return say(da=f"Budgettet i alt er for alle {of} investeringer i {stretches(years)}, resultatet i alt kun for "
                  f"{told} af dem i {one.period}; de to kan ikke holdes op mod hinanden.",
               en=f"The total budget is for all {of} investments in {stretches(years)}, the total outcome only for "
                  f"{told} of them in {one.period}; the two cannot be held against each other.") if years else ""


def _in_part(one: Covered) -> str:
    return say(da=" og ikke for alle investeringer hvert år", en=" and not for all investments each year"
               ) if one.some else ""


def uneven_note(edition: Edition) -> str:
    """Why there is no sum of A and B: they are not stated for the same investments; nothing where they are."""
    lines = {line: tuple(part.investment for part in edition.follow_ups if line in part.outcome_total)
             for line in (Line.INVESTMENT, Line.SAVING)}
    cost, saving = lines[Line.INVESTMENT], lines[Line.SAVING]
    if Line.NET in edition.portfolio_follow_up.outcome_total or not (cost or saving):
        return ""
    if cost == saving:
        return say(da="Der er ingen sum af A og B: Udgift og besparelse er ikke opgjort for de samme år.",
                   en="There is no sum of A and B: cost and saving are not stated for the same years.")
    return say(da=f"Der er ingen sum af A og B: Udgiften er opgjort for {_of(cost)}, besparelsen for {_of(saving)}.",
               en=f"There is no sum of A and B: the cost is stated for {_of(cost)}, the saving for {_of(saving)}.")


def _of(numbers: tuple[str, ...]) -> str:
    if not numbers:
        return say(da="ingen", en="none")
    if len(numbers) > NAMED:
        return say(da=f"{len(numbers)} investeringer", en=f"{len(numbers)} investments")
    return say(da=f"investering {listed(numbers)}", en=f"investment {listed(numbers)}")


def all_realised(table: FollowUp) -> bool:
    """Whether every outcome of the table is a result; of which years it is, `covered` says."""
    return all(year.basis is Basis.REALISED for year in table.years if year.outcome)


def last_result(table: FollowUp) -> FollowUpYear | None:
    """The last year whose outcome is a whole result; None when there is none yet."""
    whole = [year for year in table.years if Line.NET in year.outcome and year.basis is Basis.REALISED]
    return whole[-1] if whole else None


def running_year(table: FollowUp) -> FollowUpYear | None:
    """The first year whose outcome is expected; None when all are results."""
    return next((year for year in table.years if Line.NET in year.outcome and year.basis is Basis.EXPECTED), None)
