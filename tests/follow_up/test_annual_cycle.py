"""Deadlines against dates looked up by hand in a calendar: round Easter, Pentecost, Christmas, and Store bededag."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from gevinst.errors import GevinstError
from gevinst.follow_up.annual_cycle import (
    Entry,
    Kind,
    Meeting,
    YearPlan,
    agenda_out,
    entries,
    follow_up_due,
    is_working_day,
    working_days_before,
)
from gevinst.follow_up.calendar_file import FILE, read_calendar
from gevinst.follow_up.calendar_ics import as_ics, uid
from gevinst.language import speaking

BAD = Path(__file__).parent / "bad_calendars"
USUAL = YearPlan()


@pytest.mark.parametrize(
    ("meeting", "out"),
    [
        (date(2021, 4, 28), date(2021, 4, 22)),  # Wednesday: 27, 26, 23, 22; Store bededag was on the 30th
        (date(2022, 4, 20), date(2022, 4, 11)),  # Thursday 14 to Monday 18 are Easter: 19, 13, 12, 11
        (date(2022, 6, 8), date(2022, 6, 1)),  # Pentecost Monday 6, Constitution Day a Sunday: 7, 3, 2, 1
        (date(2023, 5, 9), date(2023, 5, 2)),  # Store bededag Friday 5: 8, 4, 3, 2
        (date(2024, 4, 30), date(2024, 4, 24)),  # no Store bededag on Friday 26 from 2024: 29, 26, 25, 24
        (date(2023, 5, 23), date(2023, 5, 16)),  # Ascension Thursday 18: 22, 19, 17, 16
        (date(2024, 6, 7), date(2024, 5, 31)),  # Constitution Day Wednesday 5: 6, 4, 3, 31 May
        (date(2022, 1, 5), date(2021, 12, 29)),  # New Year's Eve Friday 31: 4, 3, 30, 29
        (date(2021, 12, 29), date(2021, 12, 22)),  # Christmas Eve Friday 24: 28, 27, 23, 22
    ],
)
def test_four_working_days_before(meeting: date, out: date) -> None:
    assert working_days_before(meeting, 4, USUAL) == out


def test_the_towns_own_closing_days_move_the_deadline() -> None:
    """A meeting on Wednesday 5 January 2022, with the town hall closed from Monday 27 to Thursday 30 December."""
    between = frozenset(date(2021, 12, day) for day in range(27, 31))
    assert working_days_before(date(2022, 1, 5), 4, replace(USUAL, closed_days=between)) == date(2021, 12, 22)


def test_days_that_are_no_public_holidays_are_closed_unless_the_town_says_otherwise() -> None:
    by_law = replace(USUAL, closed_every_year=())
    for day in (date(2024, 6, 5), date(2024, 12, 24), date(2024, 12, 31)):
        assert not is_working_day(day, USUAL)
        assert is_working_day(day, by_law)
        assert is_working_day(day, replace(USUAL, open_days=frozenset({day})))
    assert is_working_day(date(2024, 5, 1), USUAL), "the first of May is worked"
    assert not is_working_day(date(2023, 5, 5), by_law), "Store bededag 2023"
    assert is_working_day(date(2024, 4, 26), by_law), "the fourth Friday after Easter 2024"


def test_saturdays_count_where_the_town_says_so() -> None:
    """Wednesday 12 January 2022: Tuesday, Monday, Friday and Thursday; with Saturdays only to Friday."""
    assert working_days_before(date(2022, 1, 12), 4, USUAL) == date(2022, 1, 6)
    assert working_days_before(date(2022, 1, 12), 4, replace(USUAL, saturdays=True)) == date(2022, 1, 7)


def test_a_follow_up_is_due_on_the_last_working_day_of_its_month() -> None:
    assert [follow_up_due(2022, month, USUAL).day for month in (4, 6, 9, 11)] == [29, 30, 30, 30]
    assert follow_up_due(2021, 4, USUAL) == date(2021, 4, 29), "Store bededag was on the 30th"


def test_the_year_holds_follow_ups_meetings_and_agendas_by_day() -> None:
    early = Meeting(date(2022, 1, 5), "AU", "au-1")
    moved = Meeting(date(2022, 12, 14), "AU", "au-12", follow_up=True, agenda_out=date(2022, 12, 7))
    plan = replace(USUAL, meetings=(early, moved))
    found = entries(2022, plan)
    assert [(entry.day, entry.kind) for entry in found] == [
        (date(2022, 1, 5), Kind.MEETING),
        (date(2022, 4, 29), Kind.FOLLOW_UP),
        (date(2022, 6, 30), Kind.FOLLOW_UP),
        (date(2022, 9, 30), Kind.FOLLOW_UP),
        (date(2022, 11, 30), Kind.FOLLOW_UP),
        (date(2022, 12, 7), Kind.AGENDA),
        (date(2022, 12, 14), Kind.MEETING),
    ]
    assert [entry.kind for entry in entries(2021, plan)][-1] is Kind.AGENDA, "of the meeting in January"
    assert agenda_out(moved, plan) == date(2022, 12, 7)
    with speaking("da"):
        assert [found[0].title, found[1].title, found[5].title] == [
            "Møde: AU", "Budgetopfølgning april 2022", "Dagsorden ud: AU"]
    with speaking("en"):
        assert found[5].title == "Agenda out: AU"


def events_in(text: bytes) -> dict[str, Any]:
    """The events of a calendar file by their UID, as another program reads them."""
    read: Any = Calendar.from_ical(text)
    return {str(event["uid"]): event for event in read.walk("VEVENT")}


def test_the_calendar_file_is_read_by_others_and_names_an_entry_alike_whatever_its_day() -> None:
    meeting = Meeting(date(2022, 12, 14), "Arbejdsmarkedsudvalget; møde, ekstra", "au-12")
    with speaking("da"):
        first = as_ics(entries(2022, replace(USUAL, meetings=(meeting,))), "Norddjurs Kommune", "707")
        assert first == as_ics(entries(2022, replace(USUAL, meetings=(meeting,))), "Norddjurs Kommune", "707")
        later = replace(meeting, day=date(2022, 12, 21))
        second = as_ics(entries(2022, replace(USUAL, meetings=(later,))), "Norddjurs Kommune", "707")
    before, after = events_in(first), events_in(second)
    assert set(before) == set(after)
    assert len(before) == 6
    moved = [key for key in before if before[key]["dtstart"].dt != after[key]["dtstart"].dt]
    assert len(moved) == 2, "the meeting and its agenda"
    event = before[uid(Entry(meeting.day, Kind.MEETING, "au-12", meeting), "707")]
    assert str(event["summary"]) == "Møde: Arbejdsmarkedsudvalget; møde, ekstra"
    assert (event["dtend"].dt - event["dtstart"].dt).days == 1
    assert str(event["transp"]) == "TRANSPARENT"
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))
    other = Entry(meeting.day, Kind.MEETING, "au-12", meeting)
    assert uid(other, "707") != uid(other, "751"), "two municipalities' calendars do not overwrite each other"


def test_a_whole_file(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        """
follow_up_months: [11, 4]
agenda_days: 5
saturdays: false
closed_every_year: ["24-12", "31.12", "5/6", "1-5"]
closed_days:
  - 2022-05-27  # the day after Ascension
  - {from: 2021-12-27, to: 2021-12-30}
open_days: [2022-04-14]
partial_weeks_open: 0.25
meetings:
  - {date: 2022-01-12, body: Arbejdsmarkedsudvalget, key: au-1, follow_up: true, portfolio: norddjurs-2020-2023}
  - {date: 2021-12-15, body: Arbejdsmarkedsudvalget}
""",
        encoding="utf-8",
    )
    plan = read_calendar(tmp_path)
    assert plan.follow_up_months == (4, 11)
    assert plan.agenda_days == 5
    assert plan.closed_every_year == ((12, 24), (12, 31), (6, 5), (5, 1))
    assert len(plan.closed_days) == 5
    assert plan.partial_open == Decimal("0.25")
    assert [meeting.key for meeting in plan.meetings] == ["2021-12-15 Arbejdsmarkedsudvalget", "au-1"]
    assert plan.meetings[1].follow_up
    assert is_working_day(date(2022, 4, 14), plan)


def test_without_a_file_the_calendar_is_the_usual_one(tmp_path: Path) -> None:
    assert read_calendar(tmp_path) == USUAL


@pytest.mark.parametrize("bad", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_mistake_is_named_with_its_line(bad: Path, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(bad.read_bytes())
    with pytest.raises(GevinstError) as caught:
        read_calendar(tmp_path)
    assert caught.value.code == f"calendar.{bad.stem}"
    assert FILE in caught.value.where
    for language in ("da", "en"):
        what, do = caught.value.message(language)
        assert what
        assert do


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("follow_up_months: []", "calendar.month"),
        ("møder: []", "parameters.unknown-key"),
        ("agenda_days: 4\nagenda_days: 4", "parameters.duplicate-key"),
        ("meetings: [{date: 15-12-2021, body: AU}]", "parameters.wrong-kind"),
        ("closed_days: [{from: 2021-12-24}]", "calendar.period"),
        ("closed_every_year: [[1]]", "calendar.day-of-year"),
    ],
)
def test_other_mistakes(text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(GevinstError) as caught:
        read_calendar(tmp_path)
    assert caught.value.code == code


def test_a_calendar_that_is_a_folder_or_not_text_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(GevinstError, match=r"calendar\.unreadable"):
        read_calendar(tmp_path)
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    with pytest.raises(GevinstError, match=r"calendar\.unreadable"):
        read_calendar(tmp_path)
