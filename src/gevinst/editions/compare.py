"""Two editions held against each other: the states between them are computed, and every difference is split.

`follow_up/since_last.py` says what the causes are and in which order they are taken. A state that nothing was
exchanged for is not computed again, and neither is one that an edition has printed by the program of today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gevinst.editions.basis import Basis, compute
from gevinst.editions.recipe import Missing, read_recipe, restore
from gevinst.editions.revised import may_not_be_told_apart
from gevinst.editions.values import values_in, values_of
from gevinst.errors import GevinstError
from gevinst.follow_up.edition import Edition
from gevinst.follow_up.since_last import Cause, Change, SinceLast, State, Value, Values, cause_name, split
from gevinst.language import Language, say, speaking
from gevinst.settings import Settings
from gevinst.version import code_version

Run = Callable[[Basis], Values]


@dataclass(frozen=True)
class Side:
    """One of the two editions: its name, what it printed, its recipe, and what it rests on as far as that is there."""

    key: str
    memo_date: date
    printed: Mapping[str, Value]
    code: str
    horizon: date | None
    recipe: Mapping[str, Any]
    basis: Basis | None
    missing: tuple[Missing, ...] = ()

    @classmethod
    def of(cls, edition: Edition, basis: Basis, recipe: Mapping[str, Any]) -> Side:
        """An edition that was just computed."""
        return cls(edition.id, edition.memo_date, values_of(edition), edition.code_version, edition.data_horizon,
                   recipe, basis)

    @classmethod
    def read(cls, settings: Settings, folder: Path) -> Side:
        """An edition from its folder. Raises the errors of `read_recipe`, `values_in` and `restore`."""
        recipe = read_recipe(folder)
        printed = values_in(folder)
        restored = restore(settings, recipe)
        # A snapshot that was written anew, or a record that is read otherwise, would be taken for another cause.
        spoilt = any(one.what in ("snapshot", "snapshot-changed", "record", "fetched") for one in restored.missing)
        return cls(recipe.id, recipe.memo_date, printed, recipe.code_version, recipe.data_horizon,
                   recipe.said, None if spoilt else restored.basis, restored.missing)

    @property
    def method(self) -> object:
        """What its method is known by: the record's version, the settings, and whether persons were in it."""
        recipe = self.recipe
        return [recipe["record"]["version"], recipe["settings"], recipe.get("partial_open"), recipe["snapshot"] is None]

    @property
    def parameters(self) -> object:
        """What its parameters are known by: the files of parameters, and the prices that came with the data."""
        snapshot = self.recipe["snapshot"]
        return [self.recipe["parameters"]["files"], None if snapshot is None else snapshot["prices"]]

    @property
    def data(self) -> object:
        """What its data are known by; None without persons."""
        snapshot = self.recipe["snapshot"]
        return None if snapshot is None else snapshot["fingerprint"]


@dataclass(frozen=True)
class Comparison:
    """Two editions compared: the figures that changed, split, and what the reader must know."""

    was: str
    now: str
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


def compare(settings: Settings, was: Path, now: Path, language: Language) -> Comparison:
    """Compare two editions in their folders, the earlier with the later, whichever is named first.

    Raises `edition.same-edition`, `edition.other-portfolio` and the errors of `Side.read`.
    """
    if was == now:
        raise GevinstError("edition.same-edition", edition=was.name)
    one, other = (str(read_recipe(folder).sealed["portfolio"]) for folder in (was, now))
    if one != other:
        raise GevinstError("edition.other-portfolio", first=was.name, one=one, second=now.name, other=other)
    with speaking(language):
        named = Side.read(settings, was), Side.read(settings, now)
        earlier, later = in_order(*named)
        found = compare_sides(earlier, later)
        if earlier is named[0]:
            return found
        turned = say(da=f"{earlier.key} er den ældste af de to; forskellene er regnet fra den til {later.key}.",
                     en=f"{earlier.key} is the older of the two; the differences are from it to {later.key}.")
        return replace(found, notes=(turned, *found.notes))


def in_order(one: Side, other: Side) -> tuple[Side, Side]:
    """The earlier and the later: by how far their data reach, else by the memos' dates; else as they are named.

    What may not be told apart is found by what a later delivery says of the time that an earlier one reaches to.
    """
    if one.horizon is not None and other.horizon is not None and one.horizon != other.horizon:
        turned = other.horizon < one.horizon
    else:
        turned = other.memo_date < one.memo_date
    return (other, one) if turned else (one, other)


def since_last(settings: Settings, published: Path, now: Side, language: Language) -> SinceLast:
    """What changed since a published edition, for the memo of one that was just computed.

    Where the published edition cannot be read the memo says so, and tells no changes.
    """
    with speaking(language):
        try:
            was = Side.read(settings, published)
        except GevinstError as fault:
            return SinceLast(published.name, now.memo_date, (), (fault.message().what,))
        found = compare_sides(was, now)
        return SinceLast(was.key, was.memo_date, found.changes, found.notes)


def compare_sides(was: Side, now: Side, run: Run | None = None) -> Comparison:
    """The figures that changed from one side to the other, each with its parts by cause."""
    states, notes = chain(was, now, run or _run)
    merged, why = may_not_be_told_apart(
        was.basis, now.basis, (was.horizon, now.horizon), [*was.printed, *now.printed])
    notes += [one.text for side in (was, now) for one in side.missing]
    return Comparison(was.key, now.key, split(states, merged), tuple(dict.fromkeys([*notes, *why])))


def _run(basis: Basis) -> Values:
    return values_of(compute(basis))


def chain(was: Side, now: Side, run: Run) -> tuple[list[State], list[str]]:
    """The states from what the one printed to what the other did, and notes on those that cannot be computed."""
    today, notes = code_version(), list[str]()
    steps = _steps(was, now, today)
    values: list[Values | None] = [was.printed, *(None for _ in steps)]
    values[-1] = now.printed
    known = [True, *(False for _ in steps)]
    known[-1] = True
    for at, (_, same, _) in enumerate(steps, start=1):  # as the state before, where nothing was exchanged
        if same and known[at - 1] and not known[at]:
            values[at], known[at] = values[at - 1], True
    for at in range(len(steps), 0, -1):
        if steps[at - 1][1] and known[at] and not known[at - 1]:
            values[at - 1], known[at - 1] = values[at], True
    for at, (cause, same, basis) in enumerate(steps, start=1):
        if not known[at]:
            values[at] = values[at - 1] if same else _attempt(cause, basis, run, notes)
    return [State(None, was.printed), *(
        State(cause, found, same) for (cause, same, _), found in zip(steps, values[1:], strict=True))], notes


def _attempt(cause: Cause, basis: Basis | None, run: Run, notes: list[str]) -> Values | None:
    if basis is None:
        return None
    try:
        return run(basis)
    except GevinstError as fault:
        what = fault.message().what
        notes.append(say(da=f"Mellemregningen for {cause_name(cause)} kan ikke laves: {what}",
                         en=f"The state in between for {cause_name(cause)} cannot be computed: {what}"))
        return None


def _steps(was: Side, now: Side, today: str) -> list[tuple[Cause, bool, Basis | None]]:
    """Each step with its cause, whether nothing is exchanged by it, and what is then to be computed."""
    a, b = was.basis, now.basis
    persons = was.data is not None and now.data is not None
    same_data = was.data == now.data or not persons
    no_new_weeks = same_data or (was.horizon == now.horizon and was.method == now.method)
    looked_back = with_new = with_parameters = None
    if a is not None and b is not None:
        with_new = replace(a, snapshot=b.snapshot if persons else a.snapshot, fetched=b.fetched,
                           prices_from=a.snapshot, as_of=b.as_of)
        lag = timedelta(weeks=a.settings.reporting_lag_weeks)
        further = was.horizon is not None and (now.horizon is None or was.horizon <= now.horizon)
        back = was.horizon + lag if was.horizon is not None and further else None
        looked_back = replace(with_new, horizon=back, fetched=a.fetched)
        with_parameters = replace(with_new, local=b.local, national=b.national, prices_from=None)
    same_curves = was.recipe["fetched"] == now.recipe["fetched"]
    return [
        ("code", was.code == today, a),
        ("revised_data", same_data, looked_back),
        ("new_data", no_new_weeks and same_curves, with_new),
        ("parameters", was.parameters == now.parameters, with_parameters),
        ("method", was.method == now.method, b),
        ("code", now.code == today, None),
    ]
