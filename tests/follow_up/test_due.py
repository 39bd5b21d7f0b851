"""What is due and what is late, against a calendar kept by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from gevinst.follow_up.annual_cycle import Kind, Meeting, YearPlan
from gevinst.follow_up.due import Due, Standing, obligations, standing_name
from gevinst.language import speaking
from gevinst.register.edition_log import STATES, EditionRecord, Event

P = "norddjurs"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def edition(memo: date, states: dict[str, date], key: str = "e1") -> EditionRecord:
    """An edition that came into the states on the days."""
    events = tuple(Event(at(day), next(one for one in STATES if one == state), "Bo", "bo", "", "0")
                   for state, day in states.items())  # fmt: skip
    return EditionRecord(key, P, memo, "Anna", events=events)


def seen(today: date, editions: Sequence[EditionRecord], imports: Sequence[date], plan: YearPlan) -> list[Due]:
    with speaking("da"):
        return list(obligations(plan, [P], editions, [at(one) for one in imports], today))


def one(found: Sequence[Due], key: str, kind: Kind = Kind.FOLLOW_UP) -> Due:
    return next(due for due in found if due.entry.key == key and due.entry.kind is kind)


PLAN = YearPlan()
STEPS = {"draft": date(2021, 9, 20), "checked": date(2021, 9, 22), "approved": date(2021, 9, 27)}
MADE = edition(date(2021, 9, 20), STEPS)


def test_a_follow_up_that_was_approved_in_time_is_done() -> None:
    found = seen(date(2021, 10, 10), [MADE], [date(2021, 9, 10)], PLAN)
    september = one(found, "2021-09")
    assert september.standing is Standing.DONE
    assert september.done_on == date(2021, 9, 27)
    assert september.edition == "e1"
    assert september.lacking == ()


def test_one_that_was_approved_after_the_last_working_day_is_done_late() -> None:
    late = edition(date(2021, 9, 30), {"draft": date(2021, 9, 30), "approved": date(2021, 10, 4)})
    september = one(seen(date(2021, 10, 10), [late], [date(2021, 9, 10)], PLAN), "2021-09")
    assert september.standing is Standing.DONE_LATE


def test_a_draft_is_not_done_and_stale_data_are_named() -> None:
    draft = edition(date(2021, 11, 20), {"draft": date(2021, 11, 20)})
    november = one(seen(date(2021, 11, 25), [draft], [date(2021, 8, 31)], PLAN), "2021-11")
    assert november.standing is Standing.DUE
    assert november.lacking == ("der er ikke indlæst nye data siden 01-09-2021 (sidst 31-08-2021)",
                                "udgave e1 er udkast, ikke godkendt")
    late = one(seen(date(2021, 12, 1), [draft], [date(2021, 9, 1)], PLAN), "2021-11")
    assert late.standing is Standing.LATE
    assert late.lacking == ("udgave e1 er udkast, ikke godkendt",), "data of the first of September are new enough"


def test_an_approved_follow_up_on_old_data_says_so() -> None:
    old = replace(MADE, memo_date=date(2021, 11, 20))
    november = one(seen(date(2021, 12, 1), [old], [date(2021, 6, 1)], PLAN), "2021-11")
    assert november.standing is Standing.DONE
    assert november.lacking == ("der er ikke indlæst nye data siden 01-09-2021 (sidst 01-06-2021)",)


def test_data_that_came_when_the_time_was_over_are_not_said_to_be_old() -> None:
    """The newest data are of today, a year after the follow-up: what lacks is that none came in its time."""
    november = one(seen(date(2022, 11, 21), [], [date(2021, 8, 2), date(2022, 11, 21)], PLAN), "2021-11")
    assert november.standing is Standing.LATE
    assert november.lacking == ("der blev ikke indlæst data fra 01-09-2021 til 31-03-2022 (først den 21-11-2022)",
                                "notatet er ikke lavet")
    imports = [date(2021, 8, 2), date(2022, 3, 31), date(2022, 11, 21)]
    in_time = one(seen(date(2022, 11, 21), [], imports, PLAN), "2021-11")
    assert in_time.lacking == ("notatet er ikke lavet",), "data that came before the next follow-up's month"


def test_what_lies_ahead_comes_and_what_lay_before_the_beginning_is_nobodys() -> None:
    found = seen(date(2021, 11, 26), [], [date(2021, 11, 26)], PLAN)
    assert [(due.entry.key, due.standing) for due in found] == [("2021-11", Standing.DUE)]
    february = seen(date(2022, 2, 10), [], [date(2021, 11, 26)], PLAN)
    assert [(due.entry.key, due.standing) for due in february] == [
        ("2021-11", Standing.LATE), ("2022-04", Standing.COMING)]
    assert february[1].lacking == ()
    nothing = seen(date(2021, 11, 26), [], [], PLAN)
    assert nothing[0].lacking == ("der er ikke indlæst data", "notatet er ikke lavet")


def test_an_agenda_with_the_follow_up_needs_an_approved_memo_since_the_meeting_before() -> None:
    meetings = (Meeting(date(2021, 10, 27), "AU", "au-10", follow_up=True), Meeting(date(2021, 11, 17), "AU", "au-11"),
                Meeting(date(2021, 12, 15), "AU", "au-12", follow_up=True, portfolio=P),
                Meeting(date(2021, 12, 16), "ØU", "øu", follow_up=True, portfolio="another"))
    found = seen(date(2021, 12, 13), [MADE], [date(2021, 9, 10)], replace(PLAN, meetings=meetings))
    assert one(found, "au-10", Kind.AGENDA).standing is Standing.DONE
    december = one(found, "au-12", Kind.AGENDA)
    assert december.entry.day == date(2021, 12, 9)
    assert december.standing is Standing.LATE
    assert december.lacking == ("notatet er ikke lavet",)
    assert {due.entry.key for due in found} >= {"au-10", "au-12"}
    assert not {due.entry.key for due in found} & {"au-11", "øu"}


def test_each_portfolio_has_its_own() -> None:
    with speaking("da"):
        found = obligations(PLAN, ["another", P], [MADE], [at(date(2021, 9, 10))], date(2021, 10, 10))
    september = [due for due in found if due.entry.key == "2021-09"]
    assert [(due.portfolio, due.standing) for due in september] == [("another", Standing.LATE), (P, Standing.DONE)]


def test_every_standing_has_a_name_in_both_languages() -> None:
    for language in ("da", "en"):
        with speaking(language):
            assert len({standing_name(standing) for standing in Standing}) == len(Standing)
