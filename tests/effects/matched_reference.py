"""The matched comparison as slow loops over persons and weeks, written from the method page and not from the code.

What it takes from the engine are the referral scores, the bands of covariates, the order of the steps of matching, and
the paid pieces (each has tests of its own); all else is found from the town's own rows.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np

from gevinst.cohorts.trials import STEPS_OF_MATCHING, StepOfMatching
from gevinst.effects.design import StudyDesign
from gevinst.weeks import monday, quarter_of, year_of
from tests.town import SUPPORT, Town

FINE = (1, 2, 3, 4, 5, 7, 10, 14, 18, 22, 27, 33, 40, 46, 53, 66, 79, 92, 105, 131, 157, 209)
BROAD = (5, 14, 27, 53, 105)
PRIOR = (27, 53, 79)
EDUCATIONS, PENSIONS = {"su"}, {"folkepension"}
PLACES = ("same_benefit", "other_benefit", "education", "pension", "left_register", "self_support")
Score = Callable[[int, int], float]  # person, week


@dataclass(frozen=True)
class Trial:
    """A person followed from a week, in a cell, with her weight."""

    cell: tuple
    person: int
    week: int
    taken: bool
    weight: float


class Slow:
    """The town as the method page describes it."""

    def __init__(self, town: Town, gap: int = 4) -> None:
        self.town, self.gap, self.people = town, gap, town.people
        self.received: dict[tuple[int, str], set[int]] = defaultdict(set)
        for person, benefit, begin, end, _ in town.spells:
            self.received[person, benefit] |= set(range(begin, min(end, town.horizon + 1)))
        self.first: dict[int, tuple[int, str]] = {}
        for person, investment, week in sorted(town.starts, key=lambda row: (row[2], row[1])):
            if week <= town.horizon:
                self.first.setdefault(person, (week, investment))
        self.elapsed = cache(self._elapsed)
        self.prior = cache(self._prior)

    def on(self, person: int, benefit: str, week: int) -> bool:
        """Receives the benefit in the week, and is still in the register."""
        return week in self.received[person, benefit] and not self.gone(person, week)

    def gone(self, person: int, week: int) -> bool:
        """Has died or moved away."""
        return week >= self.town.left.get(person, math.inf)

    def supported(self, person: int, week: int) -> bool:
        """Receives any public support, also after having left."""
        return any(week in self.received[person, benefit] for benefit in SUPPORT)

    def _elapsed(self, person: int, benefit: str, week: int) -> int:
        """Weeks since the spell began; a gap shorter than the rule does not end it."""
        begun, absent = week, 0
        back = week - 1
        while absent < self.gap and back >= min(self.received[person, benefit]):
            if back in self.received[person, benefit]:
                begun, absent = back, 0
            else:
                absent += 1
            back -= 1
        return week - begun

    def _prior(self, person: int, week: int, known_from: int) -> int:
        return sum(self.supported(person, back) for back in range(max(week - 104, known_from), week))

    def first_start(self, person: int) -> float:
        """The week of a person's first participation in anything."""
        return self.first.get(person, (math.inf, ""))[0]

    def open(self, design: StudyDesign, week: int) -> bool:
        """Somebody could be referred on at least one day of the week."""
        days = [monday(week) + timedelta(days=day) for day in range(7)]
        shut = any(all(begin <= day <= end for day in days) for begin, end in design.closed)
        return not shut and any(design.first_day <= day <= design.last_day for day in days)

    def starters(self, design: StudyDesign) -> dict[int, int]:
        """Participants who can be followed: person and week."""
        found = {}
        for person, (week, investment) in self.first.items():
            day = monday(week)
            fits = design.first_day <= day <= design.last_day and week >= self.town.first
            shut = any(begin <= day <= end for begin, end in design.closed)
            if investment == design.investment and fits and not shut and week in self.received[person, design.benefit]:
                found[person] = week
        return found

    def eligible(self, design: StudyDesign, person: int, week: int) -> bool:
        """Could have been referred in the week, or was."""
        on = self.on(person, design.benefit, week)
        return on and self.open(design, week) and self.first_start(person) >= week

    # The censoring weights -------------------------------------------------------------------------------------

    def hazards(self, designs: list[StudyDesign], scores: dict[str, Score], first: int) -> dict[tuple[int, int], float]:
        """The chance of being lost in a week after `first`, by person and week; weeks without any are not in it.

        Those who start in a studied investment while on its benefit, also outside the referral period, are lost by its
        scores; all others who start in something, evenly among those who are where they were.
        """
        chance: dict[tuple[int, int], float] = defaultdict(float)
        otherwise = {person: week for person, (week, _) in self.first.items() if week > first}
        for design in designs:
            if design.investment not in scores:
                continue
            lost = {
                person: week
                for person, (week, investment) in self.first.items()
                if investment == design.investment and week >= first and self.on(person, design.benefit, week)
            }
            otherwise = {person: week for person, week in otherwise.items() if person not in lost}
            for week, count in Counter(lost.values()).items():
                there = [
                    p for p in self.people if self.on(p, design.benefit, week) and self.first_start(p) >= week
                ]
                relative = {p: math.exp(scores[design.investment](p, week)) for p in there}
                for person in there:
                    chance[person, week] += count * relative[person] / sum(relative.values())
        targets = {design.benefit for design in designs}
        for week in set(otherwise.values()):
            there = defaultdict(list)
            for person in self.people:
                if self.first_start(person) >= week:
                    there[self.state(person, week, targets)].append(person)
            for state, persons in there.items():
                count = sum(otherwise.get(person) == week for person in persons)
                for person in persons if count else ():
                    chance[person, week] += count / len(there[state])
        return {key: min(value, 0.5) for key, value in chance.items()}

    def state(self, person: int, week: int, targets: set[str]) -> tuple:
        """All that is known of where a person is."""
        received = {benefit for (p, benefit), weeks in self.received.items() if p == person and week in weeks}
        told = (received & targets, bool(received & SUPPORT), received & EDUCATIONS, received & PENSIONS)
        return (*map(str, map(sorted, (told[0], told[2], told[3]))), told[1], self.gone(person, week))

    def cumulated(self, chance: dict[tuple[int, int], float], first: int) -> dict[int, list[float]]:
        """L by person: the sum over weeks so far of -log(1 - h), kept in single precision as the engine keeps it."""
        found = {}
        for person in self.people:
            total, sums = 0.0, []
            for week in range(first, self.town.horizon + 1):
                total -= math.log1p(-chance.get((person, week), 0.0))
                sums.append(float(np.float32(total)))
            found[person] = sums
        return found

    # Matching --------------------------------------------------------------------------------------------------

    def match(
        self, design: StudyDesign, score: Score, coarse: dict[int, tuple[int, ...]], known_from: int
    ) -> tuple[list[Trial], dict[str, list[int]], list[int]]:
        """Trials, whom each step matched, and whom none did."""
        starters = self.starters(design)
        ordered = sorted(score(person, week) for person, week in starters.items())
        by_step: dict[str, list[int]] = {step.key: [] for step in STEPS_OF_MATCHING}
        trials: list[Trial] = []
        unmatched: list[int] = []
        for quarter in sorted({quarter_of(week) for week in starters.values()}):
            waiting = {p: w for p, w in starters.items() if quarter_of(w) == quarter}
            free = {
                (person, week)
                for week in set(waiting.values())
                for person in self.town.people
                if self.on(person, design.benefit, week) and self.first_start(person) > week
            }
            everybody = set(free)
            for step in STEPS_OF_MATCHING:
                if step.everybody:
                    free = set(everybody)

                def cell(person: int, week: int, step: StepOfMatching = step) -> tuple:
                    elapsed = band(self.elapsed(person, design.benefit, week), FINE if step.fine_elapsed else BROAD)
                    if step.strata:
                        return step.key, week, elapsed, band(score(person, week), edges(ordered, step.strata))
                    prior = band(self.prior(person, week, known_from), PRIOR)
                    return step.key, week, elapsed, prior, *coarse[person]

                compared, wanted = defaultdict(list), defaultdict(list)
                for person, week in sorted(waiting.items()):
                    wanted[cell(person, week)].append((person, week))
                for person, week in sorted(free):
                    compared[cell(person, week)].append((person, week))
                for one, members in wanted.items():
                    others = compared[one]
                    if len(others) < step.least:
                        continue
                    trials += [Trial(one, p, w, True, 1.0) for p, w in members]
                    trials += [Trial(one, p, w, False, len(members) / len(others)) for p, w in others]
                    by_step[step.key] += [p for p, _ in members]
                    for person, _ in members:
                        del waiting[person]
                # Cells that are not too thin are done with, also where nobody started.
                free -= {other for others in compared.values() if len(others) >= step.least for other in others}
            unmatched += sorted(waiting)
        return trials, by_step, unmatched

    # The sums --------------------------------------------------------------------------------------------------

    def place(self, person: int, benefit: str, week: int) -> str:
        """Where a person is."""
        received = {b for (p, b), weeks in self.received.items() if p == person and week in weeks}
        if self.gone(person, week):
            return "left_register"
        if benefit in received:
            return "same_benefit"
        if received & PENSIONS:
            return "pension"
        if received & SUPPORT:
            return "other_benefit"
        return "education" if received & EDUCATIONS else "self_support"

    def shares(
        self,
        trials: list[Trial],
        weeks: int,
        value: Callable[[int, int], float],
        cumulated: dict[int, list[float]] | None,
        first: int,
    ) -> tuple[list[float], list[float], list[int]]:
        """Mean of `value` k weeks after the start, with and without the investment, and how many were followed."""
        actual, without, followed = [], [], []
        for k in range(weeks + 1):
            own = [value(t.person, t.week + k) for t in trials if t.taken and t.week + k <= self.town.horizon]
            total = weight = 0.0
            for trial in trials:
                u = self.weight(trial, k, cumulated, first)
                if not trial.taken and u > 0:
                    total += u * value(trial.person, trial.week + k)
                    weight += u
            actual.append(sum(own) / len(own) if own else math.nan)
            without.append(total / weight if weight else math.nan)
            followed.append(len(own))
        return actual, without, followed

    def weight(self, trial: Trial, k: int, cumulated: dict[int, list[float]] | None, first: int) -> float:
        """A comparator's weight k weeks on: 0 once lost; those who are not stand for those who were."""
        now = trial.week + k
        if now > self.town.horizon:
            return 0.0
        if cumulated is None:
            return trial.weight
        if self.first_start(trial.person) <= now:
            return 0.0
        sums = cumulated[trial.person]
        rise = float(np.float32(sums[now - first]) - np.float32(sums[trial.week - first]))
        return trial.weight * min(math.exp(rise), 20.0)

    def paid(
        self,
        trials: list[Trial],
        weeks: int,
        paid: dict[tuple[int, int], list[tuple[tuple[str, int], float]]],
        cumulated: dict[int, list[float]] | None,
        first: int,
    ) -> tuple[Counter, Counter]:
        """Full-time weeks of all participants by (year, (benefit, step)), with and without the investment."""
        actual, without = Counter(), Counter()
        for k in range(weeks + 1):
            stood = sum(self.weight(t, k, cumulated, first) for t in trials if not t.taken)
            followed = sum(t.taken and t.week + k <= self.town.horizon for t in trials)
            for trial in trials:
                now = trial.week + k
                if now > self.town.horizon:
                    continue
                for kind, degree in paid.get((trial.person, now), []):
                    if trial.taken:
                        actual[year_of(now), kind] += degree
                    else:
                        u = self.weight(trial, k, cumulated, first)
                        without[year_of(now), kind] += followed * u * degree / stood if stood else 0.0
        return actual, without


def band(value: float, edges: tuple[float, ...] | list[float]) -> int:
    """How many bands begin at or before the value, the first band not counted."""
    return sum(value >= edge for edge in edges)


def edges(ordered: list[float], strata: int) -> list[float]:
    """Where strata of the participants' scores begin: at scores, as many participants in each as can be.

    The first begins at the least score and the last ends just above the greatest; nobody beyond is like them.
    """
    inner = {ordered[math.ceil((len(ordered) - 1) * (number / strata))] for number in range(1, strata)}
    return sorted({*inner, ordered[0], math.nextafter(ordered[-1], math.inf)})
