"""An edition run again: every figure compared with what it printed, bit for bit, and what differs named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gevinst.checksums import differing, read_sums, sha256_of
from gevinst.editions.basis import Basis, compute
from gevinst.editions.recipe import Recipe, read_recipe, restore
from gevinst.editions.states import Found
from gevinst.errors import GevinstError
from gevinst.follow_up.lineage_since import SINCE
from gevinst.language import say
from gevinst.publish import CURVES, EFFECTS, FIGURES, figure_files
from gevinst.settings import Settings
from gevinst.version import code_version

EQUAL, DIFFERS, CANNOT = 0, 1, 2
Flat = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A figure that is not as it was printed: by id, in which file; None where it is not there."""

    file: str
    figure: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Rerun:
    """What came of it. `compared` and `not_compared` are numbers of figures; `remarks` what is gone or changed."""

    edition: str
    compared: int
    not_compared: int
    differences: tuple[Difference, ...]
    remarks: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0: all figures are the same. 1: some differ. 2: some could not be computed, and none differs."""
        if self.differences:
            return DIFFERS
        return CANNOT if self.not_compared else EQUAL


def rerun(settings: Settings, found: Found) -> Rerun:
    """Run an edition again as it was sealed.

    Raises `edition.no-recipe`, `edition.unreadable` and the errors of the stages. The edition's own files are not
    touched; where they are damaged it is told, and those that can be read are compared.
    """
    recipe = read_recipe(found.folder)
    remarks = _damage(found)
    if recipe.code_version != code_version():
        remarks.append(say(da=f"Programmet er et andet: udgaven er lavet med {recipe.code_version}, dette er "
                              f"{code_version()}.",
                           en=f"The program is another: the edition was made by {recipe.code_version}, this is "
                              f"{code_version()}."))
    remarks += _parameters(recipe)
    restored = restore(settings, recipe)
    remarks += [one.text for one in restored.missing]
    printed = _printed(recipe)
    if restored.basis is None:
        return Rerun(recipe.id, 0, _count(printed), (), tuple(remarks))
    without_persons = any(one.what == "snapshot" for one in restored.missing)
    now = _flat(_computed(restored.basis))
    return _compared(recipe.id, printed, now, without_persons, remarks)


def _computed(basis: Basis) -> dict[str, Any]:
    return {name: json.loads(content) for name, content in figure_files(compute(basis, with_quality=True)).items()}


def _compared(
    edition: str, printed: Mapping[str, Flat], now: Mapping[str, Flat], without_persons: bool, remarks: list[str]
) -> Rerun:
    """Without the persons only what was typed in can be compared."""
    differences, compared, left = list[Difference](), 0, 0
    for file, figures in printed.items():
        again = now[file]
        for name in sorted({*figures} | (set() if without_persons else {*again})):
            was, found = figures.get(name), again.get(name)
            if without_persons and not (file == FIGURES and was is not None and was["source"] == "recorded"):
                left += 1
                continue
            compared += 1
            if was != found or (name in figures) != (name in again):
                differences.append(Difference(file, name, was, found))
    return Rerun(edition, compared, left, tuple(differences), tuple(remarks))


def _damage(found: Found) -> list[str]:
    """What is wrong with the edition's own files."""
    wrong = found.damaged
    if found.record is None:
        try:
            wrong = differing(found.folder, read_sums(found.folder))
        except (OSError, ValueError):
            wrong = ("SHA256SUMS",)
    if not wrong:
        return []
    files = ", ".join(wrong)
    return [say(da=f"Udgavens filer er ikke, som de blev efterladt: {files}.",
                en=f"The edition's files are not as they were left: {files}.")]


def _parameters(recipe: Recipe) -> list[str]:
    """The parameter files in the edition's folder that are not the ones it was run with."""
    changed = []
    for name, sha256 in recipe.said["parameters"]["files"].items():
        path = recipe.folder / name
        if not path.is_file() or sha256_of(path.read_bytes()) != sha256:
            changed.append(name)
    if not changed:
        return []
    files = ", ".join(changed)
    return [say(da=f"Udgavens egne parameterfiler er ændret siden: {files}.",
                en=f"The edition's own parameter files were changed since: {files}.")]


def _printed(recipe: Recipe) -> dict[str, Flat]:
    try:
        files = {name: json.loads((recipe.folder / name).read_text(encoding="utf-8"))
                 for name in (FIGURES, EFFECTS, CURVES, "explanations.json", "counts.json")}
        return _flat(files)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise GevinstError("edition.unreadable", where=str(recipe.folder), edition=recipe.id) from fault


def _flat(files: Mapping[str, Any]) -> dict[str, Flat]:
    """The figures of each file by id, as JSON has them: what is equal here is equal bit for bit."""
    counts = files["counts.json"]
    return {
        FIGURES: {one["id"]: one for one in files[FIGURES]["figures"]},
        EFFECTS: files[EFFECTS]["numbers"],
        CURVES: {f"{one['id']}/{point[0]}": point for one in files[CURVES]["curves"] for point in one["points"]},
        # What changed since another edition is of both of them, and is not computed again.
        "explanations.json": {key: step for key, step in files["explanations.json"].items()
                              if not key.startswith(f"{SINCE}/")},
        "counts.json": {**counts["counts"], **{f"curve {key}": steps for key, steps in counts["curves"].items()}},
    }


def _count(printed: Mapping[str, Flat]) -> int:
    return sum(len(figures) for figures in printed.values())

