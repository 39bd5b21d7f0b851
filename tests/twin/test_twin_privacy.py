"""A twin tells of nobody: an attacker does no better than chance, and does where rows were copied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from gevinst.curves.twin_model import as_json
from gevinst.parameters.benefits import benefits
from gevinst.parameters.book import national_book
from gevinst.sources.synthetic import SyntheticSpec, simulate_register
from gevinst.twin.fit import Terms, fit
from gevinst.twin.make import drawn_files
from gevinst.twin.tables import twin_tables
from tests.twin.attacker import advantage, features, histories
from tests.twin.made import opened, portfolio

KNOWN = benefits()
SEEDS = (11, 12, 13)
PERSONAL = ("spells", "participants", "persons")
START, SPELL = 2, 3  # how many things make such a piece
Tables = Mapping[str, pa.Table]


def only(tables: Tables, persons: set[str]) -> dict[str, pa.Table]:
    """The tables with these persons alone."""
    wanted = pa.array(sorted(persons), pa.string())
    return {name: table.filter(pc.is_in(table["person_id"], wanted)) if name in PERSONAL else table
            for name, table in tables.items()}


@cache
def halves(seed: int) -> tuple[Tables, Tables, Tables]:
    """A register in two halves, drawn by lot, and the twin of the first."""
    tables, _ = simulate_register(SyntheticSpec(seed=seed, persons=3_600))
    persons = sorted(set(tables["spells"]["person_id"].to_pylist()))
    lot = np.random.default_rng(seed).permutation(len(persons))
    members = {persons[at] for at in lot[: len(lot) // 2]}
    inside, outside = only(tables, members), only(tables, set(persons) - members)
    with opened(inside) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
    return inside, outside, twin_tables(model, seed, KNOWN)


def test_an_attacker_does_no_better_than_chance() -> None:
    found = [advantage(*(features(side) for side in halves(seed))) for seed in SEEDS]
    together = np.mean([one for one, _ in found])
    error = np.sqrt(np.mean([one**2 for _, one in found]) / len(found))
    assert abs(together) < 3 * error
    assert error < 0.01, "a real advantage of three points would have been seen"


@pytest.mark.parametrize("share", [1.0, 0.1])
def test_the_attacker_finds_rows_that_were_copied(share: float) -> None:
    """The test can fail: a twin of which a tenth are real persons is found out."""
    inside, outside, twin = halves(SEEDS[0])
    persons = sorted(histories(inside))
    copied = features(only(inside, set(persons[: int(share * len(persons))])))
    mixed = np.concatenate([copied, features(twin)[len(copied):]])
    found, error = advantage(features(inside), features(outside), mixed)
    assert found > 4 * error
    if share == 1.0:
        assert found > 0.45


def weekly(tables: Tables) -> Counter[object]:
    """Everybody's history by whole weeks, which is as near as a twin can come to one."""
    def week(day: date | None) -> int | None:
        return None if day is None else (day.toordinal() - 1) // 7

    return Counter(tuple((benefit, week(start), week(end)) for benefit, start, end in runs)
                   for runs in histories(tables).values())


def test_rare_histories_are_not_repeated_beyond_chance() -> None:
    """Histories that one member has stand in the twin as seldom as those that one of the others has."""
    hits = {"members": 0, "others": 0}
    asked = {"members": 0, "others": 0}
    for seed in SEEDS:
        inside, outside, twin = halves(seed)
        made = weekly(twin)
        for name, side in (("members", inside), ("others", outside)):
            rare = [one for one, n in weekly(side).items() if n == 1]
            asked[name] += len(rare)
            hits[name] += sum(one in made for one in rare)
            assert not any(one in made for one in rare if len(one) > 2), "nobody with three runs or more"
    shares = [hits[name] / asked[name] for name in hits]
    error = np.sqrt(sum(share * (1 - share) / asked[name] for share, name in zip(shares, hits, strict=True)))
    assert abs(shares[0] - shares[1]) < 3 * max(error, 1 / asked["members"])
    assert shares[0] < 0.05


def pieces(tables: Tables) -> Counter[object]:
    """What one may know of somebody by chance: a spell by its benefit and weeks, a start in an effort by its week."""
    def week(day: date) -> int:
        return (day.toordinal() - 1) // 7

    found: Counter[object] = Counter()
    for runs in histories(tables).values():
        found.update({(benefit, week(start), None if end is None else week(end)) for benefit, start, end in runs})
    found.update({(row["investment"], week(row["start_date"])) for row in tables["participants"].to_pylist()})
    return found


def met_with(kind: int, copied: float) -> tuple[float, float]:
    """How much oftener pieces of one member are met with once in the twin than those of one other; its error."""
    asked, hits = {"members": 0, "others": 0}, {"members": 0, "others": 0}
    for seed in SEEDS:
        inside, outside, twin = halves(seed)
        persons = sorted(histories(inside))
        made = pieces(twin) + pieces(only(inside, set(persons[: int(copied * len(persons))])))
        for name, side, besides in (("members", pieces(inside), pieces(outside)),
                                    ("others", pieces(outside), pieces(inside))):
            alone = [one for one, n in side.items() if n == 1 and len(one) == kind and one not in besides]
            asked[name] += len(alone)
            hits[name] += sum(made[one] == 1 for one in alone)
    assert min(asked.values()) > (30 if kind == START else 1_000)
    shares = [hits[name] / asked[name] for name in hits]
    error = np.sqrt(sum(share * (1 - share) / asked[name] for share, name in zip(shares, hits, strict=True)))
    return shares[0] - shares[1], float(error)


@pytest.mark.parametrize("kind", [START, SPELL])
def test_pieces_that_one_person_has_stand_in_the_twin_as_seldom_as_those_of_others(kind: int) -> None:
    """A start that is one member's and one twin's is chance: the weeks of others are met with as often."""
    apart, error = met_with(kind, 0.0)
    assert abs(apart) < 3 * error


def test_pieces_of_persons_who_were_copied_are_met_with_oftener() -> None:
    apart, error = met_with(SPELL, 0.1)
    assert apart > 3 * error


def test_what_few_have_is_nowhere_in_the_twin() -> None:
    """A benefit, a trait, a municipality and an effort that nine persons have, each by its name."""
    tables, _ = simulate_register(SyntheticSpec(seed=5, persons=3_000))
    persons = sorted(set(tables["spells"]["person_id"].to_pylist()))
    nine = persons[:9]
    tables["spells"] = tables["spells"].append_column("municipality", pa.array(["901"] * tables["spells"].num_rows))
    rare = pa.table({"person_id": nine, "benefit": ["fleksloentilskud"] * 9, "start_date": [date(2019, 5, 6)] * 9,
                     "end_date": [date(2019, 6, 2)] * 9, "municipality": ["oesterby"] * 9}, tables["spells"].schema)
    tables["spells"] = pa.concat_tables([tables["spells"], rare])
    ids = tables["persons"]["person_id"].to_pylist()
    education = ["astronaut" if one in nine else what
                 for one, what in zip(ids, tables["persons"]["education"].to_pylist(), strict=True)]
    ages = [97 if one in nine else age for one, age in zip(ids, tables["persons"]["age_at_entry"].to_pylist(),
                                                           strict=True)]
    persons_table = tables["persons"].drop_columns(["education", "age_at_entry"])
    tables["persons"] = persons_table.append_column("education", pa.array(education)).append_column(
        "age_at_entry", pa.array(ages)).append_column("note", pa.array([f"kender {one[::-1]}" for one in ids]))
    few = [row for row in tables["participants"].to_pylist() if row["investment"] != "smaajob"]
    some = [row for row in tables["participants"].to_pylist() if row["investment"] == "smaajob"][:9]
    tables["participants"] = pa.Table.from_pylist([*few, *some], tables["participants"].schema)
    with opened(tables) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
    files = drawn_files(model, 1, national_book())
    everything = b"".join([*files.values(), json.dumps(as_json(model)).encode()])
    for word in ("fleksloentilskud", "astronaut", "oesterby", "kender", "smaajob"):
        assert word.encode() not in everything, word
    assert b"jobsoegningsnetvaerk" in everything
    made = twin_tables(model, 1, KNOWN)
    assert max(made["persons"]["age_at_entry"].to_pylist()) < 70
    assert set(made["persons"]["note"].to_pylist()) == {None}


def test_no_id_and_no_pseudonym_stands_in_the_files() -> None:
    tables, _ = simulate_register(SyntheticSpec(seed=6, persons=1_500))
    with opened(tables) as stored:
        pseudonyms = stored.backend.to_arrow(stored.spells.select("person").distinct())["person"].to_pylist()
        model = fit(stored, portfolio(), KNOWN, Terms())
    everything = b"".join([*drawn_files(model, 1, national_book()).values(), json.dumps(as_json(model)).encode()])
    assert not [one for one in tables["persons"]["person_id"].to_pylist() if one.encode() in everything]
    assert not [one for one in pseudonyms if str(one).encode() in everything]
    assert not [one for one in pseudonyms if f"{one & (1 << 64) - 1:016x}".encode() in everything]


def counts_in(value: object, name: str = "") -> list[tuple[str, int]]:
    """Every count of persons or events in a model's JSON."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in counts_in(inner, str(key))]
    if isinstance(value, list):
        return [one for inner in value for one in counts_in(inner, name)]
    return [(name, int(value))] if name in ("persons", "events", "weeks") else []


@pytest.mark.parametrize(("threshold", "rounding"), [(5, 0), (10, 0), (8, 6), (5, 20)])
def test_every_count_is_rounded_and_none_is_small(threshold: int, rounding: int) -> None:
    tables, _ = simulate_register(SyntheticSpec(seed=8, persons=2_500))
    with opened(tables) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms(threshold, rounding))
    found = counts_in(json.loads(json.dumps(as_json(model))))
    assert len(found) > 200
    base = max(5, threshold, rounding)
    assert not [one for one in found if one[1] % base]
    assert not [one for one in found if 0 < one[1] < base]
    steps = [step for one in model.benefits for step in (*one.leaving, *one.back)]
    assert all(step.weeks == base for step in steps if not step.events), "person-weeks without events may be of few"


def test_shares_are_of_enough_persons_counted_anew() -> None:
    """Each value of a covariate against the register, person by person."""
    tables, _ = simulate_register(SyntheticSpec(seed=9, persons=2_500))
    with opened(tables) as stored:
        model = fit(stored, portfolio(), KNOWN, Terms())
    first = {person: runs[0][0] for person, runs in histories(tables).items()}
    for column in model.columns:
        values = dict(zip(tables["persons"]["person_id"].to_pylist(), tables["persons"][column.name].to_pylist(),
                          strict=True))
        for group, shares in column.shares.items():
            for share in shares:
                def has(value: object, share=share) -> bool:
                    if share.below is not None:
                        return share.value <= float(value) < share.below
                    return float(value) == share.value if isinstance(share.value, float) else value == share.value

                n = sum(has(value) for person, value in values.items()
                        if person in first and (not group or first[person] == group))
                assert n >= 10
                assert abs(n - share.persons) <= 2.5
