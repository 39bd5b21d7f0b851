"""Rows of the participants' file beside those registered: who is between them is protected like any other number."""

from __future__ import annotations

from datetime import date

import pytest

from gevinst.effects.design import StudyDesign
from gevinst.effects.study import Study
from gevinst.follow_up.disclosure.cells import Relation
from gevinst.follow_up.disclosure.disclose import disclose
from gevinst.follow_up.disclosure.rules import Rules
from gevinst.follow_up.edition import InputFile
from gevinst.follow_up.registrations import rows_of_registrations

RULES = Rules()
DESIGN = StudyDesign("net", "a-dagpenge", date(2020, 1, 1), date(2020, 12, 31))


def study(participants: int, off: int) -> Study:
    return Study(DESIGN, {}, (), {"not_on_benefit_at_start": off}, participants, 200)


def file(accepted: int, table: str = "participants") -> InputFile:
    return InputFile("deltagere.csv", "", accepted, accepted, 0, table=table)


def test_rows_are_those_registered_and_others() -> None:
    studies = {"1": study(40, 3), "2": study(20, 0)}
    found = rows_of_registrations([file(63)], studies, RULES)
    whole = "file/deltagere.csv/accepted"
    assert found.relations == (Relation(whole, ("1/registered", "2/registered")),)
    more = rows_of_registrations([file(64)], studies, RULES)
    assert more.relations == (Relation(whole, ("1/registered", "2/registered", f"{whole}/others")),)
    assert [(cell.value, cell.printed) for cell in more.cells] == [(1, False)]


@pytest.mark.parametrize(("files", "studies"), [
    ([file(62)], {"1": study(40, 23)}), ([file(63, "spells")], {"1": study(40, 3)}), ([file(63)], {}), ([], {})])
def test_what_is_not_bound(files: list[InputFile], studies: dict[str, Study]) -> None:
    assert rows_of_registrations(files, studies, RULES).relations == ()


def test_the_rows_do_not_tell_who_was_left_out() -> None:
    """Forty take part of 43 rows: without the relation both stand there, and three are between them."""
    files, studies = [file(43)], {"1": study(40, 3)}
    told = [("deltagere.csv", 43, 0)]
    plain = disclose(studies, RULES, files=told).counts.shown
    assert (plain["file/deltagere.csv/accepted"], plain["1/participants"]) == (43, 40)
    bound = disclose(studies, RULES, files=told, further=[rows_of_registrations(files, studies, RULES)]).counts.shown
    assert not {"file/deltagere.csv/accepted": 43, "1/participants": 40}.items() <= bound.items()
    assert not {"file/deltagere.csv/rows": 43, "1/participants": 40}.items() <= bound.items()
