"""What a new delivery changed in the payments: weeks paid for that came, went or were corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

WEEK = ["person", "benefit", "week_index"]
AMOUNTS = ("gross_dkk", "refund_dkk", "cofinancing_dkk", "elsewhere_dkk")


def changed_payments(before: ir.Table | None, after: ir.Table | None, horizon: int) -> ir.Table | None:
    """A row per person, benefit (`subject`) and week of which the payment is another, with one of these as `detail`.

    `new` is for a week after `horizon`, the earlier snapshot's last, `new-late` for one up to it; `gone` is no longer
    there, or was corrected to nothing; `changed` has another amount of `AMOUNTS`. None where neither has payments.
    """
    parts = []
    if after is not None:
        fresh = after if before is None else after.anti_join(before, WEEK)
        word = ibis.ifelse(fresh.week_index > horizon, "new", "new-late")
        parts.append(fresh.select("person", subject=fresh.benefit, detail=word))
    if before is not None:
        gone = before if after is None else before.anti_join(after, WEEK)
        parts.append(gone.select("person", subject=gone.benefit, detail=ibis.literal("gone")))
    if before is not None and after is not None:
        both = before.select(*WEEK, *AMOUNTS).inner_join(after.select(*WEEK, *AMOUNTS), WEEK)
        other = both.filter(ibis.or_(*(~both[name].identical_to(both[f"{name}_right"]) for name in AMOUNTS)))
        parts.append(other.select("person", subject=other.benefit, detail=ibis.literal("changed")))
    if not parts:
        return None
    return ibis.union(*parts, distinct=False) if len(parts) > 1 else parts[0]
