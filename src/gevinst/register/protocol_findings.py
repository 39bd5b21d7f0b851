"""What whoever puts a portfolio in the store must be told of its protocols. None of it stops the import."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from gevinst.register.business_case import FollowedBy, Portfolio
from gevinst.register.clock import day_of
from gevinst.register.findings import Finding, Severity
from gevinst.register.protocol import ProtocolRecord, fixed_before_data

Records = Mapping[str, ProtocolRecord]


def protocol_findings(
    portfolio: Portfolio, before: Records, after: Records, first_data: datetime | None, where: str
) -> Iterator[Finding]:
    """Every change that a save made to a fixed protocol, and every protocol that it fixed too late.

    `before` and `after` are the records on either side of the save; `first_data` is when persons' data were first
    loaded, `where` the file that was saved.
    """
    for investment in portfolio.investments:
        old, new = before.get(investment.key), after[investment.key]
        if old is not None:
            for change in new.changes[len(old.changes):]:
                yield Finding("register.protocol-changed", Severity.WARNING, where,
                              {"number": investment.number, "day": new.fixed_on, "change": change})
        elif (
            first_data is not None
            and fixed_before_data(new, first_data) is False
            and investment.followed_by is FollowedBy.CURVES
        ):
            yield Finding("register.protocol-after-data", Severity.WARNING, where,
                          {"number": investment.number, "day": day_of(first_data)})


def covariate_findings(portfolio: Portfolio, columns: Collection[str], where: str) -> Iterator[Finding]:
    """Covariates that a protocol names and the persons' file, whose further columns are `columns`, does not have."""
    for investment in portfolio.investments:
        missing = [name for name in investment.protocol.match_on if name not in columns]
        if missing:
            yield Finding("register.match-on-missing", Severity.WARNING, where,
                          {"number": investment.number, "names": ", ".join(missing),
                           "known": ", ".join(sorted(columns)) or "–"})
