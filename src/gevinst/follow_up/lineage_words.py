"""What the ladders of figures share: values as they are printed, what an interval is, and what a figure rests on."""

from __future__ import annotations

from gevinst.effects.estimate import Interval
from gevinst.follow_up.disclosure.counts import Hidden, Shown
from gevinst.follow_up.disclosure.words import hidden_note, sign
from gevinst.follow_up.edition import Edition, EffectSummary
from gevinst.language import number, percent, say
from gevinst.money import Amount
from gevinst.trace import Step

FILES, RUN = "ground/files", "ground/run"
"""What a computed figure rests on beside its own ladder: the files with their fingerprints, and the run."""
PARAMETERS = "parameters"
"""All parameters of the edition; those of a year's kroner are `2/parameters/2021`."""
INTERVAL = "interval"
"""How 95 % intervals are got: the ladder that figures with an interval rest on."""
COMPUTED = (INTERVAL, FILES, RUN)


def few_took_part(effect: EffectSummary, edition: Edition) -> bool:
    """Whether an effect rests on so few participants that only its interval is told."""
    count, least = effect.participants, max(edition.minimum_participants, edition.small_cell_threshold)
    return not effect.claim or (count < least if isinstance(count, int) else count is not Hidden.PROTECTS)


def spanned(found: Interval | None, decimals: int, unit: str = "", *, scale: float = 1.0, point: bool = True) -> str:
    """An estimate with its unit and 95 % interval; the interval alone where no point may be told.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     spanned(Interval(1.4, 0.3, 2.5), 1, "uger"), spanned(Interval(1.4, 0.3, 2.5), 1, point=False)
    ('1,4 uger [0,3; 2,5]', '[0,3; 2,5]')
    """
    if found is None:
        return ""
    shown = [number(found.estimate * scale, decimals), unit] if point else []
    if found.low is not None and found.high is not None:
        shown.append(f"[{number(found.low * scale, decimals)}; {number(found.high * scale, decimals)}]")
    return " ".join(part for part in shown if part)


def kroner(amount: Amount) -> str:
    """An amount in whole kroner with its price level."""
    return say(da=f"{number(amount.in_dkk)} kr. ({amount.level})", en=f"DKK {number(amount.in_dkk)} ({amount.level})")


def dkk(found: Interval, *, point: bool = True) -> str:
    """A computed number of kroner with its interval."""
    return spanned(found, 0, say(da="kr.", en="DKK"), point=point)


def share_told(share: float | None) -> str:
    """A share in per cent, or that it may not be told."""
    return say(da="skjult", en="hidden") if share is None else percent(share)


def interval_ladder(edition: Edition) -> Step:
    """How every 95 % interval of the edition is got."""
    return Step(
        say(da="95 %-interval", en="95% interval"),
        say(da=f"{number(edition.replicates)} gentagelser, startværdi {edition.seed}",
            en=f"{number(edition.replicates)} replicates, seed {edition.seed}"),
        say(da="2,5- og 97,5-percentilen, når personerne trækkes på ny i 200 grupper med Poisson(1)-vægte",
            en="the 2.5th and 97.5th percentiles as persons are drawn anew in 200 groups by Poisson(1) weights"),
        see=(RUN,))


def counted(
    label: str, count: Shown | None, edition: Edition, formula: str = "", *, see: tuple[str, ...] = (FILES, RUN),
) -> Step:
    """A count of persons as it may be printed, and why it is not there where it is not."""
    least = edition.small_cell_threshold
    small = isinstance(count, int) and 0 < count < least
    shown: Shown | None = Hidden.FEW if small else count
    return Step(label, sign(shown, least), formula, hidden_note([shown], least), see=see)


def whose(investment: str) -> str:
    """`, investering 2`."""
    return say(da=f", investering {investment}", en=f", investment {investment}")


def when(year: int | None) -> str:
    """A year, or that it is all of them."""
    return say(da="i alt", en="in total") if year is None else str(year)
