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
    `spent_by_weeks`: it is delivered weeks at the agreed price, and so tells how many they are.
    """

    investment: Investment
    valued: Valued | None = None
    spent: Mapping[int, Amount] = field(default_factory=dict)
    spent_source: str = ""
    notes: tuple[str, ...] = ()
    spent_by_weeks: bool = False

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
        return self.effect is not None and self.effect.participants >= minimum_participants
