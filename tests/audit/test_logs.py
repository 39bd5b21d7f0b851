"""Logs in a package: they can be followed, and tell of no person."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest

from gevinst.audit.logs import (
    access_counts,
    edition_log,
    edition_log_unbroken,
    heads_told,
    journal_cut,
    journal_log,
    journal_unbroken,
)
from gevinst.errors import GevinstError
from gevinst.language import speaking
from gevinst.register.access_log import ACCESS_LOG, enter_look_up
from gevinst.register.account import account
from gevinst.register.journal import JOURNAL, enter
from gevinst.register.reidentify import look_ups_of
from gevinst.settings import Settings
from tests.audit.conftest import Packed

NOON = datetime(2021, 5, 1, 12, tzinfo=UTC)


def test_a_number_of_persons_is_left_out_with_the_checksums_that_rest_on_it(copied: Settings) -> None:
    """Whoever had the checksum of the line, or of one after it, would find the number by trying."""
    enter(copied, "encrypt", NOON, snapshots=["a"])
    enter(copied, "delete-persons", NOON, snapshot="a", now="b", count=3)
    enter(copied, "import", NOON, snapshot="c", taken=NOON.isoformat(), persons=True)
    said = json.loads(json.dumps(journal_log(copied)))
    assert journal_unbroken(said)
    lines = (copied.workspace / JOURNAL).read_text().splitlines()
    assert [one["entry"]["event"] for one in said["chain"]] == ["import", "head-made", "encrypt"]
    assert [one["entry"] for one in said["chain"]] == [json.loads(line) for line in lines[:3]]
    assert said["after"] == [
        {"withheld": ["count"], "entry": {"at": NOON.isoformat(), "event": "delete-persons", "account": account(),
                                          "snapshot": "a", "now": "b"}},
        {"withheld": [], "entry": {"at": NOON.isoformat(), "event": "import", "account": account(), "snapshot": "c",
                                   "taken": NOON.isoformat(), "persons": True}}]
    assert (said["head"], said["cut"], said["lines"]) == (True, False, 5)
    for line in lines[3:]:
        assert json.loads(line)["before"] not in json.dumps(said["after"])
    assert hashlib.sha256(lines[3].encode()).hexdigest() not in json.dumps(said)


def test_look_ups_are_counted_by_year_and_nothing_else_is_told(copied: Settings) -> None:
    assert access_counts(copied) == {"whole": True, "fault": "", "look_ups": {}, "head": False, "anew": []}
    enter_look_up(copied, NOON, by="Anna", purpose="klage", persons=[71727374], found=[71727374])
    enter_look_up(copied, NOON.replace(year=2022), by="Anna", purpose="klage", persons=[1, 2], found=[])
    look_ups_of(copied.workspace, "P0001", by="Anna", purpose="indsigt", clock=lambda: NOON)
    said = access_counts(copied)
    anew = [{"at": NOON.isoformat(), "event": "head-made", "lines": 0}]
    assert said == {"whole": True, "fault": "", "look_ups": {"2021": 1, "2022": 1}, "head": True, "anew": anew}


def test_a_broken_access_log_is_told(copied: Settings) -> None:
    enter_look_up(copied, NOON, by="Anna", purpose="klage", persons=[71727374], found=[])
    log = copied.workspace / ACCESS_LOG
    log.write_text(log.read_text().replace('"before": ""', '"before": "x"'))
    assert access_counts(copied) == {"whole": False, "fault": "protection.log-broken", "look_ups": {}, "head": None,
                                     "anew": []}


def test_a_journal_that_was_cut_is_told_and_a_broken_one_refused(copied: Settings) -> None:
    enter(copied, "encrypt", NOON, snapshots=1)
    path = copied.workspace / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"")
    said = journal_log(copied)
    assert said == {"head": True, "cut": True, "lines": len(lines), "chain": [], "after": []}
    assert journal_cut(said)
    path.write_bytes(b"".join(lines[1:]))
    with pytest.raises(GevinstError) as fault:
        journal_log(copied)
    assert fault.value.code == "protection.log-broken"


def test_a_head_that_was_lacking_or_made_anew_is_said(copied: Settings) -> None:
    with speaking("en"):
        lacking = heads_told(journal_log(copied), access_counts(copied))
        assert [one.partition(" has no head")[0] for one in lacking] == [
            "The journal of snapshots", "The log of look-ups"]
        enter(copied, "encrypt", NOON, snapshots=1)
        assert heads_told(journal_log(copied), access_counts(copied)) == (
            "NOTE: The journal of snapshots got a new head on 2021-05-01 after line 1; whether lines were missing "
            "there cannot be seen.",
            "NOTE: The log of look-ups got a new head on 2021-05-01 after line 0; whether lines were missing "
            "there cannot be seen.")
        assert heads_told({"chain": [], "after": []}, {}) == (), "packages of an older program do not say"
    assert not journal_cut({"chain": [], "after": []})


def test_an_edition_from_before_states_has_no_log(made: Packed) -> None:
    said = edition_log(made.settings, "000000000000")
    assert said["edition"] is None
    assert edition_log_unbroken(said)
    assert all("event" not in link for link in said["chain"])
