"""How alike participants and comparison are: the balance of each covariate, from sums that crossed the person wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite

from gevinst.curves.trial_checks import CovariateSums, GroupSums
from gevinst.effects.balance import Moments, largest, moments, share, standardised_difference, unit
from gevinst.follow_up.effect_detail import BalanceRow
from gevinst.language import say


def balance_rows(sums: Iterable[CovariateSums]) -> tuple[BalanceRow, ...]:
    """Standardised differences before and after the matching, in the standard deviation among all participants.

    Before: all participants beside everybody who could have been a comparator; after: those matched beside their
    weighted comparators. A covariate that cannot be compared, because a group is empty, is left out.
    """
    found = [(one, differences(one)) for one in sums]
    return tuple(BalanceRow(covariate_words(one.name, one.level), *both) for one, both in found if both is not None)


def differences(one: CovariateSums) -> tuple[float, float] | None:
    """The standardised difference before and after the matching; None where a group is empty."""
    before, pool, after, comparison = (
        _moments(group, is_level=bool(one.level))
        for group in (one.participants, one.pool, one.matched_participants, one.matched_comparison)
    )
    measure = unit(before, pool)
    found = standardised_difference(before, pool, measure), standardised_difference(after, comparison, measure)
    return found if all(map(isfinite, found)) else None


def largest_difference(rows: Sequence[BalanceRow]) -> float | None:
    """The largest difference after the matching, in size; None where nothing was compared."""
    after = [row.after for row in rows if row.after is not None]
    return largest(after) if after else None


def covariate_words(name: str, level: str = "") -> str:
    """What a reader calls a covariate, and the value of it where it is one of a text's.

    Columns that the intake knows the meaning of have words; others keep the name they have in the file.

    >>> from gevinst.language import speaking
    >>> with speaking("da"):
    ...     covariate_words("age_at_entry"), covariate_words("sex", "M"), covariate_words("health_problem", "1")
    ('alder ved indtræden', 'køn: M', 'helbredsproblem: ja')
    """
    column, missing, rest = name.partition(": ")
    words = _WORDS.get(column)
    told = column if words is None else say(da=words[0], en=words[1])
    if missing:
        return f"{told}: {rest}"  # that a value is missing, in words already
    yes = words is not None and words[2]
    if not level:
        return told
    named = {"1": say(da="ja", en="yes"), "0": say(da="nej", en="no")}.get(level, level) if yes else level
    return f"{told}: {named}"


_WORDS: dict[str, tuple[str, str, bool]] = {
    "sex": ("køn", "sex", False),
    "age": ("alder", "age", False),
    "age_at_entry": ("alder ved indtræden", "age at entry", False),
    "education": ("uddannelse", "education", False),
    "health_problem": ("helbredsproblem", "health problem", True),
    "non_western": ("ikke-vestlig oprindelse", "non-western origin", True),
    "prior_benefit_weeks_2y": ("uger på ydelse i de 2 år før", "weeks on benefit in the 2 years before", False),
    "visitation_group": ("visitationsgruppe", "visitation group", False),
}
"""Danish, English, and whether its values 0 and 1 mean no and yes."""


def _moments(group: GroupSums, *, is_level: bool) -> Moments:
    if is_level:
        return share(group.weight, group.total)
    return moments(group.weight, group.total, group.squares, group.squared_weights)
