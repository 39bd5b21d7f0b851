"""Between the record and the rows of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from gevinst.money import Amount
from gevinst.register import models
from gevinst.register.business_case import (
    Basis,
    BudgetYear,
    Decision,
    FollowedBy,
    HeadCount,
    Investment,
    Line,
    Narrative,
    ParticipantCount,
    Portfolio,
    Protocol,
    Prudence,
    RecordedFigure,
    Status,
    Stop,
    StopMeasure,
    StopRule,
    Supplier,
    Suspension,
    TargetGroup,
)
from gevinst.register.new_spell import parse_new_spell

_Part = TypeVar("_Part", bound=models.OfInvestment)


def write_version(
    session: Session, portfolio: Portfolio, owner: int, version: int, saved_at: datetime, author: str, note: str
) -> None:
    """Add a version of the portfolio `owner`, with all that hangs on it."""
    prudence = portfolio.prudence
    row = models.VersionRow(
        portfolio_id=owner, version=version, saved_at=saved_at, author=author, note=note, title=portfolio.title,
        municipality=portfolio.municipality, price_level=portfolio.price_level, reference=portfolio.reference,
        journal_number=portfolio.journal_number, committee=portfolio.committee, source=portfolio.source,
        background=portfolio.background, prudence_factor=prudence.factor if prudence else None,
        prudence_decided=prudence.decided if prudence else None, prudence_source=prudence.source if prudence else None,
    )
    session.add(row)
    session.flush()
    session.add_all(_version_parts(portfolio, row.id))
    for at, investment in enumerate(portfolio.investments):
        investment_row = _investment_row(investment, row.id, at)
        session.add(investment_row)
        session.flush()
        session.add_all(_investment_parts(investment, investment_row.id))
    session.flush()


def _version_parts(portfolio: Portfolio, version: int) -> Iterable[models.Base]:
    for at, year in enumerate(portfolio.years):
        yield models.YearRow(version_id=version, position=at, year=year)
    for at, (year, amount) in enumerate(portfolio.prudence.laid_in if portfolio.prudence else ()):
        yield models.LaidInRow(version_id=version, position=at, year=year, amount=amount.ore, level=amount.level)
    for at, decision in enumerate(portfolio.decisions):
        yield models.PortfolioDecisionRow(version_id=version, position=at, date=decision.date, body=decision.body,
                                          text=decision.text)
    for at, period in enumerate(portfolio.suspensions):
        yield models.SuspensionRow(version_id=version, position=at, start=period.start, end=period.end,
                                   text=period.text, investment=period.investment, partial=period.partial)


def _investment_row(investment: Investment, version: int, at: int) -> models.InvestmentRow:
    group, words, protocol = investment.target_group, investment.narrative, investment.protocol
    supplier, stop, price = investment.supplier, investment.stop, investment.dkk_per_participant_week
    return models.InvestmentRow(
        version_id=version, position=at, number=investment.number, key=investment.key, title=investment.title,
        target_description=group.description, target_benefit=group.benefit,
        target_min_spell_weeks=group.min_spell_weeks, target_full_time_persons=group.full_time_persons,
        description=words.description, theory=words.theory, delivery=words.delivery, progress=words.progress,
        evidence=words.evidence, followed_by=investment.followed_by.value, status=investment.status.value,
        full_time_participants=investment.full_time_participants, supplier_name=supplier.name if supplier else None,
        supplier_pay_by_results=supplier.pay_by_results if supplier else None,
        supplier_terms=supplier.terms if supplier else None, referrals_from=investment.referrals_from,
        referrals_to=investment.referrals_to, planned_weeks=investment.planned_weeks,
        week_price=price.ore if price else None, week_price_level=price.level if price else None,
        stop_date=stop.date if stop else None, stop_text=stop.text if stop else None, financing=investment.financing,
        source=investment.source, headline=protocol.headline, horizon_weeks=protocol.horizon_weeks,
        new_spell_after=str(protocol.new_spell_after), randomised=protocol.randomised,
        later_participants=protocol.later_participants, double_counting=protocol.double_counting,
    )


def _investment_parts(investment: Investment, owner: int) -> Iterable[models.Base]:
    def row(cls: Callable[..., models.Base], at: int, **values: Any) -> models.Base:
        return cls(investment_id=owner, position=at, **values)

    for at, name in enumerate(investment.proposers):
        yield row(models.ProposerRow, at, name=name)
    for at, name in enumerate(investment.protocol.match_on):
        yield row(models.CovariateRow, at, name=name)
    for at, year in enumerate(investment.protocol.baseline_years):
        yield row(models.BaselineYearRow, at, year=year)
    for at, budget in enumerate(investment.budget):
        yield row(models.BudgetRow, at, year=budget.year, investment=budget.investment.ore, saving=budget.saving.ore,
                  level=budget.investment.level)
    for at, decision in enumerate(investment.decisions):
        yield row(models.DecisionRow, at, date=decision.date, body=decision.body, text=decision.text)
    for at, (year, amount) in enumerate(investment.stop.returned if investment.stop else ()):
        yield row(models.ReturnedRow, at, year=year, amount=amount.ore, level=amount.level)
    for at, rule in enumerate(investment.stop_rules):
        most = rule.at_most
        yield row(models.StopRuleRow, at, date=rule.date, measure=rule.measure.value, at_least=rule.at_least,
                  at_most=most.ore if most else None, level=most.level if most else None, text=rule.text,
                  source=rule.source)
    for at, figure in enumerate(investment.recorded):
        yield row(models.RecordedRow, at, year=figure.year, line=figure.line.value, basis=figure.basis.value,
                  amount=figure.amount.ore, level=figure.amount.level, source=figure.source, as_of=figure.as_of)
    for at, count in enumerate(investment.head_counts):
        yield row(models.HeadCountRow, at, date=count.date, actual=count.actual, planned=count.planned,
                  source=count.source)
    for at, group in enumerate(investment.participant_counts):
        yield row(models.ParticipantCountRow, at, year=group.year, planned=group.planned, actual=group.actual,
                  expected=group.expected, source=group.source)


def read_version(session: Session, key: str, row: models.VersionRow) -> Portfolio:
    """The portfolio of a version, equal to the one that was saved."""
    years = _of_version(session, models.YearRow, row.id)
    laid_in = tuple((r.year, Amount(r.amount, r.level)) for r in _of_version(session, models.LaidInRow, row.id))
    prudence = None
    if row.prudence_factor is not None:
        prudence = Prudence(row.prudence_factor, row.prudence_decided, row.prudence_source or "", laid_in)
    return Portfolio(
        key=key, title=row.title, municipality=row.municipality, years=tuple(r.year for r in years),
        price_level=row.price_level, prudence=prudence, reference=row.reference, journal_number=row.journal_number,
        committee=row.committee, source=row.source, background=row.background,
        investments=tuple(_investment(session, r) for r in _of_version(session, models.InvestmentRow, row.id)),
        decisions=tuple(Decision(r.date, r.body, r.text)
                        for r in _of_version(session, models.PortfolioDecisionRow, row.id)),
        suspensions=tuple(Suspension(r.start, r.end, r.text, r.investment, r.partial)
                          for r in _of_version(session, models.SuspensionRow, row.id)),
    )


_Whole = TypeVar("_Whole", bound=models.OfVersion)


def _of_version(session: Session, cls: type[_Whole], version: int) -> Sequence[_Whole]:
    return session.scalars(select(cls).where(cls.version_id == version).order_by(cls.position)).all()


def _of(session: Session, cls: type[_Part], owner: int) -> Sequence[_Part]:
    return session.scalars(select(cls).where(cls.investment_id == owner).order_by(cls.position)).all()


def _investment(session: Session, row: models.InvestmentRow) -> Investment:
    supplier = None
    if row.supplier_name is not None:
        supplier = Supplier(row.supplier_name, bool(row.supplier_pay_by_results), row.supplier_terms or "")
    price = None
    if row.week_price is not None and row.week_price_level is not None:
        price = Amount(row.week_price, row.week_price_level)
    return Investment(
        number=row.number, key=row.key, title=row.title,
        target_group=TargetGroup(row.target_description, row.target_benefit, row.target_min_spell_weeks,
                                 row.target_full_time_persons),
        narrative=Narrative(row.description, row.theory, row.delivery, row.progress, row.evidence),
        followed_by=FollowedBy(row.followed_by), status=Status(row.status),
        full_time_participants=row.full_time_participants, supplier=supplier, referrals_from=row.referrals_from,
        referrals_to=row.referrals_to, planned_weeks=row.planned_weeks, dkk_per_participant_week=price,
        financing=row.financing, source=row.source, stop=_stop(session, row), protocol=_protocol(session, row),
        proposers=tuple(r.name for r in _of(session, models.ProposerRow, row.id)),
        budget=tuple(BudgetYear(r.year, Amount(r.investment, r.level), Amount(r.saving, r.level))
                     for r in _of(session, models.BudgetRow, row.id)),
        decisions=tuple(Decision(r.date, r.body, r.text) for r in _of(session, models.DecisionRow, row.id)),
        stop_rules=tuple(_stop_rule(r) for r in _of(session, models.StopRuleRow, row.id)),
        recorded=tuple(RecordedFigure(r.year, Line(r.line), Basis(r.basis), Amount(r.amount, r.level), r.source,
                                      r.as_of) for r in _of(session, models.RecordedRow, row.id)),
        head_counts=tuple(HeadCount(r.date, r.actual, r.planned, r.source)
                          for r in _of(session, models.HeadCountRow, row.id)),
        participant_counts=tuple(ParticipantCount(r.year, r.planned, r.actual, r.expected, r.source)
                                 for r in _of(session, models.ParticipantCountRow, row.id)),
    )


def _protocol(session: Session, row: models.InvestmentRow) -> Protocol:
    return Protocol(row.headline, row.horizon_weeks, tuple(r.name for r in _of(session, models.CovariateRow, row.id)),
                    tuple(r.year for r in _of(session, models.BaselineYearRow, row.id)),
                    parse_new_spell(row.new_spell_after), row.randomised,
                    "keep" if row.later_participants == "keep" else "censor",
                    "split" if row.double_counting == "split" else "first")


def _stop(session: Session, row: models.InvestmentRow) -> Stop | None:
    if row.stop_date is None:
        return None
    returned = tuple((r.year, Amount(r.amount, r.level)) for r in _of(session, models.ReturnedRow, row.id))
    return Stop(row.stop_date, row.stop_text or "", returned)


def _stop_rule(row: models.StopRuleRow) -> StopRule:
    most = None if row.at_most is None or row.level is None else Amount(row.at_most, row.level)
    return StopRule(row.date, StopMeasure(row.measure), row.at_least, most, row.text, row.source)
