"""Which parts of a difference may not be told apart, because few persons stand behind one of them.

What an edition prints has passed the publication door; the states between two editions have not. Were the revised
data of one late registered participant told by itself, the amount would be that person's. So revised and new data are
told together for an investment where few of its participants have revised data, and for the portfolio and every
investment's sums then too, since the one can be taken from the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from gevinst.backend import open_duckdb
from gevinst.editions.basis import Basis
from gevinst.errors import GevinstError
from gevinst.follow_up.figures import PORTFOLIO
from gevinst.follow_up.since_last import Cause
from gevinst.language import say
from gevinst.register.delivery_diff import revised_participants
from gevinst.sources.manifest import read_manifest

TOGETHER: tuple[Cause, ...] = ("new_data", "revised_data")


def may_not_be_told_apart(
    was: Basis | None, now: Basis | None, horizons: tuple[date | None, date | None], figures: Iterable[str]
) -> tuple[dict[str, tuple[Cause, ...]], list[str]]:
    """The causes to be told together by figure, and why; `horizons` are how far the data of each reach.

    Where the two deliveries cannot be held against each other everything of the data is told together; so it is where
    the second reaches less far than the first, and what is new cannot be told from what was revised.
    """
    horizon, later = horizons
    if was is None or now is None or was.snapshot is None or now.snapshot is None or horizon is None:
        return {}, []
    if was.snapshot == now.snapshot:
        return {}, []
    if later is None or later < horizon:
        return {"": TOGETHER}, [say(
            da="Data rækker mindre langt end i den udgave, der sammenlignes med. Nye og rettede data er derfor vist "
               "under ét.",
            en="The data reach less far than in the edition compared with. New and revised data are therefore shown "
               "together.")]
    rules = now.options.rules
    try:
        revised = _revised(was, now, horizon)
    except GevinstError:
        revised = None
    if revised is None:
        return {"": TOGETHER}, [say(
            da="De to leverancer har hver sin nøgle. Nye og rettede data er derfor vist under ét.",
            en="The two deliveries have different keys. New and revised data are therefore shown together.")]
    few = {one.number for one in now.portfolio.investments if 0 < revised.get(one.key, 0) < rules.threshold}
    if not few:
        return {}, []
    named = [figure for figure in figures if _subject(figure) in {*few, PORTFOLIO, "portfolio_effect"}]
    return dict.fromkeys(named, TOGETHER), [say(
        da=f"Nye og rettede data er vist under ét for investering {', '.join(sorted(few))} og for det samlede: under "
           f"{rules.threshold} deltagere har rettede data.",
        en=f"New and revised data are shown together for investment {', '.join(sorted(few))} and for the whole: fewer "
           f"than {rules.threshold} participants have revised data.")]


def _revised(was: Basis, now: Basis, horizon: date) -> dict[str, int] | None:
    if was.snapshot is None or now.snapshot is None:
        return None
    if read_manifest(was.snapshot).key_id != read_manifest(now.snapshot).key_id:
        return None
    back = horizon + timedelta(weeks=was.settings.reporting_lag_weeks)
    backend = open_duckdb(threads=now.settings.engine_threads, memory=now.settings.engine_memory)
    try:
        return revised_participants(was.snapshot, now.snapshot, backend, until=back)
    finally:
        backend.close()


def _subject(figure: str) -> str:
    """The investment a figure is of."""
    parts = figure.split("/")
    return parts[1] if parts[0] == "effect" else parts[0]
