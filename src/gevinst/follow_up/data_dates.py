"""What a reader must know of how the memo's date, the end of the data, and the reporting lag lie to each other.

How many of the last weeks still lack registrations is measured by the rule `reporting-lag` of the data quality; how
many are left out is the setting `reporting_lag_weeks`. The weeks between the two are in the figures and not whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gevinst.follow_up.edition import Edition
from gevinst.follow_up.notes import dated_before_data_note
from gevinst.language import long_date, number, say
from gevinst.register.data_quality import DataQuality, QualityMeasures, Verdict, verdict_of
from gevinst.weeks import last_complete_week, week_of

RULE = "reporting-lag"
OLD = timedelta(days=92)
"""Data that end so long before the memo's date are told to be old: the limit of the rule `age-of-data`."""


@dataclass(frozen=True)
class Lag:
    """How many of the source's last weeks are left out, and how many lack registrations.

    `lacking` is 0 where no more lack than are left out, or too few begin in a week to tell. `next_filled`: they were
    found by what the delivery after brought, and not by how few begin in them.
    """

    left_out: int = 0
    lacking: int = 0
    next_filled: bool = False


def lag_measured(quality: QualityMeasures | None, horizon: int) -> Lag:
    """The lag as it was measured; `horizon` is the last week that is used.

    >>> lag_measured(None, 1600)
    Lag(left_out=0, lacking=0, next_filled=False)
    """
    if quality is None:
        return Lag()
    subjects = [one.subject for rule, found in quality.measured if rule.key == RULE for one in found
                if one.of >= rule.at_least and verdict_of(rule, one.value) is not Verdict.OK]
    return _lag(quality.data_to, horizon, subjects)


def _lag(data_to: date | None, horizon: int, subjects: list[tuple[str, ...]]) -> Lag:
    left_out = 0 if data_to is None else max(last_complete_week(data_to) - horizon, 0)
    if not subjects:
        return Lag(left_out)
    how, lacking, _ = subjects[0]
    return Lag(left_out, int(lacking), how == "lag-diff")


def _lag_shown(quality: DataQuality | None, horizon: int) -> Lag:
    if quality is None:
        return Lag()
    return _lag(quality.data_to, horizon, [found.subject for one in quality.outcomes if one.rule.key == RULE
                                           for found in one.findings])


def notes_of(edition: Edition) -> tuple[str, ...]:
    """The notes of an edition, for a terminal."""
    if edition.data_horizon is None:
        return ()
    return data_date_notes(edition.memo_date, edition.data_horizon,
                           _lag_shown(edition.quality, week_of(edition.data_horizon)))


def data_date_notes(memo_date: date, data_to: date, lag: Lag) -> tuple[str, ...]:
    """What is to be said, where anything is. `data_to` is the last day of the last week that is used.

    >>> from gevinst.language import speaking
    >>> with speaking("en"):
    ...     data_date_notes(date(2021, 9, 1), date(2021, 5, 2), Lag())[0][:64]
    "The data end on 2 May 2021, 17 weeks before the memo's date. Wha"
    >>> data_date_notes(date(2021, 6, 1), date(2021, 5, 2), Lag(4, 4))
    ()
    """
    lacking = (_lacking(lag),) if lag.lacking > lag.left_out else ()
    before = dated_before_data_note(memo_date, data_to)
    if not before and memo_date <= data_to + timedelta(weeks=lag.left_out):
        before = (_too_soon(memo_date, data_to, lag.left_out),)
    old = (_old(memo_date, data_to),) if memo_date - data_to > OLD else ()
    return (*before, *old, *lacking)


def _lacking(lag: Lag) -> str:
    weeks, known = lag.lacking - lag.left_out, number(lag.lacking)
    last_da, them_da = ("Den sidste uge", "den") if weeks == 1 else (f"De sidste {number(weeks)} uger", "dem")
    last_en, them_en = ("The last week", "it") if weeks == 1 else (f"The last {number(weeks)} weeks", "them")
    why = say(
        da=f"den forrige leverance fik først sine sidste {known} uger hele med denne",
        en=f"the last {known} weeks of the delivery before became whole only with this one",
    ) if lag.next_filled else say(
        da=f"der begynder langt færre forløb i {them_da} end ellers",
        en=f"far fewer spells begin in {them_en} than usual")  # fmt: skip
    return say(
        da=f"{last_da}, som tallene bygger på, mangler sandsynligvis registreringer: {why}. En ydelse, der ikke er "
           "registreret endnu, tæller som ingen ydelse, og de nyeste deltagere kan mangle; de seneste tal kan derfor "
           f"være for gode eller for dårlige. Med reporting_lag_weeks = {lag.lacking} regnes ugerne ikke med.",
        en=f"{last_en} that the figures rest on probably {'lacks' if weeks == 1 else 'lack'} registrations: {why}. A "
           "benefit that is not registered yet counts as none, and the newest participants may be missing; so the "
           f"latest figures may be too good or too bad. With reporting_lag_weeks = {lag.lacking} the weeks are not "
           "counted.")


def _too_soon(memo_date: date, data_to: date, left_out: int) -> str:
    day, last, weeks = long_date(memo_date), long_date(data_to), number(left_out)
    later_da, later_en = ("uge", "week") if left_out == 1 else ("uger", "weeks")
    return say(
        da=f"Notatet er dateret {day}, men data til og med {last} er efter opsætningen først hele {weeks} {later_da} "
           "senere. Den dag kendte man mindre, end tallene bygger på.",
        en=f"The memo is dated {day}, but by the settings data to {last} are whole only {weeks} {later_en} later. Less "
           "was known that day than the figures rest on.")


def _old(memo_date: date, data_to: date) -> str:
    last, weeks = long_date(data_to), number((memo_date - data_to).days // 7)
    return say(
        da=f"Data slutter {last}, {weeks} uger før notatets dato. Hvad der er sket siden, er ikke med i de beregnede "
           "tal.",
        en=f"The data end on {last}, {weeks} weeks before the memo's date. What happened since is not in the computed "
           "figures.")
