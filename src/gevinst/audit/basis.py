"""What an edition, or a snapshot, has for the audit: its data, its record, its parameters, its rules of disclosure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gevinst.audit.printed import NOTHING, Printed, printed_in
from gevinst.editions.basis import Basis
from gevinst.editions.recipe import Recipe, read_recipe, restore
from gevinst.editions.states import Found, find
from gevinst.errors import GevinstError
from gevinst.parameters.book import ParameterBook
from gevinst.parameters.local import open_book
from gevinst.register.snapshots import holds_persons, snapshots
from gevinst.settings import Settings
from gevinst.twin.fit import Terms
from gevinst.twin.make import TwinFiles, make_twin
from gevinst.workspace import Asked, basis_asked

NEWEST = "newest"


@dataclass(frozen=True)
class Audited:
    """An edition that is to be audited; `basis` is None where its record is gone, `missing` what else is, in words."""

    found: Found
    recipe: Recipe
    basis: Basis | None
    missing: tuple[str, ...]


def audited(settings: Settings, key: str) -> Audited:
    """The edition with this id. Raises the errors of `find`, `read_recipe` and `restore`."""
    found = find(settings, key)
    recipe = read_recipe(found.folder)
    restored = restore(settings, recipe)
    return Audited(found, recipe, restored.basis, tuple(one.text for one in restored.missing))


def twin_of_edition(settings: Settings, key: str, seed: int | None = None) -> TwinFiles:
    """The twin of what an edition rests on.

    Raises `twin.no-persons` where there are no persons' data in it or they are gone, and the errors of `twin_of`.
    """
    one = audited(settings, key)
    if one.basis is None or not rests_on_persons(one.basis):
        raise GevinstError("twin.no-persons", where=str(one.found.folder), edition=one.recipe.id)
    return twin_of(one.basis, seed, printed_in(one.found.folder))


def rests_on_persons(basis: Basis) -> bool:
    """Whether there are persons' data in it."""
    return basis.snapshot is not None and holds_persons(basis.snapshot)


def of_snapshot(settings: Settings, name: str, portfolio: str | None) -> Basis:
    """What a run on a snapshot would rest on. Raises `twin.unknown-snapshot` and the errors of `basis_asked`."""
    made = [one.folder for one in snapshots(settings.workspace) if holds_persons(one.folder)]
    there = made[-1:] if name == NEWEST else [one for one in made if name and one.name.startswith(name)]
    if len(there) != 1:
        raise GevinstError("twin.unknown-snapshot", where=str(settings.snapshots), name=name,
                           known=", ".join(one.name for one in made) or "–")
    return replace(basis_asked(settings, Asked(portfolio)), snapshot=there[0])


def book_of(basis: Basis) -> ParameterBook:
    """The parameters in force."""
    return open_book(basis.local, national=basis.national)


def twin_of(basis: Basis, seed: int | None = None, printed: Printed = NOTHING) -> TwinFiles:
    """The twin of what a basis rests on, by its own rules of disclosure; `seed` else the settings'.

    `printed` is what the edition it goes with prints. Raises `twin.no-persons` and the
    errors of `make_twin`.
    """
    if basis.snapshot is None:
        raise GevinstError("twin.no-persons", edition="")
    rules = basis.options.rules
    lag = basis.settings.reporting_lag_weeks
    terms = Terms(rules.threshold, rules.rounding, lag, printed.participants, printed.paid)
    return make_twin(basis.snapshot, basis.portfolio, book_of(basis), basis.settings, terms,
                     basis.settings.seed if seed is None else seed, basis.fetched.rows)
