"""A new key of the pseudonyms: every snapshot is written anew with the persons' new pseudonyms.

No id is stored, so the ids must come from an extract. Old and new pseudonym of each id meet in memory only. A
person's replicate group stays what it was, so that intervals do but for their last digits (rows are added up in another
order); the placebo's persons are drawn by pseudonym and become others. All snapshots are written
under the new key before anything is replaced; the moment the key file holds the new key decides
(`lock.take_over`). The old key is kept beside it until it is destroyed.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from gevinst.backend import Backend
from gevinst.disk import sync, sync_folder, told_plainly
from gevinst.errors import GevinstError
from gevinst.language import LANGUAGES, number, speaking
from gevinst.register.access_log import enter_new_pseudonyms, logged_pseudonyms
from gevinst.register.clock import now
from gevinst.register.encryption import unlocking
from gevinst.register.ids import ids_in
from gevinst.register.journal import enter
from gevinst.register.kept_logs import require_whole
from gevinst.register.lock import REKEYED, sole_use, take_over
from gevinst.register.rewrite import PERSON, Anew, open_for_rewriting, rewrite
from gevinst.register.snapshots import Snapshot, folder_name, snapshots
from gevinst.register.suppliers import workspace_suppliers
from gevinst.settings import Settings, load_settings
from gevinst.sources.keys import load_key, previous_key_file, replace_key
from gevinst.sources.manifest import read_manifest
from gevinst.sources.parts import Supplier
from gevinst.sources.pseudonym import KEY_BYTES, Pseudonymiser, key_id
from gevinst.sources.report import note

if TYPE_CHECKING:
    import ibis.expr.types as ir

OLD, NEW = "old_person", "new_person"


@dataclass(frozen=True)
class Rotation:
    """What a change of key did: persons in all snapshots, of them those left out because no extract held them."""

    old_key_id: str
    new_key_id: str
    snapshots: int
    persons: int
    dropped: int


def rotate_key(
    workspace: Path, extracts: Sequence[Path], *, drop_missing: bool = False, clock: Callable[[], datetime] = now
) -> Rotation:
    """Make a new key and write every snapshot anew under it; all of it or nothing.

    `extracts` are folders or files with the persons' ids, canonical or of any supplier that the workspace knows.
    Persons that they do not hold cannot be carried over: `drop_missing` leaves them out, and otherwise nothing is done
    (`protection.rekey-missing`). Raises also `protection.previous-key`, `workspace.key-wrong` and the errors of
    `ids_in`, of the keys and of the disk.
    """
    settings = load_settings(workspace)
    with sole_use(settings):
        require_whole(settings)  # before anything is changed
        old_key = load_key(settings.key_file, settings.workspace)
        if previous_key_file(settings.key_file).exists():
            raise GevinstError("protection.previous-key", where=str(previous_key_file(settings.key_file)))
        _refuse_mixed(settings, key_id(old_key))
        new_key = secrets.token_bytes(KEY_BYTES)
        suppliers = workspace_suppliers(settings)
        pairs = new_pseudonyms(extracts, old_key, new_key, suppliers)
        persons = held_persons(settings)
        missing = len(np.setdiff1d(persons, pairs.old))
        if missing and not drop_missing:
            counts = _counts(persons=len(persons), missing=missing)
            raise GevinstError("protection.rekey-missing", where=str(settings.snapshots), **counts)
        logged = logged_pseudonyms(settings)
        made = _commit(settings, pairs, old_key, new_key)
        names = (key_id(old_key), key_id(new_key))
        enter_new_pseudonyms(settings, pairs.of(logged), clock())
        enter(settings, "rotate-key", clock(), old_key_id=names[0], new_key_id=names[1], persons_left_out=missing)
        return Rotation(*names, snapshots=made, persons=len(persons), dropped=missing)


@dataclass(frozen=True)
class Pairs:
    """Old and new pseudonyms side by side, each person once, sorted by the old one (int64)."""

    old: npt.NDArray[np.int64]
    new: npt.NDArray[np.int64]

    def of(self, old: Sequence[int]) -> dict[int, int]:
        """The new pseudonyms of some old ones; those not known are left out."""
        wanted = np.isin(self.old, np.array(old, np.int64))
        return dict(zip(self.old[wanted].tolist(), self.new[wanted].tolist(), strict=True))


def new_pseudonyms(
    extracts: Sequence[Path], old_key: bytes, new_key: bytes, suppliers: Sequence[Supplier] = ()
) -> Pairs:
    """The pseudonyms of the ids in `extracts` under both keys. Ids that cannot be used are passed over.

    Raises `intake.pseudonym-collision` and the errors of `ids_in`.
    """
    before, after = Pseudonymiser(old_key), Pseudonymiser(new_key)
    olds, news = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for texts in ids_in(extracts, suppliers):
        one = before.identify(texts)
        usable = one.fault == 0
        olds.append(one.person[usable])
        news.append(after.identify(texts).person[usable])
    both = np.unique(np.column_stack([np.concatenate(olds), np.concatenate(news)]), axis=0)
    if any(len(np.unique(both[:, side])) < len(both) for side in (0, 1)):
        raise GevinstError("intake.pseudonym-collision")
    return Pairs(both[:, 0].copy(), both[:, 1].copy())


def held_persons(settings: Settings) -> npt.NDArray[np.int64]:
    """The pseudonyms of everybody in any snapshot, sorted."""
    found = [np.empty(0, np.int64)]
    backend = unlocking(open_for_rewriting(settings))
    try:
        for one in snapshots(settings.workspace):
            for path in sorted(one.folder.glob("*.parquet")):
                rows = backend.read_parquet(path, "held")
                if PERSON in rows.columns:
                    found.append(backend.to_arrow(rows.select(PERSON).distinct()).column(PERSON).to_numpy())
    finally:
        backend.close()
    return np.unique(np.concatenate(found))


def _commit(settings: Settings, pairs: Pairs, old_key: bytes, new_key: bytes) -> int:
    """Write all snapshots under the new key, then let them and the key take the place of the old ones."""
    generation = settings.snapshots / f"{REKEYED}{key_id(new_key)}"
    made = snapshots(settings.workspace)
    try:
        for one in made:
            _rewrite_one(one, generation, settings, pairs, key_id(new_key))
        with told_plainly(settings.snapshots):
            generation.mkdir(mode=0o700, exist_ok=True)
            sync_folder(generation)
            sync(settings.snapshots)
        replace_key(settings.key_file, new_key)
    finally:
        if settings.key_file.read_bytes() == old_key:
            shutil.rmtree(generation, ignore_errors=True)
    with told_plainly(settings.snapshots):
        take_over(settings, generation)
    return len(made)


def _rewrite_one(one: Snapshot, generation: Path, settings: Settings, pairs: Pairs, new_id: str) -> None:
    manifest = read_manifest(one.folder)
    table = pa.table({OLD: pairs.old, NEW: pairs.new})
    backend = unlocking(open_for_rewriting(settings))
    try:
        dropped = _dropped(one.folder, backend, pairs)
    finally:
        backend.close()
    left_out = (note("protection.rekeyed-without", persons=dropped),) if dropped else ()
    manifest = replace(manifest, key_id=new_id, notes=manifest.notes + left_out)

    def change(rows: ir.Table, engine: Backend) -> ir.Table:
        joined = rows.inner_join(engine.from_arrow(table, "pairs"), [(PERSON, OLD)])
        return joined.mutate(**{PERSON: joined[NEW]}).select(rows.columns)

    target = generation / folder_name(one.taken, manifest)
    with told_plainly(settings.snapshots):
        target.mkdir(mode=0o700, parents=True)
    rewrite(one.folder, target, settings, Anew(manifest, change))


def _dropped(folder: Path, backend: Backend, pairs: Pairs) -> int:
    """How many of a snapshot's persons have no new pseudonym."""
    held = [backend.to_arrow(rows.select(PERSON).distinct()).column(PERSON).to_numpy()
            for path in sorted(folder.glob("*.parquet"))
            if PERSON in (rows := backend.read_parquet(path, "held")).columns]
    return len(np.setdiff1d(np.concatenate([np.empty(0, np.int64), *held]), pairs.old))


def _counts(**counts: int) -> dict[str, str]:
    """Counts as each language writes them, by name and language."""
    said: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            said |= {f"{name}_{language}": number(count) for name, count in counts.items()}
    return said


def _refuse_mixed(settings: Settings, mark: str) -> None:
    for one in snapshots(settings.workspace):
        found = read_manifest(one.folder).key_id
        if found != mark:
            raise GevinstError("workspace.key-wrong", where=str(settings.key_file), expected=found, found=mark)
