"""One investment with what was found for it: the record every stage after the computation reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gevinst.economy.saving import Saving
from gevinst.effects.estimate import EffectReplicates
from gevinst.effects.study import Study
from gevinst.follow_up.valued import Valued
from gevinst.money import Amount
from gevinst.register.business_case import Investment


@dataclass(frozen=True)
class CaseResult:
    """One investment with what was found for it; `valued` only where there are persons.

    `spent` is what it has cost per year in current prices, from `spent_source`; `notes` what the reader must know.
    `spent_by_weeks`: it is delivered weeks at the agreed price, and so tells how many they are. `fewest` are the
    participants that a reader can know each estimator's answer to rest on, of those whose number is not printed as it
    is (`disclosure/assured.py`); empty before the counts have passed the door. `few`: the main method's answer was
    taken away, because it rests on too few to be told at all.
    """

    investment: Investment
    valued: Valued | None = None
    spent: Mapping[int, Amount] = field(default_factory=dict)
    spent_source: str = ""
    notes: tuple[str, ...] = ()
    spent_by_weeks: bool = False
    fewest: Mapping[str, int] = field(default_factory=dict)
    few: bool = False

    @property
    def study(self) -> Study | None:
        """What was found, without kroner."""
        return None if self.valued is None else self.valued.study

    @property
    def effect(self) -> EffectReplicates | None:
        """The main method's answer; None where it could not be computed."""
        return None if self.valued is None else self.valued.study.effects.get(self.investment.protocol.headline)

    @property
    def saving(self) -> Saving | None:
        """The main method's kroner; None where it could not be computed."""
        return None if self.valued is None else self.valued.savings.get(self.investment.protocol.headline)

    def claims(self, minimum_participants: int) -> bool:
        """Whether the main method rests on enough participants for a figure to be told."""
        return self.effect is not None and self.assured(self.effect) >= minimum_participants

    def assured(self, effect: EffectReplicates) -> int:
        """The fewest participants that an answer can rest on, as far as the printed counts tell.

        What is told of an answer is judged by this one and not by the count itself: 21 printed participants, a hidden
        few of whom nobody is like, and a figure that takes 20 would else say that the few are one.
        """
        return min(effect.participants, self.fewest.get(effect.estimator, effect.participants))
