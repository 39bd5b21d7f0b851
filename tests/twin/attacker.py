"""One who has the twin and a person's whole history, and asks: was she in the register it was made of?

The person's distance to the nearest in the twin is the evidence (Stadler, Oprisanu and Troncoso 2022 attack synthetic
data so). Were rows copied, those in the register would stand nearer than others who are just like them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa

RUNS = 3  # of a person's runs, the first so many
FAR = 400  # weeks, where there is no such run
START = date(2016, 1, 4)
History = tuple[tuple[str, date, date | None], ...]


def histories(tables: Mapping[str, pa.Table]) -> dict[str, History]:
    """Everybody's spells in order."""
    found: dict[str, list[tuple[str, date, date | None]]] = {}
    for row in tables["spells"].to_pylist():
        found.setdefault(row["person_id"], []).append((row["benefit"], row["start_date"], row["end_date"]))
    return {person: tuple(sorted(rows, key=lambda one: one[1])) for person, rows in sorted(found.items())}


def features(tables: Mapping[str, pa.Table]) -> np.ndarray:
    """What is known of a person, a row each: her first runs, how many there are, and her covariates."""
    about = {row["person_id"]: row for row in tables["persons"].to_pylist()}
    joined = {row["person_id"]: row["start_date"] for row in tables["participants"].to_pylist()}
    rows = []
    for person, runs in histories(tables).items():
        row: list[float] = [len(runs) * 10]
        for at in range(RUNS):
            benefit, start, end = runs[at] if at < len(runs) else ("", None, None)
            begun = FAR if start is None else (start - START).days // 7
            row += [begun, FAR if end is None else (end - START).days // 7, 50 * (sum(map(ord, benefit)) % 7)]
        one = about[person]
        row += [one["age_at_entry"], one["prior_benefit_weeks_2y"], 20 * (one["sex"] == "K"),
                10 * len(one["education"]), 20 * float(str(one["health_problem"]) == "1"),
                20 * float(str(one["municipality"]) == "901")]
        start = joined.get(person)
        row.append(FAR if start is None else (start - START).days // 7)
        rows.append(row)
    return np.array(rows, float)


def nearest(known: np.ndarray, twin: np.ndarray) -> np.ndarray:
    """The distance from each known person to the nearest in the twin."""
    found = np.empty(len(known))
    for at, one in enumerate(known):
        found[at] = np.sqrt(np.min(np.sum((twin - one) ** 2, axis=1)))
    return found


def advantage(members: np.ndarray, others: np.ndarray, twin: np.ndarray) -> tuple[float, float]:
    """How much oftener than not a member stands nearer to the twin than another, and the standard error of that.

    0 is chance, 1/2 certainty: the area under the curve of Mann and Whitney less one half.
    """
    near, far = nearest(members, twin), nearest(others, twin)
    order = np.argsort(np.concatenate([near, far]), kind="stable")
    both = np.concatenate([near, far])[order]
    rank = np.empty(len(both))
    _, first, counts = np.unique(both, return_index=True, return_counts=True)
    rank[order] = np.repeat(first + (counts + 1) / 2, counts)
    n, m = len(near), len(far)
    area = (np.sum(rank[n:]) - m * (m + 1) / 2) / (n * m)
    return float(area - 0.5), float(np.sqrt((n + m + 1) / (12 * n * m)))
