"""Logs in a package: they can be followed, and tell of no person."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from gevinst.audit.logs import access_counts, edition_log, edition_log_unbroken, journal_log, journal_unbroken
from gevinst.register.access_log import ACCESS_LOG, enter_look_up
from gevinst.register.journal import JOURNAL, enter
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
    assert len(said["chain"]) == 2
    lines = (copied.workspace / JOURNAL).read_text().splitlines()
    assert [one["entry"] for one in said["chain"]] == [json.loads(line) for line in lines[:2]]
    assert said["after"] == [
        {"withheld": ["count"], "entry": {"at": NOON.isoformat(), "event": "delete-persons", "snapshot": "a",
                                          "now": "b"}},
        {"withheld": [], "entry": {"at": NOON.isoformat(), "event": "import", "snapshot": "c",
                                   "taken": NOON.isoformat(), "persons": True}}]
    for line in lines[2:]:
        assert json.loads(line)["before"] not in json.dumps(said["after"])
    assert hashlib.sha256(lines[2].encode()).hexdigest() not in json.dumps(said)


def test_look_ups_are_counted_by_year_and_nothing_else_is_told(copied: Settings) -> None:
    assert access_counts(copied) == {"whole": True, "fault": "", "look_ups": {}}
    enter_look_up(copied, NOON, by="Anna", purpose="klage", persons=[71727374], found=[71727374])
    enter_look_up(copied, NOON.replace(year=2022), by="Anna", purpose="klage", persons=[1, 2], found=[])
    assert access_counts(copied) == {"whole": True, "fault": "", "look_ups": {"2021": 1, "2022": 1}}


def test_a_broken_access_log_is_told(copied: Settings) -> None:
    enter_look_up(copied, NOON, by="Anna", purpose="klage", persons=[71727374], found=[])
    log = copied.workspace / ACCESS_LOG
    log.write_text(log.read_text().replace('"before": ""', '"before": "x"'))
    assert access_counts(copied) == {"whole": False, "fault": "protection.log-broken", "look_ups": {}}


def test_an_edition_from_before_states_has_no_log(made: Packed) -> None:
    said = edition_log(made.settings, "000000000000")
    assert said["edition"] is None
    assert edition_log_unbroken(said)
    assert all("event" not in link for link in said["chain"])
