"""When there are too few to say a number: fewer than 20 participants give an interval, no point."""

from __future__ import annotations

from gevinst.follow_up.edition import EffectSummary

MINIMUM_PARTICIPANTS = 20  # docs/method/effects.md: below it no point claim is made


def too_few(effect: EffectSummary) -> bool:
    """Whether the estimate rests on so few participants that only its interval is printed."""
    return effect.participants < MINIMUM_PARTICIPANTS
