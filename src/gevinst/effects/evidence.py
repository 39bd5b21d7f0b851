"""How far an effect can be relied on: a grade by a stated rule, and what an unknown difference could do to it.

The grade is about the figure's footing, not about its size: an effect of nothing can be well founded.

- **A** Lot decided who took part, and no check speaks against it.
- **B** Those who took part are compared with persons like them, and every check was made and passed; or lot decided,
  with a lesser weakness.
- **C** The same with weaknesses, each named.
- **D** A comparison that is biased in a known way, however well its other checks turn out.
- **E** No claim: too few took part, or a placebo finds what is not there on a scale that could be the whole effect.

A check that was not made counts against a matched comparison, where it carries the argument, but not against a lot.
The E-value (`unknown_difference.py`) moves no grade, because it grows with the effect; it stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gevinst.effects.balance import ALIKE, UNLIKE
from gevinst.language import number, percent, say

OUTSIDE_SUPPORT = 0.10
"""More participants than this without anyone like them, and the effect is about another group than those who took part:
even if the rest had no effect at all, the average would be a tenth off."""
PLACEBO_SHARE = 0.5
"""A placebo this large beside the effect leaves less than half of it to the effort."""
HORIZON_SEEN = 0.5
"""Less of the horizon than this, and the figure says less than what has not been seen yet."""
BY_LOT = ("rest_of_target_group", "matched")
"""Estimators whose comparison is those whom lot left out; the others compare with something else than lot did."""


@dataclass(frozen=True)
class Evidence:
    """How far an effect can be relied on: a grade A (strong) to E (none), what it means, and why it was given."""

    grade: str
    name: str
    meaning: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceFacts:
    """What the grade is given on; None is a check that was not made, or a thing not known.

    `outside_support` is the share of participants no one is like; `largest_difference` the largest standardised
    difference after weighting, in size; `effective_persons` the effective size of the comparison. `pseudo_placebo` and
    `pre_period_placebo` say whether they passed, `placebo_share` how large the largest that did not pass is beside the
    effect. `fixed_before_data` says whether the method was chosen before data were seen, `deviations` how many changes
    came after. `horizon_reached` is the part of the horizon the participants have been followed. `participants` are the
    fewest it can be where they are not `counted`: the number is not printed as it is.
    """

    estimator: str
    randomised: bool
    participants: int
    minimum_participants: int
    outside_support: float | None = None
    largest_difference: float | None = None
    effective_persons: float | None = None
    pseudo_placebo: bool | None = None
    pre_period_placebo: bool | None = None
    placebo_share: float | None = None
    fixed_before_data: bool | None = None
    deviations: int = 0
    horizon_reached: float = 1.0
    counted: bool = True


@dataclass(frozen=True)
class Weakness:
    """A reason to trust the figure less, in words; `serious` ones take away the credit of a lot too."""

    text: str
    serious: bool = False


def grade(facts: EvidenceFacts) -> Evidence:
    """The grade with its reasons: what the comparison is, then its weaknesses, then the checks it passed.

    >>> from gevinst.language import speaking
    >>> with speaking("en"):
    ...     found = grade(EvidenceFacts("baseline", False, 200, 20))
    >>> found.grade, found.name, found.reasons[0]
    ('D', 'weak', 'The comparison is earlier years, so the business cycle counts as effect.')
    """
    lot = facts.randomised and facts.estimator in BY_LOT
    against = tuple(_no_claim(facts))
    weaknesses = tuple(_weaknesses(facts, lot=lot))
    if against:
        letter = "E"
    elif not lot and facts.estimator != "matched":
        letter = "D"
    elif lot and not any(weakness.serious for weakness in weaknesses):
        letter = "B" if weaknesses else "A"
    else:
        letter = "C" if weaknesses else "B"
    reasons = (*against, _ground(facts, lot=lot), *(weakness.text for weakness in weaknesses), *_passed(facts))
    return Evidence(letter, _name(letter), _meaning(letter, lot=lot), reasons)


def _no_claim(facts: EvidenceFacts) -> Iterator[str]:
    if facts.participants < facts.minimum_participants:
        least = number(facts.minimum_participants)
        yield say(
            da=f"Færre end {least} har deltaget, og så kan tilfældigheder fylde mere end effekten.",
            en=f"Fewer than {least} took part, so chance may weigh more than the effect.",
        ) if facts.counted else say(
            da=f"Det præcise antal deltagere er ikke vist og kan være under {least}; så kan tilfældigheder fylde mere "
            "end effekten.",
            en=f"The exact number of participants is not shown and may be under {least}; chance may then weigh more "
            "than the effect.",
        )
    yield from _placebo_says_no(facts)


def _placebo_says_no(facts: EvidenceFacts) -> Iterator[str]:
    if facts.pseudo_placebo is False and facts.pre_period_placebo is False:
        yield say(
            da="Begge placeboprøver fandt en effekt, hvor der ingen kan være.",
            en="Both placebo tests found an effect where there can be none.",
        )
    elif _failed(facts) and facts.placebo_share is not None and facts.placebo_share >= PLACEBO_SHARE:
        yield say(
            da="En placeboprøve fandt en effekt, hvor der ingen kan være, og den er mindst halvt så stor som effekten.",
            en="A placebo test found an effect where there can be none, at least half as large as the effect.",
        )


def _failed(facts: EvidenceFacts) -> bool:
    return facts.pseudo_placebo is False or facts.pre_period_placebo is False


def _ground(facts: EvidenceFacts, *, lot: bool) -> str:
    if lot:
        return say(
            da="Lodtrækning afgjorde, hvem der fik tilbuddet.",
            en="Lot decided who was offered the effort.",
        )
    grounds = {
        "matched": say(
            da="Deltagerne sammenlignes, fra de starter, med borgere, der ligner dem på det, der er i data.",
            en="From their start, participants are compared with persons like them in what the data hold.",
        ),
        "target_group": say(
            da="Sammenligningen er hele målgruppen fra forløbets start, og den rummer deltagerne selv.",
            en="The comparison is the whole target group from the start of the spell, participants included.",
        ),
        "rest_of_target_group": say(
            da="Sammenligningen er resten af målgruppen fra forløbets start, mens deltagerne nødvendigvis har været på "
            "ydelsen, til de begyndte.",
            en="The comparison is the rest of the target group from the start of the spell, while participants must "
            "have stayed on the benefit until they began.",
        ),
        "baseline": say(
            da="Sammenligningen er tidligere år, så konjunkturen tæller med som effekt.",
            en="The comparison is earlier years, so the business cycle counts as effect.",
        ),
        "cycle_adjusted": say(
            da="Sammenligningen er tidligere år rettet for konjunkturen; de, der visiteres, kan stadig være anderledes "
            "end resten.",
            en="The comparison is earlier years adjusted for the business cycle; those referred may still differ from "
            "the rest.",
        ),
    }
    return grounds.get(
        facts.estimator,
        say(da="Sammenligningens svagheder er ikke kendt.", en="The comparison's weaknesses are not known."),
    )


def _weaknesses(facts: EvidenceFacts, *, lot: bool) -> Iterator[Weakness]:
    yield from _unlike(facts, lot=lot)
    yield from _placebo_weaknesses(facts, lot=lot)
    yield from _thin(facts)
    yield from _chosen_late(facts, lot=lot)


def _unlike(facts: EvidenceFacts, *, lot: bool) -> Iterator[Weakness]:
    apart = facts.largest_difference
    if apart is None:
        if facts.estimator == "matched" and not lot:
            yield Weakness(
                say(
                    da="Det er ikke undersøgt, om grupperne ligner hinanden.",
                    en="Whether the groups are alike has not been looked into.",
                )
            )
    # Lot leaves small differences by chance, and the interval already counts them.
    elif apart > (UNLIKE if lot else ALIKE):
        told = number(apart, 2)
        yield Weakness(
            say(
                da=f"Grupperne ligner ikke hinanden på alt: den største forskel er {told} standardafvigelser.",
                en=f"The groups are not alike in everything: the largest difference is {told} standard deviations.",
            ),
            serious=apart > UNLIKE and not lot,
        )


def _placebo_weaknesses(facts: EvidenceFacts, *, lot: bool) -> Iterator[Weakness]:
    if _failed(facts) and not any(_placebo_says_no(facts)):
        which_da = "borgere, der ikke deltog" if facts.pseudo_placebo is False else "tiden før indsatsen"
        which_en = "persons who took no part" if facts.pseudo_placebo is False else "the time before the effort"
        yield Weakness(
            say(
                da=f"Placeboprøven på {which_da} fandt en effekt, hvor der ingen kan være.",
                en=f"The placebo test on {which_en} found an effect where there can be none.",
            ),
            serious=True,
        )
    if facts.estimator == "matched" and not lot and None in (facts.pseudo_placebo, facts.pre_period_placebo):
        both = facts.pseudo_placebo is None and facts.pre_period_placebo is None
        yield Weakness(
            say(
                da="Der er ikke lavet nogen placeboprøve." if both else "Den ene placeboprøve kunne ikke laves.",
                en="No placebo test was made." if both else "One of the placebo tests could not be made.",
            )
        )


def _thin(facts: EvidenceFacts) -> Iterator[Weakness]:
    if facts.outside_support is not None and facts.outside_support > OUTSIDE_SUPPORT:
        yield Weakness(
            say(
                da=f"Mere end {percent(OUTSIDE_SUPPORT, 0)} af deltagerne ligner ingen, de kan sammenlignes med, og er "
                "ikke med i tallet.",
                en=f"More than {percent(OUTSIDE_SUPPORT, 0)} of the participants are like no one they could be "
                "compared with, and are not in the figure.",
            ),
            serious=True,
        )
    if facts.effective_persons is not None and facts.effective_persons < facts.minimum_participants:
        least = number(facts.minimum_participants)
        yield Weakness(
            say(
                da=f"Sammenligningen hviler på så få, at de vejer som færre end {least} borgere.",
                en=f"The comparison rests on so few that they weigh as fewer than {least} persons.",
            ),
            serious=True,
        )
    if facts.horizon_reached < HORIZON_SEEN:
        yield Weakness(
            say(
                da="Deltagerne er fulgt i under halvdelen af den tid, effekten skal gøres op over.",
                en="Participants have been followed for less than half of the time the effect is to be told over.",
            )
        )


def _chosen_late(facts: EvidenceFacts, *, lot: bool) -> Iterator[Weakness]:
    if facts.fixed_before_data is False:
        yield Weakness(
            say(
                da="Metoden blev først lagt fast, efter at data var set.",
                en="The method was not fixed until data had been seen.",
            )
        )
    elif facts.fixed_before_data is None and facts.estimator == "matched" and not lot:
        yield Weakness(
            say(
                da="Det vides ikke, om metoden blev lagt fast, før data var set.",
                en="It is not known whether the method was fixed before data had been seen.",
            )
        )
    if facts.deviations:
        times = number(facts.deviations)
        yield Weakness(
            say(
                da="Metoden er ændret én gang, efter at den blev lagt fast."
                if facts.deviations == 1
                else f"Metoden er ændret {times} gange, efter at den blev lagt fast.",
                en="The method has been changed once since it was fixed."
                if facts.deviations == 1
                else f"The method has been changed {times} times since it was fixed.",
            )
        )


def _passed(facts: EvidenceFacts) -> Iterator[str]:
    if facts.largest_difference is not None and facts.largest_difference <= ALIKE:
        limit = number(ALIKE, 1)
        yield say(
            da=f"Grupperne ligner hinanden: ingen forskel er over {limit} standardafvigelse.",
            en=f"The groups are alike: no difference exceeds {limit} of a standard deviation.",
        )
    made = [passed for passed in (facts.pseudo_placebo, facts.pre_period_placebo) if passed is not None]
    if made and all(made):
        yield say(
            da="Begge placeboprøver er bestået." if len(made) > 1 else "Den placeboprøve, der er lavet, er bestået.",
            en="Both placebo tests were passed." if len(made) > 1 else "The placebo test that was made was passed.",
        )
    if facts.fixed_before_data and not facts.deviations:
        yield say(
            da="Metoden blev lagt fast, før data var set, og er ikke ændret.",
            en="The method was fixed before data had been seen, and has not been changed.",
        )


def _name(letter: str) -> str:
    return {
        "A": say(da="stærkt", en="strong"),
        "B": say(da="godt", en="good"),
        "C": say(da="med forbehold", en="with reservations"),
        "D": say(da="svagt", en="weak"),
        "E": say(da="intet", en="none"),
    }[letter]


def _meaning(letter: str, *, lot: bool) -> str:
    if letter == "B" and lot:
        return say(
            da="Forskellen kan læses som effekten, men med den svaghed, der er nævnt.",
            en="The difference can be read as the effect, but with the weakness named.",
        )
    return {
        "A": say(
            da="Forskellen mellem grupperne kan læses som effekten.",
            en="The difference between the groups can be read as the effect.",
        ),
        "B": say(
            da="Forskellen er et godt bud på effekten, hvis grupperne heller ikke er forskellige på det, der ikke er i "
            "data.",
            en="The difference is a good estimate of the effect, provided the groups do not differ in what is not in "
            "the data.",
        ),
        "C": say(
            da="Forskellen er et bud på effekten, som skal læses med de svagheder, der er nævnt.",
            en="The difference is an estimate of the effect, to be read with the weaknesses named.",
        ),
        "D": say(
            da="Sammenligningen er skæv på en kendt måde, så forskellen kan ikke læses som effekten.",
            en="The comparison is biased in a known way, so the difference cannot be read as the effect.",
        ),
        "E": say(
            da="Tallet kan ikke bruges til at sige, om indsatsen virker.",
            en="The figure cannot be used to say whether the effort works.",
        ),
    }[letter]
