"""The protocol in the terminal: all that it says, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gevinst.language import speaking
from gevinst.money import CURRENT
from gevinst.register.business_case import FollowedBy, Investment, Portfolio, Protocol, Suspension, TargetGroup
from gevinst.register.protocol import ProtocolChange, ProtocolRecord
from gevinst.register.protocol_lines import protocol_lines

FIXED = datetime(2021, 3, 1, 12, tzinfo=UTC)
CASE = Investment("2", "sag", "En sag", TargetGroup("Alle", benefit="kontanthjaelp"),
                  referrals_from=date(2021, 4, 1), protocol=Protocol(
    "matched", 26, ("sex", "education"), new_spell_after="calendar_month", later_participants="keep"))
TOWN = Portfolio("prove", "Prøve", "Prøveby", (2020, 2021), CURRENT, (CASE,), suspensions=(
    Suspension(date(2020, 3, 11), date(2020, 5, 26), "Nedlukning"),))
RECORD = ProtocolRecord("ab" * 32, date(2021, 3, 1), (
    ProtocolChange("headline", "baseline", "matched", date(2021, 6, 1)),
    ProtocolChange("match_on", (), ("education", "sex"), date(2021, 6, 1))), "cd" * 32, FIXED)


def test_every_field_the_checksum_the_day_and_the_deviations_are_there() -> None:
    with speaking("da"):
        lines = protocol_lines(TOWN, CASE, RECORD, datetime(2021, 5, 1, 12, tzinfo=UTC))
    assert lines == [
        "2. En sag",
        "  Hovedmetode:              matchet",
        "  Horisont, uger:           26",
        "  Match på:                 sex, education",
        "  Sammenligningsår:         ikke angivet",
        "  Nyt forløb efter:         en hel kalendermåned",
        "  Lodtrækning:              nej",
        "  Senere deltagere:         følges videre",
        "  Dobbelttælling:           den første indsats",
        "  Målgruppens ydelse:       kontanthjaelp",
        "  Visitation fra:           01-04-2021",
        "  Visitation til:           åben",
        "  Perioder uden visitation: 11-03-2020 – 26-05-2020",
        f"  SHA-256:                  {'ab' * 32}",
        "  Fastlagt:                 01-03-2021, før borgernes data første gang blev indlæst (01-05-2021)",
        f"  Afvigelser fra det fastlagte (SHA-256 {'cd' * 32}):",
        "    01-06-2021  Hovedmetode: tidligere år → matchet",
        "    01-06-2021  Match på: ikke angivet → education, sex",
    ]


@pytest.mark.parametrize(("loaded", "said"), [
    (None, "2021-03-01; persons' data have not been loaded yet"),
    (datetime(2021, 3, 1, 11, tzinfo=UTC), "2021-03-01, AFTER persons' data were first loaded (2021-03-01)"),
    (datetime(2021, 3, 1, 13, tzinfo=UTC), "2021-03-01, before persons' data were first loaded (2021-03-01)"),
])
def test_it_says_whether_the_protocol_came_before_the_data(loaded: datetime | None, said: str) -> None:
    untouched = ProtocolRecord("ab" * 32, date(2021, 3, 1), (), "ab" * 32, FIXED)
    with speaking("en"):
        lines = protocol_lines(TOWN, CASE, untouched, loaded)
    assert lines[-2:] == [f"  Fixed:                     {said}", "  No deviations from what was fixed."]


def test_a_case_that_is_counted_says_that_no_effect_is_computed() -> None:
    counted = Investment("5", "antal", "Placeringer", TargetGroup("Alle"), followed_by=FollowedBy.HEAD_COUNT)
    with speaking("da"):
        said = protocol_lines(TOWN, counted, RECORD, None)[1]
    assert said == "  Følges ved antal placeringer; der beregnes ingen effekt."
