"""The municipalities of the recovery study: one investment, and one trap after the other, alone and together.

A-dagpenge, referrals for two and a half years, data for a year after the last of them; every participant is followed
for 52 weeks, but in `short_follow_up`. Between a fifth and a third of those who could be referred take part. Referral
is by rate, so that what is known in a week is all that decides (but in `hidden`). Who is not delayed starts within
four weeks of the spell. A run on the benefit is a spell as the rule of four weeks sees it, so that elapsed duration is
what it seems (but in `short_gaps`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gevinst.sources.synthetic import Boom, HiddenTrait, Suspended, SyntheticInvestment, SyntheticSpec

KEY = "indsats"
PERSONS = {200: 3_000, 2_000: 20_000}  # by the participants wanted
LAST_REFERRAL, LAST_DAY = date(2021, 6, 27), date(2022, 6, 26)
PRICES = {"a-dagpenge": 4_400.0, "kontanthjaelp": 2_700.0, "sygedagpenge": 4_400.0, "ressourceforloeb": 2_900.0}
COVARIATES = ("sex", "age_at_entry", "education", "prior_benefit_weeks_2y", "health_problem", "municipality")

INVESTMENT = SyntheticInvestment(
    KEY, "a-dagpenge", 1, 13, 500.0, exit_hazard_increase=0.25, referrals_from=date(2019, 1, 7),
    referrals_to=LAST_REFERRAL, referral_by_duration=((4, 1.0),))
PLAIN = SyntheticSpec(
    data_to=LAST_DAY, mix={"a-dagpenge": 0.85, "kontanthjaelp": 0.05, "sygedagpenge": 0.10}, investments=(INVESTMENT,),
    suspensions=(), creaming=0.0, cycle_by_entry=False, shortest_gap=4, prices=PRICES)
SUSPENSIONS = (Suspended(date(2020, 3, 11), date(2020, 5, 26)), Suspended(date(2020, 12, 9), date(2021, 4, 15)))


@dataclass(frozen=True)
class Scenario:
    """A municipality, and what is to be learned from it. `sound`: whether `matched` is promised to be right in it."""

    name: str
    about: str
    spec: SyntheticSpec
    sound: bool = True


def _delayed(spec: SyntheticSpec) -> SyntheticSpec:
    late = replace(INVESTMENT, min_spell_weeks=8, referral_by_duration=((26, 1.0), (52, 1.5), (104, 0.75)))
    return replace(spec, investments=(replace(late, exit_hazard_increase=spec.investments[0].exit_hazard_increase),))


def _selected(spec: SyntheticSpec) -> SyntheticSpec:
    return replace(spec, creaming=1.5, age_gradient=-0.15, prior_gradient=-0.15)


def _boom(spec: SyntheticSpec) -> SyntheticSpec:
    return replace(spec, booms=(Boom(date(2020, 9, 28), 1.35),))


def _suspended(spec: SyntheticSpec) -> SyntheticSpec:
    return replace(spec, suspensions=SUSPENSIONS)


def _idle(spec: SyntheticSpec) -> SyntheticSpec:
    return replace(spec, investments=(replace(spec.investments[0], exit_hazard_increase=0.0),))


def _to_the_end(spec: SyntheticSpec) -> SyntheticSpec:
    return replace(spec, investments=(replace(spec.investments[0], referrals_to=LAST_DAY),))


_COMBINED = _suspended(_boom(_selected(_delayed(PLAIN))))
SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario("no_effect", "Nothing is done and nothing is in the way", _idle(PLAIN)),
        Scenario("effect", "The investment works (25 % faster out), referral at random in the first weeks", PLAIN),
        Scenario("observed_selection", "Good prospects are preferred, by bands and within them", _selected(PLAIN)),
        Scenario("delayed_entry", "Participants start 9-104 weeks into their spell", _delayed(PLAIN)),
        Scenario("boom", "From October 2020 everybody leaves 35 % faster", _boom(PLAIN)),
        Scenario("suspension", "Nobody starts in two lockdowns of 11 and 18 weeks", _suspended(PLAIN)),
        Scenario("combined", "Selection, delayed entry, boom and suspension together", _COMBINED),
        Scenario("combined_no_effect", "The same, and the investment does nothing", _idle(_COMBINED)),
        Scenario("short_follow_up", "As combined, with referrals until the data end", _to_the_end(_COMBINED)),
        Scenario("short_gaps", "As combined, and some come back after 1-3 weeks, with the rates of a new run",
                 replace(_COMBINED, shortest_gap=1), sound=False),
        Scenario("hidden", "As effect, with a trait no file shows: 1.6 times as fast out, 2 times as often referred",
                 replace(PLAIN, hidden=HiddenTrait(0.5, 1.6, 2.0)), sound=False),
    )
}


def municipality(scenario: Scenario, participants: int, seed: int) -> SyntheticSpec:
    """The municipality of one run: so many participants wanted, among as many persons as go with them."""
    wanting = tuple(replace(one, wanted_participants=participants) for one in scenario.spec.investments)
    return replace(scenario.spec, seed=seed, persons=PERSONS[participants], investments=wanting)
