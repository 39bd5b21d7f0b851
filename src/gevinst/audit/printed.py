"""What an edition prints of the numbers that its twin must not tell otherwise: participants, and weeks paid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gevinst.cohorts.paid_weeks import OUTSIDE_LADDER
from gevinst.curves.twin_money import Told
from gevinst.errors import GevinstError
from gevinst.follow_up.disclosure.payments import PAID, UNPAID
from gevinst.follow_up.disclosure.released import FILE as COUNTS
from gevinst.follow_up.disclosure.released import from_json


@dataclass(frozen=True)
class Printed:
    """`participants` by investment's number: those followed, else those registered; `paid` None without payments."""

    participants: Mapping[str, int]
    paid: Told | None


NOTHING = Printed({}, None)


def printed_in(folder: Path) -> Printed:
    """What the edition in a folder prints. Raises `edition.unreadable`."""
    try:
        counts = from_json(json.loads((folder / COUNTS).read_text(encoding="utf-8"))).counts
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise GevinstError("edition.unreadable", where=str(folder / COUNTS), edition=folder.name) from fault
    numbers = {key: count for key, count in counts.items() if isinstance(count, int)}
    return Printed(_participants(numbers), _paid(numbers) if PAID in counts else None)


def _participants(numbers: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in ("participants", "registered"):
        for key, count in numbers.items():
            number, _, rest = key.partition("/")
            if rest == kind:
                found.setdefault(number, count)
    return found


def _paid(numbers: Mapping[str, int]) -> Told:
    """Of printed numbers and nothing else.

    >>> told = _paid({"payments/a/none/2020/weeks": 90, "payments/a/none/2020/unpaid": 10, PAID: 190, UNPAID: 35})
    >>> told.cells[("a", OUTSIDE_LADDER, 2020)], told.rest
    (90, 80)
    """
    cells: dict[tuple[str, int, int], int] = {}
    paid = unpaid = 0
    for key, weeks in numbers.items():
        at = key.split("/")
        if len(at) == 5 and at[4] == "weeks" and (without := numbers.get("/".join((*at[:4], "unpaid")))) is not None:
            step = OUTSIDE_LADDER if at[2] == "none" else int(at[2])
            cells[at[1], step, int(at[3])] = _per_cent(weeks, without)
            paid, unpaid = paid + weeks, unpaid + without
    rest = (numbers[PAID] - paid, numbers[UNPAID] - unpaid) if {PAID, UNPAID} <= numbers.keys() else (0, 0)
    return Told(cells, _per_cent(*(max(one, 0) for one in rest)))


def _per_cent(paid: int, unpaid: int) -> int:
    return round(100 * paid / (paid + unpaid)) if paid + unpaid else 100
