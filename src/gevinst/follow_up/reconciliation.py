"""The ledger held against the budget and against what was delivered, investment by investment and year by year.

    net        = dranst 1 + dranst 2 + what states no dranst         what the investment has cost
    paid       = dranst 1 + what states no dranst                    what was paid before the state's refund
    delivered  = delivered participant weeks × agreed price          what should have been paid
    unit price = paid ÷ delivered participant weeks

A supplier that is paid for delivered weeks alone must not be paid for others; what deviates is an alarm, by the rules
of `ledger_alarms`. Amounts are current prices, exact; expenditure is positive, so the refund is negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from gevinst.curves.ledger_sums import LedgerSum
from gevinst.economy.prices import convert
from gevinst.errors import GevinstError
from gevinst.money import CURRENT, Amount, PriceLevel, total
from gevinst.parameters.book import ParameterBook
from gevinst.register.business_case import Basis, FollowedBy, Investment, Line, Portfolio
from gevinst.register.ledger_rules import LedgerTerms
from gevinst.sources.suppliers.chart_of_accounts import account_name
from gevinst.sources.suppliers.opus_account import REFUND, RUNNING, Account, printable, read_account
from gevinst.sources.suppliers.opus_rows import NOT_OURS

USUAL = LedgerTerms()
NOTHING = Amount.zero(CURRENT)
NOT_KNOWN = ("economy.unknown-index", "economy.missing-factor", "economy.which-vintage")
"""Why a budget cannot be converted to current prices."""


@dataclass(frozen=True)
class Delivered:
    """Participant weeks, and the persons they are weeks of, by calendar year."""

    weeks: Mapping[int, int]
    persons: Mapping[int, int]


@dataclass(frozen=True)
class Tally:
    """How many postings, and their sum."""

    rows: int = 0
    amount: Amount = NOTHING


@dataclass(frozen=True)
class LedgerYear:
    """One investment in one year, or in all of them (`year` None).

    `other` is what was posted without a dranst, or with one that a rule asked for. `adopted` is the budget as decided,
    `budget` the same in current prices, None where it cannot be converted. `weeks`, of `persons`, and `value` are None
    where nothing is known of the delivery; `recorded` is the result that was typed in for the investment, in current
    prices, None where there is none or it cannot be converted; `few` says that weeks and value may not be printed.
    `complete` years lie wholly before the data horizon; `in_case` years are those of the case.
    """

    year: int | None
    postings: int
    running: Amount
    refund: Amount
    other: Amount
    adopted: Amount | None = None
    budget: Amount | None = None
    weeks: int | None = None
    value: Amount | None = None
    few: bool = False
    complete: bool = True
    in_case: bool = True
    persons: int | None = None
    recorded: Amount | None = None

    @property
    def net(self) -> Amount:
        """What the ledger says the investment has cost: a part of the memo's result."""
        return self.running + self.refund + self.other

    @property
    def paid(self) -> Amount:
        """What was paid before the state's refund."""
        return self.running + self.other

    @property
    def paid_less_delivered(self) -> Amount | None:
        """Positive where more was paid than was delivered."""
        return None if self.value is None else self.paid - self.value

    @property
    def net_less_budget(self) -> Amount | None:
        """Positive where more was spent than was budgeted."""
        return None if self.budget is None else self.net - self.budget

    @property
    def net_less_recorded(self) -> Amount | None:
        """Positive where more was posted than was typed in as the result."""
        return None if self.recorded is None else self.net - self.recorded

    @property
    def unit_price(self) -> Amount | None:
        """Paid per delivered participant week, to the øre; None without weeks."""
        if not self.weeks:
            return None
        return Amount(int((Decimal(self.paid.ore) / self.weeks).to_integral_value(ROUND_HALF_UP)), CURRENT)


@dataclass(frozen=True)
class CaseLedger:
    """One investment's years, and all of them together. `price` is the agreed one per participant week, where it is in
    current prices; `by_weeks` says that the case is one that is followed by its participants' weeks."""

    number: str
    key: str
    title: str
    price: Amount | None
    by_weeks: bool
    years: tuple[LedgerYear, ...]
    whole: LedgerYear


@dataclass(frozen=True)
class UnmatchedAccount:
    """Postings of one account that belong to no investment of the portfolio.

    `account` as it may be shown, `name` what it is called in the language spoken, `investment` what the postings name,
    if any.
    """

    account: str
    name: str
    investment: str
    tally: Tally
    years: tuple[int, ...]


@dataclass(frozen=True)
class LedgerCheck:
    """The reconciliation of a portfolio. `matched`, `ruled_out`, `unmatched` and `unknown` together are the ledger.

    `unknown` are postings of investments that the portfolio does not have; `loose` lists them and the unmatched by
    account, the largest first. `delivery_known` is False where there are no participants' data; `repeated` are postings
    that are like another one in everything.
    """

    cases: tuple[CaseLedger, ...]
    matched: Tally
    ruled_out: Tally
    unmatched: Tally
    unknown: Tally
    loose: tuple[UnmatchedAccount, ...]
    terms: LedgerTerms = USUAL
    delivery_known: bool = True
    repeated: Tally = Tally()

    @property
    def ledger(self) -> Tally:
        """Every posting there is."""
        parts = (self.matched, self.ruled_out, self.unmatched, self.unknown)
        return Tally(sum(part.rows for part in parts), total((part.amount for part in parts), CURRENT))


@dataclass(frozen=True)
class Known:
    """What the reconciliation knows beside the ledger.

    `delivered` by investment key (None: no participants' data), `last_complete` year of the data, the index book and
    the terms.
    """

    delivered: Mapping[str, Delivered] | None
    last_complete: int | None
    book: ParameterBook
    terms: LedgerTerms = USUAL


def reconcile(
    portfolio: Portfolio, sums: Sequence[LedgerSum], known: Known, repeated: tuple[int, int] = (0, 0)
) -> LedgerCheck:
    """Hold the ledger's sums against the portfolio and what was delivered; exact, for print see `disclosure.delivery`.

    `repeated` is the number and the øre of postings that are like another one.
    """
    keys = {case.key: case.key for case in portfolio.investments}
    mine: dict[str, list[LedgerSum]] = {case.key: [] for case in portfolio.investments}
    loose: list[LedgerSum] = []
    ruled_out: list[LedgerSum] = []
    for one in sums:
        if one.investment in keys:
            mine[keys[one.investment]].append(one)
        else:
            (ruled_out if one.investment == NOT_OURS else loose).append(one)
    return LedgerCheck(
        tuple(_case(case, portfolio, mine[case.key], known) for case in portfolio.investments),
        _tally(one for found in mine.values() for one in found), _tally(ruled_out),
        _tally(one for one in loose if not one.investment), _tally(one for one in loose if one.investment),
        _by_account(loose), known.terms, known.delivered is not None, Tally(repeated[0], Amount(repeated[1], CURRENT)))


def _tally(sums: Iterable[LedgerSum]) -> Tally:
    found = list(sums)
    return Tally(sum(one.rows for one in found), Amount(sum(one.ore for one in found), CURRENT))


def _by_account(loose: Sequence[LedgerSum]) -> tuple[UnmatchedAccount, ...]:
    """By investment named and account; the largest amounts first."""
    groups: dict[tuple[str, str], list[LedgerSum]] = {}
    for one in loose:
        groups.setdefault((one.investment, one.account), []).append(one)
    found = []
    for (investment, account), several in groups.items():
        years = tuple(sorted({one.year for one in several}))
        name = account_name(read_account(account) or Account(), date(years[-1], 12, 31))
        found.append(UnmatchedAccount(printable(account), name, investment, _tally(several), years))
    return tuple(sorted(found, key=lambda one: (-abs(one.tally.amount.ore), one.investment, one.account)))


def _case(case: Investment, portfolio: Portfolio, sums: Sequence[LedgerSum], known: Known) -> CaseLedger:
    delivered = None if known.delivered is None else known.delivered.get(case.key, Delivered({}, {}))
    agreed = case.dkk_per_participant_week
    price = agreed if agreed is not None and agreed.level == CURRENT else None
    by_weeks = case.followed_by is FollowedBy.CURVES or bool(delivered and delivered.weeks)
    weeks_of = delivered if by_weeks else None
    budgeted = {row.year: row.investment for row in case.budget}
    typed = {row.year: row.amount for row in case.recorded
             if (row.line, row.basis) == (Line.INVESTMENT, Basis.REALISED)}
    in_case = set(budgeted) or set(portfolio.years)
    shown = sorted(in_case | {one.year for one in sums} | set(weeks_of.weeks if weeks_of else ()))
    years = []
    for year in shown:
        adopted, result = budgeted.get(year), typed.get(year)
        base = replace(
            _posted(year, [one for one in sums if one.year == year]), adopted=adopted,
            budget=None if adopted is None else _in_current(adopted, year, known),
            recorded=None if result is None else _in_current(result, year, known),
            complete=known.last_complete is None or year <= known.last_complete, in_case=year in in_case)
        years.append(_with_delivery(base, year, weeks_of, price))
    return CaseLedger(case.number, case.key, case.title, price, by_weeks, tuple(years), _whole(years, price))


def _posted(year: int | None, sums: Sequence[LedgerSum]) -> LedgerYear:
    parts = {RUNNING: 0, REFUND: 0, None: 0}
    for one in sums:
        dranst = (read_account(one.account) or Account()).dranst
        parts[dranst if dranst in (RUNNING, REFUND) else None] += one.ore
    running, refund, other = (Amount(parts[part], CURRENT) for part in (RUNNING, REFUND, None))
    return LedgerYear(year, sum(one.rows for one in sums), running, refund, other)


def _with_delivery(base: LedgerYear, year: int, delivered: Delivered | None, price: Amount | None) -> LedgerYear:
    if delivered is None:
        return base
    weeks = delivered.weeks.get(year, 0)
    return replace(base, weeks=weeks, persons=delivered.persons.get(year, 0),
                   value=None if price is None else price.scaled(Decimal(weeks)))


def _whole(years: Sequence[LedgerYear], price: Amount | None) -> LedgerYear:
    """All years together; of at least as many persons as the year that has most."""
    def summed(amounts: Sequence[Amount | None]) -> Amount | None:
        known = [amount for amount in amounts if amount is not None]
        same = len({amount.level for amount in known}) == 1
        return total(known, known[0].level) if known and same and len(known) == len(amounts) else None

    budgeted = [year for year in years if year.adopted is not None]
    counted = [year.weeks for year in years if year.weeks is not None]
    weeks = sum(counted) if counted and len(counted) == len(years) else None
    return LedgerYear(
        None, sum(year.postings for year in years), total((year.running for year in years), CURRENT),
        total((year.refund for year in years), CURRENT), total((year.other for year in years), CURRENT),
        summed([year.adopted for year in budgeted]), summed([year.budget for year in budgeted]), weeks,
        None if weeks is None or price is None else price.scaled(Decimal(weeks)),
        complete=all(year.complete for year in years), persons=max((year.persons or 0 for year in years), default=0))


def _in_current(adopted: Amount, year: int, known: Known) -> Amount | None:
    """A budget, or a result, in current prices; None where the index is not known, or not so far."""
    if adopted.level not in (CURRENT, PriceLevel(year)) and not known.terms.budget_index:
        return None
    try:
        return convert(adopted, CURRENT, known.terms.budget_index, known.book, year=year).amount
    except GevinstError as fault:
        if fault.code not in NOT_KNOWN:
            raise
        return None
