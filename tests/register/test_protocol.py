"""The protocol under lock: a checksum that stands, and a record of every change."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, speaking
from gevinst.money import CURRENT
from gevinst.register.business_case import Investment, Portfolio, Protocol, Suspension, TargetGroup
from gevinst.register.protocol import (
    FOUNDING,
    LATER,
    ProtocolChange,
    ProtocolEntry,
    ProtocolRecord,
    checksum,
    differences,
    fixed_before_data,
    plan_of,
    protocol_records,
    protocol_sha256,
    record_of,
)
from gevinst.register.protocol_words import Value
from gevinst.register.store import Store, open_store

MATCHED = Protocol("matched", 52, ("sex", "age_at_entry"), (2017, 2018, 2019), 4, False, "censor", "first")
# The text as the rule of the module says, typed by hand; its checksum is of `printf '%s' TEXT | sha256sum`.
MATCHED_TEXT = (
    '{"baseline_years":[2017,2018,2019],"double_counting":"first","headline":"matched","horizon_weeks":52,'
    '"later_participants":"censor","match_on":["age_at_entry","sex"],"new_spell_after":4,"randomised":false}')
MATCHED_SHA256 = "84baa4627426e7c0a4d2edd9f561eaa1c15101af724f147807aa0400813aac5a"
NOBODY: dict[str, Value] = {"target_benefit": "", "referrals_from": "", "referrals_to": "", "closed": ()}
START = datetime(2021, 3, 1, 12, tzinfo=UTC)


def test_the_canonical_text_and_its_checksum_stand() -> None:
    assert plan_of(MATCHED) == MATCHED_TEXT
    assert protocol_sha256(MATCHED) == MATCHED_SHA256
    assert hashlib.sha256(MATCHED_TEXT.encode()).hexdigest() == MATCHED_SHA256


def test_the_checksum_does_not_depend_on_the_seed_of_pythons_hashes() -> None:
    program = ("from gevinst.register.business_case import Protocol\n"
               "from gevinst.register.protocol import protocol_sha256\n"
               "print(protocol_sha256(Protocol('matched', match_on=('b', 'æ', 'a'))))")
    said = {subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                           env={"PYTHONHASHSEED": seed}).stdout for seed in ("0", "1")}
    assert said == {protocol_sha256(Protocol("matched", match_on=("æ", "a", "b"))) + "\n"}


def test_every_field_counts_and_the_order_of_names_and_years_does_not() -> None:
    changed = {"headline": "baseline", "horizon_weeks": 51, "match_on": ("sex",), "baseline_years": (2017,),
               "new_spell_after": "calendar_month", "randomised": True, "later_participants": "keep",
               "double_counting": "split"}
    assert set(changed) == {item.name for item in fields(Protocol)}
    sums = {protocol_sha256(MATCHED), *(protocol_sha256(replace(MATCHED, **{name: value}))  # type of each as declared
                                        for name, value in changed.items())}
    assert len(sums) == len(changed) + 1
    turned = replace(MATCHED, match_on=MATCHED.match_on[::-1], baseline_years=MATCHED.baseline_years[::-1])
    assert protocol_sha256(turned) == MATCHED_SHA256


def test_every_field_is_in_the_first_plan_or_has_a_meaning_where_it_is_not_written() -> None:
    """Whoever adds a field must say in `LATER` what the plans from before it meant; never add to `FOUNDING`."""
    assert len(FOUNDING) == 8
    assert {item.name for item in fields(Protocol)} == {*FOUNDING, *LATER}


@dataclass(frozen=True)
class LaterProtocol(Protocol):
    """A protocol of some later edition: another default of an old field, and a new field."""

    headline: str = "matched"
    trim_weights: str = "never"


def test_a_field_that_is_added_and_a_default_that_is_changed_leave_old_checksums_as_they_were() -> None:
    later = {"trim_weights": "never"}
    same = LaterProtocol("matched", 52, ("sex", "age_at_entry"), (2017, 2018, 2019))
    assert plan_of(same, later=later) == MATCHED_TEXT
    assert plan_of(LaterProtocol(), later=later) == plan_of(Protocol("matched"))
    other = plan_of(replace(same, trim_weights="at 99 %"), later=later)
    assert json.loads(other) == {**json.loads(MATCHED_TEXT), "trim_weights": "at 99 %"}
    day = date(2030, 1, 1)
    assert differences(MATCHED_TEXT, other, day, later) == (
        ProtocolChange("trim_weights", "never", "at 99 %", day),)
    assert differences(other, MATCHED_TEXT, day, later) == (
        ProtocolChange("trim_weights", "at 99 %", "never", day),)


def entry(protocol: Protocol, days: int) -> ProtocolEntry:
    plan = plan_of(protocol)
    return ProtocolEntry("sag", days + 1, START + timedelta(days=days), checksum(plan), plan)


def test_every_step_is_a_change_even_one_that_goes_back() -> None:
    first, second = Protocol("baseline"), Protocol("matched", 26)
    assert record_of([entry(first, 0), entry(second, 9), entry(first, 30)]) == ProtocolRecord(
        protocol_sha256(first), date(2021, 3, 1), (
            ProtocolChange("headline", "baseline", "matched", date(2021, 3, 10)),
            ProtocolChange("horizon_weeks", 52, 26, date(2021, 3, 10)),
            ProtocolChange("headline", "matched", "baseline", date(2021, 3, 31)),
            ProtocolChange("horizon_weeks", 26, 52, date(2021, 3, 31)),
        ), protocol_sha256(first), START)


@given(data=st.data())
def test_two_plans_differ_where_the_protocols_do(data: st.DataObject) -> None:
    drawn = st.builds(
        Protocol, st.sampled_from(["baseline", "matched"]), st.integers(1, 3),
        st.sampled_from([(), ("æ",), ("a", "b")]), st.sampled_from([(), (2018,)]),
        st.sampled_from([4, 5, "calendar_month"]), st.booleans(), st.sampled_from(["censor", "keep"]),
        st.sampled_from(["first", "split"]))
    was, now = data.draw(drawn), data.draw(drawn)
    found = differences(plan_of(was), plan_of(now), date(2021, 3, 1))
    assert {change.field: (change.was, change.now) for change in found} == {
        item.name: (getattr(was, item.name), getattr(now, item.name)) for item in fields(Protocol)
        if getattr(was, item.name) != getattr(now, item.name)}
    assert (protocol_sha256(was) == protocol_sha256(now)) == (found == ())


WORDS: list[tuple[str, Any, Any, tuple[str, str, str], tuple[str, str, str]]] = [
    ("headline", "baseline", "matched", ("Hovedmetode", "tidligere år", "matchet"),
     ("Headline estimator", "baseline", "matched")),
    ("horizon_weeks", 52, 26, ("Horisont, uger", "52", "26"), ("Horizon, weeks", "52", "26")),
    ("match_on", (), ("sex", "alder"), ("Match på", "ikke angivet", "sex, alder"),
     ("Match on", "not stated", "sex, alder")),
    ("new_spell_after", 4, "calendar_month", ("Nyt forløb efter", "4 uger", "en hel kalendermåned"),
     ("New spell after", "4 weeks", "a whole calendar month")),
    ("new_spell_after", 1, 2, ("Nyt forløb efter", "1 uge", "2 uger"), ("New spell after", "1 week", "2 weeks")),
    ("randomised", False, True, ("Lodtrækning", "nej", "ja"), ("By lot", "no", "yes")),
    ("later_participants", "censor", "keep", ("Senere deltagere", "følges til egen start", "følges videre"),
     ("Later participants", "followed to own start", "followed on")),
    ("target_benefit", "a-dagpenge", "kontanthjaelp", ("Målgruppens ydelse", "a-dagpenge", "kontanthjaelp"),
     ("Target benefit", "a-dagpenge", "kontanthjaelp")),
    ("referrals_from", "", "2020-04-01", ("Visitation fra", "åben", "01-04-2020"),
     ("Referrals from", "open", "2020-04-01")),
    ("closed", (), ("2020-03-11/2020-05-26",), ("Perioder uden visitation", "ingen", "11-03-2020 – 26-05-2020"),
     ("Periods without referrals", "none", "2020-03-11 – 2020-05-26")),
    ("double_counting", "first", "split", ("Dobbelttælling", "den første indsats", "deles ligeligt"),
     ("Double counting", "the first effort", "split equally")),
]


@pytest.mark.parametrize(("field", "was", "now", "danish", "english"), WORDS)
def test_a_change_is_said_in_words(
    field: str, was: Any, now: Any, danish: tuple[str, str, str], english: tuple[str, str, str]
) -> None:
    change = ProtocolChange(field, was, now, date(2021, 3, 1))
    for language, words in zip(LANGUAGES, (danish, english), strict=True):
        with speaking(language):
            assert (change.what, change.was_words, change.now_words) == words


def portfolio(*protocols: Protocol) -> Portfolio:
    cases = tuple(Investment(str(at), f"sag-{at}", "En sag", TargetGroup("Alle"), protocol=protocol)
                  for at, protocol in enumerate(protocols, start=1))
    return Portfolio("prove", "Prøve", "Prøveby", (2020, 2021), CURRENT, cases)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store whose clock goes ten days on at each save."""
    days = iter(range(0, 1000, 10))
    with open_store(store_url, clock=lambda: START + timedelta(days=next(days))) as opened:
        yield opened


def test_the_store_records_when_a_protocol_was_fixed_and_every_change(store: Store) -> None:
    first, other = Protocol("baseline"), Protocol("matched", match_on=("sex",))
    store.save_portfolio(portfolio(first, first), "Anna")
    store.save_portfolio(replace(portfolio(first, first), title="Ny titel"), "Anna")  # not a change of a protocol
    store.save_portfolio(portfolio(first, other), "Bo")
    store.save_portfolio(portfolio(first, other, other), "Bo")
    records = protocol_records(store, "prove")
    assert records["sag-1"] == ProtocolRecord(
        protocol_sha256(first, NOBODY), date(2021, 3, 1), (), protocol_sha256(first, NOBODY), START)
    assert records["sag-2"] == ProtocolRecord(
        protocol_sha256(other, NOBODY), date(2021, 3, 1), (
            ProtocolChange("headline", "baseline", "matched", date(2021, 3, 21)),
            ProtocolChange("match_on", (), ("sex",), date(2021, 3, 21))), protocol_sha256(first, NOBODY), START)
    assert (records["sag-3"].fixed_on, records["sag-3"].changes) == (date(2021, 3, 31), ())


def test_whom_a_protocol_is_about_is_held_too(store: Store) -> None:
    """Another benefit, another window, a period without referrals: each bends the plan as much as another method."""
    plain = portfolio(Protocol("matched"))
    (case,) = plain.investments
    moved = replace(case, target_group=replace(case.target_group, benefit="a-dagpenge"), referrals_to=date(2021, 6, 30))
    shut = Suspension(date(2020, 3, 11), date(2020, 5, 26), "Nedlukning")
    store.save_portfolio(plain, "Anna")
    store.save_portfolio(replace(plain, investments=(moved,)), "Anna")
    store.save_portfolio(replace(plain, investments=(moved,), suspensions=(shut, replace(shut, partial=True))), "Anna")
    record = protocol_records(store, "prove")["sag-1"]
    assert record.changes == (
        ProtocolChange("referrals_to", "", "2021-06-30", date(2021, 3, 11)),
        ProtocolChange("target_benefit", "", "a-dagpenge", date(2021, 3, 11)),
        ProtocolChange("closed", (), ("2020-03-11/2020-05-26",), date(2021, 3, 21)))


def test_a_plan_that_does_not_say_whom_it_is_about_was_not_changed_by_one_that_does() -> None:
    silent, saying = plan_of(MATCHED), plan_of(MATCHED, {**NOBODY, "target_benefit": "a-dagpenge"})
    assert silent == MATCHED_TEXT
    assert json.loads(saying) == {
        **json.loads(MATCHED_TEXT), **NOBODY, "target_benefit": "a-dagpenge", "closed": []}
    assert checksum(silent) != checksum(saying)
    assert differences(silent, saying, date(2021, 3, 1)) == ()
    assert differences(saying, silent, date(2021, 3, 1)) == ()


def test_the_records_can_be_read_as_of_any_moment(store: Store) -> None:
    store.save_portfolio(portfolio(Protocol("baseline")), "Anna")
    store.save_portfolio(portfolio(Protocol("matched")), "Anna")
    before = protocol_records(store, "prove", as_of=START + timedelta(days=9))
    assert (before["sag-1"].sha256, before["sag-1"].changes) == (protocol_sha256(Protocol("baseline"), NOBODY), ())
    assert len(protocol_records(store, "prove", as_of=START + timedelta(days=10))["sag-1"].changes) == 1
    assert protocol_records(store, "prove", as_of=START - timedelta(days=1)) == {}
    assert protocol_records(store, "findes-ikke") == {}
    with pytest.raises(GevinstError, match=r"register\.naive-time"):
        protocol_records(store, "prove", as_of=START.replace(tzinfo=None))


def test_an_investment_that_was_away_is_held_to_what_it_was(store: Store) -> None:
    store.save_portfolio(portfolio(Protocol(), Protocol("baseline")), "Anna")
    store.save_portfolio(portfolio(Protocol()), "Anna")
    store.save_portfolio(portfolio(Protocol(), Protocol("matched")), "Anna")
    record = protocol_records(store, "prove")["sag-2"]
    assert (record.fixed_on, [change.changed_on for change in record.changes]) == (date(2021, 3, 1),
                                                                                   [date(2021, 3, 21)])


@pytest.mark.parametrize(("field", "value", "code"), [
    ("headline", "magi", "not-a-choice"), ("later_participants", "glem", "not-a-choice"),
    ("double_counting", "begge", "not-a-choice"), ("new_spell_after", "måned", "new-spell-rule"),
    ("new_spell_after", 0, "out-of-range"), ("horizon_weeks", 0, "out-of-range"),
    ("match_on", ("Sex",), "match-on-name"), ("match_on", ("sex", "sex"), "duplicate-entry"),
    ("match_on", ("left_register_date",), "match-on-own-column"), ("baseline_years", (217,), "year-outside"),
])
def test_a_protocol_that_cannot_be_is_not_fixed(field: str, value: Any, code: str) -> None:
    with open_store("sqlite://") as store:
        with pytest.raises(GevinstError) as caught:
            store.save_portfolio(portfolio(replace(Protocol(), **{field: value})), "Anna")
        assert caught.value.code == f"register.{code}"
        assert caught.value.where.startswith(f"investments[0].protocol.{field}")
        assert protocol_records(store, "prove") == {}


@pytest.mark.parametrize("change", [
    "UPDATE protocol SET plan = REPLACE(plan, 'baseline\"', 'matched\"')",
    "UPDATE protocol SET sha256 = REPLACE(sha256, 'a', 'b')",
    "UPDATE investment SET headline = 'matched'",
    "DELETE FROM protocol",
])
def test_a_protocol_that_was_changed_behind_the_programs_back_is_found(store_url: str, change: str) -> None:
    with open_store(store_url) as store:
        store.save_portfolio(portfolio(Protocol("baseline")), "Anna")
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text(change))
    engine.dispose()
    with open_store(store_url) as store, pytest.raises(GevinstError) as caught:
        protocol_records(store, "prove")
    assert (caught.value.code, caught.value.values) == ("register.protocol-damaged", {"investment": "sag-1"})


def test_fixed_before_or_after_data_or_not_known() -> None:
    record = record_of([entry(Protocol(), 0)])
    assert fixed_before_data(record, START + timedelta(seconds=1)) is True
    assert fixed_before_data(record, START) is False
    assert fixed_before_data(record, None) is None
