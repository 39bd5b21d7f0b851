"""What an import says of protocols: changes of a fixed one, one fixed too late, covariates that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gevinst.language import speaking
from gevinst.money import CURRENT
from gevinst.register.business_case import FollowedBy, Investment, Portfolio, Protocol, TargetGroup
from gevinst.register.findings import Finding, Severity
from gevinst.register.protocol import ProtocolChange, protocol_records
from gevinst.register.protocol_findings import covariate_findings, protocol_findings
from gevinst.register.store import Store, open_store

START = datetime(2021, 3, 1, 12, tzinfo=UTC)
CASE = Investment("1", "sag", "En sag", TargetGroup("Alle"), protocol=Protocol("baseline"))
PLAN = Portfolio("prove", "Prøve", "Prøveby", (2020,), CURRENT, (CASE,))


def with_protocol(protocol: Protocol) -> Portfolio:
    return replace(PLAN, investments=(replace(CASE, protocol=protocol),))


@pytest.fixture
def store() -> Iterator[Store]:
    days = iter(range(0, 1000, 10))
    with open_store("sqlite://", clock=lambda: START + timedelta(days=next(days))) as opened:
        yield opened


def said_of(store: Store, portfolio: Portfolio, first_data: datetime | None = None) -> list[Finding]:
    before = protocol_records(store, portfolio.key)
    store.save_portfolio(portfolio, "Anna")
    return list(protocol_findings(portfolio, before, protocol_records(store, portfolio.key), first_data, "sag.yaml"))


def test_a_first_import_before_data_says_nothing_nor_does_a_change_of_something_else(store: Store) -> None:
    assert said_of(store, PLAN) == []
    assert said_of(store, replace(PLAN, title="Ny titel")) == []
    assert said_of(store, PLAN, first_data=START + timedelta(days=1)) == []


def test_a_change_is_named_once_with_the_day_the_protocol_was_fixed(store: Store) -> None:
    said_of(store, PLAN)
    changed = with_protocol(Protocol("matched", 26))
    days = {"number": "1", "day": date(2021, 3, 1)}
    assert said_of(store, changed) == [
        Finding("register.protocol-changed", Severity.WARNING, "sag.yaml",
                {**days, "change": ProtocolChange("headline", "baseline", "matched", date(2021, 3, 11))}),
        Finding("register.protocol-changed", Severity.WARNING, "sag.yaml",
                {**days, "change": ProtocolChange("horizon_weeks", 52, 26, date(2021, 3, 11))})]
    assert said_of(store, changed) == []
    (back,) = said_of(store, with_protocol(Protocol("matched")))
    what, _ = back.message("da")
    assert "blev fastlagt den 01-03-2021" in what
    assert "Horisont, uger: 26 → 52." in what
    assert "Horizon, weeks: 26 → 52." in back.message("en").what
    with speaking("en"):
        assert "2021-03-01" in str(back)


def test_a_protocol_that_is_fixed_once_data_are_there_is_said_where_an_effect_is_computed(store: Store) -> None:
    counted = replace(CASE, number="2", key="antal", followed_by=FollowedBy.HEAD_COUNT)
    (late,) = said_of(store, replace(PLAN, investments=(CASE, counted)), first_data=START - timedelta(days=5))
    assert (late.code, late.values) == ("register.protocol-after-data", {"number": "1", "day": date(2021, 2, 24)})


def test_covariates_that_the_persons_do_not_have_are_named(store: Store) -> None:
    asked = with_protocol(Protocol("matched", match_on=("sex", "alder", "by")))
    (missing,) = covariate_findings(asked, ("sex", "education"), "sag.yaml")
    assert missing == Finding("register.match-on-missing", Severity.WARNING, "sag.yaml",
                              {"number": "1", "names": "alder, by", "known": "education, sex"})
    assert list(covariate_findings(asked, ("sex", "alder", "by"), "sag.yaml")) == []
    assert list(covariate_findings(PLAN, (), "sag.yaml")) == []
